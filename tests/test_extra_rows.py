"""Rows of a summed block that the form does not have: repeated ones, totals, rows instead of others, parts of a row."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from gouji.pipeline import run
from tests.field.build import write_book

PROJECT, BASE = "项目支出绩效自评表", "基础数据表2023"
Amounts = tuple[float, float, float]


def source(label: str, amounts: Amounts) -> dict[str, Any]:
    return {"B-C": label, **dict(zip("DEF", amounts, strict=True))}


def sources(*rows: tuple[str, Amounts]) -> dict[str, Any]:
    """The fund block with other rows under its total of 100, 100 and 90."""
    return {"of": PROJECT, "instead": {"7-9": [source(*row) for row in rows]}}


def total(spent: float) -> dict[str, Any]:
    """A row 合计 of 三公经费, 项目支出 and 公用经费 that the form does not have."""
    return {"of": BASE, "instead": {"21": [
        {"A": "合计", "B-C": 153, "D-E": 153, "F-G": spent}, {"A": "政府采购金额", "B-C": "——", "D-E": 0, "F-G": 0},
    ]}}  # fmt: skip


def total_on_top(spent: float) -> dict[str, Any]:
    """The same row above the others."""
    return {"of": BASE, "instead": {"5": [
        {"A": "支出合计", "B-C": 153, "D-E": 153, "F-G": spent}, {"A": "三公经费：", "B-C": 3, "D-E": 3, "F-G": 2},
    ]}}  # fmt: skip


STATE, REST = ("其中：当年财政拨款", (80, 80, 72)), ("上年结转资金", (20, 20, 18))
PARTS = (("其中：中央资金", (50, 50, 50)), ("省级资金", (30, 30, 22)))
OTHER = "其他资金"
CASES: dict[str, dict[str, Any]] = {
    "repeated": sources(STATE, REST, (OTHER, (0, 0, 0)), (OTHER, (5, 0, 0))),
    "repeated and counted": sources(STATE, ("上年结转资金", (15, 20, 18)), (OTHER, (0, 0, 0)), (OTHER, (5, 0, 0))),
    "repeated zero": sources(STATE, REST, (OTHER, (0, 0, 0)), (OTHER, (0, 0, 0))),
    "instead": sources(STATE, ("上级补助资金", (20, 22, 18)), ("银行贷款", (0, 7, 0))),
    "instead and right": sources(STATE, ("上级补助资金", (20, 20, 18)), ("银行贷款", (0, 0, 0))),
    "part of a row": sources(STATE, *PARTS, ("上年结转资金", (20, 27, 18))),
    "numbered": sources(("1.当年财政拨款", STATE[1]), ("其中：中央资金", STATE[1]), ("2.单位自有资金", REST[1])),
    "total": total(141),
    "total that is wrong": total(241),
    "total on top": total_on_top(141),
    "total on top that is wrong": total_on_top(240),
}  # fmt: skip


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    inbox = tmp_path_factory.mktemp("extra_rows")
    for number, case in enumerate(CASES.values()):
        write_book([case], f"试点{number}局", inbox / f"试点{number}局.xlsx")
    return run([inbox]).findings


def findings_of(findings: pd.DataFrame, case: str, *rules: str) -> list[tuple[str, str, str]]:
    rows = findings[(findings["file"] == f"试点{[*CASES].index(case)}局.xlsx") & findings["rule"].isin(rules)]
    return list(zip(rows["rule"], rows["cell"], rows["message"], strict=True))


@pytest.mark.in_turn("long")
def test_a_repeated_row_is_told_with_both_results_where_the_sum_ties_without_it(findings: pd.DataFrame) -> None:
    ((rule, cell, message),) = findings_of(findings, "repeated", "T-34", "A-01")
    assert (rule, cell) == ("T-34", "D10")
    assert "两行（D9、D10）" in message and "各行之和为 100万元" in message and "各行之和为 105万元" in message
    assert findings_of(findings, "repeated and counted", "T-34", "A-01") == []
    assert findings_of(findings, "repeated zero", "T-34", "A-01") == []


def test_rows_instead_of_those_of_the_form_count(findings: pd.DataFrame) -> None:
    ((_, cell, message),) = findings_of(findings, "instead", "A-01")
    assert cell == "E6"
    assert "＝109万元，相差 9万元" in message
    assert "“上级补助资金”22万元、“银行贷款”7万元已计入" in message
    assert findings_of(findings, "instead and right", "A-01") == []


def test_parts_of_a_row_do_not_count_once_more(findings: pd.DataFrame) -> None:
    ((_, cell, message),) = findings_of(findings, "part of a row", "A-01", "T-33")
    assert cell == "E6"
    assert "＝107万元，相差 7万元" in message and "计入后也不相符，相差 87万元" in message
    assert findings_of(findings, "numbered", "A-01", "T-33") == []


def test_a_total_of_its_own_is_tied_as_in_its_other_columns(findings: pd.DataFrame) -> None:
    assert findings_of(findings, "total", "U-01") == []
    ((_, cell, message),) = findings_of(findings, "total that is wrong", "U-01")
    assert cell == "F21"
    assert "合计 = 三公经费 + 项目支出 + 公用经费" in message and "相差 100万元" in message
    assert findings_of(findings, "total on top", "U-01") == []
    assert [cell for _, cell, _ in findings_of(findings, "total on top that is wrong", "U-01")] == ["F5"]


def test_a_total_of_its_own_stands_instead_of_no_part(findings: pd.DataFrame) -> None:
    """The sheet lacks a row of 公用经费: what it is short of, the total row does not tell."""
    assert findings_of(findings, "total", "G-04") == findings_of(findings, "total on top", "G-04") == []
