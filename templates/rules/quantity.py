"""Exact figures in columns: value, the interval that its rounding leaves open, and whether it is there at all.

This is the one place where blank and rounding semantics stand; docs/semantics.md states them as a table.
Every array has one element per return (or per line). Values are `decimal.Decimal` in object arrays; where a
figure is not OK its value is 0 and must not be used.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gouji.templates.grades import rank
from gouji.templates.precision import EXACT, LESS_THAN_ONE, POINTS_APART

Decimals = NDArray[np.object_]
States = NDArray[np.int8]

OK, BLANK, BOTH_ZERO, ZERO, BAD = range(5)
"""filled; blank or 不适用; 0 ÷ 0; divided by 0; unreadable, an error, uncalculated or ambiguous."""

_ZERO = Decimal(0)
_WIDE = Context(prec=1000)
"""Rounding a figure as absurd as 1E+300 must not stop the batch: quantize refuses what exceeds its precision."""
NOUGHT: Decimals = np.array(_ZERO, dtype=object)
"""0 as an array of no dimension, for comparisons with whole columns."""
RESOLUTION = {"amount": 6, "quantity": 6, "rate": 8, "points": 9, "count": 9, "choice": 0, "number": 9}
"""Decimals at which two figures of a kind (see `templates.definition.Kind`) are compared: a smaller difference is none.

The sixth decimal of 万元 is the 分; what lies below comes from arithmetic in binary, the unit's own or the reader's.
"""
COMPARE: dict[str, Callable[[Any, Any], Any]] = {
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
    places = [min(one, EXACT) for one in decimals.tolist()]
    half, unit = (np.array([sizes[one] for one in places] or [], dtype=object) for sizes in (_HALF, _UNIT))
    return Quantity(value, value - half, value + half, state, unit)


def add(parts: Sequence[Quantity]) -> Quantity:
    """A sum: blank parts count as 0 while at least one is filled; anything worse than blank spoils it."""
    states = np.stack([part.state for part in parts])
    all_blank = (states == BLANK).all(axis=0)
    worst = np.where(states > BLANK, states, OK).max(axis=0)
    state = np.where(all_blank, BLANK, worst).astype(np.int8)
    cleared = [_zero_unless_ok(part) for part in parts]
    value = reduce(np.add, [part.value for part in cleared])
    unit = reduce(np.maximum, [part.unit for part in cleared])
    if all(part.exact for part in parts):
        return exact(value, state, unit)
    low = reduce(np.add, [part.low for part in cleared])
    high = reduce(np.add, [part.high for part in cleared])
    return Quantity(value, low, high, state, unit)


def subtract(left: Quantity, right: Quantity) -> Quantity:
    """A difference: both sides needed."""
    value = left.value - right.value
    state = np.maximum(left.state, right.state)
    unit = np.maximum(left.unit, right.unit)
    if left.exact and right.exact:
        return exact(value, state, unit)
    return Quantity(value, left.low - right.high, left.high - right.low, state, unit)


def multiply(left: Quantity, right: Quantity) -> Quantity:
    """A product: both sides needed."""
    value = left.value * right.value
    state = np.maximum(left.state, right.state)
    if left.exact and right.exact:
        return exact(value, state)
    return _from_corners(value, state, left, right, np.multiply)


def divide(left: Quantity, right: Quantity) -> Quantity:
    """A quotient: both sides needed; a 0 below is ZERO, or BOTH_ZERO when 0 stands above as well."""
    state = np.maximum(left.state, right.state)
    below_zero = (right.value == _ZERO) & (state == OK)
    state = np.where(below_zero, np.where(left.value == _ZERO, BOTH_ZERO, ZERO), state).astype(np.int8)
    usable = state == OK
    safe = _replaced(right, usable, Decimal(1))
    value = _instead(left.value / safe.value, usable, _ZERO)
    if left.exact and right.exact:
        return exact(value, state)
    crosses = (safe.low <= _ZERO) & (safe.high >= _ZERO)
    low, high = _instead(safe.low, ~crosses, safe.value), _instead(safe.high, ~crosses, safe.value)
    narrow = Quantity(safe.value, low, high, safe.state, safe.unit)
    return _held(_from_corners(value, state, left, narrow, np.divide), left, safe)


def total_by(owner: NDArray[np.intp], size: int, part: Quantity) -> Quantity:
    """The sum of a list's lines per owner; `owner[i]` is the owner of line i, 0 ≤ owner < size."""
    cleared = _zero_unless_ok(part)
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


def extreme(choose: Callable[..., Any], parts: Sequence[Quantity]) -> Quantity:
    """最大 / 最小 (`choose` is np.maximum or np.minimum): every part needed."""
    state = reduce(np.maximum, [part.state for part in parts])
    value = reduce(choose, [part.value for part in parts])
    unit = reduce(np.maximum, [part.unit for part in parts])
    if all(part.exact for part in parts):
        return exact(value, state, unit)
    low = reduce(choose, [part.low for part in parts])
    high = reduce(choose, [part.high for part in parts])
    return Quantity(value, low, high, state, unit)


def nearest(stated: Quantity, parts: Sequence[Quantity], kind: str) -> Quantity:
    """任一: of the parts that are known the one nearest to what is stated; a blank part is none of them.

    Where a part is worse than blank it cannot be told which, unless another one equals what is stated.
    """
    found = parts[0]
    for other in parts[1:]:
        nearer = abs(stated.value - found.value) <= abs(stated.value - other.value)
        found = _chosen(found.known & (nearer | ~other.known), found, other)
    worst = reduce(np.maximum, [part.state for part in parts])
    equal = found.known & (settled(stated.value - found.value, kind) == _ZERO)
    state = np.where((worst > BLANK) & ~equal, worst, found.state).astype(np.int8)
    return replace(found, state=state)


def _chosen(first: NDArray[np.bool_], one: Quantity, other: Quantity) -> Quantity:
    """Element by element one or the other column."""
    value, low, high, state, unit = (
        np.where(first, getattr(one, name), getattr(other, name)) for name in ("value", "low", "high", "state", "unit")
    )
    whole = None if one.whole is None or other.whole is None else np.where(first, one.whole, other.whole)
    return Quantity(value, low, high, state, unit, whole)


def absolute(part: Quantity) -> Quantity:
    """|x|."""
    value = abs(part.value)
    if part.exact:
        return exact(value, part.state, part.unit)
    ends = np.maximum(abs(part.low), abs(part.high))
    inner = np.minimum(abs(part.low), abs(part.high))
    crosses = (part.low <= _ZERO) & (part.high >= _ZERO)
    return Quantity(value, _instead(inner, ~crosses, _ZERO), ends, part.state, part.unit)


def ranked(part: Quantity) -> Quantity:
    """等次: the rank of the grade that so many points have, as an exact figure."""
    return exact(np.array([Decimal(rank(value)) for value in part.value], dtype=object), part.state)


def settled(difference: Decimals, kind: str) -> Decimals:
    """A difference of two figures of a kind, 0 where it is below what they are compared at."""
    return _instead(difference, abs(difference) >= _HALF[RESOLUTION[kind]], _ZERO)


def levelled(difference: Decimals, kind: str) -> Decimals:
    """The difference of two figures that should be equal: points that are within their tolerance are."""
    return _instead(difference, abs(difference) > POINTS_APART, _ZERO) if kind == "points" else difference


def round_to(part: Quantity, places: int) -> Quantity:
    """舍入: half up, in decimal; the result is exact."""
    return exact(half_up(part.value, places), part.state)


def half_up(value: Decimals, places: int) -> Decimals:
    """Each value rounded half up at so many decimals."""
    return np.array([round_half_up(v, places) for v in value] or [], dtype=object)


def cut_off(value: Decimals, unit: Decimals) -> Decimals:
    """Each value cut off (截尾) at the place of its own unit; as it is where that is 0."""
    cut = [v.quantize(u, ROUND_DOWN, _WIDE) if u else v for v, u in zip(value, unit, strict=True)]
    return np.array(cut or [], dtype=object)


def round_half_up(value: Decimal, places: int) -> Decimal:
    """Commercial rounding (四舍五入)."""
    return value.quantize(Decimal(1).scaleb(-max(places, 0)), ROUND_HALF_UP, _WIDE)


def _from_corners(
    value: Decimals, state: States, left: Quantity, right: Quantity, operate: Callable[..., Any]
) -> Quantity:
    """The interval of a product or quotient lies between the extremes of its four corners."""
    corners = [operate(a, b) for a in (left.low, left.high) for b in (right.low, right.high)]
    low, high = reduce(np.minimum, corners), reduce(np.maximum, corners)
    return Quantity(value, low, high, state, _no_unit(value))


def _held(quotient: Quantity, above: Quantity, below: Quantity) -> Quantity:
    """A quotient of two rounded figures, of which no rounding explains one unit of the coarser one's last place.

    What is spent beyond a budget by 0.01 万元 is spent beyond it, though either figure may be half of that off.
    """
    rounded_both = (above.unit > _ZERO) & (below.unit > _ZERO)
    most = np.maximum(above.unit, below.unit) * LESS_THAN_ONE / abs(below.value)
    low = np.where(rounded_both, np.maximum(quotient.low, quotient.value - most), quotient.low)
    high = np.where(rounded_both, np.minimum(quotient.high, quotient.value + most), quotient.high)
    return Quantity(quotient.value, low, high, quotient.state, quotient.unit)


def _zero_unless_ok(part: Quantity) -> Quantity:
    return part if bool(part.known.all()) else _replaced(part, part.known, _ZERO)


def _replaced(part: Quantity, keep: NDArray[np.bool_], other: Decimal) -> Quantity:
    """The figures that are to be kept, and an exact `other` for the rest."""
    value, unit = _instead(part.value, keep, other), _instead(part.unit, keep, _ZERO)
    if part.exact:
        return exact(value, part.state, unit)
    low, high = _instead(part.low, keep, other), _instead(part.high, keep, other)
    return Quantity(value, low, high, part.state, unit)


def _instead(value: Decimals, keep: NDArray[np.bool_], other: Any) -> Decimals:
    return np.where(keep, value, other)


def _no_unit(value: Decimals) -> Decimals:
    return np.full(len(value), _ZERO, dtype=object)
