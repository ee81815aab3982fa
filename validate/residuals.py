"""Rules → residual columns: stated − expected, and how far the difference goes beyond what rounding explains."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from gouji.templates.model import ACROSS
from gouji.templates.precision import WHOLE_FROM
from gouji.templates.rules import quantity as q
from gouji.templates.rules.evaluate import Figures, Truth, evaluate, sides, truth
from gouji.templates.rules.expand import Rule
from gouji.templates.rules.nodes import Compare, Node, Over, Sum, alternatives, demanded

ROUNDED, CUT_OFF = "四舍五入", "截尾"


@dataclass
class Residual:
    """One rule over all its returns or lines.

    `difference`: stated − expected (0 where they agree, NaN where it cannot be told; 1 for a broken condition).
    `excess`: its size where rounding does not explain it, else 0. `tolerance`: what rounding
    explains. `stated`, `expected`: exact, 0 where not known; `both`: where they are the two sides of a comparison.
    `known`: whether the check could be made.
    `unread`: row → the figures of its block that were not read, for which it cannot be told.
    `tried`: what the expected figure may be (任一), each with its figures; nothing where it may be one only.
    `idle`: nothing is stated and 0 stands over 0 (nothing planned, nothing spent): there is no rate to state; or 0 is
    stated for a sum of which no part is filled: there are no parts to state.
    """

    rule: Rule
    difference: NDArray[np.float64]
    excess: NDArray[np.float64]
    tolerance: NDArray[np.float64]
    known: NDArray[np.bool_]
    stated: q.Decimals
    expected: q.Decimals
    both: NDArray[np.bool_]
    cut_off: NDArray[np.bool_]
    idle: NDArray[np.bool_]
    tried: tuple[tuple[Node, q.Quantity], ...] = ()
    unread: dict[int, str] = field(default_factory=dict)

    def sides(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Stated and expected as floats, NaN where the check could not be made or compares nothing."""
        compared = self.both & self.known
        return _floats(self.stated, compared), _floats(self.expected, compared)


def residual_of(rule: Rule, figures: Figures) -> Residual:
    """The residual columns of one rule."""
    conditions, demand = demanded(rule.node)
    if isinstance(demand, Compare):
        return _where_met(_comparison(rule, demand, figures), [truth(condition, figures) for condition in conditions])
    state = truth(rule.node, figures)
    broken = np.where(state == -1, np.nan, np.where(state == 0, 1.0, 0.0))
    zero = np.full(figures.size, Decimal(0), dtype=object)
    none = np.zeros(figures.size)
    never = none.astype(bool)
    return Residual(rule, broken, broken.copy(), none, state != -1, zero, zero, never, never, never)


def _where_met(compared: Residual, conditions: list[Truth]) -> Residual:
    """The comparison of a 若: not broken where a condition is false; not told where one cannot be, unless it holds."""
    if not conditions:
        return compared
    states = np.stack(conditions)
    arises, excluded = (states == 1).all(axis=0), (states == 0).any(axis=0)
    holds = compared.known & (compared.difference == 0)
    known = excluded | (arises & compared.known) | holds
    compared.difference = np.where(excluded, 0.0, np.where(known, compared.difference, np.nan))
    compared.excess = np.where(excluded, 0.0, np.where(known, compared.excess, np.nan))
    compared.known = known
    return compared


def _comparison(rule: Rule, node: Compare, figures: Figures) -> Residual:
    stated, expected = sides(node, figures)
    known = stated.known & expected.known
    difference, excess = gap(node.sign, stated, expected, node.left.kind)
    differs = known & (difference != 0)
    cut = np.zeros(figures.size, bool)
    if node.sign == "=" and differs.any():
        cut = _cut_off(stated, expected, differs)
        excess = np.where(cut, q.NOUGHT, excess)
        if rule.layer in ACROSS and node.left.kind == "amount":
            whole = _whole(stated, expected, differs)
            excess = np.where(whole, q.NOUGHT, excess)
    width = (stated.high - stated.low + expected.high - expected.low) / 2
    return Residual(
        rule=rule,
        difference=_floats(difference, known),
        excess=_floats(excess, known),
        tolerance=_floats(np.minimum(width, np.maximum(stated.unit, expected.unit)), known),
        known=known,
        stated=stated.value,
        expected=expected.value,
        both=known,
        cut_off=cut,
        idle=_idle(node, stated, expected),
        tried=_tried(node.right, figures),
    )


def _idle(node: Compare, stated: q.Quantity, expected: q.Quantity) -> NDArray[np.bool_]:
    idle: NDArray[np.bool_] = (stated.state == q.BLANK) & (expected.state == q.BOTH_ZERO)
    if node.sign == "=" and isinstance(node.right, Sum | Over):
        idle |= stated.known & (stated.value == q.NOUGHT) & (expected.state == q.BLANK)
    return idle


def _tried(expected: Node, figures: Figures) -> tuple[tuple[Node, q.Quantity], ...]:
    parts = alternatives(expected)
    return tuple((part, evaluate(part, figures)) for part in parts) if len(parts) > 1 else ()


def gap(sign: str, stated: q.Quantity, expected: q.Quantity, kind: str) -> tuple[q.Decimals, q.Decimals]:
    """The difference (1 where a sign that forgives nothing fails), and its size where rounding does not explain it."""
    difference, holds, explained = q.comparison(sign, stated, expected, kind)
    if explained is None:
        difference = np.full(len(holds), Decimal(1), dtype=object)
    excess = abs(difference) if explained is None else np.where(explained, q.NOUGHT, abs(difference))
    return np.where(holds, q.NOUGHT, difference), np.where(holds, q.NOUGHT, excess)


def _cut_off(stated: q.Quantity, expected: q.Quantity, differs: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Where the stated figure is the expected one cut off at the last place shown."""
    cut = np.zeros(len(differs), bool)
    places = np.flatnonzero(differs & (stated.unit > q.NOUGHT))
    cut[places] = q.cut_off(expected.value[places], stated.unit[places]) == stated.value[places]
    return cut


def _whole(stated: q.Quantity, expected: q.Quantity, differs: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Across tables, a whole 万元 that is the rounding of the other figure, where its table shows nothing finer."""
    result = np.zeros(len(differs), bool)
    for rounded, other in ((stated, expected), (expected, stated)):
        if rounded.whole is not None:
            places = np.flatnonzero(differs & rounded.whole & (abs(rounded.value) >= WHOLE_FROM))
            result[places] |= q.half_up(other.value[places], 0) == rounded.value[places]
    return result


def _floats(exact: q.Decimals, known: NDArray[np.bool_]) -> NDArray[np.float64]:
    """As floats for pandera: zero exactly where the decimal is zero."""
    return np.where(known, exact.astype(np.float64), np.nan)
