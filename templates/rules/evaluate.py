"""A parsed rule as figures: over columns for every return (or line) at once, or as formulas of a workbook."""

from __future__ import annotations

from decimal import Decimal
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from gouji.templates.rules import quantity as q
from gouji.templates.rules.arithmetic import Arithmetic, F
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
    children,
)

Truth = NDArray[np.int8]
"""1 true, 0 false, -1 cannot be told."""

F_co = TypeVar("F_co", covariant=True)


class Leaves(Protocol[F_co]):
    """Where the leaves of a rule get their figures from."""

    def quantity(self, ref: Ref) -> F_co:
        """The figure of an item."""
        ...

    def total(self, part: Node) -> F_co:
        """合计 of a list's column, or of an item over the unit's tables of another form."""
        ...

    def full_mark(self, name: str, value: Decimal) -> F_co:
        """满分 of an indicator: `value`, unless the sheet prints another one."""
        ...

    def money(self, ref: Ref) -> F_co:
        """金额(): the figure of an item in 万元, blank where it is no amount of money."""
        ...


class Figures(Leaves[q.Quantity], Protocol):
    """Leaves in columns, one element per return or line."""

    @property
    def size(self) -> int:
        """How many returns or lines there are."""
        ...

    def filled(self, ref: Ref) -> Truth:
        """Whether something stands there; it cannot be told where the sheet has no such place."""
        ...


def evaluate(node: Node, figures: Figures) -> q.Quantity:
    """The value of an expression in columns. Raises TypeError for a node that is a judgement, not a figure."""
    return worked_out(node, figures, q.Columns(figures.size))


def worked_out(node: Node, leaves: Leaves[F], arithmetic: Arithmetic[F]) -> F:
    """The value of an expression. Raises TypeError for a node that has none."""

    match node:
        case Number(value=value, mark=None):
            return arithmetic.constant(value)
        case Number(value=value, mark=str(mark)):
            return leaves.full_mark(mark, value)
        case Ref():
            return leaves.quantity(node)
        case Sum():
            return arithmetic.add([worked_out(part, leaves, arithmetic) for part in children(node)])
        case Over(part=part):
            return leaves.total(part)
        case Binary(sign=sign, left=left, right=right):
            operation = {"-": arithmetic.subtract, "*": arithmetic.multiply, "/": arithmetic.divide}[sign]
            return operation(worked_out(left, leaves, arithmetic), worked_out(right, leaves, arithmetic))
        case Call(name="金额", parts=(Ref() as ref,)):
            return leaves.money(ref)
        case Call():
            return _called(node, leaves, arithmetic)
        case _:
            raise TypeError(f"{type(node).__name__} has no figure")


def _called(node: Call, leaves: Leaves[F], arithmetic: Arithmetic[F]) -> F:
    first, *arguments = node.parts
    figure = worked_out(first, leaves, arithmetic)
    match node.name, arguments:
        case "最大" | "最小" as name, _:
            return arithmetic.extreme(name, [figure, *(worked_out(part, leaves, arithmetic) for part in arguments)])
        case "等次", []:
            return arithmetic.ranked(figure)
        case "绝对值", []:
            return arithmetic.absolute(figure)
        case "舍入", [Number(value=places)]:
            return arithmetic.round_to(figure, int(places))
        case name, _:
            raise TypeError(f"unknown function {name}")


def sides(node: Compare, figures: Figures) -> tuple[q.Quantity, q.Quantity]:
    """Both sides of a comparison; of several that the right one may be (任一) the nearest to the left."""
    left = evaluate(node.left, figures)
    right = [evaluate(part, figures) for part in alternatives(node.right)]
    return left, right[0] if len(right) == 1 else q.nearest(left, right, node.left.kind)


def truth(node: Node, figures: Figures) -> Truth:
    """Whether a condition holds; figures are compared without tolerance for their rounding."""
    match node:
        case Filled(ref=ref, nothing=nothing):
            filled = figures.filled(ref)
            return np.where(filled == -1, -1, filled == 0).astype(np.int8) if nothing else filled
        case Compare(sign=sign, left=left):
            first, second = sides(node, figures)
            difference = q.settled(first.value - second.value, left.kind)
            holds = q.compared(sign, difference).astype(np.int8)
            return np.where(first.known & second.known, holds, -1).astype(np.int8)
        case Implies(condition=condition, demand=demand):
            condition_holds, demand_holds = truth(condition, figures), truth(demand, figures)
            met = np.where(condition_holds == 0, 1, np.where(condition_holds == 1, demand_holds, -1))
            return np.where((condition_holds == -1) & (demand_holds == 1), 1, met).astype(np.int8)
        case _:
            raise TypeError(f"{type(node).__name__} is no condition")
