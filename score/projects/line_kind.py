"""What kind of indicator a line of a 自评表 is: 正向, 反向, 等于 or 定性, and whether that is in doubt."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from gouji.ingest.figures.measures import RISE, Measure, aligned
from gouji.templates.scoring.line_words import BAD, GOOD, LASTING, TIMELY
from gouji.templates.units import MONEY, TIMES

MORE, LESS, EQUAL, TEXT = "正向", "反向", "等于", "定性"
LINE_KINDS = (MORE, LESS, EQUAL, TEXT)


@dataclass(frozen=True, slots=True)
class LineKind:
    """`kind` is the one used; `possible` all that it may be, `kind` first; `why`: how it was found, in words."""

    kind: str
    possible: tuple[str, ...]
    why: str


@lru_cache(maxsize=65536)
def kind_of(target: Measure, actual: Measure, name: str, group: str, lower: tuple[str, ...]) -> LineKind:
    """The kind of a line from its target's sign or verb, else from words; `lower`: words that mean less is better.

    `name`: the line's label, `group`: the second-level indicator above it.
    """
    compared = actual if actual.state == "filled" else target
    if aligned(target, compared) is None:
        return LineKind(TEXT, (TEXT,), "指标值与完成值不能按数字比较")
    if target.sign in ("≥", ">"):
        return LineKind(MORE, (MORE,), f"指标值写有“{target.sign}”")
    if target.sign in ("≤", "<"):
        return LineKind(LESS, (LESS,), f"指标值写有“{target.sign}”")
    if target.change or target.direction:
        return _by_verb(target)
    if target.text.startswith("=") or target.number == 0:
        return LineKind(EQUAL, (EQUAL,), "指标值写有“＝”" if target.number else "指标值是 0")
    return _by_words(target, actual, f"{name}{target.share}", group, lower)


def _by_verb(target: Measure) -> LineKind:
    """What the target itself says of the way: more of a change (提升10%), a level to rise to or not to pass."""
    if target.change:
        return LineKind(MORE, (MORE,), f"指标值写明是{'提升' if target.change == RISE else '下降'}多少")
    kind = MORE if target.direction == "≥" else LESS
    return LineKind(kind, (kind,), f"指标值写明要{'达到' if kind == MORE else '控制或下降到'}多少")


def _by_words(target: Measure, actual: Measure, name: str, group: str, lower: tuple[str, ...]) -> LineKind:
    unit = (target.unit or actual.unit).partition("/")[0]  # 元/人·月 is money
    word = next((candidate for candidate in lower if candidate in name), None)
    if word is not None:
        return _less(f"名称里有“{word}”", in_doubt=_has(name, GOOD))
    if any(candidate in group for candidate in lower):
        return _less(f"属于{group}", in_doubt=unit not in MONEY or _has(name, GOOD))
    if unit in TIMES:
        if TIMELY in group:
            return _less(f"时效指标，单位是{unit}", in_doubt=_has(name, LASTING))
        return _more("指标值没有符号", in_doubt=True)
    return _more("指标值没有符号", in_doubt=_has(name, BAD))


def _less(why: str, *, in_doubt: bool) -> LineKind:
    return LineKind(LESS, (LESS, MORE) if in_doubt else (LESS,), why)


def _more(why: str, *, in_doubt: bool) -> LineKind:
    return LineKind(MORE, (MORE, LESS) if in_doubt else (MORE,), why)


def _has(name: str, words: tuple[str, ...]) -> bool:
    return any(word in name for word in words)
