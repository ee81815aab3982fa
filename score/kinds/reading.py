"""What a rule yields for every return or line: the score under each way of reading it, and the range left open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from gouji.score.arrays import Flags, either, greatest, least
from gouji.templates.rules.quantity import Decimals

ZERO = Decimal(0)
_ABOVE_ALL = Decimal(10) ** 12


@dataclass(frozen=True)
class Reading:
    """The score under one reading, in 分, exact; one element per return or line.

    `low`..`high` is what the rounding of the inputs (or a band) leaves open. `applies`: where this reading is a
    possible one. `fixed`: where the figures yield one score; elsewhere only the range says something, and
    `open_high` tells where its upper end itself is not reached.
    """

    name: str
    score: Decimals
    low: Decimals
    high: Decimals
    applies: Flags
    fixed: Flags
    open_high: Flags

    def of_rows(self, rows: NDArray[np.intp]) -> Reading:
        """The same of some elements."""
        score, low, high = self.score[rows], self.low[rows], self.high[rows]
        return Reading(self.name, score, low, high, self.applies[rows], self.fixed[rows], self.open_high[rows])


@dataclass(frozen=True)
class Recomputed:
    """All readings of one rule; `default` is the one used where the self-score fits none, `known` where any exists."""

    readings: tuple[Reading, ...]
    default: NDArray[np.intp]
    known: Flags

    def of(self, which: NDArray[np.intp], name: str) -> NDArray[np.object_]:
        """The named column of the reading that `which` picks for each element."""
        columns = np.stack([np.asarray(getattr(reading, name), dtype=object) for reading in self.readings])
        picked: NDArray[np.object_] = columns[which, np.arange(len(which))]
        return picked

    def range(self) -> tuple[Decimals, Decimals]:
        """Lowest and highest score that any possible reading allows; meaningless where not `known`."""
        lows = [either(reading.applies, reading.low, _ABOVE_ALL) for reading in self.readings]
        highs = [either(reading.applies, reading.high, ZERO) for reading in self.readings]
        return reduce(least, lows), reduce(greatest, highs)


def everywhere(name: str, score: Decimals, low: Decimals, high: Decimals) -> Reading:
    """A reading that applies to every element and yields one score each."""
    yes = np.ones(len(score), bool)
    return Reading(name, score, low, high, yes, yes, ~yes)


def settled(readings: Sequence[Reading], where: Flags, score: Decimal) -> list[Reading]:
    """The readings with one exact score put in where a rule's own exception decides (0 ÷ 0, none of the kind)."""
    return [
        replace(
            reading,
            score=either(where, score, reading.score),
            low=either(where, score, reading.low),
            high=either(where, score, reading.high),
            fixed=reading.fixed | where,
        )
        for reading in readings
    ]
