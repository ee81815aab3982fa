"""Last year's figure standing where this year's belongs."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from gouji.validate.causes.figure import EVIDENT, Difference, Slip, digits

_FEWEST = 3
"""Significant digits from which two equal figures are no accident: 5万元 two years running is ordinary."""
_ACCIDENT = Decimal("0.001")
"""As rare as three digits alike."""


def repeated_slips(difference: Difference) -> Iterator[Slip]:
    """A stated figure that is last year's to the last digit; an unchanged part is ordinary."""
    stated = difference.figures[0]
    if stated.whole and stated.value in stated.last_year and digits(stated.value) >= _FEWEST:
        yield Slip(f"{stated.name}照抄了上年数", EVIDENT, difference.size, chance=_ACCIDENT)
