"""Tables are found where they stand: at the issued addresses, or by their labels wherever they were moved."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from gouji.ingest.read_return import FileReading, read_return
from gouji.templates.catalogue import built_in
from gouji.templates.recipient import Project, Recipient
from tests.issuing import opened

UNIT = Recipient("430001", "某县财政局", "某县人民政府", (Project("P1", "办案经费"), Project("", "设备购置")))
BASE = built_in().find("基础数据表@衡山县-2021")
PROJECT = built_in().find("自评表@湖南-2020")


def filled(path: Path, change: Callable[[openpyxl.Workbook], None] | None = None) -> FileReading:
    """An issued workbook with three figures typed in, changed as the test likes, and read back."""
    book = opened(UNIT, BASE, PROJECT)
    base = book["基础数据表"]
    base["B4"], base["D4"] = 25, 15
    base["F20"] = 10.32
    if change is not None:
        change(book)
    book.save(path)
    return read_return(path, path.name, built_in())


def figures(reading: FileReading, table: int = 0) -> dict[str, float]:
    values = reading.tables[table].values
    return {item: value for item, value in zip(values.item, values.value, strict=True) if value is not None}


@pytest.mark.in_turn("long")
def test_an_unaltered_workbook_is_taken_at_its_addresses(tmp_path: Path) -> None:
    reading = filled(tmp_path / "a.xlsx")
    base = reading.tables[0]
    assert (base.layout, base.altered, base.identity_unit, base.identity_year) == ("issued", [], "某县财政局", 2021)
    assert figures(reading) == {"编制数": 25, "实际在职人数": 15, "办公经费.本年决算数": 10.32}
    assert base.values.cell[base.values.item.index("办公经费.本年决算数")] == "F20"


@pytest.mark.in_turn("long")
def test_project_sheets_carry_their_project_and_unused_spares_are_left_out(tmp_path: Path) -> None:
    reading = filled(tmp_path / "a.xlsx")
    projects = [(table.sheet, table.identity_instance, table.header_instance) for table in reading.tables[1:]]
    assert projects == [("自评表1", "P1", "办案经费"), ("自评表2", "", "设备购置")]


def insert_rows(book: openpyxl.Workbook) -> None:
    move(book["基础数据表"], rows=3, columns=0)


def shift_columns(book: openpyxl.Workbook) -> None:
    move(book["基础数据表"], rows=0, columns=2)


def move(sheet: Worksheet, rows: int, columns: int) -> None:
    """Everything moved, as by inserted rows or columns."""
    merged = [str(area) for area in sheet.merged_cells.ranges]
    for area in merged:
        sheet.unmerge_cells(area)
    sheet.move_range(sheet.dimensions, rows=rows, cols=columns)
    for area in merged:
        moved = openpyxl.worksheet.cell_range.CellRange(area)
        moved.shift(row_shift=rows, col_shift=columns)
        sheet.merge_cells(moved.coord)


@pytest.mark.in_turn("long")
@pytest.mark.parametrize(
    ("change", "cell", "way"), [(insert_rows, "F23", "下移3行"), (shift_columns, "H20", "右移2列")]
)
def test_moved_tables_give_the_same_values_and_are_reported_as_altered(
    change: Callable[[openpyxl.Workbook], None], cell: str, way: str, tmp_path: Path
) -> None:
    reading = filled(tmp_path / "a.xlsx", change)
    base = reading.tables[0]
    assert figures(reading) == {"编制数": 25, "实际在职人数": 15, "办公经费.本年决算数": 10.32}
    assert base.values.cell[base.values.item.index("办公经费.本年决算数")] == cell
    assert base.layout == "found"
    assert base.altered == [f"原在A1等处的32个标签{way}", "已按标签现在的位置读取"]


@pytest.mark.in_turn("long")
def test_one_changed_label_is_named(tmp_path: Path) -> None:
    def rename(book: openpyxl.Workbook) -> None:
        book["基础数据表"]["A10"] = "出国费用"

    reading = filled(tmp_path / "a.xlsx", rename)
    message = "A10应为“2、出国经费”，现为“出国费用”，仍按下发的位置读取"
    assert (reading.tables[0].layout, reading.tables[0].altered) == ("issued", [message])


def test_a_sheet_of_unknown_content_is_compared_with_the_nearest_form(tmp_path: Path) -> None:
    path = tmp_path / "b.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row, label in enumerate(
        ["经费控制情况", "三公经费", "1、公务用车购置和维护经费", "2、出国经费", "3、公务接待", "项目支出："], 1
    ):
        sheet.cell(row, 1, label)
    for column, label in enumerate(["2020年决算数", "2021年预算数", "2021年决算数", "编制数", "控制率"], 2):
        sheet.cell(1, column, label)
    book.save(path)
    reading = read_return(path, path.name, built_in())
    assert reading.tables == []
    assert [part.nearest for part in reading.unrecognised] == ["部门整体支出绩效评价基础数据表@鹤城区-2020"]
    assert "公用经费" in reading.unrecognised[0].missing


def test_a_file_that_is_no_workbook_is_refused_with_a_reason(tmp_path: Path) -> None:
    path = tmp_path / "c.xlsx"
    path.write_text("单位,金额", encoding="utf-8")
    assert "不是" in str(read_return(path, path.name, built_in()).refused)
