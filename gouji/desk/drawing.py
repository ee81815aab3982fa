"""A unit's table drawn as in its file: the grid that was read, cut to a part that a page can show."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from gouji.ingest.admit import read_bytes
from gouji.ingest.figures.shown_figures import shown_text
from gouji.ingest.grid import Kind, Sheet
from gouji.ingest.limits import Limits
from gouji.ingest.read import read_workbook
from gouji.ingest.refusal import Refused
from gouji.templates.addresses import cell_name, column_name
from gouji.templates.exact import places, plain, significant
from gouji.templates.text import shortened

_ROWS, _COLUMNS = 160, 40
"""The most that is drawn of a table, around the marked cell."""
_LONGEST = 400
"""Signs of a cell."""
_GENERAL_DIGITS = 10
"""Digits that a spreadsheet shows of a number without a format."""
_USUAL_WIDTH, _NARROWEST, _WIDEST = 8.43, 2.0, 60.0
_PIXELS = 7.5
"""Per character: a column's width is stated in characters."""
FAULTY, TAKING_PART = "faulty", "part"
_NOT_THERE = {Kind.ERROR: "error", Kind.UNCALCULATED: "uncalculated", Kind.UNKNOWN: "unknown"}

Position = tuple[int, int]
Window = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class TableRequest:
    """A table to draw: the file, its hash when it was checked, the sheet; `marks`: cell → FAULTY or TAKING_PART."""

    sha256: str
    name: str
    sheet: str
    marks: Mapping[Position, str]
    limits: Limits | None = None

    @property
    def key(self) -> Hashable:
        """Equal for requests with the same drawing."""
        return self.sha256, self.sheet, frozenset(self.marks.items())


@dataclass(frozen=True, slots=True)
class DrawnCell:
    """`text` as the sheet shows it; `kind`: text, number, error …; `rows`, `columns`: how many it spans."""

    address: str
    text: str
    kind: str
    mark: str
    rows: int
    columns: int


@dataclass(frozen=True, slots=True)
class DrawnRow:
    """Number as the sheet counts, and the cells that begin in it."""

    number: int
    cells: list[DrawnCell]


@dataclass(frozen=True, slots=True)
class Drawn:
    """Plain values, fit to come out of a worker. `columns`: (letter, width in pixels). `remarks`: what is not shown."""

    sheet: str
    columns: list[tuple[str, int]]
    rows: list[DrawnRow]
    remarks: list[str]


def draw(path: Path, request: TableRequest) -> Drawn:
    """The table of a file. Raises Refused, also where it is not the file that was checked or has no such sheet."""
    data = read_bytes(path, request.limits)
    if hashlib.sha256(data).hexdigest() != request.sha256:
        raise Refused("文件已变", "这个文件在核对以后改过，画不出当时的表。请再运行一次，或看退回的文件。")
    sheets = read_workbook(data, request.name, request.limits).sheets
    sheet = next((sheet for sheet in sheets if sheet.name == request.sheet), None)
    if sheet is None:
        raise Refused("没有这张表", f"文件里没有名为“{request.sheet}”的工作表。")
    return drawn(sheet, request.marks)


def drawn(sheet: Sheet, marks: Mapping[Position, str]) -> Drawn:
    """The part of a sheet around its marked cells."""
    faulty = [place for place, mark in marks.items() if mark == FAULTY] or list(marks)
    window = _window(sheet, faulty[0] if faulty else (0, 0))
    rows = [row for row in range(window[0], window[2]) if row not in sheet.hidden_rows or _needed(marks, row, 0)]
    columns = [
        column
        for column in range(window[1], window[3])
        if column not in sheet.hidden_columns or _needed(marks, column, 1)
    ]
    spans, covered = _spans(sheet, rows, columns)
    lines = [
        DrawnRow(row + 1, [
            _cell(sheet, row, column, marks.get((row, column), ""), spans.get((row, column), (1, 1)))
            for column in columns
            if (row, column) not in covered
        ])
        for row in rows
    ]  # fmt: skip
    return Drawn(
        sheet.name,
        [(column_name(column), _pixels(sheet, column)) for column in columns],
        lines,
        _remarks(sheet, window),
    )


def with_formulas(table: Drawn, word: str) -> Drawn:
    """The table with `word` for every formula without a result: on a blank form that is no fault."""
    rows = [replace(row, cells=[_formula(cell, word) for cell in row.cells]) for row in table.rows]
    return replace(table, rows=rows)


def _formula(cell: DrawnCell, word: str) -> DrawnCell:
    return replace(cell, text=word, kind=Kind.TEXT.value) if cell.kind == Kind.UNCALCULATED.value else cell


def _window(sheet: Sheet, place: Position) -> Window:
    """(first row, first column, row after the last, column after the last) of the part that is drawn."""
    bottom, right = _end(sheet)
    height, width = max(bottom, place[0] + 1), max(right, place[1] + 1)
    top = 0 if height <= _ROWS else max(0, min(place[0] - _ROWS // 2, height - _ROWS))
    left = 0 if width <= _COLUMNS else max(0, min(place[1] - _COLUMNS // 2, width - _COLUMNS))
    return top, left, min(height, top + _ROWS), min(width, left + _COLUMNS)


def _end(sheet: Sheet) -> Position:
    """The row and the column after the last that are filled."""
    filled = [
        (row, column)
        for row, line in enumerate(sheet.rows)
        for column, value in enumerate(line)
        if value != "" and value is not None
    ]
    places = [*filled, *sheet.special, *((bottom, right) for _, _, bottom, right in sheet.merges)]
    return 1 + max((row for row, _ in places), default=0), 1 + max((column for _, column in places), default=0)


def _needed(marks: Mapping[Position, str], number: int, axis: int) -> bool:
    return any(place[axis] == number for place in marks)


def _spans(sheet: Sheet, rows: list[int], columns: list[int]) -> tuple[dict[Position, Position], set[Position]]:
    """First shown cell of each merged area → its shown rows and columns; and the cells that it covers."""
    spans: dict[Position, Position] = {}
    covered: set[Position] = set()
    for top, left, bottom, right in sheet.merges:
        down = [row for row in rows if top <= row <= bottom]
        along = [column for column in columns if left <= column <= right]
        if down and along and (top, left) == (down[0], along[0]):
            spans[top, left] = len(down), len(along)
            covered |= {(row, column) for row in down for column in along} - {(top, left)}
    return spans, covered


def _cell(sheet: Sheet, row: int, column: int, mark: str, span: Position) -> DrawnCell:
    kind = sheet.kind(row, column)
    text = shortened(_text(sheet, row, column, kind), _LONGEST)
    return DrawnCell(cell_name(row, column), text, _NOT_THERE.get(kind, kind.value), mark, *span)


def _text(sheet: Sheet, row: int, column: int, kind: Kind) -> str:
    raw = sheet.raw(row, column)
    match kind:
        case Kind.ERROR:
            return sheet.special[row, column][1] if (row, column) in sheet.special else "错误值"
        case Kind.UNCALCULATED:
            return "（公式没有结果）"
        case Kind.NUMBER if isinstance(raw, int | float):
            return _number(sheet.number_format(row, column), raw)
        case Kind.DATE:
            return _date(raw)
        case Kind.BOOLEAN:
            return "TRUE" if raw else "FALSE"
        case _:
            return "" if raw is None else str(raw)


def _number(code: str | None, raw: float) -> str:
    shown = shown_text(code, float(raw)) if code else None
    return general(significant(float(raw))) if shown is None else shown


def general(number: Decimal) -> str:
    """A number as a cell without a format shows it: decimals as far as there is room."""
    room = max(0, _GENERAL_DIGITS - max(1, number.adjusted() + 1))
    if places(number) > room:
        number = number.quantize(Decimal(1).scaleb(-room), ROUND_HALF_UP)
    return plain(number)


def _date(raw: object) -> str:
    if isinstance(raw, datetime.datetime) and raw.time() == datetime.time():
        return raw.date().isoformat()
    return str(raw)


def _pixels(sheet: Sheet, column: int) -> int:
    width = sheet.widths.get(column, _USUAL_WIDTH)
    return round(min(max(width, _NARROWEST), _WIDEST) * _PIXELS) + 5


def _remarks(sheet: Sheet, window: Window) -> list[str]:
    remarks = []
    if sheet.hidden:
        remarks.append("这张工作表是隐藏的。")
    if sheet.hidden_rows or sheet.hidden_columns:
        remarks.append("隐藏的行、列没有画出。")
    top, left, bottom, right = window
    if bottom - top == _ROWS or right - left == _COLUMNS:
        columns = f"{column_name(left)} 到 {column_name(right - 1)} 列"
        remarks.append(f"表很大，只画出第 {top + 1} 到 {bottom} 行、{columns}。")
    return remarks
