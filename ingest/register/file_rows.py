"""A file's rows of the `returns` frame: one of the file where none of its tables was read, else one of each table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from sys import intern

from gouji.ingest.frames import ATTACHED, OURS
from gouji.ingest.locating.recognise import Unrecognised
from gouji.ingest.locating.undefined import Undefined
from gouji.ingest.read_return import FileReading, TableReading
from gouji.ingest.register.no_return import document_apart, no_return
from gouji.ingest.register.notes import MOST_LISTED, Note, table_notes, year_notes
from gouji.ingest.register.own_outputs import own_output_named
from gouji.ingest.register.return_row import Received, Return, file_id, return_id
from gouji.ingest.register.whose import OTHER_TABLE, Whose, by_itself, by_place, names_of_undefined, whose_tables
from gouji.ingest.roster import Roster
from gouji.templates.addresses import sheet_in_words
from gouji.templates.labels import squeezed

_SOME_FIGURES = 3
"""Figures that stand unread on a sheet in which nothing was read, from which it is not called blank."""
_OF_RECORD, _OF_LABELS, _OF_OTHERS, _OF_SHEET, _OF_FILE = "标识页", "表内标签", "同一文件的其他表", "工作表名", "文件名"
TOLD_BY_THE_FILE = frozenset((_OF_RECORD, _OF_LABELS, _OF_OTHERS, _OF_SHEET, _OF_FILE))
"""What tells the year of a table that leaves it blank, apart from what the batch was asked for (`year_source`)."""


def file_rows(
    reading: FileReading, roster: Roster | None, year: int | None, files_by_hash: dict[str, str], notes: list[Note]
) -> list[Return]:
    """The rows of a file. `files_by_hash`: contents → the file that had them first, which this adds to; `notes`: what
    is noted on the way is added to them."""
    file_row = Return(file_id(reading.file), reading.file, reading.sha256)
    if reading.refused is not None:
        _not_read(file_row, reading, roster)
        return [file_row]
    if reading.ours:
        file_row.status, file_row.reason = OURS, f"这是{reading.ours}，不是单位的报表，没有读取"
        return [file_row]
    if reading.document and (status := document_apart(reading)) != ("", ""):
        file_row.status, file_row.reason = status
        if file_row.status == ATTACHED:
            file_row.belongs(by_place(reading.file, roster))
        return [file_row]
    if reading.sha256 in files_by_hash:
        file_row.status, file_row.reason = "重复文件", f"与“{files_by_hash[reading.sha256]}”内容完全相同"
        return [file_row]
    files_by_hash[reading.sha256] = reading.file
    notes += [Note(reading.file, "remark", detail=remark) for remark in reading.notes]
    notes += [Note(reading.file, "no_projects")] if reading.no_projects else []
    if not reading.tables and not reading.unrecognised:
        file_row.status, file_row.reason = "未识别", "文件里没有找到任何一张已知的表"
        return [file_row]
    rows = [_table_return(reading, table) for table in reading.tables]
    for row, whose in zip(rows, whose_tables(reading, roster), strict=True):
        row.belongs(whose)
    _find_years(rows, reading.tables, year)
    for row, table in zip(rows, reading.tables, strict=True):
        notes += table_notes(row.return_id, table)
        if year in (None, row.year):
            notes += year_notes(row, table)
    return [*rows, *_unrecognised(reading, rows, roster, year)]


def _table_return(reading: FileReading, table: TableReading) -> Return:
    account = table.account
    row = Return(
        return_id=return_id(reading.file, table.sheet, table.number),
        file=reading.file,
        sha256=reading.sha256,
        table=Received.of(table),
        sheet=intern(table.sheet),
        read=account.read,
        printed=account.printed,
        unread=account.unread,
        absent=account.absent,
        unread_cells="；".join(account.in_block) or None,
    )
    if not table.values.anything and account.unread < _SOME_FIGURES:  # else T-20 tells what was not read
        row.status, row.reason = "空表", "表里没有填写任何数据"
    return row


def _not_read(file_row: Return, reading: FileReading, roster: Roster | None) -> None:
    """A file that could not be read: of the bureau's own, no return at all, or a broken one; its name tells whose."""
    status, why = no_return(reading.file)
    if not reading.unseen and (output := own_output_named(reading.file)):
        file_row.status, file_row.reason = OURS, f"这是{output}，不是单位的报表，没有读取"
        return
    if reading.unseen or reading.quarantined or not status:
        status = reading.unseen or ("已隔离" if reading.quarantined else "无法读取")
        why = reading.refused or ""
    file_row.status, file_row.reason = status, why or reading.refused
    if roster is not None:
        file_row.belongs(by_place(reading.file, roster))


def _unrecognised(
    reading: FileReading, rows: Sequence[Return], roster: Roster | None, asked: int | None
) -> list[Return]:
    """Tables of no known form, under the unit and year that they name, else under those of the file's other tables."""
    added = list(_no_known_tables(reading, rows, roster))
    years = [row.year for row in (*rows, *added) if row.year is not None]
    attributed = next((row for row in (*rows, *added) if row.unit is not None), None)
    for row in added:
        if row.unit is None and attributed is not None:
            row.belongs(Whose() if attributed.claims else Whose(attributed.unit_code, attributed.unit, OTHER_TABLE))
        elif row.unit is None:
            row.belongs(by_place(row.file, roster))
        if row.year is None:
            row.year, row.year_source = _year_elsewhere(row, years, asked)
    return added


def _no_known_tables(reading: FileReading, rows: Sequence[Return], roster: Roster | None) -> Iterator[Return]:
    for near in reading.unrecognised:
        row = Return(return_id(reading.file, near.sheet, near.number), reading.file, reading.sha256, sheet=near.sheet)
        row.read, row.printed, row.unread = 0, near.printed, near.figures
        row.status = "未识别" if not near.another_form and (near.resembles or not rows) else "未收录"
        row.reason = _why_unrecognised(near)
        whose = by_itself(names_of_undefined(near), row.file, roster)
        if whose.unit is not None:
            row.belongs(whose)
        year = near.head.first("year")
        row.year, row.year_source = (int(year.text), "表头") if year is not None else (None, None)
        yield row


def _why_unrecognised(near: Unrecognised) -> str:
    rows = f"第{near.rows[0] + 1}—{near.rows[1] + 1}行" if near.number > 1 else ""
    title = f"（标题是“{near.other_title}”）" if near.other_title else ""
    if near.other_points:
        ending = "等" if len(near.other_points) > MOST_LISTED else ""
        return (
            f"{sheet_in_words(near.sheet)}{rows}的标签与“{near.nearest}”相近，但印的分值不同："
            f"{'、'.join(near.other_points[:MOST_LISTED])}{ending}，是未收录的版本，没有按其评价标准复算，只按表上写明的关系核对"
        )
    words = f"{sheet_in_words(near.sheet)}{rows}{title}有 {near.figures} 个数没有读取，"
    if near.continues:
        form = near.nearest.partition("@")[0]
        return f"{words}是{sheet_in_words(near.continues)}上“{form}”的后一部分，请与前一部分放在一起"
    if not near.missing:
        return f"{words}标签与“{near.nearest}”相同，但标题是另一种表的"
    words += f"最接近“{near.nearest}”，但找不到："
    return words + "、".join(near.missing[:MOST_LISTED]) + ("等" if len(near.missing) > MOST_LISTED else "")


def undefined_tables(reading: FileReading, rows: Sequence[Return]) -> Iterator[tuple[str, Undefined]]:
    """The tables of a file that no definition describes, and what it left of others, where the file itself counts."""
    ids = {row.return_id for row in rows}
    for table in reading.tables:
        known_as = return_id(reading.file, table.sheet, table.number)
        if table.rest is not None and known_as in ids:
            yield known_as, table.rest
    for near in reading.unrecognised:
        known_as = return_id(reading.file, near.sheet, near.number)
        if near.table is not None and known_as in ids:
            yield known_as, near.table


def _find_years(rows: Sequence[Return], tables: Sequence[TableReading], asked: int | None) -> None:
    for row, table in zip(rows, tables, strict=True):
        years = ((table.identity_year, _OF_RECORD), (table.header_year, "表头"), (table.printed_year, _OF_LABELS))
        row.year, row.year_source = next(((year, source) for year, source in years if year), (None, None))
    stated = [row.year for row in rows if row.year is not None]
    for row in rows:
        if row.year is None:
            row.year, row.year_source = _year_elsewhere(row, stated, asked)


def _year_elsewhere(row: Return, stated: Sequence[int], asked: int | None) -> tuple[int | None, str | None]:
    """The year of a table that does not say it: of the file's other tables, of the batch, in the file's own name."""
    if stated:
        return stated[0], _OF_OTHERS
    if asked is not None:
        return asked, "本批年度"
    for text in (row.sheet or "", row.file.rpartition("/")[2]):
        years = set(re.findall(r"(?<!\d)(?:19|20)\d{2}(?=年)", squeezed(text)))
        if len(years) == 1:
            return int(years.pop()), _OF_SHEET if text == row.sheet else _OF_FILE
    return None, None
