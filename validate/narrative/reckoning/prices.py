"""A price, a number and an amount: 28.5公里，每公里180万元，计5130万元; 支出28.5万元，保有15辆，平均每辆1.9万元."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from itertools import chain, product

from gouji.ingest.narrative.phrases import phrases
from gouji.ingest.narrative.statement import PLANNED
from gouji.ingest.narrative.written import MONEY, PERCENT, POINTS, SCORE, Written
from gouji.validate.narrative.reckoning.claim import Claim, Way
from gouji.validate.narrative.reckoning.span import Span
from gouji.validate.narrative.reckoning.surroundings import Surroundings
from gouji.validate.narrative.reckoning.words import called, is_change

_MEANS = re.compile(r"(?P<per>[户人亩车站村校班次件家])均")
_TIME = re.compile(r"每(?P<unit>天|日|月|年|学年|学期|季)")
_PERSONS = frozenset({"人", "名", "位", "生", "人次"})
_DAYS = frozenset({"天", "日"})
_MONTHS = frozenset({"月", "个月"})
_PLAN = re.compile(r"均(?:计划|批复|总)+投资")
_MEAN = re.compile(r"均|平均|折合")
_WORTH = re.compile(
    r"预算|测算|核定|计|共|合计|共需|需|发放|补助|奖励|补贴|支出|资金|兑现|投入|支付|安排|为|列支|开支|费"
)
_SUM = re.compile(r"合计|共计|总计|^共")
_SUM_OF_MORE = re.compile(r"合计|共计|总计")
_OF_TIME = re.compile(r"月|年|季")
_UNLIKE = re.compile(r"倍|折|未|不|补发|其中")
"""Between a price and its number: that not all of them are paid so."""
_NOUN = re.compile(r"^(?:其中|全县|共有?|现有)+")
_HALF = Decimal("0.5")
_MOST = 12


def prices(around: Surroundings) -> Iterator[Claim]:
    """Every price or mean of a paragraph whose number and amount stand beside it."""
    for price in around.figures:
        per = _per(price)
        if per and price.exact and price.unit not in (PERCENT, POINTS, SCORE):
            yield from _priced(around, price, per)


def _per(figure: Written) -> str:
    """The measure word of what a figure is counted by; blank where it is an amount of its own."""
    match = _per_each().search(figure.clause) or _MEANS.search(figure.clause)
    per = "" if match is None else str(match["per"])
    return "天" if per.endswith("日") else per


@lru_cache(maxsize=1)
def _per_each() -> re.Pattern[str]:
    """每公里, 每个开馆日, 每生."""
    words = sorted({*phrases().measure_words, "生"}, key=len, reverse=True)
    return re.compile(rf"每[1一]?(?P<per>个?[\u4e00-\u9fff]{{0,2}}日|{'|'.join(words)})")


def _priced(around: Surroundings, price: Written, per: str) -> Iterator[Claim]:
    near = around.figures[max(0, price.number - _MOST) : price.number + _MOST + 1]
    within = [figure for figure in near if figure is not price and figure.exact]
    here = [figure for figure in within if figure.part == price.part]
    times = [figure for figure in here if _is_time(figure, price)]
    if times:
        yield from _for_each_one(around, price, times)
    counts = [figure for figure in here if _counts(figure, per)]
    amounts = [figure for figure in here if _is_worth(figure, price, per)]
    if counts and not amounts and _MEAN.search(price.clause):
        yield from _mean_of_all(around, price, counts[-1])
    if not amounts and _PLAN.search(price.clause):
        yield from _mean_of_plan(around, price, per)
    if len(counts) != 1 or not amounts or counts[0].value <= 0:
        return
    number, worth = counts[0], min(amounts, key=lambda figure: (abs(figure.number - price.number), figure.number))
    if not _stand_together(around, price, per, [*times, number, worth, price]):
        return
    numbers = [Span.of(figure) for figure in (*within, *around.earlier) if _counts(figure, per)]
    if _MEAN.search(price.clause):
        yield from _mean(around, price, number, worth, numbers)
    elif _WORTH.search(worth.before) and not (
        price.number < number.number < worth.number - 1 and _SUM_OF_MORE.search(worth.clause)
    ):
        yield _paid(price, number, worth, times, numbers)


def _stand_together(around: Surroundings, price: Written, per: str, figures: Sequence[Written]) -> bool:
    """Whether nothing stands between a price, a number and an amount that may be the one or the other instead."""
    first, last = min(figures, key=lambda one: one.number), max(figures, key=lambda one: one.number)
    between = [figure for figure in around.figures[first.number : last.number] if figure not in figures]
    if any(figure.depth <= price.depth and (figure.unit == price.unit or _counts(figure, per)) for figure in between):
        return False
    return _UNLIKE.search(around.paper.text[first.start : last.end]) is None


def _paid(price: Written, number: Written, worth: Written, times: Sequence[Written], numbers: Sequence[Span]) -> Claim:
    """28.5公里，每公里180万元，计5130万元; 每生每天5元、200天、9300人，共需930万元."""
    exact = Span.exactly(price.value)  # what is paid for each is not rounded
    spans = [Span.of(number), *(Span.of(number) * Span.of(time) for time in times)]
    several = [*numbers, *map(Span.of, times)]
    also = chain((exact * one for one in several), (exact * one * other for one, other in product(several, several)))
    return Claim(worth, [Way(exact * span, called(price), called(number)) for span in spans], also)


def _mean(
    around: Surroundings, mean: Written, number: Written, worth: Written, numbers: Sequence[Span]
) -> Iterator[Claim]:
    """支出28.5万元，保有15辆，平均每辆1.9万元; 820人，人均3400元，合计278.8万元."""
    if _OF_TIME.search(mean.clause) or (worth.start > mean.start and not _SUM.search(worth.clause)):
        return
    if mean.unit != MONEY and not mean.half:
        mean = replace(mean, half=_HALF)  # so many for each are whole ones
    own = [Span.of(figure) for figure in around.alike(mean) if figure.sentence == mean.sentence]
    also = (one / other for one, other in product(own, numbers) if other.low > 0)
    yield Claim(mean, [Way(Span.of(worth) / Span.of(number), called(worth), called(number))], also)


def _mean_of_all(around: Surroundings, mean: Written, number: Written) -> Iterator[Claim]:
    """文化站列支30万元。其中文化站10个，平均每站3万元: of the amount before that is called as the number is."""
    if number.value <= 0:
        return
    noun = _NOUN.sub("", number.clause)
    before = [figure for figure in around.figures[: mean.number] if figure.unit == mean.unit and len(noun) >= 2]
    alike = [figure for figure in before if noun in figure.clause]
    ways = [Way(Span.of(figure) / Span.of(number), called(figure), called(number)) for figure in alike[-1:]]
    yield Claim(mean, ways, (one / Span.of(number) for one in around.near(mean)))


def _mean_of_plan(around: Surroundings, mean: Written, per: str) -> Iterator[Claim]:
    """6个小区1860户。户均计划投资1.28万元: of what the project was planned to cost."""
    counts = [figure for figure in around.figures[: mean.number] if figure.exact and _counts(figure, per)]
    largest = max(counts, key=lambda figure: figure.value, default=None)
    if largest is not None and largest.value > 0 and around.facts is not None:
        plans = around.facts.of_project(PLANNED)
        ways = [Way(Span.exactly(plan.value) / Span.of(largest), plan.words, called(largest)) for plan in plans]
        numbers = [Span.of(figure) for figure in counts if figure.value > 0]
        yield Claim(mean, ways, (Span.exactly(plan.value) / number for plan in plans for number in numbers))


def _for_each_one(around: Surroundings, price: Written, times: Sequence[Written]) -> Iterator[Claim]:
    """按每人每天20元，发放92天，人均1840元."""
    behind = [figure for figure in around.figures[price.number + 1 : price.number + 4] if figure.part == price.part]
    means = [figure for figure in behind if figure.unit == price.unit and _MEAN.search(figure.clause)]
    if len(means) == 1 and len(times) == 1:
        due = Span.exactly(price.value) * Span.of(times[0])
        yield Claim(means[0], [Way(due, called(price), called(times[0]))])


def _counts(figure: Written, per: str) -> bool:
    """Whether a figure is a number of what a price is for each of."""
    if is_change(figure):
        return False
    if per in _PERSONS:
        return figure.unit in _PERSONS
    if len(per) == 1 and figure.clause.endswith(per) and figure.unit == "个":
        return True  # 文化站10个，每站3万元
    return figure.unit == per or (per in _DAYS and figure.unit in _DAYS) or (per == "车" and figure.unit in "辆台")


def _is_worth(figure: Written, price: Written, per: str) -> bool:
    """Whether a figure may be what all of a number came to, each at a price."""
    alike = figure.unit == price.unit and figure.depth <= price.depth
    return alike and not _per(figure) and not _counts(figure, per)


def _is_time(figure: Written, price: Written) -> bool:
    """Whether a figure is a number of the days or months for each of which a price is."""
    time = _TIME.search(price.clause)
    if time is None:
        return False
    return figure.unit in (_DAYS if time["unit"] in _DAYS else _MONTHS if time["unit"] == "月" else ())
