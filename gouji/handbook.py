"""The generated documents: docs/rules.md (every rule) and docs/indicators.md (how every indicator is scored).

`python -m gouji.handbook` writes them; a test fails when they are stale.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from gouji.export.rulebook import rulebook
from gouji.templates.definition import Indicator, Rated
from gouji.templates.form import Form
from gouji.templates.library import all_forms
from gouji.templates.rules.nodes import refs
from gouji.templates.rules.scope import EVIDENCE
from gouji.templates.rules.sentence import plain
from gouji.templates.scoring.criteria import criterion
from gouji.validate.catalogue import COMMON_RULES

DOCS = Path(__file__).parents[1] / "docs"
_NOTE = "由定义文件自动生成，请勿手改（`python -m gouji.handbook`）。\n"


def rules_page() -> str:
    """Every rule of every form: id, sentence, formula, layer, severity, basis."""
    lines = ["# 审核规则", "", _NOTE]
    for form in all_forms():
        formulas = {check.id: check.rule for check in (*form.definition.checks, *form.definition.evidence_checks)}
        lines += [f"## {form.key}", "", f"依据：{form.definition.basis}", ""]
        lines += _table(
            ["规则", "内容", "算式", "层次", "严重程度"],
            [
                [one.id, one.words, f"`{formulas[one.id]}`" if one.id in formulas else "", one.layer, one.severity]
                for one in rulebook([form])
                if one.form is not None
            ],
        )
    lines += ["## 全部表共用", ""]
    rows = [[rule.code, rule.name, rule.sentence, rule.layer, rule.severity] for rule in COMMON_RULES.values()]
    lines += _table(["规则", "名称", "提示语", "层次", "严重程度"], rows)
    return "\n".join(lines)


def indicators_page() -> str:
    """Every indicator of every 评分表: points, kind, criterion, and how its self-score is checked."""
    lines = ["# 评分指标及核对方法", "", _NOTE]
    for form in all_forms():
        if form.indicators:
            lines += [f"## {form.key}", ""]
            lines += _table(
                ["上级指标", "三级指标", "分值", "规则类型", "评价标准", "核对方法"], list(_indicators(form))
            )
    return "\n".join(lines)


def _indicators(form: Form) -> Iterator[list[str]]:
    for block, place in form.indicators.values():
        one = block.indicators[place]
        name = "、".join(one.printed_labels)
        yield [" / ".join(one.under), name, plain(one.points), one.rule.kind, criterion(one), _treatment(form, one)]


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


PAGES = {"rules.md": rules_page, "indicators.md": indicators_page}


def main() -> None:
    """Write the pages."""
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
