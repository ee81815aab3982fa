"""Copies between units: one file sent by two, or tables whose amounts are all the same (W-01, W-02)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

import pandas as pd

from gouji.ingest.roster import Roster
from gouji.validate.findings import Finding, Origin, common

FEWEST = 6
"""Different amounts above 0 that must agree: fewer may do so by accident."""
_MOST_NAMED = 5
_TABLE = ["form", "edition", "year", "digest"]
_COMPARED = ["return_id", "form", "edition", "year", "unit_code", "unit"]
"""What is asked of every return: only of copies all of it."""


def same_files(returns: pd.DataFrame, roster: Roster | None) -> Iterator[Finding]:
    """W-01: a file of the very bytes of another unit's, by the unit that its name or folder says.

    What stands in the file says the same unit for both, so only a roster can tell that there are two.
    """
    if roster is None:
        return
    copies = returns[(returns["status"] == "重复文件") & (returns["sha256"] != "")]
    named = returns[returns["unit_code"].notna()].drop_duplicates("sha256")
    first = {str(row.sha256): Origin.of(row) for row in named[named["sha256"].isin(copies["sha256"])].itertuples()}
    for row in copies.itertuples(index=False):
        sender, other = roster.match_in(str(row.file)), first.get(str(row.sha256))
        if sender is not None and other is not None and sender[0] != other.unit_code:
            origin = replace(Origin.of(row), unit_code=sender[0], unit=sender[1])
            yield common(
                "W-01",
                origin,
                item=origin.place,
                detail=f"“{other.unit}”的文件“{other.file}”",
            )


def same_figures(returns: pd.DataFrame, digests: pd.DataFrame) -> Iterator[Finding]:
    """W-02: tables of one form and year of different units whose amounts are all the same."""
    filled = digests[digests["distinct"] >= FEWEST]
    tables = filled.merge(returns[_COMPARED], on="return_id")
    tables = tables.assign(whose=tables["unit_code"].fillna(tables["unit"]))
    tables = tables[tables["whose"].notna()]
    units = tables.groupby(_TABLE, dropna=False)["whose"].transform("nunique")
    copied = tables.loc[units > 1, ["return_id", "digest", "distinct", "whose"]].merge(returns, on="return_id")
    for _, alike in copied.groupby(_TABLE, sort=True, dropna=False):
        names = dict(zip(alike["whose"], alike["unit"].fillna(alike["whose"]), strict=True))
        for row in alike.itertuples(index=False):
            others = [str(unit) for whose, unit in islice(names.items(), _MOST_NAMED + 1) if whose != row.whose]
            yield common(
                "W-02", Origin.of(row), item="", count=int(str(row.distinct)), detail=_named(others, len(names) - 1)
            )


def _named(units: Sequence[str], count: int) -> str:
    """The first few of so many."""
    shown = "、".join(f"“{unit}”" for unit in units[:_MOST_NAMED])
    return shown if count <= _MOST_NAMED else f"{shown}等 {count} 家单位"
