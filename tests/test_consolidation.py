"""C-01: every total of 汇总.xlsx is the sum of the units' figures, and one that is not is found."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from gouji.export import consolidation
from gouji.export.consolidation import untied
from gouji.export.output import write_outputs
from gouji.export.results import Results
from gouji.export.sheets import figure_rows, projects
from gouji.export.unit_figures import ADDED
from gouji.pipeline import run
from gouji.samples.generate import ROSTER, WORKBOOKS, generate
from gouji.templates.catalogue import built_in

FORM = "部门整体支出绩效评价基础数据表"


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    folder = tmp_path_factory.mktemp("batch")
    generate(folder, 4, 0, seed=3)
    return run([folder / WORKBOOKS], folder / "结果", roster_path=folder / ROSTER, only=["汇总"])


def written(results: Results, out: Path) -> Path:
    write_outputs(results, out, ["汇总"])
    return out / "汇总.xlsx"


@pytest.mark.in_turn("long")
def test_the_totals_of_a_batch_tie(results: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every figure column of the form has its total compared, and the three amounts of the projects."""
    compared: list[str] = []
    real = consolidation._same
    monkeypatch.setattr(
        consolidation, "_same", lambda stated, expected: compared.append(str(stated)) or real(stated, expected)
    )
    path = written(results, tmp_path / "out")
    assert untied(results, path) == []
    amounts = [item for item in built_in().find(FORM + "@衡山县-2021").items.values() if item.kind in ADDED]
    assert len(compared) >= 2 * (len(amounts) + 3)  # once when it was written, once here
    assert "C-01" not in set(results.findings["rule"])


def test_a_total_changed_in_the_workbook_is_found_at_its_cell(results: Results, tmp_path: Path) -> None:
    path = written(results, tmp_path / "out")
    book = openpyxl.load_workbook(path, data_only=True)
    sheet = book["基础数据汇总"]
    row = next(cells for cells in sheet.iter_rows() if cells[2].value == "合计")
    was = row[5].value
    row[5].value = was + 1
    target = row[5].coordinate
    book.save(path)
    (finding,) = untied(results, path)
    assert (finding.rule, finding.severity, finding.verdict, finding.layer) == ("C-01", "强制性", "不符", "汇总")
    assert (finding.form, finding.sheet, finding.cell, finding.item, finding.difference) == (
        FORM,
        "基础数据汇总",
        target,
        "编制数",
        1.0,
    )
    assert (finding.stated, finding.expected) == (f"{was + 1:g}", f"{was:g}")


@pytest.mark.in_turn("long")
def test_a_writer_that_leaves_a_unit_out_is_found_and_the_finding_is_in_the_outputs(
    results: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = figure_rows.total
    monkeypatch.setattr(figure_rows, "total", lambda figures: real(list(figures)[1:]))
    copy = replace(results, findings=results.findings.copy(), run={"counts": {"findings": 0}})
    write_outputs(copy, tmp_path / "out", ["汇总"])
    wrong = copy.findings[copy.findings["rule"] == "C-01"]
    assert set(wrong["form"]) == {FORM}
    assert "三公经费.本年决算数" in set(wrong["item"])
    stored = pd.read_parquet(tmp_path / "out" / "data" / "findings.parquet")
    assert (stored["rule"] == "C-01").sum() == len(wrong) > 10
    assert copy.run["counts"]["findings"] == len(copy.findings)
    shown = openpyxl.load_workbook(tmp_path / "out" / "汇总.xlsx")["问题清单"]
    assert any(cell.value == "C-01" for row in shown.iter_rows() for cell in row)


@pytest.mark.in_turn("long")
def test_a_project_left_out_is_found(results: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = projects.total
    monkeypatch.setattr(projects, "total", lambda figures: real(list(figures)[1:]))
    copy = replace(results, findings=results.findings.copy())
    write_outputs(copy, tmp_path / "out", ["汇总"])
    wrong = copy.findings[copy.findings["rule"] == "C-01"]
    assert sorted(wrong["item"]) == ["全年执行数", "全年预算数", "年初预算数"]
    assert set(wrong["sheet"]) == {"项目绩效汇总"}
