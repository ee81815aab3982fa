"""The published returns pasted from Word: every printed value at its recorded cell, torn as Word tears."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import openpyxl
import pytest

from gouji.samples.figures import load_unit
from gouji.samples.pasted import as_pasted, build_pasted, pasted_cells
from tests.audit import BASE, SELF, SHEET, UNITS, item_kinds, returns


@pytest.mark.parametrize(
    ("text", "pasted"),
    [
        ("5", (5.0, "General")),
        ("384.00", (384.0, "General")),
        ("60%", (0.6, "0%")),
        ("87.15%", (0.8715, "0.00%")),
        ("　0.64", ("　0.64", "General")),
        ("1733.634137万元", ("1733.634137万元", "General")),
        ("272.74\n\n", ("272.74\n\n", "General")),
        ("2021.6.24", ("2021.6.24", "General")),
        ("≥95%", ("≥95%", "General")),
    ],
)
def test_what_excel_makes_of_a_paste(text: str, pasted: tuple[str | float, str]) -> None:
    assert as_pasted(text) == pasted


@pytest.mark.parametrize("name", UNITS)
def test_pasted_workbook_holds_each_printed_value_at_its_cell(name: str, tmp_path: Path) -> None:
    path = build_pasted(returns(name), tmp_path)
    assert path.name == f"{name}.xlsx"
    unit, cells = load_unit(returns(name)), pasted_cells(returns(name))
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == [unit.paste.sheet, unit.paste.narrative.sheet]
    sheet = book[unit.paste.sheet]
    shared = {item for each in unit.tables for item in (*each.paste.paragraphs, "年度")}
    alone = [cell for (_, _, item), cell in cells.items() if item not in shared]
    assert [cell for cell, count in Counter(alone).items() if count > 1] == []
    for instance, each in unit.instances():
        for item, text in each.printed().items():
            held = sheet[cells[each.form, instance, item]]
            if item in shared:
                assert text in str(held.value), item
            else:
                value, code = as_pasted(text)
                assert (held.value, held.number_format) == (value, code), (instance, item)


@pytest.mark.parametrize("name", UNITS)
def test_every_item_of_a_pasted_table_has_a_cell_and_blanks_are_blank(name: str, tmp_path: Path) -> None:
    unit, cells = load_unit(returns(name)), pasted_cells(returns(name))
    sheet = openpyxl.load_workbook(build_pasted(returns(name), tmp_path)).worksheets[0]
    for instance, each in unit.instances():
        omitted = {"填表人", "填报日期", "联系电话", "单位负责人签字"} if each.paste.omit else set()
        for item in set(item_kinds(each)) - omitted:
            cell = cells[each.form, instance, item]
            if item not in each.printed() and item not in {*each.paste.paragraphs, "年度"}:
                assert sheet[cell].value is None, (instance, item)


def test_pasted_places() -> None:
    """A few cells read off the sheets by eye: odd starts, shifted columns, torn and repeated heads."""
    hengshan = pasted_cells(returns("衡山县行政审批服务局"))
    assert hengshan[SHEET, "", "在职人员控制率.得分"] == "H6"
    assert hengshan[SHEET, "", "经济效益和社会效益.分值"] == "E21"
    assert hengshan[SHEET, "", "经济效益和社会效益.得分"] == "H22"
    assert hengshan[BASE, "", "填报单位"] == "D31"
    assert hengshan[BASE, "", "政务中心运行经费.本年预算数"] == "G45"
    hecheng = pasted_cells(returns("鹤城区政务服务中心"))
    assert hecheng[BASE, "", "控制率"] == "H6"
    assert hecheng[SELF, "政务中心临聘人员工资、绩效、劳务费", "临聘工资.年度指标值"] == "F45"
    assert hecheng[SELF, "政务中心临聘人员工资、绩效、劳务费", "年度"] == "B30"


def test_pasted_sheet_is_torn_as_in_word(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(build_pasted(returns("衡山县行政审批服务局"), tmp_path)).worksheets[0]
    texts = Counter(re.sub(r"\s", "", str(cell.value or "")) for row in sheet for cell in row)
    assert (texts["过程60分"], texts["预算管理40分"], texts["一级指标"], texts["投入10分"]) == (2, 2, 3, 1)
    assert (texts["绩效指标"], texts["效益指标"], texts["生态效益指标"]) == (2, 2, 1)
    merged = {str(area) for area in sheet.merged_cells.ranges}
    assert {"B8:B16", "B18:B19", "C12:C16", "C21:C25"} <= merged
    assert [sheet.cell(row, 2).value for row in (1, 2, 3)] == [None, None, None]
    assert all(sheet.cell(14, column).value is None for column in range(1, 12))


def test_same_figures_give_the_same_bytes(tmp_path: Path) -> None:
    first = build_pasted(returns("炎陵县政务服务中心"), tmp_path / "a").read_bytes()
    assert first == build_pasted(returns("炎陵县政务服务中心"), tmp_path / "b").read_bytes()
