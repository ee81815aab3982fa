"""The findings of F-S1: a self-score that no reading yields, or that cannot be recomputed."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gouji.score.sheets.due_score import due_gap, due_text, judged_reading
from gouji.score.sheets.rated_case import RatedCase
from gouji.score.sheets.sheet_context import HINT, SheetContext
from gouji.score.wording import (
    differs_text,
    indicator_label,
    rounding_text,
    stated_text,
    unchecked_text,
    what_it_takes,
)
from gouji.templates.verdicts import AGREES, ROUNDING, UNCHECKED
from gouji.validate.findings import Finding
from gouji.validate.inputs import InputAt
from gouji.validate.one_cause.links import INPUTS, UNASKED
from gouji.validate.residuals import CUT_OFF


def rated_findings(context: SheetContext, case: RatedCase) -> Iterator[Finding]:
    """One finding per return whose self-score is filled and does not agree; a blank one is reported elsewhere."""
    label = indicator_label(context.form, case.indicator.id)
    for row in np.flatnonzero((case.judged.verdict != AGREES) & case.stated.known).tolist():
        verdict = str(case.judged.verdict[row])
        finding = context.finding(case.indicator, context.rules.id, row, verdict)
        finding.stated = stated_text(case.stated.value[row])
        finding.related_cells = case.cells(row)
        if verdict == UNCHECKED:
            wrong = [operand for operand in case.inputs_at(row) if operand.trouble]
            if wrong and all(operand.not_asked or operand.absent or operand.not_received for operand in wrong):
                finding.severity = HINT  # a gap of the form, or of what came, which nobody can mend on this sheet
            finding.waits = _waits(wrong)
            to_do = what_it_takes(case.inputs_at(row), case.rule.full_when_absent)
            finding.message = unchecked_text(label, case.stated.value[row], str(case.reasons[row]), to_do)
        else:
            _compared(finding, label, case, row)
        yield finding


def _waits(wrong: list[InputAt]) -> str | None:
    """For what the unit can fill in; of what only the bureau can ask for, that it is so."""
    fillable = [operand for operand in wrong if not (operand.not_asked or operand.absent or operand.not_received)]
    if not fillable:
        return UNASKED if any(operand.not_asked for operand in wrong) else None
    return (
        INPUTS.join(str(operand.cells) for operand in fillable) if all(operand.cells for operand in fillable) else None
    )


def _compared(finding: Finding, label: str, case: RatedCase, row: int) -> None:
    """The figures, cause and words of a self-score that differs from the recomputed one."""
    reading, self_score = judged_reading(case, row), case.stated.value[row]
    gap, expected, how = due_gap(case, row), due_text(case, row), str(case.traces[row])
    finding.expected, finding.difference = expected, float(gap)
    finding.tolerance = float((reading.high[row] - reading.low[row]) / 2) if reading.fixed[row] else 0.0
    if finding.verdict == ROUNDING:
        cut_off = bool(case.judged.cut_off[row])
        finding.severity, finding.cause = HINT, CUT_OFF if cut_off else None
        finding.message = rounding_text(label, self_score, how, expected, cut_off)
    else:
        finding.score_impact = float(gap)
        finding.message = differs_text(label, self_score, how, expected, gap)
