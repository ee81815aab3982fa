"""`judge`: a person decides, between 0 and the points, in steps, or within ranges, as printed."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Literal, Self

from pydantic import Field, model_validator

from gouji.templates.exact import plain
from gouji.templates.model import Figure, Model, contradiction
from gouji.templates.scoring.ranges import NOTHING, Range
from gouji.templates.scoring.rule import Rule


class PointRange(Model):
    """Points that a person may give, in words where the form has them: `at` one figure, or `from`..`upto`, both 含."""

    text: str | None = None
    at: Figure | None = Field(default=None, ge=0)
    from_: Figure | None = Field(default=None, alias="from", ge=0)
    upto: Figure | None = None

    @property
    def ends(self) -> Range:
        """Fewest and most points."""
        low = self.at if self.from_ is None else self.from_
        high = self.at if self.upto is None else self.upto
        assert low is not None and high is not None
        return low, high

    @property
    def words(self) -> str:
        """`8分`, `6至8分`."""
        low, high = map(plain, self.ends)
        return f"{low}分" if low == high else f"{low}至{high}分"

    @model_validator(mode="after")
    def _ends_fit(self) -> Self:
        if (self.from_ is None) != (self.upto is None) or (self.at is None) == (self.from_ is None):
            raise contradiction("应写 at，或 from 和 upto 两个都写")
        low, high = self.ends
        if low > high:
            raise contradiction("from 不能大于 upto")
        return self


class JudgeRule(Rule):
    """Between 0 and the points, in steps of `step`, or within the `ranges`."""

    kind: Literal["judge"]
    step: Figure | None = Field(default=None, gt=0)
    ranges: list[PointRange] = Field(default_factory=list)

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if self.step is not None and self.ranges:
            raise contradiction("step 与 ranges 只能写一个")
        return self

    def criterion(self, points: Decimal) -> str:
        if not self.ranges:
            by = "" if self.step is None else f"，以{plain(self.step)}分为一级"
            return f"由部门结合实际细化为个性化指标，在0至{plain(points)}分之间评定{by}。"
        if all(part.text is None for part in self.ranges):
            return f"由评价人评定，可计{'或'.join(part.words for part in self.ranges)}。"
        return "；".join(f"{part.text or '其他情形'}，计{part.words}" for part in self.ranges) + "。"

    @property
    def printed_full_marks(self) -> Decimal | None:
        return max((part.ends[1] for part in self.ranges), default=None)

    def _possible(self, points: Decimal) -> Iterable[Range]:
        if self.ranges:
            return [part.ends for part in self.ranges]
        if self.step is None:
            return [(NOTHING, points)]
        steps = [self.step * count for count in range(int(points // self.step) + 1)]
        return [(score, score) for score in (*steps, points)]
