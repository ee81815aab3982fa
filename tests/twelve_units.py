"""A round of twelve units in three departments: what each of them sends first, and what becomes of its copy."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Mapping
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import openpyxl
import xlsxwriter

from gouji.samples.fill import Entry, Number, Text, filled_parts, pack, unpacked
from gouji.samples.generating.arithmetic import AMOUNTS, YEARS, base_results
from gouji.samples.generating.delivering import deliver
from gouji.samples.generating.tables import UnitReturn
from gouji.samples.generating.units import honest_unit
from gouji.templates.addresses import cell_position
from gouji.templates.recipient import Project, Recipient
from gouji.templates.returned import ISSUES_SHEET

YEAR = 2021
BASE_SHEET = "基础数据表"
DEPARTMENTS = ("城乡建设部", "教育卫生部", "农业农村部")
UNITS = {
    "right": "平安局", "eight": "多项局", "bare": "无项局", "wrong": "误算局", "asked": "存疑局", "late": "迟报局",
    "missing": "未报局", "twice": "两份局", "word": "粘贴局", "year": "旧年局", "yuan": "以元局", "text": "文本局",
}  # fmt: skip
"""What is with a unit → its name, all of one length: one issued workbook serves for all."""
TOTAL, PART = "三公经费.本年决算数", "公务接待.本年决算数"
AGAIN, PASTED = "两份局（再次）.xlsx", "粘贴局.xlsx"
_PROJECTS = {"eight": 8, "bare": 0}
_FORMS, _LAST = (BASE_SHEET, "自评表"), 9

Change = Callable[[UnitReturn], None]


def recipient(key: str) -> Recipient:
    """The unit as the roster has it."""
    number = list(UNITS).index(key)
    code = f"4399{number + 1:05}"
    projects = (Project(f"{code}-{n:02}", f"第{n}号专项经费") for n in range(1, _PROJECTS.get(key, 1) + 1))
    return Recipient(code, UNITS[key], DEPARTMENTS[number // 4], tuple(projects))


def honest(key: str, year: int = YEAR) -> UnitReturn:
    """Its return with everything right; 评分表 is not asked for in this round."""
    unit = honest_unit(recipient(key), year, Random(f"twelve/{key}"))
    unit.delivery.left_out = frozenset({unit.sheet.form.name})
    return unit


def write_roster(path: Path) -> None:
    """名册 of the round: a row per project."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["单位编码", "单位名称", "主管部门", "项目编码", "项目名称"])
        for of in map(recipient, UNITS):
            for project in of.projects or (Project("", "无"),):
                rows.writerow([of.unit_code, of.unit, of.department, project.code, project.name])


def send(folder: Path, key: str, change: Change | None = None, name: str = "", year: int = YEAR) -> Path:
    """The unit's file in `folder`, called `name` where that is not what it was issued as; `change` is done before."""
    unit = honest(key, year)
    if change is not None:
        change(unit)
    with TemporaryDirectory() as place:
        made = deliver(unit, Path(place))
        return Path(shutil.copyfile(Path(place, made), folder / (name or made)))


def first_returns(folder: Path) -> None:
    """What has come when the bureau looks for the first time; 未报局 and 迟报局 have sent nothing."""
    for key in ("right", "eight"):
        send(folder, key)
    changes = {"bare": total_too_high, "wrong": total_too_high, "asked": grown, "yuan": in_yuan, "text": as_text}
    for key, change in changes.items():
        send(folder, key, change)
    send(folder, "twice", paid_less, AGAIN)
    send(folder, "twice")
    send(folder, "year", year=YEAR - 1)
    paste(send(folder, "word", name=PASTED))


# ---- what units do to their figures ------------------------------------------------------------------


def total_too_high(unit: UnitReturn) -> None:
    """三公经费 typed over with half a 万元 more than its parts."""
    unit.base.put(TOTAL, _total(unit) + Decimal("0.5"))


def grown(unit: UnitReturn) -> None:
    """Everything was half of it a year ago, which is to be explained."""
    for item, entry in list(unit.base.cells.items()):
        if item.endswith(f".{YEARS[0]}") and isinstance(entry, Number):
            unit.base.put(item, entry.value / 2)


def in_yuan(unit: UnitReturn) -> None:
    """Every amount is 10,000 times as large."""
    for table in (unit.base, *unit.projects):
        for item, entry in list(table.cells.items()):
            if isinstance(entry, Number) and item.rpartition(".")[2] in (*YEARS, *AMOUNTS, "预算投资", "实际投资"):
                table.put(item, entry.value * 10000)


def as_text(unit: UnitReturn) -> None:
    """公务接待 is text; the total that was typed has it."""
    total, paid = _total(unit), unit.base.figure(PART)
    unit.base.put(PART, f"{paid} ")
    unit.base.put(TOTAL, total)


def paid_less(unit: UnitReturn) -> None:
    """Another 公务接待: a version of its own."""
    unit.base.put(PART, unit.base.figure(PART) - Decimal("0.1"))


def _total(unit: UnitReturn) -> Decimal:
    return base_results(unit.base)[TOTAL] or Decimal(0)


# ---- what units do to files --------------------------------------------------------------------------


def paste(path: Path) -> None:
    """The file's forms on one plain sheet, values and merged cells only, as a table of Word comes out."""
    sheets = [page for page in openpyxl.load_workbook(path, data_only=True) if page.title.startswith(_FORMS)]
    with xlsxwriter.Workbook(path) as book:
        made, frame, down = book.add_worksheet("Sheet1"), book.add_format({"border": 1}), 0
        for sheet in sheets:
            for row in sheet.iter_rows(max_col=_LAST):
                for cell in row:
                    made.write(down + cell.row - 1, cell.column - 1, cell.value, frame)
            for merge in (merge for merge in sheet.merged_cells.ranges if merge.max_col <= _LAST):
                value = sheet.cell(merge.min_row, merge.min_col).value
                place = (down + merge.min_row - 1, merge.min_col - 1, down + merge.max_row - 1, merge.max_col - 1)
                made.merge_range(*place, "" if value is None else value, frame)
            down += sheet.max_row + 2


def mend(copy: Path, to: Path, cells: Mapping[str, Entry], words: Mapping[str, str] | None = None) -> Path:
    """A copy that the bureau gave back, with these entries in 基础数据表 and these 说明 (rule → text) in 问题."""
    with closing(openpyxl.load_workbook(copy, read_only=True)) as book:
        rows = list(book[ISSUES_SHEET].iter_rows(values_only=True))
    notes = {
        f"J{n}": Text((words or {})[row[8]]) for n, row in enumerate(rows, 1) if row[8:] and row[8] in (words or {})
    }
    by_sheet = {BASE_SHEET: cells, ISSUES_SHEET: notes}
    entries = {
        sheet: {cell_position(cell): entry for cell, entry in typed.items()}
        for sheet, typed in by_sheet.items()
        if typed
    }
    pack(filled_parts(unpacked(copy), entries), to)
    return to
