"""Figures beyond the form on a sheet that was read: named, tied, asked about only where the form lacks something."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import pytest

from gouji.export.results import Results
from gouji.pipeline import run
from tests.field.build import write_book

PROJECT, BASE = "项目支出绩效自评表", "基础数据表2023"
GRAVE = ("强制性", "核实性")


def detail(total: object) -> dict[str, Any]:
    """Rows of the unit's own below 自评表, without a title."""
    return {
        "instead": {
            "22": [
                {"A-F": "总分", "G": 100, "H": 99},
                {"A": "序号", "B-C": "支出内容", "D": "金额", "E": "凭证号"},
                {"A": 1, "B-C": "设备购置", "D": 50, "E": "记-12"},
                {"A": 2, "B-C": "安装调试", "D": 30, "E": "记-25"},
                {"A": 3, "B-C": "培训", "D": 10, "E": "记-31"},
                {"A": "合计", "D": total},
            ]
        }
    }


SOURCES = ["年度资金总额", "当年财政拨款", "上年结转资金", "其他资金"]


def transposed(total: object) -> dict[str, Any]:
    """The fund block with its sources as columns, which no edition has."""
    return {
        "instead": {
            "5-9": [
                {"A*4": "项目资金\n（万元）", "B": None, **dict(zip("CDEF", SOURCES, strict=True))},
                {"B": "年初预算数", "C": 100, "D": 80, "E": 20, "F": 0},
                {"B": "全年预算数", "C": total, "D": 80, "E": 20, "F": 0},
                {"B": "全年执行数", "C": 90, "D": 72, "E": 18, "F": 0},
            ]
        }
    }  # fmt: skip


STAFF = [{"B-C": 50, "D-E": 48, "F-G": 0.96}, {"A": "行政编制", "B-C": 30}, {"A": "事业编制", "B-C": 20}]
CASES: dict[str, dict[str, Any]] = {
    "a table below": {"of": PROJECT, **detail(90)},
    "a table below that does not add up": {"of": PROJECT, **detail(95)},
    "transposed": {"of": PROJECT, **transposed(100)},
    "transposed and wrong": {"of": PROJECT, **transposed(150)},
    "a column more": {"of": PROJECT, "cells": {"J12": "复核得分", "J13": 15, "J14": 15, "J15": 10, "J22": 99}},
    "dated heads": {"of": PROJECT, "cells": {"E12": "2023年目标值", "F12": "2023年实际值"}},
    "dated below a date": {"of": PROJECT, "cells": {"A2": "填报日期：2024年3月5日", "E12": "2023年目标值"}},
    "heads of another year": {"of": PROJECT, "cells": {"E12": "2024年目标值"}},
    "adjusted targets": {"of": PROJECT, "cells": {"E12": "调整后年度指标值"}},
    "initial and adjusted": {"of": PROJECT, "cells": {"E12": "年初指标值", "F12": "调整后指标值"}},
    "two in one field": {"of": BASE, "instead": {"17": [{"A": "公用经费", "B": 50, "C": 7, "D-E": 50, "F-G": 49}]}},
    "staff by kind": {"of": BASE, "instead": {"3": STAFF}},
}  # fmt: skip
Told = Mapping[str, pd.DataFrame]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    inbox = tmp_path_factory.mktemp("own_rows")
    for number, case in enumerate(CASES.values()):
        write_book([case], f"试点{number}局", inbox / f"试点{number}局.xlsx")
    return run([inbox])


def findings(results: Results, case: str) -> pd.DataFrame:
    rows = results.findings[results.findings["file"] == f"试点{[*CASES].index(case)}局.xlsx"]
    return rows[rows["rule"] != "W-02"]


def findings_of(results: Results, case: str, *rules: str) -> list[tuple[str, str]]:
    rows = findings(results, case)
    rows = rows[rows["rule"].isin(rules)]
    return list(zip(rows["severity"], rows["cell"], strict=True))


@pytest.mark.in_turn("long")
def test_a_table_below_is_named_and_asked_about_only_where_its_total_is_wrong(results: Results) -> None:
    assert findings_of(results, "a table below", "T-20", "U-01") == [("提示", "D24")]
    assert not findings(results, "a table below")["severity"].isin(GRAVE).any()
    broken = "a table below that does not add up"
    assert sorted(findings_of(results, broken, "T-20", "U-01")) == [("提示", "D24"), ("核实性", "D27")]
    (message,) = findings(results, broken).query("rule == 'U-01'")["message"]
    assert "这些行没有表样定义" in message and "应为 90" in message


def test_a_block_that_was_not_found_is_asked_about_and_tied_by_its_labels(results: Results) -> None:
    assert [severity for severity, _ in findings_of(results, "transposed", "T-20", "U-01")] == ["核实性"]
    assert ("核实性", "C7") in findings_of(results, "transposed and wrong", "U-01")
    # The 10 points of the fund block would be no part of the points of the indicators either.
    assert (
        not findings(results, "transposed")["message"]
        .str.contains("没有读取（")
        .where(findings(results, "transposed")["rule"] != "T-20", False)
        .any()
    )


def test_a_column_more_is_named_and_nothing_is_asked(results: Results) -> None:
    assert findings_of(results, "a column more", "T-20") == [("提示", "J13")]
    assert not findings(results, "a column more")["severity"].isin(GRAVE).any()


@pytest.mark.parametrize(
    ("case", "read"),
    [("dated heads", 9), ("dated below a date", 9), ("adjusted targets", 9), ("heads of another year", 0)],
)
def test_heads_of_the_tables_year_are_heads(results: Results, case: str, read: int) -> None:
    values = results.values.frame()
    ids = results.returns.loc[results.returns["file"] == f"试点{[*CASES].index(case)}局.xlsx", "return_id"]
    targets = values[values["return_id"].isin(ids) & values["item"].str.endswith(".年度指标值")]
    assert int(targets["raw"].notna().sum()) == read
    assert findings_of(results, case, "T-31") == []


def test_an_adjusted_target_comes_before_the_first_one(results: Results) -> None:
    values = results.values.frame()
    ids = results.returns.loc[
        results.returns["file"] == f"试点{[*CASES].index('initial and adjusted')}局.xlsx", "return_id"
    ]
    targets = values[values["return_id"].isin(ids) & values["item"].str.endswith(".年度指标值")]
    assert set(targets["cell"].str[0]) == {"F"}


def test_heads_counted_in_persons_are_no_part_of_an_amount(results: Results) -> None:
    rows = findings(results, "staff by kind")
    assert findings_of(results, "staff by kind", "T-20") == [("提示", "B4")]
    assert "G-01" not in set(rows.loc[rows["verdict"] == "无法核对", "rule"])


def test_two_figures_in_one_field_are_asked_about(results: Results) -> None:
    assert findings_of(results, "two in one field", "T-20") == [("核实性", "C17")]
    (message,) = findings(results, "two in one field").query("rule == 'T-20'")["message"]
    assert "请每栏只留一个数" in message
