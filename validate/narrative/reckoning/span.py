"""Figures with what rounding leaves open around them, and what is worked out of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from gouji.ingest.narrative.written import Written

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Span:
    """A value, and the interval in which it may be: in 万元, as a fraction, or as counted."""

    value: Decimal
    low: Decimal
    high: Decimal

    @classmethod
    def of(cls, figure: Written) -> Span:
        """What a figure may stand for."""
        return cls(figure.value, figure.value - figure.half, figure.value + figure.half)

    @classmethod
    def exactly(cls, value: Decimal) -> Span:
        """A value that is not rounded."""
        return cls(value, value, value)

    def __add__(self, other: Span) -> Span:
        return Span(self.value + other.value, self.low + other.low, self.high + other.high)

    def __sub__(self, other: Span) -> Span:
        return Span(self.value - other.value, self.low - other.high, self.high - other.low)

    def __mul__(self, other: Span) -> Span:
        """The product of two that are not negative."""
        return Span(self.value * other.value, self.low * other.low, self.high * other.high)

    def __truediv__(self, other: Span) -> Span:
        """The quotient of two that are not negative. Raises ZeroDivisionError where the divisor may be 0."""
        if other.low <= 0:
            raise ZeroDivisionError
        return Span(self.value / other.value, max(self.low, _ZERO) / other.high, self.high / other.low)

    def __abs__(self) -> Span:
        return self if self.value >= 0 else Span(-self.value, -self.high, -self.low)

    def meets(self, other: Span) -> bool:
        """Whether both may be the same."""
        return self.low <= other.high and other.low <= self.high

    def explains(self, figure: Written) -> bool:
        """Whether a figure may be this, rounded or cut off (截尾)."""
        return figure.value - figure.half <= self.high and self.low <= figure.value + 2 * figure.half


def added(spans: Iterable[Span]) -> Span:
    """The sum."""
    total = Span.exactly(_ZERO)
    for span in spans:
        total = total + span
    return total


def sum_of(figures: Iterable[Written]) -> Span:
    """The sum of figures."""
    return added(map(Span.of, figures))


def quotients(tops: Sequence[Span], bottoms: Sequence[Span]) -> Iterator[Span]:
    """Every quotient of one by another."""
    for bottom in bottoms:
        if bottom.low > 0:
            yield from (top / bottom for top in tops)


def differences(spans: Sequence[Span], *others: Span) -> Iterator[Span]:
    """Every difference of one and another, its sign aside."""
    for other in others or spans:
        yield from (abs(span - other) for span in spans if span is not other)
