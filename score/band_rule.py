"""`band`: points by the band into which a rate falls, its edges as printed."""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from score.reading import Flags, Reading, everywhere
from templates.definition import Band, BandRule
from templates.rules import quantity as q

READING = "按分档"


def band_readings(rule: BandRule, points: Decimal, rate: q.Quantity) -> tuple[list[Reading], Flags]:
    """The one reading, and where the rate lies in a printed band at all."""
    size = len(rate.value)
    score = np.full(size, Decimal(0), dtype=object)
    low, high = score.copy(), score.copy()
    inside, touched = np.zeros(size, bool), np.zeros(size, bool)
    for band in rule.bands:
        given = min(band.points, points)
        here = _meets(band, rate.value, rate.value) & ~inside
        score = np.where(here, given, score)
        inside |= here
        reach = _meets(band, rate.low, rate.high)
        low = np.where(reach, np.where(touched, np.minimum(low, given), given), low)
        high = np.where(reach, np.where(touched, np.maximum(high, given), given), high)
        touched |= reach
    return [everywhere(READING, score, low, high)], inside


def _meets(band: Band, low: q.Decimals, high: q.Decimals) -> Flags:
    """Whether any rate of low..high lies in the band."""
    meets = np.ones(len(low), bool)
    if band.at is not None:
        meets &= (low <= band.at) & (high >= band.at)
    if band.from_ is not None:
        meets &= high >= band.from_
    if band.over is not None:
        meets &= high > band.over
    if band.upto is not None:
        meets &= low <= band.upto
    if band.below is not None:
        meets &= low < band.below
    return meets
