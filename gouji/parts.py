"""A batch divided into parts that hold whole units, so that no more of it stands in memory than a part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gouji.ingest.beside.previous import Previous
from gouji.ingest.kept import Kept
from gouji.ingest.register.batch import Batch, Register
from gouji.ingest.roster import Roster
from gouji.templates.catalogue import Catalogue
from gouji.templates.indicator_library import IndicatorLibrary
from gouji.validate.earlier import as_this_years
from gouji.validate.lookup import Reference
from gouji.validate.reference import reference_of
from gouji.validate.units import Units

PART = 2000
"""Tables in a part, about: the last unit is never cut off."""


@dataclass(frozen=True)
class Given:
    """What the tables of a batch are checked against, under this year's units.

    `settled`: tables (`ingest.batch.table_id`) that people said are to count as they are; `no_projects`: codes of the
    units that say that they have none.
    """

    catalogue: Catalogue
    year: int | None
    roster: Roster | None
    previous: Previous | None
    reference: Reference | None
    settled: frozenset[str] = frozenset()
    no_projects: frozenset[str] = frozenset()
    library: IndicatorLibrary | None = None


@dataclass(frozen=True)
class Part:
    """`returns`: rows of the returns frame; `places`: which table of its file each is; `figures`: file → packed values.

    `public`: whether personal items are to be left out of what comes of it.
    """

    returns: pd.DataFrame
    places: list[int]
    figures: dict[str, bytes]
    given: Given
    public: bool


def given_to(
    registered: Register,
    catalogue: Catalogue,
    roster: Roster | None,
    previous: Previous | None,
    reference: Batch | None,
    library: IndicatorLibrary | None = None,
) -> Given:
    """What was given beside the returns, under the units of the batch. Raises ReferenceTableError."""
    units = Units(registered.returns, roster)
    return Given(
        catalogue=catalogue,
        year=registered.year,
        roster=roster,
        previous=None if previous is None else as_this_years(previous, units, catalogue),
        reference=None if reference is None else reference_of(reference, units, catalogue),
        settled=registered.settled,
        no_projects=registered.no_projects,
        library=library,
    )


def parts(returns: pd.DataFrame, kept: Kept, given: Given, *, public: bool) -> Iterator[Part]:
    """The tables of a batch, every unit's together, in the order in which the units first appear."""
    places = returns[returns["form"].notna()].groupby("file", sort=False).cumcount()
    for rows in divided(returns):
        files = rows.drop_duplicates("file")
        figures = {
            str(file): kept.figures(str(sha256), str(file))
            for file, sha256 in zip(files["file"], files["sha256"], strict=True)
        }
        own = of_units(given, set(units_of(rows)))
        yield Part(rows.reset_index(drop=True), places[rows.index].tolist(), figures, own, public)


def divided(returns: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """The tables of a batch by parts of about PART of them; each part is there only when its turn comes."""
    places = np.flatnonzero(returns["form"].notna())
    part = _part_of(returns.iloc[places])
    for number in np.unique(part):
        yield returns.iloc[places[part == number]]


def part_count(returns: pd.DataFrame) -> int:
    """How many parts a batch is divided into."""
    return len(np.unique(_part_of(returns[returns["form"].notna()])))


def _part_of(tables: pd.DataFrame) -> NDArray[np.intp]:
    """The number of the part in which each of these tables is."""
    unit = pd.factorize(units_of(tables))[0]
    before = np.cumsum(np.bincount(unit)) - np.bincount(unit)
    part: NDArray[np.intp] = (before // PART)[unit]
    return part


def units_of(tables: pd.DataFrame) -> pd.Series[str]:
    """What ties the tables of one unit together; a table whose unit is unknown stands alone."""
    return tables["unit_code"].fillna(tables["unit"]).fillna(tables["return_id"])


def of_units(given: Given, units: set[str]) -> Given:
    """What was given about these units: their rows of the roster, their tables of last year."""
    roster, previous = given.roster, given.previous
    if roster is not None:
        mine = roster.frame[roster.frame["unit_code"].isin(units)]
        roster = Roster(mine, no_projects=roster.no_projects)
    if previous is not None:
        previous = previous.only(previous.returns[units_of(previous.returns).isin(units)])
    return replace(given, roster=roster, previous=previous)
