"""Tables on a sheet: heads, typed cells, widths that fit, frozen and repeated heads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from xlsxwriter.worksheet import Worksheet

from export.book import LINE, LOWEST, NUMBER_FORMATS, Book, text_height
from export.measure import figure_width, lines_needed, text_width
from templates.write import write_figure, write_formula, write_text

SHEET_ROWS = 1_000_000
"""Rows of a table on one sheet (Excel ends at 1,048,576); what is longer goes on on a further sheet."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure whose kind differs from that of its column: a difference in 万元, 分 or percent."""

    value: float
    kind: str


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula with the value that it has: a figure, or None for an empty text."""

    text: str
    value: float | None
    kind: str


@dataclass(frozen=True, slots=True)
class Column:
    """`kind`: text, or one of NUMBER_FORMATS. `widest` bounds text columns, which wrap; figures always fit.

    `shades`: the text of a cell → the shade that it gets.
    """

    head: str
    kind: str = "text"
    least: float = 5
    widest: float = 30
    hidden: bool = False
    align: str | None = None
    shades: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    """Columns and rows; a cell is None, a text, a number, a Figure or a Formula."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]

    def widths(self) -> list[float]:
        """The width of every column, its head included."""
        return [self._width(place) for place in range(len(self.columns))]

    def _width(self, place: int) -> float:
        column = self.columns[place]
        cells = [row[place] for row in self.rows]
        texts = max((text_width(cell) for cell in cells if isinstance(cell, str)), default=0)
        figures = max((_figure_width(cell, column.kind) for cell in cells if not isinstance(cell, str)), default=0)
        # A head may wrap, but in no more than two lines.
        head = min(text_width(column.head), max(text_width(column.head) / 2 + 1, 4))
        return max(column.least, head + 2, min(texts + 2, column.widest), figures + 2)


def _figure_width(cell: Any, kind: str) -> int:
    if isinstance(cell, (Figure, Formula)):
        return 0 if cell.value is None else figure_width(cell.value, cell.kind) + 1
    return 0 if cell is None else figure_width(float(cell), kind)


def set_widths(sheet: Worksheet, columns: Sequence[Column], widths: Sequence[float]) -> None:
    """Give the sheet's columns their widths and hide those that are for the machine."""
    for place, (column, width) in enumerate(zip(columns, widths, strict=True)):
        sheet.set_column(place, place, width, None, {"hidden": True} if column.hidden else {})


def write_head(book: Book, sheet: Worksheet, row: int, columns: Sequence[Column], widths: Sequence[float]) -> None:
    """The head row, high enough for the heads that wrap."""
    tallest = max(lines_needed(c.head, w - 1) for c, w in zip(columns, widths, strict=True))
    sheet.set_row(row, LINE * tallest + 6)
    for place, column in enumerate(columns):
        write_text(sheet, row, place, column.head, book.cell("text", "head"))


def write_row(
    book: Book,
    sheet: Worksheet,
    row: int,
    columns: Sequence[Column],
    cells: Sequence[Any],
    widths: Sequence[float],
    shade: str = "",
) -> None:
    """One row of typed cells, high enough for its texts.

    The height is always set: not every spreadsheet works it out by itself when it opens a file.
    """
    wrapped = zip(columns, cells, widths, strict=True)
    heights = [text_height(cell, w) for column, cell, w in wrapped if isinstance(cell, str) and not column.hidden]
    sheet.set_row(row, max(heights, default=LOWEST))
    for place, (column, cell) in enumerate(zip(columns, cells, strict=True)):
        write_cell(book, sheet, row, place, cell, column, shade)


def write_cell(book: Book, sheet: Worksheet, row: int, place: int, cell: Any, column: Column, shade: str = "") -> None:
    """One cell by its own type; what is None becomes an empty cell with borders."""
    match cell:
        case None:
            sheet.write_blank(row, place, None, book.cell("text", shade))
        case str():
            own = shade or column.shades.get(cell, "")
            align = column.align or ("right" if column.kind in NUMBER_FORMATS else None)
            write_text(sheet, row, place, cell, book.cell("text", own, align=align))
        case Formula(text=text, value=value, kind=kind):
            write_formula(sheet, row, place, text, value, book.cell(kind, shade, column.align))
        case Figure(value=value, kind=kind):
            write_figure(sheet, row, place, value, book.cell(kind, shade))
        case _:
            write_figure(sheet, row, place, cell, book.cell(column.kind, shade, align=column.align))


def write_list(book: Book, name: str, title: str, note: str, table: Table, *, empty: str, frozen: int = 0) -> None:
    """A table on a sheet of its own, going on on further sheets where Excel's rows do not suffice."""
    widths = table.widths()
    parts = [table.rows[at : at + SHEET_ROWS] for at in range(0, len(table.rows), SHEET_ROWS)] or [[]]
    for number, rows in enumerate(parts, 1):
        sheet = book.sheet(name if number == 1 else f"{name}（续{number}）")
        _write_part(book, sheet, title, note, Table(table.columns, rows), widths, empty, frozen)


def _write_part(
    book: Book,
    sheet: Worksheet,
    title: str,
    note: str,
    table: Table,
    widths: list[float],
    empty: str,
    frozen: int,
) -> None:
    shown = [width for column, width in zip(table.columns, widths, strict=True) if not column.hidden]
    set_widths(sheet, table.columns, widths)
    book.title(sheet, title)
    book.note(sheet, 1, note, shown)
    write_head(book, sheet, 2, table.columns, widths)
    for offset, cells in enumerate(table.rows):
        write_row(book, sheet, 3 + offset, table.columns, cells, widths)
    last = 2 + len(table.rows)
    if table.rows:
        sheet.autofilter(2, 0, last, len(table.columns) - 1)
    else:
        book.note(sheet, 3, empty, shown, shade="")
        last = 3
    sheet.freeze_panes(3, frozen)
    sheet.repeat_rows(0, 2)
    sheet.print_area(0, 0, last, len(shown) - 1)
