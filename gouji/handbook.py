"""The generated documents: docs/rules.md (every rule), docs/indicators.md (how every indicator is scored), docs/data.md
(the columns of every data file).

`python -m gouji.handbook` writes them; a test fails when they are stale.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandera.pandas as pa

from gouji.export.data_files import SCHEMAS
from gouji.export.findings_list import list_schema
from gouji.export.rulebook import rulebook
from gouji.templates.catalogue import Catalogue, built_in
from gouji.templates.exact import plain
from gouji.templates.form import Form
from gouji.templates.rules.nodes import refs
from gouji.templates.rules.scope import EVIDENCE
from gouji.templates.scores_block import Indicator
from gouji.templates.scoring.rated import Rated
from gouji.validate.catalogue import COMMON_RULES

DOCS = Path(__file__).parents[1] / "docs"
_NOTE = "由定义文件自动生成，请勿手改（`python -m gouji.handbook`）。\n"


def rules_page(catalogue: Catalogue) -> str:
    """Every rule of every form: id, sentence, formula, layer, severity, basis."""
    lines = ["# 审核规则", "", _NOTE]
    for form in catalogue.forms:
        formulas = {check.id: check.rule for check in (*form.definition.checks, *form.definition.evidence_checks)}
        lines += [f"## {form.key}", "", f"依据：{form.definition.basis}", ""]
        lines += _table(
            ["规则", "内容", "算式", "层次", "严重程度"],
            [
                [
                    rule.id,
                    rule.words,
                    f"`{formulas[rule.id]}`" if rule.id in formulas else "",
                    rule.layer,
                    rule.severity,
                ]
                for rule in rulebook([form])
                if rule.form is not None
            ],
        )
    lines += ["## 全部表共用", ""]
    rows = [[rule.code, rule.name, rule.sentence, rule.layer, rule.severity] for rule in COMMON_RULES.values()]
    lines += _table(["规则", "名称", "提示语", "层次", "严重程度"], rows)
    return "\n".join(lines)


def indicators_page(catalogue: Catalogue) -> str:
    """Every indicator of every 评分表: points, kind, criterion, and how its self-score is checked."""
    lines = ["# 评分指标及核对方法", "", _NOTE]
    for form in catalogue.forms:
        if form.indicators:
            lines += [f"## {form.key}", ""]
            lines += _table(
                ["上级指标", "三级指标", "分值", "规则类型", "评价标准", "核对方法"], list(_indicators(form))
            )
    return "\n".join(lines)


def data_page(_: Catalogue) -> str:
    """The columns of every frame that `data/` and the Python API give: type, what they may hold, what they mean."""
    lines = ["# 数据文件", "", _NOTE]
    lines += [
        "`data/*.parquet` 和 Python 接口（[api.md](api.md)）里的表，每张一节。金额都以万元计，比率是小数，得分是分。",
        "",
    ]
    for name, schema in {**SCHEMAS, "问题清单": list_schema}.items():
        lines += [f"## {name}（{_MEANING[name]}）", ""]
        lines += _table(
            ["列", "类型", "可以为空", "意义"], [_column(column, schema) for column in schema.columns.values()]
        )
    return "\n".join(lines)


_MEANING = {
    "returns": "每张表一行；没有表的文件也占一行",
    "values": "每张表的每个项目一行",
    "verdicts": "每张表的每条规则一行",
    "findings": "每个问题一行",
    "asides": "不需要另外处理的，或者由某个问题一并说明的，每处一行",
    "scores": "每张表的每个指标一行",
    "totals": "每张评过分的表一行",
    "decisions": "每个写了审核意见的问题一行",
    "resolved": "每个已经不在的问题一行",
    "labels": "每张表上每个不照表样写的标签一行",
    "问题清单": "findings 的中文版，连同审核意见；同样内容另存为 问题清单.csv",
}


def _column(column: pa.Column, schema: pa.DataFrameSchema) -> list[str]:
    allowed = [str(value) for check in column.checks for value in check.statistics.get("allowed_values", [])]
    words = str(column.description)
    if any(value not in words for value in allowed):
        words = f"{words}（{'、'.join(allowed)}）"
    dtype = "str" if str(column.dtype).startswith("str") else str(column.dtype)
    sole = column.unique or schema.unique == [column.name]
    return [f"`{column.name}`", dtype, "是" if column.nullable else "", words + ("，不重复" if sole else "")]


def _indicators(form: Form) -> Iterator[list[str]]:
    for block, place in form.indicators.values():
        indicator = block.indicators[place]
        name = "、".join(indicator.printed_labels)
        yield [
            " / ".join(indicator.under),
            name,
            plain(indicator.points),
            indicator.rule.kind,
            indicator.criterion,
            _treatment(form, indicator),
        ]


def _treatment(form: Form, indicator: Indicator) -> str:
    """Recomputed from which tables, recomputed once the supplement is filled, or range-checked and why."""
    if not isinstance(indicator.rule, Rated):
        return "由人评定：核对自评得分是否是评价标准能给出的分数"
    inputs = list(refs(form.rates[indicator.id]))
    asked = [form.evidence[ref.item].label for ref in inputs if ref.form == EVIDENCE]
    tables = sorted({ref.form for ref in inputs if ref.form not in (None, EVIDENCE)} - {None}, key=str)
    held = f"《{'》《'.join(map(str, tables))}》" if tables else "本表"
    if not asked:
        return f"按{held}的数据复算"
    labels = "、".join(dict.fromkeys(asked))
    return f"填报评分依据补充表（{labels}）后复算；未填时只核对得分能否取到"


def _table(heads: list[str], rows: list[list[str]]) -> list[str]:
    cells = [[cell.replace("|", "\\|").replace("\n", " ") for cell in row] for row in rows]
    return [f"| {' | '.join(row)} |" for row in (heads, ["---"] * len(heads), *cells)] + [""]


PAGES = {"rules.md": rules_page, "indicators.md": indicators_page, "data.md": data_page}


def main() -> None:
    """Write the pages."""
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(built_in()), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
