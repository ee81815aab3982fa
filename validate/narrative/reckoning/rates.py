"""Rates of two figures: 18个小区中完工15个，完工率83.33%; 决算1.26万元，为预算3万元的42%."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from gouji.ingest.narrative.statement import PLANNED, RECEIVED, SPENT
from gouji.ingest.narrative.written import MONEY, PERCENT, POINTS, SCORE, Written
from gouji.validate.narrative.reckoning.claim import Claim, Way
from gouji.validate.narrative.reckoning.span import Span, quotients
from gouji.validate.narrative.reckoning.surroundings import Surroundings
from gouji.validate.narrative.reckoning.words import called, is_change

_RATE = re.compile(
    r"(?P<of>[\u4e00-\u9fff“”]{0,14}?)(?:率|进度|比例)(?:仅|只|已)?(?:为|达到?|是|有|约为)?$"
    r"|(?P<answer>满意)度(?:为|达到?|是)?$|^(?P<plain>完成)(?:了)?(?:年度)?(?:计划|任务|目标)?的?$"
)
_NO_RATE_OF_TWO = re.compile(
    r"(?:增长|增幅|下降|降幅|上升|减少|变动|节约|控制|覆盖|利|税|费|自然增长|普及|平均)$|综合|加权"
)
_OF_PLAN = ("完成", "执行", "支出", "支付", "使用", "拨付", "到位", "兑付", "完工", "开工", "达成", "落实")
"""Rates of what was planned, whatever it is of."""
_PLANNED = re.compile(r"计划|任务|目标|应|需|预算|批复|拟|下达|安排|设计|共有?|总投资|合同")
_DONE = re.compile(r"实际|已|完成|建成|支出|支付|执行|到位|使用|拨付|兑|办结|落实|改造|发放")
_RECEIVED = re.compile(r"到位|收入")
_ANOTHER_YEAR = re.compile(r"上年|去年|(?:19|20)\d\d年")
_SATISFIED, _OWED = "满意", "负债"
_BY = re.compile(r"与|按|以")
_OF_BASE = re.compile(r"^(?:数|元)?的$")
_BASE = re.compile(r"(?:^|[，])[^，]{0,6}(?:为|是|占|相当于|达到|完成)[^，占]{0,12}$")
_OF_BUDGET = re.compile(r"完成了?(?:年初|全年|年度|调整后?)?(?:部门)?预算(?:数)?的$")
_NO_AMOUNT = (PERCENT, POINTS, "")


def rates(around: Surroundings) -> Iterator[Claim]:
    """Every rate of a paragraph whose two figures stand before it."""
    for rate in around.figures:
        if rate.unit != PERCENT or not rate.exact:
            continue
        match = _RATE.search(rate.clause)
        if _OF_BASE.search(rate.before):
            yield from _of_base(around, rate)
        elif _OF_BUDGET.search(rate.clause):
            yield from _of_budget(around, rate)
        elif match is not None and not _ANOTHER_YEAR.search(rate.clause):
            yield from _called(around, rate, match["of"] or match["answer"] or match["plain"] or "")


def _called(around: Surroundings, rate: Written, of: str) -> Iterator[Claim]:
    """完工率, 到位率, 满意度: what the name says was done, of what was to be done."""
    last = around.last(rate)
    if last is not None and last.exact and last.unit == MONEY and _BY.match(last.clause) and of.endswith(_OF_PLAN):
        done_of = around.beside(last)[-1:]  # 支出1203万元，与可支配资金1286万元相比，执行率93%
        yield Claim(rate, [Way(Span.of(one) / Span.of(last), called(one), called(last)) for one in done_of])
        return
    done = None if _NO_RATE_OF_TWO.search(of) else _done(around, rate, of)
    if done is None:
        return
    before = around.before(done, sentences=1 if done.unit == MONEY else 0)
    if before and _PLANNED.search(done.clause) and not _DONE.search(done.clause):
        done, before = before[-1], [done]  # 受益15208人，相比目标15360人，完成率99%
    larger = [figure for figure in before if figure.value >= done.value]
    if _SATISFIED in of and "有效" in rate.before:
        larger = [figure for figure in larger if "有效" in figure.clause] or larger
    whole = _whole(done, larger or [figure for figure in before if _PLANNED.search(figure.clause)], of)
    if whole is not None and whole.value > 0 and _is_of(done, whole, of):
        yield Claim(
            rate, [Way(Span.of(done) / Span.of(whole), called(done), called(whole))], _others(around, rate, done, of)
        )


def _others(around: Surroundings, rate: Written, done: Written, of: str) -> Iterator[Span]:
    """Every rate that the name may mean: of what was not only planned, by what was not only done."""
    near = [*around.alike(rate, done.unit), done]
    of_plan = of.endswith(_OF_PLAN)
    tops = [figure for figure in near if not (of_plan and _PLANNED.search(figure.clause))]
    spent = not of.endswith("到位")
    if _SATISFIED in of and "有效" in rate.before:
        near = [figure for figure in near if "有效" in figure.clause or figure is done]  # 按有效问卷计算
    bases = [
        figure
        for figure in near
        if not of_plan or not _DONE.search(figure.clause) or (spent and _RECEIVED.search(figure.clause))
    ]
    amounts = around.amounts if done.unit == MONEY else ()
    given = (PLANNED, RECEIVED) if spent else (PLANNED,)
    of_table = [Span.exactly(amount.value) for amount in amounts if amount.aspect == (SPENT if spent else RECEIVED)]
    plans = [Span.exactly(amount.value) for amount in amounts if amount.aspect in given]
    return quotients([*map(Span.of, tops), *of_table], [*map(Span.of, bases), *plans])


def _done(around: Surroundings, rate: Written, of: str) -> Written | None:
    """The figure before a rate, in its sentence, that was done: the last one, in money one that is called so."""
    if of.endswith(f"资产{_OWED}"):
        return next((figure for figure in reversed(around.before(rate, MONEY)) if _OWED in figure.clause), None)
    for figure in reversed(around.figures[: rate.number]):
        if figure.sentence != rate.sentence:
            return None
        skipped = figure.unit == MONEY and not _DONE.search(figure.clause) and rate.number - figure.number <= 2
        if figure.unit in _NO_AMOUNT or figure.depth > rate.depth or skipped:
            continue  # 支出1019万元，结余14万元，执行率98%
        return figure if figure.exact else None
    return None


def _whole(done: Written, before: Sequence[Written], of: str) -> Written | None:
    """The last figure before, not less, that what was done is a part of."""
    if done.unit == SCORE:
        bracketed = [figure for figure in before if figure.depth > done.depth]  # （25分）得19.8分，得分率79.2%
        return bracketed[-1] if of.endswith("得分") and bracketed else None
    planned = [figure for figure in before if _PLANNED.search(figure.before)]
    if done.unit == MONEY and not planned:
        planned = [figure for figure in before if _RECEIVED.search(figure.clause)]
    return next(reversed(planned or list(before)), None)


def _is_of(done: Written, whole: Written, of: str) -> bool:
    """Whether the words say that a rate is of these two."""
    stem = re.sub(r"[“”]", "", of)[-2:]
    if done.unit == SCORE:
        return True
    if _SATISFIED in of:
        return _SATISFIED in done.before and "不满意" not in done.before and "含" not in of
    if stem == _OWED:
        return "资产" in whole.clause
    if done.unit == MONEY and not stem.endswith(_OF_PLAN):
        return False
    given = _PLANNED.search(whole.before) or (done.unit == MONEY and _RECEIVED.search(whole.clause))
    if stem in _OF_PLAN and given and _DONE.search(done.before):
        return True
    return len(stem) == 2 and stem in done.before + done.after


def _of_base(around: Surroundings, rate: Written) -> Iterator[Claim]:
    """决算1.26万元，为预算数3.00万元的42%: of the figure right before it, and one before that."""
    base = around.last(rate)
    if base is None or base.unit in _NO_AMOUNT or base.value <= 0 or not base.exact or not _BASE.search(base.clause):
        return
    before = [figure for figure in around.beside(base) if not _ANOTHER_YEAR.search(figure.clause)]
    ways = [Way(Span.of(figure) / Span.of(base), called(figure), called(base)) for figure in before[:1] + before[-1:]]
    near = around.before(rate, base.unit, sentences=1)
    yield Claim(rate, ways, quotients([Span.of(figure) for figure in near], [Span.of(base)]))


def _of_budget(around: Surroundings, rate: Written) -> Iterator[Claim]:
    """决算1.5万元，年初预算1.8万元，完成年初预算的83%."""
    before = [figure for figure in around.beside(rate, MONEY) if not is_change(figure)]
    budgets = [figure for figure in before if figure.clause.rstrip("数为是共安排 ").endswith("预算")]
    others = [figure for figure in before if figure not in budgets]
    if len(budgets) == 1 and budgets[0].value > 0:
        base = budgets[0]
        chosen = others[:1] + others[-1:]
        ways = [Way(Span.of(figure) / Span.of(base), called(figure), called(base)) for figure in chosen]
        yield Claim(rate, ways, quotients(around.near(rate, MONEY), [Span.of(base)]))
