"""Page set-up and protection that all sheets of an issued workbook share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xlsxwriter.worksheet import Worksheet

A4 = 9
_A4_POINTS = (595.0, 842.0)
MARGIN = 0.6
"""Inches, on every side."""
FOOTER = 0.3
_POINTS_PER_CHARACTER = 6.0
"""A digit of the workbook's font is 8 pixels wide."""
_SQUEEZE = 1.2
"""A form that runs over its page by no more than this is printed a little smaller, on one page."""


@dataclass(frozen=True, slots=True)
class Page:
    """How a sheet is printed: direction, printed cells, whether on one page, the row that heads every further one."""

    orientation: str
    rows: int
    columns: int
    one_page: bool
    repeat: int | None


def planned_page(
    orientation: str, widths: Sequence[float], heights: Sequence[float], repeat: int | None = None
) -> Page:
    """The page of a sheet with these columns and rows; row `repeat` (counted from 0) is its head."""
    one_page = _pages(orientation, widths, heights) <= _SQUEEZE
    return Page(orientation, len(heights), len(widths), one_page, None if one_page else repeat)


def set_up_page(
    sheet: Worksheet,
    orientation: str,
    widths: Sequence[float],
    heights: Sequence[float],
    repeat: int | None = None,
) -> None:
    """A4, one page wide, centred, page numbers; row `repeat` (counted from 0) heads every further page."""
    page = planned_page(orientation, widths, heights, repeat)
    sheet.set_paper(A4)
    if orientation == "landscape":
        sheet.set_landscape()
    else:
        sheet.set_portrait()
    sheet.set_margins(MARGIN, MARGIN, MARGIN, MARGIN + 0.1)
    sheet.set_footer("&C第 &P 页，共 &N 页", {"margin": FOOTER})
    sheet.center_horizontally()
    sheet.print_area(0, 0, page.rows - 1, page.columns - 1)
    sheet.fit_to_pages(1, 1 if page.one_page else 0)
    if page.repeat is not None:
        sheet.repeat_rows(page.repeat)
    sheet.hide_gridlines(2)


def protect(sheet: Worksheet) -> None:
    """Without password: only input cells can be changed; widths and heights may be."""
    sheet.protect(
        "",
        {
            "select_locked_cells": True,
            "select_unlocked_cells": True,
            "format_columns": True,
            "format_rows": True,
            "autofilter": True,
        },
    )


def _pages(orientation: str, widths: Sequence[float], heights: Sequence[float]) -> float:
    """Length in pages when fitted to the width."""
    short, long = (side - 2 * MARGIN * 72 for side in _A4_POINTS)
    across, down = (long, short) if orientation == "landscape" else (short, long)
    scale = min(1.0, across / (sum(widths) * _POINTS_PER_CHARACTER))
    return sum(heights) * scale / down
