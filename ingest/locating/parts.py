"""Which rows make up another, as their labels tell: 合计, 其中, numbering, indentation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol, TypeVar

from gouji.templates.labels import squeezed, unnumbered

TOTAL = re.compile(r"合计|总计|小计|^总分|^总额|总额$")
_STEPS = [
    re.compile(r"^[一二三四五六七八九十]{1,3}[、.．]"),
    re.compile(r"^\([一二三四五六七八九十]{1,3}\)"),
    re.compile(r"^\d{1,2}[、.．)]"),
    re.compile(r"^(?:\(\d{1,2}\)|[①-⑳])"),
]
_SUM = re.compile(r"合计|总计|小计")
_SUM_ROW = re.compile(r"^(?:合计|总计|小计)|(?:合计|总计|小计|总得?分)(?:\([^()]*\))?:?$")
_EXPLAINED = re.compile(r"^((?:自评)?(?:总得?分|合计|总计))\(含.*\)$")
_OF_WHICH = re.compile(r"^其中")
_ADJUSTS = re.compile(r"^(?:加|扣|减|扣减|加减|加扣|奖惩)分(?:项目?|事项|因素|指标)?$")
_AVERAGE = re.compile(r"^(?:平均|均值|人均)|平均(?:数|值|分)?$")
_FIRST = re.compile(r"^\(?(?:一|1)[)、.．]|^①")


class LabelledRow(Protocol):
    """A row of a grid. `is_list`: a run of rows whose names are left open; `closed`: where nothing is asked for."""

    @property
    def printed(self) -> str: ...

    @property
    def is_list(self) -> bool: ...

    @property
    def indent(self) -> int: ...

    @property
    def closed(self) -> object: ...


Row = TypeVar("Row", bound=LabelledRow)


def step(label: str) -> int:
    """How deep its numbering puts a label: 0 for none, 1 for 一、, 2 for （一）, 3 for 1、, 4 for （1）."""
    words = squeezed(label)
    return next((depth for depth, pattern in enumerate(_STEPS, 1) if pattern.match(words)), 0)


def is_of_which(label: str) -> bool:
    """其中：…"""
    return _OF_WHICH.match(squeezed(label)) is not None


def without_of_which(label: str) -> str:
    """A label without 其中 in front."""
    return _OF_WHICH.sub("", squeezed(label)).lstrip(":")


def is_total(label: str) -> bool:
    """合计, 总计, 小计, 总分, …总额."""
    return TOTAL.search(squeezed(label)) is not None


def adds_up(label: str) -> bool:
    """合计, 总计, 小计: a row that is no amount of its own, unlike …总额."""
    return _SUM.search(squeezed(label)) is not None


def is_sum_row(label: str) -> bool:
    """产出指标小计, 合计（90分）, 自评总分: a row of nothing but sums, unlike 综合计划完成率."""
    return _SUM_ROW.search(squeezed(label)) is not None


def unexplained(label: str) -> str:
    """The label of a total without its list of contents: 总分（含预算执行率10分）."""
    match = _EXPLAINED.match(squeezed(label)) if label.endswith((")", "）")) else None
    return label if match is None else match[1]


def adjusts(label: str) -> bool:
    """扣分项, 加分项: no indicator, but what is taken off the score or added to it."""
    return _ADJUSTS.search(unnumbered(squeezed(label))) is not None


def taken_off(label: str) -> bool:
    """Whether an amount under this label lessens the total, whatever its sign: 扣分项：违规使用资金."""
    return label.startswith(("扣", "减")) and adjusts(label.partition("：")[0])


def is_average(label: str) -> bool:
    """平均, 平均分, 人均…: no part of a total."""
    return _AVERAGE.search(squeezed(label)) is not None


def numbered_first(label: str) -> bool:
    """Whether a numbering begins here: 一、, 1、, （1）."""
    return _FIRST.match(squeezed(label)) is not None


def of_which_run(rows: Sequence[Row], first: int) -> list[Row]:
    """其中 at `first` and what follows: until a numbered row, a list, another 其中, a sum, a label further to the left,
    or a row closed otherwise."""
    run = [rows[first]]
    for row in rows[first + 1 :]:
        ends = row.is_list or is_of_which(row.printed) or step(row.printed) or adds_up(row.printed)
        if ends or row.indent < rows[first].indent or row.closed != rows[first].closed:
            break
        run.append(row)
    return run


def parts(rows: Sequence[Row], place: int) -> list[Row]:
    """The rows whose sum is the row at `place`; none where the labels do not show it."""
    row, below = rows[place], rows[place + 1 :]
    if not below:
        return _above(rows, place) if is_total(row.printed) else []
    first = below[0]
    if first.is_list:
        return [first]
    if is_of_which(first.printed):
        return of_which_run(rows, place + 1)
    if step(first.printed) > step(row.printed) and numbered_first(first.printed):
        return _numbered(row, below)
    sums_all = place == 0 and is_total(rows[0].printed)
    return [part for part in below if not part.indent and not is_average(part.printed)] if sums_all else []


def _above(rows: Sequence[Row], place: int) -> list[Row]:
    """The rows above a total at the end, without parts of further rows."""
    least = min((step(row.printed) for row in rows[:place]), default=0)
    plain = [row for row in rows[:place] if row.is_list or step(row.printed) == least]
    excluded = (is_of_which, is_total, is_average)
    return [row for row in plain if not any(of_another_kind(row.printed) for of_another_kind in excluded)]


def _numbered(row: Row, below: Sequence[Row]) -> list[Row]:
    """The rows of the next numbering, until a row of the same depth as the total or one without any sign."""
    depth = step(below[0].printed)
    numbered: list[Row] = []
    inside = False
    for candidate in below:
        candidate_depth = step(candidate.printed)
        if candidate.is_list or (candidate_depth and candidate_depth <= step(row.printed)):
            break
        if candidate_depth == depth:
            numbered.append(candidate)
            inside = False
        elif is_of_which(candidate.printed):
            inside = True
        elif not candidate_depth and not inside:
            break
    return numbered
