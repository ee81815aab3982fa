"""Parts and their sum: 共87所，其中小学62所、初中25所; 维修268万元、设备124万元，两项合计392万元."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from gouji.ingest.narrative.written import PERCENT, POINTS, SCORE, Written
from gouji.validate.narrative.digits import is_slip
from gouji.validate.narrative.reckoning.claim import Claim, Way
from gouji.validate.narrative.reckoning.parts import (
    FEWEST,
    MOST,
    NUMBERS,
    are_apart,
    hold_others,
    is_no_part,
    listed_behind,
)
from gouji.validate.narrative.reckoning.span import Span, sum_of
from gouji.validate.narrative.reckoning.surroundings import Surroundings
from gouji.validate.narrative.reckoning.words import called, is_change, is_price, listed

_TOTAL = re.compile(
    r"^(?:以?上?述?(?P<number>[两二三四五六七八九])?(?:项|者|类|部分|个方面|方面|档|级|块)?)"
    r"(?:资金|金额|经费)?(?:合计|共计|总计|小计|总共|相加|构成|组成)[^，。增减]{0,10}$|^共(?:支出|使用|投入|拨付)?$|^计$|^总[额数量计](?:为|共)?$"
)
_DONE = re.compile(r"(?:合计|共计)([\u4e00-\u9fff]{2,4})$")
_TOLD = re.compile(r"(?:收入|支出|资金|经费|预算|金额|总投资)(?:合计|总计|总额)?(?:为|共|达)?$|合计$")
_BALANCE = re.compile(r"结余|收支|剩余|发生")
_IN_ALL = re.compile(r"全年|总|一共|合计|共")
_UP_TO = re.compile(r"至$|到$")
_MOST_CHOSEN = 5


def sums(around: Surroundings) -> Iterator[Claim]:
    """Every claim of a paragraph that figures of one sentence add up to another."""
    for total in around.figures:
        if total.exact and total.unit not in ("", PERCENT, POINTS, SCORE):
            yield from _parts_behind(around, total)
            yield from _parts_before(around, total)
            yield from _in_passing(around, total)
            yield from _in_passing_behind(around, total)


def slip_of_part(total: Written, parts: Sequence[Written], *, exchanged: bool = False) -> Iterator[Claim]:
    """The one part of a list whose digits are those of what the others leave of the sum, in another order."""
    for number in range(FEWEST, min(len(parts), 2 * MOST) + 1):
        for part in parts[:number]:
            rest = [other for other in parts[:number] if other is not part]
            due = Span.of(total) - sum_of(rest)
            if is_slip(part.value, due.value, exchanged=exchanged):
                yield Claim(part, [Way(due, called(total), f"其余各部分（{listed(rest)}）", rest=True)])
                return


def _parts_behind(around: Surroundings, total: Written) -> Iterator[Claim]:
    """共87所，其中小学62所、初中25所."""
    parts, complete = listed_behind(around, total)
    if (
        len(parts) < FEWEST
        or total.before.endswith("、")
        or is_change(total)
        or _UP_TO.search(total.clause)
        or any(map(is_price, parts))
    ):
        return
    if any(sum_of(parts[:number]).meets(Span.of(total)) for number in range(1, len(parts) + 1)):
        return
    more = sum_of(parts).low > Span.of(total).high and are_apart(total, parts) and not hold_others(parts)
    if complete or more:
        yield Claim.of_sum(total, parts, _with_others(around, total, parts))
    else:
        yield from slip_of_part(total, parts, exchanged=True)


def _with_others(around: Surroundings, total: Written, parts: Sequence[Written]) -> Iterator[Span]:
    """What figures behind a total add up to, of which some were not taken as parts."""
    behind = around.figures[total.number + 1 : total.number + 1 + MOST]
    near = [figure for figure in behind if figure.unit == total.unit]
    for chosen in _chosen(near):
        if any(figure not in parts for figure in chosen):
            yield sum_of(chosen)


def _chosen(figures: Sequence[Written], fewest: int = FEWEST) -> Iterator[Sequence[Written]]:
    """Every choice of some of the last figures."""
    for size in range(fewest, _MOST_CHOSEN + 1):
        yield from combinations(figures[-MOST:], size)


def _parts_before(around: Surroundings, total: Written) -> Iterator[Claim]:
    """维修268万元、设备124万元，两项合计392万元."""
    match, last = _TOTAL.search(total.clause), around.last(total)
    if match is None or (last is not None and is_price(last)):
        return  # 120亩，每亩7.5元，计900元
    number = NUMBERS.get(match.group("number") or "", 0)
    before = around.before(total, sentences=1 if number else 0)
    figures = [figure for figure in before if not is_price(figure)]
    parts = [figure for figure in figures if figure.depth <= total.depth]
    done = _DONE.search(total.clause)
    if done is not None:
        parts = [part for part in parts if done[1] in part.clause]  # 两类合计抽查48个
    if len(parts) >= max(FEWEST, number):
        plain = parts == figures and not any(map(is_no_part, parts))
        some = (parts[start:] for start in range(len(parts))) if plain else _chosen(figures, 1)
        yield Claim.of_sum(total, parts[-number:] if number else parts, (sum_of(chosen) for chosen in some))


def _in_passing(around: Surroundings, total: Written) -> Iterator[Claim]:
    """第一档756万元，第二档258万元，第三档16.56万元，全年发放1030.56万元: told only where one part is a slip."""
    if not _IN_ALL.search(total.clause):
        return
    before = [figure for figure in around.before(total) if figure.depth == total.depth]
    run: list[Written] = []
    for figure in reversed(before):
        if figure.value >= total.value or is_price(figure) or is_no_part(figure):
            break
        run.append(figure)
    if len(run) >= FEWEST and not any(sum_of(chosen).meets(Span.of(total)) for chosen in _chosen(before, 1)):
        yield from slip_of_part(total, run)


def _in_passing_behind(around: Surroundings, total: Written) -> Iterator[Claim]:
    """收入386.42万元，财政拨款381.32万元，上年结转51万元: told only where one part is a slip."""
    if is_change(total) or is_price(total) or not _TOLD.search(total.clause):
        return
    run: list[Written] = []
    for figure in around.figures[total.number + 1 : total.number + 1 + MOST]:
        if figure.part != total.part or figure.unit != total.unit or figure.depth != total.depth:
            break
        if is_no_part(figure) or _BALANCE.search(figure.clause):
            break  # 收入90万元，支出66万元，收支相抵结余42万元
        run.append(figure)
    if len(run) >= FEWEST and not any(sum_of(chosen).meets(Span.of(total)) for chosen in _chosen(run, 1)):
        yield from slip_of_part(total, run, exchanged=True)
