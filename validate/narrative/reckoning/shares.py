"""Shares of one whole: 省级324万元，占30%；市级216万元，占20% — of each amount and its share the same whole follows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from gouji.ingest.narrative.written import MONEY, PERCENT, POINTS, Written
from gouji.validate.narrative.digits import is_slip
from gouji.validate.narrative.reckoning.claim import Claim, Way
from gouji.validate.narrative.reckoning.span import Span, quotients, sum_of
from gouji.validate.narrative.reckoning.surroundings import Surroundings
from gouji.validate.narrative.reckoning.words import called

_SHARE = re.compile(r"(?<!分别)(?<!各)占(?P<whole>[^，。；占]{0,16}?)的?(?:比重?|比例)?(?:仅|只|约)?(?:为|达到?|是)?$")
_LEAD = re.compile(r"^.*[，、；：:()]|^(?:其中|其|分别|约|仅|已|共)+|(?:支出|最高|比重|最大|投入|资金)+$")
_EXTENT = re.compile(r"^(?:全部|本年|年度|全年|总)+|(?:总额|总数|合计)$")
_SPENT = ("实际支出", "已支付", "实际支付", "支付")
_OF_ALL = ("支出", "投入", "资金")
_PAID = re.compile(r"支出|支付|执行|使用")
_IN_ALL = re.compile(r"资金总额|项目资金")
_CLOSE = Decimal("0.0006")
"""By how much each of several shares may make their sum differ from all."""
_MOST, _RUN = 16, 5
_LONG = 4
"""Characters of a name that no other figure has."""
_BEHIND = "为共达是：: "
_NO_AMOUNT = (PERCENT, POINTS, "")


@dataclass(frozen=True, slots=True)
class _Whole:
    """What shares may be of, and how a finding calls it."""

    span: Span
    words: str


@dataclass(frozen=True, slots=True)
class _Pair:
    """An amount and its share."""

    part: Written
    share: Written

    def is_of(self, whole: _Whole) -> bool:
        return whole.span.low > 0 and (Span.of(self.part) / whole.span).explains(self.share)

    def is_slip_of(self, whole: _Whole) -> bool:
        """Whether the share is a slip of what the whole makes it."""
        if whole.span.low <= 0:
            return False
        due = (Span.of(self.part) / whole.span).value
        return is_slip(self.share.value, due.quantize((2 * self.share.half).normalize()))

    def claim(self, wholes: Sequence[_Whole], also: Iterator[Span]) -> Claim:
        due = [whole for whole in wholes if whole.span.low > 0]
        ways = [Way(Span.of(self.part) / whole.span, called(self.part), whole.words) for whole in due]
        return Claim(self.share, ways, also)


def shares(around: Surroundings) -> Iterator[Claim]:
    """Every share of a paragraph whose whole follows from the words, or from the other shares of it."""
    groups: dict[tuple[str, str], list[_Pair]] = {}
    named: dict[int, str] = {}
    for share in around.figures:
        match = _SHARE.search(share.clause) if share.unit == PERCENT and share.exact else None
        part = None if match is None else _part(around, share, share.clause[: match.start()])
        if match is not None and part is not None:
            name = match["whole"] or named.get(share.sentence, "")  # 占安排资金的60%；…，占30%
            named[share.sentence] = name
            groups.setdefault((name, part.unit), []).append(_Pair(part, share))
    for (name, unit), pairs in groups.items():
        wholes = _called_so(around, name, unit, pairs[0].part)
        yield from (
            _of_named(around, wholes, _EXTENT.sub("", name), pairs) if wholes else _of_one_whole(around, unit, pairs)
        )


def _part(around: Surroundings, share: Written, subject: str) -> Written | None:
    """The figure that a share is of: the one that its clause names, else the one right before it."""
    name = _LEAD.sub("", subject)
    before = [
        figure
        for figure in around.figures[max(0, share.number - _MOST) : share.number]
        if figure.unit not in _NO_AMOUNT
    ]
    if name in _SPENT:
        return next((figure for figure in reversed(before) if _PAID.search(figure.clause)), None)
    if len(name) < 2 and subject.endswith(_OF_ALL):
        name = subject  # 支出占收入的98%
    if len(name) >= 2:
        return next((figure for figure in reversed(before) if figure.clause.rstrip(_BEHIND).endswith(name)), None)
    last = around.last(share)
    return last if last is not None and last in before and last.exact and last.depth <= share.depth else None


def _called_so(around: Surroundings, whole: str, unit: str, part: Written) -> list[_Whole]:
    """What is called as a share calls its whole: the last figure before it, else an amount of the table."""
    name = _EXTENT.sub("", whole)
    if len(name) < 2:
        return []
    ends = (name, f"{name}总额", f"{name}合计")
    figures = [
        figure for figure in (*around.earlier, *around.figures[: part.number]) if figure.unit == unit and figure.exact
    ]
    alike = [figure for figure in figures if figure.clause.rstrip(_BEHIND).endswith(ends)]
    if alike:
        return [_Whole(Span.of(alike[-1]), called(alike[-1]))]
    amounts = [amount for amount in around.amounts if unit == MONEY and _IN_ALL.search(amount.row)]
    return [_Whole(Span.exactly(one.value), one.words) for one in amounts if one.column.startswith(name)][:1]


def _of_named(around: Surroundings, wholes: list[_Whole], name: str, pairs: list[_Pair]) -> Iterator[Claim]:
    """占政府采购支出总额的63%, where one figure is called so."""
    for pair in pairs:
        near = [span for span in around.near(pair.share, pair.part.unit) if span.value >= pair.part.value]
        if len(name) >= _LONG:
            alike = around.alike(pair.share, pair.part.unit)
            near = [Span.of(figure) for figure in alike if figure.clause.rstrip(_BEHIND).endswith(name)]
        run = around.before(pair.share, pair.part.unit)[-_RUN:]
        tops = [sum_of(run[start:]) for start in range(len(run))]  # 补助200万元，自筹200万元，占总投资的50%
        yield pair.claim(wholes, quotients([Span.of(pair.part), *tops], near))


def _of_one_whole(around: Surroundings, unit: str, pairs: list[_Pair]) -> Iterator[Claim]:
    """The shares that the whole of all the others does not explain."""
    wholes = _candidates(around, unit, pairs)
    if not wholes:
        return
    best = max(wholes, key=lambda whole: sum(pair.is_of(whole) for pair in pairs))
    explained = sum(pair.is_of(best) for pair in pairs)
    holds_all = best.span.high >= sum_of(pair.part for pair in pairs).low
    near = around.near(pairs[0].share, unit)
    for pair in pairs:
        if explained >= 2:
            yield pair.claim([best], iter(()))
        elif explained and len(pairs) == 2 and holds_all:
            yield pair.claim([best], quotients([Span.of(pair.part)], near))
        elif not explained:
            slips = [whole for whole in wholes if pair.is_slip_of(whole)]
            yield pair.claim(slips[:1], quotients([Span.of(pair.part)], near))


def _candidates(around: Surroundings, unit: str, pairs: list[_Pair]) -> list[_Whole]:
    """What the pairs may be shares of: figures before them, the nearest first, amounts of the table, their own sum."""
    first = pairs[0].part.number
    before = [
        figure for figure in around.figures[max(0, first - _MOST) : first] if figure.unit == unit and figure.exact
    ]
    earlier = [figure for figure in around.earlier[-_MOST:] if figure.unit == unit and figure.exact]
    wholes = [_Whole(Span.of(figure), called(figure)) for figure in reversed([*earlier, *before])]
    wholes += [_Whole(Span.exactly(amount.value), amount.words) for amount in around.amounts if unit == MONEY]
    if abs(sum((pair.share.value for pair in pairs), Decimal(0)) - 1) <= _CLOSE * len(pairs):
        wholes.append(_Whole(sum_of(pair.part for pair in pairs), "所列各部分之和"))
    return wholes
