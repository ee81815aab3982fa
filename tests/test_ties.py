"""Ties that an auditor makes: money spent within its budget, carry-over within last year's rest, 0 of 0 bought."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from gouji.score.sheets.sheet import score_sheet
from gouji.templates.catalogue import built_in
from gouji.templates.form import Form
from gouji.validate.check import check_rules
from gouji.validate.figures import Tables
from gouji.validate.wide import Wide, widen
from tests.frames import Given, returns_of, values_of

PROJECT, SPECIAL = built_in().find("自评表@湖南-2020"), built_in().find("专项自评表")
D = Decimal


def wide_of(form: Form, row: dict[str, Given]) -> Wide:
    return widen(form, returns_of(form, 1), values_of(form, [row]))


def findings_of(form: Form, rule: str, row: dict[str, Given], before: dict[str, Given] | None = None) -> list[Any]:
    previous = None if before is None else Tables([wide_of(form, before)])
    wide = wide_of(form, row)
    return [
        finding for finding in check_rules(wide, Tables([wide], previous=previous)).findings if finding.rule == rule
    ]


def funds(budget: str | None, spent: str | None, row: str = "年度资金总额") -> dict[str, Given]:
    figures = {"全年预算数": budget, "全年执行数": spent}
    return {f"{row}.{name}": None if text is None else D(text) for name, text in figures.items()}


@pytest.mark.parametrize(
    ("form", "rule", "row"),
    [
        (form, rule, row)
        for form, rule in ((PROJECT, "A-17"), (SPECIAL, "J-03"))
        for row in ("年度资金总额", "其他资金")
    ],
)
def test_money_spent_beyond_the_budget_is_asked_about(form: Form, rule: str, row: str) -> None:
    """One source may have spent more than it had while the total is within its budget."""
    (finding,) = findings_of(form, rule, funds("100", "130", row))
    assert (finding.verdict, finding.severity, finding.item) == ("不符", "核实性", f"{row}.全年执行数")
    for budget, spent in (("100", "100"), ("100", "0"), ("0", "0"), (None, "5"), ("5", None)):
        assert findings_of(form, rule, funds(budget, spent, row)) == []


def test_money_above_the_budget_of_the_year_began_with_is_ordinary() -> None:
    assert findings_of(PROJECT, "A-17", {"年度资金总额.年初预算数": D(80), **funds("100", "99")}) == []


@pytest.mark.parametrize(("carried", "verdicts"), [("30", []), ("20", []), ("30.5", ["不符"]), (None, [])])
def test_what_is_carried_over_was_left_last_year(carried: str | None, verdicts: list[str]) -> None:
    carried_over: dict[str, Given] = {"上年结转资金.全年预算数": None if carried is None else D(carried)}
    assert [finding.verdict for finding in findings_of(PROJECT, "Y-03", carried_over, funds("100", "70"))] == verdicts
    assert findings_of(PROJECT, "Y-03", carried_over) == []
    assert findings_of(PROJECT, "Y-03", carried_over, funds(None, None)) == []


@pytest.mark.parametrize(
    ("short", "base", "full"),
    [("评分表", "基础数据表@衡山县-2021", 6.0), ("整体支出共性指标", "基础数据表@鹤城区-2020", 3.0)],
)
def test_nothing_to_buy_and_nothing_bought_is_full_marks(short: str, base: str, full: float) -> None:
    sheet, basis = built_in().find(short), built_in().find(base)

    def score(bought: str, planned: str) -> list[float]:
        figures: dict[str, Given] = {"政府采购金额.本年决算数": D(bought), "政府采购金额.本年预算数": D(planned)}
        scored_sheet = wide_of(sheet, {"政府采购执行率.得分": D(1)})
        scores = score_sheet(scored_sheet, Tables([scored_sheet, wide_of(basis, figures)])).scores
        return list(scores.loc[scores["indicator"] == "政府采购执行率", "score"].dropna())

    assert score("0", "0") == [full]
    assert score("5", "0") == []
