"""自评报告: full marks beside an indicator that was missed, and a score that outruns the money."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from gouji.score.reports.report import score_report
from gouji.score.sheets.sheet import score_sheet
from gouji.templates.catalogue import built_in
from gouji.validate.figures import Tables
from gouji.validate.wide import widen
from tests.frames import Given, returns_of, values_of

FORM = built_in().find("项目自评报告@汨罗市-2018")
WHOLE = built_in().find("部门整体支出绩效评价自评报告@汨罗市-2018")
SCORE, PAID, SPENT = "绩效自评综合得分", "项目资金.实际到位资金", "项目资金.实际支出"
D = Decimal


def scored(
    score: str | None, *lines: tuple[str | None, str | None, str], paid: str | None = "100", spent: str | None = "99"
) -> tuple[dict[str, str], list[Any]]:
    """Verdict by rule and the findings of one report; `lines`: target, actual, group."""
    figures = {SCORE: score, PAID: paid, SPENT: spent}
    items: dict[str, Given] = {item: None if text is None else D(text) for item, text in figures.items()}
    listed: list[dict[str, Given]] = [
        {
            "line": f"指标{number}",
            "指标内容": f"指标{number}",
            "二级指标": group,
            "指标目标值": target,
            "实际完成值": actual,
        }
        for number, (target, actual, group) in enumerate(lines)
    ]
    wide = widen(FORM, returns_of(FORM, 1), values_of(FORM, [items], [{"定量目标": listed}]))
    outcome = score_report(wide, Tables([wide]))
    return dict(zip(outcome.verdicts["rule"], outcome.verdicts["verdict"], strict=True)), outcome.findings


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
    verdicts, findings = scored(score, GOOD, line)
    assert verdicts["D-S1"] == verdict
    full = [finding for finding in findings if finding.rule == "D-S1"]
    assert [finding.severity for finding in full] == ["核实性"] * (verdict == "不符")
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
    verdicts, findings = scored(score, GOOD, paid=paid, spent=spent)
    assert verdicts["D-S2"] == verdict
    alerts = [finding for finding in findings if finding.rule == "D-S2"]
    assert [(finding.severity, finding.cause) for finding in alerts] == [("提示", cause)] * (verdict == "不符")
    if cause == "红色预警":
        assert alerts[0].message == (
            "自评预警（红色预警）：“绩效自评综合得分”98分，“项目资金（实际到位资金）”100万元、“项目资金（实际支出）”93万元，"
            "执行率93%，得分偏高超过5%。请财政部门复核时留意。"
        )


def test_a_report_of_the_whole_unit_is_asked_as_well() -> None:
    lines: list[dict[str, Given]] = [
        {"line": "办结率", "绩效内容": "办结率", "指标类别": "质量指标", "绩效目标值": "≥95%", "完成情况": "90%"}
    ]
    wide = widen(WHOLE, returns_of(WHOLE, 1), values_of(WHOLE, [{SCORE: D(100)}], [{"定量目标": lines}]))
    outcome = score_report(wide, Tables([wide]))
    assert [(finding.rule, finding.severity, finding.item) for finding in outcome.findings] == [
        ("C-S1", "核实性", SCORE)
    ]


@pytest.mark.parametrize(
    ("spent", "lines", "verdict"),
    [
        ("50", [GOOD], "不符"),  # 执行率 50 % beside 100 % of the indicators
        ("80", [GOOD], "相符"),
        ("79.9", [GOOD], "不符"),
        ("100", [("≥10个", "5个", "数量指标"), ("≥95%", "95%", "质量指标")], "不符"),  # (50 % + 100 %) ÷ 2 beside 100 %
        ("80", [("≥10个", "5个", "数量指标"), ("≥95%", "95%", "质量指标")], "相符"),
        ("50", [("≥95%", "95%", "服务对象满意度指标")], "无法核对"),  # 满意度 says nothing of work done
        ("50", [("≥10个", None, "数量指标")], "无法核对"),
        (None, [GOOD], "无法核对"),
    ],
)
def test_money_spent_and_work_done_belong_together(
    spent: str | None, lines: list[tuple[str | None, str | None, str]], verdict: str
) -> None:
    verdicts, findings = scored("90", *lines, spent=spent)
    assert verdicts["D-S3"] == verdict
    apart = [finding for finding in findings if finding.rule == "D-S3"]
    assert [(finding.severity, finding.item) for finding in apart] == [("核实性", SPENT)] * (verdict == "不符")


@pytest.mark.parametrize(
    ("line", "severity"),
    [
        (("≥10个", "11.9个", "数量指标"), None),
        (("≥10个", "12个", "数量指标"), "提示"),
        (("≥10个", "13个", "数量指标"), "核实性"),
        (("≤10天", "2天", "时效指标"), None),
        (("≥10个", "≥13个", "数量指标"), None),
    ],
)
def test_a_target_set_low_is_asked_about(line: tuple[str, str, str], severity: str | None) -> None:
    _, findings = scored("90", line)
    over = [finding for finding in findings if finding.rule == "D-S4"]
    assert [finding.severity for finding in over] == ([] if severity is None else [severity])
    if severity == "核实性":
        assert over[0].message == ("“指标0”完成值13个是指标值≥10个的130%，请核实，或说明理由。超额完成不另加分。")


@pytest.mark.parametrize(
    ("income", "spent", "told_of"),
    [("100", "99", set()), ("100", "70", {"C-S2", "C-S3"}), ("100", None, set()), ("0", "0", {"C-S2"})],
)
def test_the_whole_units_score_is_held_against_its_money(income: str, spent: str | None, told_of: set[str]) -> None:
    money = {"收入汇总.收入合计": income, "支出汇总.支出合计": spent}
    items: dict[str, Given] = {item: None if text is None else D(text) for item, text in money.items()}
    lines: list[dict[str, Given]] = [
        {"line": "办结数", "绩效内容": "办结数", "指标类别": "数量指标", "绩效目标值": "≥10件", "完成情况": "10件"}
    ]
    wide = widen(WHOLE, returns_of(WHOLE, 1), values_of(WHOLE, [items | {SCORE: D(90)}], [{"定量目标": lines}]))
    assert {finding.rule for finding in score_report(wide, Tables([wide])).findings} == told_of


SHEET = built_in().find("项目支出绩效评价指标体系@岳阳市-2019")
REPORT = built_in().find("财政支出项目绩效评价自评报告@岳阳市-2019")


@pytest.mark.parametrize(
    ("total", "spent", "cause"),
    [("98", "99", None), ("98", "93", "红色预警"), ("80", "79", "黄色预警"), ("98", None, None), (None, "93", None)],
)
def test_the_total_of_a_projects_sheet_is_held_against_the_money_of_its_report(
    total: str | None, spent: str | None, cause: str | None
) -> None:
    money = {PAID: D(100), SPENT: None if spent is None else D(spent)}
    report = widen(REPORT, returns_of(REPORT, 1), values_of(REPORT, [money]))
    points: dict[str, Given] = {"总分.得分": None if total is None else D(total)}
    sheet = widen(SHEET, returns_of(SHEET, 1), values_of(SHEET, [points]))
    outcome = score_sheet(sheet, Tables([sheet, report]))
    alerts = [finding for finding in outcome.findings if finding.rule == "E-S3"]
    assert [(finding.severity, finding.cause, finding.item) for finding in alerts] == (
        [] if cause is None else [("提示", cause, "总分.得分")]
    )
    alone = score_sheet(sheet, Tables([sheet]))
    assert [finding for finding in alone.findings if finding.rule == "E-S3"] == []
