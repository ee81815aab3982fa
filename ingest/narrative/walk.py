"""A sentence, token by token: of what it speaks at every place, and which figures it states of that."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from gouji.ingest.narrative import phrases as p
from gouji.ingest.narrative.phrases import Phrases, phrases
from gouji.ingest.narrative.statement import (
    ABOUT,
    AGAINST_PLAN,
    ALL_INCOME,
    ALL_SPENT,
    BOUND,
    CHANGE,
    COMPLETION,
    COUNT,
    EXACT,
    EXECUTION,
    GROWTH,
    LAST_YEAR,
    NONE_SAID,
    PLANNED,
    PROJECT_FUNDS,
    RATE,
    RECEIPT,
    RECEIVED,
    SATISFACTION,
    SHARE,
    SPENT,
    Statement,
)
from gouji.ingest.narrative.sums import Listing, added_up, with_lists
from gouji.templates.exact import figure, places, shift

_ANOTHER = "别的年度"
_ANYBODY = {SATISFACTION}
_RATES = {EXECUTION: (SPENT, PLANNED), RECEIPT: (RECEIVED, PLANNED)}
"""Rates of an item's money, and of which two of its figures."""
_FUNDS = {"财政拨款", "财政拨款支出", "财政拨款收入", "一般公共预算财政拨款"}
"""Behind another item they say of which money, and are no item."""
_BEHIND = {*_FUNDS, ALL_SPENT, ALL_INCOME}
"""Words that say nothing new right behind another item (三公经费支出合计)."""
_PERCENT = "%"
_POINTS = ("个百分点", "百分点")
_LEVEL = {"、": 0, "，": 1, ",": 1, "；": 2, ";": 2}
_ENUMERATING = re.compile(r"[一二三四五六七八九]是|标段|子项|分项|[①②③]|项目[一二三四五\d]|\([一二三四五\d]\)")
"""In such sentences what has no name is not what the whole report is about."""
_SUCH_AS = re.compile(r"[^，。；\d]{1,20}等")
"""Before an item, what belongs to it (差旅等公用支出)."""
_PURPOSE = re.compile(r"(?:用于|为了?)[^，。；\d]{2,25}的")
"""Before an item, what it is for (为完成特定工作任务发生的项目支出)."""
_JOINT = re.compile(r"[、和与及以 ]*")
_IN_TURN = ("分别", "依次", "各")
_UP_TO = ("到", "至", "到了", "为")
_MOST_LABEL = 30
_KEPT = 40
"""Statements of a sentence that are looked back on."""


@dataclass(frozen=True)
class Told:
    """What is known of a sentence: its `span` and the number of its `first` statement in the paragraph, the year
    `reported`, whether on one `project`, the item spoken of `before` it, whether the paragraph came to speak of
    something unknown (`lost`)."""

    span: tuple[int, int]
    first: int
    reported: int | None
    project: bool
    before: str
    lost: bool


@dataclass
class _Speaking:
    """What the sentence speaks of at a place: brackets keep it and give it back. `named`: whether it named anything
    since its last figure, without which a further one (，合计150万元) is another thing's. `implied`: whether it is
    only what the whole report is about. `changed`: whether a change from `since` was told; `rated`: whether the last
    figure was a rate of it."""

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
    implied: bool = False
    changed: bool = False
    rated: bool = False
    among: str | None = None
    listing: Listing | None = None
    outer: tuple[str | None, Listing | None] | None = None


class Walk:
    """One sentence. `text`: with blanks for what it does without; `written`: as it stands."""

    def __init__(self, text: str, written: str, told: Told) -> None:
        self._text, self._written, self._told = text, written, told
        self.lost = told.lost and not told.project
        self._year: int | None = None
        self._partial = self._others = False
        self._words: Phrases = phrases()
        self._now = _Speaking()
        self._kept: list[_Speaking] = []
        self._found: list[Statement] = []
        self._lists: list[Listing] = []
        self._row: list[str] = []
        self._in_turn: list[str] = []
        self._topic = ""
        self._among = False
        self._end = self._label_from = self._row_end = 0
        self._level = -1
        self._previous = ""

    def statements(self) -> list[Statement]:
        for token in self._words.tokens.finditer(self._text):
            kind = str(token.lastgroup)
            gap = self._text[self._end : token.start()]
            loose = bool(self._words.filler.sub("", gap)) if gap else False
            _MEETING[kind](self, token, gap, loose)
            self._end, self._previous = token.end(), kind
        return list(with_lists(self._found, self._lists, self._told.first, self._words))

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
        if now.share:
            now.whole = name
            return
        if name in _BEHIND and self._previous == p.ITEM and not gap:
            return
        institution = self._institution(gap) if loose else now.subject
        pending = now.aspect if self._previous == p.ASPECT and not loose else ""
        if not self._speaks_of(name, token.group(), institution, pending):
            self._drop(foreign=not self._told.project)
            return
        if name in _RATES:
            self._rate_named(name, loose)
            return
        funds = "财政拨款" if now.item in _FUNDS and self._previous == p.ITEM and not loose else ""
        since = now.since if self._previous == p.SINCE and not loose else ""  # 较上年项目支出200万元减少50万元
        self._row = self._row if _JOINT.fullmatch(self._text, self._row_end, token.start()) else []
        self._row.append(name)
        self._row_end = token.end()
        self._topic = name if name in self._words.parts else self._topic
        if self._told.project and name == PROJECT_FUNDS and token.group().endswith(SPENT):
            pending = pending or SPENT
        now.item, now.aspect, now.subject, now.funds = name, pending, institution or "", funds
        now.base, now.since, now.sign, now.completion, now.named = -1, since, 0, False, True
        now.implied = now.changed = now.rated = False

    def _speaks_of(self, name: str, word: str, institution: str | None, pending: str) -> bool:
        """Whether an item's name is that of the item: nobody else's, no part of another thing, and no other year's."""
        now, words = self._now, self._words
        if not name or (institution is None and name not in _ANYBODY):
            return False
        if word in words.weak and (self.lost or now.among is not None or institution):
            return False
        if word in words.weak and self._told.project and name in words.money:
            return False
        if pending == LAST_YEAR and name not in words.money:
            return False
        if now.among is None or name in words.parts.get(now.among, ()) or name in _ANYBODY or name in _RATES:
            return True
        return name in words.counted and now.among in words.counted

    def _rate_named(self, name: str, loose: bool) -> None:
        """执行率 of the item that is spoken of, else of what the report is about."""
        now = self._now
        if now.item not in self._words.money or loose:
            self._drop_unless_implied()
            now = self._now
        if not now.item:
            now.item = name
            now.aspect = ""
        else:
            now.aspect = name
        now.named, now.sign, now.since = True, 0, ""

    def _aspect(self, token: re.Match[str], gap: str, loose: bool) -> None:
        if loose and self._institution(gap) != "":
            self._drop()
        now = self._now
        if self._previous != p.SINCE:
            now.since, now.sign = "", 0
        now.aspect, now.named = self._words.words[p.ASPECT].get(token.group(), SPENT), True
        if now.item == ALL_INCOME and now.aspect == SPENT:
            now.item = ALL_SPENT  # 收入780万元，支出775万元
        if not now.item and now.among is None:
            self._imply()
        if self._previous == p.ITEM and not loose:
            self._row_end = token.end()

    def _imply(self) -> None:
        """What a figure without a name is of, where nothing else was spoken of: the project, or all that was spent."""
        now = self._now
        if not self.lost and not now.guarded and _ENUMERATING.search(self._text) is None:
            now.item, now.implied = PROJECT_FUNDS if self._told.project else ALL_SPENT, True

    def _drop_unless_implied(self) -> None:
        if self._now.item not in self._words.money:
            self._now.item = ""
            self._imply()

    def _since(self, token: re.Match[str], gap: str, loose: bool) -> None:
        if loose:
            self._drop()
        start = token.group("from") or LAST_YEAR
        year = self._year or self._told.reported
        if start[0].isdigit():
            last = year is not None and int(start[:4]) == year - 1
            self._now.since = LAST_YEAR if last else _ANOTHER
        else:
            self._now.since = self._words.words[p.SINCE].get(start, LAST_YEAR)
        self._now.changed = False
        if not self._now.item and SPENT in token.group() and not self._told.project:
            self._imply()

    def _rise(self, token: re.Match[str], gap: str, loose: bool) -> None:
        self._change(1, loose)

    def _fall(self, token: re.Match[str], gap: str, loose: bool) -> None:
        self._change(-1, loose)

    def _change(self, sign: int, loose: bool) -> None:
        self._now.sign = 0 if loose else sign
        self._now.since = "" if loose else self._now.since  # 较上年另有增加 says of nothing how much it was

    def _share(self, token: re.Match[str], gap: str, loose: bool) -> None:
        self._now.share, self._now.whole = not loose, ""
        if len(self._row) > 1 and self._now.named and not loose:
            self._in_turn = list(self._row)  # 人员经费、公用经费各占88%和12%

    def _completion(self, token: re.Match[str], gap: str, loose: bool) -> None:
        self._now.completion = self._now.named = not loose

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
            self._now.among = self._told.before or (None if not self._told.first else "")

    def _all(self, token: re.Match[str], gap: str, loose: bool) -> None:
        if token.group().startswith(_IN_TURN) and len(self._row) > 1 and not loose:
            self._in_turn = list(self._row)
            return
        self._begin_list(loose and gap != "的", complete=True)

    def _begin_list(self, loose: bool, *, complete: bool) -> None:
        now = self._now
        total = None if loose or now.base < 0 else self._found[now.base]
        among = self._topic if total is None else total.item  # 基本支出用于保障运转，包括人员经费…
        listing = None if total is None else Listing(now.base, total.unit, complete)
        kept = now.base if self._text[self._end :].startswith("(") else -1  # 4.5万元（比上年减少0.3万元）
        outer = (now.among, now.listing) if self._among else None
        self._now = _Speaking(among=among, listing=listing, guarded=now.guarded, base=kept, outer=outer)
        self._among = True
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
                self._drop(foreign=self._previous != p.FIGURE and not self._told.project)
            if mark != "、":
                self._now.guarded = self._others = self._others and _LEVEL.get(mark, 1) < 2
                self._label_from = token.end()
            if _LEVEL.get(mark, 1) == 2:
                among, listing = now.outer or (now.among, now.listing)  # ；ends a list that stands in another
                self._now = _Speaking(among=among, listing=listing)

    # ---- figures --------------------------------------------------------------------------------------

    def _figure(self, token: re.Match[str], gap: str, loose: bool) -> None:
        number = figure(token.group("number").replace("−", "-").replace("－", "-"))
        unit = token.group("unit") or token.group("later") or "分"
        if number is None:
            self._drop()
            return
        label = self._written[self._label_from : token.start()][-_MOST_LABEL:]
        self._label_from = token.end()
        if self._now.sign and gap in _UP_TO:
            self._now.sign, self._now.since, self._now.named = 0, "", True  # 由上年的16万元下降到12万元
            loose = False
        value, decimals = _in_base_unit(number, unit, self._words)
        printed = token.group("number") + (token.group("unit") or "")
        exactness = self._exactness(token)
        item, aspect, of, against, sign = self._next_in_turn(unit, loose) or self._meant(unit, loose, label)
        compared = self._now.since and not self._now.sign and not loose and not self._now.changed
        at = self._add(item, aspect, value * sign, unit, printed, decimals, exactness, label, of, against)
        if compared:
            return
        if aspect in (CHANGE, GROWTH, SHARE, COMPLETION, RATE) or aspect.startswith(AGAINST_PLAN) or unit == _PERCENT:
            self._now.changed |= aspect in (CHANGE, GROWTH) or aspect.startswith(AGAINST_PLAN)
            self._now.rated = aspect in (EXECUTION, RECEIPT, SHARE)
            self._now.sign, self._now.completion = 0, False
            self._now.share = self._now.share and bool(self._in_turn)
            return
        self._count_in(at, self._text[token.end() : token.end() + 1], label)
        self.lost |= loose and _money(unit, self._words) and self._words.adjusted.search(gap) is None
        now = self._now
        now.item = now.item if item != COUNT else ""
        now.aspect = now.aspect if self._in_turn else ""
        now.base, now.since, now.sign, now.changed = at, "", 0, False
        now.rated = False
        now.completion = now.completion and aspect == PLANNED  # 完成预算16万元的86.88%
        now.share = now.named = False

    def _count_in(self, at: int, after: str, label: str) -> None:
        listing = self._now.listing
        if listing is not None and listing.take(at, self._found[at], self._level, after):
            self._level = -1
        sure = not (self._lists or self._now.guarded or self._partial)
        if sure and (added := added_up(self._found, label, self._words)) is not None:
            self._lists.append(added)

    def _next_in_turn(self, unit: str, loose: bool) -> tuple[str, str, int, int, int] | None:
        """The next of several items whose figures come one by one (分别为)."""
        if not self._in_turn:
            return None
        item, now = self._in_turn.pop(0), self._now
        alike = _money(unit, self._words) if item in self._words.money else unit in self._words.counted.get(item, ())
        now.item = item
        if not loose and unit == _PERCENT and now.share:
            now.base, now.implied = -1, False
            return self._share_of()
        if loose or not alike or now.share:
            self._in_turn = []
            return COUNT, "", -1, -1, 1
        return self._own(unit)

    def _meant(self, unit: str, loose: bool, label: str) -> tuple[str, str, int, int, int]:
        """Item, aspect, of, against and sign of the figure that comes now."""
        now = self._now
        if unit in _POINTS or (now.share and unit != _PERCENT):
            return COUNT, "", -1, -1, 1
        base = self._found[now.base] if now.base >= 0 else None
        counted = now.item or (base.item if base is not None else "")
        if now.since and not now.sign and not loose and not now.changed:
            return self._compared(counted)
        of_plan = now.aspect == PLANNED or (base is not None and base.aspect == PLANNED)
        if of_plan and now.sign and now.since:
            return COUNT, "", -1, -1, 1  # 三公经费预算比上年减少 says nothing of what was spent
        if now.sign and now.since in (LAST_YEAR, PLANNED) and not loose and counted:
            kind = GROWTH if unit == _PERCENT else CHANGE
            whole = AGAINST_PLAN if now.since == PLANNED else ""
            if kind == GROWTH and now.rated:
                return COUNT, "", -1, -1, 1  # 执行率88%，较上年下降5% is of the rate
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
        if now.completion and now.item and not loose:
            return self._sure(now.item), COMPLETION, self._last(now.item, ""), self._last(now.item, PLANNED), 1
        if now.share and not loose:
            return self._share_of()
        if now.aspect in _RATES and now.item and not loose:
            above, below = _RATES[now.aspect]
            of = max(self._last(now.item, above), self._last(now.item, "") if above == SPENT else -1)
            return self._sure(now.item), now.aspect, of, self._last(now.item, below), 1
        if now.item in (*_RATES, SATISFACTION) and not loose and not now.sign and not now.aspect:
            return self._sure(now.item), "", -1, -1, 1
        return COUNT, RATE if _rate(label) else "", -1, -1, 1

    def _share_of(self) -> tuple[str, str, int, int, int]:
        """A share of the whole that is named, else of the one to which the item belongs."""
        now, words = self._now, self._words
        base = self._found[now.base] if now.base >= 0 else None
        item = base.item if base is not None else now.item
        if item == COUNT or item not in words.money or (base is not None and base.aspect):
            return COUNT, "", -1, -1, 1
        whole = now.whole or self._whole_of(item)
        against = self._last(whole, "") if whole else -1
        if base is not None and against >= 0:
            return self._sure(item), SHARE, now.base, against, 1
        now.whole = whole if whole in words.money else ""
        return (self._sure(item), SHARE, -1, -1, 1) if now.whole else (COUNT, "", -1, -1, 1)

    def _whole_of(self, item: str) -> str:
        """Of what an item's share is meant: the latest whole of it that was spoken of, else all that was spent."""
        wholes = [whole for whole, parts in self._words.parts.items() if item in parts]
        said = [one.item for one in self._found if one.item in wholes and not one.aspect] + [
            name for name in (self._now.among, self._topic) if name in wholes
        ]
        if said:
            return str(said[-1])
        return ALL_SPENT if item in self._words.wholes.get(ALL_SPENT, ()) else ""

    def _own(self, unit: str) -> tuple[str, str, int, int, int]:
        item, aspect = self._now.item, self._now.aspect
        if item in self._words.money and _money(unit, self._words):
            if item in (PROJECT_FUNDS, "县级资金"):
                aspect = aspect or PLANNED
            elif aspect == SPENT and item not in self._words.planned_or_spent:
                aspect = ""
            if self._now.completion:
                aspect = PLANNED
            return self._sure(item), aspect, -1, -1, 1
        if aspect not in ("", SPENT):
            return COUNT, "", -1, -1, 1
        if unit in self._words.counted.get(item, ()) or (item == "自评得分" and unit == "分"):
            return self._sure(item), "", -1, -1, 1
        return COUNT, "", -1, -1, 1

    def _sure(self, item: str) -> str:
        """The item, unless the clause speaks of plans, of others, of a part of the year or of a later one."""
        later = self._year is not None and self._told.reported is not None and self._year > self._told.reported
        return COUNT if self._now.guarded or self._partial or later else item

    def _last(self, item: str, aspect: str) -> int:
        """The last statement of the sentence about an item; -1 where there is none."""
        for at in range(len(self._found) - 1, max(-1, len(self._found) - _KEPT), -1):
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
        at, now, first = len(self._found), self._now, self._told.first
        of, against = (first + one if one >= 0 else -1 for one in (of, against))
        statement = Statement(
            first + at, *self._told.span, item, aspect, self._year, value, unit, printed, decimals, exactness,
            now.subject, now.funds, label, now.implied and item != COUNT,
            now.whole if aspect == SHARE and of < 0 else "", of, against,
        )  # fmt: skip
        self._found.append(statement)
        return at

    # ---- words ----------------------------------------------------------------------------------------

    def _drop(self, *, foreign: bool = True) -> None:
        """From here on the sentence speaks of something unknown; `foreign`: also what has no name may be its."""
        now = self._now
        self.lost |= foreign
        self._now = _Speaking(among=now.among, listing=now.listing, guarded=now.guarded, outer=now.outer)

    def _meaning(self, word: str) -> str:
        """The item that a word stands for; none, where it means one only in the report of a project."""
        own = self._words.of_projects if self._told.project else self._words.of_units
        words = self._words.words
        whole = self._words.only_as_parts.get(word)
        if any(other in self._text for other in self._words.not_beside.get(word, ())):
            return ""
        if whole is not None and whole != self._now.among and all(one.item != whole for one in self._found[-8:]):
            return ""
        return own.get(word) or words[p.ITEM].get(word) or words[p.AFTER_YEAR].get(word, "")

    def _institution(self, gap: str) -> str | None:
        """Whose figures the words before an item say that they are; None where they say something else."""
        if _SUCH_AS.fullmatch(gap) or _PURPOSE.fullmatch(gap):
            return ""
        rest = self._words.neutral.sub("", gap)
        if not rest or (len(rest) == 1 and rest in "一二三四五六七八九十" and gap.strip().startswith(rest)):
            return ""
        named = gap.strip().rstrip("的")
        return named if len(named) <= _MOST_LABEL and named.endswith(self._words.institutions) else None


_MEETING = {
    p.DATE: Walk._date, p.YEAR: Walk._year_named, p.ITEM: Walk._item, p.ASPECT: Walk._aspect, p.SINCE: Walk._since,
    p.RISE: Walk._rise, p.FALL: Walk._fall, p.SHARE: Walk._share, p.COMPLETION: Walk._completion,
    p.GUARD: Walk._guard, p.OTHERS: Walk._others_named, p.NONE: Walk._none, p.GRADE: Walk._grade, p.SOME: Walk._some,
    p.ALL: Walk._all, p.BREAK: Walk._break, p.FIGURE: Walk._figure,
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
