"""Which self-scores a scoring rule can yield at all, under whichever reading."""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from gouji.score.arrays import Flags
from gouji.templates.precision import POINTS_APART
from gouji.templates.rules.quantity import Quantity
from gouji.templates.scores_block import ScoringRule


def attainable(rule: ScoringRule, points: Decimal, self_score: Decimal) -> bool:
    """Whether any reading yields a score in [0, points] that is `self_score` (分), to POINTS_APART."""
    possible = rule.possible_scores(points)
    inside = any(low - POINTS_APART <= self_score <= high + POINTS_APART for low, high in possible)
    return 0 <= self_score <= points and inside


def attainable_column(rule: ScoringRule, points: Decimal, stated: Quantity) -> Flags:
    """The same for a column of self-scores; True where there is none."""
    possible = {score: attainable(rule, points, score) for score in set(stated.value)}
    return np.array([possible[score] for score in stated.value], bool) | ~stated.known
