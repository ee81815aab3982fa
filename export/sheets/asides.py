"""留意事项: what was found and asks nothing of anybody, or is said by a finding of 问题清单."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from gouji.export.book import Book
from gouji.export.results import Results
from gouji.export.table import Column, FrameRows, write_list
from gouji.templates.catalogue import Catalogue
from gouji.validate.one_cause.words import cell_at

ASIDES_SHEET = "留意事项"
COLUMNS = [
    Column("序号", "number", least=5, align="center"),
    Column("单位", widest=16, least=10),
    Column("表", widest=12, least=9),
    Column("工作表", widest=12, least=9),
    Column("单元格", widest=9, least=8, align="center"),
    Column("填报数", widest=14, least=9, align="right"),
    Column("结论", least=8, widest=8, align="center"),
    Column("说明", widest=52, least=30),
    Column("归入的问题", widest=18, least=10),
    Column("规则", widest=8, align="center"),
    Column("文件", widest=34, least=10, printed=False),
]
_ORDER = ["unit_code", "unit", "form", "instance", "rule", "item"]
_SHOWN = ["unit_code", "unit", "form", "sheet", "cell", "stated", "verdict", "message", "of", "rule", "file"]


def write_asides(book: Book, results: Results) -> None:
    """No sheet where there is nothing of the kind."""
    if not len(results.asides):
        return
    order = results.asides.frame(_ORDER).sort_values(_ORDER, kind="stable").index
    rows = FrameRows(results.asides.frame(_SHOWN).loc[order], partial(_row, results.catalogue, _parents(results)))
    note = (
        "核对时留意到、不需要单位或财政部门另外处理的事项，不计入问题：四舍五入尾差，公式改成了直接填写的数，缺数而没有核对的，自评预警"
        "（另见“单位得分”）等。“归入的问题”写了编号的，由“问题清单”里那一条一并说明，那一条改正后即可核对。"
    )
    write_list(book, ASIDES_SHEET, note, COLUMNS, rows, empty="", frozen=2, by="单位")


def _parents(results: Results) -> dict[str, str]:
    """Finding → its cell and rule."""
    wanted = results.findings[results.findings["finding_id"].isin(results.asides.frame(["of"])["of"].dropna())]
    return {
        str(finding.finding_id): f"{cell_at(finding, finding)}（{finding.rule}）"
        for finding in wanted.itertuples(index=False)
    }


def _row(catalogue: Catalogue, parents: Mapping[str, str], number: int, finding: dict[str, Any]) -> tuple[Any, ...]:
    return (
        number, finding["unit"] or finding["unit_code"], catalogue.short_name(finding["form"]) or None,
        finding["sheet"], finding["cell"], finding["stated"], finding["verdict"], finding["message"],
        parents.get(finding["of"] or ""), finding["rule"], finding["file"],
    )  # fmt: skip
