"""Arithmetic that a sentence spells out: both figures, and what it makes of them.

期末94万元，较年初148万元减少54万元; 编制112个，实有104人，空编8个; 总投资4860万元，申请补助2160万元，占总投资的44.44%.
Of figures whose items are known this is told with these; here the sentence's own words say what is reckoned with what.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations

import numpy as np

from gouji.ingest.narrative.phrases import phrases
from gouji.ingest.narrative.statement import COUNT, EXACT
from gouji.templates.rules import quantity as q
from gouji.validate.findings import Finding
from gouji.validate.narrative.comparing import beyond
from gouji.validate.narrative.stated import Stated
from gouji.validate.narrative.told import contradiction, label

_WORKED_OUT = "L-05"
_PERCENT = "%"
_MOST = 12
"""Figures of a sentence before one that are looked at."""
_COMPARED = re.compile(r"[，,、]?(?:相?较|比|相比)(?!例|重)")
_CHANGED = re.compile(r"[，,]?净?(?:(?P<more>增加|增长|上升|多)|减少|下降|降低|少)了?")
_POSTS = re.compile(r"(?<!空)(?<!缺)(?<!超)编制(?:总?数|人数|总数)?(?:共|为|有)?$")
_STAFF = re.compile(r"(?:实有|在职|在编|在岗)[^，、；]{0,8}$")
_OPEN_POSTS = re.compile(r"(?:(?P<over>超编)|空编|缺编|空缺编制|编制空缺)(?:人数|数)?(?:为|共)?$")
_BARE_SHARE = re.compile(r"[，,]?占比?[为达]?")
_SHARE_OF_FIGURE = re.compile(r"(?:亩|户|人|人次|元|平方米|公里)?的")
_BALANCE = re.compile(r"收支相抵后?[，,]?(?:年末|年终)?(?:净?结余|结转结余|节余)(?:资金)?(?:为|共)?$")
_INCOME, _SPENDING = (
    re.compile(r"收入(?:合计|总计|总额)?(?:为|共|是)?$"),
    re.compile(r"支出(?:合计|总计|总额)?(?:为|共|是)?$"),
)
_CARRIED = re.compile(r"结转|结余分配|上年|年初")
_FROM = re.compile(r"[，,、；;]?(?:来自|来源于|源于)(?P<rest>其他|其它|其余)?")
_SHARE = re.compile(r"占(?P<whole>[^，。；占]{2,14}?)(?:总额)?的?(?:比重|比例)?(?:为|达到?)?$")


def spelled_out(stated: Stated) -> Iterator[Finding]:
    """The figures that are not what their sentence's own figures make."""
    for row in range(len(stated)):
        one = stated.rows[row]
        if one.item != COUNT or one.exactness != EXACT or not stated.quantity.known[row]:
            continue
        if one.unit == _PERCENT:
            share = _SHARE.search(one.label)
            if _BARE_SHARE.fullmatch(one.label):
                yield from _share_of_sum(stated, row)
            elif _SHARE_OF_FIGURE.fullmatch(one.label):
                yield from _share_of_figure(stated, row)
            elif share is not None:
                yield from _share(stated, row, share.group("whole"))
            continue
        if _BALANCE.search(one.label):
            yield from _balance(stated, row)
            continue
        source = _FROM.match(one.label)
        if source is not None and source.group("rest"):
            yield from _sources(stated, row)
            continue
        changed, posts = _CHANGED.fullmatch(one.label), _OPEN_POSTS.search(one.label)
        if changed is not None:
            rising = changed.group("more") or stated.quantity.value[row] < 0  # a decrease may be read as negative
            yield from _change(stated, row, 1 if rising else -1)
        elif posts is not None:
            yield from _open_posts(stated, row, -1 if posts.group("over") else 1)


def _before(stated: Stated, row: int) -> list[int]:
    """The exact figures before one in its sentence, the nearest last."""
    one = stated.rows[row]
    earlier = range(max(0, row - _MOST), row)
    return [
        other
        for other in earlier
        if (stated.rows[other].passage, stated.rows[other].start) == (one.passage, one.start)
        and stated.rows[other].exactness == EXACT
        and stated.quantity.known[other]
    ]


def _change(stated: Stated, row: int, sign: int) -> Iterator[Finding]:
    """本年64万元，较年初148万元减少84万元."""
    before = [other for other in _before(stated, row) if stated.rows[other].unit == stated.rows[row].unit]
    if len(before) < 2 or before[-2:] != [row - 2, row - 1] or _COMPARED.match(stated.rows[row - 1].label) is None:
        return
    ways = [_difference(stated, other, row - 1, sign) for other in before[:-1]]
    yield from _unexplained(stated, row, ways, row - 2, row - 1)


def _open_posts(stated: Stated, row: int, sign: int) -> Iterator[Finding]:
    """编制112个，实有104人，空编8个: one number of posts, and one of staff."""
    before = _before(stated, row)
    posts = [other for other in before if _POSTS.search(stated.rows[other].label)]
    staff = [other for other in before if _STAFF.search(stated.rows[other].label)]
    if len(posts) == len(staff) == 1:
        ways = [_difference(stated, posts[0], staff[0], sign)]
        yield from _unexplained(stated, row, ways, posts[0], staff[0])


def _balance(stated: Stated, row: int) -> Iterator[Finding]:
    """收入80万元，支出78万元，收支相抵结余2万元, where nothing was left over before."""
    before = _before(stated, row)
    income, spending = (
        [other for other in before if said.search(stated.rows[other].label)] for said in (_INCOME, _SPENDING)
    )
    if len(before) == 2 and len(income) == len(spending) == 1 and not _CARRIED.search(_sentence(stated, row)):
        yield from _unexplained(stated, row, [_difference(stated, income[0], spending[0], 1)], income[0], spending[0])


def _sources(stated: Stated, row: int) -> Iterator[Finding]:
    """总计168万元，来自财政的有160万元，来自其他渠道的有8万元."""
    before, unit = _before(stated, row), stated.rows[row].unit
    parts = [other for other in before if _FROM.match(stated.rows[other].label)]
    if not parts or parts != list(range(parts[0], row)) or parts[0] - 1 not in before:
        return
    if {stated.rows[other].unit for other in before[-len(parts) - 1 :]} != {unit} or unit == _PERCENT:
        return
    whole = stated.at(np.array([parts[0] - 1], np.intp))
    rest = q.Columns(1).subtract(whole, _added(stated, parts))
    yield from _unexplained(stated, row, [rest], parts[0] - 1, parts[-1])


def _sentence(stated: Stated, row: int) -> str:
    one = stated.rows[row]
    return stated.passage(row).text[one.start : one.end]


def _share(stated: Stated, row: int, whole: str) -> Iterator[Finding]:
    """申请补助2160万元，占总投资的44.44%, where the sentence has one figure that is called so."""
    words, rows = phrases(), stated.rows
    amounts = [other for other in _before(stated, row) if rows[other].unit in words.units]
    named = [other for other in amounts if rows[other].label.rstrip("为共达是约： ").endswith(whole)]
    if len(named) != 1 or len(amounts) < 2 or amounts[-1] != row - 1 or amounts[-1] == named[0]:
        return
    parts = [other for other in amounts if other != named[0]]
    tops = [[other] for other in parts] + [list(pair) for pair in combinations(parts, 2)] + [parts]
    below = stated.at(np.array([named[0]], np.intp))
    ways = [q.Columns(1).divide(_added(stated, top), below) for top in tops]
    yield from _unexplained(stated, row, ways, row - 1, named[0])


def _share_of_figure(stated: Stated, row: int) -> Iterator[Finding]:
    """建成1.6万亩，占任务2万亩的80%."""
    before, rows = _before(stated, row), stated.rows
    if before[-2:] != [row - 2, row - 1] or re.search("占(?!比)", rows[row - 1].label) is None:
        return
    parts = [other for other in before[:-1] if rows[other].unit == rows[row - 1].unit]
    whole = stated.at(np.array([row - 1], np.intp))
    tops = [[other] for other in parts] + [list(pair) for pair in combinations(parts, 2)] + [parts]
    if row - 2 in parts:
        ways = [q.Columns(1).divide(_added(stated, top), whole) for top in tops]
        yield from _unexplained(stated, row, ways, row - 2, row - 1)


def _share_of_sum(stated: Stated, row: int) -> Iterator[Finding]:
    """收入42万元，其中财政拨款40万元、利息2万元，占4.76%: of the sum of which the amount before it is a part."""
    before, part_of = _before(stated, row), stated.rows[row - 1].part_of if row else -1
    if before[-1:] != [row - 1] or part_of not in before:
        return
    wholes = [other for other in before[:-1] if stated.rows[other].unit == stated.rows[row - 1].unit]
    part = _added(stated, [row - 1])
    ways = [q.Columns(1).divide(part, _added(stated, [whole])) for whole in wholes]
    if any(_unexplained(stated, row, ways, row - 1, int(part_of))):
        of_sum = q.Columns(1).divide(part, _added(stated, [int(part_of)]))
        yield from _unexplained(stated, row, [of_sum], row - 1, int(part_of))


def _added(stated: Stated, rows: list[int]) -> q.Quantity:
    return q.total_by(np.zeros(len(rows), np.intp), 1, stated.at(np.array(rows, np.intp)))


def _difference(stated: Stated, first: int, second: int, sign: int) -> q.Quantity:
    one, other = (stated.at(np.array([place], np.intp)) for place in (first, second))
    columns = q.Columns(1)
    return columns.subtract(one, other) if sign > 0 else columns.subtract(other, one)


def _unexplained(stated: Stated, row: int, ways: list[q.Quantity], first: int, second: int) -> Iterator[Finding]:
    figure, kind = stated.at(np.array([row], np.intp)), stated.kind(row)
    if all(way.known[0] and beyond(figure, way, "=", kind)[0] > 0 for way in ways):
        nearest: Decimal = min((way.value[0] for way in ways), key=lambda due: abs(due - stated.quantity.value[row]))
        yield contradiction(
            _WORKED_OUT, stated, row, nearest, one=_worded(stated, first), other=_worded(stated, second)
        )


def _worded(stated: Stated, row: int) -> str:
    return f"{label(stated, row)}{stated.rows[row].printed}"
