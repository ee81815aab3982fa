"""What the models of a definition are made of: kinds, roles, severities, and figures that YAML cannot round."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator
from pydantic_core import PydanticCustomError

Kind = Literal["amount", "count", "quantity", "rate", "points", "text", "measure", "date", "choice"]
"""amount 金额（万元）, count 人数个数, quantity 其他数量（㎡）, rate 比率, points 分, measure 指标值."""

KIND_NAMES = {
    "amount": "金额", "count": "人数", "quantity": "数量", "rate": "比率", "points": "分值", "text": "文字",
    "measure": "指标值", "date": "日期", "choice": "选项",
}  # fmt: skip
"""What people call the kinds."""

FIGURES: frozenset[str] = frozenset({"amount", "count", "quantity", "rate", "points"})
"""The kinds whose cells hold one figure."""

Role = Literal["unit", "department", "instance", "year"]

Severity = Literal["强制性", "核实性", "提示"]

Layer = Literal["规范性", "完整性", "表内", "表间", "跨年", "得分重算", "逻辑", "外部核对"]

ACROSS: frozenset[str] = frozenset({"表间", "跨年", "外部核对"})
"""The layers that compare figures of different tables."""

SCORING = "得分重算"
"""The layer of rules that work out a score: an impossible figure earns none."""


def _percent(given: Any) -> Any:
    """`90%` → 0.90; anything else is left to Decimal."""
    if isinstance(given, str) and given.strip().endswith("%"):
        try:
            return Decimal(given.strip()[:-1]) / 100
        except InvalidOperation:
            return given
    return str(given) if isinstance(given, float) else given


Share = Annotated[Decimal, BeforeValidator(_percent)]
"""A fraction of one, written as a percentage."""

Figure = Annotated[Decimal, BeforeValidator(lambda given: str(given) if isinstance(given, float) else given)]
"""An exact decimal, whatever YAML made of it."""


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Bounded(Model):
    """What a figure may be (see `templates.rules.bounds`): never below 0 unless `signed`.

    `part_of`: what it is a part of and may not exceed, a name or a sum. `most`: the most that it may be.
    """

    signed: bool = False
    part_of: str | None = None
    most: Share | None = None


def told_by(*keys: str) -> Discriminator:
    """Which model of a union is meant is told by which of `keys` is there; none of them is an error of its own."""

    def tag(given: Any) -> str | None:
        for key in keys:
            if key in given if isinstance(given, dict) else hasattr(given, "list_id" if key == "list" else key):
                return key
        return None

    return Discriminator(
        tag, custom_error_type="no_such_part", custom_error_message=f"应有 {'、'.join(keys)} 之一，请检查拼写"
    )


def contradiction(message: str) -> PydanticCustomError:
    """Keys that are right one by one and do not fit together; the author reads the message as it stands."""
    return PydanticCustomError("contradiction", message)
