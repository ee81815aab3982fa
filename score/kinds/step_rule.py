"""`step` in columns: one reading per direction and way of counting steps."""

from __future__ import annotations

from decimal import Decimal

from gouji.score.kinds.reading import Reading, everywhere
from gouji.templates.definition import StepRule
from gouji.templates.rules import quantity as q
from gouji.templates.scoring.directions import WAYS, Direction, directions
from gouji.templates.scoring.step_score import beyond, step_scores


def step_readings(rule: StepRule, points: Decimal, start: Decimal, rate: q.Quantity) -> list[Reading]:
    """One reading per direction and way of counting steps, taking points off from `start`."""
    return [
        _reading(rule, direction, way, points, start, missed)
        for direction in directions(rule)
        for missed in [beyond(rule, direction, rate, q.COLUMNS)]
        for way in WAYS
    ]


def reading_parts(rule: StepRule, which: int) -> tuple[Direction, str, int]:
    """Direction, way and number of the start behind a reading's place among all readings of the rule."""
    ahead = directions(rule)
    number, within = divmod(which, len(ahead) * len(WAYS))
    return ahead[within // len(WAYS)], WAYS[within % len(WAYS)], number


def reading_place(rule: StepRule, direction: Direction, way: str, number: int) -> int:
    """The place of such a reading: the inverse of `reading_parts`."""
    ahead = directions(rule)
    return (number * len(ahead) + ahead.index(direction)) * len(WAYS) + WAYS.index(way)


def _reading(
    rule: StepRule, direction: Direction, way: str, points: Decimal, start: Decimal, missed: q.Quantity
) -> Reading:
    name = f"{way}，{direction.name}" if direction.name else way
    return everywhere(name, *step_scores(rule, direction, way, start, points, missed, q.COLUMNS))
