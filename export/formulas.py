"""The formulas of total rows; their values are worked out exactly in `export.exact` and cached with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from gouji.templates.addresses import quoted_sheet, range_name


class Stretch(NamedTuple):
    """Rows below one another, on another sheet than the formula where one is named."""

    first: int
    last: int
    sheet: str | None = None


Rows = Sequence[Stretch]
"""What a total runs over."""


def ranges(rows: Rows, column: int) -> list[str]:
    """The stretches of a column as ranges."""
    return [
        ("" if sheet is None else f"{quoted_sheet(sheet)}!") + range_name(first, column, last, column)
        for first, last, sheet in rows
    ]


def sum_formula(rows: Rows, column: int) -> str:
    """Σ, empty while every cell is blank."""
    over = ",".join(ranges(rows, column))
    return f'=IF(COUNT({over})=0,"",SUM({over}))'


def count_formula(rows: Rows, column: int) -> str:
    """How many cells hold a figure."""
    return f"=COUNT({','.join(ranges(rows, column))})"


def ratio_formula(rows: Rows, part: int, whole: int) -> str:
    """Σ part ÷ Σ whole over the rows that have both: a missing figure is not a 0."""
    pairs = list(zip(ranges(rows, part), ranges(rows, whole), strict=True))
    parts = "+".join(f"SUMPRODUCT(--ISNUMBER({w}),{p})" for p, w in pairs)
    wholes = "+".join(f"SUMPRODUCT(--ISNUMBER({p}),{w})" for p, w in pairs)
    return f'=IF(({wholes})=0,"",({parts})/({wholes}))'


def mean_formula(rows: Rows, values: int, weights: int) -> str:
    """Σ value × weight ÷ Σ weight over the rows that have both."""
    pairs = list(zip(ranges(rows, values), ranges(rows, weights), strict=True))
    above = "+".join(f"SUMPRODUCT({v},{w})" for v, w in pairs)
    below = "+".join(f"SUMPRODUCT(--ISNUMBER({v}),{w})" for v, w in pairs)
    return f'=IF(({below})=0,"",({above})/({below}))'
