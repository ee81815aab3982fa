"""Lists of indicators as bureaus lay them out: points of every level, 预算执行率 as a line, totals by other names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from openpyxl import Workbook

from gouji.pipeline import run
from tests.field.build import write_book

PROJECT = "项目支出绩效自评表"
LINES: list[tuple[str, str, str, str, str, int]] = [
    ("产出指标", "数量指标", "养护里程", "≥10公里", "10公里", 50),
    ("效益指标", "社会效益指标", "出行", "改善", "改善", 30),
    ("满意度指标", "服务对象满意度指标", "群众满意度", "≥90%", "95%", 10),
]
FIRST = {"B*4": "产出指标\n（50分）", "C": "数量指标", "D": "养护里程", "E": "≥10公里", "F": "10公里", "G": 15, "H": 15}
EXECUTION = {
    "B": "预算执行率\n（10分）",
    "C": "预算执行率",
    "D": "预算执行率",
    "E": "100%",
    "F": "90%",
    "G": 10,
    "H": 9,
}


def execution_line(total: int = 99) -> dict[str, Any]:
    """The money has no points of its own: they stand in the first line of the list."""
    return {"of": PROJECT, "blank": ["G5:G6", "I5:I6"], "cells": {"H22": total}, "instead": {"13": [EXECUTION, FIRST]}}


def points_of_levels(total: int = 99) -> dict[str, Any]:
    """一级指标 | 分值 | 二级指标 | 分值 | 三级指标 | 分值 | …"""
    heads = ("一级指标", "分值", "二级指标", "分值", "三级指标", "分值", "年度指标值", "实际完成值", "得分")
    rows = [dict(zip("ABCDEFGHI", heads, strict=True))]
    for first, second, name, target, actual, points in LINES:
        texts = (first, points, second, points, name, points, target, actual, points)
        rows.append(dict(zip("ABCDEFGHI", map(str, texts), strict=True)))
    return {"of": PROJECT, "instead": {"12-22": [*rows, {"A-E": "总分", "F": 100, "I": total}]}}


def called(label: str, total: int = 99) -> dict[str, Any]:
    """The total under another label; one that says the score itself leaves the columns of points blank."""
    cells: dict[str, Any] = {"A22": label, "H22": total}
    return {"of": PROJECT, "cells": cells, "blank": []} if "：" not in label else {
        "of": PROJECT, "cells": {"A22": label}, "blank": ["G22:H22"],
    }  # fmt: skip


def two_totals(total: int) -> dict[str, Any]:
    """The sum of the indicators, and the total with the execution of the budget in it."""
    rows = {"A-F": "指标得分合计", "G": 90, "H": 90}, {"A-F": "总分（含预算执行率10分）", "G": 100, "H": total}
    return {"of": PROJECT, "instead": {"22": [*rows]}}


CASES = {
    "two totals": (two_totals(99), "总分.得分", 99.0, []),
    "two totals, wrong": (two_totals(95), "总分.得分", 95.0, [("A-05", "H23")]),
    "execution line": (execution_line(), "年度资金总额.得分", 9.0, []),
    "execution line, wrong total": (execution_line(96), "总分.得分", 96.0, [("A-05", "H23")]),
    "points of levels": (points_of_levels(), "出行.分值", 30.0, []),
    "points of levels, wrong total": (points_of_levels(90), "出行.分值", 30.0, [("A-05", "I16")]),
    "total in words": (called("总分：99分　　自评等级：优"), "总分.得分", 99.0, []),
    "total in words, wrong": (called("总分：98.5分，等级：优"), "总分.得分", 98.5, [("A-05", "A22")]),
    "total by another name": (called("自评总分"), "总分.得分", 99.0, []),
    "total by another name, wrong": (called("自评总得分", 95), "总分.得分", 95.0, [("A-05", "H22")]),
}


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> tuple[pd.DataFrame, pd.DataFrame]:
    inbox, out = tmp_path_factory.mktemp("layouts"), tmp_path_factory.mktemp("out")
    for number, (case, *_) in enumerate(CASES.values()):
        write_book([case], f"试点{number}局", inbox / f"试点{number}局.xlsx")
    results = run([inbox], out=out, only=())
    values = pd.read_parquet(Path(out) / "data" / "values.parquet").merge(results.returns[["return_id", "file"]])
    return results.findings, values


@pytest.mark.parametrize("case", CASES)
def test_layout(batch: tuple[pd.DataFrame, pd.DataFrame], case: str) -> None:
    findings, values = (frame[frame["file"] == f"试点{[*CASES].index(case)}局.xlsx"] for frame in batch)
    _, item, value, wrong = CASES[case]
    assert values.set_index("item")["value"][item] == value
    assert "预算执行率" not in set(values["line"].dropna()) | {""}
    told = findings[findings["severity"].eq("强制性")]
    assert list(zip(told["rule"], told["cell"], strict=True)) == wrong


def test_columns_beside_lines_leave_the_sums_above_alone(tmp_path: Path) -> None:
    """分值 and 得分 that a bureau added to the 专项资金绩效目标自评表 are named, and no part of its money."""
    rows: list[list[object]] = [
        ["2021年度县级专项资金绩效目标自评表"],
        ["专项资金名称", None, "补贴", None, None, "负责人及电话", "王某"],
        ["县级主管部门", None, "某县农业农村局", None, None, "实施单位", "试点局"],
        ["项目资金（万元）", None, None, None, "全年预算数（A）", None, "全年执行数（B）", "执行率（B/A）"],
        [None, None, "年度资金总额", None, 100, None, 90, "90%"],
        [None, None, "其中：中央、省、市补助", None, 60, None, 60, "100%"],
        [None, None, "县级资金", None, 40, None, 30, "75%"],
        [None, None, "其他资金", None, 0, None, 0, None],
        ["年度总体目标", "年初设定目标", None, None, None, "全年实际完成情况"],
        [None, "发放补贴", None, None, None, "已发放"],
        [
            "绩效指标",
            "一级指标",
            "二级指标",
            "三级指标",
            "年度指标值",
            "全年完成值",
            "分值",
            "得分",
            "未完成原因和改进措施",
        ],
        [None, "产出指标", "数量指标", "户数", "≥10户", "10户", 50, 50],
        [None, "效益指标", "社会效益指标", "知晓率", "≥90%", "95%", 40, 40],
    ]
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(tmp_path / "试点局.xlsx")
    findings = run([tmp_path / "试点局.xlsx"]).findings
    assert "J-01" not in set(findings["rule"])
    assert list(findings[findings["rule"] == "T-20"]["severity"]) == ["提示"]
