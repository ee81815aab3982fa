"""Which self-scores a scoring rule can yield at all, under whichever reading."""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from score.arrays import Flags
from templates.definition import ScoringRule
from templates.rules.quantity import Quantity, round_half_up
from templates.scoring.possible import possible_scores


def attainable(rule: ScoringRule, points: Decimal, self_score: Decimal, decimals: int) -> bool:
    """Whether any reading yields a score in [0, points] that rounds to `self_score` (分) at `decimals`."""
    if not 0 <= self_score <= points:
        return False
    rounded = [
        (round_half_up(low, decimals), round_half_up(high, decimals)) for low, high in possible_scores(rule, points)
    ]
    return any(low <= self_score <= high for low, high in rounded)


def attainable_column(rule: ScoringRule, points: Decimal, stated: Quantity) -> Flags:
    """The same for a column of self-scores, each with the decimals that it shows; True where there is none."""
    pairs = list(zip(stated.value, stated.decimals.tolist(), strict=True))
    told = {pair: attainable(rule, points, pair[0], max(pair[1], 0)) for pair in set(pairs)}
    return np.array([told[pair] for pair in pairs], bool) | ~stated.known
