"""Lists whose sum stands before their sentence: 支出864万元。按用途分，种草512万元…; 三公经费15万元。一是…。二是…."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from gouji.ingest.narrative.written import MONEY, PERCENT, POINTS, SCORE, Written
from gouji.validate.narrative.digits import is_slip
from gouji.validate.narrative.reckoning.claim import Claim, Way
from gouji.validate.narrative.reckoning.parts import (
    FEWEST,
    MOST,
    are_apart,
    counted,
    goes_on,
    hold_others,
    is_nested,
    is_no_part,
    is_rest,
)
from gouji.validate.narrative.reckoning.span import Span, sum_of
from gouji.validate.narrative.reckoning.sums import slip_of_part
from gouji.validate.narrative.reckoning.surroundings import Surroundings
from gouji.validate.narrative.reckoning.words import called, is_change, is_price, listed

_DIVIDED = re.compile(r"按(?:照)?[^，。；]{1,8}(?:划分|分类|分)[，：,:]|分[^，。；]{1,4}看[，：,:]")
_OPENED = re.compile(
    r"分(?:为|成)?[两二三四五六](?:块|部分|类|项|个方面|大类)[^。；，]{0,8}[，：:]|(?:用于|投向|分为|划分|包括|分别为|如下|构成|方面|其中|来源|安排|支出)[^。；，]{0,12}[：:]"
)
_ENUMERATION = re.compile(r"[一二三四五六七八]是|[①②③④⑤⑥⑦⑧]")
_WHOLE = re.compile(r"支出|收入|资金|执行|总")
_LONG = 4
"""Digits of a part that is found by them."""
_NEARLY = Decimal("0.3")
"""By how much of itself a whole and what divides it may differ: of more it is another whole."""


def openings(around: Surroundings) -> Iterator[Claim]:
    """Every claim of a paragraph that the parts listed in a sentence, or one by one, are those of a sum before."""
    for sentence, (first, _) in enumerate(around.paper.spans):
        own = [figure for figure in around.figures if figure.sentence == sentence]
        if len(own) >= FEWEST and own[0].unit not in ("", PERCENT, POINTS, SCORE):
            yield from _opened(around, own, around.paper.text[first : own[0].start])
    yield from _enumerated(around)


def _opened(around: Surroundings, own: list[Written], opening: str) -> Iterator[Claim]:
    divided, inside = _DIVIDED.search(opening) is not None, opening.strip().startswith("其中")
    if not (divided or inside or _OPENED.search(opening)):
        return
    alike = [figure for figure in own if figure.unit == own[0].unit and figure.depth == own[0].depth]
    parts = [figure for figure in alike if not is_no_part(figure) and not is_price(figure)]
    if not FEWEST <= len(parts) <= 2 * MOST or goes_on(around, parts):
        return
    if inside:
        yield from _more_than_before(around, parts)
    yield from _of_sum_before(around, parts, divided=divided or counted(opening, parts))


def _more_than_before(around: Surroundings, parts: list[Written]) -> Iterator[Claim]:
    """完成11640户，完成率97%。其中气代煤8215户，电代煤4325户."""
    before = [figure for figure in _told_before(around, parts[0]) if figure.sentence == parts[0].sentence - 1]
    parts = [part for part in parts if not is_rest(part) and part.part == parts[0].part]
    nested = any(map(is_nested, parts[1:])) or hold_others(parts)
    if len(parts) < FEWEST or not before or nested or not are_apart(before[-1], parts):
        return
    if sum_of(parts).low > max(Span.of(figure).high for figure in before):
        yield Claim.of_sum(before[-1], parts)


def _told_before(around: Surroundings, part: Written) -> list[Written]:
    """The figures of its unit in the sentences before one that are no changes."""
    before = [figure for figure in around.figures[: part.number] if figure.sentence < part.sentence]
    return [figure for figure in before if figure.unit == part.unit and figure.exact and not is_change(figure)]


def _of_sum_before(around: Surroundings, parts: list[Written], *, divided: bool) -> Iterator[Claim]:
    """A list against the totals that stand before it, and those of the tables. `divided`: 按用途划分, 分三块 it is
    whole."""
    told = _told_before(around, parts[0])
    earlier = [figure for figure in around.earlier if figure.unit == parts[0].unit and figure.exact]
    totals = [(Span.of(figure), called(figure)) for figure in [*earlier, *told][-MOST:]]
    totals += [(Span.exactly(amount.value), amount.words) for amount in around.amounts if parts[0].unit == MONEY]
    if any(sum_of(parts).meets(total) for total, _ in totals):
        return
    if told and is_slip(sum_of(parts).value, told[-1].value, exchanged=True, moved=False):
        yield Claim.of_sum(told[-1], parts)
        return
    whole = _divided_whole(parts, told) if divided else None
    if whole is not None:
        yield Claim.of_sum(whole, parts)
        return
    for total, words in totals:
        for part in parts:
            rest = [other for other in parts if other is not part]
            due = total - sum_of(rest)
            if is_slip(part.value, due.value) and len(re.sub(r"\D", "", part.printed)) >= _LONG:
                yield Claim(part, [Way(due, words, f"其余各部分（{listed(rest)}）", rest=True)])
                return


def _divided_whole(parts: Sequence[Written], told: Sequence[Written]) -> Written | None:
    """支出864万元。按用途划分，种草512万元，改良228万元 …: the whole right before, where it is not far off."""
    whole = next((figure for figure in reversed(told) if _WHOLE.search(figure.clause)), None)
    if whole is None or whole.sentence < parts[0].sentence - 1:
        return None
    return whole if abs(sum_of(parts).value - whole.value) < whole.value * _NEARLY else None


def _enumerated(around: Surroundings) -> Iterator[Claim]:
    """三公经费15.84万元。一是出国费无。二是公车13.2万元。三是接待费2.64万元."""
    text = around.paper.text
    marks = [match.start() for match in _ENUMERATION.finditer(text)]
    amounts = [figure for figure in around.figures if figure.exact and figure.unit == MONEY]
    before = [figure for figure in amounts if marks and figure.end <= marks[0]]
    if not FEWEST <= len(marks) <= 2 * MOST or not before:
        return
    parts = []
    for start, end in zip(marks, [*marks[1:], len(text)], strict=True):
        inside = next((figure for figure in around.figures if start <= figure.start < end and figure.exact), None)
        if inside is not None and inside.unit == MONEY:
            parts.append(inside)
    if len(parts) >= FEWEST and not any(sum_of(parts).meets(Span.of(total)) for total in before[:2]):
        yield from slip_of_part(before[0], parts)
