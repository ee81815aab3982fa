"""Which self-scores a scoring rule can yield at all, under whichever reading."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import numpy as np

from score.arrays import Flags
from templates.definition import (
    BandRule,
    ChecklistRule,
    DeductRule,
    JudgeRule,
    QualitativeRule,
    ScoringRule,
)
from templates.rules.quantity import Quantity, round_half_up
from templates.rules.sentence import plain

_MOST_LISTED = 12


def attainable(rule: ScoringRule, points: Decimal, self_score: Decimal, decimals: int) -> bool:
    """Whether any reading yields a score that rounds to `self_score` (分) at `decimals`.

    Outside [0, points] nothing is. Inside it, everything is for `step` (按比例 is in use) and `ratio`, and for
    `judge` without a step.
    """
    if not 0 <= self_score <= points:
        return False
    listed = listed_scores(rule, points)
    return listed is None or any(round_half_up(score, decimals) == self_score for score in listed)


def attainable_column(rule: ScoringRule, points: Decimal, stated: Quantity) -> Flags:
    """The same for a column of self-scores, each with the decimals that it shows; True where there is none."""
    pairs = list(zip(stated.value, stated.decimals.tolist(), strict=True))
    told = {pair: attainable(rule, points, pair[0], max(pair[1], 0)) for pair in set(pairs)}
    return np.array([told[pair] for pair in pairs], bool) | ~stated.known


def listed_scores(rule: ScoringRule, points: Decimal) -> list[Decimal] | None:
    """Every score that the rule can yield, in order; None where any value in [0, points] can be."""
    match rule:
        case ChecklistRule(items=items):
            found = _subset_sums([item.points for item in items])
        case DeductRule(each=each):
            found = _stepped(points, each)
        case BandRule(bands=bands):
            found = {band.points for band in bands}
            if rule.zero_over_zero or rule.full_when_absent:
                found |= {points}
        case QualitativeRule(options=options):
            found = set(options.values())
        case JudgeRule(step=Decimal() as step):
            found = {points - score for score in _stepped(points, step)} | {points}
        case _:
            return None
    return sorted({min(score, points) for score in found if score >= 0})


def listed_text(listed: Sequence[Decimal]) -> str:
    """`0、2、4、6、8`; long lists are cut in the middle."""
    shown = [plain(score) for score in listed]
    if len(shown) > _MOST_LISTED:
        return "、".join([*shown[:4], "……", *shown[-2:]])
    return "、".join(shown)


def _subset_sums(parts: Sequence[Decimal]) -> set[Decimal]:
    sums = {Decimal(0)}
    for part in parts:
        sums |= {one + part for one in sums}
    return sums


def _stepped(points: Decimal, each: Decimal) -> set[Decimal]:
    """points, points − each, … and 0."""
    if each <= 0:
        return {points}
    return {points - each * count for count in range(int(points // each) + 1)} | {Decimal(0)}
