"""A sentence, token by token."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from gouji.ingest.narrative import phrases as p
from gouji.ingest.narrative.sentence import Sentence, Speaking, in_base_unit, is_money
from gouji.ingest.narrative.statement import (
    AGAINST_PLAN,
    ALL_INCOME,
    ALL_SPENT,
    BALANCED,
    CHANGE,
    CLOSING,
    COMPLETION,
    COUNT,
    EXACT,
    EXECUTION,
    GROWTH,
    LAST_YEAR,
    LEFT,
    NONE_SAID,
    OPENING,
    PLANNED,
    PROJECT_FUNDS,
    RATE,
    RATES,
    RECEIPT,
    SATISFACTION,
    SHARE,
    SPENT,
    Statement,
)
from gouji.ingest.narrative.sums import Listing, added_up, with_lists
from gouji.templates.exact import figure

_ANOTHER = "别的年度"
_ANYBODY = {SATISFACTION}
_FUNDS = {"财政拨款", "财政拨款支出", "财政拨款收入", "一般公共预算财政拨款"}
"""Behind another item they say of which money, and are no item."""
_BEHIND = {*_FUNDS, ALL_SPENT, ALL_INCOME}
"""Words that say nothing new right behind another item (三公经费支出合计)."""
_TOTALS = {ALL_INCOME, ALL_SPENT, BALANCED, OPENING, CLOSING}
_ADDED = re.compile(r"累计|合计|共计|总共")
_PERCENT = "%"
_LEVEL = {"、": 0, "，": 1, ",": 1, "；": 2, ";": 2}
_JOINT = re.compile(r" *[、和与及]+以? *|、?以及")
_IN_TURN = ("分别", "依次", "各")
_THIS_YEAR = ("本年", "今年", "当年", "全年")
_DIRECTLY = re.compile(r"[的为是：:\s]*\d")
_UP_TO = ("到", "至", "到了", "为")
_MOST_LABEL = 30
_MOST_YEARS = 10
_AMOUNT = re.compile(r"\d[\d,]*(?:\.\d+)?", re.ASCII)
_AMOUNTS = re.compile(r"(?:[、，和与及为:： ]{0,2}\d[\d,]*(?:\.\d+)?(?:亿元|万元|元)?)+", re.ASCII)
"""Amounts that come one behind the other."""
_CHANGED_BY = re.compile(r"(?:节约|减少|增加|压减|下降|结余)了?$")
_OF_LEVEL = re.compile(r"(?:中央|[省市州县区乡镇]级)")
_BALANCES = frozenset({OPENING, CLOSING, "固定资产"})
"""What is compared with the beginning of the year, which is no plan of it."""
_TWO_SHARES = re.compile(r"(?:分别)?(?:为|是)?\d+(?:\.\d+)?%(?:、|和|与|及|，)\d+(?:\.\d+)?%")
_RATE_BEHIND = re.compile(r"的\d+(?:\.\d+)?%")
"""为计划36个的113%: behind a figure that is only what another one is measured by."""


class Walk(Sentence):
    """One sentence."""

    def statements(self) -> list[Statement]:
        for token in self._words.tokens.finditer(self._text):
            kind = str(token.lastgroup)
            gap = self._text[self._end : token.start()]
            loose = bool(self._words.filler.sub("", gap)) if gap else False
            _MEETING[kind](self, token, gap, loose)
            self._end, self._previous = token.end(), kind
        self.lost |= bool(self._stranger)  # it may be of somebody else that the paragraph speaks from here on
        return list(with_lists(self._found, self._lists, self._told.first, self._words))

    # ---- what the sentence speaks of ------------------------------------------------------------------

    def _date(self, token: re.Match[str], gap: str, loose: bool) -> None:
        self._partial |= not token.group().endswith(("12月31日", "12月", "12月底"))

    def _year_named(self, token: re.Match[str], gap: str, loose: bool) -> None:
        joined = self._years and _JOINT.fullmatch(self._text, self._years_end, token.start()) is not None
        self._years = [*(self._years if joined else ()), *_years(token.group())]
        self._years_end = token.end()
        self._year = self._years[0]  # of several years a figure is no single one's, unless they come one by one
        self._last_year = False
        self._others, self._now.guarded, self._now.named = False, self._now.guarded and not self._others, True
        if loose:
            self._now = Speaking(subject=self._institution(gap) or "", guarded=self._now.guarded)

    def _item(self, token: re.Match[str], gap: str, loose: bool) -> None:
        now, name = self._now, self._meaning(token.group())
        if now.share:
            now.whole = name
            return
        if name in _BEHIND and self._previous == p.ITEM and not gap:
            return
        of_total = not self._told.project and bool(self._found) and self._found[-1].name in _TOTALS
        if name == CLOSING and not of_total and not self._of_all_money():
            self._aspect(token, gap, loose)  # 项目预算300万元，支出276万元，年末结转结余24万元
            return
        if token.group() in self._words.words[p.AFTER_YEAR] and not loose and self._goes_on():
            return
        if name == BALANCED and self._previous == p.ITEM and not loose:
            self._drop()  # 政府性基金收支总计
            return
        institution = self._institution(gap) if loose else now.subject
        self._last_year &= not token.group().startswith(_THIS_YEAR)
        pending = now.aspect if self._previous == p.ASPECT and not loose else ""
        pending = LAST_YEAR if self._last_year else pending
        if name == COMPLETION:
            self._completion_named(loose)
            return
        if not self._speaks_of(name, token.group(), institution, pending):
            self._drop(foreign=not self._told.project)
            return
        if name in RATES:
            if not self._rate_told(name, gap):
                self._rate_named(name, gap, loose)
            return
        funds = "财政拨款" if now.item in _FUNDS and self._previous == p.ITEM and not loose else ""
        opened = self._since_opened and not self._found and not loose  # 与上年相比，三公经费减少2万元
        right_before = self._previous == p.SINCE and not loose  # 较上年项目支出200万元减少50万元
        since = now.since if opened or right_before else ""
        compared = now.since and not now.item and not now.sign and self._compared_at == len(self._found) - 1 >= 0
        if compared and name in self._words.money:  # 与上年决算13万元相比，三公经费下降10%
            since = now.since
            self._found[-1] = replace(self._found[-1], item=self._sure(name), aspect=since)
        self._row = self._row if _JOINT.fullmatch(self._text, self._row_end, token.start()) else []
        self._row.append(name)
        self._row_end = token.end()
        self._topic = name if name in self._words.parts else self._topic
        if self._told.project and name == PROJECT_FUNDS and token.group().endswith(SPENT):
            pending = pending or SPENT
        now.item, now.aspect, now.subject, now.funds = name, pending, institution or "", funds
        now.base, now.since, now.sign, now.completion, now.named = -1, since, 0, False, True
        now.implied, now.changed, now.rated = (
            token.group() in self._words.weak and name != "等次",
            bool(compared or (since and not right_before)),  # 与上年相比，三公经费2万元 is this year's
            False,
        )

    def _goes_on(self) -> bool:
        """Whether a bare word behind a year (2021年支出) is of the item that was named before it."""
        now = self._now
        if self._told.headed and not self._found and not now.item:
            now.item, now.named = self._told.headed, True  # “三公”经费。2022年支出21万元
            return True
        return now.base < 0 and now.item in self._words.money - {ALL_INCOME, ALL_SPENT}  # 公用经费：2021年支出231万元

    def _of_all_money(self) -> bool:
        """Whether the sentence of a unit speaks of all its money, and of no single item."""
        first = self._found[0] if self._found else None
        name = self._told.before if first is None else "别的" if first.implied else first.item
        return not self._told.project and not self.lost and name in ("", *_TOTALS)

    def _speaks_of(self, name: str, word: str, institution: str | None, pending: str) -> bool:
        """Whether an item's name is that of the item: nobody else's, no part of another thing, and no other year's."""
        now, words = self._now, self._words
        if name == OPENING and not (self._of_all_money() and (self._found or "结余" in word)):
            return False  # 上年结转资金20万元 need not be all of them
        if not name or (institution is None and name not in _ANYBODY):
            return False
        if word in words.weak and not self._alone(name, institution):
            return False
        if pending == LAST_YEAR and name not in words.money:
            return False
        if now.listing is not None and name in now.listing.names:
            return True
        if now.among is None or name in words.parts.get(now.among, ()) or name in _ANYBODY or name in RATES:
            return True
        return name in words.counted and now.among in words.counted

    def _alone(self, name: str, institution: str | None) -> bool:
        """Whether nothing was spoken of by which a short word could mean another thing."""
        now = self._now
        if self.lost or now.among is not None or institution:
            return False
        if name == "自评得分":
            untold = now.base < 0 and not now.aspect and not now.implied
            whole = untold and now.item == (PROJECT_FUNDS if self._told.project else ALL_SPENT)
            return (whole or now.item in ("", "等次")) and all(one.unit != "分" for one in self._found)
        return not (self._told.project and name in self._words.money)

    def _completion_named(self, loose: bool) -> None:
        """完成率 right behind the name of an amount; that of a work is none of money."""
        item = self._now.item
        behind = self._previous == p.ITEM or (self._last(item, PLANNED) >= 0 and self._last(item, "") >= 0)
        if loose or not behind or item not in self._words.money:
            self._drop(foreign=False)
        else:
            self._now.aspect, self._now.named = EXECUTION, True

    def _rate_told(self, name: str, gap: str) -> bool:
        """Whether the rate stands before its name (97%的执行率)."""
        last = self._found[-1] if self._found and self._previous == p.FIGURE and gap == "的" else None
        item = self._now.item
        if last is None or last.item != COUNT or last.unit != "%" or item not in self._words.money:
            return False
        self._found[-1] = replace(last, item=self._sure(item), aspect=name)
        return True

    def _rate_named(self, name: str, gap: str, loose: bool) -> None:
        """执行率 of the item that is spoken of, else of what the report is about."""
        now = self._now
        last = self._found[now.base] if now.base >= 0 and not now.named else None
        if last is not None and last.item == COUNT and (now.among is not None or _OF_LEVEL.search(last.label)):
            self._drop(foreign=False)  # 其中县级资金支出168万元，执行率84%
            return
        if now.item in self._words.counted and self._previous == p.ITEM and not gap:
            self._drop(foreign=False)  # 编制使用率
            return
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
        aspect = self._words.words[p.ASPECT].get(token.group(), LEFT)
        if loose and gap.endswith("等") and not self._now.item:
            self._drop()  # 自然资源海洋气象等支出
            return
        institution = self._institution(gap.replace("年初", "") if aspect == PLANNED else gap) if loose else ""
        if institution is None or (institution and (self.lost or self._now.item)):
            self._drop()
        if self._now.base >= 0 and self._now.item == "县级资金" and _ADDED.search(gap) is not None:
            self._now = Speaking(item=PROJECT_FUNDS if self._told.project else "", implied=True, among=self._now.among)
            # 县级资金到位130万元，累计到位资金1180万元
        now = self._now
        if aspect == LAST_YEAR:
            self._last_year = _DIRECTLY.match(self._text, token.end()) is None
        elif token.group() in _THIS_YEAR:
            self._last_year = False
        if self._previous != p.SINCE:
            now.since, now.sign = "", 0
        now.aspect, now.named = LAST_YEAR if self._last_year else aspect, True
        if now.item == ALL_INCOME and now.aspect == SPENT:
            now.item = ALL_SPENT  # 收入780万元，支出775万元
        elif now.item == "财政拨款收入" and now.aspect == SPENT:
            now.item = "财政拨款支出"
        if not now.item and now.among is None:
            self._imply()
            now.subject = institution or now.subject
            self._stranger = self._stranger or institution or ""
        if self._previous == p.ITEM and not loose:
            self._row_end = token.end()

    def _since(self, token: re.Match[str], gap: str, loose: bool) -> None:
        if loose:
            self._drop()
        if self._now.listing is not None and self._now.listing.goes_to_whole(self._level):
            self._drop(foreign=False)  # 含接待费2万元、车辆9万元，比预算14万元节约20%
        start = token.group("from") or LAST_YEAR
        year = self._year or self._told.reported
        if start[0].isdigit():
            last = year is not None and int(start[:4]) == year - 1
            self._now.since = LAST_YEAR if last else _ANOTHER
        else:
            self._now.since = self._words.words[p.SINCE].get(start, LAST_YEAR)
            balance = self._now.item in _BALANCES or (
                self._now.base >= 0 and self._found[self._now.base].aspect == LEFT
            )
            if start == "年初" and balance:
                self._now.since = _ANOTHER  # 年末结余80万元，较年初60万元
        self._now.changed = False
        self._since_opened = not self._previous
        if not self._now.item and SPENT in token.group() and not self._told.project:
            self._imply()
        if not self._found and not self._previous and self._told.before in self._words.money:
            self._now.item = self._told.before  # 收入792万元。同比增加189万元

    def _rise(self, token: re.Match[str], gap: str, loose: bool) -> None:
        self._change(1, loose)

    def _fall(self, token: re.Match[str], gap: str, loose: bool) -> None:
        self._change(-1, loose)

    def _change(self, sign: int, loose: bool) -> None:
        self._now.sign = 0 if loose else sign
        self._now.since = "" if loose else self._now.since  # 较上年另有增加 says of nothing how much it was

    def _share(self, token: re.Match[str], gap: str, loose: bool) -> None:
        self._now.share, self._now.whole = not loose, ""
        if not loose and _TWO_SHARES.match(self._text, token.end()):
            items = [one.item for one in self._found[-2:]]
            self._in_turn = items if len(set(items)) == 2 and COUNT not in items else [COUNT, COUNT]
            return  # 基本支出318万元、项目支出190万元，占比为62.54%和37.46%
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
        if token.group() == "中" and self._previous == p.FIGURE and not gap and self._now.base >= 0:
            self._end = token.end()
            self._begin_list(False, complete=False)  # 到位资金860万元中，省级500万元、县级360万元
            return
        if self._now.item == "等次" and not loose and not self._now.guarded:
            self._add("等次", "", Decimal(0), "", token.group(), 0, EXACT)
            self._drop()

    # ---- sums -----------------------------------------------------------------------------------------

    def _some(self, token: re.Match[str], gap: str, loose: bool) -> None:
        self._begin_list(loose, complete=False)
        if token.group() == "含":
            self._now.outer = self._now.outer or (None, None)  # 收入80万元，含结转5万元；支出78万元
        if not token.start():
            self._now.among = self._told.before or (None if not self._told.first else "")
            whole = self._told.whole
            if whole is not None and is_money(whole.unit, self._words) and not whole.exactness:
                before = Listing(whole.number - self._told.first, whole.unit, complete=False, aspect=whole.aspect)
                self._now.listing = before
                self._lists.append(before)

    def _all(self, token: re.Match[str], gap: str, loose: bool) -> None:
        if token.group().startswith(_IN_TURN) and len(self._row) > 1 and not loose:
            self._in_turn = list(self._row)
            return
        if token.group().startswith(_IN_TURN) and self._told_by_year(token.end(), loose):
            self._years_in_turn = list(self._years)
            return
        self._begin_list(loose and gap != "的", complete=True, at=token.start())

    def _told_by_year(self, start: int, loose: bool) -> bool:
        """Whether the figures that come are of as many years, one by one (2020年、2021年会议费分别为3万元、2万元)."""
        amounts = _AMOUNTS.match(self._text, start)
        told = 0 if amounts is None else len(_AMOUNT.findall(amounts.group()))
        return not loose and self._now.item in self._words.money and 1 < len(self._years) == told

    def _begin_list(self, loose: bool, *, complete: bool, at: int = 0) -> None:
        now = self._now
        if now.base < 0 and not loose and now.listing is not None and not now.listing.parts:
            return  # 由两部分组成，其中…
        total = None if loose or now.base < 0 else self._found[now.base]
        if total is not None and _CHANGED_BY.search(total.label):
            total, now.base = None, -1  # 决算28万元，节约7万元，其中接待费4万元
        among = self._topic if total is None else total.item  # 基本支出用于保障运转，包括人员经费…
        if total is not None and not is_money(total.unit, self._words) and self._text.startswith("由", at):
            complete = False  # 38人，由各股室组成，其中男20人，党员15人: the parts may be the same people
        listing = None if total is None else Listing(
            now.base, total.unit, complete, aspect=total.aspect, names=self._joined.get(now.base, ())
        )  # fmt: skip
        kept = now.base if self._text[self._end :].startswith("(") else -1  # 4.5万元（比上年减少0.3万元）
        outer = (now.among, now.listing) if self._among else None
        self._now = Speaking(among=among, listing=listing, guarded=now.guarded, base=kept, outer=outer)
        self._among = True
        self._level = -1
        if listing is not None:
            self._lists.append(listing)

    def _break(self, token: re.Match[str], gap: str, loose: bool) -> None:
        mark = token.group()
        if mark == "(":
            self._kept.append(self._now)
            if self._previous == p.ITEM and not loose and self._now.base < 0:
                self._now = replace(self._now)  # 项目支出(预算50万元，执行48万元)
            else:
                self._begin_list(loose, complete=False)
                if self._now.listing is not None:
                    self._now.listing.bracketed = True
            self._label_from = token.end()
        elif mark == ")":
            self._now = self._kept.pop() if self._kept else Speaking()
        else:
            self._level = max(self._level, _LEVEL.get(mark, 1))
            now = self._now
            if loose:
                self._drop(foreign=self._previous != p.FIGURE and not self._told.project)
            if mark != "、":
                self._now.guarded = self._others = self._others and _LEVEL.get(mark, 1) < 2
                self._label_from = token.end()
            if _LEVEL.get(mark, 1) == 2:
                self._last_year = False
                over = now.listing is not None and now.listing.is_over(2)  # 人员经费60万元，包括工资；公用经费9万元
                of_list = (None, None) if over else (now.among, now.listing)
                among, listing = now.outer or of_list  # ；ends a list that stands in another
                self._now = Speaking(among=among, listing=listing)

    # ---- figures --------------------------------------------------------------------------------------

    def _figure(self, token: re.Match[str], gap: str, loose: bool) -> None:
        if self._years_in_turn:
            self._year = self._years_in_turn.pop(0)
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
        value, decimals = in_base_unit(number, unit, self._words)
        printed = token.group("number") + (token.group("unit") or "")
        exactness = self._exactness(token)
        item, aspect, of, against, sign = self._next_in_turn(unit, loose) or self._meant(unit, gap, loose, label)
        compared = self._now.since and not self._now.sign and not loose and not self._now.changed
        if item == COUNT and len(self._row) > 1 and not loose and is_money(unit, self._words):
            self._joined[len(self._found)] = tuple(self._row)  # 会议费与培训费合计6万元
        at = self._add(item, aspect, value * sign, unit, printed, decimals, exactness, label, of, against)
        if compared:
            self._compared_at = at if item == COUNT and is_money(unit, self._words) else -1
            return
        if aspect in (CHANGE, GROWTH, SHARE, COMPLETION, RATE) or aspect.startswith(AGAINST_PLAN) or unit == _PERCENT:
            self._now.changed |= aspect in (CHANGE, GROWTH) or aspect.startswith(AGAINST_PLAN)
            self._now.rated = aspect in (EXECUTION, RECEIPT, SHARE)
            self._now.sign, self._now.completion = 0, False
            self._now.share = self._now.share and bool(self._in_turn)
            return
        self._count_in(at, self._text[token.end() : token.end() + 1], label)
        self.lost |= loose and is_money(unit, self._words)
        now = self._now
        now.item = now.item if item != COUNT else ""
        now.aspect = now.aspect if self._in_turn else ""
        measure = _RATE_BEHIND.match(self._text, token.end()) is not None
        now.base = now.base if now.base >= 0 and measure else at
        now.since, now.sign, now.changed = "", 0, False
        if item in self._words.money and self._last(item, LAST_YEAR) >= 0:
            now.since, now.changed = LAST_YEAR, True  # 三公经费3万元，上年4万元，下降25%
        now.rated = False
        now.completion = now.completion and aspect == PLANNED  # 完成预算16万元的86.88%
        now.share, now.named = False, bool(self._years_in_turn)

    def _count_in(self, at: int, after: str, label: str) -> None:
        listing = self._now.listing
        if listing is not None and listing.take(at, self._found, self._level, after, self._words):
            self._level = -1
        sure = not (self._lists or self._now.guarded or self._partial)
        if sure and (added := added_up(self._found, label, self._words)) is not None:
            self._lists.append(added)


def _years(written: str) -> list[int]:
    """The years that are named: 2021年, 2021—2023年."""
    first, last = int(written[:4]), int(written.rstrip("年度")[-4:])
    return list(range(first, last + 1))[:_MOST_YEARS] or [last]


_MEETING = {
    p.DATE: Walk._date, p.YEAR: Walk._year_named, p.ITEM: Walk._item, p.ASPECT: Walk._aspect, p.SINCE: Walk._since,
    p.RISE: Walk._rise, p.FALL: Walk._fall, p.SHARE: Walk._share, p.COMPLETION: Walk._completion,
    p.GUARD: Walk._guard, p.OTHERS: Walk._others_named, p.NONE: Walk._none, p.GRADE: Walk._grade, p.SOME: Walk._some,
    p.ALL: Walk._all, p.BREAK: Walk._break, p.FIGURE: Walk._figure,
}  # fmt: skip
"""What each kind of token does to the walk."""
