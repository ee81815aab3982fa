"""Scores as ranges: which a rule can yield, joined, cut to the points, and in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from gouji.templates.exact import plain

Range = tuple[Decimal, Decimal]
"""Scores from the first to the second, both included; one score stands there twice."""

NOTHING = Decimal(0)
_MOST_LISTED = 12


def joined(ranges: Iterable[Range]) -> list[Range]:
    """From below, those that meet made one."""
    result: list[Range] = []
    for low, high in sorted(ranges):
        if result and low <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], high))
        else:
            result.append((low, high))
    return result


def within(score: Decimal, points: Decimal) -> Decimal:
    """The score cut to [0, points]."""
    return min(max(score, NOTHING), points)


def ranges_text(ranges: Sequence[Range]) -> str:
    """`0、2、4、6、8`, `0至9、10`; long lists are cut in the middle."""
    shown = [plain(low) if low == high else f"{plain(low)}至{plain(high)}" for low, high in ranges]
    if len(shown) > _MOST_LISTED:
        return "、".join([*shown[:4], "……", *shown[-2:]])
    return "、".join(shown)
