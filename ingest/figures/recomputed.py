"""Stored results that their own plain formulas contradict: they were not calculated again, or somebody wrote them in.

Only what no setting and no program changes is worked out: arithmetic of constants and cells of the same sheet, and SUM
of plain ranges. What a formula refers to is worked out too where it is as plain, else taken as it is stored.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, DivisionByZero, InvalidOperation, localcontext
from functools import lru_cache
from typing import NamedTuple

from gouji.ingest.grid import Sheet
from gouji.ingest.locating.input_cells import figures
from gouji.ingest.locating.located import Located
from gouji.templates.exact import figure, places, significant

Position = tuple[int, int]

LONGEST = 2000
"""Characters of a formula that is worked out; a sum of a form's cells is far shorter."""
_DEEPEST, _FARTHEST = 8, 15
"""Brackets within brackets, and formulas that refer to formulas; what lies beyond is taken as it is stored."""
_WORK = 1_000_000
"""Cells that all formulas of a sheet together may refer to."""
_DIGITS, _NEAR = 40, Decimal("1e-11")
_FEWEST_PLACES = 1
_PLACES_SHOWN, _LONGEST_SHOWN = 6, 40
_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?)"
    r"|(?P<cell>\$?[A-Za-z]{1,3}\$?[1-9]\d{0,6})(?![\w(!.])|(?P<sum>SUM)\s*(?=\()|(?P<sign>[-+*/%(),:]))",
    re.ASCII | re.IGNORECASE,
)
_PLACE = re.compile(r"(\$?)([A-Z]{1,3})(\$?)(\d+)")


_DONE: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv,
}  # fmt: skip


class Expression(NamedTuple):
    """A formula without its =, and how far below and right of it stands the cell that shares it."""

    text: str
    down: int = 0
    aside: int = 0


class _Cell(NamedTuple):
    row: int
    column: int
    fixed_row: bool
    fixed_column: bool

    def at(self, shift: Expression) -> Position:
        return (
            self.row + (0 if self.fixed_row else shift.down),
            self.column + (0 if self.fixed_column else shift.aside),
        )


class _Area(NamedTuple):
    first: _Cell
    last: _Cell


class _Step(NamedTuple):
    """What is done to its operands: `negative`, `%`, or `sum`."""

    sign: str
    operands: tuple[_Node, ...]


class _Chain(NamedTuple):
    """Operands that are added and taken off, or multiplied and divided, from left to right."""

    first: _Node
    steps: tuple[tuple[str, _Node], ...]


_Node = Decimal | _Cell | _Area | _Step | _Chain


class Contradicted(NamedTuple):
    """A cell with a formula, the figure that is stored in it, and the one that the formula yields."""

    cell: str
    stored: str
    yields: str


class _NotPlain(Exception):
    """There is something in it that is not worked out here."""


class _Circle(_NotPlain):
    """A formula comes back to itself, and yields what it yielded some time ago."""


def is_plain(text: str) -> bool:
    """Whether a formula is of the kind that is worked out."""
    return len(text) <= LONGEST and _parsed(text) is not None


def contradicted(sheet: Sheet, expressions: Mapping[Position, Expression]) -> dict[Position, Decimal]:
    """The cells in which another figure is stored than their formula yields, with what it yields."""
    work = _Sheet(sheet, expressions)
    deviating = {}
    for at, expression in expressions.items():
        if at not in sheet.special and (result := work.result(at, 0)) is not None:
            inexact = any(sign in expression.text for sign in "*/%")
            if not _agree(sheet.raw(*at), result, work.scale[at], inexact):
                deviating[at] = result
    return deviating


def contradictions(located: Located) -> list[Contradicted]:
    """The figures and measures of a table that are stored otherwise than their formulas yield."""
    sheet = located.sheet
    if not sheet.contradicted:
        return []
    cells = dict.fromkeys(at for at, _ in figures(located) if at in sheet.contradicted)
    return [Contradicted(sheet.address(*at), _stored(sheet.raw(*at)), _shown(sheet.contradicted[at])) for at in cells]


def _stored(raw: object) -> str:
    if raw is None:
        return "空白"
    return _shown(significant(float(raw))) if isinstance(raw, int | float) else str(raw)[:_LONGEST_SHOWN]


def _shown(number: Decimal) -> str:
    """Without zeros at the end, and no longer than people read."""
    text = format(round(number, _PLACES_SHOWN), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _agree(stored: object, result: Decimal, scale: Decimal, inexact: bool) -> bool:
    """Whether a stored result is the one that was worked out, as exactly as programs calculate and store it.

    `inexact`: whether it was multiplied or divided, which some programs store as rounded as they show it.
    """
    if isinstance(stored, str):
        number = figure(stored.strip())
    elif isinstance(stored, bool) or not isinstance(stored, int | float):
        number = None
    else:
        number = significant(float(stored))
    if number is None:
        return False
    room = _NEAR * max(scale, abs(number))
    if inexact:
        room = max(room, Decimal(5).scaleb(-1 - max(places(number), _FEWEST_PLACES)))
    return abs(number - result) <= room


class _Sheet:
    """The results of a sheet's plain formulas, each worked out once; `scale`: the largest figure that went into it."""

    def __init__(self, sheet: Sheet, expressions: Mapping[Position, Expression]) -> None:
        self._sheet, self._expressions = sheet, expressions
        self._results: dict[Position, Decimal | None] = {}
        self._begun: set[Position] = set()
        self.scale: dict[Position, Decimal] = {}
        self._room = _WORK

    def result(self, at: Position, depth: int) -> Decimal | None:
        """What a formula yields; None where that is not known (another cell, a circle)."""
        if at not in self._results:
            self._begun.add(at)
            expression = self._expressions[at]
            node = _parsed(expression.text)
            try:
                with localcontext(prec=_DIGITS):
                    self._results[at], self.scale[at] = self._worked_out(node, expression, depth)
            except (_NotPlain, DivisionByZero, InvalidOperation) as error:
                self._results[at] = None
                if isinstance(error, _Circle) and depth:
                    raise
            finally:
                self._begun.discard(at)
        return self._results[at]

    def _worked_out(self, node: _Node | None, shift: Expression, depth: int) -> tuple[Decimal, Decimal]:
        """A figure, and the largest that went into it."""
        if isinstance(node, Decimal):
            return node, abs(node)
        if isinstance(node, _Cell):
            number = self._figure(node.at(shift), depth)
            if number is None:
                raise _NotPlain
            return number, abs(number)
        if isinstance(node, _Chain):
            number, scale = self._worked_out(node.first, shift, depth)
            for sign, operand in node.steps:
                operand_value, its_scale = self._worked_out(operand, shift, depth)
                number = _DONE[sign](number, operand_value)
                scale = max(scale, its_scale, abs(number))
            return number, scale
        if not isinstance(node, _Step):
            raise _NotPlain
        if node.sign == "sum":
            terms = list(self._terms(node, shift, depth))
            return sum(terms, Decimal(0)), max(map(abs, terms), default=Decimal(0))
        number, scale = self._worked_out(node.operands[0], shift, depth)
        return (number / 100 if node.sign == "%" else -number), scale

    def _terms(self, node: _Step, shift: Expression, depth: int) -> Iterator[Decimal]:
        for operand in node.operands:
            if not isinstance(operand, _Area | _Cell):
                yield self._worked_out(operand, shift, depth)[0]
                continue
            first, last = (operand.first, operand.last) if isinstance(operand, _Area) else (operand, operand)
            (top, left), (bottom, right) = first.at(shift), last.at(shift)
            rows, columns = range(min(top, bottom), max(top, bottom) + 1), range(min(left, right), max(left, right) + 1)
            self._room -= len(rows) * len(columns)
            if self._room < 0:
                raise _NotPlain
            for at in ((row, column) for row in rows for column in columns):
                number = self._figure(at, depth, in_sum=True)
                if number is not None:
                    yield number

    def _figure(self, at: Position, depth: int, *, in_sum: bool = False) -> Decimal | None:
        """The figure in a cell, 0 in a blank one; in a sum None for a text, which sums pass over."""
        if at in self._begun:
            raise _Circle
        if at in self._sheet.special or min(at) < 0:
            raise _NotPlain
        if at in self._expressions and depth < _FARTHEST and (result := self.result(at, depth + 1)) is not None:
            return result
        raw = self._sheet.raw(*at)
        if raw is None:
            return Decimal(0)
        if isinstance(raw, str | bool) and in_sum:
            return None
        if isinstance(raw, bool) or not isinstance(raw, int | float):
            raise _NotPlain  # a text that may be a number, a date that is one
        return significant(float(raw))


# ---- reading a formula ------------------------------------------------------------------------------


@lru_cache(maxsize=16384)
def _parsed(text: str) -> _Node | None:
    """A formula taken apart; None where it is not plain. The returns of one template agree in theirs."""
    try:
        reader = _Reader(text)
        node = reader.sum_of_products(0)
        return node if reader.at_end else None
    except _NotPlain:
        return None


class _Reader:
    def __init__(self, text: str) -> None:
        self._tokens = list(_tokens(text))
        self._next = 0

    @property
    def at_end(self) -> bool:
        return self._next == len(self._tokens)

    def _taken(self, *signs: str) -> str | None:
        """The next token if it is one of these signs, which is then behind us."""
        if self.at_end or self._tokens[self._next] not in signs:
            return None
        self._next += 1
        return str(self._tokens[self._next - 1])

    def sum_of_products(self, depth: int) -> _Node:
        if depth > _DEEPEST:
            raise _NotPlain
        return self._chain(("+", "-"), depth, self._product)

    def _product(self, depth: int) -> _Node:
        return self._chain(("*", "/"), depth, self._signed)

    def _chain(self, signs: tuple[str, str], depth: int, part: Callable[[int], _Node]) -> _Node:
        first = part(depth)
        steps: list[tuple[str, _Node]] = []
        while (sign := self._taken(*signs)) is not None:
            steps.append((sign, part(depth)))
        return _Chain(first, tuple(steps)) if steps else first

    def _signed(self, depth: int) -> _Node:
        negative = False
        while (sign := self._taken("+", "-")) is not None:
            negative ^= sign == "-"
        node = self._operand(depth)
        node = _Step("negative", (node,)) if negative else node
        return _Step("%", (node,)) if self._taken("%") else node

    def _operand(self, depth: int) -> _Node:
        if self._taken("("):
            node = self.sum_of_products(depth + 1)
            if not self._taken(")"):
                raise _NotPlain
            return node
        if self._taken("SUM"):
            return self._sum(depth)
        token = None if self.at_end else self._tokens[self._next]
        if token is None or isinstance(token, str):
            raise _NotPlain
        self._next += 1
        return token

    def _sum(self, depth: int) -> _Node:
        operands: list[_Node] = []
        self._taken("(")
        while True:
            node = self.sum_of_products(depth + 1)
            if self._taken(":"):
                last = self._operand(depth)
                if not isinstance(node, _Cell) or not isinstance(last, _Cell):
                    raise _NotPlain
                node = _Area(node, last)
            operands.append(node)
            if self._taken(")"):
                return _Step("sum", tuple(operands))
            if not self._taken(","):
                raise _NotPlain


def _tokens(text: str) -> Iterator[str | Decimal | _Cell]:
    at, text = 0, text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise _NotPlain
        at = match.end()
        if match["number"]:
            yield Decimal(match["number"])
        elif match["cell"]:
            yield _cell(match["cell"].upper())
        else:
            yield (match["sum"] or match["sign"]).upper()


def _cell(name: str) -> _Cell:
    match = _PLACE.fullmatch(name)
    assert match is not None
    column = 0
    for letter in match[2]:
        column = column * 26 + ord(letter) - 64
    return _Cell(int(match[4]) - 1, column - 1, bool(match[3]), bool(match[1]))
