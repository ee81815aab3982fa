"""Native charts on a sheet, two side by side, each drawn from a table of the same sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gouji.export.book import Book
from gouji.templates.live import LiveSheet
from gouji.templates.write import FONT

RED, AMBER, GREY = "#C0504D", "#EFB041", "#A6A6A6"
LIGHT, BLUE, GREEN = "#A9C4E4", "#2F5C9C", "#5B9B63"
_WIDTH, _HEIGHT = 360, 252
"""Pixels of a chart; two stand side by side on the width of the sheet."""
_ROWS = _HEIGHT // 18 + 1
"""Rows below a chart; one that nothing is written in has 18 pixels."""


@dataclass(frozen=True, slots=True)
class Chart:
    """Columns of a table as a chart: names in the first column, then a series for each of `colours`, named by its head.

    `first`: the row in which the names begin, `count`: how many there are; the head stands in the row above.
    """

    title: str
    first: int
    count: int
    colours: Sequence[str]
    stacked: bool = False


def rows_of(charts: int) -> int:
    """The rows that so many charts take."""
    return -(-charts // 2) * _ROWS


def insert_charts(book: Book, sheet: LiveSheet, row: int, charts: Sequence[Chart]) -> None:
    """Put the charts below `row`, where nothing else is written."""
    for place, chart in enumerate(charts):
        drawn = _drawn(book, sheet, chart)
        offset = {"x_offset": place % 2 * (_WIDTH + 8), "y_offset": 6, "object_position": 3}
        sheet.insert_chart(row + place // 2 * _ROWS, 0, drawn, offset)


def _drawn(book: Book, sheet: LiveSheet, chart: Chart) -> Any:
    name, last = sheet.get_name(), chart.first + chart.count - 1
    drawn = book.workbook.add_chart({"type": "column", **({"subtype": "stacked"} if chart.stacked else {})})
    font = {"name": FONT, "size": 8}
    for column, colour in enumerate(chart.colours, 1):
        shown = {"data_labels": {"value": True, "font": font}} if not chart.stacked else {}
        drawn.add_series(
            {
                "name": [name, chart.first - 1, column],
                "categories": [name, chart.first, 0, last, 0],
                "values": [name, chart.first, column, last, column],
                "fill": {"color": colour},
                "gap": 60,
                **shown,
            }
        )
    drawn.set_title({"name": chart.title, "overlay": False, "name_font": {"name": FONT, "size": 10, "bold": True}})
    drawn.set_legend({"position": "bottom", "font": font} if len(chart.colours) > 1 else {"none": True})
    drawn.set_x_axis({"num_font": font})
    drawn.set_y_axis({"num_font": font, "major_gridlines": {"visible": True, "line": {"color": "#E3E3E3"}}})
    drawn.set_size({"width": _WIDTH, "height": _HEIGHT})
    return drawn
