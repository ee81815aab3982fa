"""How large text is once a sheet is printed on A4, fit to the width of the page."""

from __future__ import annotations

from typing import Any

LEAST = 7.0
"""Points that can still be read."""
_SIDES = {"landscape": 11.69, "portrait": 8.27}
_FONT, _PIXELS = 10, 96
_DIGIT, _PADDING = 8, 5
"""Pixels of a digit of 宋体 11, by which columns are measured, and of a cell's own margins."""


def printed_points(sheet: Any) -> float:
    """Points of the text of a table on a sheet of openpyxl; hidden columns are not printed."""
    setup = sheet.page_setup
    assert setup.paperSize in (9, "9") and sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.title
    assert (int(setup.fitToWidth or 1), int(setup.fitToHeight)) == (1, 0), sheet.title
    page = _SIDES[setup.orientation] - sheet.page_margins.left - sheet.page_margins.right
    columns = [
        (column.width, column.max - column.min + 1)
        for column in sheet.column_dimensions.values()
        if not column.hidden and column.min
    ]
    wide = sum((_DIGIT * width + _PADDING) * count for width, count in columns) / _PIXELS
    return _FONT * min(1.0, page / wide)
