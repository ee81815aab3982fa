"""Rules whose printed form contradicts itself or leaves something open: every reading, by hand, edge by edge."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from pydantic import TypeAdapter

from gouji.score.kinds.sheet_rules import recompute
from gouji.templates.rules import quantity as q
from gouji.templates.scores_block import ScoringRule
from tests.test_score_rules import rates, scored

D = Decimal
_RULES: TypeAdapter[Any] = TypeAdapter(ScoringRule)
WAYS = ("按整步", "不足一步按一步", "按比例")


def step(threshold: str, bad: str, per: int, deduct: str, **more: Any) -> Any:
    parameters = {"kind": "step", "rate": "r", "threshold": threshold, "bad": bad, "per": per, "deduct": deduct}
    return _RULES.validate_python(parameters | more)


def bands(*band_list: dict[str, Any], **more: Any) -> Any:
    return _RULES.validate_python({"kind": "band", "rate": "r", "bands": list(band_list), **more})


def meant(threshold: str, bad: str) -> dict[str, Any]:
    return {"meant": {"threshold": threshold, "bad": bad}}


def scores(rule: Any, points: str, rate: str) -> dict[str, Decimal]:
    return {reading.name: reading.score[0] for reading in scored(rule, points, rates(D(rate))).readings}


ADJUSTED = step("100%", "below", 5, "1", **meant("0%", "above"))
DONE = step("100%", "above", 1, "1", **meant("100%", "below"))
SAVED = step("100%", "below", 5, "2", **meant("0%", "below"))


@pytest.mark.parametrize(
    ("rule", "points", "rate", "as_meant", "as_printed"),
    [
        (ADJUSTED, "3", "0", "3 3 3", "0 0 0"),
        (ADJUSTED, "3", "-0.1", "3 3 3", "0 0 0"),
        (ADJUSTED, "3", "0.049", "3 2 2.02", "0 0 0"),
        (ADJUSTED, "3", "0.05", "2 2 2", "0 0 0"),
        (ADJUSTED, "3", "0.075", "2 1 1.5", "0 0 0"),
        (ADJUSTED, "3", "0.15", "0 0 0", "0 0 0"),
        (ADJUSTED, "3", "0.97", "0 0 0", "3 2 2.4"),
        (ADJUSTED, "3", "1", "0 0 0", "3 3 3"),
        (ADJUSTED, "3", "1.2", "0 0 0", "3 3 3"),
        (DONE, "5", "1", "5 5 5", "5 5 5"),
        (DONE, "5", "0.985", "4 3 3.5", "5 5 5"),
        (DONE, "5", "0.99", "4 4 4", "5 5 5"),
        (DONE, "5", "0.95", "0 0 0", "5 5 5"),
        (DONE, "5", "0", "0 0 0", "5 5 5"),
        (DONE, "5", "1.015", "5 5 5", "4 3 3.5"),
        (DONE, "5", "1.1", "5 5 5", "0 0 0"),
        (SAVED, "10", "0", "10 10 10", "0 0 0"),
        (SAVED, "10", "0.1", "10 10 10", "0 0 0"),
        (SAVED, "10", "-0.04", "10 8 8.4", "0 0 0"),
        (SAVED, "10", "-0.05", "8 8 8", "0 0 0"),
        (SAVED, "10", "-0.25", "0 0 0", "0 0 0"),
        (SAVED, "10", "0.96", "10 10 10", "10 8 8.4"),
        (SAVED, "10", "1", "10 10 10", "10 10 10"),
    ],
)
def test_a_reversed_rule_is_read_both_ways_and_the_meant_one_first(
    rule: Any, points: str, rate: str, as_meant: str, as_printed: str
) -> None:
    by_reading = scores(rule, points, rate)
    assert list(by_reading.items()) == [
        *((f"{way}，按应有的方向", D(figure)) for way, figure in zip(WAYS, as_meant.split(), strict=True)),
        *((f"{way}，按表上印的方向", D(figure)) for way, figure in zip(WAYS, as_printed.split(), strict=True)),
    ]


def test_a_reversed_rule_is_full_without_a_rate_in_every_reading() -> None:
    nothing = q.divide(rates(D(0)), rates(D(0)))
    outcome = scored(step("100%", "below", 5, "1", zero_over_zero="full", **meant("0%", "above")), "3", nothing)
    assert ([reading.score[0] for reading in outcome.readings], outcome.known.tolist()) == ([D(3)] * 6, [True])
    assert scored(ADJUSTED, "3", nothing).known.tolist() == [False]


MORE_THAN_HALF = step("50%", "below", 1, "0.5", strict=True)
LESS_THAN_HALF = step("50%", "above", 1, "0.5", strict=True)


@pytest.mark.parametrize(
    ("rule", "rate", "expected"),
    [
        (MORE_THAN_HALF, "1", "2 2 2"),
        (MORE_THAN_HALF, "0.5001", "2 2 2"),
        (MORE_THAN_HALF, "0.5", "2 1.5 2"),
        (MORE_THAN_HALF, "0.495", "2 1.5 1.75"),
        (MORE_THAN_HALF, "0.49", "1.5 1.5 1.5"),
        (MORE_THAN_HALF, "0.46", "0 0 0"),
        (MORE_THAN_HALF, "0.1", "0 0 0"),
        (LESS_THAN_HALF, "0.4999", "2 2 2"),
        (LESS_THAN_HALF, "0.5", "2 1.5 2"),
        (LESS_THAN_HALF, "0.51", "1.5 1.5 1.5"),
    ],
)
def test_a_threshold_that_is_itself_not_enough_may_begin_a_step(rule: Any, rate: str, expected: str) -> None:
    assert list(scores(rule, "2", rate).values()) == [D(figure) for figure in expected.split()]


def test_rounding_that_reaches_such_a_threshold_leaves_the_begun_step_open() -> None:
    rate = rates(D("0.502"), low=[D("0.5")], high=[D("0.504")])
    begun = scored(MORE_THAN_HALF, "2", rate).readings[1]
    assert (begun.low.tolist(), begun.score.tolist(), begun.high.tolist()) == ([D("1.5")], [D(2)], [D(2)])


def test_printed_full_marks_above_the_points_are_capped_and_below_them_both_accepted() -> None:
    """“三公经费”变动率: 计5分 of 2; one point for each point above 0."""
    assert scores(step("0%", "above", 1, "1", printed_full=5), "2", "0.035") == {
        "按整步": D(0), "不足一步按一步": D(0), "按比例": D(0),
        "按整步，自5分起扣": D(2), "不足一步按一步，自5分起扣": D(1), "按比例，自5分起扣": D("1.5"),
    }  # fmt: skip
    assert list(scores(step("0%", "above", 1, "1", printed_full=5), "10", "0.01").items())[::3] == [
        ("按整步", D(4)), ("按整步，自10分起扣", D(9)),
    ]  # fmt: skip


IN_TIME = bands({"upto": "0%", "points": 5}, {"over": "30%", "points": 0}, printed_full=5)
REACHED = bands({"from": "100%", "points": 5}, {"below": "60%", "points": 0}, printed_full=5)
THREE = bands({"from": "90%", "points": 6}, {"from": "70%", "below": "80%", "points": 3}, {"below": "60%", "points": 1})


@pytest.mark.parametrize(
    ("rule", "points", "rate", "ranges"),
    [
        (IN_TIME, "10", "-0.1", "5-5 10-10"),
        (IN_TIME, "10", "0", "5-5 10-10"),
        (IN_TIME, "10", "0.0001", "0-5 0-10"),
        (IN_TIME, "10", "0.3", "0-5 0-10"),
        (IN_TIME, "10", "0.3001", "0-0 0-0"),
        (IN_TIME, "10", "2", "0-0 0-0"),
        (REACHED, "20", "1.2", "5-5 20-20"),
        (REACHED, "20", "1", "5-5 20-20"),
        (REACHED, "20", "0.9999", "0-5 0-20"),
        (REACHED, "20", "0.6", "0-5 0-20"),
        (REACHED, "20", "0.5999", "0-0 0-0"),
        (THREE, "6", "0.9", "6-6"),
        (THREE, "6", "0.85", "3-6"),
        (THREE, "6", "0.8", "3-6"),
        (THREE, "6", "0.7999", "3-3"),
        (THREE, "6", "0.65", "1-3"),
        (THREE, "6", "0.5", "1-1"),
    ],
)
def test_between_two_bands_anything_between_their_points_will_do(
    rule: Any, points: str, rate: str, ranges: str
) -> None:
    outcome = scored(rule, points, rates(D(rate)))
    spans = [(reading.low[0], reading.high[0]) for reading in outcome.readings]
    wanted = [(D(low), D(high)) for low, high in (span.split("-") for span in ranges.split())]
    assert (spans, outcome.known.tolist()) == (wanted, [True])
    assert [bool(reading.fixed[0]) for reading in outcome.readings] == [low == high for low, high in wanted]


def test_a_gap_has_two_neighbours() -> None:
    """Below the lowest band nothing is said at all."""
    only_above = bands({"from": "90%", "points": 5}, {"from": "60%", "below": "80%", "points": 2})
    outcome = scored(only_above, "5", rates(D("0.59"), D("0.6"), D("0.8"), D("0.9")))
    assert outcome.known.tolist() == [False, True, True, True]
    assert outcome.readings[0].fixed.tolist() == [True, True, False, True]


def test_a_rate_that_may_be_rounded_out_of_its_band_leaves_the_gap_open() -> None:
    rate = rates(D("0.9"), low=[D("0.895")], high=[D("0.905")])
    (reading,) = scored(THREE, "6", rate).readings
    assert (reading.low[0], reading.score[0], reading.high[0], bool(reading.fixed[0])) == (D(3), D(6), D(6), True)


def test_nothing_over_nothing_is_full_even_where_nought_lies_in_a_gap() -> None:
    gap_at_zero = bands({"below": "0%", "points": 5}, {"over": "30%", "points": 0}, zero_over_zero="full")
    (reading,) = recompute(gap_at_zero, D(5), q.divide(rates(D(0)), rates(D(0))), q.blank(1).known).readings
    assert (reading.score[0], reading.low[0], reading.high[0], bool(reading.fixed[0])) == (D(5), D(5), D(5), True)


OVERLAPPING = bands(
    {"from": "90%", "points": 5}, {"from": "60%", "upto": "90%", "points": 3}, {"below": "70%", "points": 1}
)


@pytest.mark.parametrize(
    ("rate", "possible"),
    [("0.91", "5"), ("0.9", "5 3"), ("0.8", "3"), ("0.7", "3"), ("0.65", "3 1"), ("0.6", "3 1"), ("0.59", "1")],
)
def test_a_rate_in_two_bands_may_have_the_points_of_either(rate: str, possible: str) -> None:
    outcome = scored(OVERLAPPING, "5", rates(D(rate)))
    assert [reading.name for reading in outcome.readings] == ["按分档", "按分档，取第2个符合的档"]
    assert [reading.score[0] for reading in outcome.readings if reading.applies[0]] == [
        D(reading) for reading in possible.split()
    ]
    assert all(
        reading.low[0] == reading.high[0] == reading.score[0] for reading in outcome.readings if reading.applies[0]
    )
