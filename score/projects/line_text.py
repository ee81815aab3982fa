"""定性 lines: between which shares of the points the self-score must lie."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from gouji.ingest.figures.measures import Measure
from gouji.score.projects.outcome import missed, short_of_all
from gouji.templates.scoring.outcome_words import MISSED, PARTLY, REACHED

_ALL = Decimal(1)
_END = "。;；,，、."


@dataclass(frozen=True, slots=True)
class TextBand:
    """Shares of the points; `open_high`: the upper one itself is not reached. `why` in words."""

    low: Decimal
    high: Decimal
    open_high: bool
    why: str


@lru_cache(maxsize=65536)
def text_band(target: Measure, actual: Measure) -> TextBand:
    """达成 where the actual repeats the target or is 100 %; the band that the unit states; below it where the words say
    beyond doubt that the target was missed; else all of it."""
    said = actual.text.strip(_END)
    if said == target.text.strip(_END):
        return TextBand(Decimal("0.8"), _ALL, False, "完成值与指标值一致，属于达成")
    if target.number is None and actual.percent and actual.number == 1 and not actual.sign:
        return TextBand(Decimal("0.8"), _ALL, False, "完成值是100%，属于达成")
    if said.startswith(PARTLY):
        return TextBand(Decimal("0.6"), Decimal("0.8"), True, "完成值写明部分达成")
    if said.startswith(MISSED):
        return TextBand(Decimal(0), Decimal("0.6"), True, "完成值写明未达成")
    if said.startswith(REACHED):
        return TextBand(Decimal("0.8"), _ALL, False, "完成值写明达成")
    why = missed(target, actual)
    if why is not None:
        # How far it was missed (部分达成 or 未达成) is the unit's to state.
        return TextBand(Decimal(0), Decimal("0.8"), True, f"{why}，不属于达成")
    why = short_of_all(target, actual)
    return TextBand(Decimal(0), _ALL, why is not None, why or "定性指标，分档由单位评定")
