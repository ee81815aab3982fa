"""Native charts on a sheet, each drawn from a table of the same sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gouji.export.book import Book
from gouji.templates.live import LiveSheet
from gouji.templates.write import FONT

RED, AMBER, GREY = "#C0504D", "#EFB041", "#A6A6A6"
LIGHT, BLUE, GREEN = "#A9C4E4", "#2F5C9C", "#5B9B63"
HEIGHT = 200
"""Pixels of a chart."""
_ROW = 18
"""Pixels of a row that nothing is written in."""


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


def rows_of(pixels: int) -> int:
    """The rows that a chart of this height takes, where nothing is written."""
    return pixels // _ROW + 1


def insert_chart(
    book: Book, sheet: LiveSheet, chart: Chart, row: int, column: int, right: int, size: tuple[int, int]
) -> None:
    """Put the chart so many pixels `right` of that cell; `size`: its width and height."""
    drawn = _drawn(book, sheet, chart)
    drawn.set_size({"width": size[0], "height": size[1]})
    sheet.insert_chart(row, column, drawn, {"x_offset": right, "y_offset": 2, "object_position": 3})


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
    return drawn
