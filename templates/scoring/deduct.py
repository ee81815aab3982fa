"""`deduct`: points off for every event found, down to 0."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_CEILING, Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from gouji.templates.exact import plain
from gouji.templates.model import Figure, Model, contradiction
from gouji.templates.scoring.ranges import NOTHING, Range, joined
from gouji.templates.scoring.rule import Rule, numbered


class DeductEvent(Model):
    """What costs points: the rule's `each` per case, or `least` to `most` points once (`most` as `least` if left out).

    A plain text in `events` is an event without points of its own.
    """

    text: str
    least: Figure | None = Field(default=None, gt=0)
    most: Figure | None = None

    @property
    def cost(self) -> Range | None:
        """Fewest and most points, None where it costs the rule's `each`."""
        return None if self.least is None else (self.least, self.least if self.most is None else self.most)

    @property
    def words(self) -> str:
        """The event as printed, with what it costs."""
        if self.cost is None:
            return self.text
        least, most = map(plain, self.cost)
        return f"{self.text}，扣{least}分" if least == most else f"{self.text}，扣{least}至{most}分"

    @model_validator(mode="after")
    def _cost_fits(self) -> Self:
        if self.most is not None and (self.least is None or self.least > self.most):
            raise contradiction("most 要与 least 一起写，且不小于 least")
        return self


def _event(given: Any) -> Any:
    return {"text": given} if isinstance(given, str) else given


Event = Annotated[DeductEvent, BeforeValidator(_event, json_schema_input_type=str | DeductEvent)]


class DeductRule(Rule):
    """Points off for every event found.

    `missed`: the events are things that should be there, each of which can be missing once (每缺一项扣).
    """

    kind: Literal["deduct"]
    each: Figure | None = Field(default=None, gt=0)
    events: list[Event]
    missed: bool = False

    @model_validator(mode="after")
    def _costs_fit(self) -> Self:
        if not self.events:
            raise contradiction("events 至少要有一项")
        if (self.each is None) == any(event.cost is None for event in self.events):
            raise contradiction("没有写 least 的情形按 each 扣分：有这样的情形时要写 each，没有时不写")
        return self

    def criterion(self, points: Decimal) -> str:
        return "；".join(numbered(event.words for event in self.events)) + f"。{self._cost_words}"

    @property
    def _cost_words(self) -> str:
        if self.each is None:
            return "扣完为止。"
        which = "以上" if all(event.cost is None for event in self.events) else "未注明扣分的"
        case = "每缺一项" if self.missed else "情形每发现一例"
        return f"{which}{case}扣{plain(self.each)}分，扣完为止。"

    def _possible(self, points: Decimal) -> Iterable[Range]:
        return [(points - most, points - least) for least, most in self._deductions(points)]

    def _deductions(self, points: Decimal) -> list[Range]:
        """Everything that can be taken off, once as far as it is enough to leave nothing."""
        costs: list[Range] = [(NOTHING, NOTHING)]
        for event in self.events:
            if event.cost is not None:
                costs = _either(costs, event.cost)
            elif self.missed and self.each is not None:
                costs = _either(costs, (self.each, self.each))
        if self.each is None or self.missed:
            return costs
        times = int((points / self.each).to_integral_value(ROUND_CEILING))
        by_case = [self.each * count for count in range(times + 1)]
        return joined((low + case, high + case) for low, high in costs for case in by_case)


def _either(costs: list[Range], more: Range) -> list[Range]:
    """With and without one more deduction."""
    least, most = more
    return joined([*costs, *((low + least, high + most) for low, high in costs)])
