"""A self-score against the recomputed one: the verdict, and the reading that it fits."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from gouji.score.arrays import Flags, flags
from gouji.score.kinds.reading import Reading, Recomputed
from gouji.templates.precision import POINTS_APART, POINTS_UNIT
from gouji.templates.rules import quantity as q
from gouji.templates.verdicts import AGREES, DIFFERS, ROUNDING, UNCHECKED


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
    for word, fits in ((AGREES, _agrees), (ROUNDING, _near), (ROUNDING, _cut)):
        for index in _default_first(recomputed):
            open_still = np.flatnonzero((verdict == DIFFERS) & attainable)
            if not len(open_still):
                break
            mine = index[open_still]
            hit = open_still[_of_each(recomputed, mine, open_still, stated, fits)]
            verdict[hit], reading[hit] = word, index[hit]
            cut_off[hit] = fits is _cut
    return Agreement(verdict, reading, cut_off)


def _default_first(recomputed: Recomputed) -> list[NDArray[np.intp]]:
    """Which reading to try in each round: the default, then the others in their order."""
    count = len(recomputed.readings)
    others = np.stack([np.full(len(recomputed.default), place, np.intp) for place in range(count)])
    return [recomputed.default, *others]


def _of_each(
    recomputed: Recomputed, which: NDArray[np.intp], at: NDArray[np.intp], stated: q.Quantity, fits: object
) -> Flags:
    """Whether each element fits the reading picked for it."""
    result = np.zeros(len(at), bool)
    for place, reading in enumerate(recomputed.readings):
        chosen = (which == place) & reading.applies[at]
        if chosen.any():
            rows = at[chosen]
            assert callable(fits)
            result[chosen] = fits(reading, rows, stated.value[rows])
    return result


def _agrees(reading: Reading, rows: NDArray[np.intp], stated: q.Decimals) -> Flags:
    same = flags(abs(reading.score[rows] - stated) <= POINTS_APART)
    return flags(np.where(reading.fixed[rows], same, _near(reading, rows, stated)))


def _near(reading: Reading, rows: NDArray[np.intp], stated: q.Decimals) -> Flags:
    """Whether it lies in the range that the reading leaves open."""
    low, high = reading.low[rows] - POINTS_APART, reading.high[rows]
    reached = np.where(reading.open_high[rows], stated < high, stated <= high + POINTS_APART)
    return flags(stated >= low) & flags(reached)


def _cut(reading: Reading, rows: NDArray[np.intp], stated: q.Decimals) -> Flags:
    cut = q.cut_off(reading.score[rows], np.full(len(rows), POINTS_UNIT, dtype=object))
    return reading.fixed[rows] & flags(cut == stated)
