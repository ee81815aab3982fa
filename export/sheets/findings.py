"""问题清单 and 表样问题: what was found, most important first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd

from gouji.export.book import Book
from gouji.export.catalogue import figure_kind
from gouji.export.outputs import COPIES, written
from gouji.export.project_names import with_project_names
from gouji.export.records import records
from gouji.export.results import Results
from gouji.export.settled import settled
from gouji.export.table import Column, Figure, FrameRows, Link, write_list
from gouji.export.words import FORM_FAULT
from gouji.templates.addresses import is_cell, on_sheet, quoted_sheet
from gouji.templates.catalogue import Catalogue
from gouji.templates.review import FINDINGS_SHEET, ID_HEAD, OPINIONS, SEAL_HEAD, TOLD_HEADS, WRITTEN_HEADS
from gouji.templates.text import sheet_text
from gouji.templates.verdicts import DIFFERS
from gouji.validate.frames import SEVERITIES
from gouji.validate.one_cause.words import FOLLOWS
from gouji.validate.review.seal import Seal, figures_mark, texts_mark

_LONGEST_TARGET = 255
"""What older versions of Excel allow."""
SEVERITY_SHADES = {"强制性": "bad", "核实性": "warn"}
VERDICT_SHADES = {"不符": "bad", "无法核对": "warn", "尾差": "quiet"}

COLUMNS = [
    Column("序号", "number", least=5, align="center"),
    Column("严重程度", widest=8, align="center", shades=SEVERITY_SHADES),
    Column("结论", least=8, widest=8, align="center", shades=VERDICT_SHADES),
    Column("单位", widest=14, least=10),
    Column("表", widest=10),
    Column("工作表", widest=10),
    Column("单元格", widest=7, align="center"),
    Column("填报数", widest=14, least=9, align="right"),
    Column("应为", widest=14, least=9, align="right"),
    Column("差额", least=8, align="right"),
    Column("影响得分", "points", least=6),
    Column("说明", widest=40, least=24),
    Column("可能原因", widest=16, least=9),
    Column("规则", widest=7, align="center"),
    Column("单位说明", widest=20, least=14, written=True),
    Column("审核意见", widest=10, least=9, align="center", written=True, choices=OPINIONS),
    Column("审核人", widest=9, least=7, align="center", written=True),
    Column("复核人", widest=9, least=7, align="center", written=True),
    Column("日期", widest=11, least=10, align="center", written=True),
    Column("备注", widest=14, least=9, written=True, printed=False),
    Column("意见状态", widest=24, least=9, printed=False),
    Column("年度", "number", least=6, align="center", printed=False),
    Column("项目", widest=16, printed=False),
    Column("依据", widest=30, least=10, printed=False),
    Column("文件", widest=34, least=10, printed=False),
    Column(ID_HEAD, widest=40, hidden=True),
    Column(SEAL_HEAD, widest=40, hidden=True),
]
_PLACES = {column.head: place for place, column in enumerate(COLUMNS)}
_WRITTEN_PLACES = [_PLACES[head] for head in WRITTEN_HEADS]
_TOLD_PLACES = [_PLACES[head] for head in TOLD_HEADS]
FAULT_COLUMNS = [
    Column("序号", "number", least=5, align="center"),
    Column("表", widest=36, least=24),
    Column("版本", widest=16, least=12),
    Column("位置", widest=24, least=12),
    Column("表上所印", widest=20, least=12),
    Column("应为", widest=20, least=12),
    Column("说明", widest=60, least=36),
    Column("依据", widest=26, least=12),
    Column("规则", widest=8, align="center"),
    Column("问题编号", widest=40, hidden=True),
]


def write_findings(book: Book, results: Results) -> None:
    """问题清单: the units' findings, those of the forms themselves left out, with the decisions on them."""
    findings = results.findings[results.findings["severity"] != FORM_FAULT]
    closed = settled(results)[findings.index]
    ordered = pd.concat([by_importance(findings[~closed]), by_importance(findings[closed])])
    decided = with_decisions(results, ordered)
    copies = {one["file"]: one for one in results.run.get("returned", {}).get("copies", ())}
    rows = FrameRows(decided, partial(_row, results.catalogue, copies))
    links = "点“单元格”可打开退回单位的文件看所标之处。" if "退回" in written(results.run) else ""
    note = (
        "最重要的排在最前：先看对得分的影响，再看严重程度和差额大小；已审（说明采纳、规则误判）的排在最后，不再计数。强制性问题改正后才能通过；核实性问题请改正或说明理由；"
        "提示供参考。差额＝填报数－应为，金额单位万元。审核时请填黄色的栏，可以排序、筛选、着色；其他栏改了不起作用。"
        f"保存后再运行一次，意见自动带入。{links}表样本身的问题另见“表样问题”。"
    )
    empty = "没有发现需要处理的问题。"
    write_list(book, FINDINGS_SHEET, note, COLUMNS, rows, empty=empty, frozen=4, by="严重程度", kept="findings")


def with_decisions(results: Results, findings: pd.DataFrame) -> pd.DataFrame:
    """Findings with the names of their projects, the hash of their file (`sha256`) and the decisions on them (`noted`:
    what was noted there of the unit's explanation)."""
    hashes = results.returns.drop_duplicates("file").set_index("file")["sha256"]
    named = with_project_names(results, findings).assign(sha256=lambda frame: frame["file"].map(hashes))
    return named.merge(results.decisions.rename(columns={"explanation": "noted"}), on="finding_id", how="left")


def told_texts(catalogue: Catalogue, found: dict[str, Any]) -> tuple[str, ...]:
    """What the row of a finding `with_decisions` shows in TOLD_HEADS."""
    row = _row(catalogue, {}, 1, found)
    return tuple(sheet_text(str(row[place] or "")).strip() for place in _TOLD_PLACES)


def write_form_faults(book: Book, results: Results) -> None:
    """表样问题: what the forms themselves get wrong, for the bureau to settle."""
    faults = results.findings[results.findings["severity"] == FORM_FAULT]
    rows = [
        (
            number, found["form"], found["edition"], found["item"], found["stated"], found["expected"],
            found["message"], found["basis"], found["rule"], found["finding_id"],
        )
        for number, found in enumerate(records(faults.sort_values(["form", "edition", "rule", "item"])), 1)
    ]  # fmt: skip
    note = "以下是表样自身的矛盾，与填报单位无关，由财政部门修订表样时处理；评分时已按分值封顶等规定办法处理。"
    write_list(book, "表样问题", note, FAULT_COLUMNS, rows, empty="所用表样没有发现问题。", frozen=2, by="表")


def by_importance(findings: pd.DataFrame) -> pd.DataFrame:
    """What it does to the score first, then severity, then its size; what follows from another finding comes behind
    those as severe, ties in the order of units and rules."""
    keys = pd.DataFrame(
        {
            "impact": -findings["score_impact"].abs().fillna(0),
            "severity": findings["severity"].map({name: place for place, name in enumerate(SEVERITIES)}),
            "behind": findings["cause"].fillna("").str.startswith(FOLLOWS),
            "open": findings["verdict"] != DIFFERS,
            "size": -findings["difference"].abs().fillna(-1),
            **{name: findings[name].fillna("") for name in ("unit_code", "unit", "form", "rule", "item")},
            "finding_id": findings["finding_id"],
        }
    )
    return findings.loc[keys.sort_values(list(keys.columns), kind="stable").index]


def _row(
    catalogue: Catalogue, copies: Mapping[str, Mapping[str, str]], number: int, found: dict[str, Any]
) -> tuple[Any, ...]:
    # What the unit itself said in its workbook comes before what was noted of it.
    explanation = found["explanation"] or found["noted"]
    row = (
        number, found["severity"], found["verdict"], found["unit"] or found["unit_code"],
        catalogue.short_name(found["form"]) or None, found["sheet"], _linked(found, copies.get(found["file"] or "")),
        found["stated"], found["expected"], _difference(catalogue, found), found["score_impact"], found["message"],
        found["cause"], found["rule"], explanation, found["opinion"], found["reviewer"], found["checker"],
        found["date"], found["remark"], found["state"], found["year"], found["instance"], found["basis"], found["file"],
        found["finding_id"],
    )  # fmt: skip
    return (*row, str(_seal(found, row)))


def _linked(found: dict[str, Any], copy: Mapping[str, str] | None) -> str | None:
    """The cell, as a link to where it stands in the marked copy, if there is one."""
    cell = found["cell"]
    if cell is None or copy is None or "reason" in copy:
        return None if cell is None else str(cell)
    sheet, place = on_sheet(found["sheet"], cell)
    target = f"external:{COPIES}/{copy['copy']}"
    target += f"#{quoted_sheet(sheet)}!{place}" if is_cell(place) else ""  # a document is opened at its first page
    return Link.to(target, cell) if len(target) <= _LONGEST_TARGET else str(cell)


def _seal(found: dict[str, Any], row: Sequence[Any]) -> Seal:
    """What the row is now, by which it will be told what people changed in it."""
    return Seal(
        figures_mark(found),
        texts_mark(row[place] for place in _WRITTEN_PLACES),
        texts_mark(row[place] for place in _TOLD_PLACES),
        found["sha256"] or "",
        texts_mark([found["finding_id"]]),
    )


def _difference(catalogue: Catalogue, found: dict[str, Any]) -> Figure | None:
    if found["difference"] is None:
        return None
    kind = figure_kind(catalogue, found["form"], found["edition"], found["item"]) or "quantity"
    if (found["stated"] or "").endswith("%"):  # a rate made of amounts: by how much they rose
        kind = "rate"
    return Figure(found["difference"], kind)
