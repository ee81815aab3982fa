"""`band`: points by the band into which a rate falls, its edges as printed."""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from gouji.score.arrays import Flags, either, filled, flags, greatest, least
from gouji.score.kinds.reading import Reading
from gouji.templates.rules import quantity as q
from gouji.templates.scoring.band import BandRule, Span, Stretch, most_at_once

READING = "按分档"
_NONE = Decimal(0)


def band_readings(rule: BandRule, points: Decimal, start: Decimal, rate: q.Quantity) -> tuple[list[Reading], Flags]:
    """One reading, more where printed bands overlap, and where the rate lies in a band or in a gap between two.

    `start`: what the best band earns where the form prints other full marks than the 分值. In a gap no score is
    fixed: anything between the points of its neighbours will do.
    """
    bands, gaps = rule.stretches(points, start)
    stretches = [*bands, *gaps]
    inside = np.logical_or.reduce([_meets(stretch.span, rate.value, rate.value) for stretch in stretches])
    return [_reading(stretches, rate, nth) for nth in range(most_at_once(bands))], inside


def gap_at(rule: BandRule, points: Decimal, start: Decimal, rate: Decimal) -> Stretch | None:
    """The gap in which a rate lies, if it lies in one."""
    _, gaps = rule.stretches(points, start)
    column = filled(1, rate)
    return next((gap for gap in gaps if _meets(gap.span, column, column)[0]), None)


def _reading(stretches: list[Stretch], rate: q.Quantity, nth: int) -> Reading:
    """By the nth band, in print order, in which the rate lies."""
    size = len(rate.value)
    score = low = high = filled(size, _NONE)
    reached_low = reached_high = filled(size, _NONE)
    fixed, touched, count = np.ones(size, bool), np.zeros(size, bool), np.zeros(size, np.intp)
    for stretch in stretches:
        meets = _meets(stretch.span, rate.value, rate.value)
        here = meets & (count == nth)
        score, low, high = (
            either(here, stretch.most, score),
            either(here, stretch.least, low),
            either(here, stretch.most, high),
        )
        fixed[here] = stretch.least == stretch.most
        reach = _meets(stretch.span, rate.low, rate.high)
        reached_low = either(reach, either(touched, least(reached_low, stretch.least), stretch.least), reached_low)
        reached_high = either(reach, either(touched, greatest(reached_high, stretch.most), stretch.most), reached_high)
        touched |= reach
        count += meets
    rounded = flags(rate.low != rate.high)
    return Reading(
        name=READING if nth == 0 else f"{READING}，取第{nth + 1}个符合的档",
        score=score,
        low=either(rounded, reached_low, low),
        high=either(rounded, reached_high, high),
        applies=(count > nth) | (nth == 0),
        fixed=fixed,
        open_high=np.zeros(size, bool),
    )


def _meets(span: Span, low: q.Decimals, high: q.Decimals) -> Flags:
    """Whether any rate of low..high lies in the stretch."""
    meets = np.ones(len(low), bool)
    if span.low is not None:
        meets &= flags(high >= span.low) if span.low_in else flags(high > span.low)
    if span.high is not None:
        meets &= flags(low <= span.high) if span.high_in else flags(low < span.high)
    return meets
