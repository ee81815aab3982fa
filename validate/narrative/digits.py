"""Whether one figure is a slip of another: its digits in another order, one of them another, or the point elsewhere."""

from __future__ import annotations

from decimal import Decimal

_LEAST_DIGITS = 4
"""Of a figure in which one digit is another: of fewer that may be chance."""
_LEAST_LEFT = 3
"""Of one that lacks a digit of another."""


def is_slip(value: Decimal, due: Decimal, *, exchanged: bool = False, moved: bool = True) -> bool:
    """Whether `value` is `due` with digits exchanged, one of several replaced, one left out or doubled (neither for
    `exchanged`), or the point elsewhere (for `moved`).

    Two of different signs, or of which one is 0, are none.
    """
    if value == due or value * due <= 0:
        return False
    decimals = max(_decimals(value), _decimals(due))
    one, other = (f"{abs(size):.{decimals}f}".replace(".", "").lstrip("0") for size in (value, due))
    if one.rstrip("0") == other.rstrip("0"):
        return moved
    if abs(len(one) - len(other)) == 1 and min(len(one), len(other)) >= _LEAST_LEFT:
        return moved and not exchanged and _lacks_one(*sorted((one, other), key=len))
    if len(one) != len(other):
        return False
    different = sum(first != second for first, second in zip(one, other, strict=True))
    return sorted(one) == sorted(other) or (not exchanged and different == 1 and len(one) >= _LEAST_DIGITS)


def _lacks_one(shorter: str, longer: str) -> bool:
    """Whether one is the other without one of its digits: 25.9 for 225.9."""
    return any(longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer)))


def _decimals(size: Decimal) -> int:
    return len(f"{size.normalize():f}".partition(".")[2])
