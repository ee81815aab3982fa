"""The outputs of a run, made from small hand-made frames: every asserted cell can be worked out from them."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal, localcontext
from pathlib import Path
from random import Random
from typing import Any

import pandas as pd
import pyarrow.dataset as ds
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from pandera.errors import SchemaError

from gouji.export import output
from gouji.export.attendance import attendance
from gouji.export.book import Size
from gouji.export.data_files import SCHEMAS, DataFiles, data_file
from gouji.export.exact import share, total, weighted_mean
from gouji.export.indicators import together
from gouji.export.output import OutputError, staged, write_outputs
from gouji.export.private import HIDDEN, _nameless, _names, without_personal
from gouji.export.results import ON_DISK, ROSTER_COLUMNS, Results
from gouji.export.sheets.findings import by_importance
from gouji.export.sheets.rules import rule_counts
from gouji.export.states import words
from gouji.export.stored import ROW_GROUP, Stored, arrow
from gouji.export.summary import write_summary
from gouji.export.tables import write_tables
from gouji.export.unit_figures import standing_apart
from gouji.ingest.frames import returns_schema, typed, values_schema
from gouji.score.frames import scores_schema, totals_schema
from gouji.templates.catalogue import built_in
from gouji.templates.exact import significant
from gouji.validate.frames import findings_schema, verdicts_schema
from tests.recalculation import converted

BASIC, PROJECT = "部门整体支出绩效评价基础数据表", "预算支出绩效自评表"
SHEETS = [
    "总览", "问题清单", "表样问题", "单位得分", "指标得分", "基础数据汇总", "项目绩效汇总", "主管部门汇总",
    "绩效指标汇总",
    "收表情况", "催报名单", "收表明细", "审核规则", "版本与依据",
]  # fmt: skip
HOSTILE = "=1+1\x07\r\n" + "长" * 40_000


def return_row(return_id: str, **columns: Any) -> dict[str, Any]:
    base = {
        "return_id": return_id, "file": f"{return_id}.xlsx", "sha256": "ab" * 32, "sheet": "Sheet1",
        "unit_source": "表头", "status": "已收", "layout": "issued", "adopted": True,
    }  # fmt: skip
    return base | columns


RETURNS = [
    return_row("a", form=BASIC, edition="衡山县-2021", unit_code="01", unit="甲局", year=2021),
    return_row("b", form=BASIC, edition="衡山县-2021", unit_code="02", unit="乙局", year=2021),
    return_row("c", form=BASIC, edition="鹤城区-2020", unit_code="03", unit="丙局", year=2021),
    return_row(
        "d", form=BASIC, edition="衡山县-2021", unit_code="02", unit="乙局", year=2021, status="已替代", adopted=False
    ),
    return_row("p", form=PROJECT, edition="湖南-2020", unit_code="01", unit="甲局", year=2021, instance="项目一"),
    return_row("q", form=PROJECT, edition="湖南-2020", unit_code="01", unit="甲局", year=2021, instance="项目二"),
    return_row("r", form=PROJECT, edition="湖南-2020", unit_code="02", unit="乙局", year=2021, instance="项目三"),
    return_row(
        "x", status="无法读取", reason="文件已加密，请去掉密码后重新报送。", adopted=False, sheet=None, layout=None
    ),
]


def figures(return_id: str, **items: float | str | None) -> list[dict[str, Any]]:
    rows = []
    for name, value in items.items():
        state = value if isinstance(value, str) else "blank" if value is None else "filled"
        number = None if isinstance(value, str) else value
        item = name.replace("__", ".")
        rows.append(
            {"return_id": return_id, "item": item, "value": number, "state": state, "sheet": "Sheet1", "cell": "B2"}
        )
    return rows


def line(
    return_id: str, name: str, group: str, target: str, actual: str, points: float, got: float
) -> list[dict[str, Any]]:
    texts = {"二级指标": group, "三级指标": name, "年度指标值": target, "实际完成值": actual}
    common = {"return_id": return_id, "list_id": "指标", "line": name, "state": "filled", "sheet": "Sheet1"}
    rows = [common | {"item": f"{name}.{column}", "raw": text} for column, text in texts.items()]
    numbers = {"分值": points, "得分": got}
    return rows + [common | {"item": f"{name}.{column}", "value": value} for column, value in numbers.items()]


VALUES = [
    *figures("a", 编制数=25, 实际在职人数=15, 控制率=0.6, 三公经费__本年决算数=0.1, 项目支出__本年决算数=28.25),
    *figures("b", 编制数=None, 实际在职人数=10, 三公经费__本年决算数=0.2, 项目支出__本年决算数="error"),
    *figures("c", 编制数=15, 实际在职人数=15, 三公经费__本年决算数=0.3, 项目支出__本年决算数=132.45),
    *figures("d", 编制数=999, 三公经费__本年决算数=999),
    *figures(
        "p", 年度资金总额__年初预算数=100.5, 年度资金总额__全年预算数=200, 年度资金总额__全年执行数=150,
        年度资金总额__执行率=0.75,
    ),
    *figures(
        "q", 年度资金总额__年初预算数=None, 年度资金总额__全年预算数=100, 年度资金总额__全年执行数=50,
        年度资金总额__执行率=0.5,
    ),
    *figures("r", 年度资金总额__年初预算数=7, 年度资金总额__全年预算数=None, 年度资金总额__全年执行数=100),
    *line("p", "办件量", "数量指标", "100件", "120件", 10, 10),
    *line("q", "办件量", "数量指标", "50件", "40件", 10, 8),
    *line("p", "满意度", "服务对象满意度指标", "90%", "100%", 10, 10),
    *line("q", "满意度", "服务对象满意度指标", "90%", "80%", 10, 9),
    *line("p", "优化环境", "生态效益指标", "明显", "明显", 10, 10),
    *line("q", "优化环境", "生态效益指标", "明显", "一般", 10, 5),
    {"return_id": "p", "item": "填表人", "raw": "某人甲", "state": "filled", "sheet": "Sheet1", "cell": "C40"},
    {"return_id": "p", "item": "主管部门", "raw": "上级局", "state": "filled", "sheet": "Sheet1", "cell": "C4"},
]  # fmt: skip
TOTALS = [
    {"return_id": "p", "self_total": 95.0, "stated_total": 95.0, "score_total": 90.0, "low": 90.0, "high": 90.0,
     "difference": 5.0, "self_grade": "优", "grade": "优", "alert": "无"},
    {"return_id": "q", "self_total": 80.1, "stated_total": 80.0, "score_total": None, "low": 60.0, "high": 85.0,
     "difference": 0.0, "self_grade": "良", "grade": None, "lowest_grade": "中", "highest_grade": "良",
     "alert": "红色预警"},
    {"return_id": "r", "self_total": 70.0, "stated_total": 70.0, "score_total": 70.0, "low": 70.0, "high": 70.0,
     "difference": 0.0, "self_grade": "中", "grade": "中", "alert": "黄色预警"},
]  # fmt: skip
SCORES = [
    {"return_id": "p", "indicator": "办件量", "label": "办件量", "points": 10.0, "self_score": 10.0, "score": 9.3,
     "low": 9.3, "high": 9.3, "difference": 0.7, "kind": "正向", "reading": "完成值÷指标值", "trace": "120件÷100件"},
    {"return_id": "q", "indicator": "优化环境", "label": "优化环境", "points": 10.0, "self_score": 5.0, "score": None,
     "low": 0.0, "high": 6.0, "difference": 0.0, "kind": "qualitative", "reason": "没有写明达成程度"},
]  # fmt: skip
VERDICTS = [
    {"return_id": "a", "rule": "G-01", "item": "三公经费.上年决算数", "verdict": "相符"},
    {"return_id": "a", "rule": "G-01", "item": "三公经费.本年决算数", "verdict": "不符"},
    {"return_id": "b", "rule": "G-01", "item": "三公经费.本年决算数", "verdict": "相符"},
    {"return_id": "p", "rule": "A-02", "item": "年度资金总额.执行率", "verdict": "尾差"},
]


def finding(finding_id: str, **columns: Any) -> dict[str, Any]:
    base = {
        "finding_id": finding_id, "layer": "表内", "severity": "强制性", "verdict": "不符", "message": "请核对。",
        "form": BASIC, "edition": "衡山县-2021", "year": 2021, "unit_code": "01", "unit": "甲局", "return_id": "a",
    }  # fmt: skip
    return base | columns


FINDINGS = [
    finding(
        "f1", rule="G-07", item="控制率", severity="核实性", difference=0.015, stated="61.50%", expected="60.00%",
    ),
    finding(
        "f2", rule="G-01", item="三公经费.本年决算数", difference=-3.5, stated="-1.5万元", expected="2万元",
        sheet="Sheet1", cell="D9", file="a.xlsx", message="三公经费应等于公务用车＋出国经费＋公务接待。",
        cause="漏加一行", basis="附件2",
    ),
    finding("f3", rule="G-02", item="公务用车.本年决算数", difference=9.0, unit_code="02", unit="乙局", return_id="b"),
    finding("f4", rule="A-S1", item="办件量.得分", form=PROJECT, edition="湖南-2020", return_id="p", severity="强制性",
            score_impact=-0.7, difference=0.7, layer="得分重算"),
    finding("f5", rule="S-01", item="三公经费变动率.分值", severity="表样问题", layer="表样", unit_code=None, unit=None,
            return_id=None, stated="8", expected="5", form="部门整体支出绩效评价指标评分表"),
    finding("f6", rule="R-03", layer="汇总", unit_code="04", unit="丁局", return_id=None, edition=None, item=""),
    finding("f7", rule="T-04", item="填表人", layer="规范性", form=PROJECT, edition="湖南-2020", return_id="p",
            stated="某人甲", message="“填表人”现为“某人甲”。", severity="提示"),
    finding("f8", rule="G-07", item="控制率", severity="提示", verdict="尾差", difference=None),
]  # fmt: skip
ROSTER = pd.DataFrame(
    [
        ["01", "甲局", "县政府", "综合股", "基础数据表；自评表", "P1", "项目一", "2022-03-31"],
        ["01", "甲局", "县政府", "综合股", "基础数据表；自评表", "P2", "项目二", "2022-03-31"],
        ["01", "甲局", "县政府", "综合股", "基础数据表；自评表", "P9", "项目九", "2022-03-31"],
        ["02", "乙局", "县政府", None, "基础数据表", None, None, None],
        ["04", "丁局", None, None, "基础数据表", None, None, None],
    ],
    columns=ROSTER_COLUMNS,
)


def results(**changed: Any) -> Results:
    made: dict[str, Any] = {
        "returns": typed(pd.DataFrame(RETURNS), returns_schema),
        "values": Stored.of(typed(pd.DataFrame(VALUES), values_schema)),
        "verdicts": Stored.of(typed(pd.DataFrame(VERDICTS), verdicts_schema)),
        "findings": typed(pd.DataFrame(FINDINGS), findings_schema),
        "scores": Stored.of(typed(pd.DataFrame(SCORES), scores_schema)),
        "totals": typed(pd.DataFrame(TOTALS), totals_schema),
        "roster": ROSTER,
        "year": 2021,
        "run": {
            "finished": "2022-04-01T10:00:00",
            "counts": {"files": 8},
            "versions": {"gouji": "0.1.0"},
            "remarks": ["名册第3行的截止日期“月底”看不出是哪一天"],
        },
    }
    return Results(built_in(), **(made | changed))


def empty_results() -> Results:
    frames = {name: typed(pd.DataFrame(columns=list(schema.columns)), schema) for name, schema in SCHEMAS.items()}
    stored = {name: Stored.of(frames.pop(name)) for name in ON_DISK}
    return Results(built_in(), **frames, **stored)


Grid = list[list[Any]]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("summary") / "汇总.xlsx"
    write_summary(results(), made)
    return made


@pytest.fixture(scope="module")
def shown(path: Path) -> dict[str, Grid]:
    """Sheet → its cached values."""
    book = load_workbook(path, data_only=True)
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}


@pytest.fixture(scope="module")
def formulas(path: Path) -> dict[str, Grid]:
    book = load_workbook(path)
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}


def row_of(grid: Grid, column: int, text: str) -> list[Any]:
    return next(row for row in grid if row[column] == text)


def item_column(grid: Grid, above: str, below: str) -> int:
    """The column of a two-line head, whose upper line is merged over several columns."""
    current = None
    for place, (upper, lower) in enumerate(zip(grid[2], grid[3], strict=True)):
        current = upper or current
        if (current, lower) == (above, below):
            return place
    raise KeyError((above, below))


def test_the_sheets_and_their_set_up(path: Path) -> None:
    book = load_workbook(path)
    assert book.sheetnames == SHEETS
    for sheet in book:
        assert sheet.page_setup.paperSize == 9
        assert sheet.page_setup.orientation == ("portrait" if sheet.title == "总览" else "landscape")
        if sheet.title != "总览":
            assert sheet.freeze_panes is not None
            assert sheet.print_title_rows in ("$3:$3", "$1:$4")  # the head; of two lines with what stands above it
    assert book["问题清单"].auto_filter.ref == "A3:AA10"


def test_no_head_is_english(shown: dict[str, Grid]) -> None:
    for name in set(SHEETS) - {"总览"}:
        heads = [cell for cell in shown[name][2] if cell is not None]
        assert heads and not [head for head in heads if head.isascii()]


def test_findings_come_in_order_of_importance(shown: dict[str, Grid]) -> None:
    rows = shown["问题清单"][3:]
    assert [row[25] for row in rows] == ["f4", "f3", "f2", "f6", "f1", "f7", "f8"]
    assert [row[0] for row in rows] == [1, 2, 3, 4, 5, 6, 7]


def test_a_finding_stands_in_typed_cells(path: Path) -> None:
    sheet = load_workbook(path)["问题清单"]
    row = next(row for row in sheet.iter_rows(min_row=4) if row[25].value == "f2")
    assert [cell.value for cell in row] == [
        3, "强制性", "不符", "甲局", "基础数据表", "Sheet1", "D9", "-1.5万元", "2万元", -3.5, None,
        "三公经费应等于公务用车＋出国经费＋公务接待。", "漏加一行", "G-01", None, None, None, None, None, None, None,
        2021, None, "附件2", "a.xlsx", "f2", row[26].value,
    ]  # fmt: skip
    assert row[26].value.count("-") == 4
    assert row[9].number_format == "#,##0.00####"
    rate = next(row for row in sheet.iter_rows(min_row=4) if row[25].value == "f1")
    assert (rate[9].value, rate[9].number_format) == (0.015, "0.00%")
    assert sheet.column_dimensions["Z"].hidden


def test_faults_of_the_form_stand_apart(shown: dict[str, Grid]) -> None:
    assert [row[9] for row in shown["表样问题"][3:]] == ["f5"]
    assert "S-01" not in {row[13] for row in shown["问题清单"][3:]}


def test_unit_scores_show_both_sides(shown: dict[str, Grid]) -> None:
    by_project = {row[5]: row[7:] for row in shown["单位得分"][3:]}
    assert by_project["项目一"] == [95, 95, 90, 5, "优", "优", "无", 90, 90]
    assert by_project["项目二"] == [80.1, 80, "60–85", "范围内", "良", "中至良，不可能为优", "红色预警", 60, 85]


def test_indicator_scores_name_kind_and_reason(shown: dict[str, Grid]) -> None:
    by_label = {row[5]: row[6:] for row in shown["指标得分"][3:]}
    assert by_label["办件量"] == [10, 10, 9.3, 0.7, "正向", "完成值÷指标值", None, "120件÷100件", 9.3, 9.3]
    assert by_label["优化环境"] == [10, 5, "0–6", "范围内", "定性分档", None, "没有写明达成程度", None, 0, 6]


def test_unit_figures_add_what_may_be_added(shown: dict[str, Grid]) -> None:
    grid = shown["基础数据汇总"]
    meals = item_column(grid, "三公经费", "本年决算数")
    staff = item_column(grid, "财政供养人员情况", "编制数")
    projects = item_column(grid, "项目支出", "本年决算数")
    rate = item_column(grid, "财政供养人员情况", "控制率")
    hall = item_column(grid, "楼堂馆所控制情况", "预算投资")
    hengshan, other, both = (row_of(grid, 2, text) for text in ("衡山县-2021 小计", "鹤城区-2020 小计", "合计"))
    assert (hengshan[meals], other[meals], both[meals]) == (0.3, 0.3, 0.6)
    assert (hengshan[staff], other[staff], both[staff]) == (25, 15, 40)
    assert (hengshan[projects], other[projects], both[projects]) == (28.25, 132.45, "口径不同")
    # 乙局 gives no 编制数, so that its 在职人数 is not in the rate either.
    assert (hengshan[rate], other[rate], both[rate]) == (0.6, 1, 0.75)
    assert (other[hall], both[hall]) == ("—", "—")
    counts = row_of(grid, 2, "已填份数（共3份）")
    assert (counts[meals], counts[staff], counts[projects]) == (3, 2, 2)


def test_blanks_stay_blank_and_errors_are_named(shown: dict[str, Grid]) -> None:
    grid = shown["基础数据汇总"]
    second = row_of(grid, 2, "乙局")
    assert second[item_column(grid, "财政供养人员情况", "编制数")] is None
    assert second[item_column(grid, "项目支出", "本年决算数")] == "错误值"
    assert [row[2] for row in grid[4:7]] == ["甲局", "乙局", "衡山县-2021 小计"]


def test_totals_are_formulas(formulas: dict[str, Grid]) -> None:
    grid = formulas["基础数据汇总"]
    meals = item_column(grid, "三公经费", "本年决算数")
    assert row_of(grid, 2, "合计")[meals] == '=IF(COUNT(K5:K6,K8)=0,"",SUM(K5:K6,K8))'
    total_row = row_of(formulas["项目绩效汇总"], 2, "合计（3个项目）")
    assert total_row[6] == '=IF(COUNT(G4:G6)=0,"",SUM(G4:G6))'


@pytest.mark.libreoffice
@pytest.mark.in_turn("totals by a spreadsheet")
def test_cached_totals_are_what_a_spreadsheet_calculates(path: Path, tmp_path: Path) -> None:
    # openpyxl keeps no cached values, so that every formula has to be calculated anew.
    load_workbook(path).save(tmp_path / "bare.xlsx")
    recalculated = load_workbook(converted([tmp_path / "bare.xlsx"], tmp_path / "done")["bare"], data_only=True)
    ours, live = load_workbook(path, data_only=True), load_workbook(path)
    compared = 0
    for sheet in live:
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"):
            cached, fresh = (book[sheet.title][cell.coordinate].value for book in (ours, recalculated))
            assert (fresh or 0) == pytest.approx(cached or 0, abs=1e-9), (sheet.title, cell.coordinate, cell.value)
            assert (fresh in (None, "")) == (cached in (None, "")), (sheet.title, cell.coordinate)
            compared += 1
    assert compared > 200


def test_what_is_not_in_the_totals_is_said(shown: dict[str, Grid]) -> None:
    remarks = [row[0] for row in shown["基础数据汇总"] if isinstance(row[0], str)]
    assert "纳入汇总3份。没有纳入1份：乙局（已替代）。" in remarks
    assert "还没有收到的单位1个：丁局。" in remarks


def test_rows_of_another_meaning_are_not_added() -> None:
    editions = [built_in().form(BASIC, "衡山县-2021"), built_in().form(BASIC, "鹤城区-2020")]
    assert standing_apart(editions) == {"项目支出", "预算调整"}
    assert standing_apart(editions[:1]) == set()


def test_projects_are_added_and_weighted(shown: dict[str, Grid]) -> None:
    grid = shown["项目绩效汇总"]
    assert grid[3][4:16] == ["项目一", 2021, 100.5, 200, 150, 0.75, 0.75, 95, 90, 90, 90, "优"]
    assert row_of(grid, 4, "项目一")[3] == "县政府"  # the roster's, whatever the table says
    assert row_of(grid, 4, "项目三")[6:11] == [7, None, 100, None, None]
    sums = row_of(grid, 2, "合计（3个项目）")
    assert sums[6:9] == [107.5, 300, 300]
    # 项目三 states no budget: neither its 100 spent nor a 0 is in the rate.
    assert sums[9] is None
    assert sums[10] == pytest.approx(200 / 300, abs=1e-12)
    assert sums[11] == pytest.approx((95 * 150 + 80.1 * 50 + 70 * 100) / 300, abs=1e-12)
    assert sums[12] == pytest.approx((90 * 150 + 70 * 100) / 250, abs=1e-12)


def test_indicators_of_several_projects_are_taken_together(shown: dict[str, Grid]) -> None:
    by_name = {row[3]: row[4:13] for row in shown["绩效指标汇总"][3:]}
    assert by_name["办件量"] == [2, "累加", "件", 150, 160, 2, None, None, "项目一、项目二"]
    assert by_name["满意度"] == [2, "加权平均", "%", 0.9, 0.95, 2, None, None, "项目一、项目二"]
    # (10/10 × 150 + 5/10 × 50) ÷ 200
    assert by_name["优化环境"] == [2, "按完成程度加权", None, None, None, None, 0.875, "达成", "项目一、项目二"]


def test_a_single_percentage_needs_no_weight() -> None:
    values = line("p", "及时率", "时效指标", "90%", "88%", 10, 10) + line(
        "p", "工资", "成本指标", "20000元", "1.5万元", 5, 5
    )
    made = together(results(values=Stored.of(typed(pd.DataFrame(values), values_schema))))
    assert [(indicator.name, indicator.unit, indicator.target, indicator.actual) for indicator in made] == [
        ("及时率", "%", 0.9, 0.88),
        ("工资", "万元", 2.0, 1.5),
    ]


def test_attendance_counts_projects(shown: dict[str, Grid]) -> None:
    made = results()
    cells = [(words(made, place, BASIC), words(made, place, PROJECT)) for place in range(4)]
    assert dict(zip([unit.name for unit in attendance(made)], cells, strict=True)) == {
        "甲局": ("退回修改 1", "未报 1，退回修改 1，通过 1"),
        "乙局": ("退回修改 1", "通过 1"),
        "丁局": ("未报 1", "未要求"),
        "丙局": ("通过 1", "未要求"),
    }
    assert row_of(shown["收表情况"], 2, "丙局")[-1] == "名册外"
    assert row_of(shown["收表情况"], 2, "甲局")[5:] == [
        "退回修改 1", "未报 1，退回修改 1，通过 1", "2022-03-31", None, None,
    ]  # fmt: skip


def test_who_owes_is_chased_office_by_office(tmp_path: Path) -> None:
    batch = results()
    batch.run["started"] = "2022-04-10T09:00:00+08:00"
    write_summary(batch, tmp_path / "x.xlsx")
    sheet = load_workbook(tmp_path / "x.xlsx")["催报名单"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
    assert {row[3]: (row[5], row[7]) for row in rows} == {
        "甲局": ("自评表1张（项目九）", 10), "丁局": ("基础数据表1张", None),
    }  # fmt: skip
    assert [page_break.id for page_break in sheet.row_breaks.brk] == [4]


def test_two_returns_without_decision_are_not_received() -> None:
    doubled = [row | {"status": "重复报送", "adopted": False} for row in RETURNS[:1] * 2]
    doubled[1] = doubled[1] | {"return_id": "a2"}
    made = results(returns=typed(pd.DataFrame(doubled), returns_schema))
    unit = next(unit for unit in attendance(made) if unit.name == "甲局")
    assert (words(made, attendance(made).index(unit), BASIC), unit.lacking(BASIC)) == ("待选 1", 0)


def test_what_writers_share_is_worked_out_once_and_anew_for_other_frames() -> None:
    made = results()
    first = attendance(made)
    assert attendance(made) is first
    made.returns = made.returns.iloc[:0]
    assert [unit.received(BASIC) for unit in first if unit.name == "乙局"] == [1]
    assert [unit.received(BASIC) for unit in attendance(made) if unit.name == "乙局"] == [0]
    assert attendance(replace(made)) is not attendance(made)


@pytest.mark.parametrize("wrong", [{"return_id": "b"}, {"status": "没有这种"}, {"file": None}])
def test_a_frame_that_breaks_its_schema_is_refused(wrong: dict[str, Any]) -> None:
    frame = pd.DataFrame([RETURNS[0] | wrong, RETURNS[1]])
    with pytest.raises(SchemaError):
        typed(frame, returns_schema)
    shaped = typed(frame.iloc[1:], returns_schema)
    assert (list(shaped.columns), shaped["adopted"].dtype) == (list(returns_schema.columns), bool)


def test_every_file_is_listed(shown: dict[str, Grid]) -> None:
    rows = shown["收表明细"][3:]
    assert [row[1] for row in rows] == [f"{name}.xlsx" for name in "abcdpqrx"]
    assert rows[7][8:11] == ["无法读取", "否", "文件已加密，请去掉密码后重新报送。"]
    assert rows[0][15:19] == [None, "下发表样", None, "ab" * 6]
    assert rows[0][19].startswith("ab" * 32 + "#")


def test_rules_are_counted_by_verdict(shown: dict[str, Grid]) -> None:
    counts = rule_counts(results())
    assert counts[BASIC, "衡山县-2021", "G-01"] == {"相符": 2, "不符": 1}
    assert counts[None, None, "R-03"] == {"不符": 1}
    row = next(row for row in shown["审核规则"] if row[0] == "G-01" and row[2] == "衡山县-2021")
    assert row[3] == "三公经费应等于公务用车购置和维护经费＋出国经费＋公务接待（各金额栏分别核对）"
    assert row[4:] == ["强制性", "表内", 2, None, 1, None]


def test_names_of_personal_cells_leave_no_sentence() -> None:
    """A report may name in its text whom the table names as 填表人; words that are no name stay."""
    values = pd.DataFrame({"return_id": ["R1", "R1", "R1"], "raw": ["张某人", "已签字", "王某 "]})
    names = _names(pd.DataFrame({"return_id": ["R1", "R2"], "file": ["a.xlsx", "b.xlsx"]}), values)
    rows = [("L-01", "a.xlsx"), ("L-06", "b.xlsx"), ("T-01", "a.xlsx")]
    findings = pd.DataFrame(rows, columns=["rule", "file"]).assign(message="“由王某、张某人负责，已签字”")
    told = _nameless(findings, names)["message"].tolist()
    assert told == [f"“由{HIDDEN}、{HIDDEN}负责，已签字”", *["“由王某、张某人负责，已签字”"] * 2]


def test_what_the_roster_should_be_looked_at_for_stands_with_the_versions(shown: dict[str, Grid]) -> None:
    remarks = [row[:3] for row in shown["版本与依据"] if row[0] == "应当留意"]
    assert remarks == [["应当留意", "名册", "名册第3行的截止日期“月底”看不出是哪一天"]]


def test_the_overview_counts(shown: dict[str, Grid]) -> None:
    grid = shown["总览"]
    assert grid[0][0] == "2021年度绩效自评收审总览"
    assert row_of(grid, 0, "收到的文件")[1] == 8
    assert row_of(grid, 0, "表内")[1:5] == [2, 1, 1, 4]
    assert [row_of(grid, 0, verdict)[1] for verdict in ("相符", "尾差", "不符", "无法核对")] == [2, 1, 1, 0]
    assert row_of(grid, 0, "良")[1:7] == [None, None, None, None, 1, 1]
    first = next(row_number for row_number, row in enumerate(grid) if str(row[0]).startswith("五、影响最大的单位"))
    ranked = [row[:4] for row in grid[first + 2 : first + 5]]
    assert ranked == [["甲局", 0.7, 2, 5], ["丁局", None, 1, 1], ["乙局", None, 1, 1]]
    links = [cell for row in grid[2:6] for cell in row if cell]
    assert links[:3] == ["问题清单", "表样问题", "单位得分"] and set(links) == set(SHEETS) - {"总览"}


def test_personal_items_leave_nowhere() -> None:
    made = results()
    values, findings = without_personal(made.returns, made.values.frame(), made.findings, built_in())
    assert "填表人" not in set(values["item"])
    row = findings.set_index("finding_id").loc["f7"]
    assert pd.isna(row["stated"]) and row["message"] == "“填表人”现为“（个人信息，不显示）”。"
    assert not [text for text in (values.to_csv(), findings.to_csv()) if "某人甲" in text]


@pytest.mark.in_turn("long")
def test_hostile_text_stays_text(tmp_path: Path) -> None:
    bad = {"unit": HOSTILE, "instance": "http://x", "item": "=A1", "stated": "-2+3", "message": HOSTILE, "file": "@x"}
    returns = [RETURNS[0] | {"unit": HOSTILE, "unit_code": "=2", "file": "+x", "edition": "=版本", "form": "=表"}]
    made = results(
        returns=typed(pd.DataFrame(returns), returns_schema),
        findings=typed(pd.DataFrame([FINDINGS[1] | bad, FINDINGS[4] | bad]), findings_schema),
        run={"=k": "=1+1", "counts": {"=x": float("nan")}},
    )
    write_outputs(made, tmp_path / "out")
    book = load_workbook(tmp_path / "out" / "汇总.xlsx")
    live = [
        cell.value
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f" and not str(cell.value).startswith(("=IF(", "=SUM(", "=COUNT("))
    ]
    assert live == []
    message = book["问题清单"]["L4"].value
    assert message.startswith("=1+1\n长") and message.endswith("（内容过长，后面的已略去）") and len(message) <= 32_767
    assert book["问题清单"]["G4"].hyperlink is None
    with (tmp_path / "out" / "findings.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[0]["stated"] == "'-2+3" and rows[0]["file"] == "'@x" and rows[0]["message"].startswith("'=1+1")
    stated = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    outputs = stated.pop("outputs")
    assert len(outputs) == 18
    assert sorted(name for name in outputs if name.endswith(".docx")) == [
        "反馈意见/01_甲局_审核反馈意见.docx", "反馈意见/02_乙局_催报通知.docx", "反馈意见/04_丁局_催报通知.docx",
    ]  # fmt: skip
    assert stated.pop("written") == ["汇总", "审核报告", "反馈意见", "退回"]
    assert stated == {"=k": "=1+1", "counts": {"=x": None}}


def test_an_infinite_difference_is_left_blank(tmp_path: Path) -> None:
    made = results(findings=typed(pd.DataFrame([FINDINGS[1] | {"difference": float("inf")}]), findings_schema))
    write_outputs(made, tmp_path / "out", ["汇总"])
    assert load_workbook(tmp_path / "out" / "汇总.xlsx")["问题清单"]["J4"].value is None
    with (tmp_path / "out" / "findings.csv").open(encoding="utf-8-sig", newline="") as file:
        assert next(csv.DictReader(file))["difference"] == ""


def test_findings_csv_has_the_columns_of_the_frame(tmp_path: Path) -> None:
    write_tables(results(), tmp_path)
    raw = (tmp_path / "findings.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbffinding_id,unit_code,unit,")
    with (tmp_path / "findings.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == list(findings_schema.columns)
    second = rows[1]
    assert (second["difference"], second["stated"], second["year"]) == ("-3.5", "'-1.5万元", "2021")
    assert rows[7]["difference"] == ""


def test_parquet_gives_the_frames_back(tmp_path: Path) -> None:
    made = results()
    write_tables(made, tmp_path)
    for name, schema in SCHEMAS.items():
        back = schema.validate(pd.read_parquet(tmp_path / "data" / f"{name}.parquet"))
        frame = getattr(made, name)
        pd.testing.assert_frame_equal(back, frame.frame() if isinstance(frame, Stored) else frame)


def test_an_empty_run_gives_a_whole_workbook(tmp_path: Path) -> None:
    write_outputs(empty_results(), tmp_path / "out", ["汇总"])
    book = load_workbook(tmp_path / "out" / "汇总.xlsx")
    whole = [*SHEETS[:5], "整体自评汇总", SHEETS[5], "整体自评报告汇总", *SHEETS[6:]]
    assert book.sheetnames == [name for name in whole if name != "催报名单"]
    assert book["问题清单"]["A4"].value == "没有发现需要处理的问题。"
    assert book["项目绩效汇总"]["A4"].value == "没有收到可以汇总的项目自评表。"
    assert book["总览"]["A2"].value == "没有收到文件；没有强制性问题；要求报送的单位都已报齐。"


@pytest.mark.in_turn("long")
def test_equal_results_give_equal_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_outputs(results(), tmp_path / name, ["汇总"])
    for file in ("汇总.xlsx", "findings.csv", "run.json", "data/values.parquet", "data/findings.parquet"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes(), file


@pytest.mark.in_turn("long")
def test_a_long_list_goes_on_on_another_sheet(tmp_path: Path) -> None:
    write_summary(results(), tmp_path / "x.xlsx", Size(sheet=3))
    book = load_workbook(tmp_path / "x.xlsx")
    parts = [book[name] for name in ("问题清单", "问题清单（续2）", "问题清单（续3）")]
    ids = [row[25] for part in parts for row in part.iter_rows(min_row=4, values_only=True)]
    assert ids == ["f4", "f3", "f2", "f6", "f1", "f7", "f8"]


def test_importance_ties_do_not_depend_on_the_order_given() -> None:
    made = results().findings
    turned = made.iloc[::-1].reset_index(drop=True)
    assert list(by_importance(made)["finding_id"]) == list(by_importance(turned)["finding_id"])


def test_a_failed_run_leaves_the_previous_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    write_outputs(results(), out, ["反馈意见"])
    before = {file: file.read_bytes() for file in out.rglob("*") if file.is_file()}

    def broken(*_: object) -> None:
        raise RuntimeError("killed")

    monkeypatch.setattr(output, "write_tables", broken)
    with pytest.raises(RuntimeError, match="killed"):
        write_outputs(empty_results(), out, ["反馈意见"])
    assert {file: file.read_bytes() for file in out.rglob("*") if file.is_file()} == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["out"]


def test_a_run_killed_while_moving_is_finished_by_the_next(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_outputs(empty_results(), out, ())
    ready = tmp_path / ".out.gouji-ready-k1"
    (ready / "data").mkdir(parents=True)
    (ready / "data" / "returns.parquet").write_text("new")
    (ready / "run.json").write_text('{"gouji": "new"}')
    output.finish_interrupted(out)
    assert (out / "run.json").read_text() == '{"gouji": "new"}'
    assert [file.read_text() for file in (out / "data").iterdir()] == ["new"]
    assert [entry.name for entry in tmp_path.iterdir()] == ["out"]


def test_other_files_in_the_folder_stay(tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / "退回").mkdir(parents=True)
    (out / "退回" / "甲局.xlsx").write_text("kept")
    write_outputs(results(), out, ["退回"])
    write_outputs(results(), out)
    assert (out / "退回" / "甲局.xlsx").read_text() == "kept"
    made = {"汇总.xlsx", "审核报告.html", "反馈意见", "findings.csv", "问题清单.csv", "data", "run.json"}
    assert {entry.name for entry in out.iterdir()} == {"退回", *made}


def test_a_place_that_cannot_be_written_is_said_in_chinese(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(OutputError, match="请先关闭"), staged(tmp_path / "out") as draft:
        (draft / "x").write_text("1")
    assert [entry.name for entry in tmp_path.iterdir()] == ["out"]


AMOUNTS = st.decimals(min_value=-(10**8), max_value=10**8, places=6, allow_nan=False, allow_infinity=False)


@given(st.lists(st.one_of(st.none(), AMOUNTS), max_size=40))
def test_sums_are_those_of_decimals(given_amounts: list[Decimal | None]) -> None:
    filled = [amount for amount in given_amounts if amount is not None]
    expected = sum(filled, Decimal(0)) if filled else None
    assert total(None if amount is None else float(amount) for amount in given_amounts) == expected


@given(st.lists(st.tuples(AMOUNTS, st.decimals(min_value=0, max_value=10**6, places=2)), max_size=20))
def test_weighted_means_are_exact(pairs: list[tuple[Decimal, Decimal]]) -> None:
    mean = weighted_mean((float(value), float(weight)) for value, weight in pairs)
    weights = sum(weight for _, weight in pairs)
    if weights == 0:
        assert mean is None
    else:
        assert mean is not None
        assert abs(mean * weights - sum(value * weight for value, weight in pairs)) < Decimal("1e-9")


def test_a_share_needs_both_sides() -> None:
    assert share([(1.0, 4.0), (None, 100.0), (5.0, None)]) == Decimal("0.25")
    assert share([(1.0, 0.0)]) is None
    assert share([(None, 2.0)]) is None


def test_arrow_takes_its_memory_from_the_system() -> None:
    """Its own pools keep what was freed; they are chosen when it is loaded, and nothing of gouji may do that before."""
    asked = "import gouji.pipeline, pyarrow; print(pyarrow.default_memory_pool().backend_name)"
    environment = {name: value for name, value in os.environ.items() if name != "ARROW_DEFAULT_MEMORY_POOL"}
    made = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, env=environment)
    assert made.stdout.strip() == "system"


def test_many_figures_are_added_as_exactly_as_few() -> None:
    random = Random(5)
    made = [round(random.uniform(-1e6, 1e6), random.randrange(9)) for _ in range(500)]
    made += [123456789012345.0, 0.1 + 0.2, 4.35e-9, -0.0]
    weights = [round(random.uniform(0, 1e8), random.randrange(9)) for _ in made]
    with localcontext(prec=60):
        pairs = [(significant(figure), significant(weight)) for figure, weight in zip(made, weights, strict=True)]
        added = sum((figure for figure, _ in pairs), Decimal(0))
        mean = sum((a * b for a, b in pairs), Decimal(0)) / sum((weight for _, weight in pairs), Decimal(0))
    assert total([*made, None]) == added
    assert weighted_mean([*zip(made, weights, strict=True), (None, 1.0), (1.0, None)]) == mean


def test_rows_of_many_groups_are_what_those_of_one_are(tmp_path: Path) -> None:
    """Whatever is asked for, of a file that is read group by group."""
    ids = [f"{number // 7:05}" for number in range(3 * ROW_GROUP)]
    items = [f"项{number % 5}" if number % 11 else None for number in range(len(ids))]
    frame = pd.DataFrame(
        {"return_id": pd.array(ids, "string"), "item": pd.array(items, "string"), "n": range(len(ids))}
    )
    Stored.of(frame).write(tmp_path / "rows.parquet")
    held, file = Stored.of(frame), Stored.from_file(tmp_path / "rows.parquet")
    assert len(file) == len(held) == len(ids)
    for among in (
        {},
        {"item": {"项3"}},
        {"return_id": {"00001", "09999", "x"}, "item": {"项1", "项2"}},
        {"item": set()},
    ):
        for columns in (None, ["n", "return_id"]):
            pd.testing.assert_frame_equal(file.frame(columns, **among), held.frame(columns, **among))
        parts = list(file.batches(["n"], **among))
        assert [n for part in parts for n in part["n"]] == held.frame(["n"], **among)["n"].tolist()


def test_a_return_is_found_in_few_of_the_rows(tmp_path: Path) -> None:
    ids = [f"{number:05}.xlsx#表#1" for number in range(1000) for _ in range(100)]
    rows = Stored.of(pd.DataFrame({"return_id": pd.Series(ids, dtype="string"), "place": range(len(ids))}))
    files = DataFiles(tmp_path, ["values"])
    files.add("values", arrow(rows.frame()))
    files.close()
    rows.write(tmp_path / "rows.parquet")
    for path in (data_file(tmp_path, "values"), tmp_path / "rows.parquet"):
        (fragment,) = ds.dataset(path).get_fragments()
        groups = fragment.split_by_row_group(ds.field("return_id").isin([ids[50_000]]))
        assert [row.num_rows for group in groups for row in group.row_groups] == [ROW_GROUP]
        assert Stored.from_file(path).frame(return_id={ids[50_000]})["place"].tolist() == list(range(50_000, 50_100))
