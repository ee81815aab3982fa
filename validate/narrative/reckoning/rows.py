"""Rates, gaps and rests of money of which the table has the other figure: 县级到位128万元，尚有32万元未落实."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gouji.ingest.narrative.statement import PLANNED, RECEIVED, SPENT
from gouji.ingest.narrative.written import MONEY, PERCENT, Written
from gouji.validate.narrative.reckoning.claim import Claim, Way
from gouji.validate.narrative.reckoning.facts import Amount, Facts
from gouji.validate.narrative.reckoning.span import Span, differences
from gouji.validate.narrative.reckoning.surroundings import Surroundings

_CALLED = {RECEIVED: re.compile(r"到位|下达|收到"), SPENT: re.compile(r"支出|支付|执行|使用|拨付|列支|报账")}
"""What an amount is called that is of that column."""
_UNPAID = re.compile(r"(?:缺口|欠拨|未到位|尚缺|尚欠|差额)(?:资金)?(?:为|仅|共|有|达)?$")
_STILL, _NOT_YET = re.compile(r"尚有$"), re.compile(r"未(?:能)?(?:到位|落实|拨付|足额)")
_RECEIPT = re.compile(r"^(?:资金)?到位率(?:仅|只)?(?:为|达到?|是)?$")
_EXECUTION = re.compile(
    r"^(?:资金|预算)?(?:执行率|支出率|支付率|使用率|支出进度|支付进度|执行进度)(?:仅|只)?(?:为|达到?|是)?$"
)
_LEFT = re.compile(
    r"^(?:年末|年底|账面|项目|仍|尚|资金)*(?:结余|剩余|结存|未支出|未执行|未使用)"
    r"(?:的|资金|金额|项目资金)*(?:为|有|是|共)?$"
)
_LEFT_OF_RECEIVED = re.compile(r"^到位资金(?:结余|剩余)(?:资金)?(?:为|有|是|共)?$")


def rows(around: Surroundings) -> Iterator[Claim]:
    """Every rate, gap and rest of a project's report that the rows of its table give."""
    facts = around.facts
    if facts is None or not facts.passage.project:
        return
    for figure in around.figures:
        if not figure.exact:
            continue
        if figure.unit == PERCENT and _RECEIPT.search(figure.clause):
            yield from _rate(around, facts, figure, RECEIVED, (PLANNED,))
        elif figure.unit == PERCENT and _EXECUTION.search(figure.clause):
            yield from _rate(around, facts, figure, SPENT, (PLANNED, RECEIVED))
        elif figure.unit == MONEY and _is_unpaid(around, figure):
            yield from _lacking(around, facts, figure)
        elif figure.unit == MONEY and (_LEFT.search(figure.clause) or _LEFT_OF_RECEIVED.search(figure.clause)):
            yield from _left(around, facts, figure)


def _is_unpaid(around: Surroundings, figure: Written) -> bool:
    still = _STILL.search(figure.clause) and _NOT_YET.match(around.behind(figure))
    return bool(_UNPAID.search(figure.clause) or still)


def _anchor(around: Surroundings, figure: Written, aspect: str) -> list[Amount]:
    """The amounts of the table that the amount right before a figure is, where they are one."""
    last = next(reversed(around.beside(figure, MONEY)), None)
    if last is None or last.number != figure.number - 1:
        return []
    if not _CALLED[aspect].search(last.clause):
        return []
    same = [one for one in around.amounts if one.aspect == aspect and Span.exactly(one.value).explains(last)]
    return same if len({amount.value for amount in same}) == 1 else []


def _rate(around: Surroundings, facts: Facts, rate: Written, aspect: str, bases: tuple[str, ...]) -> Iterator[Claim]:
    """县级工资补助到位148.8万元，到位率80%."""
    ways = [
        Way(Span.exactly(anchor.value) / Span.exactly(base.value), anchor.words, base.words)
        for anchor in _anchor(around, rate, aspect)
        for of in bases
        for base in facts.of_row(anchor.row, of)
        if base.value > 0
    ]
    last = [Span.of(figure) for figure in around.before(rate, MONEY)[-1:]]
    near = [span for span in around.near(rate, MONEY) if span.low > 0]
    yield Claim(rate, ways, (top / bottom for top in last for bottom in near))


def _lacking(around: Surroundings, facts: Facts, gap: Written) -> Iterator[Claim]:
    """县级到位128万元，尚有32万元未落实: what the row of that amount lacks."""
    ways = [
        Way(Span.exactly(plan.value - anchor.value), plan.words, anchor.words)
        for anchor in _anchor(around, gap, RECEIVED)
        for plan in facts.of_row(anchor.row, PLANNED)
    ]
    near = around.near(gap)
    yield Claim(gap, ways, [*near, *differences(near)])


def _left(around: Surroundings, facts: Facts, rest: Written) -> Iterator[Claim]:
    """年末结余49.44万元, where the sentence has none of the two figures of it."""
    last = next(reversed(around.before(rest)), None)
    totals = [amount for aspect in (PLANNED, RECEIVED, SPENT) for amount in facts.of_project(aspect)]
    if last is not None and not any(Span.exactly(amount.value).explains(last) for amount in totals):
        return  # 发放救助金300万元，剩余80万元
    of_received = _LEFT_OF_RECEIVED.search(rest.clause) is not None
    ways = [
        Way(Span.exactly(given.value - spent.value), given.words, spent.words)
        for aspect in ((RECEIVED,) if of_received else (PLANNED, RECEIVED))
        for given in facts.of_project(aspect)
        for spent in facts.of_project(SPENT)
    ]
    near = around.near(rest)
    yield Claim(rest, ways, () if of_received else [*near, *differences(near)])
