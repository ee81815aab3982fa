"""The bureau's own table of 部门决算 figures (`--reference`): read like a return, but refused where it is not clean.

A return's disorder is the unit's and becomes findings; this table is the bureau's own standard, so whoever starts
the run is told at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from gouji.ingest.beside.confirmed import ConfirmedError, confirmed_batch, confirmed_sheet
from gouji.ingest.place import contents
from gouji.ingest.read import read_workbook
from gouji.ingest.read_return import read_return
from gouji.ingest.refusal import Refused
from gouji.ingest.register.batch import Batch, assemble, register
from gouji.ingest.register.notes import Note
from gouji.ingest.register.own_outputs import BUREAU
from gouji.templates.catalogue import Catalogue
from gouji.templates.form import Form

_MOST_CELLS = 5
_BROKEN = ["unreadable", "error", "uncalculated", "ambiguous"]


class ReferenceTableError(Exception):
    """The reference table cannot be used; the message is Chinese."""


def bureau_forms(catalogue: Catalogue) -> list[Form]:
    """The forms that the bureau fills for all units together."""
    return [form for form in catalogue.forms if form.definition.per == BUREAU]


def read_reference(path: Path, catalogue: Catalogue) -> Batch:
    """The one table of the file, or what was confirmed in a 决算取数, as a batch of one return.

    Raises FileNotFoundError, and ReferenceTableError when the file cannot be read, holds no such table or more than
    one, or has cells that are no figures, or figures that belong to no line.
    """
    path.stat()
    if (confirmed := _confirmed(path, catalogue)) is not None:
        return confirmed
    reading = read_return(path, path.name, catalogue, forms=bureau_forms(catalogue))
    if reading.refused is not None:
        raise ReferenceTableError(f"参照表 {path.name} 无法读取：{reading.refused}")
    reading.tables = [table for table in reading.tables if table.per == BUREAU]
    if len(reading.tables) != 1:
        names = "、".join(form.name for form in bureau_forms(catalogue))
        count = f"有 {len(reading.tables)} 张" if reading.tables else "没有找到"
        raise ReferenceTableError(f"参照表 {path.name} 里{count}“{names}”，应正好有一张，请使用 gouji issue 生成的表")
    _refuse_unread(path, register([reading], None, None).notes)
    batch = assemble([reading], None, None)
    _refuse_broken(path, batch.values)
    return batch


def _confirmed(path: Path, catalogue: Catalogue) -> Batch | None:
    """The confirmed rows of a 决算取数; None for any other file."""
    try:
        data = contents(path)
        sheet = confirmed_sheet(read_workbook(data, path.name))
    except Refused:
        return None
    try:
        return None if sheet is None else confirmed_batch(sheet, path, data, catalogue)
    except ConfirmedError as error:
        raise ReferenceTableError(str(error)) from error


def _refuse_unread(path: Path, notes: Sequence[Note]) -> None:
    cells = [cell for note in notes if note.kind.startswith("unread") for cell in note.cells]
    if cells:
        and_more = "等" if len(cells) > _MOST_CELLS else ""
        raise ReferenceTableError(
            f"参照表 {path.name} 的 {'、'.join(cells[:_MOST_CELLS])}{and_more}有数，但不在表内的任何一行。"
            "请填到表内的行里；行数不够的，请用 gouji issue 按名册重新生成参照表"
        )


def _refuse_broken(path: Path, values: pd.DataFrame) -> None:
    broken = values[values["state"].isin(_BROKEN) & values["list_id"].notna()]
    if len(broken):
        cells = "、".join(str(cell) for cell in broken["cell"].head(_MOST_CELLS))
        and_more = "等" if len(broken) > _MOST_CELLS else ""
        raise ReferenceTableError(f"参照表 {path.name} 的 {cells}{and_more}不是数字，请更正后再运行")
