"""The frames that scoring hands on: `scores` (return × indicator) and `totals` (return)."""

from __future__ import annotations

import pandera.pandas as pa

LINE_KINDS = ["执行率", "正向", "反向", "等于", "定性"]
RULE_KINDS = ["step", "band", "ratio", "checklist", "deduct", "qualitative", "judge"]
KINDS = [*LINE_KINDS, *RULE_KINDS]

scores_schema = pa.DataFrameSchema(
    {
        "return_id": pa.Column(str, description="表的编号"),
        "indicator": pa.Column(str, description="指标"),
        "label": pa.Column(str, description="指标名称"),
        "points": pa.Column(float, nullable=True, description="分值"),
        "self_score": pa.Column(float, nullable=True, description="自评得分"),
        "score": pa.Column(float, nullable=True, description="复算得分，只在能确定时有"),
        "low": pa.Column(float, nullable=True, description="复算得分最低是多少"),
        "high": pa.Column(float, nullable=True, description="复算得分最高是多少"),
        "difference": pa.Column(
            float, nullable=True, description="自评得分－复算得分；只有范围的，是自评超出范围多少，0 为在范围之内"
        ),
        "kind": pa.Column(str, description="评分办法"),
        "reading": pa.Column(str, nullable=True, description="评分标准怎样理解"),
        "reason": pa.Column(str, nullable=True, description="为什么不能复算"),
        "trace": pa.Column(str, nullable=True, description="复算过程：用到的数及其格子、比率、各步"),
    },
    strict=True,
    ordered=True,
)
"""One row per indicator of a return, in 分. `score` is the recomputed score where one is fixed by the figures;
`low`..`high` is the range that the figures allow (0..points where nothing is known); `reason` says why a score
could not be recomputed; `difference` is self_score less score, else less the nearer end of the range (0 within it);
`reading` how the rule was read; `trace` the inputs with cells, the rate and the steps."""

totals_schema = pa.DataFrameSchema(
    {
        "return_id": pa.Column(str, unique=True, description="表的编号"),
        "self_total": pa.Column(float, nullable=True, description="各指标自评得分之和"),
        "stated_total": pa.Column(float, nullable=True, description="表上填的总分"),
        "score_total": pa.Column(float, nullable=True, description="复算总分，只在每个指标都能复算时有"),
        "low": pa.Column(float, nullable=True, description="复算总分最低是多少"),
        "high": pa.Column(float, nullable=True, description="复算总分最高是多少"),
        "difference": pa.Column(
            float, nullable=True, description="自评总分－复算总分；只有范围的，是自评超出范围多少，0 为在范围之内"
        ),
        "self_grade": pa.Column(str, nullable=True, description="自评等次"),
        "grade": pa.Column(str, nullable=True, description="复算等次，只在能确定时有"),
        "lowest_grade": pa.Column(str, nullable=True, description="可能的最低等次"),
        "highest_grade": pa.Column(str, nullable=True, description="可能的最高等次"),
        "alert": pa.Column(str, nullable=True, description="预警：红色预警、黄色预警、无；空为不能判断"),
    },
    strict=True,
    ordered=True,
)
"""One row per scored return, in 分. `self_total` = Σ self-scores, `stated_total` = the total written on the form,
`score_total` only where every indicator could be recomputed, `low`..`high` its range, in which points that the table
does not show may be earned or not; `difference` as in `scores`, of `self_total` (else `stated_total`); grades 优 良 中
差: `grade` where the range has but one, else it is between `lowest_grade` and `highest_grade`;
`alert`: 红色预警, 黄色预警, 无, or null where it cannot be told."""
