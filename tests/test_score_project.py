"""执行率, completion against execution, alerts, totals and grades of a 自评表."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from gouji.score.projects.project import score_project
from gouji.score.result import Scored
from gouji.templates.catalogue import built_in
from gouji.templates.grades import grade
from gouji.validate.figures import Tables
from gouji.validate.wide import widen
from tests.frames import Given, returns_of, values_of

FORM = built_in().find("自评表@湖南-2020")
D = Decimal


def money(budget: str | None, executed: str | None, self_score: str | None) -> dict[str, Given]:
    named = {"年度资金总额.全年预算数": budget, "年度资金总额.全年执行数": executed, "年度资金总额.得分": self_score}
    return {item: None if figure is None else D(figure) for item, figure in named.items()}


def line(
    target: str, actual: str | None, points: str, self_score: str | None, group: str = "数量指标"
) -> dict[str, Given]:
    return {
        "line": "", "二级指标": group, "年度指标值": target, "实际完成值": actual, "分值": D(points),
        "得分": None if self_score is None else D(self_score),
    }  # fmt: skip


def scored(*returns: tuple[dict[str, Given], list[dict[str, Given]]]) -> Scored:
    lines = [
        {
            "指标": [
                fields | {"line": f"指标{number}", "三级指标": f"指标{number}"} for number, fields in enumerate(entries)
            ]
        }
        for _, entries in returns
    ]
    rows = [items for items, _ in returns]
    wide = widen(FORM, returns_of(FORM, len(rows)), values_of(FORM, rows, lines))
    return score_project(wide, Tables([wide]))


def verdicts(outcome: Scored, rule: str) -> list[str]:
    frame = outcome.verdicts
    return [str(verdict) for verdict in frame.loc[frame["rule"] == rule, "verdict"]]


def findings(outcome: Scored, rule: str) -> list[Any]:
    return [finding for finding in outcome.findings if finding.rule == rule]


def total(outcome: Scored, number: int = 0) -> dict[str, Any]:
    frame = outcome.totals.astype(object).where(outcome.totals.notna(), None)
    return dict(frame.iloc[number])


FULL = [line("≥10个", "10个", "90", "90")]


@pytest.mark.parametrize(
    ("budget", "executed", "score", "reason"),
    [
        ("100", "100", 10.0, None),
        ("100", "130", 10.0, None),
        ("300", "100", 3.33, None),
        ("100", "0", 0.0, None),
        ("0", "0", None, "预算数是 0，没有执行率"),
        ("0", "5", None, "预算数是 0，没有执行率"),
        (None, "5", None, "缺少“年度资金总额（全年预算数）”（未填）"),
    ],
)
def test_execution_is_scored_by_its_rate(
    budget: str | None, executed: str, score: float | None, reason: str | None
) -> None:
    row = scored((money(budget, executed, "10"), FULL)).scores.iloc[0]
    assert (row["indicator"], row["label"], row["kind"], row["points"]) == (
        "年度资金总额",
        "预算执行率",
        "执行率",
        10.0,
    )
    assert (None if row["score"] != row["score"] else row["score"], row["reason"]) == (score, reason)
    if reason is not None:
        assert (row["low"], row["high"]) == (0.0, 10.0)


def test_execution_and_completion_may_be_twenty_points_apart_but_no_more() -> None:
    outcome = scored(
        (money("100", "100", "10"), [line("≥100个", "80个", "50", "40")]),
        (money("1000", "1000", "10"), [line("≥1000个", "799个", "50", "39.95")]),
        (money("100", "50", "5"), [line("≥100个", "90个", "50", "45")]),
        (
            money("100", "100", "10"),
            [line("≥100个", "40个", "10", "4"), line("≥100个", "100个", "30", "30", "时效指标")],
        ),
        (money("100", "100", "10"), [line("≥100个", "10个", "10", "1", "社会效益指标"), *FULL]),
        (money("100", "100", "10"), [line("≤10天", "5天", "10", "10", "时效指标")]),
    )
    assert verdicts(outcome, "A-S2") == ["相符", "不符", "不符", "相符", "相符", "相符"]
    first, second = findings(outcome, "A-S2")
    assert (first.item, first.stated, first.expected) == ("年度资金总额.执行率", "100%", "79.9%")
    assert first.difference == pytest.approx(0.201)
    assert (second.stated, second.expected, second.severity) == ("50%", "90%", "核实性")
    assert second.difference == pytest.approx(-0.4)
    assert "资金用得少、成果多" in second.message


def test_completion_that_cannot_be_told_is_no_pass() -> None:
    blank = line("≥100个", None, "50", "50")
    outcome = scored(
        (money(None, None, "10"), FULL),
        (money("100", "100", "10"), [blank]),
        (money("100", "50", "5"), [blank, line("≥10个", "10个", "50", "50")]),
        (money("100", "100", "10"), [line("一批", "一批", "50", "50")]),
        (money(None, None, "10"), [blank]),
        (money("100", "10", "1"), [line("≥10个", "10个", "90", "90"), line("≥9个", None, "1", "1")]),
    )
    assert verdicts(outcome, "A-S2") == ["无法核对", "无法核对", "无法核对", "无法核对", "无法核对", "不符"]
    differing = findings(outcome, "A-S2")
    assert [finding.return_id for finding in differing] == ["R0", "R1", "R2", "R5"]
    assert "缺少“年度资金总额（全年执行数）”“年度资金总额（全年预算数）”（未填）" in differing[0].message
    assert "有定量指标没有填写实际完成值" in differing[1].message


@pytest.mark.parametrize(
    ("self_score", "lines", "alert"),
    [
        ("10", "90", "无"),
        ("9.5", "90", "无"),
        ("9.49", "90", "红色预警"),
        ("9", "81", "无"),
        ("10", "40", "无"),
        ("0", "1", "红色预警"),
        ("10", "0", None),
        (None, "90", None),
        ("10", None, None),
    ],
)
def test_red_is_more_than_five_percent_ahead_of_the_money(
    self_score: str | None, lines: str | None, alert: str | None
) -> None:
    outcome = scored((money("100", "100", self_score), [line("提升", "较好", "90", lines)]))
    assert total(outcome)["alert"] == alert
    assert verdicts(outcome, "A-S3") == ["相符" if alert == "无" else "无法核对" if alert is None else "不符"]


@pytest.mark.parametrize(
    ("budget", "executed", "alert"),
    [
        ("100", "80", "无"),
        ("100", "79.99", "黄色预警"),
        ("0", "0", "黄色预警"),
        ("0", None, "黄色预警"),
        ("100", "120", "无"),
        (None, "5", None),
    ],
)
def test_yellow_is_a_budget_of_nothing_or_a_fifth_unspent(
    budget: str | None, executed: str | None, alert: str | None
) -> None:
    outcome = scored((money(budget, executed, "10"), FULL))
    assert total(outcome)["alert"] == alert
    alerts = findings(outcome, "A-S3")
    assert [(finding.item, finding.verdict, finding.severity) for finding in alerts] == {
        "无": [], "黄色预警": [("总分.得分", "不符", "提示")], None: [("总分.得分", "无法核对", "提示")],
    }[alert]  # fmt: skip


def test_red_comes_before_yellow_and_both_are_told() -> None:
    outcome = scored((money("100", "50", "5"), FULL))
    (finding,) = findings(outcome, "A-S3")
    assert (total(outcome)["alert"], finding.cause) == ("红色预警", "红色预警")
    assert "全年预算100万元，未执行50万元，占50%" in finding.message
    assert "绩效指标自评90分（满分90分的100%），执行率得分5分（满分10分的50%）" in finding.message


def test_an_alert_is_raised_on_what_is_known() -> None:
    """No amounts, but the scores alone raise the alarm; nothing at all raises none and asks for nothing."""
    outcome = scored((money(None, None, "5"), FULL), (money(None, None, None), []))
    assert verdicts(outcome, "A-S3") == ["不符", "无法核对"]
    assert [finding.return_id for finding in findings(outcome, "A-S3")] == ["R0"]


def test_totals_are_given_where_everything_is_known_and_bounded_elsewhere() -> None:
    outcome = scored(
        (
            money("100", "50", "5") | {"总分.得分": D("94")},
            [line("≥10个", "9个", "60", "60"), line("≥10个", "10个", "30", "30")],
        ),
        (money("100", "100", "10"), [line("提升", "提升", "90", "85")]),
        (money(None, "100", "10"), [line("≥10个", "10个", "90", None)]),
        (money("100", "100", "10"), [line("≥10个", None, "90", "90")]),
        (money(None, None, None), []),
    )
    assert total(outcome, 0) == {
        "return_id": "R0", "self_total": 95.0, "stated_total": 94.0, "score_total": 89.0, "low": 89.0, "high": 89.0,
        "self_grade": "优", "grade": "良", "lowest_grade": "良", "highest_grade": "良", "alert": "红色预警",
    }  # fmt: skip
    bands = [
        (total(outcome, number)["score_total"], total(outcome, number)["low"], total(outcome, number)["high"])
        for number in range(1, 5)
    ]
    assert bands == [(None, 82.0, 100.0), (None, 90.0, 100.0), (None, 10.0, 100.0), (None, 0.0, 100.0)]
    assert [total(outcome, number)["grade"] for number in range(1, 5)] == [None, "优", None, None]
    assert [total(outcome, number)["self_total"] for number in range(1, 5)] == [95.0, 10.0, 100.0, None]
    assert [total(outcome, number)["self_grade"] for number in range(1, 5)] == ["优", None, "优", None]


@pytest.mark.parametrize(
    ("points", "name"),
    [
        ("100", "优"),
        ("90", "优"),
        ("89.99", "良"),
        ("80", "良"),
        ("79.99", "中"),
        ("60", "中"),
        ("59.99", "差"),
        ("0", "差"),
    ],
)
def test_grades(points: str, name: str) -> None:
    assert grade(D(points)) == name
    assert grade(float(points)) == name


def test_no_total_has_no_grade() -> None:
    assert (grade(None), grade(float("nan"))) == (None, None)


def test_a_form_without_any_line_is_scored_for_what_it_has() -> None:
    outcome = scored((money("100", "90", "9"), []))
    assert outcome.scores["score"].tolist() == [9.0]
    assert verdicts(outcome, "A-S1") == verdicts(outcome, "A-S5") == []
    assert (verdicts(outcome, "A-S2"), verdicts(outcome, "A-S3"), total(outcome)["self_total"]) == (
        ["无法核对"],
        ["无法核对"],
        9.0,
    )
    assert [finding.rule for finding in outcome.findings] == ["A-S3"]


@pytest.mark.parametrize("absurd", ["1e25", "1e300"])
def test_an_absurd_figure_is_a_finding_and_no_crash(absurd: str) -> None:
    wild = line("≥3个", f"{D(absurd):f}个", "10", absurd)
    outcome = scored((money("0.01", absurd, "9"), [wild]), (money("100", "100", "10"), FULL))
    assert verdicts(outcome, "A-S1") == ["不符", "相符"]
    assert outcome.scores["score"].tolist()[2:] == [10.0, 90.0]
