"""`step`: full marks at the threshold, points off for every step beyond it in the bad direction."""

from __future__ import annotations

from decimal import Decimal

from gouji.templates.definition import StepRule
from gouji.templates.rules.arithmetic import Arithmetic, F, Term
from gouji.templates.scoring.directions import BEGUN, WHOLE, Direction
from gouji.templates.scoring.scored import Scores, clipped, over_ends

_ONE = Decimal(1)


def beyond(rule: StepRule, direction: Direction, rate: F, on: Arithmetic[F]) -> F:
    """Percentage points (or months) by which the threshold is missed; below 0 where it is more than kept."""
    scale = Decimal(1 if rule.unit == "个月" else 100)

    def missed(end: Term) -> Term:
        way = (direction.threshold, end) if direction.bad == "below" else (end, direction.threshold)
        return on.times(on.minus(*way), scale)

    ends = (None, None) if rate.exact else (missed(rate.low), missed(rate.high))
    low, high = reversed(ends) if direction.bad == "below" else ends
    figure = on.figure(missed(rate.value), low, high, rate.state)
    return on.absolute(figure) if direction.bad == "both" else figure


def lost(rule: StepRule, direction: Direction, way: str, missed: Term, on: Arithmetic[F]) -> Term:
    """Points taken off where the threshold is missed by so much, before the floor of 0.

    A threshold that is itself not enough (＞50%) begins a step; no whole step and no part of one is gone there.
    """
    steps = on.over(missed, rule.per)
    if way == WHOLE:
        steps = on.floor(steps)
    elif way == BEGUN:
        steps = on.ceiling(steps)
        if direction.strict:
            steps = on.where(on.equal(on.settled(missed, "number"), 0), _ONE, steps)
    return on.times(on.greatest(steps, Decimal(0)), rule.deduct)


def step_scores(
    rule: StepRule, direction: Direction, way: str, start: Decimal, points: Decimal, missed: F, on: Arithmetic[F]
) -> Scores:
    """What is left of `start`, at the least where most is missed."""

    def left(end: Term) -> Term:
        return clipped(on.minus(start, lost(rule, direction, way, end, on)), points, on)

    return over_ends(left, missed, falls=True)
