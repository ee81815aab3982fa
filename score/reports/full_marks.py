"""Full marks of a 自评报告 beside an indicator that missed its target, or has no actual."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from gouji.score.arrays import Flags, flags
from gouji.score.columns import verdict_rows
from gouji.score.projects.completion import LAYER
from gouji.score.projects.project_context import ASK
from gouji.score.reports.report_context import StatedContext
from gouji.score.result import Piece
from gouji.score.wording import stated_text
from gouji.templates.exact import plain
from gouji.templates.rules.naming import item_label, quoted
from gouji.templates.verdicts import AGREES, DIFFERS, UNCHECKED
from gouji.validate.findings import Finding
from gouji.validate.wide import BLANK_STATE, FILLED_STATE

FULL = Decimal(100)
_SHOWN = 5


def check_full_marks(context: StatedContext) -> Piece:
    """不符 where full marks stand beside such an indicator; less than full marks are the unit's to give."""
    short = _short(context)
    verdict = _verdict(context, short)
    rows = verdict_rows(context.ids, context.rules.full, context.item.id, verdict)
    return Piece(verdicts=[rows], findings=list(_findings(context, short, verdict)))


def _short(context: StatedContext) -> Flags:
    """The indicators whose actual misses the target however it is read, or is not there."""
    columns = context.lines.columns
    asked = columns.state_of(context.rules.target) == FILLED_STATE
    return flags(context.missed | (asked & (columns.state_of(context.rules.actual) == BLANK_STATE)))


def _verdict(context: StatedContext, short: Flags) -> NDArray[np.object_]:
    full = context.score.known & flags(context.score.value == FULL)
    missed = np.bincount(context.lines.owner[short], minlength=context.wide.size) > 0
    judged = np.where(context.score.known, AGREES, UNCHECKED).astype(object)
    return np.where(full & missed, DIFFERS, judged).astype(object)


def _findings(context: StatedContext, short: Flags, verdict: NDArray[np.object_]) -> Iterator[Finding]:
    lines, rules = context.lines, context.rules
    label = quoted(item_label(context.form, context.item, None))
    for row in np.flatnonzero(verdict == DIFFERS).tolist():
        mine = np.flatnonzero(short & (lines.owner == row)).tolist()
        named = "、".join(_indicator(context, line) for line in mine[:_SHOWN]) + ("等" if len(mine) > _SHOWN else "")
        finding = context.return_finding(context.item.id, row, rules.full, LAYER, ASK, DIFFERS)
        finding.stated = stated_text(context.score.value[row])
        finding.related_cells = "；".join(cell for line in mine if (cell := lines.cell(rules.actual, line))) or None
        finding.message = (
            f"{label}为满分{plain(FULL)}分，但有 {len(mine)} 项指标没有达到指标值或没有填写完成值：{named}。"
            "请核对后更正，或说明理由。"
        )
        yield finding


def _indicator(context: StatedContext, line: int) -> str:
    lines = context.lines
    if lines.columns.state_of(context.rules.actual)[line] == BLANK_STATE:
        return f"{quoted(lines.names[line])}（没有填写完成值）"
    return f"{quoted(lines.names[line])}（指标值{lines.targets[line].text}，完成值{lines.actuals[line].text}）"
