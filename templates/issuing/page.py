"""Page set-up and protection that all sheets of an issued workbook share."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.worksheet import Worksheet

A4 = 9
_A4_POINTS = (595.0, 842.0)
_MARGIN = 0.6
"""Inches, on every side."""
_FOOTER = 0.3
_POINTS_PER_CHARACTER = 6.0
"""A digit of the workbook's font is 8 pixels wide."""
_SQUEEZE = 1.2
"""A form that runs over its page by no more than this is printed a little smaller, on one page."""


def set_up_page(
    sheet: Worksheet,
    orientation: str,
    widths: Sequence[float],
    heights: Sequence[float],
    repeat: int | None = None,
) -> None:
    """A4, one page wide, centred, page numbers; row `repeat` (counted from 0) heads every further page."""
    sheet.set_paper(A4)
    if orientation == "landscape":
        sheet.set_landscape()
    else:
        sheet.set_portrait()
    sheet.set_margins(_MARGIN, _MARGIN, _MARGIN, _MARGIN + 0.1)
    sheet.set_footer("&C第 &P 页，共 &N 页", {"margin": _FOOTER})
    sheet.center_horizontally()
    sheet.print_area(0, 0, len(heights) - 1, len(widths) - 1)
    one_page = _pages(orientation, widths, heights) <= _SQUEEZE
    sheet.fit_to_pages(1, 1 if one_page else 0)
    if repeat is not None and not one_page:
        sheet.repeat_rows(repeat)
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
    short, long = (side - 2 * _MARGIN * 72 for side in _A4_POINTS)
    across, down = (long, short) if orientation == "landscape" else (short, long)
    scale = min(1.0, across / (sum(widths) * _POINTS_PER_CHARACTER))
    return sum(heights) * scale / down
