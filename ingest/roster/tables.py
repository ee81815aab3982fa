"""The file of a roster → tables of lines, as people see them: sheets of a workbook, or text in any usual encoding."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gouji.ingest.admit import read_bytes
from gouji.ingest.grid import Kind, Sheet
from gouji.ingest.read import read_workbook
from gouji.ingest.refusal import Refused
from gouji.ingest.roster.errors import Fault, RosterError, refused

MOST_LINES, MOST_COLUMNS = 200_000, 500
"""Many times what the largest county has: a line per project, of 50,000 units too."""
_MOST_TEXT = 64 * 1024 * 1024
"""Bytes of a roster that is text."""
_WORKBOOKS = (b"PK", b"\xd0\xcf\x11\xe0")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_SEPARATORS = (",", "\t", ";", "，", "；", "|")
_STATED = re.compile(r'\s*"?sep=(\t|[^\s"])"?[,;\t]*\s*', re.IGNORECASE)
_ZEROS = re.compile(r"0{2,20}")


class Broken(str):
    """A cell without a value: the text in its place (`#N/A`, an uncalculated formula)."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line, by the number that people see at it."""

    number: int
    cells: list[object]


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet (`name`), or the whole of a text, whose numbers have no more digits than are printed."""

    name: str
    lines: list[Line]
    hidden: bool = False
    is_text: bool = False


def tables_of(path: Path) -> Iterator[list[Table]]:
    """The tables of the file: of a text once for each separator that it may have. Raises RosterError, OSError."""
    path.stat()
    try:
        data = read_bytes(path)
        if data.startswith(_WORKBOOKS):
            yield [_of_sheet(sheet, path.name) for sheet in read_workbook(data, path.name).sheets]
            return
    except Refused as error:
        raise RosterError(f"名册 {path.name} 无法读取：{error.reason}") from error
    text = _decoded(data, path.name)
    opening = text.partition("\n")[0]
    stated = _STATED.fullmatch(opening)
    for separator in dict.fromkeys([*([stated[1]] if stated else []), *_SEPARATORS]):
        yield [Table("", list(_lines(text, separator, path.name, leave_out=bool(stated))), is_text=True)]


def _decoded(data: bytes, name: str) -> str:
    if len(data) > _MOST_TEXT:
        raise RosterError(f"名册 {name} 太大，不像一份名册，请核对文件")
    marked = next((codec for mark, codec in _MARKS if data.startswith(mark)), None)
    for codec in [marked] if marked else [*_unmarked_utf16(data), "utf-8", "gb18030"]:
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        if "\0" not in text and not text.lstrip().startswith(("<", "%PDF", "{\\rtf")):
            return text
    raise RosterError(f"名册 {name} 不是表格，也不是能认出编码的文本，请用 Excel 或 WPS 打开，另存为 .xlsx 后再运行")


def _unmarked_utf16(data: bytes) -> list[str]:
    """Signs of ASCII have one byte 0 in UTF-16, the second or the first of two."""
    zeros = data[:8192:2].count(0), data[1:8192:2].count(0)
    if not any(zeros):
        return []
    return ["utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"]


def _lines(text: str, separator: str, name: str, *, leave_out: bool) -> Iterator[Line]:
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    begun = 1
    try:
        for row in rows:
            _check_extent(begun, len(row), name)
            if not (leave_out and begun == 1):
                if any("\n" in cell and separator in cell for cell in row):
                    raise refused(name, "", [Fault(begun, "有一个引号没有配对，把几行连在了一起")])
                yield Line(begun, list(row))
            begun = rows.line_num + 1
    except csv.Error as error:
        raise refused(name, "", [Fault(begun, "的引号没有配对，或内容过长，分不出各列")]) from error


def _check_extent(lines: int, columns: int, name: str) -> None:
    if lines > MOST_LINES:
        raise RosterError(f"名册 {name} 超过 {MOST_LINES} 行，请核对，并删去下面的空行")
    if columns > MOST_COLUMNS:
        raise RosterError(f"名册 {name} 超过 {MOST_COLUMNS} 列，请核对，并删去右边的空列")


def _of_sheet(sheet: Sheet, name: str) -> Table:
    """The sheet as it is seen: what is merged downwards stands in every line, a code's zeros are there."""
    _check_extent(sheet.height, 0, name)
    rows: list[list[object]] = [list(row[:MOST_COLUMNS]) for row in sheet.rows]
    for (row, column), format_ in sheet.formats.items():
        if _ZEROS.fullmatch(format_) and row < len(rows) and column < len(rows[row]):
            rows[row][column] = _padded(rows[row][column], len(format_))
    for (row, column), (kind, shown) in sheet.special.items():
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = Broken(shown if kind is Kind.ERROR else "公式没有计算结果")
    _fill_down(sheet, rows, name)
    return Table(sheet.name, [Line(at + 1, row) for at, row in enumerate(rows)], sheet.hidden)


def _padded(value: object, digits: int) -> object:
    """A whole number as its format shows it."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value):
        return value
    return str(int(value)).zfill(digits) if 0 <= value < 10**15 else value


def _fill_down(sheet: Sheet, rows: list[list[object]], name: str) -> None:
    """Of merged cells only the first has the value."""
    room = sheet.height * max(sheet.width, 1)
    for top, left, bottom, _ in sheet.merges:
        last = min(bottom, len(rows) - 1)
        room -= max(last - top, 0)
        if room < 0:
            raise RosterError(f"名册 {name} 的合并单元格互相重叠，请取消合并后另存")
        if top < len(rows) and left < len(rows[top]):
            for row in rows[top + 1 : last + 1]:
                if left < len(row):
                    row[left] = rows[top][left]
