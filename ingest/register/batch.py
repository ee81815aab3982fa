"""The readings of many files → the `returns` and `values` frames: whose return each is, for which year and project."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import pandas as pd
import pyarrow as pa

from gouji.ingest.frames import (
    AMOUNTS_OPEN,
    ATTACHED,
    OURS,
    VALUE_COLUMNS,
    labels_schema,
    returns_schema,
    typed,
    values_schema,
)
from gouji.ingest.locating.accounting import Account
from gouji.ingest.locating.recognise import Unrecognised
from gouji.ingest.locating.undefined import Undefined
from gouji.ingest.read_return import FileReading, TableReading
from gouji.ingest.register.no_return import document_apart, no_return
from gouji.ingest.register.own_outputs import own_output_named
from gouji.ingest.register.receipts import Receipts
from gouji.ingest.register.return_row import Return, file_id, return_id, which
from gouji.ingest.register.settling import (
    compare_folders,
    hold_amounts,
    mark_blank_twins,
    mark_hidden_twins,
    set_aside_other_years,
    set_aside_pages,
    settle_units,
)
from gouji.ingest.register.several_versions import Versions, settle_versions
from gouji.ingest.register.superseded import Mended, Unreplaced, supersede
from gouji.ingest.register.whose import OTHER_TABLE, Whose, by_itself, by_place, names_of_undefined, whose_tables
from gouji.ingest.roster import Roster
from gouji.ingest.values import Values
from gouji.templates.addresses import sheet_in_words
from gouji.templates.labels import squeezed

_SOME_FIGURES = 3
"""Figures that stand unread on a sheet in which nothing was read, from which it is not called blank."""
_MOST_LABELS = 8
"""Labels that are named where more of them are concerned."""
_OF_RECORD, _OF_LABELS, _OF_OTHERS, _OF_SHEET, _OF_FILE = "标识页", "表内标签", "同一文件的其他表", "工作表名", "文件名"
TOLD_BY_THE_FILE = frozenset((_OF_RECORD, _OF_LABELS, _OF_OTHERS, _OF_SHEET, _OF_FILE))
"""What tells the year of a table that leaves it blank, apart from what the batch was asked for (`year_source`)."""


@dataclass(frozen=True, slots=True)
class Note:
    """An observation from reading a return: its `kind`, the cells, and the words."""

    return_id: str
    kind: str
    cells: tuple[str, ...] = ()
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Explained:
    """A 说明 on one rule of a return; `cell` is empty where it is about all that the rule finds there.

    `finding`: the id of the finding of this `file` that it answers, where the unit was told one.
    """

    return_id: str
    rule: str
    cell: str
    text: str
    finding: str = ""
    file: str = ""


def said_none(returns: pd.DataFrame, notes: Sequence[Note]) -> frozenset[str]:
    """Codes of the units that say in a file that counts that they have no projects."""
    files = [note.return_id for note in notes if note.kind == "no_projects"]
    return frozenset(returns.loc[returns["file"].isin(files) & returns["adopted"], "unit_code"].dropna())


@dataclass
class Register:
    """收件登记: whose return each table is (the `returns` frame), the notes of reading, the units' 说明.

    `year`: the year that the batch was asked for. `rounds`: file → how often it was issued or returned, where that is
    more than once. `undefined`: the tables that no definition describes, with the return that each is. `labels`: those
    that people may say something of (`ingest.frames.labels_schema`). `settled`: tables (`table_id`) that people said
    are to count. `newest`: of which units which of several files counts as the newest, for run.json. `replaced`:
    return_id → the tables (`table_id`) whose place it takes, having been made of them.
    """

    returns: pd.DataFrame
    notes: list[Note] = field(default_factory=list)
    year: int | None = None
    explanations: list[Explained] = field(default_factory=list)
    rounds: dict[str, int] = field(default_factory=dict)
    undefined: list[tuple[str, Undefined]] = field(default_factory=list)
    labels: pd.DataFrame = field(default_factory=partial(typed, pd.DataFrame(), labels_schema))
    settled: frozenset[str] = frozenset()
    newest: list[dict[str, object]] = field(default_factory=list)
    replaced: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def no_projects(self) -> frozenset[str]:
        """Codes of the units that say in a file that counts that they have no projects."""
        return said_none(self.returns, self.notes)


@dataclass
class Batch:
    """Tables with their figures: the `returns` and `values` frames (see `ingest.frames`), the year asked for."""

    returns: pd.DataFrame
    values: pd.DataFrame
    year: int | None = None


def assemble(readings: Sequence[FileReading], roster: Roster | None, year: int | None) -> Batch:
    """A batch that is small enough to stand in memory."""
    tables = (table for reading in readings for table in file_values(reading))
    return Batch(register(readings, roster, year).returns, values_frame(tables), year)


def register(
    readings: Iterable[FileReading], roster: Roster | None, year: int | None,
    decided: Mapping[str, str] | None = None, keys: Collection[str] = (), receipts: Receipts | None = None,
) -> Register:  # fmt: skip
    """Everything about a batch but its figures: the tables of `readings` may have no values.

    `year` is what the batch was asked for and fills in where a return is silent; `decided`: table (`table_id`) → what
    people wrote beside it (采用): 是 where it is to count as it is, or the unit whose it is. `keys`: of the rounds that
    gave copies back (`templates.returned.Proof`). `receipts`: when the files were seen, where of several versions of a
    table the newest is to count.
    """
    notes: list[Note] = []
    rows: list[Return] = []
    explanations: list[Explained] = []
    files_by_hash: dict[str, str] = {}
    mended: dict[str, Mended] = {}
    rounds: dict[str, int] = {}
    undefined: list[tuple[str, Undefined]] = []
    for reading in readings:
        rows_of_file = _file_returns(reading, roster, year, files_by_hash, notes)
        explanations += _explained(reading, rows_of_file)
        rows += rows_of_file
        undefined += _undefined(reading, rows_of_file)
        if reading.mends:
            mended[reading.file] = Mended(reading.mends, reading.proofs)
        if reading.round > 1:
            rounds[reading.file] = reading.round
    compare_folders(rows, roster)
    settled = settle_units(rows, decided or {}, roster)
    notes += _whose_notes(rows)
    notes += map(_not_replaced, supersede(rows, mended, keys, roster, settled))
    hold_amounts(rows, settled)
    _name_instances(rows, roster)
    notes += (Note(row.file, "remark", detail=row.reason or "") for row in mark_hidden_twins(rows, settled))
    set_aside_other_years(rows, year, roster)
    set_aside_pages(rows, settled)
    versions = settle_versions(rows, settled, decided or {}, receipts)
    notes += map(_of_versions, versions)
    mark_blank_twins(rows)
    returns = typed(pd.DataFrame([row.row() for row in rows]), returns_schema)
    replaced = {row.return_id: row.replaces for row in rows if row.replaces}
    return Register(
        returns, notes, year, explanations, rounds, undefined, _labels(rows), settled, _taken(versions), replaced
    )


def _of_versions(versions: Versions) -> Note:
    newest, words = versions.newest, str(versions)
    if newest is not None and newest.file:
        words += f"。按这一轮的设置采用新的一份“{newest.file}”（{newest.evidence}）"
    elif newest is not None:
        words += f"（{newest.evidence}）"
    kind = "newest" if newest is not None and newest.file else "versions"
    return Note(versions.tables[0].return_id, kind, (versions.known_as,), words)


def _taken(versions: Iterable[Versions]) -> list[dict[str, object]]:
    """The entries of run.json for the files that count as the newest."""
    return [
        {
            "unit": undecided.tables[0].unit,
            "taken": undecided.newest.file,
            "left": [file for file in undecided.files if file != undecided.newest.file],
            "evidence": undecided.newest.evidence,
        }
        for undecided in versions
        if undecided.newest is not None and undecided.newest.file
    ]


def _whose_notes(rows: Iterable[Return]) -> Iterator[Note]:
    """How the unit of a table was concluded, what is doubtful about it, which units claim one that is held back."""
    for row in rows:
        if row.claims and row.unit is None:
            units = (claim.unit for claim in row.claims)
            yield Note(row.return_id, "claimed", tuple(code or name for code, name in units))
        elif row.counts and row.doubt:
            yield Note(row.return_id, "doubted", detail=row.doubt)
        elif row.remark:
            yield Note(row.return_id, "attributed", detail=row.remark)


def _not_replaced(unreplaced: Unreplaced) -> Note:
    return Note(unreplaced.return_id, "lacking" if unreplaced.lacking else "not_replaced", detail=unreplaced.detail)


def _labels(rows: Sequence[Return]) -> pd.DataFrame:
    """The labels that were not read by their own wording, of the tables that were received."""
    records = [
        (row.return_id, met.label, met.how, met.read_as, met.cell, "；".join(row.table.lacking))
        for row in rows
        if row.table is not None and row.status not in ("已替代", "空表")
        for met in row.table.labels
    ]
    return typed(pd.DataFrame(records, columns=list(labels_schema.columns)), labels_schema)


def file_values(reading: FileReading) -> Iterator[tuple[str, str, Values]]:
    """(return_id, sheet, values) of every table of a file."""
    for table in reading.tables:
        yield return_id(reading.file, table.sheet, table.number), table.sheet, table.values


def _explained(reading: FileReading, rows: Sequence[Return]) -> list[Explained]:
    """The 说明 of a file, by the return on whose sheet each is; those on the whole file are told by their finding."""
    ids = {row.sheet: row.return_id for row in rows if row.sheet is not None}
    return [
        Explained(
            ids.get(explanation.sheet, reading.file),
            explanation.rule,
            explanation.cell,
            explanation.text,
            explanation.finding,
            reading.file,
        )
        for explanation in reading.explanations
        if explanation.sheet in ids or explanation.finding
    ]


def _file_returns(
    reading: FileReading, roster: Roster | None, year: int | None, files_by_hash: dict[str, str], notes: list[Note]
) -> list[Return]:
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
    _find_years(rows, year)
    for row, table in zip(rows, reading.tables, strict=True):
        notes += _notes(row.return_id, table)
        if year in (None, row.year):
            notes += _year_contradicted(row, table)
    return [*rows, *_unrecognised(reading, rows, roster, year)]


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
        row.account = Account(printed=near.printed, unread=near.figures)
        row.status = "未识别" if not near.another_form and (near.resembles or not rows) else "未收录"
        row.reason = _why_unrecognised(near)
        whose = by_itself(names_of_undefined(near), row.file, roster)
        if whose.unit is not None:
            row.belongs(whose)
        year = near.head.first("year")
        row.year, row.year_source = (int(year.text), "表头") if year is not None else (None, None)
        yield row


def _undefined(reading: FileReading, rows: Sequence[Return]) -> Iterator[tuple[str, Undefined]]:
    """The tables of a file that no definition describes, and what it left of others, where the file itself counts."""
    for row in rows:
        if row.table is not None and row.table.rest is not None:
            yield row.return_id, row.table.rest
    ids = {row.return_id for row in rows}
    for near in reading.unrecognised:
        known_as = return_id(reading.file, near.sheet, near.number)
        if near.table is not None and known_as in ids:
            yield known_as, near.table


def _why_unrecognised(near: Unrecognised) -> str:
    rows = f"第{near.rows[0] + 1}—{near.rows[1] + 1}行" if near.number > 1 else ""
    title = f"（标题是“{near.other_title}”）" if near.other_title else ""
    if near.other_points:
        ending = "等" if len(near.other_points) > _MOST_LABELS else ""
        return (
            f"{sheet_in_words(near.sheet)}{rows}的标签与“{near.nearest}”相近，但印的分值不同："
            f"{'、'.join(near.other_points[:_MOST_LABELS])}{ending}，是未收录的版本，没有按其评价标准复算，只按表上写明的关系核对"
        )
    words = f"{sheet_in_words(near.sheet)}{rows}{title}有 {near.figures} 个数没有读取，"
    if near.continues:
        form = near.nearest.partition("@")[0]
        return f"{words}是{sheet_in_words(near.continues)}上“{form}”的后一部分，请与前一部分放在一起"
    if not near.missing:
        return f"{words}标签与“{near.nearest}”相同，但标题是另一种表的"
    words += f"最接近“{near.nearest}”，但找不到："
    return words + "、".join(near.missing[:_MOST_LABELS]) + ("等" if len(near.missing) > _MOST_LABELS else "")


def _table_return(reading: FileReading, table: TableReading) -> Return:
    row = Return(
        return_id=return_id(reading.file, table.sheet, table.number),
        file=reading.file,
        sha256=reading.sha256,
        table=table,
        sheet=table.sheet,
        account=table.account,
    )
    if not table.values.anything and table.account.unread < _SOME_FIGURES:  # else T-20 tells what was not read
        row.status, row.reason = "空表", "表里没有填写任何数据"
    return row


def _find_years(rows: list[Return], asked: int | None) -> None:
    for row in rows:
        table = row.table
        assert table is not None
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


def held_back(returns: pd.DataFrame, held: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The `returns` frame when checking has found tables (return_id, reason) whose amounts are in no certain unit."""
    reasons = {row.return_id: row.reason for part in held for row in part.itertuples(index=False)}
    open_ = returns["return_id"].isin(list(reasons))
    return returns.assign(
        status=returns["status"].mask(open_, AMOUNTS_OPEN),
        reason=returns["reason"].mask(open_, returns["return_id"].map(reasons).astype("str")),
        adopted=returns["adopted"] & ~open_,
    )


def _name_instances(rows: Sequence[Return], roster: Roster | None) -> None:
    """项目编码, else 项目名称 (looked up in the roster), else the n-th of its form."""
    count: Counter[tuple[object, ...]] = Counter()
    for row in rows:
        table = row.table
        if table is None or table.per != "project":
            continue
        place = (row.unit_code or row.unit or row.file, which(table), row.year, row.status == "已替代")
        count[place] += 1
        code = roster.project_code(row.unit_code, table.header_instance) if roster is not None else None
        row.instance = table.identity_instance or code or table.header_instance or f"第{count[place]}张"


def _notes(return_id: str, table: TableReading) -> list[Note]:
    values = table.values
    notes = []
    if values.as_text:
        notes.append(Note(return_id, "as_text", tuple(values.as_text)))
    if values.guessed_percent:
        notes.append(Note(return_id, "guessed_percent", tuple(values.guessed_percent)))
    notes += [Note(return_id, "unnamed", (cell,)) for cell in values.unnamed]
    for conversion in table.converted:
        texts = (conversion.cell or "", conversion.unit, conversion.against or conversion.reason)
        notes.append(
            Note(return_id, "list_in_yuan" if conversion.against else "converted", conversion.cells, "\t".join(texts))
        )
    for name in ("overwritten", "unruled", "hidden", "covered"):
        if cells := getattr(table, name):
            notes.append(Note(return_id, name, tuple(cells)))
    shown = {cell.cell: f"显示为{cell.text}" for cell in table.shown}
    contradicted = {cell.cell: f"存的是{cell.stored}，按公式是{cell.yields}" for cell in table.contradicted}
    for name, by_cell in (("shown", shown), ("contradicted", contradicted)):
        notes += [Note(return_id, name, tuple(by_cell), "\t".join(by_cell.values()))] if by_cell else []
    if not table.formulas_told:
        notes.append(Note(return_id, "formulas_untold"))
    if table.unlisted:
        notes.append(Note(return_id, "unlisted", detail=table.sheet))
    if table.altered:
        notes.append(Note(return_id, "altered", detail=_listed(table.altered, "；")))
    if table.missing:
        notes.append(Note(return_id, "missing_labels", detail=_listed(table.missing, "、")))
    if table.alike:
        notes.append(Note(return_id, "alike", detail="、".join(sorted(table.alike))))
    notes += _unread(return_id, table)
    return notes


def _unread(return_id: str, table: TableReading) -> Iterator[Note]:
    """Figures that were not read: those that the form may ask for, and the others; `detail` counts them."""
    account = table.account
    if account.own:
        heads = _listed([f"“{head}”" for head in account.own_heads], "、")
        yield Note(return_id, "unread_own", tuple(account.own), f"{len(account.own)}\t{heads}")
    covered = set(table.covered)  # told by a rule of its own
    beside = [cell for cell in account.beside if cell not in covered]
    if table.layout == "issued":
        groups = {"unread_issued": [*account.crowded, *account.in_block], "unread_outside": beside}
    else:
        asked = set(account.asked)
        unread = [*account.in_block, *beside]
        groups = {
            "unread_crowded": account.crowded,
            "unread": [cell for cell in unread if cell in asked],
            "unread_beside": [cell for cell in unread if cell not in asked],
        }
    yield from (Note(return_id, name, tuple(cells), str(len(cells))) for name, cells in groups.items() if cells)


def _listed(texts: Sequence[str], between: str) -> str:
    return between.join(texts[:_MOST_LABELS]) + (f"等{len(texts)}处" if len(texts) > _MOST_LABELS else "")


def _year_contradicted(row: Return, table: TableReading) -> list[Note]:
    """A year written in the head, or in its labels, that is not the year for which the workbook was issued."""
    labels = [(year, cell) for year, cell in table.printed_years.items() if year != row.year]
    if labels and table.header_year in (None, row.year):
        return [Note(row.return_id, "printed_year", (labels[0][1],), f"{labels[0][0]}\t{row.year}")]
    if table.header_year is None or table.header_year == row.year:
        return []
    cells = (table.year_cell,) if table.year_cell else ()
    return [Note(row.return_id, "year", cells, f"{table.header_year}\t{row.year}")]


def values_frame(tables: Iterable[tuple[str, str, Values]]) -> pd.DataFrame:
    """The `values` frame of tables given as (return_id, sheet, values)."""
    columns: dict[str, list[object]] = {name: [] for name in VALUE_COLUMNS}
    for table_name, sheet, values in tables:
        count = len(values.item)
        constants = {"return_id": [table_name] * count, "sheet": [sheet] * count}
        for name in VALUE_COLUMNS:
            columns[name] += constants.get(name) or getattr(values, name)
    # By way of Arrow: pandas looks at every text of a column before it believes that they are texts.
    rows = pa.table({name: pa.array(column, _ARROW.get(name, pa.large_string())) for name, column in columns.items()})
    return typed(rows.to_pandas(types_mapper=_PANDAS.get), values_schema)


_ARROW = {"value": pa.float64(), "decimals": pa.int8()}
_PANDAS = {pa.large_string(): pd.StringDtype("pyarrow"), pa.int8(): pd.Int8Dtype()}
