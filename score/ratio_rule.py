"""`ratio`: the points times the rate, full at 100 %."""

from __future__ import annotations

from decimal import Decimal

from score.reading import Reading, clipped, everywhere
from templates.rules import quantity as q

READING = "按完成比率"


def ratio_readings(points: Decimal, rate: q.Quantity) -> list[Reading]:
    """The one reading: points × min(1, rate), never below 0."""
    return [everywhere(READING, *(clipped(part * points, points) for part in (rate.value, rate.low, rate.high)))]
