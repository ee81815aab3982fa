"""Blank forms in use since 2020 that no definition was written for: their drafts, as they come."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gouji.ingest.drafting.draft import draft
from gouji.ingest.read import read_workbook
from tests.drafting import signatures
from tests.test_drafting import data, load_form, suggested

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


@pytest.mark.parametrize("key", KEYS)
def test_a_published_blank_is_drafted_whole(key: str, tmp_path: Path) -> None:
    text = draft(read_workbook(blank(key), f"{key}.xlsx"), f"{key}.xlsx", edition=key.rpartition("@")[2])
    assert "没有写进草稿" not in text and "没有认出要填什么" not in text and "草稿还不能直接使用" not in text
    path = tmp_path / "draft.yaml"
    path.write_text(text, encoding="utf-8")
    form = load_form(path)
    assert form.key == key
    asked = {(block, row, column.lstrip("/#"), kind) for block, row, column, kind in signatures(form.definition)}
    assert ASKED[key] <= asked
    assert suggested(text) == SURE[key] + GUESSED[key]
    assert {rule.id for rule in form.rules} == {f"C-{number:02d}" for number in range(1, len(SURE[key]) + 1)}


def test_lines_kept_for_the_units_are_slots_not_indicators() -> None:
    groups = data(draft(read_workbook(blank(NATIONAL), "空表.xlsx"), "空表.xlsx"))["blocks"][-2]["groups"]
    assert [(group["id"], group["points"]) for group in groups] == [
        ("产出指标", 50),
        ("效益指标", 30),
        ("满意度指标", 10),
    ]
    assert {leaf["slots"] for group in groups for leaf in group["groups"]} == {3}
