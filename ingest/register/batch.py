"""The readings of many files → the `returns` and `values` frames: whose return each is, for which year and project."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import pandas as pd
import pyarrow as pa

from gouji.ingest.frames import (
    AMOUNTS_OPEN,
    VALUE_COLUMNS,
    labels_schema,
    typed,
    values_schema,
)
from gouji.ingest.locating.undefined import Undefined
from gouji.ingest.read_return import FileReading
from gouji.ingest.register.file_rows import file_rows, undefined_tables
from gouji.ingest.register.notes import Note, not_replaced_note, versions_note, whose_notes
from gouji.ingest.register.receipts import Receipts
from gouji.ingest.register.return_row import Return, return_id, returns_frame, which
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
from gouji.ingest.register.superseded import Mended, supersede
from gouji.ingest.roster import Roster
from gouji.ingest.values import Values


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
        rows_of_file = file_rows(reading, roster, year, files_by_hash, notes)
        explanations += _explained(reading, rows_of_file)
        rows += rows_of_file
        undefined += undefined_tables(reading, rows_of_file)
        if reading.mends:
            mended[reading.file] = Mended(reading.mends, reading.proofs)
        if reading.round > 1:
            rounds[reading.file] = reading.round
    compare_folders(rows, roster)
    settled = settle_units(rows, decided or {}, roster)
    notes += whose_notes(rows)
    notes += map(not_replaced_note, supersede(rows, mended, keys, roster, settled))
    hold_amounts(rows, settled)
    _name_instances(rows, roster)
    notes += (Note(row.file, "remark", detail=row.reason or "") for row in mark_hidden_twins(rows, settled))
    set_aside_other_years(rows, year, roster)
    set_aside_pages(rows, settled)
    versions = settle_versions(rows, settled, decided or {}, receipts)
    notes += map(versions_note, versions)
    mark_blank_twins(rows)
    returns = returns_frame(rows)
    replaced = {row.return_id: row.replaces for row in rows if row.replaces}
    return Register(
        returns, notes, year, explanations, rounds, undefined, _labels(rows), settled, _taken(versions), replaced
    )


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
