"""Scores and what was taken off: 决策（15分）得13.5分 …，四项合计83.8分; 满分100分，得97.54分，共扣2.46分."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import chain, combinations

from gouji.ingest.narrative.written import SCORE, Written
from gouji.templates.exact import plain
from gouji.validate.narrative.reckoning.claim import Claim, Way
from gouji.validate.narrative.reckoning.span import Span, added, differences, sum_of
from gouji.validate.narrative.reckoning.surroundings import Surroundings
from gouji.validate.narrative.reckoning.words import called, listed

_TOTAL = re.compile(
    r"(?:合计|共计|总计|总得?分|综合得分|最终得分|综合评分|总成绩|自评得?分|共得|总评分|绩效得分|评价得分)"
    r"(?:数|为|是|得|达|共)*：?$"
)
_SCORED = re.compile(r"得(?:分)?(?:为|是)?$")
_GOT = re.compile(r"得(?:分)?(?:为|是)?$|[\u4e00-\u9fff]$|、$|得分：$")
_NOT_GOT = re.compile(r"满分|扣|权重|分值|标准|上年|去年|\d{4}年|每|平均|高于|低于|以上")
_MORE = re.compile(r"连同|加上|加之|另|调整|附加|奖励|加分|扣")
"""That a total holds more than the scores that are told."""
_OFF = re.compile(r"扣(?:除|减|了)?$")
_TAKEN = re.compile(r"(?:共|合计|累计|总计)扣(?:分|除|减)?(?:为)?$|扣分(?:合计|共计|总计)(?:为)?$")
_EXECUTED = re.compile(r"(?:连同|加上)预算执行(?:率)?(?:得分|分)?")
_EXECUTION_POINTS = re.compile(r"资金总额\.得分$")
_SELF = "自评得分"
_SELF_SCORE = re.compile(
    r"(?:本项目|项目|本单位|我单位|我局|绩效|单位)*自评(?:综合)?(?:总得?分|得分|综合得分)(?:为|是|：)?"
)
_FEWEST, _MOST, _MOST_CHOSEN = 3, 10, 6
_FULL, _LARGEST = Decimal(100), Decimal(20)


def scores(around: Surroundings) -> Iterator[Claim]:
    """Every total of scores, and every sum of points taken off."""
    for figure in around.figures:
        if figure.unit == SCORE and _TAKEN.search(figure.clause):
            yield from _taken(around, figure)
        elif figure.unit == SCORE and figure.depth == 0 and _TOTAL.search(figure.clause):
            yield from _total(around, figure)
            yield from _against_table(around, figure)


def _total(around: Surroundings, total: Written) -> Iterator[Claim]:
    """决策得13.5分，过程得19.8分，产出得28.6分，效益得21.9分，四项合计83.8分; or the total first."""
    told = [figure for figure in around.figures if figure.unit == SCORE]
    if total.value > _FULL or re.search("[与和及]", total.clause) or any(_OFF.search(one.clause) for one in told):
        return
    executed = _points_of_execution(around, total)
    fewest = _FEWEST - len(executed)
    parts = _parts(around.before(total, sentences=1))
    if not executed and any(_MORE.search(figure.before) for figure in (total, *parts)):
        return
    if len(parts) < fewest:
        parts = _parts_behind(around, total)
    if len(parts) < fewest:
        return
    due = added([sum_of(parts), *(Span.exactly(points) for points, _ in executed)])
    words = "、".join([listed(parts), *(f"{where}{plain(points)}分" for points, where in executed)])
    yield Claim(total, [Way(due)], _other_sums(around, total, parts), parts=words)


def _against_table(around: Surroundings, total: Written) -> Iterator[Claim]:
    """扣2分，其余指标均得满分，自评总分为96分, where the table has another."""
    full = total.value == _FULL and any(one.unit == SCORE and one is not total for one in around.figures)
    if around.facts is not None and not full and _SELF_SCORE.fullmatch(total.clause):
        for amount in around.facts.of_item(_SELF):
            yield Claim(total, [Way(Span.exactly(amount.value))], table=amount.words)


def _points_of_execution(around: Surroundings, total: Written) -> list[tuple[Decimal, str]]:
    """连同预算执行得分: those of the table, with where they stand."""
    if not _EXECUTED.search(total.before):
        return []
    amounts = [one for one in around.amounts if _EXECUTION_POINTS.search(f"{one.row}.{one.column}")]
    return [(amount.value, amount.words) for amount in amounts] if len(amounts) == 1 else []


def _parts(figures: Sequence[Written]) -> list[Written]:
    """The scores among some figures: neither points in brackets, nor full marks, nor what was taken off."""
    if any(_SCORED.search(figure.clause) for figure in figures):
        figures = [figure for figure in figures if _SCORED.search(figure.clause)]  # 产出指标50分，得48.98分
    plain_ones = [figure for figure in figures if figure.depth == 0 and figure.exact and _GOT.search(figure.clause)]
    return [one for one in plain_ones if not _NOT_GOT.search(one.clause) and not _TOTAL.search(one.clause)]


def _parts_behind(around: Surroundings, total: Written) -> list[Written]:
    """自评总分88.4分：决策得18.5分，过程得17.4分 …"""
    behind = around.figures[total.number + 1 :]
    parts = _parts([figure for figure in behind if figure.unit == SCORE])
    return parts if parts and behind[0].part == parts[0].part else []


def _other_sums(around: Surroundings, total: Written, parts: Sequence[Written]) -> Iterator[Span]:
    """The parts with scores of other paragraphs or of the table, and sums of any scores around."""
    figures = [one for one in (*around.earlier, *around.figures) if one.unit == SCORE and one is not total]
    near = [Span.of(figure) for figure in figures[-_MOST:]]
    more = near + [Span.exactly(amount.value) for amount in around.amounts if amount.value < _LARGEST]
    with_more = (added([sum_of(parts), *some]) for size in (1, 2) for some in combinations(more, size))
    any_sums = (added(some) for size in range(2, _MOST_CHOSEN + 1) for some in combinations(near, size))
    own = (sum_of(some) for size in range(2, len(parts)) for some in combinations(parts[:_MOST], size))
    return chain(with_more, own, any_sums)


def _taken(around: Surroundings, figure: Written) -> Iterator[Claim]:
    """自评总分93.6分。扣分合计6.4分."""
    totals = [one for one in around.before(figure, sentences=1) if _TOTAL.search(one.clause)]
    if totals:
        near = around.near(figure)
        due = Span.exactly(_FULL) - Span.of(totals[-1])
        yield Claim(figure, [Way(due, "满分100分", called(totals[-1]))], chain(near, differences(near)))
