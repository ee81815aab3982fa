"""Which finding says what another one says: by the place of both in the frame of all that was found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import pandas as pd

from gouji.templates.addresses import on_sheet

BETWEEN = "；"
INPUTS = "|"
"""Between the inputs of a rule in `waits`, each with its cells."""

UNASKED, SETTLED = "评分依据", "不影响"
"""In `waits`: figures that no table asks for; something unusual that changes nothing."""

Cell = tuple[str, str, str]
"""Whose, sheet, cell."""


class Link(NamedTuple):
    """The finding at `row` is said by the one at `parent`."""

    row: int
    parent: int


def whose(all_findings: pd.DataFrame) -> pd.Series[Any]:
    """The unit of every row, by its code if it has one; of what is no unit's the file."""
    return all_findings["unit_code"].fillna(all_findings["unit"]).fillna(all_findings["file"]).fillna("")


def cells_of(unit: str, sheet: Any, text: Any) -> Iterator[Cell]:
    """The cells named in a text: `B7；表2!C3`; those without a sheet stand on `sheet`."""
    for cell in text.split(BETWEEN) if isinstance(text, str) else ():
        there, place = on_sheet(str(sheet), cell)
        if place:
            yield unit, there, place


def rows_with(all_findings: pd.DataFrame, *columns: str) -> Iterator[tuple[Any, ...]]:
    """(row, whose, …) with the columns' values, missing ones as they are."""
    return zip(range(len(all_findings)), whose(all_findings), *(all_findings[name] for name in columns), strict=True)


def rooted(links: Iterable[Link]) -> dict[int, int]:
    """Row → the finding that says it and is said by no other. A row's first link counts; none leads in a circle."""
    parents: dict[int, int] = {}
    for row, parent in links:
        if row not in parents and row not in _above(parents, parent):
            parents[row] = parent
    return {row: _above(parents, row)[-1] for row in parents}


def _above(parents: dict[int, int], row: int) -> list[int]:
    chain = [row]
    while chain[-1] in parents:
        chain.append(parents[chain[-1]])
    return chain
