"""When a stated figure and what it must be contradict each other: by the verdict arithmetic of the rules."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gouji.templates.rules import quantity as q
from gouji.validate.lookup import picked, stacked
from gouji.validate.narrative.stated import Stated
from gouji.validate.residuals import gap


def contradicted(
    stated: Stated, places: NDArray[np.intp], sign: str, expected: Sequence[q.Quantity]
) -> tuple[NDArray[np.bool_], q.Quantity, NDArray[np.bool_]]:
    """Which statements none of the expected figures explains, the nearest of these, and which could be compared.

    What is of a part of the money only (财政拨款) need not equal what is of all, but cannot exceed it.
    """
    figures = stated.at(places)
    part = stated.frame["funds"].iloc[places].ne("").to_numpy() if sign == "=" else np.zeros(len(places), bool)
    excess = np.full(len(places), None, dtype=object)
    chosen = np.zeros(len(places), np.intp)
    for place, figure in enumerate(expected):
        apart = _excess(figures, figure, sign, part, _kinds(stated, places))
        better = np.array([mine is not None and (held is None or mine < held) for mine, held in zip(apart, excess,
                          strict=True)], bool)  # fmt: skip
        excess[better], chosen[better] = apart[better], place
    known = np.array([size is not None for size in excess], bool)
    wrong = np.array([size is not None and size > 0 for size in excess], bool)
    every = stacked(list(expected))
    return wrong, picked(every, chosen * len(places) + np.arange(len(places))), known


def _kinds(stated: Stated, places: NDArray[np.intp]) -> list[str]:
    return [stated.kind(int(place)) for place in places]


def _excess(
    figures: q.Quantity, expected: q.Quantity, sign: str, part: NDArray[np.bool_], kinds: list[str]
) -> NDArray[np.object_]:
    """By how much each differs beyond rounding (0: not at all); None where it cannot be told."""
    result = np.full(len(kinds), None, dtype=object)
    known = figures.known & expected.known
    for kind in set(kinds):
        for asked, rows in ((sign, ~part), ("≤", part)):
            rows_of_kind = np.flatnonzero(known & rows & np.equal(kinds, kind))
            if len(rows_of_kind):
                result[rows_of_kind] = beyond(
                    picked(figures, rows_of_kind), picked(expected, rows_of_kind), asked, kind
                )
    return result


def beyond(stated: q.Quantity, expected: q.Quantity, sign: str, kind: str) -> q.Decimals:
    """The size of every difference that neither rounding nor cutting off (截尾) explains."""
    _, excess = gap(sign, stated, expected, kind)
    cut = (stated.unit > q.NOUGHT) & np.equal(q.cut_off(expected.value, stated.unit), stated.value)
    return np.where(cut.astype(bool) & (sign == "="), q.NOUGHT, excess)
