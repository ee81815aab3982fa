"""Figures as a person typed and saw them, and arithmetic on them in `decimal`.

Written from the field's rules alone (尾差 is derived, not chosen): a figure rounded at a last place stands for half a
unit of it on either side, sums and quotients carry the intervals along, and two figures differ by 尾差 when the
intervals meet and the difference is less than one unit of the last place of the coarser side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from itertools import product

FILLED, BLANK, BAD, BOTH_ZERO, ZERO = "filled", "blank", "bad", "0/0", "x/0"
AGREES, ROUNDING, DIFFERS, UNCHECKED = "相符", "尾差", "不符", "无法核对"

NOISE = {"amount": 6, "quantity": 6, "rate": 8, "points": 9, "count": 9}
"""Decimals at which figures of a kind are compared: what lies below comes from binary arithmetic."""
POINT = Decimal("0.005")
"""How far a self-score may lie from the exact one where the form rounds by no rule of its own."""
_NOTHING = Decimal(0)


@dataclass(frozen=True)
class Figure:
    """`value` within `low`..`high`; `unit`: one of the last place shown, None for an exact or derived figure."""

    state: str
    value: Decimal = _NOTHING
    low: Decimal = _NOTHING
    high: Decimal = _NOTHING
    unit: Decimal | None = None
    kind: str = "number"

    @property
    def known(self) -> bool:
        return self.state == FILLED


def exact(value: Decimal, kind: str = "number") -> Figure:
    return Figure(FILLED, value, value, value, None, kind)


def rounded(value: Decimal, decimals: int, kind: str) -> Figure:
    unit = Decimal(1).scaleb(-decimals)
    return Figure(FILLED, value, value - unit / 2, value + unit / 2, unit, kind)


def add(parts: Sequence[Figure], kind: str) -> Figure:
    """Blank parts are nothing while one is filled; any spoilt part spoils the sum."""
    spoilt = next((part.state for part in parts if part.state not in (FILLED, BLANK)), None)
    if spoilt is not None:
        return Figure(BAD, kind=kind)
    filled = [part for part in parts if part.known]
    if not filled:
        return Figure(BLANK, kind=kind)
    units = [part.unit for part in filled if part.unit is not None]
    value, low, high = (sum((getattr(part, end) for part in filled), _NOTHING) for end in ("value", "low", "high"))
    return Figure(FILLED, value, low, high, max(units, default=None), kind)


def subtract(left: Figure, right: Figure) -> Figure:
    if not (left.known and right.known):
        return _spoilt(left, right)
    units = [part.unit for part in (left, right) if part.unit is not None]
    return Figure(
        FILLED, left.value - right.value, left.low - right.high, left.high - right.low, max(units, default=None),
        left.kind,
    )  # fmt: skip


def multiply(left: Figure, right: Figure) -> Figure:
    if not (left.known and right.known):
        return _spoilt(left, right)
    ends = [left_end * right_end for left_end, right_end in product((left.low, left.high), (right.low, right.high))]
    return Figure(FILLED, left.value * right.value, min(ends), max(ends), None, left.kind)


def divide(left: Figure, right: Figure) -> Figure:
    if not (left.known and right.known):
        return _spoilt(left, right)
    if right.value == 0:
        return Figure(BOTH_ZERO if left.value == 0 else ZERO, kind="rate")
    below = (right.low, right.high) if right.low * right.high > 0 else (right.value, right.value)
    ends = [left_end / right_end for left_end, right_end in product((left.low, left.high), below)]
    return Figure(FILLED, left.value / right.value, min(ends), max(ends), None, "rate")


def least(parts: Sequence[Figure]) -> Figure:
    if not all(part.known for part in parts):
        return _spoilt(*parts)
    value, low, high = (min(getattr(part, end) for part in parts) for end in ("value", "low", "high"))
    return Figure(FILLED, value, low, high, None, parts[-1].kind)


def half_up(value: Decimal, decimals: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def magnitude(part: Figure) -> Figure:
    ends = sorted((abs(part.low), abs(part.high)))
    return Figure(part.state, abs(part.value), ends[0], ends[1], part.unit, part.kind)


def _spoilt(*parts: Figure) -> Figure:
    order = [FILLED, BLANK, BOTH_ZERO, ZERO, BAD]
    return Figure(max((part.state for part in parts), key=order.index), kind=parts[0].kind)


# ---- verdicts ----------------------------------------------------------------------------------------


def compare(sign: str, stated: Figure, expected: Figure, *, whole: tuple[bool, bool]) -> str:
    """The verdict of one comparison. `whole`: between tables, which side's table shows whole 万元 throughout."""
    if not (stated.known and expected.known):
        return UNCHECKED
    difference = stated.value - expected.value
    if abs(difference) < Decimal(5).scaleb(-NOISE.get(stated.kind, 9) - 1):
        difference = _NOTHING
    if difference == 0 or _one_sided(sign, difference):
        return AGREES
    if stated.kind == "points":
        return AGREES if sign == "=" and abs(difference) <= POINT else DIFFERS
    if _meet(stated, expected) and _below_a_unit(difference, stated, expected):
        return ROUNDING
    if sign == "=" and (_cut_off(stated, expected) or _whole(stated, expected, whole)):
        return ROUNDING
    return DIFFERS


def _one_sided(sign: str, difference: Decimal) -> bool:
    return {"≤": difference <= 0, "≥": difference >= 0}.get(sign, False)


def _meet(left: Figure, right: Figure) -> bool:
    return left.low <= right.high and right.low <= left.high


def _below_a_unit(difference: Decimal, stated: Figure, expected: Figure) -> bool:
    units = [part.unit for part in (stated, expected) if part.unit is not None]
    return bool(units) and abs(difference) < max(units)


def _cut_off(stated: Figure, expected: Figure) -> bool:
    return stated.unit is not None and expected.value.quantize(stated.unit, ROUND_DOWN) == stated.value


def _whole(stated: Figure, expected: Figure, whole: tuple[bool, bool]) -> bool:
    """A whole 万元 of 10 or more, in a table of such, to which the other side rounds."""
    pairs = ((stated.value, expected.value), (expected.value, stated.value))
    return any(
        table and abs(figure) >= 10 and half_up(other, 0) == figure
        for table, (figure, other) in zip(whole, pairs, strict=True)
    )
