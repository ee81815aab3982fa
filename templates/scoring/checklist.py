"""`checklist`: points for every item that is there, all or by degrees."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Literal, Self

from pydantic import model_validator

from gouji.templates.exact import plain
from gouji.templates.model import Figure, Model, contradiction
from gouji.templates.scoring.ranges import NOTHING, Range
from gouji.templates.scoring.rule import Rule, numbered


class ChecklistItem(Model):
    """One point of a checklist; `options` are the points it may be given where it is not all or nothing (2, 1, 0)."""

    text: str
    points: Figure
    options: list[Figure] | None = None

    @model_validator(mode="after")
    def _options_fit(self) -> Self:
        if self.options is not None and (max(self.options, default=None) != self.points or min(self.options) < 0):
            raise contradiction("options 中最高的应等于 points，且不能有负数")
        return self

    @property
    def words(self) -> str:
        """The item as printed, with its points."""
        if self.options is None:
            return f"{self.text}，{plain(self.points)}分"
        options = "、".join(plain(option) for option in sorted(self.options, reverse=True))
        return f"{self.text}，按程度计{options}分"


class ChecklistRule(Rule):
    """The sum of what its items are given."""

    kind: Literal["checklist"]
    items: list[ChecklistItem]

    def criterion(self, points: Decimal) -> str:
        return "；".join(numbered(item.words for item in self.items)) + "。"

    def _possible(self, points: Decimal) -> Iterable[Range]:
        sums = {NOTHING}
        for item in self.items:
            options = [item.points, NOTHING] if item.options is None else item.options
            sums = {total + option for total in sums for option in options}
        return [(total, total) for total in sums]
