"""What a self-score that differs is told it should be: one score, a range, or each that an unclear form allows."""

from __future__ import annotations

from decimal import Decimal

from gouji.score.kinds.reading import Reading
from gouji.score.sheets.rated_case import RatedCase
from gouji.templates.scoring.band import BandRule
from gouji.templates.scoring.points import points_text, range_text
from gouji.templates.scoring.step import StepRule


def due_text(case: RatedCase, row: int) -> str:
    """`8分`; `0分至5分` in a gap between bands; `3分（按应有的方向）或0分（按表上印的方向）`; `5分或4分`."""
    rule, reading = case.rule, judged_reading(case, row)
    if not reading.fixed[row]:
        return range_text(*case_range(case, row))
    if isinstance(rule, StepRule) and rule.meant is not None:
        return _both_directions(case, rule, row)
    if isinstance(rule, BandRule):
        possible = [candidate.score[row] for candidate in case.recomputed.readings if candidate.applies[row]]
        return "或".join(dict.fromkeys(points_text(score) for score in possible))
    return points_text(reading.score[row])


def due_gap(case: RatedCase, row: int) -> Decimal:
    """Self-score less what is due; where a range is due, less its nearer end."""
    reading = judged_reading(case, row)
    self_score = case.stated.value[row]
    low, high = (reading.score[row],) * 2 if reading.fixed[row] else case_range(case, row)
    gap: Decimal = self_score - (high if self_score >= high else low)
    return gap


def judged_reading(case: RatedCase, row: int) -> Reading:
    """The reading that the self-score fits, else the default."""
    return case.recomputed.readings[int(case.judged.reading[row])]


def case_range(case: RatedCase, row: int) -> tuple[Decimal, Decimal]:
    """Lowest and highest score that any reading allows one return."""
    possible = [reading for reading in case.recomputed.readings if reading.applies[row]]
    return min(reading.low[row] for reading in possible), max(reading.high[row] for reading in possible)


def _both_directions(case: RatedCase, rule: StepRule, row: int) -> str:
    _, way, number = rule.reading_parts(int(case.judged.reading[row]))
    by_direction = {
        direction.name: points_text(case.recomputed.readings[rule.reading_place(direction, way, number)].score[row])
        for direction in rule.directions
    }
    if len(set(by_direction.values())) == 1:
        return next(iter(by_direction.values()))
    return "或".join(f"{points}（{name}）" for name, points in by_direction.items())
