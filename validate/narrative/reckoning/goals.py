"""How far a result is beyond its target: 维修149处，比年度目标多3处; 满意度95.5%，比目标值高出5.5个百分点."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gouji.ingest.narrative.written import PERCENT, POINTS, Written
from gouji.validate.narrative.reckoning.claim import Claim, Way
from gouji.validate.narrative.reckoning.facts import Facts, Goal
from gouji.validate.narrative.reckoning.span import Span, differences
from gouji.validate.narrative.reckoning.surroundings import Surroundings
from gouji.validate.narrative.reckoning.words import called

_BEYOND = re.compile(
    r"(?:比|较|超过?|超出|高于|高出|低于)(?:年度|年初|设定的?|预期|绩效)*(?:目标值?|指标值?|计划数?|任务数?)(?:数)?"
    r"(?P<by>多|高出?|提高|超出?|少|低|增加)?(?:了|完成)?$"
)


def goals(around: Surroundings) -> Iterator[Claim]:
    """Every claim of how far a figure is beyond its target, where the table has both."""
    for gap in around.figures if around.facts is not None else ():
        reached = around.last(gap)
        match = _BEYOND.search(gap.clause) if gap.exact else None
        if reached is None or around.facts is None or match is None or not (match["by"] or gap.unit == POINTS):
            continue
        if reached.unit == (PERCENT if gap.unit == POINTS else gap.unit):
            yield from _beyond(around, around.facts, gap, reached)


def _beyond(around: Surroundings, facts: Facts, gap: Written, reached: Written) -> Iterator[Claim]:
    alike = [goal for goal in facts.goals if _is_result(goal, reached)]
    ways = [Way(Span.exactly(abs(goal.reached - goal.target)), called(reached), goal.words) for goal in alike]
    figures = [figure for figure in (*around.earlier, *around.figures) if figure.unit == reached.unit]
    yield Claim(gap, ways, differences([Span.of(figure) for figure in figures], Span.of(reached)))


def _is_result(goal: Goal, figure: Written) -> bool:
    """Whether a figure is what an indicator reached."""
    same_unit = figure.unit == PERCENT if goal.percent else goal.unit == figure.unit
    return same_unit and Span.exactly(goal.reached).explains(figure)
