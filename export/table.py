"""Tables on a sheet: heads, typed cells, widths that fit, frozen and repeated heads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Protocol

import pandas as pd

from gouji.export.book import LINE, LOWEST, NUMBER_FORMATS, Book, text_height
from gouji.export.continued import Continued
from gouji.export.measure import figure_width, lines_needed, text_width
from gouji.export.pages import PAPER, across, on_first_page, pages_across
from gouji.export.records import records
from gouji.templates.live import LiveSheet
from gouji.templates.write import blank_cell, figure_cell, formula_cell, text_cell, write_row, write_text

_AT_ONCE = 10_000
"""Rows made from a frame at a time."""


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

    `shades`: the text of a cell → the shade that it gets. `written`: people write here, `choices`: one of these
    (`free`: or anything else).
    `printed`: whether it stands on paper; what does not comes last, before hidden columns.
    """

    head: str
    kind: str = "text"
    least: float = 5
    widest: float = 30
    hidden: bool = False
    align: str | None = None
    shades: Mapping[str, str] = field(default_factory=dict)
    written: bool = False
    printed: bool = True
    choices: Sequence[str] = ()
    free: bool = False

    @property
    def on_paper(self) -> bool:
        """Whether it is printed."""
        return self.printed and not self.hidden


class Link(str):
    """The text of a cell that leads somewhere: `target` as XlsxWriter writes it (`external:…`, `internal:…`)."""

    target: str

    @classmethod
    def to(cls, target: str, text: str) -> Link:
        """A text with its target."""
        made = cls(text)
        made.target = target
        return made


class Rows(Protocol):
    """Rows of cells, of which it is known how many there are before they are made."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Sequence[Any]]: ...


@dataclass(frozen=True, slots=True)
class FrameRows:
    """A row for every record of a frame, from its number and the record; they are made as they are asked for."""

    frame: pd.DataFrame
    made: Callable[[int, dict[str, Any]], Sequence[Any]]

    def __len__(self) -> int:
        return len(self.frame)

    def __iter__(self) -> Iterator[Sequence[Any]]:
        for first in range(0, len(self), _AT_ONCE):
            for number, record in enumerate(records(self.frame.iloc[first : first + _AT_ONCE]), first + 1):
                yield self.made(number, record)


@dataclass(frozen=True, slots=True)
class Table:
    """Columns and rows; a cell is None, a text, a number, a Figure or a Formula."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]

    def widths(self) -> list[float]:
        """The width of every column, its head included; texts wrap sooner where the table is too wide for paper."""
        widths = [self._width(place) for place in range(len(self.columns))]
        texts = [place for place, column in enumerate(self.columns) if column.on_paper and column.kind == "text"]
        spare = {place: max(0.0, widths[place] - self._least(place)) for place in texts}
        printed = (width for column, width in zip(self.columns, widths, strict=True) if column.on_paper)
        over = across(printed) - PAPER
        share = min(1.0, max(0.0, over) / (sum(spare.values()) or 1.0))
        return [width - spare.get(place, 0.0) * share for place, width in enumerate(widths)]

    def _least(self, place: int) -> float:
        """What a column needs in any case. A head may wrap, but in no more than two lines."""
        column = self.columns[place]
        head = min(text_width(column.head), max(text_width(column.head) / 2 + 1, 4))
        return max(column.least, head + 2)

    def _width(self, place: int) -> float:
        column = self.columns[place]
        cells = {row[place] for row in self.rows}
        texts = _widest((cell for cell in cells if isinstance(cell, str)), column.widest)
        figures = max((_figure_width(cell, column.kind) for cell in cells if not isinstance(cell, str)), default=0)
        return max(self._least(place), min(texts + 2, column.widest), figures + 2)


def _widest(texts: Iterable[str], enough: float) -> float:
    """The width of the widest text; no further one is measured when one is wide enough."""
    widest = 0
    for text in texts:
        widest = max(widest, text_width(text))
        if widest >= enough:
            break
    return widest


def _figure_width(cell: Any, kind: str) -> int:
    if isinstance(cell, (Figure, Formula)):
        return 0 if cell.value is None else figure_width(cell.value, cell.kind) + 1
    return 0 if cell is None else figure_width(float(cell), kind)


def set_widths(sheet: LiveSheet, columns: Sequence[Column], widths: Sequence[float]) -> None:
    """Give the sheet's columns their widths and hide those that are for the machine."""
    for place, (column, width) in enumerate(zip(columns, widths, strict=True)):
        sheet.set_column(place, place, width, None, {"hidden": True} if column.hidden else {})


def set_paper(sheet: LiveSheet, columns: Sequence[Column], widths: Sequence[float], repeated: int) -> None:
    """As many pages across as it takes to be readable; the first `repeated` columns stand on each of them."""
    shown = [width for column, width in zip(columns, widths, strict=True) if column.on_paper]
    if (pages := pages_across(shown, repeated)) > 1:
        sheet.fit_to_pages(pages, 0)
        sheet.repeat_columns(0, repeated - 1)


def write_head(book: Book, sheet: LiveSheet, row: int, columns: Sequence[Column], widths: Sequence[float]) -> None:
    """The head row, high enough for the heads that wrap."""
    tallest = max(lines_needed(c.head, w - 1) for c, w in zip(columns, widths, strict=True))
    sheet.set_row(row, LINE * tallest + 6)
    for place, column in enumerate(columns):
        write_text(sheet, row, place, column.head, book.cell("text", "ask_head" if column.written else "head"))


def add_row(
    book: Book,
    sheet: LiveSheet,
    row: int,
    columns: Sequence[Column],
    cells: Sequence[Any],
    widths: Sequence[float],
    shade: str = "",
) -> None:
    """One row of typed cells below all others, high enough for its texts.

    The height is always set: not every spreadsheet works it out by itself when it opens a file.
    """
    height = LOWEST
    made = []
    for place, (column, cell, width) in enumerate(zip(columns, cells, widths, strict=True)):
        own = shade or ("ask" if column.written else "")
        if cell is None:
            made.append(blank_cell(book.cell_style("text", own)))
        elif isinstance(cell, str):
            if not column.hidden:
                height = max(height, text_height(cell, width))
            linked = isinstance(cell, Link) and sheet.link(row, place, cell.target)
            made.append(_text(book, column, cell, "link" if linked else own))
        else:
            made.append(_figure(book, column, cell, own))
    write_row(sheet, row, height, made)


def _text(book: Book, column: Column, cell: str, shade: str) -> str:
    align = column.align or ("right" if column.kind in NUMBER_FORMATS else None)
    return text_cell(cell, book.cell_style("text", shade or column.shades.get(cell, ""), align))


def _figure(book: Book, column: Column, cell: Any, shade: str) -> str:
    """A cell by its own type."""
    if isinstance(cell, Figure):
        return figure_cell(cell.value, book.cell_style(cell.kind, shade))
    if isinstance(cell, Formula):
        return formula_cell(cell.text, cell.value, book.cell_style(cell.kind, shade, column.align))
    return figure_cell(cell, book.cell_style(column.kind, shade, column.align))


def write_list(
    book: Book, name: str, note: str, columns: Sequence[Column], rows: Rows, *, empty: str, frozen: int = 0,
    by: str = "单位", kept: str | None = None,
) -> list[LiveSheet]:  # fmt: skip
    """A table on a sheet of its own, going on on further sheets where it is longer than `book.size` allows.

    `by`: head of the column that tells a reader how far a sheet goes. `kept`: the frame in data/ that holds all of it;
    of such a table only the first rows are written where it is longer still. Returns the sheets.
    """
    shown = len(rows) if kept is None else min(len(rows), book.size.table)
    left_out = _left_out(len(rows), shown, kept)
    place = [column.head for column in columns].index(by)
    whole = Continued(book, name, 3)
    starts = range(0, max(shown, 1), book.size.sheet)
    coming = islice(rows, shown)
    sheets = []
    for start in starts:
        table = Table(columns, list(islice(coming, book.size.sheet)))
        words = note
        if len(starts) > 1:
            names = table.rows[0][place], table.rows[-1][place]
            part = whole.listed(start, start + len(table.rows) - 1, by, names)
            book.parts.append(part)
            words += f"本表分在{len(starts)}张工作表上，这里是{part.rows}；各张的起止见“总览”末尾的续表目录。"
        sheets.append(whole.add_sheet(start))
        _write_part(book, sheets[-1], words + left_out, table, empty, frozen)
    return sheets


def _left_out(count: int, shown: int, kept: str | None) -> str:
    """How many rows are not shown, and where they are."""
    if shown == count:
        return ""
    return (
        f"本表共{count:,}行，为了能够正常打开，这里只列出前{shown:,}行，另有{count - shown:,}行没有列出；"
        f"全部内容保存在 data/{kept}.parquet，需要时请技术人员协助查看。"
    )


def _chosen(column: Column) -> dict[str, Any]:
    """The entry rule of a column that is chosen from a list."""
    message = f"请从下拉列表中选择：{'、'.join(column.choices)}"
    return {
        "validate": "list", "source": list(column.choices), "error_title": column.head, "error_message": message,
        "show_error": not column.free,
    }  # fmt: skip


def _write_part(book: Book, sheet: LiveSheet, note: str, table: Table, empty: str, frozen: int) -> None:
    widths = table.widths()
    shown = [width for column, width in zip(table.columns, widths, strict=True) if column.on_paper]
    set_widths(sheet, table.columns, widths)
    book.title(sheet, sheet.get_name())
    book.note(sheet, 1, note, on_first_page(shown, frozen))
    write_head(book, sheet, 2, table.columns, widths)
    for row, cells in enumerate(table.rows, 3):
        add_row(book, sheet, row, table.columns, cells, widths)
    last = 2 + len(table.rows)
    for place, column in enumerate(table.columns):
        if column.choices and table.rows:
            sheet.data_validation(3, place, last, place, _chosen(column))
    if table.rows:
        sheet.autofilter(2, 0, last, len(table.columns) - 1)
    else:
        book.note(sheet, 3, empty, shown, shade="")
        last = 3
    sheet.freeze_panes(3, frozen)
    sheet.repeat_rows(2)
    set_paper(sheet, table.columns, widths, frozen)
    sheet.print_area(0, 0, last, len(shown) - 1)
