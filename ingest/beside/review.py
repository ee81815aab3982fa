"""What an auditor wrote beside the findings of a 汇总.xlsx, in whatever order its rows stand by now.

An opinion in merged cells is one of every row that they span.
"""

from __future__ import annotations

import datetime
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from python_calamine import CalamineSheet, CalamineWorkbook

from gouji.ingest.admit import admit, read_bytes
from gouji.ingest.files.quiet import opened_quietly
from gouji.ingest.limits import MEGABYTE, Limits
from gouji.ingest.refusal import Refused, encrypted
from gouji.templates.review import (
    ADOPTED_HEAD,
    ADOPTED_TOLD_HEADS,
    ANSWER_HEAD,
    FILES_SHEET,
    FINDINGS_SHEET,
    ID_HEAD,
    LOG_END,
    LOG_ENTRIES,
    LOG_GROUP,
    SEAL_HEAD,
    TABLE_HEAD,
    TOLD_HEADS,
    VERSIONS_SHEET,
    WORDING_HEAD,
    WORDING_TOLD_HEADS,
    WORDINGS_SHEET,
    WRITTEN_HEADS,
)
from gouji.templates.text import sheet_text

_HEADS_WITHIN = 12
"""Rows in which the heads are looked for."""
_MOST = 2000
"""Characters of a cell that are kept."""
_LARGEST = 500 * MEGABYTE
"""Bytes of a workbook: ours have no pictures, but a row for every finding."""
_TALLEST = 10_000
"""Rows that merged cells may span."""


class ReviewError(Exception):
    """A workbook of decisions cannot be read; the message is Chinese."""


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """A row of 问题清单: the id of its finding (empty where it was destroyed) and its seal, the cells that people write
    (WRITTEN_HEADS), the cells that gouji wrote (TOLD_HEADS), and its place (问题清单第17行).

    A row of 收表明细 has the id of its table, 采用, and ADOPTED_TOLD_HEADS.
    """

    finding_id: str
    seal: str
    written: tuple[str, ...]
    told: tuple[str, ...]
    place: str = ""


@dataclass(frozen=True, slots=True)
class ReviewBook:
    """A workbook of decisions: its name, the hash of its bytes, its rows, those of 表样对照 apart.

    `sealed`: id and seal of every row of 问题清单 and 收表明细, also of rows not in `rows`. `log`: entries of
    审核记录 and the hash of the last one, when the workbook was written.
    """

    name: str
    sha256: str
    rows: list[ReviewRow] = field(default_factory=list)
    wordings: list[ReviewRow] = field(default_factory=list)
    sealed: list[tuple[str, str]] = field(default_factory=list)
    log: tuple[int, str] | None = None


def read_review(path: Path, wanted: Callable[[ReviewRow], bool] = lambda _: True) -> ReviewBook:
    """The rows that are `wanted`, on every sheet with the heads of 问题清单 or 收表明细, and all of 表样对照.

    Raises FileNotFoundError, ReviewError when it is no workbook, a sheet of these lacks some of its columns, or none
    has the heads of 问题清单.
    """
    data = _contents(path)
    book = ReviewBook(path.name, hashlib.sha256(data).hexdigest())
    id_heads: set[str] = set()
    try:
        with opened_quietly(data) as opened:
            _refuse_other_formats(data, path)
            book = replace(book, log=_log_end(opened))
            for name in _named(opened.sheet_names):
                heads, rows = _rows(opened.get_sheet_by_name(name), path)
                id_heads.add(heads.of if heads is not None else "")
                for row in rows:
                    if heads is _OF_WORDINGS:
                        book.wordings.append(row)
                        continue
                    book.sealed.append((row.finding_id, row.seal))
                    if wanted(row):
                        book.rows.append(row)
    except (KeyboardInterrupt, SystemExit, ReviewError):
        raise
    except BaseException as error:  # calamine's PanicException is no Exception
        raise ReviewError(_why_unread(data, path)) from error
    if ID_HEAD not in id_heads:
        raise ReviewError(f"“{path}”里没有问题清单，请核对是不是汇总.xlsx。")
    return book


def _contents(path: Path) -> bytes:
    path.stat()
    try:
        return read_bytes(path, Limits(file_size=_LARGEST))
    except Refused as refused:
        raise ReviewError(f"无法从“{path}”读取审核意见：{refused.reason}") from refused


def _refuse_other_formats(data: bytes, path: Path) -> None:
    """Only .xlsx states which cells are merged: in any other format a merged opinion is in one row only."""
    if not data.startswith(b"PK") or b"opendocument" in data[:120]:
        raise ReviewError(f"“{path}”不是 .xlsx 文件，请用 Excel 或 WPS 另存为 .xlsx 后再运行。")


def _why_unread(data: bytes, path: Path) -> str:
    try:
        admit(data, path.name)
        cause = "文件可能已损坏"
    except Refused as refused:
        cause = "文件设有密码" if refused.code == encrypted().code else "文件可能已损坏"
    mend = "取消密码后另存" if cause == "文件设有密码" else "修复或移走"
    return f"无法从“{path}”读取审核意见，{cause}。为避免丢失，没有继续；请{mend}后再运行。"


def _named(names: Sequence[str]) -> list[str]:
    """The sheets to read: all, where they were renamed. Further sheets of a large batch are long."""
    return [name for name in names if name.startswith((FINDINGS_SHEET, FILES_SHEET, WORDINGS_SHEET))] or list(names)


def _log_end(opened: CalamineWorkbook) -> tuple[int, str] | None:
    """The number of entries and last hash of 审核记录, as stated in 版本与依据; None where they are not stated."""
    if VERSIONS_SHEET not in opened.sheet_names:
        return None
    rows = (list(map(cell_text, row)) for row in opened.get_sheet_by_name(VERSIONS_SHEET).iter_rows())
    stated = {row[1]: row[2] for row in rows if len(row) > 2 and row[0] == LOG_GROUP}
    entries, end = stated.get(LOG_ENTRIES, ""), stated.get(LOG_END, "")
    return (int(entries), end) if re.fullmatch("[0-9]{1,9}", entries) and re.fullmatch("[0-9a-f]{64}", end) else None


@dataclass(frozen=True, slots=True)
class _Heads:
    """The heads of a sheet that people write on."""

    of: str
    written: tuple[str, ...]
    told: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        return (*self.told, *self.written, self.of, SEAL_HEAD)


_OF_FINDINGS = _Heads(ID_HEAD, WRITTEN_HEADS, TOLD_HEADS)
_OF_TABLES = _Heads(TABLE_HEAD, (ADOPTED_HEAD,), ADOPTED_TOLD_HEADS)
_OF_WORDINGS = _Heads(WORDING_HEAD, (ANSWER_HEAD,), WORDING_TOLD_HEADS)
_SHEETS = {FINDINGS_SHEET: _OF_FINDINGS, FILES_SHEET: _OF_TABLES, WORDINGS_SHEET: _OF_WORDINGS}


def _rows(sheet: CalamineSheet, path: Path) -> tuple[_Heads | None, Iterator[ReviewRow]]:
    """Which sheet it is (None: none of ours), and its rows."""
    lines = enumerate(sheet.iter_rows())
    heads, places = _heads(sheet.name, islice(lines, _HEADS_WITHIN), path)
    return heads, iter(()) if heads is None else _below(sheet, lines, places, heads)


def _heads(
    sheet: str, lines: Iterator[tuple[int, Sequence[object]]], path: Path
) -> tuple[_Heads | None, dict[str, int]]:
    """Which sheet it is, by the row with its heads (the rows up to it are taken), and where each head stands."""
    named = next((heads for name, heads in _SHEETS.items() if sheet.startswith(name)), None)
    for _, line in lines:
        places = {cell_text(head): place for place, head in enumerate(line)}
        for heads in _SHEETS.values():
            if places.keys() >= set(heads.all):
                return heads, places
        _refuse_gaps(named or _OF_FINDINGS, places, f"“{path}”的“{sheet}”")
    return None, {}


def _refuse_gaps(heads: _Heads, places: Mapping[str, int], where: str) -> None:
    """Without a column of its own a row cannot be held against what it was when it was written."""
    lacking = [head for head in heads.all if head not in places]
    if len(lacking) < len(heads.all) / 2:
        columns = "、".join(f"“{head}”" for head in lacking)
        hidden = "（有的是隐藏的列，复制时要一并复制）" if {heads.of, SEAL_HEAD} & set(lacking) else ""
        raise ReviewError(
            f"{where}里没有{columns}这{len(lacking)}列{hidden}，看不出意见是对哪一条问题的，没有继续。"
            "请恢复被删除或改名的列，或把意见填在原来的汇总.xlsx 里；不用这份文件的，请移走后再运行。"
        )


def _below(
    sheet: CalamineSheet, lines: Iterator[tuple[int, Sequence[object]]], places: Mapping[str, int], heads: _Heads
) -> Iterator[ReviewRow]:
    merged = _merged(sheet, {places[head] for head in heads.written})
    spanning: dict[tuple[int, int], object] = {}
    for at, line in lines:
        cells = list(line)
        for place in merged.keys() & {(at, places[head]) for head in heads.written}:
            cells[place[1]] = spanning.setdefault(merged[place], cells[place[1]])
        finding_id = cell_text(cells[places[heads.of]])
        written = tuple(cell_text(cells[places[head]])[:_MOST] for head in heads.written)
        if finding_id or (heads is _OF_FINDINGS and any(written)):
            visible = tuple(cell_text(cells[places[head]]) for head in heads.told)
            seal = cell_text(cells[places[SEAL_HEAD]])
            yield ReviewRow(finding_id, seal, written, visible, f"{sheet.name}第{at + 1}行")


def _merged(sheet: CalamineSheet, columns: set[int]) -> dict[tuple[int, int], tuple[int, int]]:
    """Cell of one of the columns within merged ones → their first cell, which has the value."""
    # Rows are read from the first one on, columns from the first filled.
    first_column = sheet.start[1] if sheet.start else 0
    return {
        (row, column): (first, column)
        for (first, begin), (last, end) in sheet.merged_cell_ranges or ()
        for column in columns & set(range(begin - first_column, end - first_column + 1))
        for row in range(first, min(last, first + _TALLEST) + 1)
    }


def cell_text(value: object) -> str:
    """A cell as text, dates as ISO 8601, whole numbers without decimals."""
    match value:
        case None:
            return ""
        case datetime.datetime() | datetime.date():
            return value.isoformat()[:10]
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return sheet_text(str(value)).strip()
