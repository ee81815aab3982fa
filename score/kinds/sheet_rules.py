"""An indicator of a 评分表 recomputed from its rate, for all returns at once."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np

from gouji.score.arrays import Flags
from gouji.score.kinds.band_rule import band_readings
from gouji.score.kinds.reading import Reading, Recomputed, everywhere, settled
from gouji.templates.rules import quantity as q
from gouji.templates.scoring.band import BandRule
from gouji.templates.scoring.rated import Rated
from gouji.templates.scoring.ratio import RatioRule
from gouji.templates.scoring.step import StepRule


def recompute(rule: Rated, points: Decimal, rate: q.Quantity, absent: Flags) -> Recomputed:
    """The score of every return under every reading of the rule, in [0, points]; the first reading is the default.

    `absent`: where the inputs are stated to be nothing (0, 不适用, 无); a blank says no such thing.
    Raises TypeError for a kind without arithmetic.
    """
    full = full_without_rate(rule, rate, absent)
    readings: list[Reading] = []
    known = rate.known
    for start in rule.starts(points):
        by_rate, defined = _readings(rule, points, start, rate)
        known = known & defined
        named = [replace(reading, name=rule.start_name(reading.name, start, points)) for reading in by_rate]
        readings += settled(named, full, min(start, points))
    return Recomputed(tuple(readings), np.zeros(len(rate.value), np.intp), known | full)


def _readings(rule: Rated, points: Decimal, start: Decimal, rate: q.Quantity) -> tuple[list[Reading], Flags]:
    """The readings that take points off from `start`, and for which rates the rule says something at all."""
    everything = np.ones(len(rate.value), bool)
    match rule:
        case StepRule() | RatioRule():
            readings = rule.readings(points, start, rate, q.COLUMNS)
            return [everywhere(name, *scores) for name, scores in readings], everything
        case BandRule():
            return band_readings(rule, points, start, rate)
        case _:
            raise TypeError(f"{type(rule).__name__} has no arithmetic")


def full_without_rate(rule: Rated, rate: q.Quantity, absent: Flags) -> Flags:
    """Where full marks are due though there is no rate: 0 against 0, or nothing of the kind and it is said so."""
    full = np.zeros(len(rate.value), bool)
    if rule.zero_over_zero == "full":
        full |= rate.state == q.BOTH_ZERO
    if rule.full_when_absent:
        full |= absent
    return full
