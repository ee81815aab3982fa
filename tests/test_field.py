"""Small workbooks from the field, one thing changed in each: read, found and told as a user expects."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from openpyxl import load_workbook
from ruamel.yaml import YAML

from gouji.export.results import Results
from gouji.pipeline import run
from tests.field.build import HERE, build_field, field_cases

EXPECTED: dict[str, Any] = YAML(typ="safe", pure=True).load(HERE / "expected.yaml")
FILES = {name.partition("_")[0]: f"{name}.xlsx" for name in field_cases()}
RANKS = {"表样问题": 0, "提示": 0, "核实性": 1, "强制性": 2}


def cases(aspect: str) -> Any:
    """The cases of which this aspect is expected."""
    names = [name for name in FILES if aspect in wanted(name) or aspect in ("grave", "figures", "whose")]
    return pytest.mark.parametrize("case", names)


def wanted(case: str) -> dict[str, Any]:
    """What is expected of a case, with what it takes over from another."""
    entry = EXPECTED[case]
    like = wanted(entry["like"]) if "like" in entry else {}
    together = {
        key: like.get(key, {}) | entry.get(key, {}) for key in ("tables", "values") if key in like or key in entry
    }
    return like | entry | together


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("field")
    build_field(folder / "报送")
    with (folder / "名册.csv").open("w", encoding="utf-8-sig", newline="") as file:
        units = [[f"4300{number:02}", name.partition("_")[2]] for number, name in enumerate(field_cases())]
        csv.writer(file).writerows([["单位编码", "单位名称"], *units])
    return folder


@pytest.fixture(scope="module")
def results(folder: Path) -> Results:
    return run([folder / "报送"], roster_path=folder / "名册.csv")


@pytest.fixture(scope="module")
def values(results: Results) -> pd.DataFrame:
    files = results.returns.set_index("return_id")["file"]
    frame = results.values.frame()
    return frame.assign(file=frame["return_id"].map(files))


def of_case(frame: pd.DataFrame, case: str) -> list[dict[str, Any]]:
    rows = frame[frame["file"] == FILES[case]]
    return list(rows.astype(object).where(rows.notna(), None).to_dict("records"))


@cases("tables")
def test_tables_are_what_their_titles_say(results: Results, case: str) -> None:
    forms = {row["sheet"]: row["form"] for row in of_case(results.returns, case)}
    for sheet, form in wanted(case)["tables"].items():
        assert sheet in forms
        if isinstance(form, dict):
            assert forms[sheet] != form["not"]
        else:
            assert forms[sheet] == form


@cases("whose")
def test_unit_and_year(results: Results, case: str) -> None:
    rows = of_case(results.returns, case)
    assert {row["unit"] for row in rows} == {wanted(case)["unit"]}
    if "year" in wanted(case):
        assert {row["year"] for row in rows if row["form"] is not None} == {wanted(case)["year"]}


@cases("values")
def test_values(values: pd.DataFrame, case: str) -> None:
    sheets = [sheet for sheet, form in wanted(case)["tables"].items() if isinstance(form, str)]
    read = {row["item"]: row for row in of_case(values, case) if row["sheet"] in sheets}
    values_read = {
        item: None if item not in read else read[item]["value" if isinstance(value, int | float) else "raw"]
        for item, value in wanted(case)["values"].items()
    }
    assert values_read == pytest.approx(wanted(case)["values"])


@cases("told")
def test_what_must_be_told(results: Results, case: str) -> None:
    editions = {row["edition"] for row in of_case(results.returns, case)}
    for tell in wanted(case)["told"]:
        if "edition" in tell:  # read as another edition than this, or the bureau is told
            bureau_findings = [
                row for row in of_case(results.findings, case) if row["severity"] in ("表样问题", "提示")
            ]
            assert tell["edition"] not in editions or any("表样" in row["message"] for row in bureau_findings)
            continue
        assert any(tells(row, tell) for row in of_case(results.findings, case)), tell


def tells(row: dict[str, Any], tell: dict[str, Any]) -> bool:
    return (
        RANKS[row["severity"]] >= RANKS[tell.get("severity", "提示")]
        and ("cells" not in tell or row["cell"] in tell["cells"])
        and tell.get("says", "") in row["message"].replace("万元", "")
    )


@cases("untold")
def test_no_false_alarm(results: Results, case: str) -> None:
    rules = "|".join(wanted(case)["untold"])
    assert [row["message"] for row in of_case(results.findings, case) if re.match(rules, row["rule"])] == []


@cases("grave")
def test_nothing_that_ties_is_grave(results: Results, case: str) -> None:
    allowed = wanted(case).get("grave", [])
    grave = [
        row["message"]
        for row in of_case(results.findings, case)
        if row["severity"] == "强制性" and row["verdict"] == "不符" and row["sheet"] not in allowed
    ]
    assert grave == []


@cases("figures")
def test_every_figure_is_read_or_named(folder: Path, results: Results, values: pd.DataFrame, case: str) -> None:
    read = {(row["sheet"], row["cell"]) for row in of_case(values, case) if row["value"] is not None}
    messages = " ".join(f"{row['cell']} {row['message']}" for row in of_case(results.findings, case))
    unknown = {row["sheet"] for row in of_case(results.returns, case) if row["form"] is None}
    lost = [
        (sheet.title, cell.coordinate)
        for sheet in load_workbook(folder / "报送" / FILES[case])
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, int | float)
        if (sheet.title, cell.coordinate) not in read and sheet.title not in unknown
        if not re.search(rf"\b{cell.coordinate}\b", messages)
    ]
    assert lost == []
