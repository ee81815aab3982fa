"""F-S1: an indicator that has a rate, recomputed for every return and held against the self-score."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gouji.score.arrays import either
from gouji.score.columns import figures, scores, verdict_rows
from gouji.score.kinds.absent import stated_absent
from gouji.score.kinds.agreement import agreement
from gouji.score.kinds.sheet_rules import recompute
from gouji.score.result import Piece
from gouji.score.sheets.rate_words import undefined_text
from gouji.score.sheets.rated_case import RatedCase
from gouji.score.sheets.rated_findings import rated_findings
from gouji.score.sheets.sheet_context import SheetContext, score_item
from gouji.score.sheets.sheet_trace import traces
from gouji.score.wording import indicator_label, missing_text
from gouji.templates.rules import quantity as q
from gouji.templates.rules.evaluate import evaluate
from gouji.templates.scores_block import Indicator
from gouji.templates.scoring.rated import Rated
from gouji.validate.possible import scored_inputs


def score_rated(context: SheetContext, indicator: Indicator, rule: Rated, stated: q.Quantity) -> Piece:
    """Score rows, F-S1 verdicts and findings of one indicator."""
    case = _case(context, indicator, rule, stated)
    verdicts = verdict_rows(context.ids, context.rules.id, score_item(indicator), case.judged.verdict)
    return Piece([_rows(context, case)], [verdicts], list(rated_findings(context, case)))


def _case(context: SheetContext, indicator: Indicator, rule: Rated, stated: q.Quantity) -> RatedCase:
    wide, node = context.wide, context.form.rates[indicator.id]
    rate = evaluate(node, context.figures)
    absent = stated_absent(wide, context.tables, node) if rule.full_when_absent else np.zeros(wide.size, bool)
    recomputed = recompute(rule, indicator.points, rate, absent)
    judged = agreement(recomputed, stated, indicator.points)
    inputs = scored_inputs(wide, context.tables, node)
    case = RatedCase(indicator, rule, stated, rate, recomputed, judged, inputs)
    case.reasons = _reasons(context, case)
    case.traces = traces(context, case)
    return case


def _rows(context: SheetContext, case: RatedCase) -> pd.DataFrame:
    known, points = case.recomputed.known, float(case.indicator.points)
    low, high = case.recomputed.range()
    fixed = known & case.recomputed.of(case.judged.reading, "fixed").astype(bool)
    names = np.array([reading.name for reading in case.recomputed.readings], dtype=object)
    several = known & (len(names) > 1)
    return pd.DataFrame(
        {
            "return_id": context.ids,
            "indicator": case.indicator.id,
            "label": indicator_label(context.form, case.indicator.id),
            "points": points,
            "self_score": figures(case.stated.value, case.stated.known),
            "score": scores(case.recomputed.of(case.judged.reading, "score"), fixed),
            "low": np.where(known, scores(low, known), 0.0),
            "high": np.where(known, scores(high, known), points),
            "kind": case.indicator.rule.kind,
            "reading": either(several, names[case.judged.reading], None),
            "reason": case.reasons,
            "trace": case.traces,
        }
    )


def _reasons(context: SheetContext, case: RatedCase) -> list[str | None]:
    """Why no score, or none but a range, could be recomputed; None where one could."""
    made: dict[tuple[object, ...], str] = {}
    reasons: list[str | None] = [None] * context.wide.size
    for row in np.flatnonzero(~case.recomputed.known).tolist():
        key = (context.years[row], int(case.rate.state[row]), *(operand.trouble[row] for operand in case.inputs))
        if key not in made:
            made[key] = _reason(context, case, row)
        reasons[row] = made[key]
    unfixed = ~case.recomputed.of(case.judged.reading, "fixed").astype(bool)
    for row in np.flatnonzero(case.recomputed.known & unfixed).tolist():
        reasons[row] = undefined_text(case, row)
    return reasons


def _reason(context: SheetContext, case: RatedCase, row: int) -> str:
    missing = missing_text(context.form, case.inputs_at(row), context.years[row])
    if missing:
        return f"缺少{missing}"
    match int(case.rate.state[row]):
        case q.OK:
            return "评价标准没有规定这个比率得几分"
        case q.BOTH_ZERO:
            return "分子、分母都是 0，没有比率"
        case q.ZERO:
            return "分母是 0，没有比率"
        case _:
            return "数据不全或无法识别"
