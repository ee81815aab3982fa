"""What every rule with a rate says, and from which full marks it takes points off."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from gouji.templates.exact import plain
from gouji.templates.model import Figure
from gouji.templates.scoring.rule import Rule


class Rated(Rule):
    """The rate, and when its score is full without one.

    `printed_full`: the full marks that the criterion prints where they are not the 分值.
    """

    rate: str
    zero_over_zero: Literal["full"] | None = None
    full_when_absent: bool = False
    printed_full: Figure | None = None

    @property
    def printed_full_marks(self) -> Decimal | None:
        return self.printed_full

    def starts(self, points: Decimal) -> list[Decimal]:
        """One figure, or both where the printed full marks are not the 分值; the first, never above it, is ours."""
        if self.printed_full is None or self.printed_full == points:
            return [points]
        return [min(self.printed_full, points), max(self.printed_full, points)]

    def start_name(self, name: str, start: Decimal, points: Decimal) -> str:
        """A reading's name, with the full marks where it is not the first that the form prints."""
        return name if start == self.starts(points)[0] else name + self._started(plain(start))

    def explained(self, label: str, words: str) -> str:
        """指标说明: the rate's name, or what stands for it, and its formula in words."""
        return f"{label}＝{words}" + ("×100%" if "÷" in words else "")

    def _started(self, start: str) -> str:
        return f"，满分按{start}分"

    @property
    def _absent(self) -> str:
        return "没有该类项目的填0，计满分。" if self.full_when_absent else ""
