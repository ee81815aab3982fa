"""`step`: full marks at the threshold, points off for every step beyond it in the bad direction."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

import numpy as np

from gouji.score.arrays import either, flags, greatest
from gouji.score.kinds.reading import Reading, clipped, everywhere
from gouji.templates.definition import StepRule
from gouji.templates.rules import quantity as q
from gouji.templates.scoring.directions import BEGUN, WAYS, WHOLE, Direction, directions

_ROUNDING = {WHOLE: ROUND_FLOOR, BEGUN: ROUND_CEILING}
_HUNDRED = Decimal(100)
_NONE = Decimal(0)


def step_readings(rule: StepRule, points: Decimal, start: Decimal, rate: q.Quantity) -> list[Reading]:
    """One reading per direction and way of counting steps, taking points off from `start`."""
    return [_reading(rule, direction, way, points, start, rate) for direction in directions(rule) for way in WAYS]


def reading_parts(rule: StepRule, which: int) -> tuple[Direction, str, int]:
    """Direction, way and number of the start behind a reading's place among all readings of the rule."""
    ahead = directions(rule)
    number, within = divmod(which, len(ahead) * len(WAYS))
    return ahead[within // len(WAYS)], WAYS[within % len(WAYS)], number


def reading_place(rule: StepRule, direction: Direction, way: str, number: int) -> int:
    """The place of such a reading: the inverse of `reading_parts`."""
    ahead = directions(rule)
    return (number * len(ahead) + ahead.index(direction)) * len(WAYS) + WAYS.index(way)


def beyond(rule: StepRule, direction: Direction, rate: q.Quantity) -> q.Quantity:
    """Percentage points (or months) by which the threshold is missed; below 0 where it is more than kept."""
    threshold = q.constant(direction.threshold, len(rate.value))
    match direction.bad:
        case "above":
            missed = q.subtract(rate, threshold)
        case "below":
            missed = q.subtract(threshold, rate)
        case "both":
            missed = q.absolute(q.subtract(rate, threshold))
    return missed if rule.unit == "个月" else q.multiply(missed, q.constant(_HUNDRED, len(rate.value)))


def lost(rule: StepRule, direction: Direction, way: str, missed: q.Decimals) -> q.Decimals:
    """Points taken off where the threshold is missed by so much, before the floor of 0.

    A threshold that is itself not enough (＞50%) begins a step; no whole step and no part of one is gone there.
    """
    steps = missed / rule.per
    if way in _ROUNDING:
        steps = np.array([step.to_integral_value(_ROUNDING[way]) for step in steps], dtype=object)
    if direction.strict and way == BEGUN:
        steps = either(flags(missed == _NONE), Decimal(1), steps)
    off: q.Decimals = greatest(steps, _NONE) * rule.deduct
    return off


def _reading(
    rule: StepRule, direction: Direction, way: str, points: Decimal, start: Decimal, rate: q.Quantity
) -> Reading:
    missed = beyond(rule, direction, rate)
    name = f"{way}，{direction.name}" if direction.name else way
    ends = (missed.value, missed.high, missed.low)
    return everywhere(name, *(clipped(start - lost(rule, direction, way, end), points) for end in ends))
