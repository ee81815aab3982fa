"""`step`: full marks at the threshold, points off for every step beyond it in the bad direction.

A form may be read in several ways: in which direction points are lost where it prints the wrong one, and how a step
that is not full counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from gouji.templates.exact import percent, plain
from gouji.templates.model import Figure, Model, Share, contradiction
from gouji.templates.rules.arithmetic import Arithmetic, F, Term
from gouji.templates.rules.quantity import round_half_up
from gouji.templates.scoring.points import points_text
from gouji.templates.scoring.rated import Rated
from gouji.templates.scoring.scored import Scores, clipped, over_ends

WHOLE, BEGUN, IN_PROPORTION = "按整步", "不足一步按一步", "按比例"
WAYS = (WHOLE, BEGUN, IN_PROPORTION)
"""How a step that is not full counts; all are in use, the first is ours."""
AS_MEANT, AS_PRINTED = "按应有的方向", "按表上印的方向"
_MONTH = "个月"
_ONE = Decimal(1)

Bad = Literal["above", "below", "both"]


class Meant(Model):
    """What a rule printed the wrong way round evidently means; its step and points stay as printed."""

    threshold: Share
    bad: Bad


@dataclass(frozen=True, slots=True)
class Direction:
    """Where points begin to be lost and on which side; `name` only where a form prints it the wrong way round."""

    name: str
    threshold: Decimal
    bad: Bad
    strict: bool


class StepRule(Rated):
    """Full marks at the threshold; each whole `per` units beyond it cost `deduct` points.

    `unit`: what a step counts; with 个月 the rate is a plain number of months. `strict`: the threshold itself is
    printed as not enough (＞50%). `meant`: the direction evidently meant where the form prints another.
    """

    kind: Literal["step"]
    threshold: Share
    bad: Bad
    per: Figure = Field(gt=0)
    deduct: Figure = Field(gt=0)
    unit: Literal["百分点", "个月"] = "百分点"
    strict: bool = False
    meant: Meant | None = None

    @model_validator(mode="before")
    @classmethod
    def _months_without_percent(cls, given: Any) -> Any:
        if isinstance(given, dict) and given.get("unit") == _MONTH:
            meant = given.get("meant")
            thresholds = [given.get("threshold"), meant.get("threshold") if isinstance(meant, dict) else None]
            if any(str(threshold).strip().endswith("%") for threshold in thresholds):
                raise contradiction("unit 是个月时，threshold 写月数，不带 %")
        return given

    @model_validator(mode="after")
    def _directions_fit(self) -> Self:
        if self.strict and self.bad == "both":
            raise contradiction("strict 只能与 bad: above 或 bad: below 一起用")
        if self.meant is not None and (self.meant.threshold, self.meant.bad) == (self.threshold, self.bad):
            raise contradiction("meant 与表上印的 threshold、bad 相同，应删去或改正")
        return self

    @property
    def in_months(self) -> bool:
        """Whether a step counts months, not percentage points."""
        return self.unit == _MONTH

    @property
    def directions(self) -> list[Direction]:
        """The printed direction; before it the evidently meant one where they differ, for that is what is scored."""
        printed = Direction("" if self.meant is None else AS_PRINTED, self.threshold, self.bad, self.strict)
        if self.meant is None:
            return [printed]
        return [Direction(AS_MEANT, self.meant.threshold, self.meant.bad, False), printed]

    # ---- words

    def criterion(self, points: Decimal) -> str:
        return self._criterion(self.directions[0], points) + self._absent

    def criterion_as_printed(self, points: Decimal) -> str:
        """The criterion of a reversed rule as the published form has it, with the full marks that stand there."""
        return self._criterion(self.directions[-1], points if self.printed_full is None else self.printed_full)

    def explained(self, label: str, words: str) -> str:
        return f"{label}＝{words}" if self.in_months else super().explained(label, words)

    def threshold_text(self, threshold: Decimal) -> str:
        """`100%`, or `1个月` where steps are months."""
        return f"{plain(threshold)}{_MONTH}" if self.in_months else percent(threshold)

    def missed_text(self, direction: Direction, rate: Decimal, missed: Decimal, lost: Decimal) -> str:
        """`超过100%达8个百分点，扣4分`, or that the threshold is kept; `lost` points by `missed`."""
        at = self.threshold_text(direction.threshold)
        if missed > 0:
            side = "超过" if rate > direction.threshold else "低于"
            unit = self.unit if self.in_months else "个百分点"
            return f"{side}{at}达{plain(round_half_up(missed, 2))}{unit}，扣{points_text(lost)}"
        if not direction.strict:
            return {"above": f"不超过{at}", "below": f"不低于{at}", "both": f"等于{at}"}[direction.bad]
        if missed < 0:
            return f"低于{at}" if direction.bad == "above" else f"超过{at}"
        return f"正好等于{at}，评价标准没有规定是否达标" + (f"，扣{points_text(lost)}" if lost else "")

    def _started(self, start: str) -> str:
        return f"，自{start}分起扣"

    def _criterion(self, direction: Direction, points: Decimal) -> str:
        at, full, step = self.threshold_text(direction.threshold), plain(points), plain(self.per)
        lost = f"{step}{'' if self.in_months else '个'}{self.unit}扣{plain(self.deduct)}分，扣完为止。"
        match direction.bad:
            case "above":
                kept = f"小于{at}" if direction.strict else f"{at}{'以内' if self.in_months else '以下'}（含）"
                return f"{kept}计{full}分；每超过{lost}"
            case "below":
                kept = f"大于{at}" if direction.strict else f"{at}以上（含）"
                return f"{kept}计{full}分；每低于{lost}"
            case "both":
                return f"{at}计{full}分；每超过或低于{lost}"

    # ---- arithmetic

    def readings(self, points: Decimal, start: Decimal, rate: F, on: Arithmetic[F]) -> Iterator[tuple[str, Scores]]:
        """Name and scores of one reading per direction and way of counting steps, taking points off from `start`."""
        for direction in self.directions:
            missed = self.beyond(direction, rate, on)
            for way in WAYS:
                name = f"{way}，{direction.name}" if direction.name else way
                yield name, self._scores(direction, way, start, points, missed, on)

    def reading_parts(self, which: int) -> tuple[Direction, str, int]:
        """Direction, way and number of the start behind a reading's place among all readings of the rule."""
        number, within = divmod(which, len(self.directions) * len(WAYS))
        return self.directions[within // len(WAYS)], WAYS[within % len(WAYS)], number

    def reading_place(self, direction: Direction, way: str, number: int) -> int:
        """The place of such a reading: the inverse of `reading_parts`."""
        ahead = self.directions
        return (number * len(ahead) + ahead.index(direction)) * len(WAYS) + WAYS.index(way)

    def beyond(self, direction: Direction, rate: F, on: Arithmetic[F]) -> F:
        """Percentage points (or months) by which the threshold is missed; below 0 where it is more than kept."""
        scale = Decimal(1 if self.in_months else 100)

        def missed(end: Term) -> Term:
            way = (direction.threshold, end) if direction.bad == "below" else (end, direction.threshold)
            return on.times(on.minus(*way), scale)

        ends = (None, None) if rate.exact else (missed(rate.low), missed(rate.high))
        low, high = reversed(ends) if direction.bad == "below" else ends
        figure = on.figure(missed(rate.value), low, high, rate.state)
        return on.absolute(figure) if direction.bad == "both" else figure

    def lost(self, direction: Direction, way: str, missed: Term, on: Arithmetic[F]) -> Term:
        """Points taken off where the threshold is missed by so much, before the floor of 0.

        A threshold that is itself not enough (＞50%) begins a step; no whole step and no part of one is gone there.
        """
        steps = on.over(missed, self.per)
        if way == WHOLE:
            steps = on.floor(steps)
        elif way == BEGUN:
            steps = on.ceiling(steps)
            if direction.strict:
                steps = on.where(on.equal(on.settled(missed, "number"), 0), _ONE, steps)
        return on.times(on.greatest(steps, Decimal(0)), self.deduct)

    def _scores(
        self, direction: Direction, way: str, start: Decimal, points: Decimal, missed: F, on: Arithmetic[F]
    ) -> Scores:
        """What is left of `start`, at the least where most is missed."""

        def left(end: Term) -> Term:
            return clipped(on.minus(start, self.lost(direction, way, end, on)), points, on)

        return over_ends(left, missed, falls=True)
