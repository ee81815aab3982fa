"""`step`: full marks at the threshold, points off for every step beyond it in the bad direction."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

import numpy as np

from score.arrays import greatest
from score.reading import Reading, clipped, everywhere
from templates.definition import StepRule
from templates.rules import quantity as q

WHOLE, BEGUN, IN_PROPORTION = "按整步", "不足一步按一步", "按比例"
WAYS = (WHOLE, BEGUN, IN_PROPORTION)
"""How a step that is not full counts; all are in use, the first is ours."""

_ROUNDING = {WHOLE: ROUND_FLOOR, BEGUN: ROUND_CEILING}
_HUNDRED = Decimal(100)


def step_readings(rule: StepRule, points: Decimal, rate: q.Quantity) -> list[Reading]:
    """One reading per way of counting steps, and again from each full mark that the form prints."""
    beyond = excess(rule, rate)
    return [
        everywhere(
            reading_name(way, start, starts(rule, points)),
            *(clipped(start - lost(rule, way, part), points) for part in (beyond.value, beyond.high, beyond.low)),
        )
        for start in starts(rule, points)
        for way in WAYS
    ]


def starts(rule: StepRule, points: Decimal) -> list[Decimal]:
    """From which full marks points are taken off: the printed ones capped at the 分值, and the other figure."""
    if rule.printed_full is None or rule.printed_full == points:
        return [points]
    return [min(rule.printed_full, points), max(rule.printed_full, points)]


def reading_name(way: str, start: Decimal, possible: list[Decimal]) -> str:
    """按整步, or with the full marks named where the form prints two."""
    return way if start == possible[0] else f"{way}，自{start.normalize():f}分起扣"


def excess(rule: StepRule, rate: q.Quantity) -> q.Quantity:
    """Percentage points beyond the threshold in the bad direction, never below 0."""
    threshold = q.constant(rule.threshold, len(rate.value))
    match rule.bad:
        case "above":
            beyond = q.subtract(rate, threshold)
        case "below":
            beyond = q.subtract(threshold, rate)
        case "both":
            beyond = q.absolute(q.subtract(rate, threshold))
    value, low, high = (greatest(part, Decimal(0)) * _HUNDRED for part in (beyond.value, beyond.low, beyond.high))
    return q.Quantity(value, low, high, beyond.state, beyond.decimals)


def lost(rule: StepRule, way: str, beyond: q.Decimals) -> q.Decimals:
    """Points taken off for so many percentage points beyond the threshold, before the floor of 0."""
    steps = beyond / rule.per
    if way in _ROUNDING:
        steps = np.array([step.to_integral_value(_ROUNDING[way]) for step in steps], dtype=object)
    off: q.Decimals = steps * rule.deduct
    return off
