"""The figure cases on issued workbooks, saved again as .xls and .ods: what gets lost or wrong is told there as well."""

from __future__ import annotations

import pytest

from gouji.export.results import Results
from gouji.pipeline import run
from gouji.samples.generating.arithmetic import base_results
from tests import test_field_issued as issued_cases
from tests.field import issued as make
from tests.field.issued import build_returned, issued_unit, write_roster
from tests.recalculation import converted

# A quick run reads other formats in test_accounting, test_out_of_sight and test_printed_units.
pytestmark = pytest.mark.deep
CASES: dict[str, tuple[str, str, str]] = {
    "project_below": ("T-20", "强制性", "B31"),
    "beside": ("T-20", "核实性", "AC12"),
    "unmerged_right": ("T-20", "强制性", "G11"),
    "all_in_yuan": ("R-12", "强制性", "元"),
    "issued_head_yuan": ("T-11", "提示", "单位：元"),
    "rows_exchanged": ("T-07", "核实性", "公务接待"),
    "heads_exchanged": ("T-07", "核实性", "决算数"),
    "three_semicolons": ("T-15", "提示", "F11"),
    "white_on_white": ("T-15", "提示", "F11"),
    "measure_date": ("T-18", "核实性", "E13"),
    "negative": ("N-01", "强制性", "F9"),
    "red_negative": ("T-17", "强制性", "F11"),
}
"""Case → rule, severity, and the cell or a word of its sentence. (LibreOffice shows rows of height 0 again.)"""


@pytest.fixture(scope="module", params=["xls", "ods"])
def results(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Results:
    kind: str = request.param
    folder = tmp_path_factory.mktemp(kind)
    write_roster(folder / "名册.csv", len(issued_cases.CASES))
    for name in ("honest", *CASES):
        build_returned(folder / "xlsx", issued_cases.NUMBERS[name], *issued_cases.CASES[name])
    converted(sorted((folder / "xlsx").iterdir()), folder / "报送", kind)
    return run([folder / "报送"], roster_path=folder / "名册.csv", year=make.YEAR)


@pytest.mark.libreoffice
def test_every_case_is_told_and_an_honest_return_has_nothing(results: Results) -> None:
    for case, (rule, severity, word) in CASES.items():
        rows = [
            row
            for row in issued_cases.findings_of_case(results, case)
            if (row["rule"], row["severity"]) == (rule, severity)
        ]
        assert issued_cases.named(rows, word), case
    honest = issued_cases.findings_of_case(results, "honest")
    assert [row["rule"] for row in honest if row["severity"] in ("强制性", "核实性")] == []


@pytest.mark.libreoffice
def test_figures_are_read_as_labelled_and_in_their_unit(results: Results) -> None:
    for case in ("rows_exchanged", "heads_exchanged"):
        base = issued_unit(issued_cases.NUMBERS[case]).base
        for item in ("公务接待.本年决算数", "出国经费.本年决算数", "办公经费.本年预算数"):
            assert issued_cases.value(results, case, item) == pytest.approx(float(base.figure(item))), (case, item)
    total = base_results(issued_unit(issued_cases.NUMBERS["issued_head_yuan"]).base)["三公经费.本年决算数"]
    read = issued_cases.value(results, "issued_head_yuan", "三公经费.本年决算数")
    assert read == pytest.approx(float(total or 0))
