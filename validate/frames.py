"""The frames that checking hands on: `verdicts` and `findings`, each with its schema."""

from __future__ import annotations

import pandera.pandas as pa

from gouji.templates.verdicts import AGREES, DIFFERS, ROUNDING, UNCHECKED

VERDICTS = [AGREES, ROUNDING, DIFFERS, UNCHECKED]
SEVERITIES = ["强制性", "核实性", "提示", "表样问题"]
LAYERS = ["规范性", "完整性", "表内", "表间", "跨年", "得分重算", "逻辑", "外部核对", "汇总", "表样"]

verdicts_schema = pa.DataFrameSchema(
    {
        "return_id": pa.Column(str),
        "rule": pa.Column(str),
        "item": pa.Column(str),
        "verdict": pa.Column(str, pa.Check.isin(VERDICTS)),
    },
    strict=True,
    ordered=True,
)
"""One row per check of a return: rule id, the item it was judged at, one of the four verdicts."""

findings_schema = pa.DataFrameSchema(
    {
        "finding_id": pa.Column(str, unique=True),
        "unit_code": pa.Column(str, nullable=True),
        "unit": pa.Column(str, nullable=True),
        "form": pa.Column(str, nullable=True),
        "edition": pa.Column(str, nullable=True),
        "year": pa.Column("Int64", nullable=True),
        "instance": pa.Column(str, nullable=True),
        "return_id": pa.Column(str, nullable=True),
        "file": pa.Column(str, nullable=True),
        "sheet": pa.Column(str, nullable=True),
        "cell": pa.Column(str, nullable=True),
        "item": pa.Column(str, nullable=True),
        "rule": pa.Column(str),
        "layer": pa.Column(str, pa.Check.isin(LAYERS)),
        "severity": pa.Column(str, pa.Check.isin(SEVERITIES)),
        "verdict": pa.Column(str, pa.Check.isin(VERDICTS)),
        "stated": pa.Column(str, nullable=True),
        "expected": pa.Column(str, nullable=True),
        "difference": pa.Column(float, nullable=True),
        "tolerance": pa.Column(float, nullable=True),
        "message": pa.Column(str),
        "cause": pa.Column(str, nullable=True),
        "score_impact": pa.Column(float, nullable=True),
        "basis": pa.Column(str, nullable=True),
        "related_cells": pa.Column(str, nullable=True),
        "explanation": pa.Column(str, nullable=True),
    },
    strict=True,
    ordered=True,
)
"""One row per finding: everything but 相符, and what reading, scoring and the batch found.

`stated`/`expected`: as shown to people, with their unit; `difference` = stated − expected (万元, 分, fraction);
`related_cells`: cells of the rule's other items, as `Sheet!B7` joined with `；`; `explanation`: the unit's own words on
it (单位说明).
"""

rows_schema = findings_schema.remove_columns(["finding_id"])
"""Findings of a part of a batch, which have no ids yet."""

_WRITTEN = ["explanation", "opinion", "reviewer", "checker", "date", "remark"]

decisions_schema = pa.DataFrameSchema(
    {
        "finding_id": pa.Column(str, unique=True),
        **{name: pa.Column(str, nullable=True) for name in (*_WRITTEN, "state")},
    },
    strict=True,
    ordered=True,
)
"""One row per finding on which an auditor has written: 单位说明, 审核意见, 审核人, 复核人, 日期 (ISO 8601), 备注.

`state`: what is to be done about it (数据已变…, 意见冲突…); the others are blank where the decision does not hold.
"""

resolved_schema = pa.DataFrameSchema(
    {
        **{
            name: findings_schema.columns[name]
            for name in (
                "finding_id", "unit_code", "unit", "form", "year", "instance", "item", "rule", "severity", "stated",
                "expected", "message",
            )
        },
        "now": pa.Column(str, nullable=True),
        "outcome": pa.Column(str),
        **{name: pa.Column(str, nullable=True) for name in _WRITTEN},
    },
    strict=True,
    ordered=True,
)  # fmt: skip
"""One row per finding of an earlier run that this one does not have: `stated` then, `now` the figure at its place,
`outcome` in Chinese, and the decision on it."""
