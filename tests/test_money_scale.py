"""Whole tables that are in 元 though 万元 is printed: told once each, out of the totals until somebody says so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from gouji.export.results import Results
from gouji.pipeline import run
from gouji.samples.generating.delivering import deliver
from tests.field.build import write_book
from tests.field.issued import issued_unit
from tests.frames import all_found
from tests.rotation import rotated

BASE, PROJECT = "基础数据表2021", "项目支出绩效自评表"
IN_YUAN = {BASE: {"times": {"B6:F21": 10000}}, PROJECT: {"times": {"D6:F9": 10000}}}
OF_2021 = {"A2": "（2021年度）"}
NO_MONEY_IN_WORDS = OF_2021 | {"E16": "降低", "F16": "降低"}
NO_STAFF = {"B4": None, "D4": None, "F4": None}
A_YEAR_BEFORE = {
    "D3": "2020年实际在职人数", "B5": "2019年决算数", "D5": "2020年预算数", "F5": "2020年决算数",
}  # fmt: skip


def sheet(of: str, cells: dict[str, Any] | None = None, *, yuan: bool = False, **change: Any) -> dict[str, Any]:
    return {"of": of, "cells": cells or {}, **(IN_YUAN[of] if yuan else {}), **change}


def checked(folder: Path, sheets: list[dict[str, Any]], **options: Any) -> Results:
    inbox = folder / "收到"
    inbox.mkdir(exist_ok=True)
    write_book(sheets, "试点甲局", inbox / "试点甲局.xlsx")
    return run([inbox], folder / "结果", **({"only": ()} | options))


def held(results: Results) -> dict[str, str]:
    """Sheet → why it does not count; each is told by one finding, and nothing else is said across tables."""
    rows = results.returns[results.returns["status"] == "金额待定"]
    findings = all_found(results)
    doubts = findings[findings["rule"] == "R-12"]
    assert results.findings["rule"].eq("R-12").sum() == min(1, len(rows))
    assert sorted(doubts["return_id"]) == sorted(rows["return_id"]) and not rows["adopted"].any()
    assert (doubts["severity"] == "强制性").all()
    assert all(
        reason in message for reason, message in zip(sorted(rows["reason"]), sorted(doubts["message"]), strict=True)
    )
    across = results.findings[results.findings["layer"].isin(["表间", "跨年", "外部核对"])]
    assert across[across["return_id"].isin(rows["return_id"])].empty
    return dict(zip(rows["sheet"], rows["reason"], strict=True))


def test_a_whole_return_in_yuan_is_told_by_its_staff(tmp_path: Path) -> None:
    sheets = [sheet(BASE, yuan=True), sheet(PROJECT, NO_MONEY_IN_WORDS, yuan=True)]
    reasons = held(checked(tmp_path, sheets))
    assert "只有 50 人" in reasons["基础数据表"]
    assert "与本单位“基础数据表”相符" in reasons["自评表"]


def test_a_large_unit_is_not_in_yuan(tmp_path: Path) -> None:
    large = {"times": {"B4:D4": 10, "B6:F21": 1000}}
    sheets = [{"of": BASE, **large}, {"of": PROJECT, "cells": NO_MONEY_IN_WORDS, "times": {"D6:F9": 1000}}]
    assert held(checked(tmp_path, sheets)) == {}


def test_few_staff_and_much_money_to_hand_on_is_not_in_yuan(tmp_path: Path) -> None:
    paid_on = {"B12": 500000, "D12": 500000, "F12": 480000, "B13": 300000, "D13": 300000, "F13": 300000,
               "B14": 200000, "D14": 200000, "F14": 180000, "B4": 5, "D4": 5}  # fmt: skip
    assert held(checked(tmp_path, [sheet(BASE, paid_on)])) == {}


def test_one_table_against_the_others_of_the_unit(tmp_path: Path) -> None:
    reasons = held(checked(tmp_path, [sheet(BASE), sheet(PROJECT, NO_MONEY_IN_WORDS, yuan=True)]))
    assert list(reasons) == ["自评表"] and "基础数据表" in reasons["自评表"]


def test_one_project_of_two_by_its_line(tmp_path: Path) -> None:
    first = {"D6": 60, "E6": 60, "F6": 50, "C3": "养护专项"}
    second = {"D6": 400000, "E6": 400000, "F6": 400000, "C3": "运行专项"}
    sheets = [
        sheet(BASE), sheet(PROJECT, NO_MONEY_IN_WORDS | first, sheet="一"),
        sheet(PROJECT, NO_MONEY_IN_WORDS | second, sheet="二"),
    ]  # fmt: skip
    reasons = held(checked(tmp_path, sheets))
    assert list(reasons) == ["二"] and "一万倍" in reasons["二"]


def test_one_small_project_of_many_is_none(tmp_path: Path) -> None:
    large = {"B12": 500000, "D12": 500000, "F12": 500000, "B13": 500000, "D13": 500000, "F13": 500000}
    small = {"D6": 55, "E6": 55, "F6": 45}
    assert held(checked(tmp_path, [sheet(BASE, large), sheet(PROJECT, NO_MONEY_IN_WORDS | small)])) == {}


def test_the_words_of_the_table_itself(tmp_path: Path) -> None:
    reasons = held(checked(tmp_path, [sheet(PROJECT, OF_2021, yuan=True)]))
    assert "≤100万元" in reasons["自评表"] and "1000000" in reasons["自评表"]


@pytest.mark.in_turn("long")
@pytest.mark.parametrize(
    ("then", "now", "words"),
    rotated("scale of last year", [(False, True, "一万倍"), (True, False, "万分之一"), (False, False, "")]),
)
def test_last_year(tmp_path: Path, then: bool, now: bool, words: str) -> None:
    before, after = tmp_path / "去年", tmp_path / "今年"
    before.mkdir()
    after.mkdir()
    first = checked(before, [sheet(BASE, A_YEAR_BEFORE | NO_STAFF, yuan=then)])
    assert set(first.returns["status"]) == {"已收"}
    results = checked(after, [sheet(BASE, NO_STAFF, yuan=now)], previous_path=before / "结果")
    reasons = held(results)
    assert list(reasons) == (["基础数据表"] if words else [])
    assert all(words in reason and "上年" in reason for reason in reasons.values())


@pytest.mark.in_turn("long")
def test_a_table_that_was_said_to_be_right_counts(tmp_path: Path) -> None:
    sheets = [sheet(BASE, yuan=True)]
    assert list(held(checked(tmp_path, sheets, only=["汇总"]))) == ["基础数据表"]
    book = load_workbook(tmp_path / "结果" / "汇总.xlsx")
    files = book["收表明细"]
    (column,) = [cell.column for row in files.iter_rows() for cell in row if cell.value == "采用"]
    (row,) = [row[0].row for row in files.iter_rows() if any(cell.value == "金额待定" for cell in row)]
    files.cell(row, column).value = "是"
    book.save(tmp_path / "结果" / "汇总.xlsx")
    again = run([tmp_path / "收到"], tmp_path / "结果", only=())
    assert held(again) == {} and again.returns["adopted"].all()


@pytest.mark.parametrize(
    ("table", "item", "named"),
    rotated(
        "one cell in yuan",
        [
            (BASE, "办公经费.本年决算数", "“办公经费（本年决算数）”（F20）"),
            (PROJECT, "当年财政拨款.全年执行数", "“当年财政拨款（全年执行数）”（F7）"),
            (PROJECT, "当年财政拨款.全年预算数", "“当年财政拨款（全年预算数）”（E7）"),
        ],
        1,
    ),
)
def test_one_amount_in_yuan_is_one_finding_and_its_table_stays_out(
    tmp_path: Path, table: str, item: str, named: str
) -> None:
    unit = issued_unit(1)
    of = unit.base if table == BASE else unit.projects[0]
    of.put(item, of.figure(item) * 10000)
    deliver(unit, tmp_path)
    results = run([tmp_path], year=unit.year)
    findings = results.findings[results.findings["severity"] != "表样问题"]
    assert findings["rule"].tolist() == ["R-12"]
    assert findings["message"].iloc[0].startswith(named) and "一万倍" in findings["message"].iloc[0]
    assert results.returns.loc[results.returns["status"] == "金额待定", "return_id"].tolist() == [
        findings["return_id"].iloc[0]
    ]
    asides = results.asides.frame()
    beside = asides[asides["of"].eq(findings["finding_id"].iloc[0])]
    assert len(beside) and beside["verdict"].eq("不符").all()


@pytest.mark.parametrize(("times", "held_back"), [(10000, True), (1000, False), (10, False)])
def test_an_amount_of_another_size_is_none(tmp_path: Path, times: int, held_back: bool) -> None:
    unit = issued_unit(1)
    unit.base.put("办公经费.本年决算数", unit.base.figure("办公经费.本年决算数") * times)
    deliver(unit, tmp_path)
    results = run([tmp_path], year=unit.year)
    assert results.returns["status"].eq("金额待定").any() == held_back
