"""Exact decimals: no operation here rounds, whatever the decimal context is."""

from __future__ import annotations

import re
from decimal import Decimal

# One figure: optional sign, then plain digits or thousands in threes, then decimals.
FIGURE = r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|[+-]?\.\d+"
# Longer runs of digits are barcodes or damage, never an amount.
_LONGEST = 40


def significant(x: float) -> Decimal:
    """`x` at 15 significant digits, as the spreadsheet shows it: 456.23000000000002 → 456.23.

    Raises ValueError when x is not finite.
    """
    value = Decimal(format(float(x), ".15g"))
    if not value.is_finite():
        raise ValueError("not a finite number")
    return Decimal(0) if value.is_zero() else value


def figure(text: str) -> Decimal | None:
    """The number written as `text` (sign, thousands separators and decimals allowed), else None."""
    if len(text) > _LONGEST or re.fullmatch(FIGURE, text, re.ASCII) is None:
        return None
    value = Decimal(text.replace(",", ""))
    return value.copy_abs() if value.is_zero() else value


def shift(value: Decimal, power: int) -> Decimal:
    """`value` × 10^power, exactly."""
    parts = value.as_tuple()
    if not isinstance(parts.exponent, int):
        raise ValueError("not a finite number")
    exponent = parts.exponent + power
    if 0 < exponent <= _LONGEST:  # 1.5亿 is 15000, not 1.5E+4
        return Decimal((parts.sign, parts.digits + (0,) * exponent, 0))
    return Decimal((parts.sign, parts.digits, exponent))


def places(value: Decimal) -> int:
    """Decimals that `value` is written with, trailing zeros included; 0 for a whole number."""
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int):
        raise ValueError("not a finite number")
    return max(0, -exponent)


def plain(value: Decimal) -> str:
    """A figure without exponent or trailing zeros: 50, 0.5."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(share: Decimal) -> str:
    """0.9 → 90%, exactly."""
    return f"{plain(share * 100)}%"
