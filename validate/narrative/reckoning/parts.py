"""What is listed as parts of a figure: 其中a、b、c; 包括…; （a、b）; 一是a，二是b."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gouji.ingest.narrative.written import MONEY, Written
from gouji.validate.narrative.reckoning.span import Span, sum_of
from gouji.validate.narrative.reckoning.surroundings import Surroundings

FEWEST, MOST = 2, 10
"""Parts of a sum."""
_ALL_PARTS = re.compile(r"分别|具体|包括|包含|来源|来自|构成|组成|分为|一是|：|①")
_SOME_PARTS = re.compile(r"其中|含")
_NESTED = re.compile(r"其中|(?:经费|支出|资金)中|[内含]含?(?!税)|包括")
_REST = re.compile(r"其他|其它|其余|剩余|余下|另有?")
_OTHERWISE = re.compile(
    r"^合计|共计|总计|较|比(?!例|重)|同比|(?:增加|减少|增长|下降|计划|预算|实际|完成|目标|到位)(?:了|为)?$|[算行]数$"
    r"|剔除|平均|人均|每|均$|已|支付|拨付|按|合同|累计|(?:本年|当年)(?!财政|拨款)|(?:19|20)\d\d年(?!度)"
)
"""In the clause of a figure: that it is no part, but compared, planned, paid, or of another time."""
_MORE = re.compile(r"[^，。；\d]{0,12}等|[，；、]?(?:其余|其他|剩余|另|还有)[^\d]*$")
_SATISFIED = re.compile(r"^(?:其中|表示|回答|评价)*(?:非常|很|十分|比较|较|基本|不)?满意的?$")
_IN_FULL = re.compile(r"(?:具体|分别|构成)[^，。；主]{0,6}[：:]|具体(?:是|为)")
"""That what follows is all of it."""
_MADE_UP = re.compile(r"[^，。；\d]{0,6}(?:组成|构成)")
_LEVEL = re.compile(r"(中央|自治区|省|市|州|县|区|旗)(?:本?级)?(?:财政|配套|资金|补助)*$")
_FEWEST_LEVELS = 3
_COUNT = re.compile(r"([两二三四五六七八九])(?:个?方面|项|类|部分|块|级|个?渠道|个?来源)|有([两二三四五六七八九])：")
NUMBERS = {word: number for number, word in enumerate("零一两三四五六七八九")} | {"二": 2}
_PERSONS = frozenset({"人", "名", "人次", "位"})
_WHERE = re.compile(
    r"(?:局|机关|本级|所|中心|站|院|校|处|队|馆|室|镇|乡|行政|事业|参公|工勤|门诊|急诊|小学|初中|高中"
    r"|编制|在编|自聘|聘用|编外|男|女|单位|老人|儿童)[^，、]{0,4}$"
)
"""Of persons: where they belong, and to one of them only."""
_STATE = re.compile(
    r"办|结|受理|完成|验收|开工|达标|合格|发放|享受|参[加保]|培训|检查|整改|通过|建成|改造|实施|使用|获|评|有|率"
)
"""Of things: what was done with them, which may be the same for several parts."""


def listed_behind(around: Surroundings, total: Written) -> tuple[list[Written], bool]:
    """The figures that are listed as parts of one, and whether the words say that these are all."""
    figures, first = around.figures, total.number + 1
    if first >= len(figures) or figures[first].sentence != total.sentence or figures[first].depth < total.depth:
        return [], False
    opening, bracketed = figures[first].before, figures[first].depth > total.depth
    if re.search(r"[；;]", re.split(r"一是|①", opening)[0]):
        return [], False
    every, some = _ALL_PARTS.search(opening) is not None, _SOME_PARTS.search(opening) is not None
    every |= _is_answer(figures[first]) and not _is_answer(total)
    parts = _run(around, total, bracketed=bracketed, one_part=not every and "：" not in opening)
    if not parts or goes_on(around, parts):
        return [], False
    made_up = "由" in opening and _MADE_UP.match(around.behind(parts[-1])) is not None
    if made_up or (not some and _are_levels(parts)):
        return parts, True
    if not (every or some or bracketed):
        return [], False
    rest = _REST.search(parts[-1].clause) is not None
    rest |= all(map(_is_answer, parts)) and "不满意" in parts[-1].clause
    whole = every and not some and (counted(opening, parts) or _IN_FULL.search(opening) is not None)
    return parts, rest or (bracketed and not some) or whole


def _are_levels(parts: Sequence[Written]) -> bool:
    """Whether parts are the money of all levels of government: 中央640万元，自治区157万元，县级77万元."""
    levels = [match[1] for part in parts if (match := _LEVEL.match(part.clause)) is not None]
    if not len(levels) == len(set(levels)) == len(parts) >= _FEWEST_LEVELS:
        return False
    return levels[0] == "中央" and levels[-1] in "县区旗"


def _run(around: Surroundings, total: Written, *, bracketed: bool, one_part: bool) -> list[Written]:
    """The figures of its unit behind a total, as far as the list goes; `one_part`: no further than a ；."""
    first = around.figures[total.number + 1]
    parts: list[Written] = []
    for figure in around.figures[first.number : first.number + 3 * MOST]:
        if figure.sentence != total.sentence or (bracketed and figure.depth < first.depth):
            break
        if figure.depth > first.depth or figure.unit != total.unit or (parts and is_nested(figure)):
            continue
        if is_no_part(figure) or (one_part and figure.part != total.part):
            break  # 收入80万元，含结转5万元；支出78万元
        parts.append(figure)
    return parts


def is_no_part(figure: Written) -> bool:
    """Whether the words of a figure say that it is no part of a list."""
    return not figure.exact or _OTHERWISE.search(figure.clause) is not None


def is_nested(figure: Written) -> bool:
    """Whether a figure begins a list within another."""
    return _NESTED.search(figure.before) is not None


def hold_others(parts: Sequence[Written]) -> bool:
    """Whether one of the parts is what some right behind it add up to: 基本支出80万元，人员70万元，公用10万元."""
    return any(
        sum_of(parts[at + 1 : end]).meets(Span.of(part))
        for at, part in enumerate(parts)
        for end in range(at + 3, len(parts) + 1)
    )


def outside_lists(figures: Sequence[Written]) -> list[Written]:
    """The figures that are no parts of others before them: those of a list (其中…) up to the ； that ends it are."""
    outside: list[Written] = []
    inside = -1
    for figure in figures:
        inside = figure.part if is_nested(figure) else inside
        if figure.part != inside:
            outside.append(figure)
    return outside


def is_rest(figure: Written) -> bool:
    """Whether a part is all that the others leave."""
    return _REST.search(figure.clause) is not None


def goes_on(around: Surroundings, parts: Sequence[Written]) -> bool:
    """Whether a list has more parts than it has figures: …等, 其余为…."""
    rest = around.behind(parts[-1], len(around.paper.text))
    return _MORE.match(rest) is not None or any(part.clause.rstrip("共").endswith("等") for part in parts)


def are_apart(total: Written, parts: Sequence[Written]) -> bool:
    """Whether what is listed cannot be the same twice: 30人，其中女性20人，党员15人 may be."""
    if total.unit in _PERSONS:
        return all(_WHERE.search(part.clause) for part in parts)
    return total.unit == MONEY or not any(_STATE.search(part.clause) for part in parts)


def _is_answer(figure: Written) -> bool:
    """非常满意, 满意, 不满意: the answers of those who were asked."""
    return _SATISFIED.search(figure.clause) is not None


def counted(opening: str, parts: Sequence[Written]) -> bool:
    """Whether the words before a list say how many parts it has (三个方面：)."""
    number = _COUNT.search(opening)
    return number is not None and NUMBERS[number[1] or number[2]] == len(parts)
