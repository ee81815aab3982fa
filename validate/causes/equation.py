"""A rule as the two sides of an equation: which items are added and subtracted, or divided."""

from __future__ import annotations

from dataclasses import dataclass

from gouji.templates.rules.nodes import Binary, Compare, Node, Number, Over, Ref, Sum, demanded


@dataclass(frozen=True, slots=True)
class Term:
    """An item, or a column summed up, with the weight that it has in stated − expected."""

    node: Ref | Over
    weight: int


@dataclass(frozen=True, slots=True)
class Equation:
    """`left`, `right`: the terms of either side. `ratio`: dividend and divisor where `right` is their quotient."""

    left: tuple[Term, ...]
    right: tuple[Term, ...] = ()
    ratio: tuple[Ref, Ref] | None = None


def equation_of(node: Node) -> Equation | None:
    """The equation that a rule demands; None for inequalities and for arithmetic whose slips cannot be told."""
    demand = demanded(node)[1]
    if not isinstance(demand, Compare) or demand.sign != "=":
        return None
    left, right = _terms(demand.left, 1), _terms(demand.right, -1)
    if not left:
        return None
    if right is not None:
        return Equation(tuple(left), tuple(right))
    if len(left) > 1:
        return None
    match demand.right:
        case Binary(sign="/", left=Ref() as dividend, right=Ref() as divisor):
            return Equation(tuple(left), ratio=(dividend, divisor))
        case _:
            return Equation(tuple(left))


def _terms(node: Node, weight: int) -> list[Term] | None:
    match node:
        case Number():
            return []
        case Ref(kind="choice"):
            return None
        case Ref() | Over(part=Ref()):
            return [Term(node, weight)]
        case Sum(parts=parts):
            by_part = [_terms(part, weight) for part in parts]
            return (
                None if any(terms is None for terms in by_part) else [term for terms in by_part for term in terms or ()]
            )
        case Binary(sign="-", left=left, right=right):
            left_terms, right_terms = _terms(left, weight), _terms(right, -weight)
            return None if left_terms is None or right_terms is None else [*left_terms, *right_terms]
        case _:
            return None
