"""`ratio`: the points times the rate, full at 100 %; reversed, the points less their share of what lies beyond."""

from __future__ import annotations

from decimal import Decimal

from gouji.templates.definition import RatioRule
from gouji.templates.rules.arithmetic import Arithmetic, F, Term
from gouji.templates.scoring.scored import Scores, clipped, over_ends

_ALL = Decimal(1)


def earned_share(rule: RatioRule, rate: Term, on: Arithmetic[F]) -> Term:
    """Which share of the points a rate earns, in [0, 1]."""
    return clipped(on.minus(_ALL, rate) if rule.reverse else rate, _ALL, on)


def ratio_scores(rule: RatioRule, start: Decimal, points: Decimal, rate: F, on: Arithmetic[F]) -> Scores:
    """start × min(1, rate), or start × (1 − rate), in [0, points]."""
    return over_ends(
        lambda end: clipped(on.times(earned_share(rule, end, on), start), points, on), rate, falls=rule.reverse
    )
