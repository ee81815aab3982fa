"""How much of a wide table a page holds in readable print, and where it is cut: the key columns stand on every page."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import accumulate

from gouji.export.book import LANDSCAPE, SIZE

LEAST_SIZE = 7.0
"""Points of the smallest print that is read without effort."""
SCALE = int(100 * LEAST_SIZE / SIZE)
"""Percent at which the text of a sheet is printed so."""
_DIGIT = 6.0
"""Points of a column's unit of width: a digit of 宋体 11."""
_EDGE = 0.7
"""What a column takes beside its width, in the same unit."""
PAPER = LANDSCAPE / _DIGIT * 100 / SCALE
"""Widths of columns that A4 across holds at SCALE."""
_ROUNDING = 0.01
_SAFE = 0.85
"""Of what a page holds at least: programs part columns on pages in their own ways."""
PAGE_WIDTH = PAPER - 15
"""The same where breaks are set by hand: a column more than a program fits would be a page of its own."""


def across(widths: Iterable[float]) -> float:
    """What columns of these widths take, to be held against PAPER."""
    return sum(map(_taken, widths))


def _taken(width: float) -> float:
    return width + _EDGE


def pages_across(widths: Sequence[float], repeated: int) -> int:
    """The pages that these columns take side by side, the first `repeated` columns standing on each."""
    again = across(widths[:repeated])
    fits = across(widths) <= PAPER + _ROUNDING
    return 1 if fits else math.ceil((across(widths) - again) / (PAPER - again))


def on_first_page(widths: Sequence[float], repeated: int) -> list[float]:
    """The columns that the first of these pages holds at least: a note that runs further would be cut."""
    pages = pages_across(widths, repeated)
    room = (across(widths) + (pages - 1) * across(widths[:repeated])) / pages
    count = len(widths) if pages == 1 else sum(width <= room * _SAFE for width in accumulate(map(_taken, widths)))
    return list(widths[:count])


def column_breaks(widths: Sequence[float], repeated: int, groups: Sequence[tuple[int, int]]) -> list[int]:
    """The columns before which a page ends, the first `repeated` columns counted on every page.

    `groups`: first and last column of what belongs together; a group is only cut when no page holds it.
    """
    keys = across(widths[:repeated])
    breaks, used = [], keys
    for first, last in groups:
        whole = across(widths[first : last + 1])
        if used + whole > PAGE_WIDTH and used > keys and keys + whole <= PAGE_WIDTH:
            breaks.append(first)
            used = keys
        for place in range(first, last + 1):
            width = across([widths[place]])
            if used + width > PAGE_WIDTH and used > keys:
                breaks.append(place)
                used = keys
            used += width
    return breaks


def first_page(widths: Sequence[float], breaks: Sequence[int]) -> list[float]:
    """The columns of the first page: a remark that runs further would be cut at the break."""
    return list(widths[: breaks[0]] if breaks else widths)
