"""A plain table that ties, pasted and changed as people do: nothing is called blank or wrong that stands there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gouji.export.results import Results
from gouji.pipeline import run
from gouji.templates.radicals import RADICALS
from tests.field.build import write_book

TABLE = "基础数据表2021"
HEAD = {"A": "经费控制情况", "B-C": "2020年决算数", "D-E": "2021年预算数", "F-G": "2021年决算数"}
LABELS = {
    "A7": "1、公务用车购置及维护经费",
    "A9": "公务用车运行维护费",
    "A10": "2、因公出国（境）经费",
    "A11": "3、公务接待费",
    "A12": "项目支出",
    "A15": "公用支出",
    "A16": "其中：办公费",
    "A17": "水费、电费及差旅费",
    "A18": "会议费及培训费",
    "A20": "政府采购",
    "B3": "编制人数",
    "D3": "2021年末实际在职人数",
    "F5": "2021年度决算数",
    "A6": "“三公”经费合计",
}
"""Cell → another wording of its label."""
CASES: dict[str, dict[str, Any]] = {
    "as it is": {},
    **{f"label {cell}": {"cells": {cell: label}} for cell, label in LABELS.items()},
    "radicals": {
        "cells": {
            "A7": "1、公务⽤⻋购置和维护经费",
            "A8": "其中：公⻋购置",
            "A9": "公⻋运⾏维护",
            "A20": "政府采购⾦额",
        }
    },
    "heads again": {"instead": {"15": [HEAD, {"A": "公用经费", "B-C": 40, "D-E": 40, "F-G": 39}]}},
    "row gone": {"instead": {"10": []}},
    "column between": {
        "instead": {
            "5": [{"A": "经费控制情况", "B": None, "C": "2020年决算数", "D-E": "2021年预算数", "F-G": "2021年决算数"}],
        }
    },
}
READ = {
    "三公经费.本年决算数": 2.5,
    "公车运行维护.本年决算数": 1.5,
    "公务接待.本年决算数": 1.0,
    "公用经费.本年决算数": 39.0,
    "办公经费.本年决算数": 20.0,
    "会议培训费.本年决算数": 5.0,
    "项目支出.本年决算数": 90.0,
    "编制数": 50.0,
    "实际在职人数": 48.0,
}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    folder = tmp_path_factory.mktemp("pasted")
    for number, change in enumerate(CASES.values()):
        write_book([{"of": TABLE, **change}], f"某县{number}局", folder / f"{number:02}.xlsx")
    return run([folder], year=2021)


def of_case(results: Results, case: str) -> tuple[dict[str, float | None], list[dict[str, Any]]]:
    """Item → value, and the findings."""
    name = f"{[*CASES].index(case):02}.xlsx"
    ids = set(results.returns.loc[results.returns["file"] == name, "return_id"])
    values = results.values.frame(return_id=ids)
    findings = results.findings[results.findings["file"] == name]
    return dict(zip(values["item"], values["value"], strict=True)), findings.to_dict("records")


@pytest.mark.parametrize("case", CASES)
def test_what_stands_there_is_read_or_named(results: Results, case: str) -> None:
    """Never another figure, never "blank", and nothing is called wrong that ties."""
    values, findings = of_case(results, case)
    grave = [row["message"] for row in findings if row["severity"] == "强制性"]
    assert grave == []
    for item, figure in READ.items():
        assert values[item] == figure or values[item] != values[item], item
    lost = [item for item, figure in READ.items() if values[item] != figure]
    named = [row for row in findings if row["rule"] in ("T-20", "T-30", "T-31", "T-32")]
    assert not lost or named, lost


def test_these_are_read_whole(results: Results) -> None:
    for case in ("as it is", "radicals", "heads again", "row gone", "column between"):
        values, _ = of_case(results, case)
        assert {item: values[item] for item in READ} == READ, case


def test_most_wordings_are_understood(results: Results) -> None:
    understood = {
        cell for cell in LABELS if all(of_case(results, f"label {cell}")[0][item] == READ[item] for item in READ)
    }
    assert LABELS.keys() - understood == set()


def test_radicals_of_pdf_are_their_characters() -> None:
    assert {"⻋": "车", "⻔": "门"}.items() <= {chr(sign): text for sign, text in RADICALS.items()}.items()


def test_a_part_behind_the_total_keeps_no_sum_from_being_checked(tmp_path: Path) -> None:
    """其中：产出小计 below 总分 belongs to what stands above it; with a label of its own it might be a further part."""
    last = {"A-F": "总分", "G": 100, "H": 99, "I-J": None}
    for name, label, points in (("其中", "其中：产出小计", 50), ("另加", "另加", 40)):
        row = {"A-F": label, "G": points, "H": points, "I-J": None}
        write_book(
            [{"of": "项目支出绩效自评表", "instead": {"22": [last, row]}}], f"{name}局", tmp_path / f"{name}.xlsx"
        )
    findings = run([tmp_path]).findings
    open_sums = findings[(findings["verdict"] == "无法核对") & findings["rule"].isin(["A-04", "A-05", "A-07"])]
    assert set(open_sums["file"]) == {"另加.xlsx"}
    assert set(findings.loc[findings["rule"] == "T-20", "file"]) == {"其中.xlsx", "另加.xlsx"}
