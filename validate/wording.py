"""How figures are shown to people: exact, with their unit, never with an exponent."""

from __future__ import annotations

from decimal import Decimal

from templates.grades import NAMES
from templates.rules.quantity import round_half_up
from templates.rules.sentence import plain

UNITS = {"amount": "万元", "points": "分"}
_MOST_DECIMALS = 6


def figure_text(value: Decimal | float | None, kind: str) -> str | None:
    """A figure as people read it: `1733.634137万元`, `61.11%`, `9.5分`; None when there is none."""
    if value is None or value != value:
        return None
    exact = value if isinstance(value, Decimal) else Decimal(format(value, ".15g"))
    if kind == "choice":
        return NAMES[int(exact)]
    if kind == "rate":
        return f"{plain(round_half_up(exact * 100, 2))}%"
    return f"{plain(_bounded(exact))}{UNITS.get(kind, '')}"


def gap_text(value: Decimal, kind: str) -> str:
    """The size of a difference: rates differ in percentage points, grades in steps."""
    if kind == "choice":
        return f"{plain(abs(value))}个等次"
    if kind == "rate":
        return f"{plain(round_half_up(abs(value) * 100, 2))}个百分点"
    return f"{plain(_bounded(abs(value)))}{UNITS.get(kind, '')}"


def _bounded(value: Decimal) -> Decimal:
    exponent = value.as_tuple().exponent
    return round_half_up(value, _MOST_DECIMALS) if isinstance(exponent, int) and exponent < -_MOST_DECIMALS else value
