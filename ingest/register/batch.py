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

_MOST_LABELS = 8
"""Labels that are named where more of them are concerned."""
_OF_RECORD, _OF_LABELS, _OF_OTHERS, _OF_SHEET, _OF_FILE = "标识页", "表内标签", "同一文件的其他表", "工作表名", "文件名"
TOLD_BY_THE_FILE = frozenset((_OF_RECORD, _OF_LABELS, _OF_OTHERS, _OF_SHEET, _OF_FILE))
"""What tells the year of a table that leaves it blank, apart from what the batch was asked for (`year_source`)."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something that reading noticed about a return: what, in which cells, and in which words."""

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
    found: list[Return] = []
    told: list[Explained] = []
    seen: dict[str, str] = {}
    mended: dict[str, Mended] = {}
    rounds: dict[str, int] = {}
    undefined: list[tuple[str, Undefined]] = []
    for reading in readings:
        own = _file_returns(reading, roster, year, seen, notes)
        told += _explained(reading, own)
        found += own
        undefined += _undefined(reading, own)
        if reading.mends:
            mended[reading.file] = Mended(reading.mends, reading.proofs)
        if reading.round > 1:
            rounds[reading.file] = reading.round
    compare_folders(found, roster)
    settled = settle_units(found, decided or {}, roster)
    notes += _whose_notes(found)
    notes += map(_not_replaced, supersede(found, mended, keys, roster, settled))
    hold_amounts(found, settled)
    _name_instances(found, roster)
    notes += (Note(one.file, "remark", detail=one.reason or "") for one in mark_hidden_twins(found, settled))
    set_aside_other_years(found, year, roster)
    set_aside_pages(found, settled)
    versions = settle_versions(found, settled, decided or {}, receipts)
    notes += map(_of_versions, versions)
    mark_blank_twins(found)
    returns = typed(pd.DataFrame([one.row() for one in found]), returns_schema)
    replaced = {one.return_id: one.replaces for one in found if one.replaces}
    return Register(returns, notes, year, told, rounds, undefined, _labels(found), settled, _taken(versions), replaced)


def _of_versions(one: Versions) -> Note:
    newest, told = one.newest, str(one)
    if newest is not None and newest.file:
        told += f"。按这一轮的设置采用新的一份“{newest.file}”（{newest.evidence}）"
    elif newest is not None:
        told += f"（{newest.evidence}）"
    kind = "newest" if newest is not None and newest.file else "versions"
    return Note(one.tables[0].return_id, kind, (one.known_as,), told)


def _taken(versions: Iterable[Versions]) -> list[dict[str, object]]:
    """What is stated of the files that count as the newest."""
    return [
        {
            "unit": one.tables[0].unit,
            "taken": one.newest.file,
            "left": [file for file in one.files if file != one.newest.file],
            "evidence": one.newest.evidence,
        }
        for one in versions
        if one.newest is not None and one.newest.file
    ]


def _whose_notes(found: Iterable[Return]) -> Iterator[Note]:
    """How the unit of a table was concluded, what is doubtful about it, which units claim one that is held back."""
    for one in found:
        if one.claims and one.unit is None:
            units = (claim.unit for claim in one.claims)
            yield Note(one.return_id, "claimed", tuple(code or name for code, name in units))
        elif one.counts and one.doubt:
            yield Note(one.return_id, "doubted", detail=one.doubt)
        elif one.remark:
            yield Note(one.return_id, "attributed", detail=one.remark)


def _not_replaced(one: Unreplaced) -> Note:
    return Note(one.return_id, "lacking" if one.lacking else "not_replaced", detail=one.detail)


def _labels(found: Sequence[Return]) -> pd.DataFrame:
    """The labels that were not read by their own wording, of the tables that were received."""
    rows = [
        (one.return_id, met.label, met.how, met.read_as, met.cell, "；".join(one.table.lacking))
        for one in found
        if one.table is not None and one.status not in ("已替代", "空表")
        for met in one.table.labels
    ]
    return typed(pd.DataFrame(rows, columns=list(labels_schema.columns)), labels_schema)


def file_values(reading: FileReading) -> Iterator[tuple[str, str, Values]]:
    """(return_id, sheet, values) of every table of a file."""
    for table in reading.tables:
        yield return_id(reading.file, table.sheet, table.number), table.sheet, table.values


def _explained(reading: FileReading, found: Sequence[Return]) -> list[Explained]:
    """The 说明 of a file, by the return on whose sheet each is; those on the whole file are told by their finding."""
    ids = {one.sheet: one.return_id for one in found if one.sheet is not None}
    return [
        Explained(ids.get(one.sheet, reading.file), one.rule, one.cell, one.text, one.finding, reading.file)
        for one in reading.explanations
        if one.sheet in ids or one.finding
    ]


def _file_returns(
    reading: FileReading, roster: Roster | None, year: int | None, seen: dict[str, str], notes: list[Note]
) -> list[Return]:
    whole = Return(file_id(reading.file), reading.file, reading.sha256)
    if reading.refused is not None:
        _not_read(whole, reading, roster)
        return [whole]
    if reading.ours:
        whole.status, whole.reason = OURS, f"这是{reading.ours}，不是单位的报表，没有读取"
        return [whole]
    if reading.document and (status := document_apart(reading)) != ("", ""):
        whole.status, whole.reason = status
        if whole.status == ATTACHED:
            whole.belongs(by_place(reading.file, roster))
        return [whole]
    if reading.sha256 in seen:
        whole.status, whole.reason = "重复文件", f"与“{seen[reading.sha256]}”内容完全相同"
        return [whole]
    seen[reading.sha256] = reading.file
    notes += [Note(reading.file, "remark", detail=remark) for remark in reading.notes]
    notes += [Note(reading.file, "no_projects")] if reading.no_projects else []
    if not reading.tables and not reading.unrecognised:
        whole.status, whole.reason = "未识别", "文件里没有找到任何一张已知的表"
        return [whole]
    found = [_table_return(reading, table) for table in reading.tables]
    for one, whose in zip(found, whose_tables(reading, roster), strict=True):
        one.belongs(whose)
    _find_years(found, year)
    for one, table in zip(found, reading.tables, strict=True):
        notes += _notes(one.return_id, table)
        if year in (None, one.year):
            notes += _year_contradicted(one, table)
    return [*found, *_unrecognised(reading, found, roster, year)]


def _not_read(whole: Return, reading: FileReading, roster: Roster | None) -> None:
    """A file that could not be read: of the bureau's own, no return at all, or a broken one; its name tells whose."""
    status, why = no_return(reading.file)
    if not reading.unseen and (own := own_output_named(reading.file)):
        whole.status, whole.reason = OURS, f"这是{own}，不是单位的报表，没有读取"
        return
    if reading.unseen or reading.quarantined or not status:
        status = reading.unseen or ("已隔离" if reading.quarantined else "无法读取")
        why = reading.refused or ""
    whole.status, whole.reason = status, why or reading.refused
    if roster is not None:
        whole.belongs(by_place(reading.file, roster))


def _unrecognised(
    reading: FileReading, found: Sequence[Return], roster: Roster | None, asked: int | None
) -> list[Return]:
    """What is no known table: whose and of which year it says it is, else as the other tables of its file."""
    rest = list(_no_known_tables(reading, found, roster))
    years = [one.year for one in (*found, *rest) if one.year is not None]
    known = next((one for one in (*found, *rest) if one.unit is not None), None)
    for one in rest:
        if one.unit is None and known is not None:
            one.belongs(Whose() if known.claims else Whose(known.unit_code, known.unit, OTHER_TABLE))
        elif one.unit is None:
            one.belongs(by_place(one.file, roster))
        if one.year is None:
            one.year, one.year_source = _year_elsewhere(one, years, asked)
    return rest


def _no_known_tables(reading: FileReading, found: Sequence[Return], roster: Roster | None) -> Iterator[Return]:
    for near in reading.unrecognised:
        one = Return(return_id(reading.file, near.sheet, near.number), reading.file, reading.sha256, sheet=near.sheet)
        one.account = Account(printed=near.printed, unread=near.figures)
        one.status = "未识别" if not near.another_form and (near.resembles or not found) else "未收录"
        one.reason = _why_unrecognised(near)
        own = by_itself(names_of_undefined(near), one.file, roster)
        if own.unit is not None:
            one.belongs(own)
        told = near.head.first("year")
        one.year, one.year_source = (int(told.text), "表头") if told is not None else (None, None)
        yield one


def _undefined(reading: FileReading, own: Sequence[Return]) -> Iterator[tuple[str, Undefined]]:
    """The tables of a file that no definition describes, and what it left of others, where the file itself counts."""
    for one in own:
        if one.table is not None and one.table.rest is not None:
            yield one.return_id, one.table.rest
    ids = {one.return_id for one in own}
    for near in reading.unrecognised:
        known_as = return_id(reading.file, near.sheet, near.number)
        if near.table is not None and known_as in ids:
            yield known_as, near.table


def _why_unrecognised(near: Unrecognised) -> str:
    rows = f"第{near.rows[0] + 1}—{near.rows[1] + 1}行" if near.number > 1 else ""
    title = f"（标题是“{near.other_title}”）" if near.other_title else ""
    if near.other_points:
        more = "等" if len(near.other_points) > _MOST_LABELS else ""
        return (
            f"{sheet_in_words(near.sheet)}{rows}的标签与“{near.nearest}”相近，但印的分值不同："
            f"{'、'.join(near.other_points[:_MOST_LABELS])}{more}，是未收录的版本，没有按其评价标准复算，只按表上写明的关系核对"
        )
    told = f"{sheet_in_words(near.sheet)}{rows}{title}有 {near.figures} 个数没有读取，"
    if near.continues:
        form = near.nearest.partition("@")[0]
        return f"{told}是{sheet_in_words(near.continues)}上“{form}”的后一部分，请与前一部分放在一起"
    if not near.missing:
        return f"{told}标签与“{near.nearest}”相同，但标题是另一种表的"
    told += f"最接近“{near.nearest}”，但找不到："
    return told + "、".join(near.missing[:_MOST_LABELS]) + ("等" if len(near.missing) > _MOST_LABELS else "")


def _table_return(reading: FileReading, table: TableReading) -> Return:
    one = Return(
        return_id=return_id(reading.file, table.sheet, table.number),
        file=reading.file,
        sha256=reading.sha256,
        table=table,
        sheet=table.sheet,
        account=table.account,
    )
    if not table.values.anything:
        one.status, one.reason = "空表", "表里没有填写任何数据"
    return one


def _find_years(found: list[Return], asked: int | None) -> None:
    for one in found:
        table = one.table
        assert table is not None
        told = ((table.identity_year, _OF_RECORD), (table.header_year, "表头"), (table.printed_year, _OF_LABELS))
        one.year, one.year_source = next(((year, source) for year, source in told if year), (None, None))
    others = [one.year for one in found if one.year is not None]
    for one in found:
        if one.year is None:
            one.year, one.year_source = _year_elsewhere(one, others, asked)


def _year_elsewhere(one: Return, others: Sequence[int], asked: int | None) -> tuple[int | None, str | None]:
    """The year of a table that does not say it: of the file's other tables, of the batch, in the file's own name."""
    if others:
        return others[0], _OF_OTHERS
    if asked is not None:
        return asked, "本批年度"
    for text in (one.sheet or "", one.file.rpartition("/")[2]):
        years = set(re.findall(r"(?<!\d)(?:19|20)\d{2}(?=年)", squeezed(text)))
        if len(years) == 1:
            return int(years.pop()), _OF_SHEET if text == one.sheet else _OF_FILE
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


def _name_instances(found: Sequence[Return], roster: Roster | None) -> None:
    """项目编码, else 项目名称 (looked up in the roster), else the n-th of its form."""
    count: Counter[tuple[object, ...]] = Counter()
    for one in found:
        table = one.table
        if table is None or table.per != "project":
            continue
        place = (one.unit_code or one.unit or one.file, which(table), one.year, one.status == "已替代")
        count[place] += 1
        code = roster.project_code(one.unit_code, table.header_instance) if roster is not None else None
        one.instance = table.identity_instance or code or table.header_instance or f"第{count[place]}张"


def _notes(return_id: str, table: TableReading) -> list[Note]:
    values = table.values
    found = []
    if values.as_text:
        found.append(Note(return_id, "as_text", tuple(values.as_text)))
    if values.guessed_percent:
        found.append(Note(return_id, "guessed_percent", tuple(values.guessed_percent)))
    found += [Note(return_id, "unnamed", (cell,)) for cell in values.unnamed]
    for one in table.converted:
        told = (one.cell or "", one.unit, one.against or one.reason)
        found.append(Note(return_id, "list_in_yuan" if one.against else "converted", one.cells, "\t".join(told)))
    for kind in ("overwritten", "unruled", "hidden", "covered"):
        if cells := getattr(table, kind):
            found.append(Note(return_id, kind, tuple(cells)))
    shown = {one.cell: f"显示为{one.text}" for one in table.shown}
    contradicted = {one.cell: f"存的是{one.stored}，按公式是{one.yields}" for one in table.contradicted}
    for kind, said in (("shown", shown), ("contradicted", contradicted)):
        found += [Note(return_id, kind, tuple(said), "\t".join(said.values()))] if said else []
    if not table.formulas_told:
        found.append(Note(return_id, "formulas_untold"))
    if table.unlisted:
        found.append(Note(return_id, "unlisted", detail=table.sheet))
    if table.altered:
        found.append(Note(return_id, "altered", detail=_listed(table.altered, "；")))
    if table.missing:
        found.append(Note(return_id, "missing_labels", detail=_listed(table.missing, "、")))
    if table.alike:
        found.append(Note(return_id, "alike", detail="、".join(sorted(table.alike))))
    found += _unread(return_id, table)
    return found


def _unread(return_id: str, table: TableReading) -> Iterator[Note]:
    """Figures that were not read: those that the form may ask for, and the others; `detail` counts them."""
    account = table.account
    if account.own:
        heads = _listed([f"“{head}”" for head in account.own_heads], "、")
        yield Note(return_id, "unread_own", tuple(account.own), f"{len(account.own)}\t{heads}")
    covered = set(table.covered)  # told by a rule of its own
    beside = [cell for cell in account.beside if cell not in covered]
    if table.layout == "issued":
        told = {"unread_issued": [*account.crowded, *account.in_block], "unread_outside": beside}
    else:
        asked = set(account.asked)
        own = [*account.in_block, *beside]
        told = {
            "unread_crowded": account.crowded,
            "unread": [cell for cell in own if cell in asked],
            "unread_beside": [cell for cell in own if cell not in asked],
        }
    yield from (Note(return_id, kind, tuple(cells), str(len(cells))) for kind, cells in told.items() if cells)


def _listed(texts: Sequence[str], between: str) -> str:
    return between.join(texts[:_MOST_LABELS]) + (f"等{len(texts)}处" if len(texts) > _MOST_LABELS else "")


def _year_contradicted(one: Return, table: TableReading) -> list[Note]:
    """A year written in the head, or in its labels, that is not the year for which the workbook was issued."""
    labels = [(year, cell) for year, cell in table.printed_years.items() if year != one.year]
    if labels and table.header_year in (None, one.year):
        return [Note(one.return_id, "printed_year", (labels[0][1],), f"{labels[0][0]}\t{one.year}")]
    if table.header_year is None or table.header_year == one.year:
        return []
    cells = (table.year_cell,) if table.year_cell else ()
    return [Note(one.return_id, "year", cells, f"{table.header_year}\t{one.year}")]


def values_frame(tables: Iterable[tuple[str, str, Values]]) -> pd.DataFrame:
    """The `values` frame of tables given as (return_id, sheet, values)."""
    columns: dict[str, list[object]] = {name: [] for name in VALUE_COLUMNS}
    for one, sheet, values in tables:
        count = len(values.item)
        told = {"return_id": [one] * count, "sheet": [sheet] * count}
        for name in VALUE_COLUMNS:
            columns[name] += told.get(name) or getattr(values, name)
    # By way of Arrow: pandas looks at every text of a column before it believes that they are texts.
    rows = pa.table({name: pa.array(column, _ARROW.get(name, pa.large_string())) for name, column in columns.items()})
    return typed(rows.to_pandas(types_mapper=_PANDAS.get), values_schema)


_ARROW = {"value": pa.float64(), "decimals": pa.int8()}
_PANDAS = {pa.large_string(): pd.StringDtype("pyarrow"), pa.int8(): pd.Int8Dtype()}
