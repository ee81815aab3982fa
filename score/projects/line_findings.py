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
    for at in np.flatnonzero(flagged).tolist():
        verdict = str(context.judged.verdict[at])
        if verdict == UNCHECKED and any(lines.absent(column, at) for column in (TARGET, ACTUAL)):
            continue
        finding = context.line_finding(at, SCORE, context.rules.id, LAYER, ASK, verdict)
        own = lines.stated.value[at]
        finding.stated = stated_text(own)
        cells = [lines.cell(column, at) for column in (TARGET, ACTUAL)]
        finding.related_cells = "；".join(cell for cell in cells if cell) or None
        if verdict == UNCHECKED:
            why = str(line_trouble(context, at))
            finding.waits = _waits(context, at)
            finding.message = unchecked_text(lines.names[at], own, why, "请补填后再核对。")
        else:
            _compared(context, finding, at)
        yield finding


def _waits(context: ProjectContext, at: int) -> str | None:
    """The cells of the measures that are not filled in."""
    lines = context.lines
    cells = [
        lines.cell(column, at) for column in (TARGET, ACTUAL) if lines.columns.state_of(column)[at] != FILLED_STATE
    ]
    return INPUTS.join(str(cell) for cell in cells) if cells and all(cells) else None


def _compared(context: ProjectContext, finding: Finding, at: int) -> None:
    lines, which = context.lines, int(context.judged.reading[at])
    reading, own = context.recomputed.readings[which], lines.stated.value[at]
    low, high = (reading.score[at],) * 2 if reading.fixed[at] else (reading.low[at], reading.high[at])
    gap = own - (high if own >= high else low)
    finding.expected, finding.difference = range_text(low, high), float(gap)
    finding.tolerance = float((reading.high[at] - reading.low[at]) / 2) if reading.fixed[at] else 0.0
    how = line_trace(lines, context.recomputed, which, at)
    if finding.verdict == ROUNDING:
        cut_off = bool(context.judged.cut_off[at])
        finding.severity, finding.cause = HINT, CUT_OFF if cut_off else None
        finding.message = rounding_text(lines.names[at], own, how, finding.expected, cut_off)
    else:
        finding.score_impact = float(gap)
        finding.message = differs_text(lines.names[at], own, how, finding.expected, gap)


def _ranges(context: ProjectContext) -> Iterator[Finding]:
    lines = context.lines
    filled = lines.columns.state_of(ACTUAL) == FILLED_STATE
    signed = np.array([measure.sign != "" or measure.until is not None for measure in lines.actuals], bool)
    judged = context.judged
    fixed = context.recomputed.of(judged.reading, "fixed").astype(bool)
    settled = context.recomputed.known & fixed & (judged.verdict == AGREES)
    for at in np.flatnonzero(filled & signed).tolist():
        yield common(
            "T-10", context.origins[int(lines.owner[at])], item=f"{lines.line[at]}.{ACTUAL}",
            cell=lines.cell(ACTUAL, at), stated=lines.actuals[at].text, waits=SETTLED if settled[at] else None,
        )  # fmt: skip
