"""Statements as columns: exact figures with the interval that their rounding, or 约, leaves open."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gouji.ingest.narrative.frame import statements_frame
from gouji.ingest.narrative.statement import ABOUT, BOUND
from gouji.templates.grades import rank_of_words
from gouji.templates.precision import half_width
from gouji.templates.rules import quantity as q
from gouji.validate.lookup import picked
from gouji.validate.narrative.passages import Passage

_PERCENT, _POINTS, _GRADE = "%", "分", "等次"
_LONGEST_HEADING = 40
NOT_ASKED, RIGHT, WRONG = range(3)
"""What the tables say of a statement; nothing where none has its figure."""
_MONEY = frozenset({"元", "万元", "万", "亿元"})


@dataclass
class Stated:
    """All statements of a part: `frame` (`ingest.narrative.frame`), and the passages in which they stand."""

    passages: list[Passage]
    frame: pd.DataFrame

    @classmethod
    def of(cls, passages: list[Passage]) -> Stated:
        headings = ["", *(_heading(passage.text) for passage in passages)]
        told = (
            (passage.text, passage.year, passage.project, passage.name, heading)
            for passage, heading in zip(passages, headings, strict=False)
        )
        return cls(passages, statements_frame(told))

    def __len__(self) -> int:
        return len(self.frame)

    @cached_property
    def rows(self) -> list[Any]:
        """The statements as named tuples: what is asked of single ones again and again."""
        return list(self.frame.itertuples(index=False, name="Row"))

    def passage(self, row: int) -> Passage:
        """Where a statement stands."""
        return self.passages[int(self.rows[row].passage)]

    @cached_property
    def name(self) -> NDArray[np.object_]:
        """Item and aspect."""
        aspect = self.frame["aspect"]
        dotted = self.frame["item"].where(aspect == "", self.frame["item"] + "." + aspect)
        return np.array(dotted.tolist() or [], dtype=object)

    @cached_property
    def key(self) -> NDArray[np.object_]:
        """Whose report each stands in."""
        keys = np.array([passage.key for passage in self.passages] or [], dtype=object)
        keys_stated: NDArray[np.object_] = keys[self.frame["passage"].to_numpy(dtype=np.intp)]
        return keys_stated

    @cached_property
    def own(self) -> NDArray[np.bool_]:
        """Which are the unit's own, of the year that it reports on."""
        years = [passage.year for passage in self.passages]
        units = [passage.unit for passage in self.passages]
        rows = self.rows
        this_year = np.array([pd.isna(row.year) or row.year == years[row.passage] for row in rows], bool)
        mine = np.array([_is_of(row.subject, units[row.passage]) for row in rows], bool)
        both: NDArray[np.bool_] = this_year & mine
        return both

    @cached_property
    def quantity(self) -> q.Quantity:
        """The figures. What is only a bound (不低于) cannot be compared."""
        columns = (self.frame[name] for name in ("value", "decimals", "unit", "exactness", "item", "printed"))
        rows = list(zip(*columns, strict=True))
        value = np.array([_grade(row[5]) if row[4] == _GRADE else row[0] for row in rows] or [], dtype=object)
        half = np.array([_half(*row[:4]) for row in rows] or [], dtype=object)
        state = np.array([q.BAD if row[3] == BOUND else q.OK for row in rows], np.int8)
        rounded = [row[2] in (_PERCENT, *_MONEY) for row in rows]
        unit = np.array(
            [size * 2 if is_rounded else Decimal(0) for size, is_rounded in zip(half, rounded, strict=True)] or [],
            object,
        )
        return q.Quantity(value, value - half, value + half, state, unit)

    def at(self, places: NDArray[np.intp]) -> q.Quantity:
        """The figures of some statements."""
        return picked(self.quantity, places)

    def kind(self, row: int) -> str:
        """What a statement's figure is (`templates.model.Kind`)."""
        unit = self.rows[row].unit
        if self.rows[row].item == _GRADE:
            return "choice"
        if unit == _PERCENT:
            return "rate"
        return "amount" if unit in _MONEY else "points" if unit == _POINTS else "count"


def _heading(text: str) -> str:
    """A short line without figures; blank where it is more."""
    return "" if len(text) > _LONGEST_HEADING or re.search(r"\d", text) else text


def _half(value: Decimal, decimals: int, unit: str, exactness: str) -> Decimal:
    about = exactness == ABOUT
    if unit == _PERCENT or unit in _MONEY or about:
        return half_width(value, decimals, about=about)
    return Decimal(0)


def _grade(printed: str) -> Decimal:
    return Decimal(rank_of_words(printed) or 0)


def _is_of(subject: str, unit: str) -> bool:
    return not subject or (unit != "" and (subject in unit or unit in subject))
