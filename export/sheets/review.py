"""已修改 and 意见处理: what became of earlier findings, and what is to be settled about the decisions."""

from __future__ import annotations

from functools import partial
from typing import Any

from gouji.export.book import Book
from gouji.export.project_names import with_project_names
from gouji.export.resolved import CHOSEN, CORRECTED, PASSED, RIGHT_YEAR, SENT, STILL, UNJUDGED, UNSEEN
from gouji.export.results import Results
from gouji.export.sheets.findings import SEVERITY_SHADES
from gouji.export.table import Column, FrameRows, write_list
from gouji.templates.catalogue import Catalogue
from gouji.validate.review.take_up import ALTERED, CONTRADICTED, DATED, LAPSED, MOVED, OTHER_UNIT, REFUSED, REWORDED
from gouji.validate.review.wordings import NOT_TAKEN

OUTCOME_SHADES = {
    CORRECTED: "good", PASSED: "good", SENT: "good", RIGHT_YEAR: "good", CHOSEN: "good", UNJUDGED: "warn",
    STILL: "bad", UNSEEN: "bad",
}  # fmt: skip
RESOLVED_COLUMNS = [
    Column("序号", "number", least=5, align="center"),
    Column("单位", widest=18, least=12),
    Column("表", widest=11),
    Column("年度", "number", least=6, align="center"),
    Column("项目", widest=13),
    Column("规则", widest=8, align="center"),
    Column("严重程度", widest=8, align="center", shades=SEVERITY_SHADES),
    Column("当时填报数", widest=16, least=9, align="right"),
    Column("当时应为", widest=16, least=9, align="right"),
    Column("现在填报数", widest=16, least=9, align="right"),
    Column("结果", widest=16, least=12, shades=OUTCOME_SHADES),
    Column("当时的问题", widest=44, least=24),
    Column("单位说明", widest=20, least=10),
    Column("审核意见", widest=10, least=9, align="center"),
    Column("审核人", widest=10, align="center"),
    Column("日期", widest=11, align="center"),
    Column("备注", widest=16, least=8),
    Column("问题编号", widest=40, hidden=True),
]
_MATTER_SHADES = dict.fromkeys((LAPSED, OTHER_UNIT, CONTRADICTED, REFUSED, NOT_TAKEN), "bad") | {REWORDED: "warn"}
MATTER_COLUMNS = [
    Column("序号", "number", least=5, align="center"),
    Column("类别", widest=22, least=14, shades=_MATTER_SHADES),
    Column("单位", widest=24, least=14),
    Column("表", widest=16, least=10),
    Column("内容", widest=70, least=40),
    Column("问题编号", widest=20, least=18),
]


def write_resolved(book: Book, results: Results) -> None:
    """已修改: findings of earlier runs that are there no more; no sheet where there never was one."""
    if len(results.resolved):
        frame = results.resolved.sort_values(["outcome", "unit_code", "unit", "form", "rule", "item"], kind="stable")
        note = (
            "以前运行时有、本次没有的问题。“本次没有收到这张表”“没有核对这一项”的不能确认已经修改，请先催报或核对。"
            "当时的意见一并列出；全部意见的记录见“审核记录.jsonl”。"
        )
        write_list(
            book,
            "已修改",
            note,
            RESOLVED_COLUMNS,
            FrameRows(with_project_names(results, frame), partial(_resolved_row, results.catalogue)),
            empty="",
            frozen=2,
        )


def write_matters(book: Book, results: Results) -> None:
    """意见处理: decisions that lapsed or contradict each other, and changes that were not taken up."""
    if results.matters:
        kinds = (CONTRADICTED, OTHER_UNIT, REFUSED, LAPSED, REWORDED, NOT_TAKEN, DATED, MOVED, ALTERED)
        order = {kind: place for place, kind in enumerate(kinds)}
        matters = sorted(
            results.matters, key=lambda matter: (order.get(matter.kind, len(order)), matter.unit, matter.finding_id)
        )
        rows = [
            (
                number,
                matter.kind,
                matter.unit or None,
                results.catalogue.short_name(matter.form) or None,
                matter.text,
                matter.finding_id,
            )
            for number, matter in enumerate(matters, 1)
        ]
        note = (
            "以下各条请到“问题清单”中重新确定审核意见（表样对照的，到“表样对照”中重新填写）。"
            "相互冲突的意见一条也没有采用；被改动的其他栏没有采用。"
        )
        write_list(book, "意见处理", note, MATTER_COLUMNS, rows, empty="", frozen=2)


def _resolved_row(catalogue: Catalogue, number: int, row: dict[str, Any]) -> tuple[Any, ...]:
    return (
        number, row["unit"] or row["unit_code"], catalogue.short_name(row["form"]) or None, row["year"],
        row["instance"], row["rule"], row["severity"], row["stated"], row["expected"], row["now"], row["outcome"],
        row["message"], row["explanation"], row["opinion"], row["reviewer"], row["date"], row["remark"],
        row["finding_id"],
    )  # fmt: skip
