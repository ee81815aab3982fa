"""`ratio` in columns."""

from __future__ import annotations

from decimal import Decimal

from gouji.score.kinds.reading import Reading, everywhere
from gouji.templates.definition import RatioRule
from gouji.templates.rules import quantity as q
from gouji.templates.scoring.ratio_score import ratio_scores

READING, REVERSED = "按完成比率", "按超出比例扣减"


def ratio_readings(rule: RatioRule, points: Decimal, start: Decimal, rate: q.Quantity) -> list[Reading]:
    """The one reading."""
    name = REVERSED if rule.reverse else READING
    return [everywhere(name, *ratio_scores(rule, start, points, rate, q.COLUMNS))]
