"""F-S2: whether the printed criteria can yield the self-score at all."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import numpy as np

from gouji.score.arrays import Flags
from gouji.score.columns import verdict_rows
from gouji.score.kinds.attainable import attainable_column
from gouji.score.result import Piece
from gouji.score.sheets.sheet_context import SheetContext, score_item
from gouji.score.wording import indicator_label, stated_text, unattainable_text
from gouji.templates.rules import quantity as q
from gouji.templates.scores_block import Indicator
from gouji.templates.scoring.ranges import ranges_text
from gouji.templates.verdicts import AGREES, DIFFERS, UNCHECKED
from gouji.validate.findings import Finding


def check_attained(context: SheetContext, indicator: Indicator, stated: q.Quantity) -> Piece:
    """F-S2 verdicts and findings of one indicator."""
    can_be = attainable_column(indicator.rule, indicator.points, stated)
    verdict = np.where(stated.known, np.where(can_be, AGREES, DIFFERS), UNCHECKED).astype(object)
    rows = verdict_rows(context.ids, context.rules.attainable, score_item(indicator), verdict)
    return Piece(verdicts=[rows], findings=list(_findings(context, indicator, stated, ~can_be)))


def _findings(context: SheetContext, indicator: Indicator, stated: q.Quantity, failed: Flags) -> Iterator[Finding]:
    label = indicator_label(context.form, indicator.id)
    ranges = indicator.rule.possible_scores(indicator.points)
    anything = [(Decimal(0), indicator.points)]
    possible = None if ranges == anything else ranges_text(ranges)
    # A score above its 分值 is reported by the form's own check of 得分 ≤ 分值.
    for row in np.flatnonzero(failed & (stated.value <= indicator.points)).tolist():
        finding = context.finding(indicator, context.rules.attainable, row, DIFFERS)
        finding.stated = stated_text(stated.value[row])
        finding.expected = None if possible is None else f"{possible}分"
        finding.message = unattainable_text(label, stated.value[row], possible, indicator.points)
        yield finding
