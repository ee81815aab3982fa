"""A-S1: every line's self-score against the recomputed one; T-10: actuals written as a range."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gouji.score.columns import verdict_rows
from gouji.score.projects.line_rows import line_trouble
from gouji.score.projects.line_trace import line_trace
from gouji.score.projects.lines import ACTUAL, SCORE, TARGET
from gouji.score.projects.project_context import ASK, HINT, ProjectContext
from gouji.score.result import Piece
from gouji.score.wording import differs_text, rounding_text, stated_text, unchecked_text
from gouji.templates.scoring.points import range_text
from gouji.templates.verdicts import AGREES, ROUNDING, UNCHECKED
from gouji.validate.findings import Finding, common
from gouji.validate.one_cause.links import INPUTS, SETTLED
from gouji.validate.residuals import CUT_OFF
from gouji.validate.wide import FILLED_STATE

LAYER = "得分重算"


def check_lines(context: ProjectContext) -> Piece:
    """A-S1 verdicts of every line with 分值, and the findings where the self-score is filled and does not agree."""
    lines, judged = context.lines, context.lines.judged
    items = context.line_items(SCORE)
    rows = verdict_rows(
        context.ids[lines.owner[judged]], context.rules.id, items[judged], context.judged.verdict[judged]
    )
    return Piece(verdicts=[rows], findings=[*_findings(context), *_ranges(context)])


def _findings(context: ProjectContext) -> Iterator[Finding]:
    lines = context.lines
    flagged = lines.judged & lines.stated.known & (context.judged.verdict != AGREES)
    for line in np.flatnonzero(flagged).tolist():
        verdict = str(context.judged.verdict[line])
        if verdict == UNCHECKED and any(lines.absent(column, line) for column in (TARGET, ACTUAL)):
            continue
        finding = context.line_finding(line, SCORE, context.rules.id, LAYER, ASK, verdict)
        self_score = lines.stated.value[line]
        finding.stated = stated_text(self_score)
        cells = [lines.cell(column, line) for column in (TARGET, ACTUAL)]
        finding.related_cells = "；".join(cell for cell in cells if cell) or None
        if verdict == UNCHECKED:
            why = str(line_trouble(context, line))
            finding.waits = _waits(context, line)
            finding.message = unchecked_text(lines.names[line], self_score, why, "请补填后再核对。")
        else:
            _compared(context, finding, line)
        yield finding


def _waits(context: ProjectContext, line: int) -> str | None:
    """The cells of the measures that are not filled in."""
    lines = context.lines
    cells = [
        lines.cell(column, line) for column in (TARGET, ACTUAL) if lines.columns.state_of(column)[line] != FILLED_STATE
    ]
    return INPUTS.join(str(cell) for cell in cells) if cells and all(cells) else None


def _compared(context: ProjectContext, finding: Finding, line: int) -> None:
    lines, which = context.lines, int(context.judged.reading[line])
    reading, self_score = context.recomputed.readings[which], lines.stated.value[line]
    low, high = (reading.score[line],) * 2 if reading.fixed[line] else (reading.low[line], reading.high[line])
    gap = self_score - (high if self_score >= high else low)
    finding.expected, finding.difference = range_text(low, high), float(gap)
    finding.tolerance = float((reading.high[line] - reading.low[line]) / 2) if reading.fixed[line] else 0.0
    how = line_trace(lines, context.recomputed, which, line)
    if finding.verdict == ROUNDING:
        cut_off = bool(context.judged.cut_off[line])
        finding.severity, finding.cause = HINT, CUT_OFF if cut_off else None
        finding.message = rounding_text(lines.names[line], self_score, how, finding.expected, cut_off)
    else:
        finding.score_impact = float(gap)
        finding.message = differs_text(lines.names[line], self_score, how, finding.expected, gap)


def _ranges(context: ProjectContext) -> Iterator[Finding]:
    lines = context.lines
    filled = lines.columns.state_of(ACTUAL) == FILLED_STATE
    signed = np.array([measure.sign != "" or measure.until is not None for measure in lines.actuals], bool)
    judged = context.judged
    fixed = context.recomputed.of(judged.reading, "fixed").astype(bool)
    settled = context.recomputed.known & fixed & (judged.verdict == AGREES)
    for line in np.flatnonzero(filled & signed).tolist():
        yield common(
            "T-10", context.origins[int(lines.owner[line])], item=f"{lines.line[line]}.{ACTUAL}",
            cell=lines.cell(ACTUAL, line), stated=lines.actuals[line].text, waits=SETTLED if settled[line] else None,
        )  # fmt: skip
