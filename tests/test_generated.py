"""Invented batches: what is planted is found, honest units are left alone, and the generator is right by itself."""

from __future__ import annotations

import csv
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import Mock

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gouji.samples.fill import Entry, Number, Text, unpacked
from gouji.samples.generate import PLANTED, ROSTER, WORKBOOKS, generate
from gouji.samples.generating.arithmetic import project_results, results_of
from gouji.samples.generating.catalogue import CATALOGUE, MORE, MORE_BY_FORM
from gouji.samples.generating.delivering import deliver
from gouji.samples.generating.faults_figures import swapped
from gouji.samples.generating.issued import issued_parts
from gouji.samples.generating.more_forms import add_more_forms, grade
from gouji.samples.generating.more_keys import MORE_FORMS
from gouji.samples.generating.names import recipient, unit_name
from gouji.samples.generating.planted import read_planted
from gouji.samples.generating.scores import less_is_better, more_is_better, rated_scores, steps
from gouji.samples.generating.tables import Table, UnitReturn
from gouji.samples.generating.units import BASE, PROJECT, SHEET, honest_unit, known_figures
from gouji.templates.catalogue import built_in
from gouji.templates.issued import issue_workbook, issued_sheets
from gouji.templates.rules.single import computed_values
from gouji.templates.selfcheck.names import LEDGER_SHEET, SELF_CHECK_SHEET
from tests.measure_generated import measure
from tests.recalculation import converted

HONEST = 12
UNITS = len(CATALOGUE) + HONEST
HONEST_OF_ALL = 3
FAULTY_OF_ALL = max(len(kinds) for kinds in MORE_BY_FORM.values())


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One unit for every kind of fault, and HONEST units without any."""
    out = tmp_path_factory.mktemp("batch")
    generate(out, UNITS, len(CATALOGUE) / UNITS, seed=7)
    return out


@pytest.fixture(scope="module")
def measured(batch: Path) -> dict[str, Any]:
    return measure(batch)


@pytest.mark.in_turn("long")
def test_every_planted_fault_is_found(measured: dict[str, Any]) -> None:
    print(f"\nplanted {measured['planted']}, recall {measured['recall']}, {measured['seconds']} s")
    assert set(measured["by_kind"]) == set(CATALOGUE)
    assert measured["missed"] == []
    assert measured["recall"] == 1


def test_honest_units_are_left_alone(measured: dict[str, Any]) -> None:
    print(f"\nfalse alarms at {HONEST} honest units: {len(measured['false_alarms'])}")
    assert measured["false_alarms"] == []


def test_a_fault_breaks_the_rules_foretold_and_no_others(measured: dict[str, Any], batch: Path) -> None:
    foretold = [fault for fault in read_planted(batch / PLANTED) if fault.exactly is not None]
    assert len(foretold) >= 40
    assert measured["inexact"] == []


def test_of_an_honest_unit_only_the_indicators_without_figures_cannot_be_checked(measured: dict[str, Any]) -> None:
    """Five indicators of 评分表 rest on figures that are on no form; a 0 filled in as asked is no trouble."""
    assert measured["unchecked"] == {"F-S1": 5 * HONEST}


@pytest.fixture(scope="module")
def all_forms_batch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every kind of the eight other forms once, one of every form at a unit, and HONEST_OF_ALL units without any."""
    out, units = tmp_path_factory.mktemp("all"), FAULTY_OF_ALL + HONEST_OF_ALL
    generate(out, units, FAULTY_OF_ALL / units, seed=7, kinds=list(MORE), forms="all", together=True)
    return out


@pytest.fixture(scope="module")
def measured_all(all_forms_batch: Path) -> dict[str, Any]:
    return measure(all_forms_batch)


@pytest.mark.deep
def test_over_all_forms_every_planted_fault_is_found(measured_all: dict[str, Any], all_forms_batch: Path) -> None:
    print(f"\nplanted {measured_all['planted']}, recall {measured_all['recall']}, {measured_all['seconds']} s")
    assert measured_all["by_kind"] == {kind: [1, 1] for kind in MORE}
    assert measured_all["missed"] == []
    assert sum(fault.exactly is not None for fault in read_planted(all_forms_batch / PLANTED)) >= 30
    assert measured_all["inexact"] == []


@pytest.mark.deep
def test_over_all_forms_honest_units_are_left_alone(measured_all: dict[str, Any]) -> None:
    assert measured_all["false_alarms"] == []
    assert measured_all["unchecked"] == {"F-S1": 5 * HONEST_OF_ALL}


@pytest.mark.deep
def test_over_all_forms_the_ties_between_tables_are_checked(measured_all: dict[str, Any]) -> None:
    """No alarm because nothing could be compared would be worth nothing."""
    agreed, projects = measured_all["agreed"], 2 * HONEST_OF_ALL
    per_unit = {"C-07": 1, "C-18": 1, "C-19": 1, "X-07": 1, "X-08": 1, "H-02": 1, "I-02": 1, "H-S1": 16, "I-S1": 8}
    per_project = {"B-07": 1, "E-07": 1, "D-03": 1, "D-07": 1, "D-08": 1, "B-S1": 2, "E-S1": 5, "J-01": 2}
    expected = {rule: count * HONEST_OF_ALL for rule, count in per_unit.items()}
    expected |= {rule: count * projects for rule, count in per_project.items()}
    assert {rule: agreed.get(rule, 0) for rule in expected} == expected


def test_over_all_forms_every_form_that_units_fill_is_there() -> None:
    unit = of_all_forms(0)
    assert {table.form.name for table in unit.tables} == {
        form.name for form in built_in().forms if form.definition.per != "bureau"
    } | {"评分依据补充表"}


def test_kinds_of_other_forms_are_refused_where_these_are_not_sent(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no such kind of fault: 整体报告结余错"):
        generate(tmp_path, 2, 0.5, seed=1, kinds=["整体报告结余错"])


def test_the_files_beside_the_workbooks(batch: Path) -> None:
    planted = read_planted(batch / PLANTED)
    assert len(planted) == len(CATALOGUE)
    with (batch / ROSTER).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    outside = {fault.unit_code for fault in planted if fault.kind == "名册外单位"}
    assert len(outside) == 1
    assert {row["单位编码"] for row in rows} == {f"4399{n:05}" for n in range(1, UNITS + 1)} - outside
    assert len({row["项目编码"] for row in rows}) == len(rows) == 2 * (UNITS - 1)
    files = {path.name for path in (batch / WORKBOOKS).iterdir()}
    assert len(files) == UNITS + 1  # two units sent twice, one not at all
    assert {fault.file for fault in planted if fault.file} <= files
    assert [fault.kind for fault in planted if not fault.file] == ["缺报"]


def test_a_unit_is_the_same_in_a_batch_of_any_size(tmp_path: Path) -> None:
    for name, units in (("few", 2), ("more", 4)):
        assert generate(tmp_path / name, units, 0, seed=3) == []
    few = sorted((tmp_path / "few" / WORKBOOKS).iterdir())
    assert len(few) == 2
    for path in few:
        assert path.read_bytes() == (tmp_path / "more" / WORKBOOKS / path.name).read_bytes()


def test_equal_arguments_give_equal_faults(tmp_path: Path) -> None:
    kinds = ["总分算错", "数字颠倒"]
    first, second = (generate(tmp_path / name, 5, 0.6, seed=9, kinds=kinds) for name in "ab")
    assert first == second
    assert len(first) == 3
    assert {fault.kind for fault in first} == set(kinds)


@pytest.mark.parametrize(("share", "kinds"), [(1.5, None), (-0.1, None), (0.5, ["没有这种"])])
def test_a_share_or_kind_that_does_not_exist_is_refused(tmp_path: Path, share: float, kinds: list[str] | None) -> None:
    with pytest.raises(ValueError, match=r"share of faults|no such kind of fault: 没有这种"):
        generate(tmp_path, 2, share, seed=1, kinds=kinds)


def test_generating_uses_nothing_that_checks() -> None:
    code = "import sys, gouji.samples.generate; print(*{'.'.join(name.split('.')[:2]) for name in sys.modules})"
    process = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(process.stdout.split())
    gouji_modules = {name for name in loaded if name.startswith("gouji.")}
    assert gouji_modules == {"gouji.samples", "gouji.templates"}


def honest(number: int) -> UnitReturn:
    random = Random(f"test/{number}")
    return honest_unit(recipient(number, random), 2021, random)


def of_all_forms(number: int) -> UnitReturn:
    unit = honest(number)
    add_more_forms(unit, Random(f"test/{number}/more"))
    return unit


def figures(entries: dict[str, Entry]) -> dict[str, Decimal | None]:
    return {item: entry.value if isinstance(entry, Number) else None for item, entry in entries.items()}


@pytest.mark.parametrize("number", range(6))
def test_the_generators_arithmetic_is_the_definitions(number: int) -> None:
    """Two ways to the same figures: plain sums here, the forms' own rules there."""
    unit, checked = of_all_forms(number), 0
    for table in unit.tables:
        table.typed_over.clear()
        typed = figures(table.cells)
        computed = computed_values(table.form, typed, {name: lines_of(table, name, typed) for name in table.form.lists})
        assert results_of(table) == computed
        checked += len(computed)
    assert checked == 105


def lines_of(table: Table, name: str, typed: dict[str, Decimal | None]) -> list[dict[str, Any]]:
    """A list's lines as their columns' figures, and the indicator that a line stands under."""
    spec, lines = table.form.lists[name], []
    for line, group in table.lines.get(name, []):
        columns: dict[str, Any] = {column: typed.get(f"{line}.{column}") for column in spec.columns}
        lines.append({**columns, spec.levels[-2]: group} if group else columns)
    return lines


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        ("100", "优秀"),
        ("90", "优秀"),
        ("89.99", "良好"),
        ("80", "良好"),
        ("79.9", "中等"),
        ("60", "中等"),
        ("0", "较差"),
    ],
)
def test_grades(points: str, expected: str) -> None:
    assert grade(Decimal(points)) == expected


@pytest.mark.parametrize("number", range(6))
def test_an_honest_unit_ties(number: int) -> None:
    unit = honest(number)
    base, projects = known_figures(unit.base), [project_results(table) for table in unit.projects]
    for item, column in (("本年预算数", "全年预算数"), ("本年决算数", "全年执行数")):
        assert base[f"项目支出.{item}"] == sum(results[f"年度资金总额.{column}"] or 0 for results in projects)
    for name, score in rated_scores(base).items():
        assert unit.sheet.figure(f"{name}.得分") == score
    for table, results in zip(unit.projects, projects, strict=True):
        assert results["总分.分值"] == 100
        assert all(reason_given(table, line) for line, _ in table.lines["指标"])


def reason_given(table: Table, line: str) -> bool:
    """A line that lost points says why, and only such a line."""
    lost = table.figure(f"{line}.得分") < table.figure(f"{line}.分值")
    return lost == isinstance(table.cells[f"{line}.偏差原因"], Text)


def test_cells_hold_what_the_tables_say(tmp_path: Path) -> None:
    unit = honest(3)
    sheets = {sheet.project.code if sheet.project else sheet.form.name: sheet
              for sheet in issued_sheets(unit.recipient, [unit.base.form, unit.sheet.form, unit.projects[0].form], 2021)
              if not sheet.spare}  # fmt: skip
    book = openpyxl.load_workbook(tmp_path / deliver(unit, tmp_path), data_only=True)
    for table in unit.projects:
        sheet = sheets[table.instance]
        for item, value in (project_results(table) | figures(table.typed_over)).items():
            row, column = sheet.layout.positions[item]
            held = book[sheet.name].cell(row + 1, column + 1).value
            assert held == (None if value is None else float(value)) or (value is None and held == "")


@pytest.mark.deep
@pytest.mark.libreoffice
def test_results_are_what_a_spreadsheet_calculates(tmp_path: Path) -> None:
    name = deliver(of_all_forms(1), tmp_path)
    bare, out = tmp_path / "bare", tmp_path / "out"
    bare.mkdir()
    openpyxl.load_workbook(tmp_path / name).save(bare / name)  # openpyxl drops every result
    converted([bare / name], out)
    ours, theirs = (openpyxl.load_workbook(folder / name, data_only=True) for folder in (tmp_path, out))
    pairs = [
        tuple(book[sheet.title][cell.coordinate].value or "" for book in (ours, theirs))
        for sheet in openpyxl.load_workbook(tmp_path / name)
        if sheet.title not in (SELF_CHECK_SHEET, LEDGER_SHEET)
        for row in sheet.iter_rows()
        for cell in row
        # What shows the 自查 beside a form has no stored value to compare.
        if isinstance(cell.value, str) and cell.value.startswith("=") and LEDGER_SHEET not in cell.value
    ]
    assert len(pairs) >= 50
    assert sum(mine != "" for mine, _ in pairs) >= 20
    for mine, calculated in pairs:
        assert mine == (calculated if calculated == "" else pytest.approx(calculated, rel=1e-13))


@pytest.mark.parametrize(
    ("actual", "plan", "expected"),
    [("100", "100", "8"), ("100.99", "100", "8"), ("101", "100", "7"), ("104.5", "100", "4"), ("108", "100", "0"),
     ("300", "100", "0"), ("50", "100", "8"), ("0", "0", "8"), ("1", "0", "0")],
)  # fmt: skip
def test_steps_above_a_plan(actual: str, plan: str, expected: str) -> None:
    assert steps(8, Decimal(actual), Decimal(plan), per=1, deduct="1") == Decimal(expected)


@pytest.mark.parametrize(
    ("actual", "expected"), [("95.1", 6), ("95", 4), ("104.99", 6), ("105", 4), ("89", 2), ("80", 0)]
)
def test_steps_on_both_sides(actual: str, expected: int) -> None:
    assert steps(6, Decimal(actual), Decimal(100), per=5, deduct="2", both=True) == expected


@given(st.integers(1, 1000), st.integers(0, 3000))
def test_proportional_scores(target: int, actual: int) -> None:
    more, less = (rule(Decimal(10), Decimal(target), Decimal(actual)) for rule in (more_is_better, less_is_better))
    assert abs(Fraction(more) - min(Fraction(10), Fraction(10 * actual, target))) <= Fraction(1, 200)
    wanted = min(Fraction(10), max(Fraction(0), Fraction(20 * target - 10 * actual, target)))
    assert abs(Fraction(less) - wanted) <= Fraction(1, 200)


@pytest.mark.parametrize(
    ("value", "expected"), [("736.21", "376.21"), ("44.5", "445"), ("77.12", "77.21"), ("7", "70"), ("110", "101")]
)
def test_swapped_digits_differ(value: str, expected: str) -> None:
    assert swapped(Decimal(value)) == Decimal(expected)


def test_a_thousand_units_have_a_thousand_names() -> None:
    assert len({unit_name(number) for number in range(1000)}) == 1000


def test_planted_is_kept_as_it_was(tmp_path: Path) -> None:
    planted = generate(tmp_path, 3, 1, seed=4)
    assert len(planted) == 3
    assert read_planted(tmp_path / PLANTED) == planted


@pytest.mark.deep
@pytest.mark.parametrize("forms", ["core", "all"])
def test_an_issued_workbook_with_names_put_in_is_the_one_that_is_issued(
    forms: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The shortest names and the longest, which make rows higher; two projects of one name; another order."""
    issued = Mock(wraps=issue_workbook)
    monkeypatch.setattr("gouji.samples.generating.issued.issue_workbook", issued)
    chosen = [built_in().form(*form) for form in (BASE, SHEET, PROJECT, *(MORE_FORMS if forms == "all" else ()))]
    units = [recipient(number, Random(number)) for number in (0, 4, 31, 700, 3052, 100_000 - 2)]
    assert {len(unit.unit) for unit in units} >= {6, 23}
    alike = replace(units[0], projects=tuple(replace(project, name="网络线路租赁费") for project in units[0].projects))
    for unit in (*units, alike, replace(units[0], projects=units[0].projects[::-1])):
        issue_workbook(unit, chosen, 2021, tmp_path / "x.xlsx")
        assert issued_parts(unit, chosen, 2021) == unpacked(tmp_path / "x.xlsx")
    assert issued.call_count <= 4


@pytest.mark.deep
def test_more_processes_make_the_same_batch(tmp_path: Path) -> None:
    for jobs in (1, 2):
        generate(tmp_path / str(jobs), 4, 0.5, seed=2, jobs=jobs)
    single, double = (
        {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        for folder in (tmp_path / "1", tmp_path / "2")
    )
    assert single == double
