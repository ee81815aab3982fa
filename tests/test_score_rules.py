"""The rules of a 评分表 one by one: exact scores at their edges, and against an oracle in plain decimals."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from gouji.score.kinds.reading import Recomputed
from gouji.score.kinds.sheet_rules import recompute
from gouji.templates.rules import quantity as q
from gouji.templates.scores_block import ScoringRule
from gouji.templates.scoring.rated import Rated

D = Decimal
_RULES: TypeAdapter[Any] = TypeAdapter(ScoringRule)
ABOVE = {"kind": "step", "rate": "r", "threshold": "100%", "bad": "above", "per": 1, "deduct": 0.5}
BELOW = {"kind": "step", "rate": "r", "threshold": "100%", "bad": "below", "per": 5, "deduct": 2}
BOTH = {"kind": "step", "rate": "r", "threshold": "100%", "bad": "both", "per": 5, "deduct": 2}
BANDS = {
    "kind": "band",
    "rate": "r",
    "bands": [
        {"at": "0%", "points": 5},
        {"over": "0%", "upto": "10%", "points": 4},
        {"over": "10%", "upto": "20%", "points": 3},
        {"over": "20%", "points": 0},
    ],
}
SATISFIED = {
    "kind": "band",
    "rate": "r",
    "bands": [
        {"from": "90%", "points": 6},
        {"from": "80%", "below": "90%", "points": 4},
        {"below": "80%", "points": 0},
    ],
}


MONTHS = {"kind": "step", "rate": "r", "threshold": 1, "bad": "above", "per": 1, "deduct": 1, "unit": "个月"}
OVERRUN = {"kind": "ratio", "rate": "r", "reverse": True}


def rule(parameters: dict[str, Any], **more: Any) -> Rated:
    made: Rated = _RULES.validate_python(parameters | more)
    return made


def rates(*values: Decimal, low: list[Decimal] | None = None, high: list[Decimal] | None = None) -> q.Quantity:
    column = np.array(values, dtype=object)
    state = np.zeros(len(values), np.int8)
    if low is None or high is None:
        return q.exact(column, state)
    return q.Quantity(
        column, np.array(low, dtype=object), np.array(high, dtype=object), state, q.exact(column, state).unit
    )


def scored(scoring: Rated, points: str, rate: q.Quantity, absent: list[bool] | None = None) -> Recomputed:
    flags = np.array(absent or [False] * len(rate.value), bool)
    return recompute(scoring, D(points), rate, flags)


def by_reading(scoring: Rated, points: str, rate: str) -> dict[str, Decimal]:
    return {reading.name: reading.score[0] for reading in scored(scoring, points, rates(D(rate))).readings}


@pytest.mark.parametrize(
    ("parameters", "points", "rate", "whole", "begun", "share"),
    [
        (ABOVE, "5", "0.60", "5", "5", "5"),
        (ABOVE, "5", "1", "5", "5", "5"),
        (ABOVE, "5", "1.009", "5", "4.5", "4.55"),
        (ABOVE, "5", "1.01", "4.5", "4.5", "4.5"),
        (ABOVE, "5", "1.0199", "4.5", "4", "4.005"),
        (ABOVE, "5", "1.10", "0", "0", "0"),
        (ABOVE, "5", "9", "0", "0", "0"),
        (BELOW, "5", "1.2", "5", "5", "5"),
        (BELOW, "5", "0.951", "5", "3", "3.04"),
        (BELOW, "5", "0.95", "3", "3", "3"),
        (BELOW, "5", "0.90", "1", "1", "1"),
        (BELOW, "5", "0.85", "0", "0", "0"),
        (BOTH, "6", "1.049", "6", "4", "4.04"),
        (BOTH, "6", "1.05", "4", "4", "4"),
        (BOTH, "6", "0.95", "4", "4", "4"),
        (BOTH, "6", "0", "0", "0", "0"),
        (MONTHS, "2", "0", "2", "2", "2"),
        (MONTHS, "2", "1", "2", "2", "2"),
        (MONTHS, "2", "1.5", "2", "1", "1.5"),
        (MONTHS, "2", "2", "1", "1", "1"),
        (MONTHS, "2", "2.01", "1", "0", "0.99"),
        (MONTHS, "2", "3", "0", "0", "0"),
        (MONTHS, "2", "12", "0", "0", "0"),
    ],
)  # fmt: skip
def test_steps_at_their_edges(
    parameters: dict[str, Any], points: str, rate: str, whole: str, begun: str, share: str
) -> None:
    scores = by_reading(rule(parameters), points, rate)
    assert scores == {"按整步": D(whole), "不足一步按一步": D(begun), "按比例": D(share)}


def test_a_quotient_just_short_of_a_step_is_short_of_it() -> None:
    """20.9999999/20 is 4.9999995 points above: four whole steps, however close."""
    rate = q.divide(rates(D("20.9999999")), rates(D(20)))
    assert scored(rule(ABOVE), "5", rate).readings[0].score.tolist() == [D("3")]
    rate = q.divide(rates(D(21)), rates(D(20)))
    assert scored(rule(ABOVE), "5", rate).readings[0].score.tolist() == [D("2.5")]


def test_printed_full_marks_are_capped_at_the_points() -> None:
    change = {
        "kind": "step",
        "rate": "r",
        "threshold": "0%",
        "bad": "above",
        "per": 1,
        "deduct": 0.8,
        "printed_full": 8,
    }
    assert by_reading(rule(change), "5", "-0.2") == {
        "按整步": D(5), "不足一步按一步": D(5), "按比例": D(5),
        "按整步，自8分起扣": D(5), "不足一步按一步，自8分起扣": D(5), "按比例，自8分起扣": D(5),
    }  # fmt: skip
    assert by_reading(rule(change), "5", "0.055") == {
        "按整步": D("1.0"), "不足一步按一步": D("0.2"), "按比例": D("0.60"),
        "按整步，自8分起扣": D("4.0"), "不足一步按一步，自8分起扣": D("3.2"), "按比例，自8分起扣": D("3.60"),
    }  # fmt: skip
    smaller = rule(change | {"printed_full": 4})
    assert scored(smaller, "5", rates(D(-1))).readings[0].score.tolist() == [D(4)]


@pytest.mark.parametrize(
    ("rate", "score"),
    [("0", "5"), ("0.0000001", "4"), ("0.1", "4"), ("0.10000001", "3"), ("0.2", "3"), ("0.3", "0"), ("7", "0")],
)
def test_upper_edges_belong_to_their_band(rate: str, score: str) -> None:
    outcome = scored(rule(BANDS), "5", rates(D(rate)))
    assert (outcome.known.tolist(), outcome.readings[0].score.tolist()) == ([True], [D(score)])


@pytest.mark.parametrize(("rate", "score"), [("0.9", "6"), ("0.8999", "4"), ("0.8", "4"), ("0.7999", "0"), ("-1", "0")])
def test_lower_edges_belong_to_their_band(rate: str, score: str) -> None:
    assert scored(rule(SATISFIED), "6", rates(D(rate))).readings[0].score.tolist() == [D(score)]


def test_a_rate_in_no_printed_band_is_not_known() -> None:
    assert scored(rule(BANDS), "5", rates(D("-0.01"), D("0.01"))).known.tolist() == [False, True]


def test_bands_are_capped_at_the_points() -> None:
    assert scored(rule(SATISFIED), "5", rates(D(1))).readings[0].score.tolist() == [D(5)]


def test_ratio_is_full_at_the_whole_and_never_below_nothing() -> None:
    outcome = scored(rule({"kind": "ratio", "rate": "r"}), "8", rates(D("1.2"), D(1), D("0.955"), D(0), D("-0.3")))
    assert outcome.readings[0].score.tolist() == [D(8), D(8), D("7.640"), D(0), D(0)]


@pytest.mark.parametrize(
    ("rate", "score"), [("-0.2", "3"), ("0", "3"), ("0.2", "2.4"), ("0.999", "0.003"), ("1", "0"), ("1.5", "0")]
)
def test_a_reversed_ratio_loses_the_share_of_the_overrun(rate: str, score: str) -> None:
    outcome = scored(rule(OVERRUN), "3", rates(D(rate)))
    assert [(reading.name, reading.score.tolist()) for reading in outcome.readings] == [("按超出比例扣减", [D(score)])]


def test_a_reversed_ratio_turns_the_interval_of_its_rate_around() -> None:
    (reading,) = scored(rule(OVERRUN), "3", rates(D("0.2"), low=[D("0.1")], high=[D("0.3")])).readings
    assert (reading.low.tolist(), reading.high.tolist()) == ([D("2.1")], [D("2.7")])


def test_a_ratio_is_taken_of_either_full_marks_that_the_form_prints() -> None:
    ratio = rule({"kind": "ratio", "rate": "r"}, printed_full=4, zero_over_zero="full")
    rate = q.divide(rates(D(1), D(0)), rates(D(2), D(0)))
    assert {reading.name: reading.score.tolist() for reading in scored(ratio, "5", rate).readings} == {
        "按完成比率": [D("2.0"), D(4)], "按完成比率，满分按5分": [D("2.5"), D(5)],
    }  # fmt: skip


@pytest.mark.parametrize("parameters", [MONTHS, OVERRUN])
def test_without_a_figure_the_new_kinds_know_nothing(parameters: dict[str, Any]) -> None:
    assert scored(rule(parameters), "3", q.blank(1)).known.tolist() == [False]
    divided = q.divide(rates(D(0), D(3), D(0)), rates(D(0), D(0), D(2)))
    assert scored(rule(parameters), "3", divided).known.tolist() == [False, False, True]
    assert scored(rule(parameters, zero_over_zero="full"), "3", divided).known.tolist() == [True, False, True]
    absent = scored(rule(parameters, full_when_absent=True), "3", q.blank(2), [True, False])
    assert (absent.known.tolist(), absent.readings[0].score[0]) == ([True, False], D(3))


def test_rounded_inputs_leave_both_neighbouring_scores_open() -> None:
    """105 % ± 0.5 points: four or five whole steps of one point."""
    rate = rates(D("1.05"), low=[D("1.045")], high=[D("1.055")])
    whole = scored(rule(ABOVE), "5", rate).readings[0]
    assert (whole.low.tolist(), whole.score.tolist(), whole.high.tolist()) == ([D("2.5")], [D("2.5")], [D("3")])
    band = scored(rule(SATISFIED), "6", rates(D("0.9"), low=[D("0.895")], high=[D("0.905")])).readings[0]
    assert (band.low.tolist(), band.score.tolist(), band.high.tolist()) == ([D(4)], [D(6)], [D(6)])
    two_sided = scored(rule(BOTH), "6", rates(D("0.99"), low=[D("0.94")], high=[D("1.04")])).readings[0]
    assert (two_sided.low.tolist(), two_sided.high.tolist()) == ([D(4)], [D(6)])


def test_nothing_planned_and_nothing_spent_is_full_only_where_the_form_says_so() -> None:
    rate = q.divide(rates(D(0), D(3), D(0)), rates(D(0), D(0), D(2)))
    assert scored(rule(ABOVE, zero_over_zero="full"), "5", rate).known.tolist() == [True, False, True]
    assert scored(rule(ABOVE, zero_over_zero="full"), "5", rate).readings[2].score[0] == D(5)
    assert scored(rule(ABOVE), "5", rate).known.tolist() == [False, False, True]


def test_none_of_the_kind_is_full_only_where_it_is_stated() -> None:
    blank = q.blank(2)
    outcome = scored(rule(ABOVE, full_when_absent=True), "5", blank, [True, False])
    assert (outcome.known.tolist(), outcome.readings[0].score[0]) == ([True, False], D(5))
    assert scored(rule(ABOVE), "5", blank, [True, False]).known.tolist() == [False, False]


def oracle(parameters: dict[str, Any], points: Decimal, rate: Decimal, way: str) -> Decimal:
    """A step rule written down anew: one return, one reading."""
    gap = (rate - 1) * 100
    beyond = max({"above": gap, "below": -gap, "both": abs(gap)}[parameters["bad"]], D(0))
    steps = beyond / D(str(parameters["per"]))
    if way == "按整步":
        steps = steps.to_integral_value(ROUND_FLOOR)
    if way == "不足一步按一步":
        steps = steps.to_integral_value(ROUND_CEILING)
    return min(max(points - steps * D(str(parameters["deduct"])), D(0)), points)


@settings(max_examples=60)
@given(
    st.sampled_from([ABOVE, BELOW, BOTH]),
    st.integers(1, 10).map(Decimal),
    st.lists(st.tuples(st.decimals(0, 500, places=2), st.decimals("0.01", 500, places=2)), min_size=1, max_size=20),
)
def test_steps_are_what_plain_decimals_give(
    parameters: dict[str, Any], points: Decimal, pairs: list[tuple[Decimal, Decimal]]
) -> None:
    rate = q.divide(rates(*(above for above, _ in pairs)), rates(*(below for _, below in pairs)))
    outcome = scored(rule(parameters), str(points), rate)
    assert outcome.known.all()
    for reading in outcome.readings:
        expected = [oracle(parameters, points, above / below, reading.name) for above, below in pairs]
        assert reading.score.tolist() == expected
        assert reading.low.tolist() == reading.high.tolist() == expected


@settings(max_examples=60)
@given(st.decimals(0, 2, places=4), st.decimals(0, "0.05", places=4), st.decimals(-1, 1, places=3))
def test_every_rate_within_the_interval_scores_within_the_range(rate: Decimal, half: Decimal, offset: Decimal) -> None:
    inside = rate + half * offset
    for one_rule, points in (
        (ABOVE, "5"),
        (BELOW, "5"),
        (BOTH, "6"),
        (SATISFIED, "6"),
        ({"kind": "ratio", "rate": "r"}, "8"),
        (OVERRUN, "3"),
        (MONTHS, "2"),
        (BELOW | {"strict": True, "meant": {"threshold": "0%", "bad": "above"}}, "5"),
        ({"kind": "band", "rate": "r", "bands": [{"from": "90%", "points": 6}, {"below": "60%", "points": 1}]}, "6"),
        ({"kind": "band", "rate": "r", "bands": [{"from": "90%", "points": 6}, {"upto": "95%", "points": 4}]}, "6"),
    ):
        wide = scored(rule(one_rule), points, rates(rate, low=[rate - half], high=[rate + half]))
        there = scored(rule(one_rule), points, rates(inside))
        for reading, exact in zip(wide.readings, there.readings, strict=True):
            if exact.applies[0]:
                assert reading.low[0] <= exact.low[0] <= exact.high[0] <= reading.high[0]
