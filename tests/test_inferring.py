"""Tables that no definition describes: what ties their figures is inferred, and told only where nothing else fits."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from openpyxl import Workbook

from gouji.ingest.grid import Sheet
from gouji.ingest.locating.undefined import read_undefined
from gouji.ingest.read import read_workbook
from gouji.samples.generate import WORKBOOKS, generate
from gouji.validate.findings import Origin
from gouji.validate.inferring.inferred import inferred_findings
from tests.measure_inferred import measure

FUNDS: list[list[object]] = [
    ["某县项目资金情况表", None, None, None, None, None, None],
    ["资金来源", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"],
    ["年度资金总额", 100, 120, 90, 10, "75%", 7.5],
    ["其中：财政拨款", 80, 90, 72, None, "80%", None],
    ["自筹资金", 20, 30, 18, None, "60%", None],
]
TURNED: list[list[object]] = [
    ["某县项目资金情况表", None, None, None],
    ["项目", "年度资金总额", "其中：财政拨款", "自筹资金"],
    ["年初预算数", 100, 80, 20],
    ["全年预算数", 120, 90, 30],
    ["全年执行数", 90, 72, 18],
    ["执行率", "75%", "80%", "60%"],
]
LINES: list[list[object]] = [
    ["一级指标", "三级指标", "年度指标值", "实际完成值", "权重", None, "得分"],
    ["产出指标", "里程", "≥10公里", "10公里", 50, None, 48],
    ["产出指标", "合格率", "≥95%", "96%", 30, None, 30],
    ["效益指标", "满意度", "≥90%", "95%", 10, None, 10],
    ["合计", None, None, None, 100, None, 95.5],
]
SPENDING: list[list[object]] = [
    ["支出内容", "计划数（元）", "实际支出数（元）"],
    ["设备", 1000.5, 900.25],
    ["培训", 500, 400],
    ["合计", 1500.5, 1300.25],
]
SOURCES: list[list[object]] = [
    ["资金来源", "计划数", "到位数", "到位率", "支出数", "支付率"],
    ["年度资金总额：", 350, 340, "97.14%", 290, "85.29%"],
    ["其中：中央", 200, 200, "100%", 180, "90%"],
    ["省级", 100, 90, "90%", 70, "77.78%"],
    ["县级", 50, 50, "100%", 40, "80%"],
]
SECTIONS: list[list[object]] = [
    ["一级指标", "分值", "二级指标", "分值", "评分标准", "自评得分"],
    ["决策", 10, "立项", 6, "依据充分", 6],
    [None, None, "目标", 4, "目标明确", 3],
    ["产出", 90, "数量", 50, "按比例", 45],
    [None, None, "质量", 40, "按比例", 40],
    ["总分", None, None, 100, None, 94],
]
BEHIND: list[list[object]] = [
    ["一级指标", "二级指标", "评分及标准", "自评分"],
    ["投入（20分）", "目标合理性（8分）", "目标明确，得8分", 8],
    [None, "预算编制（12分）", "编制科学，得12分", 10],
    ["产出（80分）", "完成率（80分）", "按比例得分", 76],
    ["总分", None, None, 94],
]
SET_IN: list[list[object]] = [
    ["项目", "预算数", "支出数", "执行率"],
    ["项目一", 100, 95, "95%"],
    ["　办公费", 40, 38, "95%"],
    ["　劳务费", 60, 57, "95%"],
    ["项目二", 50, 25, "50%"],
    ["平均", 75, 60, "80%"],
    ["合计", 150, 120, "80%"],
]
WEIGHTED: list[list[object]] = [
    ["指标", "权重", "评分", "加权得分"],
    ["立项", 0.2, 90, 18],
    ["管理", 0.3, 95, 28.5],
    ["产出", 0.5, 98, 49],
    ["合计", 1, None, 95.5],
]
DEDUCTED: list[list[object]] = [
    ["一级指标", "三级指标", "标准分", "扣分", "得分", "扣分原因"],
    ["投入", "在职人员控制率", 10, 0, 10],
    ["过程", "预算完成率", 20, 1.5, 18.5],
    [None, "资产管理安全性", 30, 2, 28],
    ["产出", "办结率", 20, 0, 20],
    ["效果", "满意度", 20, 1, 19],
    ["总分", None, 100, 4.5, 95.5],
]
SUBTOTALS: list[list[object]] = [
    ["一级指标", "二级指标", "分值", "得分", "得分率"],
    ["投入", "目标设定", 10, 9, "90%"],
    [None, "预算配置", 10, 10, "100%"],
    ["投入小计", None, 20, 19, "95%"],
    ["过程", "预算执行", 40, 38, "95%"],
    [None, "预算管理", 40, 40, "100%"],
    ["过程小计", None, 80, 78, "97.5%"],
    ["总计", None, 100, 97, "97%"],
]
REVIEWED: list[list[object]] = [
    ["指标", "标准分值", "自评得分", "复核得分", "备注"],
    ["项目立项", 20, 19, 18],
    ["资金管理", 30, 30, 30],
    ["产出", 30, 29, 28],
    ["效益", 20, 19, 19],
    ["总分", 100, 97, 95],
]
BONUS: list[list[object]] = [
    ["考核内容", "标准分", "加分", "扣分", "实得分"],
    ["党建", 20, 0, 1, 19],
    ["业务", 60, 2, 0, 62],
    ["作风", 20, 0, 0, 20],
    ["合计", 100, 2, 1, 101],
]
STANDARD: list[list[object]] = [
    ["指标", "目标值", "完成值", "权重（%）", "自评得分", "评分说明"],
    ["预算执行率", "100%", "95%", 10, 9.5],
    ["加固长度（km）", 3.2, 3.2, 40, 40],
    ["验收合格率", "100%", "100%", 50, 50],
    ["合计", None, None, 100, 99.5],
]
TOTAL_SCORED: list[list[object]] = [
    ["资金类型", "预算数", "执行数", "执行率", "分值", "得分"],
    ["基本支出", 500, 490, 0.98],
    ["项目支出", 300, 285, 0.95],
    ["合计", 800, 775, 0.9688, 10, 9.69],
]
PAIRS: list[list[object]] = [
    ["项目负责人", "某某", "联系人", "某某"],
    ["计划安排资金（万元）", 100, "实际到位资金（万元）", 90],
    ["其中：中央财政", 60, "其中：中央财政", 60],
    ["省财政", 40, "省财政", 30],
]
SIDES: list[list[object]] = [
    ["年度预算申请", "全年预算数", "全年执行数"],
    ["年度资金总额", 2030.12, 2030.12],
    [None, "按收入性质分：2030.12", "按支出性质分：2030.12"],
    [None, "其中：一般公共预算：1325.68", "其中：基本支出：1004.92"],
    [None, "其他资金：704.44", "项目支出：1025.20"],
]


def sheet(rows: list[list[object]], changes: Mapping[str, object], folder: Path) -> Sheet:
    """The rows on a plain sheet, with some cells changed."""
    book = Workbook()
    page = book.active
    assert page is not None
    for row in rows:
        page.append(row)
    for cell, value in changes.items():
        page[cell] = value
    book.save(folder / "表.xlsx")
    return read_workbook((folder / "表.xlsx").read_bytes(), "表.xlsx").sheets[0]


def inferred(rows: list[list[object]], changes: Mapping[str, object], folder: Path) -> list[tuple[str, str | None]]:
    """Rule and cell of everything that is told."""
    page = sheet(rows, changes, folder)
    table = read_undefined(page, 0, page.height - 1)
    return [(finding.rule, finding.cell) for finding in inferred_findings(table, Origin())]


@pytest.mark.parametrize(
    "rows",
    [
        FUNDS + LINES,
        TURNED,
        SPENDING,
        SOURCES,
        SECTIONS,
        BEHIND,
        SET_IN,
        WEIGHTED,
        PAIRS,
        SIDES,
        DEDUCTED,
        STANDARD,
        TOTAL_SCORED,
        SUBTOTALS,
        REVIEWED,
        BONUS,
    ],
)
def test_nothing_is_told_of_tables_that_tie(rows: list[list[object]], tmp_path: Path) -> None:
    assert inferred(rows, {}, tmp_path) == []


CHANGED: list[tuple[list[list[object]], dict[str, object], list[tuple[str, str]]]] = [
    (FUNDS, {"B4": 81}, [("U-01", "B3")]),  # a sum that holds in the other columns
    (FUNDS, {"F5": "50%"}, [("U-02", "F5")]),  # a rate that is right in the other rows
    (FUNDS, {"G3": 9}, [("U-03", "G3")]),  # the score of the row of the money
    (FUNDS, {"D5": 31, "D3": 103, "F3": "85.83%", "F5": "103.33%", "G3": 8.58}, [("U-04", "D5")]),
    (FUNDS + LINES, {"G7": 49}, [("U-03", "G10")]),  # the points add up, the scores do not
    (FUNDS + LINES, {"G8": 31, "G10": 96.5}, [("U-03", "G8")]),
    (FUNDS + LINES, {"E7": 60, "E10": 110}, [("U-03", "E10")]),
    (TURNED, {"C6": "70%"}, [("U-02", "C6")]),
    (TURNED, {"D5": 31, "D6": "103.33%", "B5": 103, "B6": "85.83%"}, [("U-04", "D5")]),
    (TURNED, {"C4": 95, "C6": "75.79%"}, [("U-01", "B4")]),
    (SPENDING, {"C2": 901.25}, [("U-01", "C4")]),
    (SOURCES, {"B4": 210, "D4": "42.86%"}, [("U-01", "B2")]),  # a total whose label ends in a colon
    (SOURCES, {"F4": "70%", "F5": "81%"}, [("U-02", "F5")]),  # 支出 ÷ 计划 or ÷ 到位: F4 may be either, F5 is neither
    (SECTIONS, {"D3": 5, "D6": 101}, [("U-03", "B2"), ("U-03", "D6")]),
    (SECTIONS, {"F5": 41, "F6": 95}, [("U-03", "F5")]),
    (BEHIND, {"D3": 13, "D5": 97}, [("U-03", "D3")]),  # points that stand in the label only
    (DEDUCTED, {"E4": 32}, [("U-03", "E4"), ("U-03", "E4"), ("U-03", "E7")]),  # added instead of deducted
    (DEDUCTED, {"E4": 27, "E7": 94.5}, [("U-03", "E4")]),
    (DEDUCTED, {"D3": -1.5, "D4": -2, "D6": -1, "D7": -4.5}, []),
    (DEDUCTED, {"D7": 5.5}, [("U-03", "D7")]),
    (SUBTOTALS, {"D4": 18}, [("U-03", "D4")]),
    (REVIEWED, {"D6": 96}, [("U-03", "D6")]),
    (BONUS, {"E3": 60}, [("U-03", "E3"), ("U-03", "E5")]),
    (STANDARD, {"E5": 98.7}, [("U-03", "E5")]),
    (TOTAL_SCORED, {"F4": 10}, [("U-03", "F4")]),  # the only score stands in the row of the total
    (PAIRS, {"D4": 40}, [("U-01", "D2")]),  # label and figure side by side: the other pair of columns ties
    (SIDES, {"C3": "按支出性质分：1925.67", "C4": "其中：基本支出：900.47"}, [("U-01", "C3")]),
    (SIDES, {"C5": "项目支出：1205.20"}, [("U-01", "C3")]),
]


@pytest.mark.parametrize(("rows", "changes", "expected"), CHANGED)
def test_a_tie_that_the_rest_of_the_table_confirms_is_told_where_it_breaks(
    rows: list[list[object]], changes: dict[str, object], expected: list[tuple[str, str]], tmp_path: Path
) -> None:
    assert inferred(rows, changes, tmp_path) == expected


DOUBTFUL: list[tuple[list[list[object]], dict[str, object]]] = [
    ([row[:2] for row in FUNDS[1:]], {"B3": 79}),  # 其中 in one column: the parts need not be all
    (
        [
            ["支出", "上年", "本年", "下年"],
            ["公用经费", 60, 60, 55],
            ["其中：办公费", 20, 20, 15],
            ["差旅费", 40, 25, 10],
        ],
        {},
    ),
    (FUNDS, {"B4": "约81"}),  # a part that is no figure
    (FUNDS, {"B4": None, "C4": None, "D4": None, "B5": None, "C5": None, "D5": None}),
    (SPENDING, {"C2": "#N/A"}),
]


@pytest.mark.parametrize(("rows", "changes"), DOUBTFUL)
def test_what_may_be_meant_otherwise_is_not_told(
    rows: list[list[object]], changes: dict[str, object], tmp_path: Path
) -> None:
    assert [finding for finding in inferred(rows, changes, tmp_path) if finding[0] == "U-01"] == []


def test_the_sentence_names_the_tie_in_the_words_of_the_table(tmp_path: Path) -> None:
    page = sheet(SPENDING, {"C2": 901.25}, tmp_path)
    (finding,) = inferred_findings(read_undefined(page, 0, page.height - 1), Origin(unit="甲局"))
    assert finding.severity == "核实性"
    assert finding.message == (
        "（推断）这张表没有表样定义，按标签看“合计 = 设备 + 培训（实际支出数（元））”："
        "表上是 1300.25，按各部分应为 1301.25，相差 1。请核对后更正，或说明理由。"
    )
    assert (finding.stated, finding.expected, finding.difference) == ("1300.25", "1301.25", -1.0)
    assert finding.related_cells == "C2、C3"


def test_with_the_whole_catalogue_taken_away_honest_returns_give_no_false_alarm(tmp_path: Path) -> None:
    generate(tmp_path, 1, 0, seed=3)
    counts = measure(sorted((tmp_path / WORKBOOKS).glob("*.xlsx")), changes=4, seed=1)
    assert {form: count["alarms"] for form, count in counts.items() if count["alarms"]} == {}
    assert sum(count["told"] for count in counts.values()) >= 4
