"""`ratio`: the points times the rate, full at 100 %; reversed, the points less their share of what lies beyond."""

from __future__ import annotations

from decimal import Decimal

from gouji.score.arrays import greatest, least
from gouji.score.kinds.reading import Reading, clipped, everywhere
from gouji.templates.definition import RatioRule
from gouji.templates.rules import quantity as q

READING, REVERSED = "按完成比率", "按超出比例扣减"
_NONE, _WHOLE = Decimal(0), Decimal(1)


def ratio_readings(rule: RatioRule, points: Decimal, start: Decimal, rate: q.Quantity) -> list[Reading]:
    """The one reading: start × min(1, rate), or start × (1 − rate), in [0, points]."""
    ends = (rate.value, rate.high, rate.low) if rule.reverse else (rate.value, rate.low, rate.high)
    name = REVERSED if rule.reverse else READING
    return [everywhere(name, *(clipped(earned_share(rule, end) * start, points) for end in ends))]


def earned_share(rule: RatioRule, rate: q.Decimals) -> q.Decimals:
    """Which share of the points a rate earns, in [0, 1]."""
    return least(greatest(_WHOLE - rate if rule.reverse else rate, _NONE), _WHOLE)
