"""The frames that checking hands on: `verdicts` and `findings`, each with its schema."""

from __future__ import annotations

import pandera.pandas as pa

from gouji.templates.verdicts import AGREES, DIFFERS, ROUNDING, UNCHECKED

VERDICTS = [AGREES, ROUNDING, DIFFERS, UNCHECKED]
SEVERITIES = ["强制性", "核实性", "提示", "表样问题"]
LAYERS = ["规范性", "完整性", "表内", "表间", "跨年", "得分重算", "逻辑", "外部核对", "汇总", "表样"]

verdicts_schema = pa.DataFrameSchema(
    {
        "return_id": pa.Column(str, description="表的编号"),
        "rule": pa.Column(str, description="规则"),
        "item": pa.Column(str, description="规则看的项目"),
        "verdict": pa.Column(str, pa.Check.isin(VERDICTS), description="结论"),
        "stated": pa.Column(float, nullable=True, description="填报的一边；不是比较两个数的规则、不能核对的为空"),
        "expected": pa.Column(float, nullable=True, description="与它比较的一边，同样的单位"),
    },
    strict=True,
    ordered=True,
)
"""One row per check of a return: rule id, the item it was judged at, one of the four verdicts, and the two sides that
were compared (万元, 分, fractions; null where it compares no figures or could not be made; scores have theirs in
`scores`)."""

findings_schema = pa.DataFrameSchema(
    {
        "finding_id": pa.Column(str, unique=True, description="问题的编号，各次运行不变"),
        "unit_code": pa.Column(str, nullable=True, description="单位编码"),
        "unit": pa.Column(str, nullable=True, description="单位名称"),
        "form": pa.Column(str, nullable=True, description="表名"),
        "edition": pa.Column(str, nullable=True, description="版本"),
        "year": pa.Column("Int64", nullable=True, description="填报年度"),
        "instance": pa.Column(str, nullable=True, description="哪一个项目"),
        "return_id": pa.Column(str, nullable=True, description="表的编号"),
        "file": pa.Column(str, nullable=True, description="文件"),
        "sheet": pa.Column(str, nullable=True, description="工作表"),
        "cell": pa.Column(str, nullable=True, description="单元格"),
        "item": pa.Column(str, nullable=True, description="项目"),
        "rule": pa.Column(str, description="规则"),
        "layer": pa.Column(str, pa.Check.isin(LAYERS), description="层次"),
        "severity": pa.Column(str, pa.Check.isin(SEVERITIES), description="严重程度"),
        "verdict": pa.Column(str, pa.Check.isin(VERDICTS), description="结论"),
        "stated": pa.Column(str, nullable=True, description="填报数，带单位"),
        "expected": pa.Column(str, nullable=True, description="应有数，带单位"),
        "difference": pa.Column(float, nullable=True, description="差额＝填报数－应有数（万元、分、小数）"),
        "tolerance": pa.Column(float, nullable=True, description="四舍五入能说明的差额"),
        "message": pa.Column(str, description="提示语"),
        "cause": pa.Column(str, nullable=True, description="可能原因"),
        "score_impact": pa.Column(float, nullable=True, description="影响的得分（分）"),
        "basis": pa.Column(str, nullable=True, description="依据"),
        "related_cells": pa.Column(str, nullable=True, description="规则涉及的其他格子"),
        "explanation": pa.Column(str, nullable=True, description="单位说明"),
    },
    strict=True,
    ordered=True,
)
"""One row per finding: everything but 相符, and what reading, scoring and the batch found.

`stated`/`expected`: as shown to people, with their unit; `difference` = stated − expected (万元, 分, fraction);
`related_cells`: cells of the rule's other items, as `Sheet!B7` joined with `；`; `explanation`: the unit's own words on
it (单位说明).
"""

found_schema = findings_schema.add_columns(
    {
        "wants": pa.Column(str, nullable=True, description="请填写的格子"),
        "waits": pa.Column(str, nullable=True, description="缺数的格子"),
        "adds": pa.Column(str, nullable=True, description="加总的表"),
    }
)
"""All that was found: findings before those of one cause are one (`validate.one_cause`).

`wants`: cells that the finding asks to be filled in, beside those of the rules that always do; `waits`: the cells for
want of which a check could not be made, `|` between the inputs, null where one of them has none; `adds`: the forms
whose tables the check adds up.
"""

rows_schema = found_schema.remove_columns(["finding_id"])
"""What was found in a part of a batch, which has no ids yet."""

asides_schema = findings_schema.add_columns(
    {"of": pa.Column(str, nullable=True, description="说明它的那个问题的编号；空为不需要处理")}
)
"""What is no finding of its own: said by another one (`of`), or nothing that anybody is to do anything about."""

_WRITTEN = {
    "explanation": "单位说明",
    "opinion": "审核意见",
    "reviewer": "审核人",
    "checker": "复核人",
    "date": "日期（ISO 8601）",
    "remark": "备注",
}

decisions_schema = pa.DataFrameSchema(
    {
        "finding_id": pa.Column(str, unique=True, description="问题的编号"),
        **{name: pa.Column(str, nullable=True, description=words) for name, words in _WRITTEN.items()},
        "state": pa.Column(str, nullable=True, description="还要做什么；空为意见有效"),
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
        "now": pa.Column(str, nullable=True, description="这一格现在的数"),
        "outcome": pa.Column(str, description="结果：已修改、不再出现 …"),
        **{name: pa.Column(str, nullable=True, description=words) for name, words in _WRITTEN.items()},
    },
    strict=True,
    ordered=True,
)  # fmt: skip
"""One row per finding of an earlier run that this one does not have: `stated` then, `now` the figure at its place,
`outcome` in Chinese, and the decision on it."""
