"""Which cells of a sheet hold figures, whatever they mean: numbers, and texts that read as a number."""

from __future__ import annotations

import re
from functools import lru_cache

from gouji.ingest.figures.numbers import KINDS, parse_number
from gouji.ingest.grid import Sheet
from gouji.ingest.locating.located import Position

_LONGEST = 40
"""Characters of a text that may be a figure with its unit; what is longer is a sentence."""
_CODE = re.compile(r"\s*0\d+\s*|\s*\d{11,}\s*", re.ASCII)
"""087001, a telephone number, a bank account: digits that count nothing."""
_YEAR = re.compile(r"[\[(（〔]?\s*(?:19|20)\d{2}\s*年?度?\s*[\])）〕]?", re.ASCII)


def figure_cells(sheet: Sheet, first: int, last: int) -> list[Position]:
    """The cells of some rows (both inclusive) in which a figure stands, in the order of the sheet."""
    return [
        (row, column)
        for row in range(max(first, 0), min(last + 1, sheet.height))
        for column, value in enumerate(sheet.rows[row])
        if value != "" and (reads_as_figure(value) if type(value) is str else is_figure(value))
    ]


def last_figure_row(sheet: Sheet, first: int, last: int) -> int:
    """The last of some rows in which a figure stands; `first` where there is none."""
    rows = range(min(last, sheet.height - 1), first, -1)
    return next((row for row in rows if any(value != "" and is_figure(value) for value in sheet.rows[row])), first)


def is_figure(value: object) -> bool:
    """Whether a cell's value is a number, or a text that reads as one; dates, years and codes are none."""
    if isinstance(value, str):
        return reads_as_figure(value)
    return isinstance(value, int | float) and not isinstance(value, bool)


@lru_cache(maxsize=65536)
def reads_as_figure(text: str) -> bool:
    """Whether a text is a figure of some kind with or without its unit: `12.5万元`, `90%`, `（3.2）`."""
    if len(text) > _LONGEST or not any(char.isdecimal() for char in text):
        return False
    if _CODE.fullmatch(text) or _YEAR.fullmatch(text):
        return False
    return any(parse_number(text, kind).state == "filled" for kind in KINDS)
