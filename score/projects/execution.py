"""预算执行率 of a 自评表: its recomputed score as a row of `scores`. Its check is a rule of the form itself."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gouji.score.arrays import either, filled
from gouji.score.columns import figures, scores
from gouji.score.projects.indicator_context import IndicatorContext
from gouji.score.projects.project_context import ProjectContext
from gouji.score.wording import missing_text, reference_label
from gouji.templates.exact import plain
from gouji.templates.rules import quantity as q
from gouji.templates.rules.nodes import Binary, Ref
from gouji.templates.scoring.points import points_text, rounded_percent
from gouji.templates.scoring.scored import clipped

LABEL, KIND = "预算执行率", "执行率"


def execution_rows(context: ProjectContext) -> pd.DataFrame:
    """One row per return: the printed points × 全年执行数 ÷ 全年预算数, capped at the points."""
    rate, points = context.execution, context.execution_points
    score, low, high = (clipped(part * points, points, q.COLUMNS) for part in (rate.value, rate.low, rate.high))
    full = filled(context.wide.size, points)
    return pd.DataFrame(
        {
            "return_id": context.ids,
            "indicator": context.execution_item.row or context.execution_item.id,
            "label": LABEL,
            "points": float(points),
            "self_score": figures(context.execution_score.value, context.execution_score.known),
            "score": scores(score, rate.known),
            "low": np.where(rate.known, scores(low, rate.known), 0.0),
            "high": scores(either(rate.known, high, full), np.ones(context.wide.size, bool)),
            "kind": KIND,
            "reading": None,
            "reason": [execution_trouble(context, row) for row in range(context.wide.size)],
            "trace": _traces(context, score),
        }
    )


def execution_trouble(context: IndicatorContext, row: int) -> str | None:
    """Why 执行率 cannot be worked out for a return, None where it can."""
    if context.execution.state[row] == q.OK:
        return None
    inputs = [operand.at_row(row) for operand in context.execution_inputs]
    missing = missing_text(context.form, inputs, context.years[row])
    return f"缺少{missing}" if missing else "预算数是 0，没有执行率"


def _traces(context: ProjectContext, score: q.Decimals) -> list[str | None]:
    inputs = context.execution_inputs
    values = [context.figures.quantity(operand.ref).value for operand in inputs]
    names = [reference_label(context.form, operand.ref, None) for operand in inputs]
    quotient = isinstance(context.execution_node, Binary) and len(inputs) == 2
    texts: list[str | None] = []
    for row, known in enumerate(context.execution.known.tolist()):
        parts = [
            f"{name}{plain(value[row])}（{operand.cells[row]}）"
            for name, value, operand in zip(names, values, inputs, strict=True)
        ]
        shown = "÷".join(parts) if quotient else "、".join(parts)
        rate = rounded_percent(context.execution.value[row])
        capped = f"{plain(context.execution_points)}分×{rate}，得{points_text(score[row])}"
        texts.append(f"{shown}＝{rate}；{capped}" if known else None)
    return texts


def amounts(context: ProjectContext) -> tuple[q.Quantity, q.Quantity] | None:
    """(全年执行数, 全年预算数), None where 执行率 is no quotient of two amounts."""
    match context.execution_node:
        case Binary(sign="/", left=Ref() as executed, right=Ref() as budget):
            return context.figures.quantity(executed), context.figures.quantity(budget)
        case _:
            return None
