"""指标值 such as 2023年12月底前完成 beside 完成值 such as 2024年2月完成: whether it was in time, where certain."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from functools import lru_cache

_DATE = re.compile(
    r"(?:已经?|于|在|截至|实际|应)*"
    r"(?:(?P<year>20\d\d)(?:年|[./-]))?"
    r"(?:(?P<month>\d{1,2})(?:月(?:(?P<day>\d{1,2})[日号]?|(?P<part>底|末|初|上旬|中旬|下旬)|份)?"
    r"|[./-](?P<dotted>\d{1,2})日?)|(?P<year_end>底|末))"
    r"(?P<before>(?:之|以)?前)?(?P<rest>[\u4e00-\u9fff]{0,12})"
)
_PARTS = {"底": (21, 31), "末": (21, 31), "下旬": (21, 31), "中旬": (11, 20), "初": (1, 10), "上旬": (1, 10)}
_OTHERWISE = re.compile("[起后始至到未不无没每拟预计划部分]")
_FINISHED = re.compile("完成|完工|竣工|验收|完毕|办结|建成|投用|投入使用|交付|通过|发放|拨付|支付|到位")
_NEAR_MONTHS = 3
"""Without years, months that are so near across New Year may belong to two years: 12月底前, 2月完成."""


@dataclass(frozen=True, slots=True)
class _Days:
    """From the first day to the last, as (month, day); `year` None where it is not written."""

    year: int | None
    first: tuple[int, int]
    last: tuple[int, int]
    before: bool
    whole_month: bool
    remainder: str


@lru_cache(maxsize=65536)
def in_time(target: str, actual: str) -> bool | None:
    """Whether a task was finished by its deadline; None where either text names no date, or it is not certain.

    A date itself is in time (12月31日前). 12月前 may mean the end of November or of December.
    """
    due, completed = _days(target), _days(actual)
    if due is None or completed is None or (due.year is None) != (completed.year is None):
        return None
    deadline = due.year or 0, due.last
    if not completed.before and (completed.year or 0, completed.first) > deadline:
        may_be_last_year = completed.year is None and due.last[0] + 12 - completed.first[0] <= _NEAR_MONTHS
        return None if may_be_last_year else False
    may_be_next_year = completed.year is None and completed.last[0] + 12 - due.last[0] <= _NEAR_MONTHS
    earliest = due.first if due.before and due.whole_month else (due.last[0], due.last[1] + 1)
    certain = (completed.year or 0, completed.last) < (due.year or 0, earliest) and not may_be_next_year
    return True if certain and (not completed.remainder or _FINISHED.search(completed.remainder)) else None


def _days(text: str) -> _Days | None:
    match = _DATE.fullmatch(text.strip("。;，,"))
    if match is None or _OTHERWISE.search(match["rest"]) or (match["year_end"] and not match["year"]):
        return None
    month = 12 if match["year_end"] else int(match["month"])
    day = match["day"] or match["dotted"]
    if not 1 <= month <= 12 or (match["dotted"] and not match["year"]):
        return None
    length = calendar.monthrange(int(match["year"] or 2000), month)[1]
    first, last = (int(day), int(day)) if day else _PARTS.get(match["part"] or match["year_end"], (1, length))
    if not 1 <= first <= length:
        return None
    whole_month = not day and not match["part"] and not match["year_end"]
    year = int(match["year"]) if match["year"] else None
    return _Days(year, (month, first), (month, min(last, length)), bool(match["before"]), whole_month, match["rest"])
