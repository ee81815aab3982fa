"""`qualitative`: one of a few named degrees, each with its points."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Literal

from gouji.templates.exact import plain
from gouji.templates.model import Figure
from gouji.templates.scoring.ranges import Range
from gouji.templates.scoring.rule import Rule


class QualitativeRule(Rule):
    """The points of the degree that was reached."""

    kind: Literal["qualitative"]
    options: dict[str, Figure]

    def criterion(self, points: Decimal) -> str:
        return "；".join(f"{degree}，计{plain(option)}分" for degree, option in self.options.items()) + "。"

    @property
    def printed_full_marks(self) -> Decimal | None:
        return max(self.options.values(), default=None)

    def _possible(self, points: Decimal) -> Iterable[Range]:
        return [(option, option) for option in self.options.values()]
