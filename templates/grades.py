"""评价等次: from which points each begins, and under which words it is written."""

from __future__ import annotations

from decimal import Decimal

from gouji.templates.exact import significant
from gouji.templates.labels import squeezed

GRADES = ((Decimal(90), "优"), (Decimal(80), "良"), (Decimal(60), "中"))
LOWEST_GRADE = "差"
NAMES = (LOWEST_GRADE, *(name for _, name in reversed(GRADES)))
"""From the lowest up: the place of a grade is its rank."""

_OTHER_WORDS = {
    "优": {"优秀"},
    "良": {"良好"},
    "中": {"中等", "一般", "合格", "及格"},
    "差": {"较差", "不合格", "不及格"},
}


def grade(total: Decimal | float | None) -> str | None:
    """≥ 90 优, [80, 90) 良, [60, 80) 中, below 差; None without a total."""
    if total is None or total != total:
        return None
    exact = total if isinstance(total, Decimal) else significant(total)
    return next((name for least, name in GRADES if exact >= least), LOWEST_GRADE)


def rank(total: Decimal) -> int:
    """The rank of the grade that so many points have: 差 0 … 优 3."""
    return NAMES.index(grade(total) or LOWEST_GRADE)


def words_of(name: str) -> tuple[str, ...]:
    """A grade and the other words for it, in a fixed order."""
    return (name, *sorted(_OTHER_WORDS[name]))


def rank_of_words(text: str | None) -> int | None:
    """The rank of a grade as people write it (优秀, 良好 …); None for any other words."""
    word = squeezed(text or "")
    return next((place for place, name in enumerate(NAMES) if word in words_of(name)), None)
