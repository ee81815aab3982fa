"""The arithmetic of rules in formulas: a row of the calculation sheet for every figure that is worked out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from gouji.templates.exact import plain
from gouji.templates.precision import POINTS_APART
from gouji.templates.rules.arithmetic import OK, RESOLUTION, Arithmetic
from gouji.templates.selfcheck.ledger import (
    BLANK,
    HIGH,
    LOW,
    NO_UNIT,
    VALUE,
    Figure,
    Ledger,
    is_literal,
    joined,
    literal,
)

_INNERMOST = re.compile(r"\([^()]*\)")
_LONG = Decimal("1E+15")
"""From here on a number is written with its power of ten."""
_SIGNS = {"≠": "<>", "≤": "<=", "≥": ">="}
_APART = f"{plain(POINTS_APART)}+1E-9"
"""How far two figures in points may be apart and are equal, with what binary arithmetic blurs."""
_PLACES = (VALUE, LOW, HIGH)


class Formulas(Arithmetic[Figure]):
    """Operations as formulas. A term is the text of one; what is left out by a condition is not calculated."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def constant(self, value: Decimal) -> Figure:
        return literal(value)

    def add(self, parts: Sequence[Figure]) -> Figure:
        return super().add(parts) if parts else BLANK

    def figure(self, value: Any, low: Any, high: Any, state: Any, unit: Any = None) -> Figure:
        recorded = self._ledger.figure(value, low, high, state, NO_UNIT if unit is None else unit)
        return replace(recorded, derived=True)

    def with_state(self, figure: Figure, state: Any) -> Figure:
        return replace(figure, state=self.kept(state)[0])

    def cleared(self, figure: Figure) -> Figure:
        if not figure.derived:
            return figure
        usable = self.equal(figure.state, OK)
        value, low, high, unit = (
            self.where(usable, getattr(figure, part), 0) for part in ("value", "low", "high", "unit")
        )
        return Figure(value, low, high, figure.state, unit if self.has_unit(figure) else NO_UNIT)

    def divisor(self, term: Any, zero: Any) -> Any:
        return term

    def kept(self, *terms: Any) -> tuple[Any, ...]:
        record = self._ledger.next
        kept = dict(zip(("value", "low", "high"), terms, strict=False))
        self._ledger.add(**kept)
        return tuple(None if term is None else record.part(at) for term, at in zip(terms, _PLACES, strict=False))

    def has_unit(self, figure: Figure) -> bool:
        return figure.unit != NO_UNIT

    def where(self, condition: Any, then: Any, otherwise: Any) -> str:
        return f"IF({condition},{_text(then)},{_text(otherwise)})"

    def both(self, *conditions: Any) -> str:
        return f"AND({','.join(conditions)})"

    def either(self, *conditions: Any) -> str:
        return f"OR({','.join(conditions)})"

    def equal(self, first: Any, second: Any) -> str:
        return f"{_text(first)}={_text(second)}"

    def at_most(self, term: Any, bound: Any) -> str:
        return f"{_text(term)}<={_text(bound)}"

    def reaches(self, points: Any, least: Decimal) -> str:
        return f"ROUND({points},9)>={plain(least)}"

    def settled(self, difference: Any, kind: str) -> str:
        return f"ROUND({difference},{RESOLUTION[kind]})"

    def compared(self, sign: str, difference: Any) -> str:
        return f"{difference}{_SIGNS.get(sign, sign)}0"

    def same_points(self, first: Any, second: Any) -> str:
        return f"{self.size(self.minus(first, second))}<={_APART}"

    def keeps_to(self, points: Any, most: Any) -> str:
        return f"{points}<={most}+{_APART}"

    def stays_below(self, points: Any, end: Any) -> str:
        return f"{points}<{end}-1E-9"

    def is_cut_off(self, stated: Any, value: Any, unit: Any) -> str:
        unit = _text(unit)
        cut = f"ABS(TRUNC(ROUND({value}/{unit},5))*{unit}-{stated})<1E-9"
        return cut if is_literal(unit) else f"IF({unit}>0,{cut},FALSE)"

    def below_unit(self, difference: Any, unit: Any) -> str:
        return f"{self.size(difference)}<{unit}-1E-9"

    def plus(self, *terms: Any) -> str:
        return f"SUM({joined([_text(term) for term in terms])})"

    def minus(self, minuend: Any, subtrahend: Any) -> str:
        return f"{_text(minuend)}-{_bracketed(subtrahend, '+-')}"

    def times(self, factor: Any, multiplier: Any) -> str:
        return f"{_bracketed(factor, '+-')}*{_bracketed(multiplier, '+-')}"

    def over(self, dividend: Any, divisor: Any) -> str:
        return f"{_bracketed(dividend, '+-')}/{_bracketed(divisor, '+-*/')}"

    def least(self, *terms: Any) -> str:
        return _function("MIN", terms)

    def greatest(self, *terms: Any) -> str:
        return _function("MAX", terms)

    def largest(self, *terms: Any) -> str:
        return _function("MAX", [term for term in terms if term != "0"] or ["0"])

    def size(self, term: Any) -> str:
        return f"ABS({term})"

    def half_up(self, term: Any, places: int) -> str:
        return f"ROUND(ROUND({term},9),{places})"

    def floor(self, term: Any) -> str:
        return f"INT(ROUND({term},9))"

    def ceiling(self, term: Any) -> str:
        return f"-INT(-ROUND({term},9))"


def _function(name: str, terms: Sequence[Any]) -> str:
    """A function of terms, each of them once."""
    texts = list(dict.fromkeys(map(_text, terms)))
    return texts[0] if len(texts) == 1 else f"{name}({joined(texts)})"


def _text(term: Any) -> str:
    """A term in a formula; numbers stand for themselves."""
    return plain(term) if isinstance(term, Decimal) and term < _LONG else str(term)


def _bracketed(term: Any, signs: str) -> str:
    """A term, in brackets where one of the signs stands in it outside of any."""
    text = outermost = _text(term)
    while (shorter := _INNERMOST.sub("", outermost)) != outermost:
        outermost = shorter
    return f"({text})" if any(sign in outermost for sign in signs) else text
