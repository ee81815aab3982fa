"""Scores over terms of any kind: the score of a figure and of the ends of its rounding interval."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Protocol

from gouji.templates.precision import POINTS_UNIT
from gouji.templates.rules.arithmetic import Arithmetic, Condition, F, Measured, Term


class Reading(Protocol):
    """The score under one way of reading a rule, and what is left open of it.

    `fixed`: where the figures yield one score, elsewhere only the range says something; `open_high`: where the upper
    end itself is not reached. None stands for everywhere and nowhere.
    """

    @property
    def score(self) -> Term: ...
    @property
    def low(self) -> Term: ...
    @property
    def high(self) -> Term: ...
    @property
    def fixed(self) -> Condition | None: ...
    @property
    def open_high(self) -> Condition | None: ...


Scores = tuple[Term, Term, Term]
"""The score, the lowest and the highest that rounding leaves open."""


def over_ends(score: Callable[[Term], Term], figure: Measured, *, falls: bool) -> Scores:
    """The scores of a figure; `falls`: more of it earns less."""
    low, high = (figure.high, figure.low) if falls else (figure.low, figure.high)
    return score(figure.value), score(low), score(high)


def clipped(score: Term, points: Decimal, on: Arithmetic[F]) -> Term:
    """Into [0, points]."""
    return on.least(on.greatest(score, Decimal(0)), points)


def fits(stated: Term, reading: Reading, on: Arithmetic[F]) -> tuple[Condition, Condition]:
    """Whether a self-score agrees with a reading; whether what is between them is 尾差.

    It agrees when it is the score; where only a range is fixed, when it lies in it. 尾差 is what the rounding of the
    inputs explains, and a score that was cut off instead of rounded.
    """
    return agreeing(stated, reading, on), on.either(in_range(stated, reading, on), was_cut_off(stated, reading, on))


def agreeing(stated: Term, reading: Reading, on: Arithmetic[F]) -> Condition:
    """Whether it is the score, or lies in the range where only that is fixed."""
    same = on.same_points(stated, reading.score)
    return same if reading.fixed is None else on.where(reading.fixed, same, in_range(stated, reading, on))


def in_range(stated: Term, reading: Reading, on: Arithmetic[F]) -> Condition:
    """Whether it lies in the range that a reading leaves open."""
    below = on.keeps_to(stated, reading.high)
    if reading.open_high is not None:
        below = on.where(reading.open_high, on.stays_below(stated, reading.high), below)
    return on.both(on.keeps_to(reading.low, stated), below)


def was_cut_off(stated: Term, reading: Reading, on: Arithmetic[F]) -> Condition:
    """Whether it is the score cut off at its last place."""
    cut = on.is_cut_off(stated, reading.score, POINTS_UNIT)
    return cut if reading.fixed is None else on.both(reading.fixed, cut)
