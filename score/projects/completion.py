"""A-S2: 执行率 against the degree of completion: money spent without results, or results without the money."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from gouji.score.arrays import Flags, either, filled, flags, greatest
from gouji.score.columns import verdict_rows
from gouji.score.projects.execution import execution_trouble
from gouji.score.projects.indicator_context import IndicatorContext
from gouji.score.projects.line_kind import TEXT
from gouji.score.projects.lines import ProjectLines
from gouji.score.projects.project_context import ASK, HINT
from gouji.score.result import Piece
from gouji.templates.rules.naming import quoted
from gouji.templates.rules.quantity import Decimals
from gouji.templates.scoring.parameters import Completion as CompletionRule
from gouji.templates.scoring.points import rounded_percent
from gouji.templates.verdicts import AGREES, DIFFERS, UNCHECKED
from gouji.validate.findings import Finding
from gouji.validate.one_cause.links import INPUTS
from gouji.validate.wide import ABSENT_STATE, BLANK_STATE

LAYER = "逻辑"
ZERO, ONE, HUNDRED = Decimal(0), Decimal(1), Decimal(100)


@dataclass(frozen=True)
class Completion:
    """Points-weighted completion per return, in [0, 1], and what missing or ranged actuals leave of it open.

    `stated`: at least one line says something; `there`: at least one line counts; `whole`: no actual is missing.
    """

    value: Decimals
    low: Decimals
    high: Decimals
    there: Flags
    stated: Flags
    whole: Flags


def check_completion(context: IndicatorContext, rules: CompletionRule) -> Piece:
    """A-S2 verdict of every return; a finding where the two are further apart than the gap, or cannot be compared."""
    done, rate = completion(context, rules.groups), context.execution
    gap = rules.gap / HUNDRED
    least = greatest(greatest(done.low - rate.value, rate.value - done.high), ZERO)
    most = greatest(abs(rate.value - done.low), abs(rate.value - done.high))
    comparable = rate.known & done.stated
    apart = comparable & flags(least > gap)
    near = comparable & (flags(most <= gap) | (done.whole & ~apart))
    verdict = np.where(apart, DIFFERS, np.where(near, AGREES, UNCHECKED)).astype(object)
    item = context.rate_item.id
    rows = verdict_rows(context.ids, rules.id, item, verdict)
    return Piece(verdicts=[rows], findings=list(_findings(context, rules, done, verdict)))


def completion(context: IndicatorContext, groups: list[str]) -> Completion:
    """The mean of min(A/T, 1) over the quantitative lines of the groups, by 分值; 反向 lines by their share."""
    lines, size = context.lines, context.wide.size
    counted, missing = _counted(lines, groups)
    points = either(counted, lines.points.value, ZERO)
    safe = either(flags(points > ZERO), points, ONE)
    reading = context.recomputed
    shares = [reading.of(reading.default, name) / safe for name in ("score", "low", "high")]
    unknown = (ONE, ZERO, ONE)
    shares = [either(missing, if_unknown, share) for share, if_unknown in zip(shares, unknown, strict=True)]
    weight = _sum(lines, points, size)
    divisor = either(flags(weight > ZERO), weight, ONE)
    value, low, high = (_sum(lines, share * points, size) / divisor for share in shares)
    there = flags(weight > ZERO)
    stated = np.bincount(lines.owner[counted & ~missing], minlength=size) > 0
    lacking = np.bincount(lines.owner[counted & missing], minlength=size) > 0
    return Completion(value, low, high, there, stated & there, ~lacking)


def _counted(lines: ProjectLines, groups: list[str]) -> tuple[Flags, Flags]:
    """The quantitative lines of the groups with 分值, and those of them whose actual is missing."""
    inside = np.isin(np.array(lines.groups, dtype=str), groups)
    quantitative = np.array([kind.kind != TEXT for kind in lines.kinds], bool) & lines.numeric
    blank = np.isin(lines.columns.state_of(lines.named.actual), [BLANK_STATE, ABSENT_STATE])
    missing = blank & np.array([target.number is not None for target in lines.targets], bool)
    return inside & lines.judged & (quantitative | missing), missing


def _sum(lines: ProjectLines, parts: Decimals, size: int) -> Decimals:
    total = filled(size, ZERO)
    np.add.at(total, lines.owner, parts)
    return total


def _findings(
    context: IndicatorContext, rules: CompletionRule, done: Completion, verdict: NDArray[np.object_]
) -> Iterator[Finding]:
    rate = context.execution
    # Without any quantitative line, or with neither side known, there is nothing to ask of the unit.
    asked = (verdict == DIFFERS) | ((verdict == UNCHECKED) & done.there & (rate.known | done.stated))
    for row in np.flatnonzero(asked).tolist():
        finding = context.return_finding(context.rate_item.id, row, rules.id, LAYER, ASK, str(verdict[row]))
        finding.related_cells = "；".join(
            str(operand.cells[row]) for operand in context.execution_inputs if operand.cells[row]
        )
        if verdict[row] == UNCHECKED:
            why = execution_trouble(context, row) or "有定量指标没有填写实际完成值"
            finding.message = f"执行率与绩效指标完成程度无法比较：{why}。请补齐后再核对。"
            finding.waits = _waits(context, row)
            if _told_elsewhere(context, row):
                finding.severity = HINT
        else:
            _apart(finding, rate.value[row], done.value[row], rules.groups)
        yield finding


def _waits(context: IndicatorContext, row: int) -> str | None:
    """The cells of the money that is not filled in; actuals that are missing have no one cell."""
    lacking = [operand.at_row(row) for operand in context.execution_inputs]
    cells = [operand.cells for operand in lacking if operand.trouble]
    return INPUTS.join(str(cell) for cell in cells) if cells and all(cells) else None


def _told_elsewhere(context: IndicatorContext, row: int) -> bool:
    """Whether what is missing has a finding of its own, or is not on the sheet (T-30)."""
    lines = context.lines
    absent = lines.columns.state_of(lines.named.actual)[lines.owner == row] == ABSENT_STATE
    inputs = [operand.at_row(row) for operand in context.execution_inputs]
    return bool(absent.any()) or any(operand.asked_for or operand.absent for operand in inputs)


def _apart(finding: Finding, rate: Decimal, done: Decimal, groups: list[str]) -> None:
    finding.stated, finding.expected = rounded_percent(rate), rounded_percent(done)
    finding.difference = float(rate - done)
    said = "资金用得多、成果少" if rate > done else "资金用得少、成果多"
    points = rounded_percent(abs(rate - done)).removesuffix("%")
    finding.message = (
        f"{quoted('执行率')}为{rounded_percent(rate)}，{'、'.join(groups)}的平均完成程度为{rounded_percent(done)}，"
        f"相差{points}个百分点（{said}）。请核实指标完成情况，或说明理由。"
    )
