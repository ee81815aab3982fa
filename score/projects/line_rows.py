"""The lines of the 自评表 as rows of `scores`, and why one could not be recomputed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gouji.ingest.frames import STATES
from gouji.score.columns import figures, scores
from gouji.score.projects.line_trace import line_trace, range_told
from gouji.score.projects.lines import ACTUAL, POINTS, TARGET
from gouji.score.projects.not_recomputed import has_open_figures
from gouji.score.projects.project_context import ProjectContext

_TROUBLE = {
    "blank": "未填", "not_applicable": "填了不适用", "unreadable": "无法识别", "error": "是错误值",
    "uncalculated": "公式没有结果", "absent": "表上没有", "ambiguous": "一栏里有不止一个数",
}  # fmt: skip


def line_rows(context: ProjectContext) -> pd.DataFrame:
    """One row per line that has 分值 or 得分."""
    lines, recomputed, judged = context.lines, context.recomputed, context.judged
    known, full = recomputed.known, lines.points.value
    low, high = recomputed.range()
    fixed = known & recomputed.of(judged.reading, "fixed").astype(bool)
    frame = pd.DataFrame(
        {
            "return_id": context.ids[lines.owner],
            "indicator": lines.line,
            "label": lines.names,
            "points": figures(full, lines.judged),
            "self_score": figures(lines.stated.value, lines.stated.known),
            "score": scores(recomputed.of(judged.reading, "score"), fixed),
            "low": np.where(known, scores(low, known), np.where(lines.judged, 0.0, np.nan)),
            "high": np.where(known, scores(high, known), figures(full, lines.judged)),
            "kind": [recomputed.readings[place].name for place in judged.reading],
            "reading": [_reading(context, line) for line in range(lines.size)],
            "reason": [line_trouble(context, line) for line in range(lines.size)],
            "trace": [
                line_trace(lines, recomputed, int(judged.reading[line]), line) if known[line] else None
                for line in range(lines.size)
            ],
        }
    )
    return frame[lines.judged | lines.stated.known]


def _reading(context: ProjectContext, line: int) -> str | None:
    """The kind used and how it was found; another kind than the first where only that one fits."""
    if not context.recomputed.known[line]:
        return None
    kind, used = context.lines.kinds[line], context.recomputed.readings[int(context.judged.reading[line])].name
    if used != kind.kind:
        return f"{used}（按{kind.kind}不符，按{used}相符）"
    return f"{used}（{kind.why}）"


def line_trouble(context: ProjectContext, line: int) -> str | None:
    """Why a line has no one score: what is missing in it, an actual that is a range, a judgement in words."""
    lines = context.lines
    for column in (POINTS, ACTUAL, TARGET):
        state = STATES[lines.columns.state_of(column)[line]]
        if state != "filled":
            return f"“{column}”{_TROUBLE[state]}"
    if not context.recomputed.known[line]:
        return f"“{POINTS}”无法识别"
    reading = context.recomputed.readings[int(context.judged.reading[line])]
    if reading.fixed[line]:
        return None
    if lines.numeric[line]:
        return range_told(lines.targets[line], lines.actuals[line])
    if has_open_figures(lines.targets[line], lines.actuals[line]):
        return "指标值或完成值里的数不能断定是否达到，无法复算"
    return "定性指标，只能核对得分所在的档"
