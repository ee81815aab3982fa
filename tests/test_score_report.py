"""自评报告: full marks beside an indicator that was missed, and a score that outruns the money."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from score.reports.report import score_report
from templates.library import find_form
from tests.frames import Given, returns_of, values_of
from validate.figures import Tables
from validate.wide import widen

FORM = find_form("项目自评报告@汨罗市-2018")
WHOLE = find_form("部门整体支出绩效评价自评报告@汨罗市-2018")
SCORE, PAID, SPENT = "绩效自评综合得分", "项目资金.实际到位资金", "项目资金.实际支出"
D = Decimal


def told(
    score: str | None, *lines: tuple[str | None, str | None, str], paid: str | None = "100", spent: str | None = "99"
) -> tuple[dict[str, str], list[Any]]:
    """Verdict by rule and the findings of one report; `lines`: target, actual, group."""
    figures = {SCORE: score, PAID: paid, SPENT: spent}
    given: dict[str, Given] = {item: None if text is None else D(text) for item, text in figures.items()}
    listed: list[dict[str, Given]] = [
        {"line": f"指标{at}", "指标内容": f"指标{at}", "二级指标": group, "指标目标值": target, "实际完成值": actual}
        for at, (target, actual, group) in enumerate(lines)
    ]
    wide = widen(FORM, returns_of(FORM, 1), values_of(FORM, [given], [{"定量目标": listed}]))
    found = score_report(wide, Tables([wide]))
    return dict(zip(found.verdicts["rule"], found.verdicts["verdict"], strict=True)), found.findings


GOOD = ("≥10个", "12个", "数量指标")


@pytest.mark.parametrize(
    ("score", "line", "verdict"),
    [
        ("100", GOOD, "相符"),
        ("100", ("≥95%", "90%", "质量指标"), "不符"),
        ("100", ("≥95%", "≥95%", "质量指标"), "相符"),
        ("100", ("≥95%", None, "质量指标"), "不符"),
        ("100", (None, None, "质量指标"), "相符"),
        ("100", ("≤30天", "45天", "时效指标"), "不符"),
        ("100", ("30万元", "28万元", "成本指标"), "相符"),
        ("100", ("30万元", "35万元", "成本指标"), "不符"),
        ("100", ("全部完成", "未完成", "质量指标"), "不符"),
        ("100", ("全部完成", "已完成", "质量指标"), "相符"),
        ("98", ("≥95%", "90%", "质量指标"), "相符"),
        (None, ("≥95%", "90%", "质量指标"), "无法核对"),
    ],
)
def test_full_marks_need_every_indicator(
    score: str | None, line: tuple[str | None, str | None, str], verdict: str
) -> None:
    verdicts, findings = told(score, GOOD, line)
    assert verdicts["D-S1"] == verdict
    full = [one for one in findings if one.rule == "D-S1"]
    assert [one.severity for one in full] == ["核实性"] * (verdict == "不符")
    if line[1] == "90%" and full:
        assert full[0].message == (
            "“绩效自评综合得分”为满分100分，但有 1 项指标没有达到指标值或没有填写完成值："
            "“指标1”（指标值≥95%，完成值90%）。请核对后更正，或说明理由。"
        )


@pytest.mark.parametrize(
    ("score", "paid", "spent", "verdict", "cause"),
    [
        ("98", "100", "99", "相符", None),
        ("98", "100", "94", "相符", None),
        ("98", "100", "93", "不符", "红色预警"),
        ("80", "100", "79", "不符", "黄色预警"),
        ("80", "100", "80", "相符", None),
        (None, "0", "0", "不符", "黄色预警"),
        ("98", "100", None, "无法核对", None),
        ("98", None, None, "无法核对", None),
    ],
)
def test_a_score_does_not_outrun_the_money(
    score: str | None, paid: str | None, spent: str | None, verdict: str, cause: str | None
) -> None:
    verdicts, findings = told(score, GOOD, paid=paid, spent=spent)
    assert verdicts["D-S2"] == verdict
    alerts = [one for one in findings if one.rule == "D-S2"]
    assert [(one.severity, one.cause) for one in alerts] == [("提示", cause)] * (verdict == "不符")
    if cause == "红色预警":
        assert alerts[0].message == (
            "自评预警（红色预警）：“绩效自评综合得分”98分，到位资金100万元、支出93万元，执行率93%，得分偏高超过5%。"
            "请财政部门复核时留意。"
        )


def test_a_report_of_the_whole_unit_is_asked_as_well() -> None:
    lines: list[dict[str, Given]] = [
        {"line": "办结率", "绩效内容": "办结率", "指标类别": "质量指标", "绩效目标值": "≥95%", "完成情况": "90%"}
    ]
    wide = widen(WHOLE, returns_of(WHOLE, 1), values_of(WHOLE, [{SCORE: D(100)}], [{"定量目标": lines}]))
    found = score_report(wide, Tables([wide]))
    assert [(one.rule, one.severity, one.item) for one in found.findings] == [("C-S1", "核实性", SCORE)]
