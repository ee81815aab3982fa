"""Blank forms in use since 2020 that no definition was written for: their drafts, as they come."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from rich.console import Console

from gouji.commands.new import ask
from gouji.ingest.drafting.answers import Answers
from gouji.ingest.drafting.draft import Draft, draft_of, open_points
from gouji.ingest.read import read_workbook
from gouji.templates.issued import issue_workbook
from gouji.templates.recipient import Recipient
from tests.drafting import signatures
from tests.test_drafting import data, load_form, suggested, workbook

BLANKS = Path(__file__).parent / "blanks"
NATIONAL, SICHUAN = "项目支出绩效自评表@全国-2020", "部门预算项目支出绩效自评表@四川-2023"
HUNAN, HENGSHAN = "部门整体支出绩效自评表@湖南-2023", "部门整体支出绩效评价基础数据表@衡山县-2023"
KEYS = [NATIONAL, SICHUAN, HUNAN, HENGSHAN]

SURE = {
    NATIONAL: [
        "年度资金总额 = 当年财政拨款 + 上年结转资金 + 其他资金",
        "执行率 = 全年执行数 / 全年预算数",
        "得分 ≤ 分值",
        "合计(产出指标.分值) = 满分(产出指标)",
        "合计(效益指标.分值) = 满分(效益指标)",
        "合计(满意度指标.分值) = 满分(满意度指标)",
        "总分.得分 = 年度资金总额.得分 + 合计(指标.得分)",
        "总分.分值 = 年度资金总额.分值 + 合计(指标.分值)",
    ],
    SICHUAN: [
        "总额 = 财政资金 + 财政专户管理资金 + 单位资金 + 其他资金",
        "预算执行率 = 预算执行数 / 调整后预算数",
        "得分 ≤ 权重",
        "合计(指标.权重) = 90",
        "总分.得分 = 总额.得分 + 合计(指标.得分)",
        "总分.权重 = 总额.权重 + 合计(指标.权重)",
    ],
    HUNAN: [
        "执行率 = 全年执行数 / 全年预算数",
        "得分 ≤ 分值",
        "合计(产出指标.分值) = 满分(产出指标)",
        "合计(效益指标.分值) = 满分(效益指标)",
        "合计(满意度指标.分值) = 满分(满意度指标)",
        "总分.得分 = 年度资金总额.自评得分 + 合计(指标.得分)",
        "总分.分值 = 年度资金总额.分值 + 合计(指标.分值)",
    ],
    HENGSHAN: [
        "控制率 = 实际在职人数 / 编制数",
        "三公经费 = 公务用车购置和维护经费 + 出国经费 + 公务接待",
        "公务用车购置和维护经费 = 公车购置 + 公车运行维护",
        "项目支出 = 合计(项目)",
        "规模控制率 = 实际规模 / 批复规模",
        "投资概算控制率 = 实际投资 / 预算投资",
    ],
}
GUESSED = {
    NATIONAL: ["年度资金总额.得分 = 舍入(年度资金总额.分值 × 最小(1, 年度资金总额.执行率), 2)"],
    SICHUAN: ["总额.得分 = 舍入(总额.权重 × 最小(1, 总额.预算执行率), 2)"],
    HUNAN: ["年度资金总额.自评得分 = 舍入(年度资金总额.分值 × 最小(1, 年度资金总额.执行率), 2)"],
    HENGSHAN: ["公用经费 ≥ 办公经费 + 水费电费差旅费 + 会议费培训费"],
}
MONEY = ("年初预算数", "全年预算数", "全年执行数")
ASKED = {
    NATIONAL: {
        *(("grid", row, column, "amount") for row in ("年度资金总额", "其他资金") for column in MONEY),
        ("grid", "年度资金总额", "分值", "points"),
        ("grid", "年度资金总额", "得分", "points"),
        ("fields", "", "实施单位", "text"),
        ("list", "三级指标", "年度指标值", "measure"),
        ("leaf", "产出指标", "成本指标", ""),
        ("leaf", "满意度指标", "服务对象满意度指标", ""),
    },
    SICHUAN: {
        ("grid", "总额", "调整后预算数", "amount"),
        ("grid", "单位资金", "预算执行数", "amount"),
        ("grid", "总额", "原因", "text"),
        ("grid", "项目年度目标完成情况", "年度目标完成情况", "text"),
        ("list", "三级指标", "度量单位", "text"),
        ("leaf", "效益指标", "可持续影响指标", ""),
    },
    HUNAN: {
        ("grid", "年度资金总额", "全年执行数", "amount"),
        ("grid", "年度资金总额", "自评得分", "points"),
        ("fields", "", "按收入性质分", "amount"),
        ("fields", "", "一般公共预算", "amount"),
        ("fields", "", "基本支出", "amount"),
        ("fields", "", "预算部门、单位名称", "text"),
        ("leaf", "效益指标", "生态效益指标", ""),
    },
    HENGSHAN: {
        ("grid", "", "年实际在职人数", "count"),
        ("grid", "公车运行维护", "年决算数", "amount"),
        ("grid", "政府采购金额", "年预算数", "amount"),
        ("grid", "", "投资概算控制率", "rate"),
        ("fields", "", "厉行节约保障措施", "text"),
    },
}


def blank(key: str) -> bytes:
    """The published blank as an .xlsx: its merged ranges and printed words."""
    book = openpyxl.Workbook()
    sheet: Any = book.active
    with (BLANKS / f"{key}.csv").open(encoding="utf-8", newline="") as file:
        for entry in csv.DictReader(file):
            first, _, last = entry["cells"].partition(":")
            sheet[first] = _value(entry["text"])
            if last:
                sheet.merge_cells(entry["cells"])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _value(text: str) -> str | float | None:
    return float(text) if text.isdecimal() else text or None


def drafted(key: str) -> Draft:
    """The draft of a published blank."""
    return draft_of(read_workbook(blank(key), f"{key}.xlsx"), f"{key}.xlsx")


@pytest.mark.parametrize("key", KEYS)
def test_a_published_blank_is_drafted_whole(key: str, tmp_path: Path) -> None:
    text = drafted(key).text(Answers(edition=key.rpartition("@")[2]))
    assert "没有写进草稿" not in text and "没有认出要填什么" not in text and "草稿还不能直接使用" not in text
    path = tmp_path / "draft.yaml"
    path.write_text(text, encoding="utf-8")
    form = load_form(path)
    assert form.key == key
    asked = {(block, row, column.lstrip("/#"), kind) for block, row, column, kind in signatures(form.definition)}
    assert ASKED[key] <= asked
    assert suggested(text) == SURE[key] + GUESSED[key]
    assert {rule.id for rule in form.rules} == {f"C-{number:02d}" for number in range(1, len(SURE[key]) + 1)}


RIGHT = {
    "财政支出项目绩效目标申报表@佳县-2016": 56,
    "绩效目标自评表@中江县-2022": 33,
    "转移支付区域绩效目标自评表@全国-2020": 45,
    "部门整体支出绩效自评指标评分表@广东-2022": 28,
    "部门整体支出绩效自评表@陕西-2022": 43,
    "部门整体支出绩效评价得分表@达州市-2017": 29,
    "部门整体绩效自评价表@江苏-2022": 39,
    "部门整体绩效自评表@河南-2022": 40,
    "项目支出绩效自评表@重庆-2022": 32,
    "项目绩效自评表@湖北-2020": 31,
}
"""Blank → items that its draft has right; blanks/items.csv has those that stand on it, looked through one by one."""
TASK = "年度主要任务完成情况"
FOUND = {
    "部门整体支出绩效自评表@陕西-2022": [
        "总额 = 财政拨款 + 其他资金",
        f"{TASK}_总额 = {TASK}_财政拨款 + {TASK}_其他资金",
        f"执行率 = {TASK}_总额 / 总额",
        "总额 = 财政拨款 + 其他资金",
        "总额_2 = 财政拨款_2 + 其他资金_2",
        "执行率 = 总额_2 / 总额",
        "总分.总额 = 合计(任务.总额)",
        "总分.财政拨款 = 合计(任务.财政拨款)",
    ],
    "部门整体绩效自评价表@江苏-2022": [
        "合计数 = 一般公共预算资金 + 政府性基金 + 财政专户管理资金 + 其他资金",
        "项目_2_合计数 = 基本支出 + 项目支出 + 其他支出",
        "得分 ≤ 分值",
        "总分.得分 = 合计(指标.得分)",
        "总分.分值 = 合计(指标.分值)",
        "项目支出 ≥ 专项资金",
    ],
    "部门整体绩效自评表@河南-2022": [
        "部门预算总额 = 资金来源财政性资金 + 其他资金",
        "部门预算总额 = 资金结构基本支出 + 项目支出",
        "执行率 = 全年执行数 / 全年预算数",
        "得分 ≤ 分值",
        "总分.得分 = 部门预算总额.得分 + 合计(指标.得分)",
    ],
    "项目绩效自评表@湖北-2020": [
        "执行率 = 执行数 / 预算数",
        "总分.得分 = 年度财政资金总额.得分 + 合计(指标.得分) + 合计(指标_2.指标_2_得分)",
    ],
}


@pytest.mark.parametrize("key", RIGHT)
def test_the_draft_of_a_blank_of_another_province_has_its_items_and_drops_none(key: str, tmp_path: Path) -> None:
    with (BLANKS / "items.csv").open(encoding="utf-8", newline="") as file:
        printed = Counter(tuple(row[1:]) for row in csv.reader(file) if row[0] == key)
    text = drafted(key).text(Answers(edition=key.rpartition("@")[2]))
    path = tmp_path / "draft.yaml"
    path.write_text(text, encoding="utf-8")
    form = load_form(path)
    items = Counter(signatures(form.definition))
    print(f"{key}: {(printed & items).total()}/{printed.total()} items")
    assert ((printed & items).total(), items.total()) == (RIGHT[key], printed.total()), printed - items
    assert set(re.findall("表上还印有“(.*)”，", text)) <= {"附件1", "附件2", "附件3", "评价指标"}
    assert suggested(text)[: len(FOUND.get(key, ()))] == FOUND.get(key, [])


def test_printed_names_and_a_wide_label_at_the_side_are_issued_as_they_stand(tmp_path: Path) -> None:
    forms = []
    for key in ("部门整体绩效自评表@河南-2022", "转移支付区域绩效目标自评表@全国-2020"):
        path = tmp_path / f"{key}.yaml"
        path.write_text(drafted(key).text(Answers(edition=key.rpartition("@")[2])), encoding="utf-8")
        forms.append(load_form(path))
    issue_workbook(Recipient("1", "甲局", ""), forms, 2022, tmp_path / "issued.xlsx")
    book = openpyxl.load_workbook(tmp_path / "issued.xlsx")
    first, second, _ = (book[sheet] for sheet in book.sheetnames if "自评表" in sheet)
    assert {"年度履职目标相关性", "评价结果应用率"} <= {cell.value for cell in first["C"]}
    assert "A11:B18" in {str(area) for area in second.merged_cells.ranges}


def test_lines_kept_for_the_units_are_slots_not_indicators() -> None:
    groups = data(drafted(NATIONAL).text())["blocks"][-2]["groups"]
    points = {group["id"]: group["points"] for group in groups}
    assert points == {"产出指标": 50, "效益指标": 30, "满意度指标": 10}
    assert {leaf["slots"] for group in groups for leaf in group["groups"]} == {3}


def test_the_open_questions_are_asked_and_the_answers_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """版本, 依据, 简称 (Enter: the guess), 必填 of the total, the one guessed check: no."""
    draft = drafted(NATIONAL)
    monkeypatch.setattr("sys.stdin", io.StringIO("某县-2026\n某财〔2026〕1号附件3\n\ny\ny\nn\n"))
    answers = ask(Console(file=io.StringIO()), draft, None)
    required, checks = frozenset({"年度资金总额", "总分"}), {GUESSED[NATIONAL][0]: False}
    assert answers == Answers("某县-2026", "某财〔2026〕1号附件3", "项目支出绩效自评表", required, {}, checks)
    text = draft.text(answers)
    assert suggested(text) == SURE[NATIONAL] and open_points(text) == 1  # whether 得分 is asked for in one row only
    path = tmp_path / "draft.yaml"
    path.write_text(text, encoding="utf-8")
    form = load_form(path)
    assert (form.key, form.definition.basis) == ("项目支出绩效自评表@某县-2026", "某财〔2026〕1号附件3")
    assert form.items["年度资金总额.全年预算数"].required and not form.items["其他资金.全年预算数"].required


def test_points_that_a_blank_does_not_print_are_asked_until_they_are_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    heads, row = ["一级指标", "二级指标", "分值", "评价标准", "得分"], ["投入", "目标设定", "", "由部门评定", ""]
    draft = draft_of(workbook([["某评分表"], heads, row]), "空表.xlsx")
    monkeypatch.setattr("sys.stdin", io.StringIO("\n\n八\n8分\n"))
    answers = ask(Console(file=io.StringIO()), draft, "某县-2026")
    assert answers.points == {"目标设定": 8} and answers.basis is None
    assert data(draft.text(answers))["blocks"][-1]["indicators"][0]["points"] == 8
