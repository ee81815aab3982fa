"""The arithmetic of rules, once: value, rounding interval and state of every operation, over terms of any kind.

A term is a column of exact decimals (`templates.rules.quantity`) or a formula (`templates.selfcheck.arithmetic`); a
back end says how terms are compared, chosen and calculated with, and everything else is written here over its words.
docs/semantics.md states the meaning as a table.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import product
from typing import Any, Generic, Protocol, TypeVar

from gouji.templates.grades import GRADES
from gouji.templates.precision import LESS_THAN_ONE

OK, BLANK, BOTH_ZERO, ZERO, BAD = range(5)
"""filled; blank or 不适用; 0 ÷ 0; divided by 0; unreadable, an error, uncalculated or ambiguous."""

RESOLUTION = {"amount": 6, "quantity": 6, "rate": 8, "points": 9, "count": 9, "choice": 0, "number": 9}
"""Decimals at which figures of a kind (see `templates.definition.Kind`) are compared: a smaller difference is none.

The sixth decimal of 万元 is the 分; what lies below comes from arithmetic in binary, the unit's own or the reader's.
"""

Term = Any
"""Figures or states, as the back end has them; plain numbers stand for themselves."""
Condition = Any
"""What holds or not, as the back end has it."""

_NOTHING, _ONE = Decimal(0), Decimal(1)
_FORGIVING = ("=", "≤", "≥")
_FAR = Decimal("1E+99")


class Measured(Protocol):
    """What a figure is to an operation; `templates.rules.quantity.Quantity` says what its parts mean."""

    @property
    def value(self) -> Term: ...
    @property
    def low(self) -> Term: ...
    @property
    def high(self) -> Term: ...
    @property
    def state(self) -> Term: ...
    @property
    def unit(self) -> Term: ...
    @property
    def exact(self) -> bool: ...


F = TypeVar("F", bound=Measured)


class Arithmetic(ABC, Generic[F]):
    """The operations of rules on figures of one kind. Abstract are the words in which they are written."""

    # ---- words of a back end -------------------------------------------------------------------------

    @abstractmethod
    def constant(self, value: Decimal) -> F:
        """The same exact figure everywhere."""

    @abstractmethod
    def figure(self, value: Term, low: Term | None, high: Term | None, state: Term, unit: Term | None = None) -> F:
        """A figure of these parts: exact where no ends are given; without a last place where no unit is."""

    @abstractmethod
    def with_state(self, figure: F, state: Term) -> F:
        """The same figure in another state."""

    @abstractmethod
    def cleared(self, figure: F) -> F:
        """A figure whose value, ends and unit are 0 wherever it is not OK."""

    @abstractmethod
    def divisor(self, term: Term, zero: Condition) -> Term:
        """A term that may be divided by, also where it is `zero`; what comes out there is not used."""

    @abstractmethod
    def kept(self, *terms: Term) -> tuple[Term, ...]:
        """At most three terms, put down to be used more than once."""

    @abstractmethod
    def has_unit(self, figure: F) -> bool:
        """Whether the figure can have a last place anywhere."""

    @abstractmethod
    def where(self, condition: Condition, then: Term, otherwise: Term) -> Term: ...
    @abstractmethod
    def both(self, *conditions: Condition) -> Condition: ...
    @abstractmethod
    def either(self, *conditions: Condition) -> Condition: ...
    @abstractmethod
    def equal(self, first: Term, second: Term) -> Condition: ...
    @abstractmethod
    def at_most(self, term: Term, bound: Term) -> Condition: ...
    @abstractmethod
    def reaches(self, points: Term, least: Decimal) -> Condition:
        """Whether a calculated figure is at least so much."""

    @abstractmethod
    def settled(self, difference: Term, kind: str) -> Term:
        """A difference of two figures of a kind, 0 where it is below what they are compared at."""

    @abstractmethod
    def compared(self, sign: str, difference: Term) -> Condition:
        """Whether a settled difference is as the sign of a comparison (= ≠ ≤ ≥ < >) wants it."""

    @abstractmethod
    def same_points(self, first: Term, second: Term) -> Condition:
        """Whether two figures in points are equal, to POINTS_APART."""

    @abstractmethod
    def keeps_to(self, points: Term, most: Term) -> Condition:
        """Whether points are no more than some others, to POINTS_APART."""

    @abstractmethod
    def stays_below(self, points: Term, end: Term) -> Condition:
        """Whether points do not reach an end."""

    @abstractmethod
    def is_cut_off(self, stated: Term, value: Term, unit: Term) -> Condition:
        """Whether what is stated is a value cut off (截尾) at its last place; never where it has none."""

    @abstractmethod
    def below_unit(self, difference: Term, unit: Term) -> Condition:
        """Whether a difference, either way, is less than one unit."""

    @abstractmethod
    def plus(self, *terms: Term) -> Term: ...
    @abstractmethod
    def minus(self, minuend: Term, subtrahend: Term) -> Term: ...
    @abstractmethod
    def times(self, factor: Term, multiplier: Term) -> Term: ...
    @abstractmethod
    def over(self, dividend: Term, divisor: Term) -> Term: ...
    @abstractmethod
    def least(self, *terms: Term) -> Term: ...
    @abstractmethod
    def greatest(self, *terms: Term) -> Term: ...
    def largest(self, *terms: Term) -> Term:
        """The greatest of terms that are never below 0."""
        return self.greatest(*terms)

    @abstractmethod
    def size(self, term: Term) -> Term:
        """|x|."""

    @abstractmethod
    def half_up(self, term: Term, places: int) -> Term:
        """Rounded half up at so many decimals."""

    @abstractmethod
    def floor(self, term: Term) -> Term: ...
    @abstractmethod
    def ceiling(self, term: Term) -> Term: ...

    # ---- operations ----------------------------------------------------------------------------------

    def add(self, parts: Sequence[F]) -> F:
        """A sum: blank parts count as 0 while at least one is filled; anything worse than blank spoils it."""
        if len(parts) == 1:
            return parts[0]
        states = [part.state for part in parts]
        worst = self.largest(*states)
        state = self.where(self.at_most(worst, BLANK), self.least(*states), worst)
        return self._end_by_end(self.plus, [self.cleared(part) for part in parts], state)

    def subtract(self, left: F, right: F) -> F:
        """A difference: both sides needed."""
        value, state = self.minus(left.value, right.value), self._worst(left, right)
        unit = self._coarsest((left, right))
        if _exact((left, right)):
            return self.figure(value, None, None, state, unit)
        return self.figure(value, self.minus(left.low, right.high), self.minus(left.high, right.low), state, unit)

    def multiply(self, left: F, right: F) -> F:
        """A product: both sides needed; its interval lies between the extremes of the corners."""
        value, state = self.times(left.value, right.value), self._worst(left, right)
        if _exact((left, right)):
            return self.figure(value, None, None, state)
        corners = [self.times(left_end, right_end) for left_end, right_end in product(_ends(left), _ends(right))]
        return self.figure(value, self.least(*corners), self.greatest(*corners), state)

    def divide(self, left: F, right: F) -> F:
        """A quotient: both sides needed; a 0 below is ZERO, or BOTH_ZERO when 0 stands above as well."""
        worst, zero = self._worst(left, right), self.equal(right.value, _NOTHING)
        quotient_state = self.where(zero, self.where(self.equal(left.value, _NOTHING), BOTH_ZERO, ZERO), OK)
        state = self.where(self.equal(worst, OK), quotient_state, worst)
        below = self.divisor(right.value, zero)
        quotient = self.over(left.value, below)
        value = self.where(zero, _NOTHING, quotient)
        if _exact((left, right)):
            return self.figure(value, None, None, state)
        low, high = self._quotient_ends(left, right, below, quotient)
        return self.figure(value, self.where(zero, _NOTHING, low), self.where(zero, _NOTHING, high), state)

    def extreme(self, name: str, parts: Sequence[F]) -> F:
        """最大 / 最小: every part needed."""
        return self._end_by_end(self.greatest if name == "最大" else self.least, parts, self._worst(*parts))

    def absolute(self, part: F) -> F:
        """|x|."""
        if part.exact:
            return self.figure(self.size(part.value), None, None, part.state, part.unit)
        ends = self.size(part.low), self.size(part.high)
        inner = self.where(self._crosses_zero(part), _NOTHING, self.least(*ends))
        return self.figure(self.size(part.value), inner, self.greatest(*ends), part.state, part.unit)

    def round_to(self, part: F, places: int) -> F:
        """舍入: half up, in decimal; the result is exact."""
        return self.figure(self.half_up(part.value, places), None, None, part.state)

    def ranked(self, part: F) -> F:
        """等次: the rank of the grade that so many points have, as an exact figure."""
        steps = [self.where(self.reaches(part.value, least), _ONE, _NOTHING) for least, _ in GRADES]
        return self.figure(self.plus(*steps), None, None, part.state)

    def nearest(self, stated: F, parts: Sequence[F], kind: str) -> F:
        """任一: of the parts that are known the one nearest to what is stated; a blank part is none of them.

        Where a part is worse than blank it cannot be told which, unless another one equals what is stated.
        """
        closest = parts[0]
        for part in parts[1:]:
            apart = [self.size(self.minus(stated.value, candidate.value)) for candidate in (closest, part)]
            nearer = self.either(self.at_most(BLANK, part.state), self.at_most(*apart))
            (first,) = self.kept(self.both(self.equal(closest.state, OK), nearer))
            closest = self.chosen(first, closest, part)
        worst = self._worst(*parts)
        equal = self.both(
            self.equal(closest.state, OK),
            self.equal(self.settled(self.minus(stated.value, closest.value), kind), _NOTHING),
        )
        return self.with_state(
            closest, self.where(self.either(self.at_most(worst, BLANK), equal), closest.state, worst)
        )

    def comparison(self, sign: str, stated: F, expected: F, kind: str) -> tuple[Term, Condition, Condition | None]:
        """The difference, whether the comparison holds, and whether rounding explains that it does not.

        It explains nothing where the intervals stay apart, nor a whole unit of the last place that both sides could
        show; None for the signs that forgive nothing.
        """
        difference = self.settled(self.minus(stated.value, expected.value), kind)
        in_points = sign == "=" and kind == "points"
        holds = self.same_points(stated.value, expected.value) if in_points else self.compared(sign, difference)
        if sign not in _FORGIVING:
            return difference, holds, None
        above = self.settled(self.minus(stated.low, expected.high), kind)
        below = self.settled(self.minus(expected.low, stated.high), kind)
        apart = above if sign == "≤" else below if sign == "≥" else self.greatest(above, below)
        small = self.below_unit(difference, self._coarsest((stated, expected)))
        return difference, holds, self.both(self.at_most(apart, _NOTHING), small)

    def _end_by_end(self, operate: Callable[..., Term], parts: Sequence[F], state: Term) -> F:
        """What grows with each of its parts: its low end comes from theirs, its high end from theirs."""
        value, unit = operate(*(part.value for part in parts)), self._coarsest(parts)
        if _exact(parts):
            return self.figure(value, None, None, state, unit)
        low, high = (operate(*(getattr(part, end) for part in parts)) for end in ("low", "high"))
        return self.figure(value, low, high, state, unit)

    def chosen(self, first: Condition, figure: F, alternative: F) -> F:
        """One figure or the other."""
        value, low, high, state, unit = (
            self.where(first, getattr(figure, part), getattr(alternative, part))
            for part in ("value", "low", "high", "state", "unit")
        )
        return self.figure(value, low, high, state, unit)

    def _quotient_ends(self, left: F, right: F, divisor: Term, quotient: Term) -> tuple[Term, Term]:
        """The interval of a quotient lies between the extremes of its corners.

        Where the interval below the line reaches 0 there are none: the figure itself stands for it. No rounding
        explains one unit of the last place of the coarser of two rounded figures: what is spent beyond a budget by
        0.01 万元 is spent beyond it, though either figure may be half of that off.
        """
        below, most = [divisor], None
        if not right.exact:
            crosses = self._crosses_zero(right)
            ends = [self.where(crosses, divisor, end) for end in (right.low, right.high)]
            *below, most = self.kept(*ends, self._most(left, right, divisor))
        corners = [self.over(left_end, right_end) for left_end, right_end in product(_ends(left), below)]
        low, high = self.least(*corners), self.greatest(*corners)
        if most is None:
            return low, high
        return self.greatest(low, self.minus(quotient, most)), self.least(high, self.plus(quotient, most))

    def _most(self, above: F, below: F, divisor: Term) -> Term | None:
        """How far rounding moves the quotient of two rounded figures; without limit where one is exact."""
        if not (self.has_unit(above) and self.has_unit(below)):
            return None
        limit = self.over(self.times(LESS_THAN_ONE, self.greatest(above.unit, below.unit)), self.size(divisor))
        return self.where(self.equal(self.least(above.unit, below.unit), _NOTHING), _FAR, limit)

    def _crosses_zero(self, part: F) -> Condition:
        return self.both(self.at_most(part.low, _NOTHING), self.at_most(_NOTHING, part.high))

    def _worst(self, *parts: F) -> Term:
        return self.largest(*(part.state for part in parts))

    def _coarsest(self, parts: Sequence[F]) -> Term:
        """The largest of their units: the last place that all of them show."""
        return self.largest(*(part.unit for part in parts))


def _exact(parts: Sequence[Measured]) -> bool:
    return all(part.exact for part in parts)


def _ends(part: Measured) -> tuple[Term, ...]:
    return (part.value,) if part.exact else (part.low, part.high)
