"""Every score that a rule can yield at all, under whichever reading."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_CEILING, Decimal

from gouji.templates.definition import (
    BandRule,
    ChecklistItem,
    ChecklistRule,
    DeductRule,
    JudgeRule,
    QualitativeRule,
    ScoringRule,
)
from gouji.templates.exact import plain
from gouji.templates.scoring.bands import bands_of, gaps_between
from gouji.templates.scoring.full_marks import starts

Range = tuple[Decimal, Decimal]
"""Scores from the first to the second, both included; one score stands there twice."""

_MOST_LISTED = 12
_NONE = Decimal(0)


def possible_scores(rule: ScoringRule, points: Decimal) -> list[Range]:
    """Every score that the rule can yield, from below, within [0, points] and without overlaps.

    All of [0, points] for `step` (按比例 is in use) and `ratio`, and for `judge` without step or ranges.
    """
    match rule:
        case ChecklistRule(items=items):
            found = _sums_of_items(items)
        case DeductRule():
            found = [(points - most, points - least) for least, most in _deductions(rule, points)]
        case BandRule():
            found = _of_bands(rule, points)
        case QualitativeRule(options=options):
            found = [(given, given) for given in options.values()]
        case JudgeRule(ranges=ranges) if ranges:
            found = [one.ends for one in ranges]
        case JudgeRule(step=Decimal() as step):
            found = [(step * count, step * count) for count in range(int(points // step) + 1)] + [(points, points)]
        case _:
            found = [(_NONE, points)]
    return joined((_within(low, points), _within(high, points)) for low, high in found)


def possible_text(ranges: Sequence[Range]) -> str:
    """`0、2、4、6、8`, `0至9、10`; long lists are cut in the middle."""
    shown = [plain(low) if low == high else f"{plain(low)}至{plain(high)}" for low, high in ranges]
    if len(shown) > _MOST_LISTED:
        return "、".join([*shown[:4], "……", *shown[-2:]])
    return "、".join(shown)


def joined(ranges: Iterable[Range]) -> list[Range]:
    """From below, those that meet made one."""
    result: list[Range] = []
    for low, high in sorted(ranges):
        if result and low <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], high))
        else:
            result.append((low, high))
    return result


def _within(score: Decimal, points: Decimal) -> Decimal:
    return min(max(score, _NONE), points)


def _sums_of_items(items: Sequence[ChecklistItem]) -> list[Range]:
    """Every sum of what the items may be given, all or nothing where they name no options."""
    sums = {_NONE}
    for item in items:
        options = [item.points, _NONE] if item.options is None else item.options
        sums = {one + given for one in sums for given in options}
    return [(one, one) for one in sums]


def _deductions(rule: DeductRule, points: Decimal) -> list[Range]:
    """Everything that can be taken off, once as far as it is enough to leave nothing."""
    found: list[Range] = [(_NONE, _NONE)]
    for event in rule.events:
        cost = event.cost
        if cost is not None:
            found = _either(found, *cost)
        elif rule.missed and rule.each is not None:
            found = _either(found, rule.each, rule.each)
    if rule.each is not None and not rule.missed:
        times = int((points / rule.each).to_integral_value(ROUND_CEILING))
        by_case = [rule.each * count for count in range(times + 1)]
        found = joined((low + one, high + one) for low, high in found for one in by_case)
    return found


def _either(found: list[Range], least: Decimal, most: Decimal) -> list[Range]:
    """With and without one more deduction."""
    return joined([*found, *((low + least, high + most) for low, high in found)])


def _of_bands(rule: BandRule, points: Decimal) -> list[Range]:
    """The bands' points, what lies open between them, and full marks where no rate is needed."""
    found: list[Range] = []
    for start in starts(rule, points):
        bands = bands_of(rule, points, start)
        found += [(one.least, one.most) for one in (*bands, *gaps_between(bands))]
        if rule.zero_over_zero or rule.full_when_absent:
            found.append((start, start))
    return found
