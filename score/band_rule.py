"""`band`: points by the band into which a rate falls, its edges as printed."""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from score.arrays import Flags, either, filled, flags, greatest, least
from score.reading import Reading, everywhere
from templates.definition import Band, BandRule
from templates.rules import quantity as q

READING = "按分档"


def band_readings(rule: BandRule, points: Decimal, rate: q.Quantity) -> tuple[list[Reading], Flags]:
    """The one reading, and where the rate lies in a printed band at all."""
    size = len(rate.value)
    score = low = high = filled(size, Decimal(0))
    inside, touched = np.zeros(size, bool), np.zeros(size, bool)
    for band in rule.bands:
        given = min(band.points, points)
        here = _meets(band, rate.value, rate.value) & ~inside
        score = either(here, given, score)
        inside |= here
        reach = _meets(band, rate.low, rate.high)
        low = either(reach, either(touched, least(low, given), given), low)
        high = either(reach, either(touched, greatest(high, given), given), high)
        touched |= reach
    return [everywhere(READING, score, low, high)], inside


def _meets(band: Band, low: q.Decimals, high: q.Decimals) -> Flags:
    """Whether any rate of low..high lies in the band."""
    meets = np.ones(len(low), bool)
    if band.at is not None:
        meets &= flags(low <= band.at) & flags(high >= band.at)
    if band.from_ is not None:
        meets &= flags(high >= band.from_)
    if band.over is not None:
        meets &= flags(high > band.over)
    if band.upto is not None:
        meets &= flags(low <= band.upto)
    if band.below is not None:
        meets &= flags(low < band.below)
    return meets
