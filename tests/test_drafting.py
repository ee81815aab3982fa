"""`gouji forms new`: what a draft finds on blank forms of many layouts, and what it leaves to its author."""

from __future__ import annotations

import io
import re
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from gouji.ingest.drafting.criteria import rule_of
from gouji.ingest.drafting.draft import NothingToDraftError, draft_of, open_points
from gouji.ingest.drafting.entry import Entry, Value, scalar
from gouji.ingest.drafting.paper import paper_of
from gouji.ingest.drafting.taken import FILLED, HEAD, LABEL, UNUSED, taken
from gouji.ingest.drafting.taken import WORDS as PRINTED_WORDS
from gouji.ingest.drafting.words import Names, kind_of, role_of, with_placeholders
from gouji.ingest.grid import Sheet, Workbook
from gouji.ingest.read import read_workbook
from gouji.samples.figures import load_unit, unit_files
from gouji.templates.catalogue import built_in
from gouji.templates.definition import Definition
from gouji.templates.form import Form
from tests.definitions import load_form
from tests.drafting import blank_print, blank_sheet, drafted, nearness
from tests.rotation import rotated
from tests.test_commands import gouji

ISSUED = {
    "部门整体支出绩效评价基础数据表@衡山县-2021": (54, 31),
    "部门整体支出绩效评价基础数据表@鹤城区-2020": (44, 14),
    "部门整体支出绩效评价指标评分表@衡山县-2021": (16, 13),
    "部门整体支出绩效评价共性指标框架@鹤城区-2020": (28, 21),
    "部门整体支出绩效评价自评报告@汨罗市-2018": (76, 93),
    "部门整体支出绩效自评表@安徽-2023": (37, 54),
    "部门整体支出绩效自评表@湖南-2023": (37, 67),
    "专项资金绩效目标自评表@衡山县-2021": (30, 49),
    "财政支出项目绩效评价自评报告@汨罗市-2018": (63, 79),
    "财政支出项目绩效评价自评报告@岳阳市-2019": (64, 79),
    "项目支出绩效评价共性指标@炎陵县-2020": (17, 19),
    "项目支出绩效评价指标体系@岳阳市-2019": (22, 27),
    "预算支出绩效自评表@湖南-2020": (43, 61),
    "预算支出绩效自评表@云南-2023": (41, 49),
    "预算支出绩效自评表@全国-2021": (40, 58),
    "预算支出绩效自评表@四川-2023": (50, 49),
    "预算支出绩效评价共性指标体系框架@鹤城区-2020": (17, 18),
}
"""Form → items whose label, block and kind the draft of its issued blank sheet has right, and how many lines of the
definition were there already when this was measured."""

PRINTED = {
    ("岳阳市政务服务中心", "项目支出绩效评价指标体系@岳阳市-2019"): 22,
    ("岳阳市政务服务中心", "财政支出项目绩效评价自评报告@岳阳市-2019"): 62,
    ("汨罗市人民政府政务服务中心", "部门整体支出绩效评价自评报告@汨罗市-2018"): 72,
    ("汨罗市人民政府政务服务中心", "财政支出项目绩效评价自评报告@汨罗市-2018"): 60,
    ("炎陵县政务服务中心", "预算支出绩效自评表@湖南-2020"): 43,
    ("炎陵县政务服务中心", "项目支出绩效评价共性指标@炎陵县-2020"): 17,
    ("衡山县行政审批服务局", "部门整体支出绩效评价指标评分表@衡山县-2021"): 15,
    ("衡山县行政审批服务局", "部门整体支出绩效评价基础数据表@衡山县-2021"): 54,
    ("衡山县行政审批服务局", "专项资金绩效目标自评表@衡山县-2021"): 30,
    ("鹤城区政务服务中心", "部门整体支出绩效评价基础数据表@鹤城区-2020"): 44,
    ("鹤城区政务服务中心", "预算支出绩效自评表@湖南-2020"): 42,
    ("鹤城区政务服务中心", "部门整体支出绩效评价共性指标框架@鹤城区-2020"): 28,
    ("鹤城区政务服务中心", "预算支出绩效评价共性指标体系框架@鹤城区-2020"): 17,
}
"""The same for the published prints, torn over pages and pasted from Word, with the figures taken out."""


def form_of(key: str) -> Form:
    name, _, edition = key.partition("@")
    return built_in().form(name, edition)


def workbook(rows: list[list[Any]], *merges: str, title: str = "Sheet1") -> Workbook:
    """A blank form as read from an .xlsx with these rows and merged ranges."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row, values in enumerate(rows, 1):
        for column, value in enumerate(values, 1):
            if value != "":
                sheet.cell(row, column).value = value
    for area in merges:
        sheet.merge_cells(area)
    target = io.BytesIO()
    book.save(target)
    return read_workbook(target.getvalue(), "空表.xlsx")


def data(text: str) -> dict[str, Any]:
    loaded: dict[str, Any] = YAML(typ="safe", pure=True).load(io.StringIO(text))
    return loaded


def blocks(rows: list[list[Any]], *merges: str) -> list[dict[str, Any]]:
    drafted_blocks: list[dict[str, Any]] = data(draft_of(workbook(rows, *merges), "空表.xlsx").text())["blocks"]
    return drafted_blocks


# ---- how near a draft comes ---------------------------------------------------------------------


@pytest.mark.parametrize("key", rotated("issued blanks", list(ISSUED), 4))
def test_the_draft_of_an_issued_blank_form_finds_its_items(key: str, tmp_path: Path) -> None:
    form = form_of(key)
    near = nearness(form, drafted(blank_sheet(form, tmp_path), tmp_path))
    print(f"{key}: {near.found}/{near.items} items, {near.kept}/{near.lines} lines kept, {near.changed} lines of diff")
    least, kept = ISSUED[key]
    assert near.found >= least, near.missed
    assert near.kept >= 0.8 * kept, "the definitions grow, and what they gain no draft can know; but not so much"


@pytest.mark.parametrize(("unit", "key"), rotated("prints", list(PRINTED), 4))
def test_the_draft_of_a_published_print_finds_its_items(unit: str, key: str, tmp_path: Path) -> None:
    figures = next(candidate for candidate in map(load_unit, unit_files()) if candidate.unit == unit)
    table = next(table for _, table in figures.instances() if table.definition.key == key)
    near = nearness(table.definition, drafted(blank_print(figures, table), tmp_path))
    print(f"{unit} {key}: {near.found}/{near.items} items, {near.changed} lines of diff")
    assert near.found >= PRINTED[unit, key], near.missed


@pytest.mark.parametrize("form", rotated("drafted", built_in().forms, 4), ids=lambda form: form.key)
def test_every_form_can_be_drafted_and_its_suggested_checks_load(form: Form, tmp_path: Path) -> None:
    text = draft_of(read_workbook(blank_sheet(form, tmp_path), "空表.xlsx"), "空表.xlsx").text()
    assert "草稿还不能直接使用" not in text
    assert open_points(text) >= 3
    path = tmp_path / "draft.yaml"
    path.write_text(text, encoding="utf-8")
    assert bool(load_form(path).rules) == ("\nchecks:\n" in text)
    # With what is only guessed as well, it loads too.
    sure, mark, guessed = text.partition("# 待定：以下核对只是按标签猜的")
    lines = [line.removeprefix("# ") for line in guessed.splitlines()[1:]]
    path.write_text(f"{sure}\n" + "\n".join(lines), encoding="utf-8")
    assert bool(load_form(path).rules) == bool("\nchecks:\n" in text or mark)


# ---- one small form, word for word --------------------------------------------------------------

SMALL = [
    ["附件2", "", "", "", ""],
    ["专项资金使用情况表", "", "", "", ""],
    ["（2023年度）", "", "", "", ""],
    ["填报单位：", "", "", "", "单位：万元"],
    ["项目", "2022年结转数", "2023年预算数", "2023年支出数", "支出率"],
    ["合计", "=B7+B10+B11", "", 0, "=D6/C6"],
    ["一、业务支出", "", "", "", ""],
    ["其中：会议费", "", "", "", ""],
    ["　　培训费", "", "", "", ""],
    ["二、设备购置", "", "——", "", ""],
    ["三、其他支出", "", "", "", ""],
    ["超预算原因", "", "", "", ""],
    ["填表人：", "", "联系电话：", "", ""],
]

SMALL_DRAFT = """\
# 由空白表“空表.xlsx”的工作表“使用情况表”生成的草稿。
# 凡注“待定”的地方请逐条确认，确认后删去注释；各键的含义见 docs/forms.md。
# 表上的 2023 年写作 {年}，2022 年写作 {上年}。
# 待定：表上还印有“附件2”，没有写进草稿
form: 专项资金使用情况表
edition: 某县-2023  # 待定：版本，写作 地区-年度；文件放在 表样/表名/版本.yaml
short: 使用情况表  # 待定：简称，用作工作表名
basis: 待定  # 待定：依据，哪一份文件的哪个附件
money_unit: 万元
page: {orientation: portrait, widths: [8, 8, 8, 8, 8]}
blocks:
  - title: 专项资金使用情况表
  - caption: {id: 年度, print: "（{年}年度）", role: year, required: true}
  - fields:
      - {id: 填报单位, label: 填报单位：, kind: text, role: unit, required: true, label_span: 1, span: 3}
      - {print: 单位：万元, span: 1}

  - grid: 项目
    head: 项目
    columns:
      - {id: 上年结转数, label: "{上年}年结转数", kind: amount}
      - {id: 本年预算数, label: "{年}年预算数", kind: amount}
      - {id: 本年支出数, label: "{年}年支出数", kind: amount}
      - {id: 支出率, kind: rate}
    rows:
      - {id: 合计数, label: 合计}
      - {id: 业务支出, label: 一、业务支出}
      - {id: 会议费, label: 其中：会议费, indent: 1}
      - {id: 培训费, indent: 1}
      - {id: 设备购置, label: 二、设备购置, closed: {本年预算数: "——"}}
      - {id: 其他支出, label: 三、其他支出}
  - fields:
      - {id: 超预算原因, kind: text, label_span: 1, span: 4}
  - fields:
      - {id: 填表人, label: 填表人：, kind: text, personal: true, label_span: 1, span: 1}
      - {id: 联系电话, label: 联系电话：, kind: text, personal: true, label_span: 1, span: 2}

checks:
  # “合计”由所列各行构成
{LONG}
  # “支出率”是 本年支出数÷本年预算数
  - {id: C-02, rule: 支出率 = 本年支出数 / 本年预算数, each: 每行, severity: 强制性, fills: true}

# 待定：以下核对只是按标签猜的，看过后去掉行首的“# ”并入 checks
#   # “一、业务支出”下“其中”所列的未必是全部；如果是，把 ≥ 改成 =
#   - {id: C-03, rule: 业务支出 ≥ 会议费 + 培训费, each: 金额列, severity: 核实性}
""".replace(
    "{LONG}",
    "  - {id: C-01, rule: 合计数 = 业务支出 + 设备购置 + 其他支出, each: [上年结转数, 本年支出数], "
    "severity: 强制性, fills: true}",
)


def test_a_draft_word_for_word() -> None:
    book = workbook(SMALL, "A2:E2", "B4:D4", "B12:E12", "D13:E13", title="使用情况表")
    assert draft_of(book, "空表.xlsx").text() == SMALL_DRAFT


def test_a_form_that_does_not_begin_in_the_first_cell_and_is_not_merged_reads_the_same() -> None:
    moved: list[list[Any]] = [[], [], *([["", "", *row] for row in SMALL])]
    text = draft_of(workbook(moved, title="使用情况表"), "空表.xlsx").text()
    assert data(text)["blocks"] == data(SMALL_DRAFT)["blocks"]


# ---- what stands on forms -----------------------------------------------------------------------


def test_rows_whose_names_are_left_open_are_a_list() -> None:
    (_, grid) = blocks(
        [
            ["某表"],
            ["单位名称", "收入合计", "支出合计"],
            ["汇总", "", ""],
            ["1、", "", ""],
            ["2、", "", ""],
            ["……", "", ""],
        ],
        "A1:C1",
    )
    assert grid["rows"] == [{"id": "汇总"}, {"list": "单位", "names": "单位名称", "slots": 3, "indent": 1}]


def test_numbered_examples_before_an_ellipsis_are_printed_names_of_a_list() -> None:
    rows = [
        ["某表"],
        ["机构名称", "收入", "支出"],
        ["汇总", "", ""],
        ["1、局机关", "", ""],
        ["2、二级机构", "", ""],
        ["……", "", ""],
    ]
    (_, grid) = blocks(rows, "A1:C1")
    assert grid["rows"][1] == {
        "list": "机构", "names": "机构名称", "printed": ["1、局机关", "2、二级机构"], "slots": 3, "indent": 1,
    }  # fmt: skip


def test_heads_above_heads() -> None:
    rows = [
        ["某表", "", "", "", ""],
        ["科目", "合计", "其中：", "", "备注"],
        ["", "", "人员支出", "公用支出", ""],
        ["一、行政", "", "", "", ""],
        ["二、事业", "", "", "", ""],
    ]
    (_, grid) = blocks(rows, "A1:E1", "A2:A3", "B2:B3", "C2:D2", "E2:E3")
    assert [(column["id"], column["kind"], column.get("under")) for column in grid["columns"]] == [
        ("合计数", "amount", None),
        ("人员支出", "amount", ["其中："]),
        ("公用支出", "amount", ["其中："]),
        ("备注", "text", None),
    ]


DECLARED = [
    ["部门整体支出绩效目标申报表", "", "", "", "", ""],
    ["（2024年度）", "", "", "", "", ""],
    ["填报单位（盖章）", "", "", "单位：万元", "", ""],
    ["年度预算申请", "资金总额", "按收入性质分", "", "按支出性质分", ""],
    ["", "", "其中：一般公共预算", "政府性基金", "基本支出", "项目支出"],
    ["", "", "", "", "", ""],
    ["年度绩效指标", "一级指标", "二级指标", "三级指标", "指标值", "备注"],
    ["", "产出指标（50分）", "数量指标", "", "", ""],
    ["", "", "", "", "", ""],
    ["", "效益指标", "社会效益指标", "", "", ""],
    ["序号", "项目名称", "预算金额", "执行金额", "执行率", "备注"],
    [1, "", "", "", "", ""],
    [2, "", "", "", "", ""],
    ["合计", "", "", "", "", ""],
    ["审核人：", "", "制表人：", "", "联系电话：", ""],
]
EXECUTED = [
    ["2024年某县预算执行情况表", "", "", "", "", "", ""],
    ["", "", "", "", "", "", "金额单位：元"],
    ["项目", "年初预算", "调整预算", "", "", "执行数", "完成率"],
    ["", "", "小计", "追加", "追减", "", ""],
    ["一、一般公共预算支出", "", "", "", "", "", ""],
    ["（一）基本支出", "", "", "", "", "", ""],
    ["1.人员经费", "", "", "", "", "", ""],
    ["2.公用经费", "", "", "", "", "", ""],
    ["（二）项目支出", "", "", "", "", "", ""],
    ["二、政府性基金预算支出", "", "", "", "", "", ""],
    ["支出总计", "", "", "", "", "", ""],
]


def suggested(text: str) -> list[str]:
    """The rules of the suggested checks, those that are sure first."""
    entries = re.findall(r"(?m)^(?:# )? +- (\{id: C-.*\})$", text)
    return [data(entry)["rule"] for entry in entries]


def test_a_table_beside_a_label_a_list_of_indicators_and_numbered_lines_on_one_sheet() -> None:
    merges = "A1:F1 A2:F2 B3:C3 D3:F3 A4:A6 B4:B5 C4:D4 E4:F4 A7:A10 B8:B9 C8:C9".split()
    text = draft_of(workbook(DECLARED, *merges), "空表.xlsx").text()
    _, _, _, budget, indicators, projects, signatures = data(text)["blocks"]
    assert [column["id"] for column in budget["columns"]] == [
        "资金总额",
        "一般公共预算",
        "政府性基金",
        "基本支出",
        "项目支出",
    ]
    assert [(group["id"], group.get("points"), group["groups"]) for group in indicators["groups"]] == [
        ("产出指标", 50, [{"id": "数量指标", "slots": 2}]),
        ("效益指标", None, [{"id": "社会效益指标", "slots": 1}]),
    ]
    assert projects["stub"] == 2
    assert projects["rows"] == [{"list": "项目", "names": "项目名称", "slots": 2}, {"id": "合计数", "label": "合计"}]
    assert [field["personal"] for field in signatures["fields"]] == [True] * 3
    assert suggested(text) == [
        "资金总额 = 一般公共预算 + 政府性基金",
        "资金总额 = 基本支出 + 项目支出",
        "合计数 = 合计(项目)",
        "执行率 = 执行金额 / 预算金额",
    ]


def test_sums_follow_the_numbering_and_rates_the_plan() -> None:
    text = draft_of(workbook(EXECUTED, "A1:G1", "A3:A4", "B3:B4", "C3:E3", "F3:F4", "G3:G4"), "空表.xlsx").text()
    assert suggested(text) == [
        "一般公共预算支出 = 基本支出 + 项目支出",
        "基本支出 = 人员经费 + 公用经费",
        "支出总计 = 一般公共预算支出 + 政府性基金预算支出",
        "小计 = 追加 + 追减",
        "完成率 = 执行数 / 年初预算",
    ]
    assert "\nmoney_unit: 元\n" in text and "金额单位有" not in text
    two_units = [["单位：万元"], *EXECUTED]
    text = draft_of(workbook(two_units), "空表.xlsx").text()
    assert "\nmoney_unit: 万元\n" in text and "表上的金额单位有“元”" in text


def test_labels_and_blanks_in_one_cell_are_parted() -> None:
    paragraph = "填报单位（盖章）：          填报日期：    年  月  日"
    rows = [["某情况表", "", "", ""], [paragraph, "", "", ""], ["项目", "预算", "支出", "备注"], ["一、甲", "", "", ""]]
    parts = blocks(rows, "A1:D1", "A2:D2")
    # Four columns for two labels and their blanks.
    assert parts[1]["fields"] == [
        {
            "id": "填报单位", "label": "填报单位（盖章）：", "kind": "text", "role": "unit", "required": True,
            "label_span": 1, "span": 1,
        },
        {"id": "填报日期", "label": "填报日期：", "kind": "date", "label_span": 1, "span": 1},
    ]  # fmt: skip


def test_boxes_to_tick_are_a_choice() -> None:
    parts = blocks([["某某情况表", "", ""], ["评价类型", "□实施过程评价 □完成结果评价", ""]], "A1:C1", "B2:C2")
    assert parts[1]["fields"][0]["kind"] == "choice"
    assert parts[1]["fields"][0]["choices"] == ["实施过程评价", "完成结果评价"]


def test_a_column_for_which_a_score_table_has_no_place_is_left_out_and_said() -> None:
    rows = [
        ["某评分表", "", "", "", ""],
        ["一级指标", "二级指标", "分值", "扣分原因", "自评得分"],
        ["投入（10分）", "目标", 6, "", ""],
        ["", "预算", 4, "", ""],
        ["合计", "", 10, "", ""],
    ]
    text = draft_of(workbook(rows, "A1:E1", "A3:A4", "A5:B5"), "空表.xlsx").text()
    (_, scores) = data(text)["blocks"]
    assert "没有“扣分原因”这种栏" in text
    assert scores["columns"] == [{"id": "分值"}, {"id": "得分", "label": "自评得分"}]
    assert scores["total"] == {"label": "合计", "points": 10}
    assert [(indicator["id"], indicator["under"], indicator["points"]) for indicator in scores["indicators"]] == [
        ("目标", ["投入"], 6), ("预算", ["投入"], 4),
    ]  # fmt: skip
    assert len(data(text)["page"]["widths"]) == 4


def test_equal_names_are_keyed_by_their_parent() -> None:
    names = Names()
    keys = [names.take("制度", "项", parent) for parent in ("业务", "财务", "财务")]
    assert keys == ["制度", "财务_制度", "财务_制度_2"]
    assert names.take("1、", "项") == "项"
    assert names.take("12345热线", "项") == "_12345热线"
    assert names.take("满分", "项") == "满分数"


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("2021年决算数", "amount"), ("全年执行数（B）", "amount"), ("批复规模\n（㎡）", "quantity"),
        ("预算编码", "text"), ("编制数", "count"), ("实有人数", "count"), ("控制率", "rate"),
        ("执行率（B/A）", "rate"), ("自评得分", "points"), ("填报日期：", "date"),
        ("项目起止时间", "text"), ("偏差原因", "text"), ("甲", None),
    ],
)  # fmt: skip
def test_what_kind_a_label_tells(label: str, kind: str | None) -> None:
    assert kind_of(label) == kind


@pytest.mark.parametrize(
    ("label", "role"),
    [
        ("填报单位（盖章）：", "unit"), ("实施单位", "unit"), ("部门（单位）名称", "unit"), ("主管部门", "department"),
        ("主管部门意见", None), ("项目名称", "instance"), ("专项资金名称：", "instance"), ("单位：万元", None),
    ],
)  # fmt: skip
def test_what_role_a_label_tells(label: str, role: str | None) -> None:
    assert role_of(label) == role


def test_years_become_placeholders_and_other_years_stay() -> None:
    assert with_placeholders("2021年预算数比2020年", 2021) == "{年}年预算数比{上年}年"
    assert with_placeholders("2018年以来", 2021) == "2018年以来"


@pytest.mark.parametrize(
    ("words", "points", "rule"),
    [
        ("①有制度，2分；②有办法，1分。", 3, {"kind": "checklist", "items": [("有制度", 2), ("有办法", 1)]}),
        ("（1）有制度（2分）（2）有办法（1分）", 3, {"kind": "checklist", "items": [("有制度", 2), ("有办法", 1)]}),
        ("①有制度，2分；②有办法，1分。", 5, None),
        ("①截留；②挪用。每发现一例扣1分，扣完为止。", 6, {"kind": "deduct", "each": 1, "events": ["截留", "挪用"]}),
        (
            "①有目标；②有指标。以上每缺一项扣1分。",
            2,
            {"kind": "deduct", "each": 1, "events": ["有目标", "有指标"], "missed": True},
        ),
        ("效果较好，计6分；效果一般，计3分。", 6, {"kind": "qualitative", "options": {"效果较好": 6, "效果一般": 3}}),
        ("90%（含）以上，计6分；低于90%，计4分。", 6, None),
        ("100%以下（含）计5分；每超过1个百分点扣0.5分。", 5, None),
    ],
)
def test_a_criterion_that_leaves_no_doubt_becomes_a_rule(words: str, points: int, rule: Any) -> None:
    from decimal import Decimal

    drafted_rule = rule_of(words, Decimal(points))
    plain = None if drafted_rule is None else dict(drafted_rule.values)
    if plain is not None and "items" in plain and drafted_rule is not None:
        plain["items"] = [(entry.values["text"], entry.values["points"]) for entry in drafted_rule.entries("items")]
    assert plain == rule


# ---- paper --------------------------------------------------------------------------------------


def test_idle_columns_vanish_and_widths_add_up() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["B2"], sheet["B3"] = "标题", "标签"
    sheet.merge_cells("B2:F2")
    sheet.merge_cells("C3:F3")
    for letter, width in zip("ABCDEF", (3, 20.6, 10.6, 10.6, 10.6, 10.6), strict=True):
        sheet.column_dimensions[letter].width = width
    target = io.BytesIO()
    book.save(target)
    read = read_workbook(target.getvalue(), "a.xlsx").sheets[0]
    assert read.widths == {0: 3, 1: 20.6, 2: 10.6, 3: 10.6, 4: 10.6, 5: 10.6}
    paper = paper_of(read)
    assert paper.widths == [20, 40]
    assert [(cell.text, cell.column, cell.right) for cell in paper.cells] == [
        ("标题", 0, 1),
        ("标签", 0, 0),
        ("", 1, 1),
    ]


TEXTS = st.sampled_from(
    [
        "", "", "", "某表", "合计", "其中：甲", "1、乙", "……", "一级指标", "二级指标", "三级指标", "分值", "得分",
        "评价标准", "填报单位：", "单位：万元", "2021年预算数", "率", "——", "投入（10分）", "①甲，1分", "□是 □否",
        "（2021年度）", "说明：",
        "a: b #c", "'\"{[", "- x", "null", "\u2028\x85", "12", "甲\n乙", "{年}", "%YAML", "@",
    ]
)  # fmt: skip


@st.composite
def sheets(drawn: st.DrawFn) -> Sheet:
    height, width = drawn(st.integers(1, 9)), drawn(st.integers(1, 6))
    cells = st.one_of(TEXTS, TEXTS, st.text(max_size=8), st.sampled_from([0, 1.5, 10, True]))
    rows: list[list[object]] = [[drawn(cells) for _ in range(width)] for _ in range(height)]
    merges = []
    for _ in range(drawn(st.integers(0, 4))):
        top, left = drawn(st.integers(0, height - 1)), drawn(st.integers(0, width - 1))
        merges.append((top, left, drawn(st.integers(top, height)), drawn(st.integers(left, width))))
    return Sheet("甲", False, rows, merges=merges)


@pytest.mark.in_turn("long")
@given(sheets(), st.text(max_size=6))
def test_whatever_a_sheet_holds_the_draft_is_a_definition_or_says_why_not(sheet: Sheet, name: str) -> None:
    draft = draft_of(Workbook([sheet], "xlsx"), name)
    text = draft.text()
    loaded = data(text)
    assert {one.kind for one in taken(draft, sheet).values()} <= {FILLED, HEAD, LABEL, UNUSED, PRINTED_WORDS}
    if "草稿还不能直接使用" not in text:
        Form(Definition.model_validate(loaded), source="甲", uses=lambda key: built_in().form(*key.split("@")))


WORDS = [f"{sign}栏" for sign in "甲乙丙丁戊己庚辛壬癸子丑"]


@given(
    sheets(), st.lists(st.sampled_from(WORDS), min_size=1, max_size=12, unique=True), st.randoms(use_true_random=False)
)
def test_no_printed_words_are_dropped_unsaid(sheet: Sheet, words: list[str], random: Random) -> None:
    for word in words:
        row = random.choice(sheet.rows)
        row[random.randrange(len(row))] = word
    printed = {cell.text for cell in paper_of(sheet).cells} & set(WORDS)
    text = draft_of(Workbook([sheet], "xlsx"), "空表.xlsx").text()
    assert not {word for word in printed if word not in text}


@given(st.text(max_size=30))
def test_any_words_come_back_from_yaml(words: str) -> None:
    clean = "".join(sign for sign in words if sign.isprintable())
    assert data(f"a: {scalar(clean)}")["a"] == clean
    assert data(f"a: {scalar({'k': [clean]})}")["a"] == {"k": [clean]}


def test_entries_list_their_entries_only() -> None:
    assert Entry({"rows": [Entry({"id": "甲"}), "乙"]}).entries("rows")[0].text("id") == "甲"


# ---- the command --------------------------------------------------------------------------------


@pytest.fixture
def blank(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.title = "填报说明"
    first["A1"] = "请先看说明"
    for name in ("甲表", "乙表"):
        sheet = book.create_sheet(name)
        sheet["A1"], sheet["A2"], sheet["B2"] = f"{name}情况表", "填报单位：", ""
        sheet.merge_cells("A1:B1")
        sheet.merge_cells("B2:C2")
    book.save(tmp_path / "空表.xlsx")
    return tmp_path / "空表.xlsx"


def test_the_command_prints_the_draft_of_the_first_form(blank: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = gouji(capsys, "forms", "new", "--from", blank)
    assert (status, err) == (0, "")
    assert data(out)["form"] == "甲表情况表"
    assert "文件中另有工作表“乙表”" in out


def test_the_command_writes_a_file_and_never_over_another(blank: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = blank.parent / "草稿.yaml"
    status, out, _ = gouji(capsys, "forms", "new", "--from", blank, "--sheet", "乙表", "--out", target)
    text = target.read_text(encoding="utf-8")
    assert (status, data(text)["form"]) == (0, "乙表情况表")
    assert f"其中待定 {open_points(text)} 处" in out
    status, _, err = gouji(capsys, "forms", "new", "--from", blank, "--out", target)
    assert status == 2
    assert "已经存在，请换一个文件名" in err
    assert target.read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    ("options", "said"), [(["--sheet", "丙表"], "没有“丙表”这个工作表，可选：填报说明、甲表、乙表"), ([], "Word")]
)
def test_what_cannot_be_drafted_is_said(
    options: list[str], said: str, blank: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if not options:
        blank = blank.with_name("报告.docx")
        blank.write_bytes(b"{\\rtf1 Word}")
        said = ""
    status, _, err = gouji(capsys, "forms", "new", "--from", blank, *options)
    assert status == 2
    assert said in err
    assert "Traceback" not in err


def test_a_workbook_without_a_visible_sheet_has_nothing_to_draft() -> None:
    with pytest.raises(NothingToDraftError, match="没有可以起草的工作表"):
        draft_of(Workbook([Sheet("甲", True, [["x"]])], "xlsx"), "空.xlsx").text()


def test_a_mapping_with_a_key_longer_than_yaml_takes_is_read_back() -> None:
    raw: dict[str, Value] = {"甲" * 1500: 10, "乙": 20}
    assert YAML(typ="safe", pure=True).load(scalar(raw)) == raw
