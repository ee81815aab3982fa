"""How figures are shown to people: exact, with their unit, never with an exponent."""

from __future__ import annotations

from decimal import Decimal

from gouji.templates.exact import plain, significant
from gouji.templates.grades import NAMES
from gouji.templates.items import UNITS
from gouji.templates.rules.quantity import round_half_up

_MOST_DECIMALS = 6


def figure_text(value: Decimal | float | None, kind: str, percent_decimals: int = 2) -> str | None:
    """A figure as people read it: `1733.634137万元`, `61.11%`, `9.5分`; None when there is none."""
    if value is None or value != value:
        return None
    if isinstance(value, float) and kind not in ("choice", "rate") and (plainly := _as_written(value)) is not None:
        return f"{plainly}{UNITS.get(kind, '')}"
    exact = value if isinstance(value, Decimal) else significant(value)
    if kind == "choice":
        return NAMES[int(exact)]
    if kind == "rate":
        return f"{plain(round_half_up(exact * 100, percent_decimals))}%"
    return f"{plain(_bounded(exact))}{UNITS.get(kind, '')}"


def _as_written(value: float) -> str | None:
    """The figure at 15 significant digits; None where that takes an exponent or more decimals than are shown."""
    text = format(value, ".15g")
    whole, point, decimals = text.partition(".")
    digits = whole.removeprefix("-").isdecimal() and (not point or decimals.isdecimal())
    if not digits or len(decimals) > _MOST_DECIMALS:
        return None
    return "0" if text == "-0" else text


def told_apart(stated: Decimal, expected: Decimal, kind: str) -> tuple[str, str, str]:
    """Two figures that differ, and their gap, with as many decimals as it takes to see the difference."""
    places = 2
    if kind == "rate":
        gap = abs(stated - expected) * 100
        while places < _MOST_DECIMALS and round_half_up(gap, places) == 0:
            places += 1
    stated_text, expected_text = figure_text(stated, kind, places), figure_text(expected, kind, places)
    return str(stated_text), str(expected_text), _gap(abs(stated - expected), kind, places)


def _gap(size: Decimal, kind: str, places: int) -> str:
    """The size of a difference: rates differ in percentage points, grades in steps."""
    if kind == "choice":
        return f"{plain(size)}个等次"
    if kind == "rate":
        return f"{plain(round_half_up(size * 100, places))}个百分点"
    return f"{plain(_bounded(size))}{UNITS.get(kind, '')}"


def _bounded(value: Decimal) -> Decimal:
    exponent = value.as_tuple().exponent
    return round_half_up(value, _MOST_DECIMALS) if isinstance(exponent, int) and exponent < -_MOST_DECIMALS else value
