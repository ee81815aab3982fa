"""How a step rule may be read: in which direction points are lost, and how a step that is not full counts."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from gouji.templates.definition import Bad, StepRule

WHOLE, BEGUN, IN_PROPORTION = "按整步", "不足一步按一步", "按比例"
WAYS = (WHOLE, BEGUN, IN_PROPORTION)
"""How a step that is not full counts; all are in use, the first is ours."""
AS_MEANT, AS_PRINTED = "按应有的方向", "按表上印的方向"


@dataclass(frozen=True, slots=True)
class Direction:
    """Where points begin to be lost and on which side; `name` only where a form prints it the wrong way round."""

    name: str
    threshold: Decimal
    bad: Bad
    strict: bool


def directions(rule: StepRule) -> list[Direction]:
    """The printed direction; before it the evidently meant one where they differ, for that is what is scored."""
    printed = Direction("" if rule.meant is None else AS_PRINTED, rule.threshold, rule.bad, rule.strict)
    if rule.meant is None:
        return [printed]
    return [Direction(AS_MEANT, rule.meant.threshold, rule.meant.bad, False), printed]
