"""Digits of a figure typed wrongly: two neighbours exchanged, or the decimals left away."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from gouji.templates.exact import plain
from gouji.validate.causes.figure import ORDINARY, Difference, Figure, Slip, digits

_FEWEST = 3
"""Significant digits from which an exchange of two says anything."""
_LONGEST = 18
_ACCIDENT = Decimal("0.01")
"""How often an amount with two decimals is whole."""
_SHOWN = {"amount": 2, "rate": 4}
"""Decimals that are usually typed, zeros included."""


def digit_slips(difference: Difference) -> Iterator[Slip]:
    """Every exchange of two neighbouring digits of every figure, and a stated figure without its decimals."""
    for figure in difference.figures:
        for right in exchanged(figure):
            words = f"{figure.name}相邻两个数字颠倒（{_shown(right, figure)}写成{_shown(figure.value, figure)}）"
            yield Slip(words, ORDINARY, figure.weight * (figure.value - right), difference.tolerance)
    yield from _without_decimals(difference)


def exchanged(figure: Figure) -> Iterator[Decimal]:
    """What the figure may have been before two neighbouring digits were exchanged."""
    places = max(_SHOWN.get(figure.kind, 0), -_exponent(figure.value))
    text = f"{abs(figure.value):.{places}f}".replace(".", "")
    if len(text) > _LONGEST:
        return
    for position in range(len(text) - 1):
        digit, other = text[position], text[position + 1]
        turned = text[:position] + other + digit + text[position + 2 :]
        right = Decimal(turned).scaleb(-places).copy_sign(figure.value)
        ahead = turned.startswith("0") != text.startswith("0")  # a figure of another length is no exchange
        if digit != other and not ahead and max(digits(right), digits(figure.value)) >= _FEWEST:
            yield right


def _without_decimals(difference: Difference) -> Iterator[Slip]:
    """A stated amount in whole 万元 to which the expected one was cut off or rounded."""
    stated, expected = difference.figures[0], difference.expected
    if stated.kind != "amount" or not stated.whole or not stated.value or _exponent(stated.value) < 0:
        return
    if _exponent(expected) > -2:  # where tenths are all that is filled in, one total of ten is whole
        return
    for words, how in (("舍去了小数，只填整数", ROUND_DOWN), ("四舍五入到整数", ROUND_HALF_UP)):
        if expected.to_integral_value(how) == stated.value:
            yield Slip(f"{stated.name}{words}", ORDINARY, difference.size, chance=_ACCIDENT)
            return


def _exponent(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return min(exponent, 0) if isinstance(exponent, int) else 0


def _shown(value: Decimal, figure: Figure) -> str:
    return f"{plain(value * 100)}%" if figure.kind == "rate" else plain(value)
