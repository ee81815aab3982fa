"""A figure that is a power of ten away from what it should be: 元 for 万元, percent for fraction, the decimal point."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from gouji.validate.causes.figure import ORDINARY, SPECIFIC, Difference, Figure, Slip

_WAN = Decimal(10_000)
_HUNDRED = Decimal(100)
_PLACES = {1: "一", 2: "两", 3: "三"}
_CLOSE = 50
"""What share of a figure may be open once it is moved: the rounding of 0.01 times 10,000 is no room for a fit."""


def scale_slips(difference: Difference) -> Iterator[Slip]:
    """Every figure moved by each power of ten that people get wrong."""
    for figure in difference.figures:
        for factor, words, rank in _factors(figure.kind):
            yield from _moved(difference, figure, factor, f"{figure.name}{words}", rank)
    if difference.ratio is not None:
        yield from _ratio(difference, *difference.ratio)


def _factors(kind: str) -> Iterator[tuple[Decimal, str, int]]:
    """By what the figure is too large, and what that is called."""
    if kind == "amount":
        yield _WAN, "按元填列，没有换算成万元", SPECIFIC
        yield 1 / _WAN, "多除了一万，本来已是万元", ORDINARY  # rare beside the other
    if kind == "rate":
        yield _HUNDRED, "漏写百分号，百分数填成了小数", SPECIFIC
        yield 1 / _HUNDRED, "多写百分号，小数填成了百分数", SPECIFIC
    for places, said in _PLACES.items():
        if kind != "rate" or places != 2:  # two places of a rate are its sign of percent
            yield Decimal(10) ** places, f"的小数点向右错了{said}位", ORDINARY
            yield Decimal(10) ** -places, f"的小数点向左错了{said}位", ORDINARY


def _moved(difference: Difference, figure: Figure, factor: Decimal, words: str, rank: int) -> Iterator[Slip]:
    right = figure.value / factor
    window = max(difference.tolerance - figure.half, Decimal(0)) + figure.half / factor
    if right:
        yield Slip(words, rank, figure.weight * (figure.value - right), min(window, abs(right) / _CLOSE))


def _ratio(difference: Difference, dividend: Figure, divisor: Figure) -> Iterator[Slip]:
    """One side of a quotient in 元: the quotient is ten thousand times too large, or too small."""
    for figure, factor in ((dividend, _WAN), (divisor, 1 / _WAN)):
        if figure.kind != "amount" or dividend.kind != divisor.kind:
            continue
        right = difference.expected / factor
        window = difference.figures[0].half + abs(right) * _openness(difference)
        if right:
            words = f"{figure.name}按元填列，没有换算成万元"
            if figure is divisor and abs(figure.value) < _WAN:
                # Nobody plans less than one 万元: the other one was in 万元 where all are in 元.
                words = f"{dividend.name}多除了一万，本来已是万元"
            yield Slip(words, SPECIFIC, right - difference.expected, min(window, abs(right) / _CLOSE))
    if dividend.kind == divisor.kind and dividend.value and divisor.value:
        turned = divisor.value / dividend.value
        yield Slip("分子和分母颠倒", ORDINARY, turned - difference.expected, difference.tolerance)


def _openness(difference: Difference) -> Decimal:
    """How far rounding leaves the quotient open, in proportion to it."""
    leeway = max(difference.tolerance - difference.figures[0].half, Decimal(0))
    return leeway / abs(difference.expected) if difference.expected else Decimal(0)
