"""Ties of the 评分依据补充表 to the unit's other tables, and points that a form prints and somebody wiped out."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest

from gouji.templates.catalogue import built_in
from gouji.templates.supplement import SUPPLEMENT
from gouji.validate.check import Checked, check_rules
from gouji.validate.completeness import check_completeness
from gouji.validate.figures import Tables
from gouji.validate.wide import Wide, widen
from tests.frames import Given, returns_of, values_of

PROJECT = built_in().find("预算支出绩效自评表@湖南-2020")
SHEET = built_in().find("部门整体支出绩效评价指标评分表")
PLANNED, SPENT = "年度资金总额.全年预算数", "年度资金总额.全年执行数"
COMMON, FRAME = "项目共性指标.炎陵县-2020", "预算支出共性指标.鹤城区-2020"


def figures(texts: Mapping[str, str | None]) -> dict[str, Given]:
    return {item: None if text is None else Decimal(text) for item, text in texts.items()}


def judged(edition: str, evidence: Mapping[str, str | None], *projects: Mapping[str, str | None]) -> Checked:
    form = built_in().form(SUPPLEMENT, edition)
    table = widen(form, returns_of(form, 1), values_of(form, [figures(evidence)]))
    many = returns_of(PROJECT, len(projects), unit="U0")
    others: list[Wide] = [widen(PROJECT, many, values_of(PROJECT, [figures(project) for project in projects]))]
    return check_rules(table, Tables([table, *others] if projects else [table]))


def verdict(checked: Checked, rule: str) -> str:
    (value,) = checked.verdicts[checked.verdicts["rule"] == rule]["verdict"]
    return str(value)


@pytest.mark.parametrize("edition", [COMMON, FRAME])
@pytest.mark.parametrize(
    ("received", "expected"), [("100", "相符"), ("79.99", "不符"), ("80", "相符"), (None, "无法核对")]
)
def test_what_was_spent_had_come_in(edition: str, received: str | None, expected: str) -> None:
    checked = judged(
        edition, {"实际到位资金.数值": received, "计划到位资金.数值": "100"}, {PLANNED: "100", SPENT: "80"}
    )
    assert verdict(checked, "X-11") == expected
    assert [finding.severity for finding in checked.findings if finding.rule == "X-11"] == ["核实性"] * (
        expected == "不符"
    )
    assert verdict(judged(edition, {"实际到位资金.数值": received}), "X-11") == "无法核对"


@pytest.mark.parametrize("edition", [COMMON, FRAME])
@pytest.mark.parametrize(("received", "expected"), [("100", "相符"), ("100.01", "不符"), ("10", "相符")])
def test_no_more_comes_in_than_was_planned(edition: str, received: str, expected: str) -> None:
    checked = judged(edition, {"实际到位资金.数值": received, "计划到位资金.数值": "100"}, {PLANNED: "100", SPENT: "8"})
    assert verdict(checked, "X-12") == expected


def test_several_projects_of_a_unit_are_taken_together() -> None:
    """The 框架 is one for all of a unit's projects."""
    two = {PLANNED: "100", SPENT: "80"}
    assert verdict(judged(FRAME, {"实际到位资金.数值": "160"}, two, two), "X-11") == "相符"
    assert verdict(judged(FRAME, {"实际到位资金.数值": "159"}, two, two), "X-11") == "不符"


def test_points_that_are_gone_are_asked_for_where_no_total_shows_it() -> None:
    points: dict[str, Given] = {item.id: item.fixed for item in SHEET.items.values() if item.column == "分值"}
    names = list(points)
    wide = widen(SHEET, returns_of(SHEET, 2), values_of(SHEET, [points, points | {names[3]: None}]))
    gone = [finding for finding in check_completeness(wide, None) if finding.item in points]
    assert [(finding.rule, finding.severity, finding.item) for finding in gone] == [("T-01", "强制性", names[3])]
