"""The frames that scoring hands on: `scores` (return × indicator) and `totals` (return)."""

from __future__ import annotations

import pandera.pandas as pa

LINE_KINDS = ["执行率", "正向", "反向", "等于", "定性"]
RULE_KINDS = ["step", "band", "ratio", "checklist", "deduct", "qualitative", "judge"]
KINDS = [*LINE_KINDS, *RULE_KINDS]

scores_schema = pa.DataFrameSchema(
    {
        "return_id": pa.Column(str),
        "indicator": pa.Column(str),
        "label": pa.Column(str),
        "points": pa.Column(float, nullable=True),
        "self_score": pa.Column(float, nullable=True),
        "score": pa.Column(float, nullable=True),
        "low": pa.Column(float, nullable=True),
        "high": pa.Column(float, nullable=True),
        "kind": pa.Column(str),
        "reading": pa.Column(str, nullable=True),
        "reason": pa.Column(str, nullable=True),
        "trace": pa.Column(str, nullable=True),
    },
    strict=True,
    ordered=True,
)
"""One row per indicator of a return, in 分. `score` is the recomputed score where one is fixed by the figures;
`low`..`high` is the range that the figures allow (0..points where nothing is known); `reason` says why a score
could not be recomputed; `reading` how the rule was read; `trace` the inputs with cells, the rate and the steps."""

totals_schema = pa.DataFrameSchema(
    {
        "return_id": pa.Column(str, unique=True),
        "self_total": pa.Column(float, nullable=True),
        "stated_total": pa.Column(float, nullable=True),
        "score_total": pa.Column(float, nullable=True),
        "low": pa.Column(float, nullable=True),
        "high": pa.Column(float, nullable=True),
        "self_grade": pa.Column(str, nullable=True),
        "grade": pa.Column(str, nullable=True),
        "lowest_grade": pa.Column(str, nullable=True),
        "highest_grade": pa.Column(str, nullable=True),
        "alert": pa.Column(str, nullable=True),
    },
    strict=True,
    ordered=True,
)
"""One row per scored return, in 分. `self_total` = Σ self-scores, `stated_total` = the total written on the form,
`score_total` only where every indicator could be recomputed, `low`..`high` its range; grades 优 良 中 差: `grade`
where the range has but one, else it is between `lowest_grade` and `highest_grade` (null where points are missing);
`alert`: 红色预警, 黄色预警, 无, or null where it cannot be told."""
