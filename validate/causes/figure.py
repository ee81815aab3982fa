"""A broken equation as its figures, and the slips that would explain its difference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from gouji.templates.rules import quantity as q


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the equation `stated − expected = difference`.

    `weight`: what one more of it adds to the difference, 1 or −1. `half`: how far rounding leaves it open. `whole`:
    whether it stands alone on its side, the sum of the others or the figure that they are compared with.
    `last_year`: what stood, or stands, for last year in the same place.
    """

    name: str
    value: Decimal
    weight: int
    kind: str
    half: Decimal = Decimal(0)
    whole: bool = False
    last_year: tuple[Decimal, ...] = ()

    def needed(self, difference: Decimal) -> Decimal:
        """What it would have to be for the equation to hold."""
        return self.value - self.weight * difference


@dataclass(frozen=True, slots=True)
class Difference:
    """What is looked at: stated − expected, how much of it rounding explains, and the figures on both sides.

    The first figure is the stated one. `ratio`: dividend and divisor, where the expected figure is their quotient;
    they are not among the figures then.
    """

    size: Decimal
    tolerance: Decimal
    figures: tuple[Figure, ...]
    ratio: tuple[Figure, Figure] | None = None

    @property
    def kind(self) -> str:
        """Of what the two sides are: amount, rate, …"""
        return self.figures[0].kind

    @property
    def expected(self) -> Decimal:
        """What the stated figure would have to be."""
        return self.figures[0].needed(self.size)


@dataclass(frozen=True, slots=True)
class Slip:
    """A slip that may have happened: `difference` is the one that it would make, within `window`.

    `rank`: the lower, the more specific; slips of a higher rank are not named beside one of a lower. `chance`: how
    often it would fit by accident, where something else than the size of the difference tells.
    """

    words: str
    rank: int
    difference: Decimal
    window: Decimal = Decimal(0)
    chance: Decimal | None = None


SPECIFIC, EVIDENT, ORDINARY = range(3)
"""Ranks: a factor that hardly comes by chance; told by another figure that stands there; everything else."""


def figure_at(
    name: str, figures: q.Quantity, row: int, *, weight: int, kind: str, last_year: tuple[Decimal, ...] = ()
) -> list[Figure]:
    """One element of a column as a figure of the equation; nothing where nothing is filled in."""
    if figures.state[row] != q.OK:
        return []
    half = (figures.high[row] - figures.low[row]) / 2
    return [Figure(name, figures.value[row], weight, kind, half, last_year=last_year)]


def equated(
    left: Sequence[Figure], right: Sequence[Figure], size: Decimal, tolerance: Decimal | None = None
) -> Difference:
    """The difference between two sides; the only figure of one is the whole that the other side makes up."""
    sides = [*_side(left), *_side(right)]
    open_by = sum((figure.half for figure in sides), Decimal(0)) if tolerance is None else tolerance
    return Difference(size, open_by, tuple(sides))


def _side(figures: Sequence[Figure]) -> Sequence[Figure]:
    return [replace(figures[0], whole=True)] if len(figures) == 1 else figures


def digits(value: Decimal) -> int:
    """Significant digits, without zeros at either end: 1200 has two."""
    return len("".join(map(str, value.as_tuple().digits)).strip("0"))
