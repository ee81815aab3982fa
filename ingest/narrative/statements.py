"""A paragraph → what its sentences state. What is not sure to speak of an item is not taken."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gouji.ingest.narrative.phrases import ITEM, phrases
from gouji.ingest.narrative.sentence import Told
from gouji.ingest.narrative.statement import COUNT, Statement
from gouji.ingest.narrative.walk import Walk

_SENTENCE = re.compile(r"[^。！!？?\n\r]+")
_WIDTHS = str.maketrans(
    "０１２３４５６７８９．％（）　＞＜", "0123456789.%() ><", "\u200b\ufeff"
)  # a comma of full width never groups digits
_TELLING = re.compile(r"\d|没有|发生|无|等[次级]|评价结")
"""Other sentences state nothing."""
_STANDARD = re.compile(r"(?<!自评)[得计扣加]\s?\d+(?:\.\d+)?分|满分|扣完为止")
"""In sentences that say how points are given the figures are nobody's."""
_SCORES = re.compile(r"(?:合计|共计|总计|总|(?P<named>自评|综合|最终)总?)(?:得分?|分)?[为是]?\s?\d+(?:\.\d+)?分")
"""What the parts of a score add up to."""
_PARTS = ("其中", "包括")
_PLAIN_HEADING = re.compile(
    r"(?:[(（]?[一二三四五六七八九十\d]{1,3}[)）、.．]?)?(?:[单部]位?门?|人员|机构|编制|预算|决算|收支|收入|支出|资金|整体|基本|总体|绩效|自评"
    r"|“?三公”?经费|[执运]行|使用|管理|安排|到位|构成|结余|结论|结果|得分|等[级次]|情况|概况|分析|及|和|与|的){1,8}"
)
"""A heading that leaves open nothing of what the sentences behind it are."""
_CONDITION = re.compile(
    r"每|(?<![细规原准])则|若|如|[未不低高小大]|以[上下内]|达到|满分|标准|之间|[≥≤<>~～—-]|的[，,]?扣|扣完"
)
_PROJECT = re.compile(r"项目|工程|经费|补助|补贴|专项")
"""In a heading: what the text behind speaks of is one thing of several."""
_NUMBERING = re.compile(r"\s*(?:[一二三四五六七八九十]{1,3}、|\d{1,2}[、.．](?!\d)|\([一二三四五六七八九十\d]{1,3}\))")
_BAND = re.compile(r"分[^，。；]{0,6}以[上下]")
_BRACKETED = re.compile(r"[(][^()]*[)]")
_DEEPEST = 3
_LEAD = re.compile(r"\s*(?:从|按|根据|依据|对照|综合|结合|经)[^，：。；、“”\d]{1,25}[，：]")
"""What a sentence only begins with: from what, by what it is said."""


def statements(
    paragraph: str, *, year: int | None = None, project: bool = False, name: str = "", heading: str = ""
) -> list[Statement]:
    """All that the sentences of a paragraph state, in time linear in its length.

    `year`: the year that it reports on; `project`: whether it reports on one project; `name`: that project's name;
    `heading`: the line before it, where that is a heading.
    """
    found: list[Statement] = []
    before, headed, lost, whole = "", "", _PROJECT.search(heading) is not None, None
    texts = list(sentences(paragraph))
    for (start, written), (_, after) in zip(texts, [*texts[1:], (0, "")], strict=False):
        if _TELLING.search(written) is not None and not _is_standard(written):
            span = (start, start + len(written))
            walk = Walk(
                _unled(written, name),
                written,
                Told(span, len(found), year, project, before, lost, whole, _parts_of(after), headed),
            )
            stated = walk.statements()
            found += stated
            whole = stated[0] if len(stated) == 1 else None
            before = _spoken_of(found)
            lost |= walk.lost
            headed = ""
        else:
            headed = _headed(written)
            lost, whole = lost or _PLAIN_HEADING.fullmatch(written.strip()) is None, None
    return found


def _spoken_of(found: list[Statement]) -> str:
    """The item that the last statements are of; of parts that were listed, that of their sum."""
    last = next((one for one in reversed(found[-8:]) if one.item != COUNT), None)
    if last is None:
        return ""
    whole = found[last.part_of] if last.part_of >= 0 else last
    return whole.item if whole.item != COUNT else last.item


def _headed(written: str) -> str:
    """The item that is all that a sentence names (四、“三公”经费。); blank where it names none."""
    numbering = _NUMBERING.match(written)
    return phrases().words[ITEM].get(written[0 if numbering is None else numbering.end() :].strip(), "")


def _parts_of(after: str) -> str:
    """The sentence behind another, where it goes on with its parts."""
    return after if after.strip().startswith(_PARTS) else ""


def sentences(paragraph: str) -> Iterator[tuple[int, str]]:
    """Where each sentence begins, and its text with digits and brackets of one width, character for character."""
    for sentence in _SENTENCE.finditer(paragraph):
        yield sentence.start(), sentence.group().translate(_WIDTHS)


def _is_standard(written: str) -> bool:
    """Whether a sentence says how points are given, other than in brackets; 扣0.4分 alone says that they were."""
    written = _without_brackets(written)
    given = _STANDARD.findall(written)
    if _tells_scores(written) and _CONDITION.search(written) is None:
        return False
    return bool(given) and (len(given) > 1 or not given[0].startswith("扣") or _CONDITION.search(written) is not None)


def _without_brackets(written: str) -> str:
    """A sentence with blanks for what stands in brackets, and for brackets in these."""
    for _ in range(_DEEPEST):
        written = _BRACKETED.sub(lambda match: " " * len(match.group()), written)
    return written


def _tells_scores(written: str) -> bool:
    """Whether a sentence tells what the parts of a score came to, and then what they add up to."""
    scored = [score for score in _STANDARD.finditer(written) if score.group().startswith("得")]
    total = _SCORES.search(written)
    if not scored or total is None:
        return False
    return total.start() >= scored[:2][-1].end() and (len(scored) > 1 or total.group("named") is not None)


def _unled(written: str, name: str) -> str:
    """A sentence with blanks for what only leads to it, and for the name of the project that it reports on."""
    numbered = _NUMBERING.match(written)
    start = 0 if numbered is None else numbered.end()
    lead = _LEAD.match(written, start)
    start = start if lead is None else lead.end()
    text = " " * start + written[start:]
    if _STANDARD.search(text) is not None or _BAND.search(text) is not None:
        text = _without_brackets(text)  # 决策（满分20分）得18分；（90分以上为“优”）
    return text.replace(name, " " * len(name)) if name else text
