"""Which self-scores a rule can yield, and when a self-score agrees with the recomputed one."""

from __future__ import annotations

from decimal import Decimal
from itertools import combinations, pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from gouji.score.kinds.agreement import agreement
from gouji.score.kinds.attainable import attainable, attainable_column
from gouji.score.kinds.reading import Reading, Recomputed, everywhere
from gouji.templates.rules import quantity as q
from gouji.templates.scores_block import ScoringRule
from gouji.templates.scoring.ranges import joined, ranges_text

D = Decimal
_RULES: TypeAdapter[Any] = TypeAdapter(ScoringRule)


def rule(**parameters: Any) -> Any:
    return _RULES.validate_python(parameters)


def options(*texts: str) -> Any:
    """`2/1/0` is an item worth two points that may be given 2, 1 or 0."""
    items = [{"text": "项", "points": text.split("/")[0], "options": text.split("/")} for text in texts]
    return rule(kind="checklist", items=items)


def deduct(*events: Any, **more: Any) -> Any:
    """An event is its text, or the fewest and most points that it costs."""
    listed = [
        event if isinstance(event, str) else {"text": "项", "least": event[0], "most": event[1]} for event in events
    ]
    return rule(kind="deduct", events=listed, **more)


def judge(*ranges: str) -> Any:
    """`3-5` is a range, `10` one figure."""
    pairs = [text.split("-") for text in ranges]
    return rule(
        kind="judge",
        ranges=[{"at": pair[0]} if len(pair) == 1 else {"from": pair[0], "upto": pair[1]} for pair in pairs],
    )


def checklist(*points: str) -> Any:
    return rule(kind="checklist", items=[{"text": f"第{i}项", "points": p} for i, p in enumerate(points)])


STEP = rule(kind="step", rate="r", threshold="100%", bad="above", per=5, deduct=2)


@pytest.mark.parametrize(
    ("scoring", "points", "listed"),
    [
        (checklist("2", "2", "2", "2"), "8", "0 2 4 6 8"),
        (checklist("2", "3"), "5", "0 2 3 5"),
        (checklist("0.5", "0.5", "1"), "2", "0 0.5 1 1.5 2"),
        (checklist("3", "4"), "5", "0 3 4 5"),
        (rule(kind="deduct", each=1, events=["甲"]), "6", "0 1 2 3 4 5 6"),
        (rule(kind="deduct", each=3, events=["甲"]), "5", "0 2 5"),
        (rule(kind="band", rate="r", bands=[{"from": "90%", "points": 6}, {"below": "90%", "points": 2}]), "6", "2 6"),
        (rule(kind="qualitative", options={"好": 6, "一般": 3, "差": 0}), "6", "0 3 6"),
        (rule(kind="judge", step=1.5), "5", "0 1.5 3.0 4.5 5"),
        (options("2/1/0", "2/1/0", "1/0"), "5", "0 1 2 3 4 5"),
        (options("2/0", "3/0"), "5", "0 2 3 5"),
        (options("1/0.5", "1/0"), "2", "0.5 1 1.5 2"),
        (deduct((3, 3), (2, 2)), "5", "0 2 3 5"),
        (deduct(*"甲乙丙丁戊", each=1, missed=True), "2", "0 1 2"),
        (deduct("甲", "乙", each=3, missed=True), "5", "0 2 5"),
        (deduct("甲", "乙", each=3, missed=True), "10", "4 7 10"),
        (deduct("甲", "乙", each=3), "10", "0 1 4 7 10"),
        (deduct("甲", each=0.5), "2", "0 0.5 1 1.5 2"),
        (rule(kind="deduct", events=[{"text": "甲", "least": 2}]), "5", "3 5"),
    ],
)  # fmt: skip
def test_scores_that_a_rule_can_yield(scoring: Any, points: str, listed: str) -> None:
    assert scoring.possible_scores(D(points)) == [(D(score), D(score)) for score in listed.split()]


GAP = rule(kind="band", rate="r", bands=[{"upto": "0%", "points": 5}, {"over": "30%", "points": 1}])
GAP_OF_FIVE = rule(
    kind="band", rate="r", printed_full=5, bands=[{"upto": "0%", "points": 5}, {"over": "30%", "points": 0}]
)
NO_GAP = rule(kind="band", rate="r", bands=[{"at": "0%", "points": 5}, {"over": "0%", "points": 2}])


@pytest.mark.parametrize(
    ("scoring", "points", "listed"),
    [
        (judge("10", "0-9"), "10", "0至9、10"),
        (judge("4-5", "3-4", "0"), "5", "0、3至5"),
        (judge("5", "1-4.5"), "5", "1至4.5、5"),
        (judge("12-15", "0-14"), "15", "0至15"),
        (judge("4-8"), "5", "4至5"),
        (deduct((4, 7), (2, 2), (3, 6), (2, 5), (2, 5)), "7", "0至5、7"),
        (deduct((4, 7)), "10", "3至6、10"),
        (deduct("甲", (2, 3), each=1), "5", "0至3、4、5"),
        (deduct("甲", "乙", (2, 3), each=1, missed=True), "5", "0至3、4、5"),
        (GAP, "5", "1至5"),
        (GAP_OF_FIVE, "10", "0至10"),
        (NO_GAP, "5", "2、5"),
    ],
)
def test_ranges_of_scores_that_a_rule_can_yield(scoring: Any, points: str, listed: str) -> None:
    assert ranges_text(scoring.possible_scores(D(points))) == listed


@pytest.mark.parametrize(
    ("scoring", "points", "score", "possible"),
    [
        (judge("10", "0-9"), "10", "9.5", False),
        (judge("10", "0-9"), "10", "9", True),
        (judge("4-5", "3-4", "0"), "5", "2.9", False),
        (judge("4-5", "3-4", "0"), "5", "3.37", True),
        (judge("5", "1-4.5"), "5", "4.8", False),
        (judge("5", "1-4.5"), "5", "0.5", False),
        (deduct((4, 7), (2, 2), (3, 6), (2, 5), (2, 5)), "7", "6", False),
        (deduct((4, 7), (2, 2), (3, 6), (2, 5), (2, 5)), "7", "4.5", True),
        (GAP, "5", "0", False),
        (GAP, "5", "3.2", True),
        (GAP_OF_FIVE, "10", "7.5", True),
    ],
)
def test_a_self_score_within_a_range_can_be(scoring: Any, points: str, score: str, possible: bool) -> None:
    assert attainable(scoring, D(points), D(score)) is possible


@settings(max_examples=80)
@given(
    st.lists(st.tuples(st.integers(1, 6), st.integers(0, 4)), min_size=1, max_size=5),
    st.integers(1, 12),
    st.integers(0, 24).map(lambda half: D(half) / 2),
)
def test_deductions_yield_exactly_what_some_choice_of_them_does(
    costs: list[tuple[int, int]], points: int, score: Decimal
) -> None:
    events = [(least, least + more) for least, more in costs]
    chosen = [chosen_events for count in range(len(events) + 1) for chosen_events in combinations(events, count)]
    off = D(points) - score
    possible = any(
        sum(least for least, _ in chosen_events) <= off <= sum(most for _, most in chosen_events)
        or (score == 0 and sum(most for _, most in chosen_events) >= points)
        for chosen_events in chosen
    )
    assert attainable(deduct(*events), D(points), score) is (possible and score <= points)


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 5)), max_size=8))
def test_joined_ranges_hold_the_same_scores_and_never_meet(spans: list[tuple[int, int]]) -> None:
    ranges = [(D(low), D(low + size)) for low, size in spans]
    merged = joined(ranges)
    for half in range(52):
        score = D(half) / 2
        assert any(low <= score <= high for low, high in ranges) is any(low <= score <= high for low, high in merged)
    assert all(earlier[1] < later[0] for earlier, later in pairwise(merged))


@pytest.mark.parametrize("scoring", [STEP, rule(kind="ratio", rate="r"), rule(kind="judge")])
def test_rules_in_proportion_yield_any_score_up_to_the_points(scoring: Any) -> None:
    assert scoring.possible_scores(D(5)) == [(D(0), D(5))]
    for score, possible in (("0", True), ("3.37", True), ("5", True), ("5.01", False), ("-0.01", False)):
        assert attainable(scoring, D(5), D(score)) is possible


def test_a_self_score_must_be_one_that_can_be_however_it_is_typed() -> None:
    assert attainable(checklist("0.5", "0.5", "1"), D(2), D("1.5"))
    assert not attainable(checklist("1.5", "2.5"), D(4), D(2))
    assert not attainable(checklist("0.5", "0.5", "1"), D(2), D("1.2"))
    assert not attainable(checklist("2", "2", "2", "2"), D(8), D(7))
    assert not attainable(checklist("2", "2"), D(4), D(6))


@settings(max_examples=80)
@given(
    st.lists(st.sampled_from(["0.5", "1", "1.5", "2", "3"]), min_size=1, max_size=6),
    st.decimals(0, 18, places=1),
)
def test_checklists_yield_exactly_the_sums_of_their_items(points: list[str], score: Decimal) -> None:
    parts = [D(text) for text in points]
    sums = {sum(chosen, D(0)) for count in range(len(parts) + 1) for chosen in combinations(parts, count)}
    assert attainable(checklist(*points), sum(parts, D(0)), score) is (score in sums)


def test_columns_are_asked_return_by_return_and_blanks_not_at_all() -> None:
    stated = q.exact(
        np.array([D(8), D(7), D(0), D(9)], dtype=object),
        np.array([q.OK, q.OK, q.BLANK, q.OK], np.int8),
    )
    flags = attainable_column(checklist("2", "2", "2", "2"), D(8), stated)
    assert flags.tolist() == [True, False, True, False]


def test_long_lists_are_cut_in_the_middle() -> None:
    assert ranges_text([(D(0), D(0)), (D("2.5"), D("2.5")), (D(5), D(5))]) == "0、2.5、5"
    assert ranges_text([(D(0), D(9)), (D(10), D(10))]) == "0至9、10"
    assert ranges_text([(D(number), D(number)) for number in range(21)]) == "0、1、2、3、……、19、20"


def column(*values: str) -> q.Decimals:
    return np.array([D(text) for text in values], dtype=object)


def judged(score: str, stated: str, *, low: str | None = None, high: str | None = None) -> tuple[str, bool]:
    reading = everywhere("一", column(score), column(low or score), column(high or score))
    judgement = agreement(Recomputed((reading,), np.zeros(1, np.intp), np.ones(1, bool)), shown(stated), D(10))
    return str(judgement.verdict[0]), bool(judgement.cut_off[0])


def shown(stated: str) -> q.Quantity:
    return q.exact(column(stated), np.zeros(1, np.int8))


@pytest.mark.parametrize(
    ("score", "stated", "verdict", "cut_off"),
    [
        ("9.333333333333333333333333333", "9.33", "相符", False),
        ("9.333333333333333333333333333", "9.3", "不符", False),
        ("9.333333333333333333333333333", "9", "不符", False),
        ("9.5", "10", "不符", False),
        ("10", "10.004", "不符", False),
        ("9.333333333333333333333333333", "9.333", "相符", False),
        ("9.333333333333333333333333333", "9.34", "不符", False),
        ("9.333333333333333333333333333", "9.4", "不符", False),
        ("6.666666666666666666666666667", "6.67", "相符", False),
        ("6.666666666666666666666666667", "6.66", "尾差", True),
        ("6.666666666666666666666666667", "6.65", "不符", False),
        ("7.345", "7.35", "相符", False),
        ("7.345", "7.34", "相符", False),
        ("7.345", "7.4", "不符", False),
        ("7.345", "7.3", "不符", False),
        ("7.0", "7.00", "相符", False),
    ],
)  # fmt: skip
def test_a_score_agrees_to_half_a_hundredth_and_no_further(
    score: str, stated: str, verdict: str, cut_off: bool
) -> None:
    assert judged(score, stated) == (verdict, cut_off)


def test_rounded_inputs_explain_a_difference() -> None:
    assert judged("2.5", "3.0", low="2.5", high="3") == ("尾差", False)
    assert judged("2.5", "3.5", low="2.5", high="3") == ("不符", False)


def test_the_reading_that_fits_is_named_and_else_the_default() -> None:
    readings = tuple(
        everywhere(name, *(column(score),) * 3) for name, score in (("一", "4"), ("二", "3"), ("三", "3.2"))
    )
    recomputed = Recomputed(readings, np.zeros(1, np.intp), np.ones(1, bool))
    for stated, verdict, name in (("4", "相符", "一"), ("3.2", "相符", "三"), ("3", "相符", "二"), ("2", "不符", "一")):
        judgement = agreement(recomputed, shown(stated), D(10))
        assert (judgement.verdict[0], readings[judgement.reading[0]].name) == (verdict, name)


def test_a_reading_that_does_not_apply_excuses_nothing() -> None:
    no, yes = np.zeros(1, bool), np.ones(1, bool)
    first = everywhere("一", column("4"), column("4"), column("4"))
    other = Reading("二", column("3"), column("3"), column("3"), no, yes, no)
    judgement = agreement(Recomputed((first, other), np.zeros(1, np.intp), yes), shown("3"), D(10))
    assert judgement.verdict[0] == "不符"


def test_what_is_not_known_is_not_judged() -> None:
    reading = everywhere("一", column("4", "4"), column("4", "4"), column("4", "4"))
    stated = q.exact(column("4", "0"), np.array([q.OK, q.BLANK], np.int8))
    for known in ([False, True], [True, True]):
        judgement = agreement(Recomputed((reading,), np.zeros(2, np.intp), np.array(known)), stated, D(10))
        assert judgement.verdict.tolist() == ["相符" if known[0] else "无法核对", "无法核对"]
