"""Differences of two figures: 计划3200人、实际3424人，超计划224人; 应筹660万元，到位462万元，缺口198万元."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gouji.ingest.narrative.written import PERCENT, POINTS, SCORE, Written
from gouji.validate.narrative.reckoning.claim import Claim, Way
from gouji.validate.narrative.reckoning.parts import outside_lists
from gouji.validate.narrative.reckoning.span import Span, differences, sum_of
from gouji.validate.narrative.reckoning.surroundings import Surroundings
from gouji.validate.narrative.reckoning.words import BEFORE, called, is_change, is_earlier

_TO_PLAN = re.compile(
    r"(?:超(?:额|出|过)?(?:年度)?(?:计划|任务|目标|预算)?"
    r"|比(?:年度)?(?:计划|任务|目标|预算)(?:数)?(?:多|少|增加|减少|高出|低))(?:完成|支出|开支)?(?:了)?$"
)
_LACKING = re.compile(
    r"(?:缺口|差额|欠拨|未到位|尚缺|短缺|尚差|尚欠)(?:资金|部分)?(?:为|仅|共|有|达)?$|(?:尚|还|仍|另)有$"
)
_LEFT = re.compile(
    r"(?:剩余|结余|余下|尚余|结存|未执行(?:完)?|未支出|未使用|未支付|未完成|节余|结转)"
    r"(?:的|资金|金额)?(?:为|仅|共|有|达)?$|^余$"
)
_SAVED = re.compile(r"(?:少支出|节约|节省|低于(?:年初)?预算(?:数)?|压减|减少)(?:资金|经费)?(?:了|为)?$")
_CHANGED = re.compile(r"(?:净增(?:加)?|增加|净减(?:少)?|减少|增长|下降|上升|提高|降低|压减|多|少)(?:了|为)?$")
_FALLS = re.compile(r"减|下降|降低|少")
_MOST, _RUN = 8, 6
_PLANNED = re.compile(r"计划|任务|目标|应|需|预算|批复|下达|安排|收入|总投资")
_RECEIVED = re.compile(r"到位|拨付到|落实|下达")
_DONE = re.compile(r"实际|完成|支出|支付|执行|使用|已付|决算|拨付|发放")
_COMPARED = re.compile(r"较|比(?!例|重)|同比")
_COMPARED_WITH = re.compile(r"(?:较|比|与)(?P<base>年初|期初|上年末|上年|去年)(?:相比)?净?(?:增加|减少|多|少)(?:了)?")
_OPENING = re.compile(r"年初[^，。]{0,6}结[转余]|(?<!含)上年结转|期初|年初余额")
"""In a paragraph: that what is left is not of one year only."""
_OF_YEARS = re.compile(r"累计|年末结转|滚存")
_UNDONE = re.compile(r"(?:未|没有)(?:能|曾)?(?:入户|实施|到位|落实|支付|执行|拨付|使用|完成|筹)")
_POINTS_CHANGED = re.compile(
    r"(?:提高|提升|上升|增加|下降|降低|减少|回落|高出?|低|高于[^，]{0,8}|低于[^，]{0,8}|缩小)(?:了)?$"
)
_MEASURE = re.compile(r"目标|指标值|计划|全国|全省|平均|比$|较")
_POSTS = re.compile(r"(?<!空)(?<!缺)(?<!超)编制(?:总?数|人数|总数)?(?:共|为|有)?$")
_STAFF = re.compile(r"(?:实有|在职|在编|在岗)[^，、；]{0,8}$")
_OPEN_POSTS = re.compile(r"(?:超编|空编|缺编|空缺编制|编制空缺)(?:人数|数)?(?:为|共)?$")
_PEOPLE = ("人", "名", "个")
_KINDS = (
    (_TO_PLAN, _PLANNED, _DONE),
    (_LACKING, _PLANNED, _RECEIVED),
    (_LACKING, _PLANNED, _DONE),
    (_LEFT, _PLANNED, _DONE),
    (_LEFT, _RECEIVED, _DONE),
    (_SAVED, _PLANNED, _DONE),
    (_CHANGED, BEFORE, None),
)
"""What says that a figure is a difference, and what its two figures are called."""


def gaps(around: Surroundings) -> Iterator[Claim]:
    """Every difference of a paragraph of which both figures stand before it, in words that say what they are."""
    for gap in around.figures:
        if gap.exact and gap.unit == POINTS:
            yield from _points(around, gap)
        elif gap.exact and gap.unit in _PEOPLE and _OPEN_POSTS.search(gap.clause):
            yield from _open_posts(around, gap)
        elif gap.exact and gap.unit not in ("", PERCENT, SCORE):
            yield from _gap(around, gap)


def _gap(around: Surroundings, gap: Written) -> Iterator[Claim]:
    for said, first, second in _KINDS:
        pair = _pair(around, gap, first, second) if _says(around, gap, said) else None
        if pair is None:
            continue
        one, other = pair
        bases = [Span.of(one)] if said is _CHANGED else [Span.of(one), Span.of(other)]
        also = list(differences(around.near(gap), *bases))
        also += [] if said is _CHANGED else _rests(around, gap)
        due = Span.of(other) - Span.of(one)
        yield Claim(gap, [Way(abs(due), called(one), called(other))], also)
        if said is _CHANGED and one.sentence == other.sentence and abs(due).explains(gap):
            yield from _wrong_way(gap, one, other)
        return


def _wrong_way(gap: Written, one: Written, other: Written) -> Iterator[Claim]:
    """本年338万元，上年356万元，增加18万元: so much, but the other way."""
    falls = _FALLS.search(gap.clause) is not None
    if one.value != other.value and falls == (other.value > one.value):
        yield Claim(gap, [Way(Span.exactly(-abs(other.value - one.value)), called(one), called(other))])


def _open_posts(around: Surroundings, gap: Written) -> Iterator[Claim]:
    """编制112个，实有104人，空编8个: one number of posts, and one of staff."""
    before = [figure for unit in _PEOPLE for figure in around.before(gap, unit)]
    posts = [figure for figure in before if _POSTS.search(figure.clause)]
    staff = [figure for figure in before if _STAFF.search(figure.clause)]
    if len(posts) == len(staff) == 1:
        yield Claim(gap, [Way(abs(Span.of(posts[0]) - Span.of(staff[0])), called(posts[0]), called(staff[0]))])


def _says(around: Surroundings, gap: Written, said: re.Pattern[str]) -> bool:
    """Whether the words of a figure say that it is such a difference, and of what stands before it."""
    if said.search(gap.clause) is None:
        return False
    if said is _LACKING and gap.clause.endswith("有"):
        return _UNDONE.search(around.behind(gap)) is not None
    if said is _LEFT:
        return _OPENING.search(around.paper.text) is None and _OF_YEARS.search(gap.clause) is None
    return said not in (_SAVED, _CHANGED) or _is_from_before(around, gap)


def _is_from_before(around: Surroundings, gap: Written) -> bool:
    """Whether what a change is counted from stands before it: not 较年初财政拨款结转增加, unless it is called 年初."""
    if _COMPARED.search(gap.clause) is None:
        return True
    if gap.clause.startswith("同比"):
        return any(map(around.is_earlier, around.before(gap)[-2:]))
    match = _COMPARED_WITH.fullmatch(gap.clause)
    return match is not None and any(match["base"] in figure.clause for figure in around.before(gap)[-2:])


def _pair(
    around: Surroundings, gap: Written, first: re.Pattern[str], second: re.Pattern[str] | None
) -> tuple[Written, Written] | None:
    """The last two figures before a difference, in its sentence, of which the words say that they are those."""
    before = [figure for figure in around.beside(gap) if not is_change(figure)][-_MOST:]
    before = outside_lists(before) if second is not None else before
    if second is None and before and before[-1].number == gap.number - 1 and _COMPARED.search(before[-1].clause):
        told = [figure for figure in before[:-1] if not _COMPARED.search(figure.clause)]
        return (before[-1], told[-1]) if told else None  # 决算63万元，…；比预算70万元少7万元
    starts = [figure for figure in before if first.search(figure.clause)]
    others = [figure for figure in before if figure not in starts]
    ends = [figure for figure in others if second is None or second.search(figure.clause)]
    if second is None and starts and not ends:  # 总计1238万元。与上年的1105万元相比，增加133万元
        earlier = [figure for figure in around.before(gap, sentences=1) if figure.sentence < gap.sentence]
        ends = [figure for figure in earlier if not is_change(figure)][-1:]
    if not starts or not ends or (second is None and before[-1] not in (starts[-1], ends[-1])):
        return None
    return starts[-1], ends[-1]


def _rests(around: Surroundings, gap: Written) -> Iterator[Span]:
    """What the figures before leave of the first of them."""
    run = around.before(gap)[-_RUN:]
    for start in range(len(run) - 2):
        yield abs(Span.of(run[start]) - sum_of(run[start + 1 :]))


def _points(around: Surroundings, gap: Written) -> Iterator[Claim]:
    """由41.2%提高到42.6%，提高1.4个百分点."""
    rates = around.before(gap, PERCENT)[-2:]
    if len(rates) < 2 or _POINTS_CHANGED.search(gap.clause) is None:
        return
    one, other = rates
    if other.number < gap.number - 2 or other.part != gap.part:
        return
    if any(is_earlier(figure) or _MEASURE.search(figure.before) for figure in rates):
        due = abs(Span.of(one) - Span.of(other))
        yield Claim(gap, [Way(due, called(one), called(other))], differences(around.near(gap, PERCENT)))
