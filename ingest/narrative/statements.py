"""A paragraph → what its sentences state. What is not sure to speak of an item is not taken."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal

from gouji.ingest.narrative import phrases as p
from gouji.ingest.narrative.phrases import Phrases, phrases
from gouji.templates.exact import figure, places, shift

COUNT = "数量"
"""The item of a figure that only stands for itself: what sums, rates and growths of the same sentence are made of."""
PLANNED, CHANGE, GROWTH, SHARE, COMPLETION = "预算", "增减额", "增减率", "占比", "完成率"
AGAINST_PLAN = "比预算"
LAST_YEAR, _ANOTHER = "上年", "别的年度"
"""What a change is counted from, beside the plan."""
RATE = "比率"
EXACT, ABOUT, BOUND = "", "约", "界限"
PROJECT_FUNDS = "项目资金"
NONE_SAID = "没有"
"""Printed of a sum of which a sentence says that there is none."""
SATISFACTION = "满意度"
_ANYBODY = {SATISFACTION}
_FUNDS = {"财政拨款", "财政拨款支出", "财政拨款收入", "一般公共预算财政拨款"}
"""Behind another item they say of which money, and are no item."""
_BEHIND = {*_FUNDS, "支出合计", "收入合计"}
"""Words that say nothing new right behind another item (三公经费支出合计)."""
_PERCENT = "%"
_POINTS = ("个百分点", "百分点")
_LEVEL = {"、": 0, "，": 1, ",": 1, "；": 2, ";": 2}
_SENTENCE = re.compile(r"[^。！!？?\n\r]+")
_WIDTHS = str.maketrans(
    "０１２３４５６７８９．％（）　＞＜", "0123456789.%() ><", "\u200b\ufeff"
)  # a comma of full width never groups digits
_TELLING = re.compile(r"\d|没有|发生|无|等[次级]|评价结")
"""Other sentences state nothing."""
_STANDARD = re.compile(r"[得计扣加]\s?\d+(?:\.\d+)?分|满分|扣完为止")
"""In sentences that say how points are given the figures are nobody's."""
_MOST_LABEL = 30
_LEAST_MONEY, _LEAST_COUNTS = 2, 3
"""Parts with 、 between them behind 其中 that make up an enumeration."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One figure of a sentence. `number`: its place in the paragraph; `start`, `end`: its sentence in the paragraph.

    `value`: 万元, a fraction, or as counted, a decrease negative; `decimals`: those that it shows, in that unit.
    `exactness`: `约` (左右, 近 …) or `界限` (不低于, 以上 …). `year`: None where the sentence names none. `subject`:
    whose figure the sentence says it is, blank for the unit's own; `funds`: of which money (财政拨款), blank for all.
    `label`: the words before it.
    `of`, `against`: numbers of the statements that a share, a growth or a rate is worked out from; -1 for none.
    `part_of`: the number of the sum that it is a part of, `complete`: whether all its parts are listed.
    """

    number: int
    start: int
    end: int
    item: str
    aspect: str
    year: int | None
    value: Decimal
    unit: str
    printed: str
    decimals: int
    exactness: str = EXACT
    subject: str = ""
    funds: str = ""
    label: str = ""
    of: int = -1
    against: int = -1
    part_of: int = -1
    complete: bool = False

    @property
    def name(self) -> str:
        """Item and aspect (`三公经费.预算`)."""
        return f"{self.item}.{self.aspect}" if self.aspect else self.item


def statements(paragraph: str, *, year: int | None = None, project: bool = False) -> list[Statement]:
    """All that the sentences of a paragraph state, in time linear in its length.

    `year`: the year that it reports on; `project`: whether it reports on one project.
    """
    found: list[Statement] = []
    before = ""
    for start, text in sentences(paragraph):
        if _TELLING.search(text) is not None and _STANDARD.search(text) is None:
            found += _Walk(text, (start, start + len(text)), len(found), year, project, before).statements()
            before = next((one.item for one in reversed(found[-8:]) if one.item != COUNT), "")
    return found


def sentences(paragraph: str) -> Iterator[tuple[int, str]]:
    """Where each sentence begins, and its text with digits and brackets of one width, character for character."""
    for sentence in _SENTENCE.finditer(paragraph):
        yield sentence.start(), sentence.group().translate(_WIDTHS)


@dataclass
class _List:
    """A sum and its parts while they are read."""

    total: int
    unit: str
    complete: bool
    parts: list[int] = field(default_factory=list)
    level: int | None = None
    open: bool = True


@dataclass
class _Speaking:
    """What the sentence speaks of at a place: brackets keep it and give it back. `named`: whether it named anything
    since its last figure, without which a further one (，合计150万元) is another thing's."""

    item: str = ""
    aspect: str = ""
    subject: str = ""
    funds: str = ""
    base: int = -1
    since: str = ""
    sign: int = 0
    share: bool = False
    whole: str = ""
    completion: bool = False
    guarded: bool = False
    named: bool = False
    among: str | None = None
    listing: _List | None = None


class _Walk:
    """One sentence, token by token."""

    def __init__(
        self, text: str, span: tuple[int, int], first: int, year: int | None, project: bool, before: str
    ) -> None:
        self._text, self._span, self._first = text, span, first
        self._reported, self._project, self._before = year, project, before
        self._year: int | None = None
        self._partial = self._others = False
        self._words: Phrases = phrases()
        self._now = _Speaking()
        self._kept: list[_Speaking] = []
        self._found: list[Statement] = []
        self._lists: list[_List] = []
        self._end = self._label_from = 0
        self._level = -1
        self._previous = ""

    def statements(self) -> list[Statement]:
        for token in self._words.tokens.finditer(self._text):
            kind = str(token.lastgroup)
            gap = self._text[self._end : token.start()]
            loose = bool(self._words.filler.sub("", gap)) if gap else False
            _MEETING[kind](self, token, gap, loose)
            self._end, self._previous = token.end(), kind
        return list(self._with_lists())

    # ---- what the sentence speaks of ------------------------------------------------------------------

    def _date(self, token: re.Match[str], gap: str, loose: bool) -> None:
        self._partial |= not token.group().endswith(("12月31日", "12月", "12月底"))

    def _year_named(self, token: re.Match[str], gap: str, loose: bool) -> None:
        self._year = int(token.group()[:4])
        self._others, self._now.guarded, self._now.named = False, self._now.guarded and not self._others, True
        if loose:
            self._now = _Speaking(subject=self._institution(gap) or "", guarded=self._now.guarded)

    def _item(self, token: re.Match[str], gap: str, loose: bool) -> None:
        now, name = self._now, self._meaning(token.group())
        funds = "财政拨款" if now.item in _FUNDS and self._previous == p.ITEM and not loose else ""
        if now.share:
            now.whole = name
            return
        if name in _BEHIND and self._previous == p.ITEM and not gap:
            return
        if not name:
            self._drop()
            return
        institution = self._institution(gap) if loose else now.subject
        if loose and institution is None and name not in _ANYBODY:
            self._drop()
            return
        if now.among is not None and name not in (*self._words.parts.get(now.among, ()), *_ANYBODY, "执行率"):
            self._drop()
            return
        pending = now.aspect if self._previous == p.ASPECT and not loose else ""
        if name == "执行率" and now.item in self._words.money and not loose:
            now.aspect = name
            return
        since = now.since if self._previous == p.SINCE and not loose else ""  # 较上年项目支出200万元减少50万元
        now.item, now.aspect, now.subject, now.funds = name, pending, institution or "", funds
        now.base, now.since, now.sign, now.completion, now.named = -1, since, 0, False, True

    def _aspect(self, token: re.Match[str], gap: str, loose: bool) -> None:
        if loose:
            self._drop()
        self._now.aspect, self._now.named = self._words.words[p.ASPECT][token.group()], True

    def _since(self, token: re.Match[str], gap: str, loose: bool) -> None:
        if loose:
            self._drop()
        start = token.group("from") or LAST_YEAR
        year = self._year or self._reported
        if start[0].isdigit():
            last = year is not None and int(start[:4]) == year - 1
            self._now.since = LAST_YEAR if last else _ANOTHER
        else:
            self._now.since = self._words.words[p.SINCE].get(start, LAST_YEAR)

    def _rise(self, token: re.Match[str], gap: str, loose: bool) -> None:
        self._now.sign = 0 if loose else 1

    def _fall(self, token: re.Match[str], gap: str, loose: bool) -> None:
        self._now.sign = 0 if loose else -1

    def _share(self, token: re.Match[str], gap: str, loose: bool) -> None:
        self._now.share, self._now.whole = not loose, ""

    def _completion(self, token: re.Match[str], gap: str, loose: bool) -> None:
        self._now.completion = not loose

    def _guard(self, token: re.Match[str], gap: str, loose: bool) -> None:
        self._now.guarded = True

    def _others_named(self, token: re.Match[str], gap: str, loose: bool) -> None:
        self._now.guarded = self._others = True  # until the sentence names a year, or comes to something new

    def _none(self, token: re.Match[str], gap: str, loose: bool) -> None:
        after = self._words.tokens.search(self._text, token.end())
        item = "" if after is None or after.group(p.ITEM) is None else self._meaning(after.group())
        if item and not self._now.guarded and not self._partial:
            self._add(item, "", Decimal(0), "万元", NONE_SAID, 0, EXACT)

    def _grade(self, token: re.Match[str], gap: str, loose: bool) -> None:
        if self._now.item == "等次" and not loose and not self._now.guarded:
            self._add("等次", "", Decimal(0), "", token.group(), 0, EXACT)
            self._drop()

    # ---- sums -----------------------------------------------------------------------------------------

    def _some(self, token: re.Match[str], gap: str, loose: bool) -> None:
        self._begin_list(loose, complete=False)
        if not token.start():
            self._now.among = self._before

    def _all(self, token: re.Match[str], gap: str, loose: bool) -> None:
        self._begin_list(loose and gap != "的", complete=True)

    def _begin_list(self, loose: bool, *, complete: bool) -> None:
        base = self._now.base
        total = None if loose or base < 0 else self._found[base]
        among = "" if total is None else total.item
        listing = None if total is None else _List(base, total.unit, complete)
        kept = base if self._text[self._end :].startswith("(") else -1  # 4.5万元（比上年减少0.3万元）
        self._now = _Speaking(among=among, listing=listing, guarded=self._now.guarded, base=kept)
        self._level = -1
        if listing is not None:
            self._lists.append(listing)

    def _break(self, token: re.Match[str], gap: str, loose: bool) -> None:
        mark = token.group()
        if mark == "(":
            self._kept.append(self._now)
            self._begin_list(loose, complete=False)
            self._label_from = token.end()
        elif mark == ")":
            self._now = self._kept.pop() if self._kept else _Speaking()
        else:
            self._level = max(self._level, _LEVEL.get(mark, 1))
            now = self._now
            if loose:
                self._drop()
            if mark != "、":
                self._now.guarded = self._others = self._others and _LEVEL.get(mark, 1) < 2
                self._label_from = token.end()
            if _LEVEL.get(mark, 1) == 2:
                self._now = _Speaking(among=now.among, listing=now.listing)

    def _with_lists(self) -> Iterator[Statement]:
        told = [one for one in self._lists if len(one.parts) > 1 and (one.complete or self._enumerates(one))]
        part_of = {part: (one.total, one.complete) for one in told for part in one.parts}
        for at, one in enumerate(self._found):
            total, complete = part_of.get(at, (None, False))
            yield one if total is None else replace(one, part_of=self._first + total, complete=complete)

    def _enumerates(self, listing: _List) -> bool:
        """Whether what stands behind 其中 divides the sum: 其中网上800件，当场办结600件 may be the same ones."""
        least = _LEAST_MONEY if _money(listing.unit, self._words) else _LEAST_COUNTS
        return listing.level == 0 and len(listing.parts) >= least

    def _list_part(self, at: int, after: str) -> None:
        listing, one = self._now.listing, self._found[at]
        if listing is None or not listing.open:
            return
        if one.unit != listing.unit or one.exactness or not one.label.strip("：: "):
            listing.open = one.unit != listing.unit and listing.open
            return
        if listing.parts:
            listing.level = self._level if listing.level is None else listing.level
            if self._level > listing.level:
                listing.open = False
                return
        listing.parts.append(at)
        listing.complete &= after != "等"
        self._level = -1

    # ---- figures --------------------------------------------------------------------------------------

    def _figure(self, token: re.Match[str], gap: str, loose: bool) -> None:
        number = figure(token.group("number").replace("−", "-").replace("－", "-"))
        unit = token.group("unit")
        if number is None:
            self._drop()
            return
        label = self._text[self._label_from : token.start()][-_MOST_LABEL:]
        self._label_from = token.end()
        value, decimals = _in_base_unit(number, unit, self._words)
        printed = token.group("number") + unit
        exactness = self._exactness(token)
        item, aspect, of, against, sign = self._meant(unit, loose, label)
        compared = self._now.since and not self._now.sign and not loose
        at = self._add(item, aspect, value * sign, unit, printed, decimals, exactness, label, of, against)
        if compared:
            return
        if aspect in (CHANGE, GROWTH, SHARE, COMPLETION, RATE) or aspect.startswith(AGAINST_PLAN) or unit == _PERCENT:
            self._now.sign, self._now.share, self._now.completion = 0, False, False
            return
        self._list_part(at, self._text[token.end() : token.end() + 1])
        now = self._now
        now.item = now.item if item != COUNT else ""
        now.aspect, now.base, now.since, now.sign = "", at, "", 0
        now.share = now.completion = now.named = False

    def _meant(self, unit: str, loose: bool, label: str) -> tuple[str, str, int, int, int]:
        """Item, aspect, of, against and sign of the figure that comes now."""
        now = self._now
        if unit in _POINTS or (now.share and unit != _PERCENT):
            return COUNT, "", -1, -1, 1
        base = self._found[now.base] if now.base >= 0 else None
        counted = now.item or (base.item if base is not None else "")
        if now.since and not now.sign and not loose:
            return self._compared(counted)
        of_plan = now.aspect == PLANNED or (base is not None and base.aspect == PLANNED)
        if of_plan and now.sign and now.since == LAST_YEAR:
            return COUNT, "", -1, -1, 1  # 三公经费预算比上年减少 says nothing of what was spent
        if now.sign and now.since in (LAST_YEAR, PLANNED) and not loose and counted:
            kind = GROWTH if unit == _PERCENT else CHANGE
            whole = AGAINST_PLAN if now.since == PLANNED else ""
            if kind == GROWTH or base is None or unit == base.unit or _money(unit, self._words):
                return self._sure(counted), whole + kind, now.base, self._last(counted, PLANNED), now.sign
        if unit == _PERCENT:
            return self._percentage(loose, label)
        if not now.item or not now.named or loose or now.sign:
            return COUNT, "", -1, -1, 1
        return self._own(unit)

    def _compared(self, item: str) -> tuple[str, str, int, int, int]:
        """A figure right behind what a change is counted from (较上年1100万元增加…): last year's, or the plan's."""
        known = item in self._words.money and self._now.since != _ANOTHER
        return (self._sure(item), self._now.since, -1, -1, 1) if known else (COUNT, "", -1, -1, 1)

    def _percentage(self, loose: bool, label: str) -> tuple[str, str, int, int, int]:
        now = self._now
        base = self._found[now.base] if now.base >= 0 else None
        if now.completion and now.item and not loose:
            return self._sure(now.item), COMPLETION, self._last(now.item, ""), self._last(now.item, PLANNED), 1
        if now.share and now.whole and base is not None and base.item != COUNT:
            return self._sure(base.item), SHARE, now.base, self._last(now.whole, ""), 1
        if now.aspect == "执行率" and now.item and not loose:
            spent = self._last(now.item, "支出")
            return self._sure(now.item), "执行率", spent, self._last(now.item, PLANNED), 1
        if now.item in ("执行率", SATISFACTION) and not loose and not now.sign:
            return self._sure(now.item), "", -1, -1, 1
        return COUNT, RATE if _rate(label) else "", -1, -1, 1

    def _own(self, unit: str) -> tuple[str, str, int, int, int]:
        item, aspect = self._now.item, self._now.aspect
        if item in self._words.money and _money(unit, self._words):
            if item in (PROJECT_FUNDS, "县级资金"):
                aspect = aspect or PLANNED
            elif aspect == "支出" and item not in self._words.planned_or_spent:
                aspect = ""
            return self._sure(item), aspect, -1, -1, 1
        if unit in self._words.counted.get(item, ()) or (item == "自评得分" and unit == "分"):
            return self._sure(item), "", -1, -1, 1
        return COUNT, "", -1, -1, 1

    def _sure(self, item: str) -> str:
        """The item, unless the clause speaks of plans, of others, of a part of the year or of a later one."""
        later = self._year is not None and self._reported is not None and self._year > self._reported
        return COUNT if self._now.guarded or self._partial or later else item

    def _last(self, item: str, aspect: str) -> int:
        """The last statement of the sentence about an item; -1 where there is none."""
        for at in range(len(self._found) - 1, max(-1, len(self._found) - 40), -1):
            one = self._found[at]
            if one.item == item and one.aspect == aspect:
                return at
        return -1

    def _exactness(self, token: re.Match[str]) -> str:
        words = {token.group("before"), token.group("after"), token.group("rough")}
        if words & self._words.bound:
            return BOUND
        return ABOUT if words - {None} else EXACT

    def _add(
        self, item: str, aspect: str, value: Decimal, unit: str, printed: str, decimals: int, exactness: str,
        label: str = "", of: int = -1, against: int = -1,
    ) -> int:  # fmt: skip
        at = len(self._found)
        of, against = (self._first + one if one >= 0 else -1 for one in (of, against))
        now = self._now
        told = Statement(
            self._first + at, *self._span, item, aspect, self._year, value, unit, printed, decimals, exactness,
            now.subject, now.funds, label, of, against,
        )  # fmt: skip
        self._found.append(told)
        return at

    # ---- words ----------------------------------------------------------------------------------------

    def _drop(self) -> None:
        """From here on the sentence speaks of something unknown."""
        now = self._now
        self._now = _Speaking(among=now.among, listing=now.listing, guarded=now.guarded)

    def _meaning(self, word: str) -> str:
        """The item that a word stands for; none, where it means one only in the report of a project."""
        own = self._words.of_projects if self._project else self._words.of_units
        words = self._words.words
        whole = self._words.only_as_parts.get(word)
        if whole is not None and whole != self._now.among and all(one.item != whole for one in self._found[-8:]):
            return ""
        return own.get(word) or words[p.ITEM].get(word) or words[p.AFTER_YEAR].get(word, "")

    def _institution(self, gap: str) -> str | None:
        """Whose figures the words before an item say that they are; None where they say something else."""
        rest = self._words.subjects.sub("", self._words.filler.sub("", gap))
        if not rest or (len(rest) == 1 and rest in "一二三四五六七八九十" and gap.strip().startswith(rest)):
            return ""
        named = gap.strip().rstrip("的")
        return named if len(named) <= _MOST_LABEL and named.endswith(self._words.institutions) else None


_MEETING = {
    p.DATE: _Walk._date, p.YEAR: _Walk._year_named, p.ITEM: _Walk._item, p.ASPECT: _Walk._aspect, p.SINCE: _Walk._since,
    p.RISE: _Walk._rise, p.FALL: _Walk._fall, p.SHARE: _Walk._share, p.COMPLETION: _Walk._completion,
    p.GUARD: _Walk._guard, p.OTHERS: _Walk._others_named,
    p.NONE: _Walk._none, p.GRADE: _Walk._grade, p.SOME: _Walk._some, p.ALL: _Walk._all,
    p.BREAK: _Walk._break, p.FIGURE: _Walk._figure,
}  # fmt: skip
"""What each kind of token does to the walk."""


def _money(unit: str, words: Phrases) -> bool:
    return unit in words.units


def _in_base_unit(number: Decimal, unit: str, words: Phrases) -> tuple[Decimal, int]:
    """In 万元 or as a fraction, with the decimals that it then shows."""
    power = words.units.get(unit, -2 if unit == _PERCENT or unit in _POINTS else 0)
    return shift(number, power), places(number) - power


def _rate(label: str) -> bool:
    return label.rstrip("为达到是： ").endswith("率")
