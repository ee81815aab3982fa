"""定性 lines: between which shares of the points the self-score must lie."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from ingest.measures import Measure

_REACHED = ("达成", "全部达成", "基本达成", "全部或基本达成", "已达成")
_PARTLY, _MISSED = "部分达成", "未达成"
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
    """达成 where the actual repeats the target or is 100 %; the band that the unit states; else all of it."""
    said = actual.text.strip(_END)
    if said == target.text.strip(_END):
        return TextBand(Decimal("0.8"), _ALL, False, "完成值与指标值一致，属于达成")
    if target.number is None and actual.percent and actual.number == 1 and not actual.sign:
        return TextBand(Decimal("0.8"), _ALL, False, "完成值是100%，属于达成")
    if said.startswith(_PARTLY):
        return TextBand(Decimal("0.6"), Decimal("0.8"), True, "完成值写明部分达成")
    if said.startswith(_MISSED):
        return TextBand(Decimal(0), Decimal("0.6"), True, "完成值写明未达成")
    if said.startswith(_REACHED):
        return TextBand(Decimal("0.8"), _ALL, False, "完成值写明达成")
    return TextBand(Decimal(0), _ALL, False, "定性指标，分档由单位评定")
