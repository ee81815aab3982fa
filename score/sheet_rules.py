"""An indicator of a 评分表 recomputed from its rate, for all returns at once."""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from score.arrays import Flags
from score.band_rule import band_readings
from score.ratio_rule import ratio_readings
from score.reading import Recomputed, settled
from score.step_rule import starts, step_readings
from templates.definition import BandRule, Rated, RatioRule, StepRule
from templates.rules import quantity as q


def recompute(rule: Rated, points: Decimal, rate: q.Quantity, absent: Flags) -> Recomputed:
    """The score of every return under every reading of the rule, in [0, points].

    `absent`: where the inputs are stated to be nothing (0, 不适用, 无); a blank says no such thing.
    Raises TypeError for a kind without arithmetic.
    """
    known = rate.known
    match rule:
        case StepRule():
            readings = step_readings(rule, points, rate)
        case BandRule():
            readings, inside = band_readings(rule, points, rate)
            known = known & inside
        case RatioRule():
            readings = ratio_readings(points, rate)
        case _:
            raise TypeError(f"{type(rule).__name__} has no arithmetic")
    full = full_without_rate(rule, rate, absent)
    return Recomputed(
        readings=tuple(settled(readings, full, full_marks(rule, points))),
        default=np.zeros(len(rate.value), np.intp),
        known=known | full,
    )


def full_without_rate(rule: Rated, rate: q.Quantity, absent: Flags) -> Flags:
    """Where full marks are due though there is no rate: 0 against 0, or nothing of the kind and it is said so."""
    full = np.zeros(len(rate.value), bool)
    if rule.zero_over_zero == "full":
        full |= rate.state == q.BOTH_ZERO
    if rule.full_when_absent:
        full |= absent
    return full


def full_marks(rule: Rated, points: Decimal) -> Decimal:
    """The highest score: the printed full marks, capped at the 分值."""
    if isinstance(rule, StepRule):
        return starts(rule, points)[0]
    return points if rule.printed_full is None else min(rule.printed_full, points)
