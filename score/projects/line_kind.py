"""What kind of indicator a line of a 自评表 is: 正向, 反向, 等于 or 定性, and whether that is in doubt."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from ingest.measures import Measure, aligned
from ingest.units import MONEY, TIMES

MORE, LESS, EQUAL, TEXT = "正向", "反向", "等于", "定性"
LINE_KINDS = (MORE, LESS, EQUAL, TEXT)

_TIMELY = "时效"
# A name that speaks of handling or saving wants more of it, whatever else it names: 投诉办结率, 成本节约率.
_GOOD = tuple(
    "节约 节省 节支 处理 办结 办理 回复 受理 解决 化解 纠正 整改 达标 满意 完成 合格 及时 降低率 下降率 减少率 "
    "控制率 覆盖 公开".split()
)
# Spans of time of which more is better.
_LASTING = ("时长", "天数", "开放", "开馆", "服务时间", "值班", "培训", "学时", "课时", "保障")
# Names that may well want less though none of the settled words stands in them.
_BAD = tuple(
    "事故 违规 违纪 逾期 超时 超支 损耗 损失 能耗 排放 死亡 发病 流失 误差 信访 上访 纠纷 隐患 拖欠 时间 周期 "
    "用时 耗时".split()
)


@dataclass(frozen=True, slots=True)
class LineKind:
    """`kind` is the one used; `possible` all that it may be, `kind` first; `why`: how it was found, in words."""

    kind: str
    possible: tuple[str, ...]
    why: str


@lru_cache(maxsize=65536)
def kind_of(target: Measure, actual: Measure, name: str, group: str, lower: tuple[str, ...]) -> LineKind:
    """The kind of a line from its target's sign, else from words; `lower`: words that mean less is better.

    `name`: the line's label, `group`: the second-level indicator above it.
    """
    compared = actual if actual.state == "filled" else target
    if aligned(target, compared) is None:
        return LineKind(TEXT, (TEXT,), "指标值与完成值不能按数字比较")
    if target.sign in ("≥", ">"):
        return LineKind(MORE, (MORE,), f"指标值写有“{target.sign}”")
    if target.sign in ("≤", "<"):
        return LineKind(LESS, (LESS,), f"指标值写有“{target.sign}”")
    if target.text.startswith("=") or target.number == 0:
        return LineKind(EQUAL, (EQUAL,), "指标值写有“＝”" if target.number else "指标值是 0")
    return _by_words(target, actual, name, group, lower)


def _by_words(target: Measure, actual: Measure, name: str, group: str, lower: tuple[str, ...]) -> LineKind:
    unit = target.unit or actual.unit
    word = next((one for one in lower if one in name), None)
    if word is not None:
        return _less(f"名称里有“{word}”", in_doubt=_has(name, _GOOD))
    if any(one in group for one in lower):
        return _less(f"属于{group}", in_doubt=unit not in MONEY or _has(name, _GOOD))
    if unit in TIMES:
        if _TIMELY in group:
            return _less(f"时效指标，单位是{unit}", in_doubt=_has(name, _LASTING))
        return _more("指标值没有符号", in_doubt=True)
    return _more("指标值没有符号", in_doubt=_has(name, _BAD))


def _less(why: str, *, in_doubt: bool) -> LineKind:
    return LineKind(LESS, (LESS, MORE) if in_doubt else (LESS,), why)


def _more(why: str, *, in_doubt: bool) -> LineKind:
    return LineKind(MORE, (MORE, LESS) if in_doubt else (MORE,), why)


def _has(name: str, words: tuple[str, ...]) -> bool:
    return any(word in name for word in words)
