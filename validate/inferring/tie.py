"""One inferred tie over several rows or columns of a table, and where it does not hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from gouji.ingest.locating.undefined import Block, Figure
from gouji.templates.exact import significant
from gouji.templates.precision import LEAST
from gouji.templates.rules import quantity as q
from gouji.validate.residuals import gap

_ROUNDED = frozenset({"amount", "quantity", "rate"})


@dataclass(frozen=True)
class Tie:
    """A tie, once per row or column in which it is looked at (`cells`: where the stated figures stand).

    `sentence`: the tie in the labels' own words, once per instance. `sure`: whether the labels alone tell it; else it
    must hold somewhere before it is said to be broken elsewhere. `related`: the cells of the other side. `disputed`:
    where another tie may be meant, that holds there; None where none may.
    """

    code: str
    kind: str
    sign: str
    sentence: Sequence[str]
    stated: q.Quantity
    expected: q.Quantity
    cells: Sequence[str]
    related: Sequence[Sequence[str]]
    sure: bool = False
    disputed: NDArray[np.bool_] | None = None

    @cached_property
    def known(self) -> NDArray[np.bool_]:
        return self.stated.known & self.expected.known

    @cached_property
    def differs(self) -> NDArray[np.bool_]:
        """Where the tie is broken by more than rounding."""
        _, excess = gap(self.sign, self.stated, self.expected, self.kind)
        differs: NDArray[np.bool_] = self.known & (excess != 0)
        return differs

    @cached_property
    def holds(self) -> NDArray[np.bool_]:
        """Where the tie holds between figures of which one is not 0."""
        something: NDArray[np.bool_] = (self.stated.value != 0) | (self.expected.value != 0)
        return self.known & ~self.differs & something

    @property
    def broken(self) -> list[int]:
        """The instances that are told; a tie that breaks more often than it holds is not what the table means."""
        undisputed = self.differs if self.disputed is None else self.differs & ~self.disputed
        held, broken = int(self.holds.sum()), int(self.differs.sum())
        limit_of_money = self.sign == "≤" and self.kind == "amount"
        meant = limit_of_money or broken <= max(held, 1)
        return np.flatnonzero(undisputed).tolist() if meant and (self.sure or held) else []


@dataclass
class Matrix:
    """The figures of a block by row and column, exact."""

    block: Block
    by_place: dict[tuple[int, int], Figure] = field(init=False)

    def __post_init__(self) -> None:
        self.by_place = {(figure.row, figure.column): figure for figure in self.block.figures}

    def quantity(self, places: Sequence[tuple[int, int]], kind: str) -> q.Quantity:
        """The figures at some places, as one column; nothing there is blank."""
        figures = [self.by_place.get(place) for place in places]
        value = np.array([_exact(figure) for figure in figures], dtype=object)
        state = np.array([_state(figure) for figure in figures], np.int8)
        if kind not in _ROUNDED:
            return q.exact(value, state)
        decimals = [max(figure.decimals, LEAST) if figure is not None else LEAST for figure in figures]
        return q.rounded(value, state, np.array(decimals, np.int16))

    def cells(self, places: Sequence[tuple[int, int]]) -> list[str]:
        """Their cells, as far as something stands there."""
        return [figure.cell for place in places if (figure := self.by_place.get(place)) is not None]

    def filled(self, place: tuple[int, int]) -> bool:
        """Whether a figure stands there."""
        return (figure := self.by_place.get(place)) is not None and figure.value is not None

    def columns(self, *kinds: str) -> list[int]:
        """The columns of some kinds."""
        return [column for column, head in enumerate(self.block.heads) if head.kind in kinds]


def _exact(figure: Figure | None) -> Decimal:
    return Decimal(0) if figure is None or figure.value is None else significant(figure.value)


def _state(figure: Figure | None) -> int:
    if figure is None:
        return q.BLANK
    return q.OK if figure.value is not None else q.BAD


def joined(parts: Sequence[q.Quantity]) -> q.Quantity:
    """The figures of several columns as one."""
    names = ("value", "low", "high", "state", "unit")
    columns = ([np.broadcast_to(getattr(part, name), len(part.value)) for part in parts] for name in names)
    return q.Quantity(*map(np.concatenate, columns))
