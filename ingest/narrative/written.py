"""Every figure that a paragraph writes, with its unit and the words around it: what its own arithmetic is made of.

Unlike `statements` nothing is asked of what a figure is of. Dates, numbering, ordinals and ranges are no figures.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from gouji.ingest.narrative.phrases import phrases
from gouji.ingest.narrative.statements import sentences
from gouji.templates.exact import places, shift
from gouji.templates.precision import half_width

MONEY, PERCENT, POINTS, SCORE = "万元", "%", "百分点", "分"
"""The units of money (whatever is written), of shares and rates, of their differences, and of scores."""
MONTHS = 12
_MOST = 400
"""Figures of a paragraph that are looked at."""
_SCALES = {"十": 1, "百": 2, "千": 3, "万": 4, "亿": 8}
_NO_FIGURE = re.compile(
    r"(?:(?:19|20)\d\d[—－\-~～至到]{1,2})?(?:19|20)\d\d年?度?[—－\-~～至到]{1,2}(?:19|20)?\d\d年度?|(?:19|20)\d\d年度?"
    r"|\d{1,2}[—－\-~～至到]\d{1,2}月(?!均)|\d{1,2}月(?:\d{1,2}日|份|底|末|初|中旬)?(?!均)"
    r"|(?<![\d.])\d{1,2}日|〔\d+〕\d*|\[\d{4}\]\d*|第\d+|\d{1,2}[:：]\d{1,2}(?!\d)|[“\"]\d+[”\"]"
    r"|\d+(?:\.\d+)?(?:%|分|万元|元)?(?:[(]不?含[)])?[—－\-~～至到]\d+(?:\.\d+)?"
    r"|\d+(?:周岁|岁|届|层|楼|号|年|KW|kW|kV|KV|mm|km2)|[A-Za-z]+\d+|\d+[A-Za-z]+"
    r"|(?:(?<=^)|(?<=[。；;：:\n，]))\s*(?:\d{1,2}[.．、](?!\d)|[(]\d{1,2}[)]\s?)|^\s*\d{1,2}[.．、](?!\d)|[(]\d{1,2}[)]"
)
"""Years, dates, ranges, ages, numbers of documents, numbering."""
_BOUND_BEFORE = re.compile(
    r"(?:不低于|不少于|不超过|不高于|不足|不到|超过|(?<!彩)超|逾|至少|最多|大于|小于|高于|低于|多于|少于|[≥≤≧≦><])$"
)
_ABOUT_BEFORE = re.compile(r"(?:大约|约为|约|近|将近|接近|大概)$")
_ABOUT_AFTER = re.compile(r"(?:[(]不?含[)])?(?:左右|余|多(?!支|收|出|\d)|上下|以上|以下|以内|及以上)")
_MARKS = re.compile(r"(?<!\d)[,:;]|[,:;](?!\d)")
_FULL_WIDTH = {",": "，", ":": "：", ";": "；"}
"""Marks of half width, as the words around figures know them; between digits they may be part of a number."""
_BRACKETED = re.compile(r"[(][^()]*[)]")
_BREAK = re.compile(r"[，,、；;：:()]")


@dataclass(frozen=True, slots=True)
class Written:
    """One figure. `number`: its place among those of the paragraph; `start`, `end`: where it stands, unit included;
    `sentence`: the number of its sentence, `part`: of the part of it that ； ends; `depth`: in how many brackets.

    `value`, `half`: in 万元, as a fraction, or as counted, and half a unit of the last place shown (0 for a count);
    `unit`: `MONEY`, `PERCENT`, `POINTS`, `SCORE`, a measure word, or blank. `exact`: neither 约 nor a bound.
    `before`: the words since the figure before it in the sentence; `after`: those up to the next break or figure.
    """

    number: int
    start: int
    end: int
    sentence: int
    part: int
    depth: int
    value: Decimal
    half: Decimal
    unit: str
    printed: str
    exact: bool
    before: str
    after: str

    @property
    def clause(self) -> str:
        """The words before it that belong to no earlier clause, without what stands in brackets."""
        return _BREAK.split(_BRACKETED.sub("", self.before))[-1]


@dataclass(frozen=True)
class Paper:
    """The figures of a paragraph, and where each of its sentences begins and ends."""

    text: str
    figures: tuple[Written, ...]
    spans: tuple[tuple[int, int], ...]


@lru_cache(maxsize=4096)
def written(paragraph: str) -> Paper:
    """The figures of a paragraph in their order, in time linear in its length."""
    found: list[Written] = []
    spans = []
    part = 0
    for number, (start, told) in enumerate(sentences(paragraph)):
        spans.append((start, start + len(told)))
        part += 1
        sentence = _MARKS.sub(lambda match: _FULL_WIDTH[match.group()], told)
        masked = _NO_FIGURE.sub(lambda match: "〇" * len(match.group()), sentence)
        last, depth = 0, 0
        for match in _figure().finditer(masked):
            between = masked[last : match.start()]
            depth = max(depth + between.count("(") - between.count(")"), 0)
            part += between.count("；") + between.count(";")
            found.append(_read(sentence, masked, match, last, (len(found), start, number, part, depth)))
            last = match.end()
            if len(found) == _MOST:
                return Paper(paragraph, tuple(found), tuple(spans))
    return Paper(paragraph, tuple(found), tuple(spans))


def _read(sentence: str, masked: str, match: re.Match[str], last: int, at: tuple[int, ...]) -> Written:
    place, start, number, part, depth = at
    before = sentence[last : match.start()]
    rest = masked[match.end() :]
    stop = re.search(r"[，,、；;：:()\d]", rest)
    after = rest if stop is None else rest[: stop.start()]
    digits = Decimal(match["number"].replace(",", ""))
    scale = _SCALES.get(match["scale"] or "", 0)
    unit, power, rounded = match["unit"] or "", scale, bool(scale)
    if match["money"]:
        unit, power, rounded = MONEY, phrases().units.get(match["money"], 0), True
    elif match["percent"]:
        unit, power, rounded = (PERCENT if match["percent"] == "%" else POINTS), -2, True
    elif match["score"]:
        unit, power, rounded = SCORE, 0, False
    shown = places(digits) - power
    value = shift(digits, power)
    about = _ABOUT_BEFORE.search(before.rstrip("为 ")) or _ABOUT_AFTER.match(rest) or match["rough"]
    bound = _BOUND_BEFORE.search(before.rstrip("为 "))
    rounded = places(digits) > 0 if scale else rounded  # 2万亩 is that many; 1.6万亩 may be a little more
    half = half_width(value, shown, about=False) if (rounded or places(digits)) and unit != SCORE else Decimal(0)
    return Written(
        place, start + match.start(), start + match.end(), number, part, depth, value, half, unit,
        sentence[match.start() : match.end()], not (about or bound), before, after,
    )  # fmt: skip


@lru_cache(maxsize=1)
def _figure() -> re.Pattern[str]:
    """A number with the unit behind it."""
    words = "|".join(map(re.escape, sorted(phrases().measure_words, key=len, reverse=True)))
    return re.compile(
        r"(?<![\d.])(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?![\d.]*\d)\s?(?P<rough>余|多)?"
        r"(?:(?P<percent>%|个百分点|百分点)|(?P<money>亿元|万元|千元|元|亿|万(?!\s?[余多]?(?:" + words + r")))"
        r"|(?P<score>分(?![钟之别类批配为担年布项期]))|(?P<scale>[十百千万亿])?[余多]?(?P<unit>" + words + r")?)"
    )
