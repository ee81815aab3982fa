"""项目支出绩效评价指标体系: the points printed for a group of indicators, typed over on a sheet of the unit's own."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from gouji.pipeline import run
from gouji.templates.catalogue import built_in
from gouji.templates.issued import issue_workbook
from gouji.templates.recipient import Project, Recipient
from tests.rotation import rotated

FORM = built_in().find("项目支出绩效评价指标体系@岳阳市-2019")
SHEET = "项目指标体系1"


def pasted(folder: Path, **typed: object) -> Path:
    """The issued sheet with full marks, as a copy without our formulas and hidden sheets."""
    issued = folder / "issued.xlsx"
    issue_workbook(Recipient("1", "某单位", "某部门", (Project("P1", "项目甲"),)), [FORM], 2021, issued)
    workbook = openpyxl.load_workbook(issued)
    for name in workbook.sheetnames:
        if name != SHEET:
            del workbook[name]
    sheet = workbook[SHEET]
    for row in range(3, sheet.max_row + 1):
        if isinstance(sheet.cell(row, 6).value, int | float):
            sheet.cell(row, 9).value = sheet.cell(row, 6).value
    sheet.delete_cols(10, sheet.max_column)
    for cell, value in typed.items():
        sheet[cell] = value
    (folder / "报送").mkdir()
    workbook.save(folder / "报送" / "甲.xlsx")
    return folder / "报送"


@pytest.mark.parametrize(
    ("typed", "expected"),
    rotated(
        "points of a group",
        [
            ({}, []),
            ({"B3": 20, "D4": "8分"}, []),
            ({"B3": 25}, [("E-04", "项目决策.分值", 20.0, "25分")]),
            ({"B3": "25"}, [("E-04", "项目决策.分值", 20.0, "25分")]),
            ({"D4": 9}, [("E-09", "决策过程.分值", 8.0, "9分")]),
            ({"F3": 5}, [("E-04", "项目决策.分值", 21.0, "20分"), ("E-08", "项目目标.分值", 5.0, "4分")]),
        ],
        3,
    ),
)
def test_points_of_a_group_are_those_of_its_indicators(
    tmp_path: Path, typed: dict[str, object], expected: list[tuple[str, str, float, str]]
) -> None:
    findings = run([pasted(tmp_path, **typed)], year=2021).findings
    groups = [f"E-{number:02}" for number in (4, 5, 6, *range(8, 16))]
    findings = findings[findings["rule"].isin(groups)].sort_values("rule")
    assert set(findings["severity"]) <= {"核实性"}
    assert [
        (finding.rule, finding.item, float(str(finding.stated).removesuffix("分")), finding.expected)
        for finding in findings.itertuples(index=False)
    ] == expected
