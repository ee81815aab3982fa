"""Issued workbooks with something done to their figures: every figure that gets lost or wrong is told.

The cases are those that other programs for the same work met, built on an honest return whose ties all hold.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from gouji.export.results import Results
from gouji.export.sheets.overview import lead
from gouji.pipeline import run
from gouji.samples.fill import Number, fill_workbook
from gouji.samples.generating.arithmetic import base_results
from gouji.samples.reference import ReferenceFigures, build_reference
from gouji.templates.addresses import cell_position
from tests.field import issued as make
from tests.field.build import write_book
from tests.field.issued import Change, build_returned, issued_unit, write_roster

SECOND = 3
"""The unit whose table stands below that of another."""
CASES: dict[str, tuple[Change | None, Change | None]] = {
    "honest": (None, None),
    "second_unit_below": (None, make.second_unit_below(issued_unit(SECOND))),
    "project_below": (None, make.project_below),
    "nothing_of_the_second": (None, None),
    "beside": (None, make.beside),
    "unmerged_right": (make.nothing_in_time, make.unmerged_right),
    "all_in_yuan": (make.all_in_yuan, None),
    "issued_head_yuan": (make.base_in_yuan, make.head_says_yuan),
    "rows_exchanged": (None, make.rows_exchanged),
    "heads_exchanged": (None, make.heads_exchanged),
    "years_exchanged": (None, make.years_exchanged),
    "three_semicolons": (None, make.three_semicolons),
    "row_height_zero": (None, make.row_height_zero),
    "zero_height_default": (None, make.zero_height_default),
    "column_width_zero": (None, make.column_width_zero),
    "white_on_white": (None, make.white_on_white),
    "measure_date": (None, make.measure_date),
    "negative": (make.negative, None),
    "red_negative": (make.red_negative, make.shown_red),
}
NUMBERS = {name: number for number, name in enumerate(CASES)}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    folder = tmp_path_factory.mktemp("issued")
    write_roster(folder / "名册.csv", len(CASES))
    for name, (before, after) in CASES.items():
        if NUMBERS[name] != SECOND:
            build_returned(folder / "报送", NUMBERS[name], before, after)
    return run([folder / "报送"], roster_path=folder / "名册.csv", year=make.YEAR)


def findings_of_case(results: Results, case: str) -> list[dict[str, Any]]:
    """The findings on the case's file."""
    code = issued_unit(NUMBERS[case]).recipient.unit_code
    rows = results.findings[results.findings["file"].fillna("").str.startswith(code)]
    return list(rows.astype(object).where(rows.notna(), None).to_dict("records"))


def value(results: Results, case: str, item: str, form: str = "部门整体支出绩效评价基础数据表") -> float | None:
    returns, code = results.returns, issued_unit(NUMBERS[case]).recipient.unit_code
    ids = returns[(returns["unit_code"] == code) & (returns["form"] == form)]["return_id"]
    values = results.values.frame(return_id=set(ids))
    (figure,) = values[values["item"] == item]["value"]
    return None if figure != figure else float(figure)


def named(rows: list[dict[str, Any]], *words: str) -> bool:
    """Whether a finding stands at one of the cells or has one of the words in its sentence."""
    return any(word == row["cell"] or word in row["message"] for row in rows for word in words)


@pytest.mark.in_turn("long")
def test_an_honest_return_has_no_finding(results: Results) -> None:
    assert [row["rule"] for row in findings_of_case(results, "honest") if row["severity"] in ("强制性", "核实性")] == []


@pytest.mark.parametrize("case", ["second_unit_below"])
def test_a_second_table_on_the_sheet_is_a_table_or_told(results: Results, case: str) -> None:
    second = issued_unit(SECOND).recipient
    received = results.returns[results.returns["form"].notna()]
    assert second.unit_code in set(received["unit_code"]) or named(findings_of_case(results, case), second.unit)


@pytest.mark.parametrize("case", ["project_below", "beside", "unmerged_right"])
def test_figures_outside_every_field_are_told_by_cell(results: Results, case: str) -> None:
    cells = {"project_below": ["B31"], "beside": ["AC12"], "unmerged_right": ["G11"]}[case]
    assert all(named(findings_of_case(results, case), cell) for cell in cells)


@pytest.mark.parametrize("case", ["all_in_yuan"])
def test_a_return_in_yuan_is_told(results: Results, case: str) -> None:
    assert any("元" in row["message"].replace("万元", "") for row in findings_of_case(results, case))


@pytest.mark.parametrize("case", ["issued_head_yuan"])
def test_a_head_that_says_yuan_governs(results: Results, case: str) -> None:
    honest = base_results(issued_unit(NUMBERS[case]).base)["三公经费.本年决算数"]
    right = value(results, case, "三公经费.本年决算数") == pytest.approx(float(honest or 0))
    assert right or any(
        "单位：元" in row["message"] and row["severity"] == "强制性" for row in findings_of_case(results, case)
    )


@pytest.mark.parametrize("case", ["rows_exchanged", "heads_exchanged", "years_exchanged"])
def test_labels_decide_where_a_figure_belongs(results: Results, case: str) -> None:
    base = issued_unit(NUMBERS[case]).base
    for item in (
        "公务接待.本年决算数",
        "公务接待.上年决算数",
        "公务接待.本年预算数",
        "出国经费.本年决算数",
        "办公经费.本年预算数",
    ):
        assert value(results, case, item) == pytest.approx(float(base.figure(item)))
    assert [
        row["message"] for row in findings_of_case(results, case) if row["verdict"] == "不符" and row["layer"] == "表内"
    ] == []
    assert findings_of_case(results, case)


@pytest.mark.parametrize(
    "case", ["three_semicolons", "row_height_zero", "zero_height_default", "column_width_zero", "white_on_white"]
)
def test_a_figure_that_nobody_sees_is_told(results: Results, case: str) -> None:
    hidden = [row for row in findings_of_case(results, case) if row["rule"] == "T-15"]
    cells = [cell for row in hidden for cell in str(row["related_cells"]).split("；")]
    assert ("D11" if case == "column_width_zero" else "F11") in cells


@pytest.mark.parametrize("case", ["measure_date"])
def test_a_date_in_place_of_a_measure_is_told_and_earns_nothing(results: Results, case: str) -> None:
    rows = [row for row in findings_of_case(results, case) if row["sheet"] == make.PROJECT_SHEET]
    assert any(row["rule"].startswith("T-") and named([row], "E13", "F13") for row in rows)
    ids = set(results.returns.loc[results.returns["sheet"] == make.PROJECT_SHEET, "return_id"])
    code = issued_unit(NUMBERS[case]).recipient.unit_code
    (return_id,) = [candidate for candidate in ids if candidate.startswith(code)]
    line = next(row["line"] for row in _rows(results, return_id) if row["cell"] == "E13")
    scores = results.scores.frame(return_id={return_id}, indicator={line})
    assert scores["score"].isna().all()


def _rows(results: Results, return_id: str) -> list[dict[str, Any]]:
    return list(results.values.frame(return_id={return_id}).astype(object).to_dict("records"))


@pytest.mark.parametrize("case", ["negative", "red_negative"])
def test_an_amount_below_nothing_is_told(results: Results, case: str) -> None:
    cell = {"negative": "F9", "red_negative": "F11"}[case]
    rows = [row for row in findings_of_case(results, case) if row["cell"] == cell and row["verdict"] == "不符"]
    assert [row["severity"] for row in rows if row["rule"] != "T-17"] == ["强制性"]
    assert any(row["rule"] == "T-17" for row in rows) == (case == "red_negative")


# ---- the bureau's own table, and a pasted measure ----------------------------------------------------


def _reference(folder: Path, total: Callable[[Decimal], Decimal] | None, first: int = 0) -> Path:
    units = [issued_unit(number) for number in range(2)]
    figures = {unit.recipient.unit: base_results(unit.base)["公用经费.本年决算数"] or Decimal(0) for unit in units}
    rows = [
        {"code": unit.recipient.unit_code, "name": unit.recipient.unit,
         "figures": {"公用经费": figures[unit.recipient.unit]}}
        for unit in units
    ]  # fmt: skip
    path = build_reference(folder, ReferenceFigures.model_validate({"year": make.YEAR, "units": rows}))
    if total is not None:
        fill_workbook(path, {"参照表": {cell_position("K4"): Number(total(sum(figures.values(), Decimal(0))))}})
    return path


@pytest.mark.in_turn("long")
@pytest.mark.parametrize("plus", [100, 0])
def test_a_wrong_total_of_the_bureaus_own_table_is_told(tmp_path: Path, plus: int) -> None:
    path = _reference(tmp_path, lambda total: total + plus)
    build_returned(tmp_path / "报送", 0, None, None)
    results = run([tmp_path / "报送"], year=make.YEAR, reference_path=path)
    rows = results.findings[results.findings["rule"] == "K-01"]
    assert len(rows) == (1 if plus else 0)
    assert "0个单位" not in lead(results)  # it is nobody's return


def test_a_date_in_a_pasted_measure_is_told(tmp_path: Path) -> None:
    day = datetime.date(2022, 3, 5)
    path = tmp_path / "报送" / "甲局.xlsx"
    path.parent.mkdir()
    write_book([{"of": "项目支出绩效自评表", "cells": {"E13": day, "F13": day}}], "甲局", path)
    rows = run([path]).findings
    findings = rows[rows["rule"].str.startswith("T-")]
    assert any("E13" in str(text) for text in [*findings["cell"], *findings["message"]])
