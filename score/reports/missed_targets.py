"""Indicators of a form that scores nothing: one that missed its target needs its reason."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gouji.score.arrays import Flags, flags
from gouji.score.columns import verdict_rows
from gouji.score.projects.completion import LAYER
from gouji.score.projects.not_recomputed import open_figures
from gouji.score.projects.project_context import ASK
from gouji.score.reports.report_context import UnscoredContext
from gouji.score.result import Piece
from gouji.templates.rules.naming import item_label, quoted
from gouji.templates.verdicts import AGREES, DIFFERS, UNCHECKED
from gouji.validate.findings import Finding
from gouji.validate.wide import ABSENT_STATE, FILLED_STATE


def check_missed_targets(context: UnscoredContext) -> Piece:
    """A verdict of every indicator with a target, a finding where it was missed and no reason is given.

    A line that gives a reason agrees whatever it reached. 无法核对 is what has no actual, what cannot be compared, and
    what was missed on a sheet without the column: they have findings of their own.
    """
    lines, rules = context.lines, context.rules
    explained = context.explained
    no_place = flags(lines.columns.state_of(rules.reason) == ABSENT_STATE)
    missed = flags(context.missed & ~explained)
    settled = flags(explained | (context.recomputed.known & ~context.missed & ~open_figures(context)))
    verdict = np.where(settled, AGREES, np.where(missed & ~no_place, DIFFERS, UNCHECKED)).astype(object)
    asked = flags(lines.columns.state_of(rules.target) == FILLED_STATE)
    items = context.line_items(rules.reason)
    rows = verdict_rows(context.ids[lines.owner[asked]], rules.missed, items[asked], verdict[asked])
    return Piece(verdicts=[rows], findings=list(_findings(context, flags(missed & ~no_place))))


def _findings(context: UnscoredContext, missed: Flags) -> Iterator[Finding]:
    lines, rules = context.lines, context.rules
    label = quoted(item_label(context.form, context.form.lists[rules.lines].columns[rules.reason], None))
    for line in np.flatnonzero(missed).tolist():
        finding = context.line_finding(line, rules.reason, rules.missed, LAYER, ASK, DIFFERS)
        cells = (lines.cell(column, line) for column in (rules.target, rules.actual))
        finding.related_cells = "；".join(cell for cell in cells if cell) or None
        finding.message = (
            f"{quoted(lines.names[line])}指标值{lines.targets[line].text}，完成值{lines.actuals[line].text}，"
            f"没有达到指标值，{label}栏没有写明原因。请补填原因和改进措施；完成值填错的，请更正。"
        )
        yield finding
