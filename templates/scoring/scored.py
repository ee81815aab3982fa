"""Scores over terms of any kind: the score of a figure and of the ends of its rounding interval."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from gouji.templates.rules.arithmetic import Arithmetic, F, Measured, Term

Scores = tuple[Term, Term, Term]
"""The score, the lowest and the highest that rounding leaves open."""


def over_ends(score: Callable[[Term], Term], figure: Measured, *, falls: bool) -> Scores:
    """The scores of a figure; `falls`: more of it earns less."""
    low, high = (figure.high, figure.low) if falls else (figure.low, figure.high)
    return score(figure.value), score(low), score(high)


def clipped(score: Term, points: Decimal, on: Arithmetic[F]) -> Term:
    """Into [0, points]."""
    return on.least(on.greatest(score, Decimal(0)), points)
