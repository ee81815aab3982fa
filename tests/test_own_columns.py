"""Columns that a form does not have: those that say in their head that they are no part of it need no explanation."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from gouji.pipeline import Results, run
from tests.field.build import write_book

BASE, PROJECT = "基础数据表2021", "项目支出绩效自评表"


def with_column(folder: Path, of: str, column: str, head: dict[int, str], figures: range, **cells: str) -> Results:
    """A plain table with one more column: texts in some rows, 1.25 in others. `cells`: other texts that stand there."""
    path = write_book([{"of": of}], "某县财政局", folder / "a.xlsx")
    book = openpyxl.load_workbook(path)
    for row, text in head.items():
        book.worksheets[0][f"{column}{row}"] = text
    for cell, text in cells.items():
        book.worksheets[0][cell] = text
    for row in figures:
        book.worksheets[0][f"{column}{row}"] = 1.25
    book.save(path)
    return run([path])


def unread(results: Results) -> list[tuple[str, str]]:
    rows = results.findings[results.findings["rule"] == "T-20"]
    return list(zip(rows["severity"], rows["item"], strict=True))


@pytest.mark.parametrize("head", ["预决算差异", "差额", "较上年增减额", "同比增长", "主管部门复核数"])
def test_a_column_that_says_what_it_is_need_not_be_explained(tmp_path: Path, head: str) -> None:
    results = with_column(tmp_path, BASE, "H", {5: head}, range(6, 10))
    assert unread(results) == [("提示", "自设栏")]
    (message,) = results.findings.query("rule == 'T-20'")["message"]
    assert "有 4 个数" in message and f"“{head}”栏" in message
    assert results.run["counts"]["figures_unread"] == 4


def test_a_head_over_several_columns_tells_too(tmp_path: Path) -> None:
    results = with_column(tmp_path, BASE, "H", {4: "财政复核", 5: "决算数"}, range(6, 10))
    assert unread(results) == [("提示", "自设栏")]


@pytest.mark.parametrize("head", ["变动后预算数", "调整数", "结余", "其他"])
def test_any_other_column_is_named_where_the_form_lacks_none(tmp_path: Path, head: str) -> None:
    assert unread(with_column(tmp_path, BASE, "H", {5: head}, range(6, 10))) == [("提示", "表外")]


@pytest.mark.parametrize("head", ["变动后预算数", "结余", "其他"])
def test_any_other_column_is_asked_about_where_the_form_lacks_one(tmp_path: Path, head: str) -> None:
    assert ("核实性", "") in unread(with_column(tmp_path, BASE, "H", {5: head}, range(6, 10), D5="备用"))


def test_a_sentence_over_a_head_is_no_head(tmp_path: Path) -> None:
    goal = "全年服务群众人次较上年增长百分之十，目标完成"
    assert unread(with_column(tmp_path, PROJECT, "L", {11: goal, 12: "分"}, range(13, 16))) == [("提示", "表外")]
