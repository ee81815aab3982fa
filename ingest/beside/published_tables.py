"""Which figures of a published table are those of 部门决算参照表: by rows, by heads, “三公” however it is laid out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from gouji.ingest.beside.published_grid import Place, PublishedGrid, label_of
from gouji.ingest.beside.published_head import Table
from gouji.ingest.grid import Sheet

_SUMMARY = {
    "本年收入合计": "收入合计", "本年支出合计": "支出合计", "一般公共预算财政拨款收入": "一般公共预算财政拨款",
    "一般公共预算财政拨款": "一般公共预算财政拨款", "政府性基金预算财政拨款收入": "政府性基金",
    "政府性基金预算财政拨款": "政府性基金", "年初结转和结余": "年初结转结余", "上年结转和结余": "年初结转结余",
    "年末结转和结余": "年末结转结余",
}  # fmt: skip
_BY_NATURE = {
    "基本支出": "基本支出", "人员经费": "人员经费", "公用经费": "公用经费", "日常公用经费": "公用经费",
    "项目支出": "项目支出",
}  # fmt: skip
"""What 财决01表 has beside the functions."""
_INCOMING = {name: column for name, column in _SUMMARY.items() if column in ("一般公共预算财政拨款", "政府性基金")}
_DETAIL = {"人员经费合计": "人员经费", "公用经费合计": "公用经费", "会议费": "会议费", "培训费": "培训费"}
_DETAIL_HEADS = {"人员经费": "人员经费", "公用经费": "公用经费"}
_SPENT = {"本年支出合计": "支出合计", "基本支出": "基本支出", "项目支出": "项目支出"}
_THREE = ("三公经费预算数", "三公经费决算数")
WANTED: Mapping[Table, tuple[str, ...]] = {
    Table.SUMMARY: ("收入合计", "一般公共预算财政拨款", "政府性基金", "支出合计", "年初结转结余", "年末结转结余"),
    Table.SPENDING: ("基本支出", "项目支出"), Table.APPROPRIATIONS: ("基本支出", "项目支出"),
    Table.BASIC: ("人员经费", "公用经费", "会议费", "培训费"), Table.THREE: _THREE,
}  # fmt: skip
"""What a table should tell, as far as it is said when it does not."""
_OF_APPROPRIATIONS = "取自一般公共预算财政拨款支出决算表，不含其他资金；有支出决算表的，以支出决算表为准"
_OF_BASIC = "取自一般公共预算财政拨款基本支出决算表，不含项目支出和其他资金里的"
_ONE_BUDGET = "公开的是{}"
_TELLING = frozenset(("本年收入合计", "本年支出合计", "人员经费合计", "公用经费合计", "公务用车购置及运行维护费"))
_MOST_ROWS = 300
_ROUNDING = 2
"""Last places by which a total may differ from its rounded parts."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A figure that may be the one of a column. `lesser`: tells a part only, and gives way to another table's."""

    column: str
    place: Place
    lesser: bool = False
    note: str = ""


def candidates(table: Table, grid: PublishedGrid, year: int | None, said: list[str]) -> list[Candidate]:
    """The figures of a table; `said`: gets in Chinese what was left and why."""
    roles = _Roles(year)
    match table:
        case Table.SUMMARY:
            return list(_by_rows(grid, _SUMMARY | _BY_NATURE, roles))
        case Table.APPROPRIATIONS_SUMMARY:
            return list(_incoming(grid, roles))
        case Table.INCOME:
            return list(_by_heads(grid, {"本年收入合计": "收入合计"}, said))
        case Table.SPENDING:
            return list(_by_heads(grid, _SPENT, said))
        case Table.APPROPRIATIONS:
            heads = {name: column for name, column in _SPENT.items() if name != "本年支出合计"}
            return [Candidate(one.column, one.place, True, _OF_APPROPRIATIONS) for one in _by_heads(grid, heads, said)]
        case Table.BASIC:
            return list(_basic(grid, roles))
        case Table.THREE | Table.RUNNING:
            return list(_three(table, grid, roles, said))
        case _:
            return []


def has_known_labels(sheet: Sheet) -> bool:
    """Whether a sheet has a label by which a published table is known."""
    rows = islice(sheet.rows, _MOST_ROWS)
    return any(isinstance(value, str) and label_of(value) in _TELLING for row in rows for value in row)


class _Roles:
    """What a head of figures says of them: 决算, 预算, 上年, or nothing."""

    def __init__(self, year: int | None) -> None:
        this = rf"本年|当年|{year}年度?" if year else "本年|当年"
        last = rf"上年|{year - 1}年度?" if year else "上年"
        self._known = (
            ("决算", rf"(?:{this})?(?:决算|支出决算|实际支出|统计|执行)(?:数|金额)|金额|实际支出"),
            ("预算", rf"(?:{this})?(?:支出)?预算(?:数|金额)"), ("年初预算", rf"(?:{this})?年初预算数?"),
            ("全年预算", rf"(?:{this})?(?:全年|调整|调整后)预算数?"),
            ("上年", rf"(?:{last})(?:度)?(?:支出)?(?:决算|执行)?(?:数|金额)"), ("别年", r"20\d\d年度?.*数"),
            ("比较", r"(?:比上年)?(?:增减|增加|减少|完成|差异).*"),
        )  # fmt: skip

    def of(self, text: str) -> str:
        """The role of a head; empty where it has none."""
        return next((role for role, pattern in self._known if re.fullmatch(pattern, text)), "")

    def of_stack(self, stack: tuple[str, ...]) -> str:
        """That of the heads over a column."""
        return next((role for head in reversed(stack) if (role := self.of(head))), "")


def _by_rows(grid: PublishedGrid, labels: Mapping[str, str], roles: _Roles) -> Iterator[Candidate]:
    """The 决算数 to the right of each label, before the next label; of two figures none."""
    for place, text in grid.labels.items():
        if place[0] >= grid.body and (column := labels.get(text)):
            at = _settled(grid, place, roles)
            if at is not None:
                yield Candidate(column, (place[0], at))


def _settled(grid: PublishedGrid, label: Place, roles: _Roles) -> int | None:
    """The column of 决算数 among the figures behind a label."""
    behind = grid.right_of(label)
    roles_of = {at: roles.of_stack(grid.stacks[at]) for at in grid.behind(label)}
    wanted = "决算" if "决算" in roles_of.values() else ""  # a blank 决算数 is none, whatever stands beside it
    settled = [at for at in behind if roles_of[at] == wanted and grid.stacks[at]]
    return settled[0] if len(settled) == 1 else None


def _incoming(grid: PublishedGrid, roles: _Roles) -> Iterator[Candidate]:
    """What came in this year, of 财政拨款收入支出决算总表: what is below its total was left over."""
    ends = [row for (row, _), text in grid.labels.items() if text in ("本年收入合计", "本年收入")]
    income = min((at for (_, at), text in grid.labels.items() if text in _INCOMING), default=0)
    if len(ends) != 1:
        return
    for one in _by_rows(grid, _INCOMING, roles):
        row, _ = one.place
        if row < ends[0] and any(grid.labels.get((row, income)) == name for name in _INCOMING):
            yield one


def _by_heads(grid: PublishedGrid, heads: Mapping[str, str], said: list[str]) -> Iterator[Candidate]:
    """The figure of the total's row (or the only row) below each head; where several columns have it, this year's."""
    row = grid.total_row()
    if row is None:
        said.append("没有找到合计行")
        return
    filled = list(grid.figures(row))
    for head, column in heads.items():
        under = [at for at in filled if _is_headed(grid.stacks[at], head)]
        if len(under) > 1:
            under = [at for at in under if any(text in ("本年支出", "本年收入") for text in grid.stacks[at])]
        if len(under) == 1:
            yield Candidate(column, (row, under[0]))


def _is_headed(stack: tuple[str, ...], head: str) -> bool:
    """Whether a head stands directly over a column, or over its 小计."""
    return stack[-1:] == (head,) or (stack[-1:] in (("小计",), ("合计",)) and stack[-2:-1] == (head,))


def _basic(grid: PublishedGrid, roles: _Roles) -> Iterator[Candidate]:
    """人员经费 and 公用经费 by the rows of their totals, else by heads; 会议费 and 培训费 by rows."""
    totals = {row for (row, _), text in grid.labels.items() if text == "合计"}
    by_heads = [one for one in _by_heads(grid, _DETAIL_HEADS, []) if one.place[0] in totals]
    rows = {name: column for name, column in _DETAIL.items() if name not in ("人员经费合计", "公用经费合计")}
    for one in by_heads:
        yield Candidate(one.column, one.place, note=_OF_BASIC)
    for place, text in grid.labels.items():
        if place[0] < grid.body or text not in _DETAIL:
            continue
        at = _settled(grid, place, roles)
        if at is None and by_heads and text in rows:  # 合计 beside 公用经费, the same figure
            whole = [column for column in grid.right_of(place) if grid.stacks[column][-1:] == ("合计",)]
            at = whole[0] if len(whole) == 1 else None
        if at is not None:
            yield Candidate(_DETAIL[text], (place[0], at), text in rows, _OF_BASIC)


_TOTAL = re.compile(r"合计|小计|支出合计|(?:财政拨款)?三公经费(?:支出)?(?:财政拨款)?(?:合计|小计|支出合计|总额)?")
_SUBJECTS = (
    ("出国", r"因公出国(?:\(境\))?(?:费用?|经费|支出)?"), ("购置", r"公务用车购置(?:费用?|支出)?"),
    ("运行", r"公务用车运行(?:维护)?(?:费用?|支出)?"),
    ("公车", r"公务用车(?:购置(?:及|和)运行(?:维护)?)?(?:费用?|支出)?"), ("接待", r"公务接待(?:费用?|支出)?"),
    ("会议费", r"会议费"), ("培训费", r"培训费"), ("采购", r"政府采购支出合计|政府采购支出总额|政府采购金额"),
)  # fmt: skip


def _subject(text: str) -> str:
    return next((subject for subject, pattern in _SUBJECTS if re.fullmatch(pattern, text)), "")


def _subject_of(grid: PublishedGrid, row: int, column: int) -> str:
    """What a figure of “三公” is of, by the heads over it and the label before it; 总额 of all."""
    heads = (*grid.stacks[column], grid.label_before(row, column))
    named = [subject for head in heads if (subject := _subject(head))]
    if named:
        return named[-1]
    innermost = (*grid.stacks[column][-1:], grid.label_before(row, column))
    return "总额" if any(_TOTAL.fullmatch(head) for head in innermost) else ""


def _three(table: Table, grid: PublishedGrid, roles: _Roles, said: list[str]) -> Iterator[Candidate]:
    """“三公”: every figure by what it is of and whether it is 预算 or 决算, wherever these stand."""
    places: dict[tuple[str, str], list[Place]] = {}
    for row in grid.rows():
        for at in grid.figures(row):
            role = roles.of(grid.label_before(row, at)) or roles.of_stack(grid.stacks[at])
            places.setdefault((role, _subject_of(grid, row, at)), []).append((row, at))
    lesser = table is Table.RUNNING
    one = {key: found[0] for key, found in places.items() if len(found) == 1}
    if ("决算", "总额") not in one and table is Table.THREE and not any(role == "决算" for role, _ in places):
        return  # a budget that calls itself something else
    budget, note = _budget(one, said)
    for role, column, words in (
        (budget, "三公经费预算数", note),
        ("决算", "三公经费决算数", ""),
        ("上年", "上年三公经费决算数", ""),
    ):
        if (place := one.get((role, "总额"))) is not None:
            if reason := _contradicts(grid, one, role):
                said.append(reason)
            else:
                yield Candidate(column, place, lesser, words)
    for subject, column in (("会议费", "会议费"), ("培训费", "培训费"), ("采购", "政府采购金额")):
        if (place := one.get(("决算", subject))) is not None:
            yield Candidate(column, place)


def _budget(one: Mapping[tuple[str, str], Place], said: list[str]) -> tuple[str, str]:
    """The role of the budget to be taken, and what is to be thought of; none where two budgets stand there."""
    if ("预算", "总额") in one:
        return "预算", ""
    both = [role for role in ("年初预算", "全年预算") if (role, "总额") in one]
    if len(both) == 2:
        said.append("年初预算数和全年预算数都有，三公经费预算数没有取，请按需要填写")
    return (both[0], _ONE_BUDGET.format(f"{both[0]}数")) if len(both) == 1 else ("", "")


def _contradicts(grid: PublishedGrid, one: Mapping[tuple[str, str], Place], role: str) -> str:
    """Why a total of “三公” is no sum of the parts that stand beside it; empty where it is, or parts are missing."""
    figures = {subject: grid.figure(place) for (of, subject), place in one.items() if of == role}
    total = figures["总额"]
    cars = [figures["公车"]] if "公车" in figures else [figures[part] for part in ("购置", "运行") if part in figures]
    parts = [*cars, *(figures[part] for part in ("出国", "接待") if part in figures)]
    least = min((int(figure.as_tuple().exponent) for figure in (total, *parts)), default=0)
    room = _ROUNDING * Decimal(1).scaleb(min(least, 0))
    added = sum(parts, Decimal(0))
    complete = {"出国", "接待"} <= figures.keys() and bool(cars)
    if parts and (added > total + room or (complete and added < total - room)):
        return f"三公经费{role}数的合计 {total} 与各项相加的 {added} 不一致，没有取"
    return ""
