"""A sentence while it is read: of what it speaks at a place, and what a figure that comes there is of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from gouji.ingest.narrative import phrases as p
from gouji.ingest.narrative.phrases import Phrases, phrases
from gouji.ingest.narrative.statement import (
    ABOUT,
    AGAINST_PLAN,
    ALL_SPENT,
    BALANCED,
    BOUND,
    CHANGE,
    COMPLETION,
    COUNT,
    EXACT,
    GROWTH,
    LAST_YEAR,
    PLANNED,
    PROJECT_FUNDS,
    RATE,
    RATES,
    SATISFACTION,
    SHARE,
    SPENT,
    STAFFING,
    Statement,
)
from gouji.ingest.narrative.sums import Listing
from gouji.templates.exact import places, shift

_ANOTHER = "别的年度"
_PERCENT = "%"
_POINTS = ("个百分点", "百分点")
_ENUMERATING = re.compile(
    r"[一二三四五六七八九]是|标段|子项|分项|[①②③]|项目(?:[一二三四五]|\d(?!\d))|\([一二三四五\d]\)"
)
"""In such sentences what has no name is not what the whole report is about."""
_SUCH_AS = re.compile(r"[^，。；\d]{1,20}等")
"""Before an item, what belongs to it (差旅等公用支出)."""
_PURPOSE = re.compile(r"(?:用于|为了?)[^，。；\d]{2,25}的")
"""Before an item, what it is for (为完成特定工作任务发生的项目支出)."""
_ARRANGED = re.compile(r"安排|批复|下达")
_SPENT_LATER = re.compile(r"[，,；;](?:已|实际|当年|全年|本年|累计){0,2}(?:执行|支付|使用|支出|完成|拨付|列支)")
_OWN = "我本该全"
_MOST_LABEL = 30
_KEPT = 40
"""Statements of a sentence that are looked back on."""


@dataclass(frozen=True)
class Told:
    """What is known of a sentence: its `span` and the number of its `first` statement in the paragraph, the year
    `reported`, whether on one `project`, the item spoken of `before` it, whether the paragraph came to speak of
    something unknown (`lost`), and the amount before it (`whole`), where the sentence before has no other figure;
    `parts`: the sentence behind it, where that has its parts; `headed`: the item that the heading before it names."""

    span: tuple[int, int]
    first: int
    reported: int | None
    project: bool
    before: str
    lost: bool
    whole: Statement | None = None
    parts: str = ""
    headed: str = ""


@dataclass
class Speaking:
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


class Sentence:
    """What is known of a sentence, and what it stated. `text`: with blanks for what it does without; `written`: as it
    stands."""

    def __init__(self, text: str, written: str, told: Told) -> None:
        self._text, self._written, self._told = text, written, told
        self.lost = told.lost and not told.project
        self._year: int | None = None
        self._partial = self._others = False
        self._words: Phrases = phrases()
        self._now = Speaking()
        self._kept: list[Speaking] = []
        self._found: list[Statement] = []
        self._lists: list[Listing] = []
        self._row: list[str] = []
        self._in_turn: list[str] = []
        self._joined: dict[int, tuple[str, ...]] = {}
        self._years: list[int] = []
        self._years_in_turn: list[int] = []
        self._topic = self._stranger = ""
        self._among = self._last_year = self._since_opened = False
        self._compared_at = -1
        self._end = self._label_from = self._row_end = self._years_end = 0
        self._level = -1
        self._previous = ""

    # ---- figures --------------------------------------------------------------------------------------

    def _next_in_turn(self, unit: str, loose: bool) -> tuple[str, str, int, int, int] | None:
        """The next of several items whose figures come one by one (分别为)."""
        if not self._in_turn:
            return None
        item, now = self._in_turn.pop(0), self._now
        alike = is_money(unit, self._words) if item in self._words.money else unit in self._words.counted.get(item, ())
        now.item = item
        if not loose and unit == _PERCENT and now.share:
            now.base, now.implied = -1, False
            return self._share_of()
        if loose or not alike or now.share:
            self._in_turn = []
            return COUNT, "", -1, -1, 1
        return self._own(unit)

    def _meant(self, unit: str, gap: str, loose: bool, label: str) -> tuple[str, str, int, int, int]:
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
            if kind == GROWTH or base is None or unit == base.unit or is_money(unit, self._words):
                older = base is not None and base.year is not None and base.year < (self._told.reported or base.year)
                of = now.base if base is None or (base.aspect != LAST_YEAR and not older) else -1
                if now.guarded:
                    return COUNT, "", -1, -1, 1  # 增长5.94%，剔除慰问金后增长3.2%
                return self._sure(counted), whole + kind, of, self._last(counted, PLANNED), now.sign
        if unit == _PERCENT:
            return self._percentage(loose, label)
        if not now.item or not now.named or loose or now.sign:
            return COUNT, "", -1, -1, 1
        if len(self._row) > 1 and now.item == self._row[-1] and "均" not in gap:
            now.item = self._whole_made_of(self._row)  # 会议费与培训费合计6万元
            if not now.item:
                return COUNT, "", -1, -1, 1
        return self._arranged(unit) if _ARRANGED.search(gap) else self._own(unit)

    def _arranged(self, unit: str) -> tuple[str, str, int, int, int]:
        """An amount that was 安排 is the plan where what was spent follows; else it may be either."""
        now, words = self._now, self._words
        if not now.aspect and now.item not in (PROJECT_FUNDS, *words.planned_or_spent):
            if now.item not in words.money or _SPENT_LATER.search(self._text, self._end) is None:
                return COUNT, "", -1, -1, 1
            now.aspect = PLANNED
        return self._own(unit)

    def _whole_made_of(self, parts: list[str]) -> str:
        """The item of which these are all parts; blank where there is none."""
        return next((whole for whole, names in self._words.all_parts if set(names) == set(parts)), "")

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
        if now.aspect in RATES and now.item and not loose:
            above, below = RATES[now.aspect]
            of = max(self._last(now.item, above), self._last(now.item, "") if above == SPENT else -1)
            return self._sure(now.item), now.aspect, of, self._last(now.item, below), 1
        if now.item in (*RATES, SATISFACTION, STAFFING) and not loose and not now.sign and not now.aspect:
            return self._sure(now.item), "", -1, -1, 1
        return COUNT, RATE if _rate(label) else "", -1, -1, 1

    def _share_of(self) -> tuple[str, str, int, int, int]:
        """A share of the whole that is named, else of the one to which the item belongs."""
        now, words = self._now, self._words
        base = self._found[now.base] if now.base >= 0 else None
        item = base.item if base is not None else now.item
        if base is not None and item == COUNT:
            return self._share_of_named(base)
        if item == COUNT or item not in words.money or (base is not None and base.aspect):
            return COUNT, "", -1, -1, 1
        whole = now.whole or self._whole_of(item)
        against = self._last(whole, "") if whole else -1
        if base is not None and against >= 0:
            return self._sure(item), SHARE, now.base, against, 1
        now.whole = whole if whole in words.money else ""
        return (self._sure(item), SHARE, -1, -1, 1) if now.whole else (COUNT, "", -1, -1, 1)

    def _share_of_named(self, base: Statement) -> tuple[str, str, int, int, int]:
        """A share that an amount without a known item has of a named whole, the only other amount of the sentence."""
        against = self._last(self._now.whole, "") if self._now.whole else -1
        if self._now.whole == PROJECT_FUNDS and self._told.project and not base.exactness and not base.aspect:
            return COUNT, SHARE, self._now.base, -1, 1  # 工程款已拨付141万元，占项目资金的94%
        amounts = [at for at, one in enumerate(self._found[-_KEPT:]) if is_money(one.unit, self._words)]
        if against < 0 or amounts != [against, self._now.base] or base.exactness:
            return COUNT, "", -1, -1, 1
        return COUNT, SHARE, self._now.base, against, 1

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
        if item == "等次" and unit == "分":
            item = "自评得分"  # 自评结果：95分，优
        if item in self._words.money and is_money(unit, self._words):
            if item in (PROJECT_FUNDS, "县级资金"):
                aspect = aspect or PLANNED
            elif aspect == SPENT and item not in self._words.planned_or_spent:
                aspect = ""
            if self._now.completion:
                aspect = PLANNED
            listing = self._now.listing
            if not aspect and listing is not None and listing.aspect in (PLANNED, LAST_YEAR):
                aspect = listing.aspect  # 年初预算1750万元，其中基本支出1050万元
            return self._sure(item), aspect, -1, -1, 1
        if aspect not in ("", SPENT) or (aspect and item == "自评得分"):
            return COUNT, "", -1, -1, 1  # 自评总分98.45分，预算执行9.95分
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
        after = (token.group("after") or "").rpartition(")")[2]  # 90分（含）以上
        words = {token.group("before"), after or None, token.group("rough")}
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
            now.whole if aspect == SHARE and against < 0 else "", of, against,
        )  # fmt: skip
        self._found.append(statement)
        return at

    # ---- words ----------------------------------------------------------------------------------------

    def _drop(self, *, foreign: bool = True) -> None:
        """From here on the sentence speaks of something unknown; `foreign`: also what has no name may be its."""
        now = self._now
        self.lost |= foreign
        self._now = Speaking(among=now.among, listing=now.listing, guarded=now.guarded, outer=now.outer)

    def _meaning(self, word: str) -> str:
        """The item that a word stands for; none, where it means one only in the report of a project."""
        own = self._words.of_projects if self._told.project else self._words.of_units
        words = self._words.words
        whole = self._words.only_as_parts.get(word)
        if any(other in self._text for other in self._words.not_beside.get(word, ())):
            return ""
        own_year = self._words.balanced.get(word)
        if own_year is not None and own_year in self._text.partition(word)[2] + self._told.parts:
            return BALANCED  # 收入总计514万元，其中本年收入合计512万元，年初结转和结余2万元
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
        if len(rest) == 1 and rest in self._words.institutions and gap.strip()[0] in _OWN:
            return ""  # 本镇现有
        named = gap.strip().rstrip("的")
        return named if len(named) <= _MOST_LABEL and named.endswith(self._words.institutions) else None

    def _imply(self) -> None:
        """What a figure without a name is of, where nothing else was spoken of: the project, or all that was spent."""
        now = self._now
        if self._told.headed and not self._found:
            now.item, now.named = self._told.headed, True  # “三公”经费。2022年决算数21万元
            return
        if not self.lost and not now.guarded and _ENUMERATING.search(self._written) is None:
            now.item, now.implied = PROJECT_FUNDS if self._told.project else ALL_SPENT, True
            now.subject = now.subject or self._stranger

    def _drop_unless_implied(self) -> None:
        if self._now.item not in self._words.money:
            self._now.item = ""
            self._imply()


def is_money(unit: str, words: Phrases) -> bool:
    return unit in words.units


def in_base_unit(number: Decimal, unit: str, words: Phrases) -> tuple[Decimal, int]:
    """In 万元 or as a fraction, with the decimals that it then shows."""
    power = words.units.get(unit, -2 if unit == _PERCENT or unit in _POINTS else 0)
    return shift(number, power), places(number) - power


def _rate(label: str) -> bool:
    return label.rstrip("为达到是： ").endswith("率")
