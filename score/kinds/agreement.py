"""A self-score against the recomputed one: the verdict, and the reading that it fits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from gouji.score.arrays import Flags, flags
from gouji.score.kinds.reading import Reading, Recomputed
from gouji.templates.rules import quantity as q
from gouji.templates.scoring.scored import agreeing, in_range, was_cut_off
from gouji.templates.verdicts import AGREES, DIFFERS, ROUNDING, UNCHECKED

Fits = Callable[[q.Decimals, Reading, q.Columns], Flags]
"""Whether self-scores fit a reading in some way."""


@dataclass(frozen=True)
class Agreement:
    """One element per return or line: verdict, index of the reading that fits (else the default), 截尾 or not."""

    verdict: NDArray[np.object_]
    reading: NDArray[np.intp]
    cut_off: Flags


def agreement(recomputed: Recomputed, stated: q.Quantity, points: q.Decimals | Decimal) -> Agreement:
    """A self-score agrees when it is a possible reading's score, to POINTS_APART; how it was typed widens nothing.

    Nor is a score above the points ever due, however little it is above them.
    尾差 where some figures within the rounding of the inputs yield it, or the score was cut off instead of rounded.
    """
    size = len(stated.value)
    judged = recomputed.known & stated.known
    verdict = np.where(judged, DIFFERS, UNCHECKED).astype(object)
    reading, cut_off = recomputed.default.copy(), np.zeros(size, bool)
    attainable = flags(stated.value <= points)
    for word, fits in ((AGREES, agreeing), (ROUNDING, in_range), (ROUNDING, was_cut_off)):
        for index in _default_first(recomputed):
            open_still = np.flatnonzero((verdict == DIFFERS) & attainable)
            if not len(open_still):
                break
            mine = index[open_still]
            hit = open_still[_of_each(recomputed, mine, open_still, stated, fits)]
            verdict[hit], reading[hit] = word, index[hit]
            cut_off[hit] = fits is was_cut_off
    return Agreement(verdict, reading, cut_off)


def _default_first(recomputed: Recomputed) -> list[NDArray[np.intp]]:
    """Which reading to try in each round: the default, then the others in their order."""
    count = len(recomputed.readings)
    others = np.stack([np.full(len(recomputed.default), place, np.intp) for place in range(count)])
    return [recomputed.default, *others]


def _of_each(
    recomputed: Recomputed, which: NDArray[np.intp], elements: NDArray[np.intp], stated: q.Quantity, fits: Fits
) -> Flags:
    """Whether each element fits the reading picked for it."""
    result = np.zeros(len(elements), bool)
    for place, reading in enumerate(recomputed.readings):
        chosen = (which == place) & reading.applies[elements]
        if chosen.any():
            rows = elements[chosen]
            result[chosen] = fits(stated.value[rows], reading.of_rows(rows), q.COLUMNS)
    return result
