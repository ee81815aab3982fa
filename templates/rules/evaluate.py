"""A parsed rule over columns of figures: every return (or line) at once."""

from __future__ import annotations

from decimal import Decimal
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from gouji.templates.rules import quantity as q
from gouji.templates.rules.nodes import (
    Binary,
    Call,
    Compare,
    Filled,
    Implies,
    Node,
    Number,
    Over,
    Ref,
    Sum,
    alternatives,
)

Truth = NDArray[np.int8]
"""1 true, 0 false, -1 cannot be told."""

_BINARY = {"-": q.subtract, "*": q.multiply, "/": q.divide}


class Figures(Protocol):
    """Where the leaves of a rule get their columns from."""

    @property
    def size(self) -> int:
        """How many returns or lines there are."""
        ...

    def quantity(self, ref: Ref) -> q.Quantity:
        """The figures of an item, one per return or line."""
        ...

    def total(self, part: Node) -> q.Quantity:
        """合计 of a list's column, or of an item over the unit's tables of another form."""
        ...

    def full_mark(self, name: str, value: Decimal) -> q.Quantity:
        """满分 of an indicator: `value`, unless the sheet prints another one."""
        ...

    def filled(self, ref: Ref) -> Truth:
        """Whether something stands there; it cannot be told where the sheet has no such place."""
        ...

    def money(self, ref: Ref) -> q.Quantity:
        """金额(): the figures of an item in 万元, blank where it is no amount of money."""
        ...


def evaluate(node: Node, figures: Figures) -> q.Quantity:
    """The value of an expression. Raises TypeError for a node that is a judgement, not a figure."""
    match node:
        case Number(value=value, mark=None):
            return q.constant(value, figures.size)
        case Number(value=value, mark=str(mark)):
            return figures.full_mark(mark, value)
        case Ref():
            return figures.quantity(node)
        case Sum(parts=parts):
            return q.add([evaluate(part, figures) for part in parts])
        case Over(part=part):
            return figures.total(part)
        case Binary(sign=sign, left=left, right=right):
            return _BINARY[sign](evaluate(left, figures), evaluate(right, figures))
        case Call():
            return _call(node, figures)
        case _:
            raise TypeError(f"{type(node).__name__} has no figure")


def sides(node: Compare, figures: Figures) -> tuple[q.Quantity, q.Quantity]:
    """Both sides of a comparison; of several that the right one may be (任一) the nearest to the left."""
    left = evaluate(node.left, figures)
    right = [evaluate(part, figures) for part in alternatives(node.right)]
    return left, right[0] if len(right) == 1 else q.nearest(left, right, node.left.kind)


def truth(node: Node, figures: Figures) -> Truth:
    """Whether a condition holds; figures are compared without tolerance for their rounding."""
    match node:
        case Filled(ref=ref, nothing=nothing):
            there = figures.filled(ref)
            return np.where(there == -1, -1, there == 0).astype(np.int8) if nothing else there
        case Compare(sign=sign, left=left):
            one, other = sides(node, figures)
            difference = q.settled(one.value - other.value, left.kind)
            holds = q.COMPARE[sign](difference, q.NOUGHT).astype(np.int8)
            return np.where(one.known & other.known, holds, -1).astype(np.int8)
        case Implies(condition=condition, demand=demand):
            given, demanded = truth(condition, figures), truth(demand, figures)
            met = np.where(given == 0, 1, np.where(given == 1, demanded, -1))
            return np.where((given == -1) & (demanded == 1), 1, met).astype(np.int8)
        case _:
            raise TypeError(f"{type(node).__name__} is no condition")


def _call(node: Call, figures: Figures) -> q.Quantity:
    match node.name, node.parts:
        case "最大", parts:
            return q.extreme(np.maximum, [evaluate(part, figures) for part in parts])
        case "最小", parts:
            return q.extreme(np.minimum, [evaluate(part, figures) for part in parts])
        case "等次", (part,):
            return q.ranked(evaluate(part, figures))
        case "绝对值", (part,):
            return q.absolute(evaluate(part, figures))
        case "舍入", (part, Number(value=places)):
            return q.round_to(evaluate(part, figures), int(places))
        case "金额", (Ref() as ref,):
            return figures.money(ref)
        case name, _:
            raise TypeError(f"unknown function {name}")
