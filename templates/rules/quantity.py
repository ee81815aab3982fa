"""Exact figures in columns: value, the interval that its rounding leaves open, and whether it is there at all.

The back end of `templates.rules.arithmetic` for returned files. Every array has one element per return (or per line).
Values are `decimal.Decimal` in object arrays; where a figure is not OK its value must not be used.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gouji.templates.precision import EXACT, POINTS_APART
from gouji.templates.rules.arithmetic import BAD, BLANK, BOTH_ZERO, OK, RESOLUTION, ZERO, Arithmetic

__all__ = ["BAD", "BLANK", "BOTH_ZERO", "OK", "RESOLUTION", "ZERO"]

Decimals = NDArray[np.object_]
States = NDArray[np.int8]

_ZERO, _ONE = Decimal(0), Decimal(1)
_WIDE = Context(prec=1000)
"""Rounding a figure as absurd as 1E+300 must not stop the batch: quantize refuses what exceeds its precision."""
NOUGHT: Decimals = np.array(_ZERO, dtype=object)
"""0 as an array of no dimension, for comparisons with whole columns."""
_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "=": np.equal,
    "≠": np.not_equal,
    "≤": np.less_equal,
    "≥": np.greater_equal,
    "<": np.less,
    ">": np.greater,
}
"""The signs of comparisons over columns."""
_UNIT = [Decimal(1).scaleb(-places) for places in range(EXACT)] + [_ZERO]
_HALF = [unit / 2 for unit in _UNIT]


@dataclass(frozen=True)
class Quantity:
    """A column of figures: `value` within `low`..`high`, `state` per element.

    `unit`: one unit of the last place that the figure shows (a sum those of its coarsest part), 0 where it has none:
    what is exact, a constant, a product, a quotient. `whole`: whether it stands, or all that it adds up, in tables of
    nothing but whole 万元; None where that is not asked.
    """

    value: Decimals
    low: Decimals
    high: Decimals
    state: States
    unit: Decimals
    whole: NDArray[np.bool_] | None = None

    @property
    def known(self) -> NDArray[np.bool_]:
        return np.equal(self.state, OK)

    @property
    def exact(self) -> bool:
        """Whether no element has an interval around it."""
        return self.low is self.value and self.high is self.value


def constant(value: Decimal, size: int) -> Quantity:
    """The same exact figure everywhere."""
    return exact(np.full(size, value, dtype=object), np.zeros(size, np.int8))


def blank(size: int) -> Quantity:
    """Nothing anywhere."""
    return exact(np.full(size, _ZERO, dtype=object), np.full(size, BLANK, np.int8))


def exact(value: Decimals, state: States, unit: Decimals | None = None) -> Quantity:
    """Figures without a rounding interval: counts, points, constants."""
    return Quantity(value, value, value, state, _no_unit(value) if unit is None else unit)


def rounded(value: Decimals, state: States, decimals: NDArray[np.int16]) -> Quantity:
    """Figures that stand for value ± half a unit of the last of their `decimals`, for themselves from EXACT on."""
    places = [min(place, EXACT) for place in decimals.tolist()]
    half, unit = (np.array([sizes[place] for place in places] or [], dtype=object) for sizes in (_HALF, _UNIT))
    return Quantity(value, value - half, value + half, state, unit)


class Columns(Arithmetic[Quantity]):
    """Operations over whole columns; `rows`: how many elements the columns of a constant have."""

    def __init__(self, rows: int = 0) -> None:
        self._rows = rows

    def constant(self, value: Decimal) -> Quantity:
        return constant(value, self._rows)

    def figure(self, value: Any, low: Any, high: Any, state: Any, unit: Any = None) -> Quantity:
        value = np.asarray(value, dtype=object)
        if low is None:
            return exact(value, state.astype(np.int8), unit)
        return Quantity(value, low, high, state.astype(np.int8), _no_unit(value) if unit is None else unit)

    def with_state(self, figure: Quantity, state: Any) -> Quantity:
        return replace(figure, state=state.astype(np.int8))

    def cleared(self, figure: Quantity) -> Quantity:
        return figure if bool(figure.known.all()) else _replaced(figure, figure.known, _ZERO)

    def divisor(self, term: Any, zero: Any) -> Any:
        return _instead(term, ~zero, _ONE)

    def divide(self, left: Quantity, right: Quantity) -> Quantity:
        return self.cleared(super().divide(left, right))

    def kept(self, *terms: Any) -> tuple[Any, ...]:
        return terms

    def has_unit(self, figure: Quantity) -> bool:
        return True

    def chosen(self, first: Any, figure: Quantity, alternative: Quantity) -> Quantity:
        whole = (
            None
            if figure.whole is None or alternative.whole is None
            else np.where(first, figure.whole, alternative.whole)
        )
        return replace(super().chosen(first, figure, alternative), whole=whole)

    def where(self, condition: Any, then: Any, otherwise: Any) -> Any:
        return np.where(condition, then, otherwise)

    def both(self, *conditions: Any) -> Any:
        return reduce(np.logical_and, conditions).astype(bool)

    def either(self, *conditions: Any) -> Any:
        return reduce(np.logical_or, conditions).astype(bool)

    def equal(self, first: Any, second: Any) -> Any:
        return np.equal(first, second).astype(bool)

    def at_most(self, term: Any, bound: Any) -> Any:
        return np.less_equal(term, bound).astype(bool)

    def reaches(self, points: Any, least: Decimal) -> Any:
        return self.at_most(least, points)

    def settled(self, difference: Any, kind: str) -> Any:
        return settled(difference, kind)

    def compared(self, sign: str, difference: Any) -> Any:
        return _COMPARE[sign](difference, NOUGHT).astype(bool)

    def same_points(self, first: Any, second: Any) -> Any:
        return self.at_most(abs(first - second), POINTS_APART)

    def keeps_to(self, points: Any, most: Any) -> Any:
        return self.at_most(points, most + POINTS_APART)

    def stays_below(self, points: Any, end: Any) -> Any:
        return np.less(points, end).astype(bool)

    def is_cut_off(self, stated: Any, value: Any, unit: Any) -> Any:
        units = np.broadcast_to(np.asarray(unit, dtype=object), np.shape(value))
        return self.equal(cut_off(value, units), stated) & np.greater(units, NOUGHT).astype(bool)

    def below_unit(self, difference: Any, unit: Any) -> Any:
        return np.less(abs(difference), unit).astype(bool)

    def plus(self, *terms: Any) -> Any:
        return reduce(np.add, terms)

    def minus(self, minuend: Any, subtrahend: Any) -> Any:
        return minuend - subtrahend

    def times(self, factor: Any, multiplier: Any) -> Any:
        return factor * multiplier

    def over(self, dividend: Any, divisor: Any) -> Any:
        return dividend / divisor

    def least(self, *terms: Any) -> Any:
        return reduce(np.minimum, terms)

    def greatest(self, *terms: Any) -> Any:
        return reduce(np.maximum, terms)

    def size(self, term: Any) -> Any:
        return abs(term)

    def half_up(self, term: Any, places: int) -> Any:
        return half_up(term, places)

    def floor(self, term: Any) -> Any:
        return _to_whole(term, ROUND_FLOOR)

    def ceiling(self, term: Any) -> Any:
        return _to_whole(term, ROUND_CEILING)


COLUMNS = Columns()
"""For whatever needs no constants."""
add, subtract, multiply, divide = COLUMNS.add, COLUMNS.subtract, COLUMNS.multiply, COLUMNS.divide
extreme, absolute, nearest = COLUMNS.extreme, COLUMNS.absolute, COLUMNS.nearest
compared, comparison = COLUMNS.compared, COLUMNS.comparison


def total_by(owner: NDArray[np.intp], size: int, part: Quantity) -> Quantity:
    """The sum of a list's lines per owner; `owner[i]` is the owner of line i, 0 ≤ owner < size."""
    cleared = COLUMNS.cleared(part)
    value, low, high, unit = (np.full(size, _ZERO, dtype=object) for _ in range(4))
    np.add.at(value, owner, cleared.value)
    np.maximum.at(unit, owner, cleared.unit)
    whole = None if part.whole is None else np.bincount(owner[~part.whole], minlength=size) == 0
    filled = np.bincount(owner[part.state == OK], minlength=size) > 0
    spoilt = np.bincount(owner[part.state > BLANK], minlength=size) > 0
    state = np.where(spoilt, BAD, np.where(filled, OK, BLANK)).astype(np.int8)
    if part.exact:
        return exact(value, state, unit)
    np.add.at(low, owner, cleared.low)
    np.add.at(high, owner, cleared.high)
    return Quantity(value, low, high, state, unit, whole)


def settled(difference: Decimals, kind: str) -> Decimals:
    """A difference of two figures of a kind, 0 where it is below what they are compared at."""
    return _instead(difference, abs(difference) >= _HALF[RESOLUTION[kind]], _ZERO)


def half_up(value: Decimals, places: int) -> Decimals:
    """Each value rounded half up at so many decimals."""
    return np.array([round_half_up(v, places) for v in value] or [], dtype=object)


def _to_whole(value: Decimals, rounding: str) -> Decimals:
    return np.array([v.to_integral_value(rounding) for v in value] or [], dtype=object)


def cut_off(value: Decimals, unit: Decimals) -> Decimals:
    """Each value cut off (截尾) at the place of its own unit; as it is where that is 0."""
    cut = [v.quantize(u, ROUND_DOWN, _WIDE) if u else v for v, u in zip(value, unit, strict=True)]
    return np.array(cut or [], dtype=object)


def round_half_up(value: Decimal, places: int) -> Decimal:
    """Commercial rounding (四舍五入)."""
    unit = _UNIT[max(places, 0)] if places < EXACT else Decimal(1).scaleb(-places)
    return value.quantize(unit, ROUND_HALF_UP, _WIDE)


def _replaced(part: Quantity, keep: NDArray[np.bool_], replacement: Decimal) -> Quantity:
    """The figures where `keep` holds, and an exact `replacement` for the rest."""
    value, unit = _instead(part.value, keep, replacement), _instead(part.unit, keep, _ZERO)
    if part.exact:
        return exact(value, part.state, unit)
    low, high = _instead(part.low, keep, replacement), _instead(part.high, keep, replacement)
    return Quantity(value, low, high, part.state, unit)


def _instead(value: Decimals, keep: NDArray[np.bool_], replacement: Any) -> Decimals:
    return np.where(keep, value, replacement)


def _no_unit(value: Decimals) -> Decimals:
    return np.full(len(value), _ZERO, dtype=object)
