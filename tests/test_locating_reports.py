"""Reports of many parts are found by their labels: grids with their lines, titles in two rows, labels before a gap."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from gouji.ingest.read_return import TableReading, read_return
from gouji.pipeline import run
from gouji.templates.catalogue import built_in
from gouji.templates.form import Form
from gouji.templates.issued import issued_sheets
from gouji.templates.recipient import Recipient
from tests.issuing import opened
from tests.rotation import rotated
from tests.test_locating import move

UNIT = Recipient("430001", "某县财政局", "某县人民政府")
WHOLE = built_in().find("整体自评报告")
FORMS = [
    WHOLE,
    built_in().find("项目自评报告@汨罗市-2018"),
    built_in().find("项目自评报告@岳阳市-2019"),
    built_in().find("专项自评表"),
]


def fill(form: Form, path: Path, year: int = 2018) -> Path:
    """Every figure of the form and the first lines of every list, each with a value of its own."""
    sheet = issued_sheets(UNIT, [form], year)[0]
    book = opened(UNIT, form, year=year)
    page = book[sheet.name]
    number = 0
    for item, (row, column) in sheet.layout.positions.items():
        number += 1
        page.cell(row + 1, column + 1, f"文字{number}" if not form.items[item].is_figure else number)
    for list_id, slots in sheet.layout.slots.items():
        for slot in slots[:3]:
            number += 1
            page.cell(slot.name[0] + 1, slot.name[1] + 1, f"第{number}项")
            for name, (row, column) in slot.columns.items():
                figure = form.lists[list_id].columns[name].is_figure
                page.cell(row + 1, column + 1, number * 10 if figure else f"内容{number}")
    book.save(path)
    return path


def filled_values(table: TableReading) -> dict[str, tuple[float | None, str | None]]:
    values = table.values
    rows = zip(values.item, values.value, values.raw, values.state, strict=True)
    return {item: (value, raw) for item, value, raw, state in rows if state == "filled"}


@pytest.mark.in_turn("long")
@pytest.mark.parametrize("form", rotated("moved reports", FORMS, 2), ids=lambda form: form.key)
def test_a_moved_report_gives_the_same_values_as_the_issued_one(form: Form, tmp_path: Path) -> None:
    path = fill(form, tmp_path / "a.xlsx")
    (issued,) = read_return(path, path.name, built_in()).tables
    assert issued.layout == "issued"
    assert len(filled_values(issued)) > 35
    book = openpyxl.load_workbook(path)
    move(book.worksheets[1], rows=3, columns=2)
    book.save(path)
    (moved,) = read_return(path, path.name, built_in()).tables
    assert (moved.layout, moved.form, moved.edition) == ("found", form.name, form.edition)
    assert filled_values(moved) == filled_values(issued)


def by_hand(tmp_path: Path, rows: list[list[object]]) -> list[TableReading]:
    path = tmp_path / "b.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in rows:
        sheet.append(row)
    book.save(path)
    return read_return(path, path.name, built_in()).tables


REPORT: list[list[object]] = [
    ["附件2-2"],
    ["某市财政支出", None],
    ["绩效评价自评报告"],
    ["评价类型：项目实施过程评价☑ 项目完成结果评价("],
    ["项目名称  某某系统采购项目 "],
    ["部门(单位)名称：  某市财政局"],
    ["预 算 编 码：  087001"],
    ["项目负责人", None, "联络电话"],
    ["项目地址", "某街", "邮  编", "414000"],
    ["项目起止时间", "2019年7月起至 今"],
    ["计划安排资金（万元）", 10, "实际到位资金\n(万元)", 9, "实际支出 （万元）", 8, "结余（万元）", 1],
    ["其中：中央财政", None, "其中：中央财政", None, "其中：中央财政", None, "其中：中央财政"],
    ["省财政", None, "省财政", None, "省财政", None, "省财政"],
    ["市财政", 10, "市财政", 9, "市财政", 8, "市财政", 1],
    ["县市区财政", None, "县市区财政", None, "县市区财政", None, "县市区财政"],
    ["其它", None, "其它", None, "其它", None, "其它"],
    ["支出内容", "实际支出数", "会计凭证号", "备注"],
    ["设备", "5万元", "JZ-1"],
    [None],
    ["软件", 3],
    ["支出合计", "8万元"],
    ["预期目标", "实际完成"],
    ["建成", "建成"],
    ["一级指标", "二级指标", "指标内容", "指标（目标）值", "实际完成值"],
    ["项目产出指标", "数量指标", "可办率", "70%", "≥70%"],
    [None, "成本指标", "总成本", "10万元", "8万元"],
    ["绩效自评综合得分", "98分"],
    ["评价等次", "优秀"],
    ["姓名", "职称/职务", "单位", "签字"],
    ["甲", "科长", "某局"],
    ["乙", "主任", "某局"],
    ["评价组组长（签字）：      年  月  日"],
    ["填报人（签名）：甲     联系电话：0730"],
]


def test_a_report_typed_without_any_template(tmp_path: Path) -> None:
    (table,) = by_hand(tmp_path, REPORT)
    assert (table.form, table.edition) == ("财政支出项目绩效评价自评报告", "岳阳市-2019")
    assert (table.header_instance, table.header_unit) == ("某某系统采购项目", "某市财政局")
    filled = filled_values(table)
    figures = {item: value for item, (value, _) in filled.items() if value is not None}
    assert figures == {
        "项目资金.计划安排资金": 10, "项目资金.实际到位资金": 9, "项目资金.实际支出": 8, "项目资金.结余": 1,
        "市财政.计划安排资金": 10, "市财政.实际到位资金": 9, "市财政.实际支出": 8, "市财政.结余": 1,
        "设备.实际支出数": 5, "软件.实际支出数": 3, "支出合计.实际支出数": 8, "绩效自评综合得分": 98,
        "可办率.指标目标值": 0.7, "可办率.实际完成值": 0.7, "总成本.指标目标值": 10, "总成本.实际完成值": 8,
    }  # fmt: skip
    words = {item: raw for item, (_, raw) in filled.items() if raw is not None}
    assert words["预算编码"] == "087001"
    assert (words["评价等次"], words["甲.职称"], words["乙.单位"]) == ("优秀", "科长", "某局")
    assert words["填报人"] == "甲"
    assert words["填报人电话"] == "0730"
    assert "设备.会计凭证号" in words
    assert {line for line in table.values.line if line} == {"设备", "软件", "可办率", "总成本", "甲", "乙"}


@pytest.mark.parametrize(
    ("titles", "year"),
    [
        (["某市2018年度部门(单位)整体支出", "绩效评价自评报告"], 2018),
        (["2019年度部门（单位）整体支出绩效评价自评报告"], 2019),
        (["某市部门（单位）整体支出绩效评价自评报告"], None),
    ],
)
def test_the_year_stands_in_the_title(titles: list[str], year: int | None, tmp_path: Path) -> None:
    path = fill(WHOLE, tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[1]
    move(sheet, rows=1, columns=0)
    sheet.unmerge_cells("A2:H2")
    sheet["A2"] = None
    for row, title in enumerate(titles, 3 - len(titles)):
        sheet.cell(row, 1, title)
    del book["_gouji"]
    book.save(path)
    (table,) = read_return(path, path.name, built_in()).tables
    assert (table.form, table.printed_year) == (WHOLE.name, year)


def test_persons_of_a_list_appear_in_no_output(tmp_path: Path) -> None:
    by_hand(tmp_path, REPORT)
    assert {"甲.姓名", "甲.职称", "乙.单位"} <= set(run([tmp_path / "b.xlsx"]).values.frame()["item"])
    run([tmp_path / "b.xlsx"], tmp_path / "结果", only=())
    shown = pd.read_parquet(tmp_path / "结果" / "data" / "values.parquet")
    assert not set(shown["item"]) & {"甲.姓名", "甲.职称", "乙.单位", "填报人", "填报人电话", "联络电话"}
    assert {"设备.实际支出数", "评价等次", "可办率.实际完成值"} <= set(shown["item"])
