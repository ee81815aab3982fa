"""Growth of any figure of which a sentence has both: 上年15.5万人次，本年18.6万人次，同比增长20%."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from gouji.ingest.narrative.written import PERCENT, POINTS, SCORE, Written
from gouji.validate.narrative.reckoning.claim import Claim, Way
from gouji.validate.narrative.reckoning.span import Span
from gouji.validate.narrative.reckoning.surroundings import Surroundings
from gouji.validate.narrative.reckoning.words import called, is_change, is_compared

_GREW = re.compile(
    r"(?:增长|增幅|增速|增加|上升|提高|涨幅|下降|降幅|减少|降低|压减|下滑|节约率|净增)"
    r"(?:率|幅度|比例)?(?:了|为|达到?)?$"
)
_SAVED = re.compile(r"节约率")
_OF_PLAN = re.compile(r"(?:调增|调减|压减|追加|核减)$")
_BUDGET = re.compile(r"年初预算|预算")
_REACHED = re.compile(r"到|为|达")
_NEXT, _NEAR = 2, 3
"""How many figures away what grew stands from what it grew from, and either from the rate."""


def growths(around: Surroundings) -> Iterator[Claim]:
    """Every rate of growth of a paragraph behind what it grew from and what it grew to, or by how much."""
    for rate in around.figures:
        last = around.last(rate)
        if rate.unit != PERCENT or not rate.exact or last is None or not _GREW.search(rate.clause):
            continue
        if last.exact and last.unit not in ("", PERCENT, POINTS, SCORE):
            yield from _growth(around, rate, last)


def _growth(around: Surroundings, rate: Written, last: Written) -> Iterator[Claim]:
    before = around.beside(rate, last.unit)
    told = [figure for figure in before if not is_change(figure)]
    saved = _SAVED.search(rate.clause) is not None
    saved |= _OF_PLAN.search(last.clause) is not None
    bases = [figure for figure in told if (_BUDGET.search(figure.clause) if saved else _is_base(around, figure))]
    if told and is_compared(told[-1]) and not is_compared(last):
        bases = told[-1:]  # 与上年21万元相比减少2万元，下降11%；与预算22万元相比减少3万元，下降16%
    if not bases or bases[-1].value <= 0 or rate.number - told[-1].number > _NEAR:
        return
    base = bases[-1]
    grown = _by_how_much(around, rate, base)
    now = None if grown is not None else _now(around, told, base)
    if grown is not None:
        ways = [Way(Span.of(grown) / Span.of(base), called(grown), called(base))]
    elif now is not None:
        ways = [Way(abs(Span.of(now) - Span.of(base)) / Span.of(base), called(now), called(base))]
    else:
        return
    also = [abs(span - Span.of(base)) / Span.of(base) for span in around.near(rate, last.unit)]
    yield Claim(rate, ways, also if Span.of(base).low > 0 else ())


def _by_how_much(around: Surroundings, rate: Written, base: Written) -> Written | None:
    """The change right before its rate: 比上年的2.7万元增加0.3万元，增长11%."""
    last = around.last(rate)
    return last if last is not None and is_change(last) and last.number > base.number else None


def _is_base(around: Surroundings, figure: Written) -> bool:
    """Whether a figure is what something grew from; 年初结转 is an item of the year itself."""
    return around.is_earlier(figure) and "年初结" not in figure.clause


def _now(around: Surroundings, told: Sequence[Written], base: Written) -> Written | None:
    """What grew: the figure right before what it grew from, else the one right behind."""
    others = [figure for figure in told if figure is not base and not around.is_earlier(figure)]
    earlier = [figure for figure in others if 0 < base.number - figure.number <= _NEXT]
    later = [figure for figure in others if 0 < figure.number - base.number <= _NEXT]
    reached = [figure for figure in later if _REACHED.search(figure.clause) or not earlier]
    return reached[0] if reached else earlier[-1] if earlier else None
