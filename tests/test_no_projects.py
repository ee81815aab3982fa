"""A unit without projects says so, on its workbook or by the roster, and owes no 自评表; the contrary is told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from gouji.export.states import states
from gouji.ingest.roster import owing, read_roster
from gouji.pipeline import run
from gouji.samples.fill import filled_parts, pack
from gouji.samples.generating.delivering import _entries
from gouji.samples.generating.issued import issued_parts
from gouji.samples.generating.tables import UnitReturn
from gouji.templates.catalogue import built_in
from gouji.templates.issued import issued_sheets
from gouji.templates.issuing.guide import GUIDE_SHEET, NO_PROJECTS
from tests.field.issued import YEAR, issued_unit
from tests.frames import all_found

FORMS = "基础数据表；评分表；自评表"
HEADS = "单位编码,单位名称,项目名称,应报表\n"


def without_projects(listed: int = 0) -> UnitReturn:
    """A unit that was issued no project and lists the first `listed` of its own."""
    unit = issued_unit(1)
    for line, _ in unit.base.lines["项目"][listed:]:
        for name in [item for item in unit.base.cells if item.startswith(f"{line}.")]:
            del unit.base.cells[name]
    unit.base.lines["项目"] = unit.base.lines["项目"][:listed]
    return unit


def sent(folder: Path, unit: UnitReturn, chosen: str | None, *, projects: bool = False) -> None:
    """The unit's file, with this choice on its 填报说明; without `projects` it has spare 自评表 only."""
    whose = unit.recipient if projects else replace(unit.recipient, projects=())
    tables = unit.tables if projects else [unit.base, unit.sheet]
    forms = [unit.base.form, unit.sheet.form, unit.projects[0].form]
    filled = [sheet for sheet in issued_sheets(whose, forms, YEAR) if not sheet.spare]
    parts = issued_parts(whose, forms, YEAR)
    entries = {sheet.name: _entries(table, sheet) for table, sheet in zip(tables, filled, strict=True)}
    folder.mkdir(exist_ok=True)
    pack(filled_parts(parts, entries), folder / "甲.xlsx")
    book = openpyxl.load_workbook(folder / "甲.xlsx")
    guide = book[GUIDE_SHEET]
    (row,) = [row for row in guide.iter_rows() if str(row[0].value).startswith(NO_PROJECTS)]
    assert not row[3].protection.locked and guide.data_validations.dataValidation[0].formula1 == '"有,无"'
    row[3].value = chosen
    stored = openpyxl.load_workbook(folder / "甲.xlsx", data_only=True)
    for sheet in book.worksheets:  # what openpyxl saves of a formula has no result
        for cells in sheet.iter_rows():
            for cell in cells:
                if cell.data_type == "f" and sheet.title in entries:
                    cell.value = stored[sheet.title][cell.coordinate].value
    book.save(folder / "甲.xlsx")


def roster(folder: Path, unit: UnitReturn, project: str = "", forms: str = FORMS) -> Path:
    whose = unit.recipient
    path = folder / "名册.csv"
    path.write_text(f"{HEADS}{whose.unit_code},{whose.unit},{project},{forms}\n", encoding="utf-8-sig")
    return path


@pytest.mark.parametrize(("chosen", "missing"), [("无", False), ("有", True), (None, True)])
def test_a_unit_that_chooses_none_owes_no_tables_of_projects(tmp_path: Path, chosen: str | None, missing: bool) -> None:
    unit = without_projects()
    sent(tmp_path / "收到", unit, chosen)
    results = run([tmp_path / "收到"], roster_path=roster(tmp_path, unit), year=YEAR)
    findings = all_found(results)
    assert findings["rule"].isin(["R-03", "R-07"]).any() == missing
    assert ("未报" in set(states(results)["state"])) == missing
    assert findings["rule"].eq("R-20").any() != missing and not findings["rule"].eq("X-13").any()
    assert not results.findings["rule"].eq("R-20").any()


def test_projects_that_are_listed_all_the_same_are_told(tmp_path: Path) -> None:
    unit = without_projects(listed=1)
    sent(tmp_path / "收到", unit, "无")
    results = run([tmp_path / "收到"], roster_path=roster(tmp_path, unit), year=YEAR)
    by_rule = results.findings.set_index("rule")
    assert by_rule.loc["X-13", "severity"] == "强制性"
    assert by_rule.loc["X-13", "message"].startswith(
        "项目清单里列了“未命名”，而单位在“填报说明”里选了“无”：本年度没有项目。"
    )
    assert not all_found(results)["rule"].isin(["X-04", "R-03"]).any()


def test_tables_of_projects_that_come_all_the_same_are_told(tmp_path: Path) -> None:
    unit = issued_unit(1)
    sent(tmp_path / "收到", unit, "无", projects=True)
    findings = run([tmp_path / "收到"], roster_path=roster(tmp_path, unit), year=YEAR).findings
    messages = findings.loc[findings["rule"].eq("X-13"), "message"].tolist()
    assert [message[:8] for message in messages] == ["报了“自评表1”", "项目清单里列了“"]


@pytest.mark.parametrize(("said", "owed"), [("无", False), ("0", False), ("没有项目", False), ("", True), ("—", True)])
def test_the_roster_says_that_there_are_none(tmp_path: Path, said: str, owed: bool) -> None:
    unit = without_projects()
    read = read_roster(roster(tmp_path, unit, said), built_in())
    assert ("自评表" in str(read.frame["required_forms"].iloc[0])) == owed
    assert bool(read.no_projects) != owed and read.frame["project_name"].isna().all()
    assert owing(read, ["自评表@湖南-2020"], built_in()).no_projects == read.no_projects


def test_a_roster_that_says_none_is_held_against_the_list(tmp_path: Path) -> None:
    unit = without_projects(listed=1)
    sent(tmp_path / "收到", unit, None)
    findings = run([tmp_path / "收到"], roster_path=roster(tmp_path, unit, "无"), year=YEAR).findings
    (message,) = findings.loc[findings["rule"].eq("X-13"), "message"]
    assert "而名册写的是本年度没有项目" in message
    assert not findings["rule"].eq("R-03").any()


def test_a_unit_with_a_project_on_another_line_has_projects(tmp_path: Path) -> None:
    path = tmp_path / "名册.csv"
    path.write_text(f"{HEADS}1,甲局,无,{FORMS}\n1,甲局,道路,\n", encoding="utf-8-sig")
    read = read_roster(path, built_in())
    assert not read.no_projects and "自评表" in str(read.frame["required_forms"].iloc[0])
