"""Points and rates as people read them: at most two decimals, half up."""

from __future__ import annotations

from decimal import Decimal

from gouji.templates.exact import plain
from gouji.templates.rules.quantity import round_half_up

_PLACES = 2


def points_text(value: Decimal) -> str:
    """`9.33分`."""
    return f"{plain(round_half_up(value, _PLACES))}分"


def rounded_percent(rate: Decimal) -> str:
    """`281.61%`."""
    return f"{plain(round_half_up(rate * 100, _PLACES))}%"


def range_text(low: Decimal, high: Decimal) -> str:
    """`8分` or `8分至10分`."""
    return points_text(low) if low == high else f"{points_text(low)}至{points_text(high)}"
