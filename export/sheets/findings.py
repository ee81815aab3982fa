"""问题清单 and 表样问题: what was found, most important first."""

from __future__ import annotations

from typing import Any

import pandas as pd

from export.book import Book
from export.catalogue import figure_kind, short_name
from export.records import records
from export.results import Results
from export.table import Column, Figure, FrameRows, write_list
from export.words import FORM_FAULT
from validate.frames import SEVERITIES

SEVERITY_SHADES = {"强制性": "bad", "核实性": "warn"}
VERDICT_SHADES = {"不符": "bad", "无法核对": "warn", "尾差": "quiet"}

COLUMNS = [
    Column("序号", "number", least=5, align="center"),
    Column("严重程度", widest=8, align="center", shades=SEVERITY_SHADES),
    Column("结论", least=10, widest=10, align="center", shades=VERDICT_SHADES),
    Column("单位", widest=16, least=10),
    Column("表", widest=11),
    Column("年度", "number", least=6, align="center"),
    Column("项目", widest=13),
    Column("工作表", widest=11),
    Column("单元格", widest=8, align="center"),
    Column("填报数", widest=16, least=9, align="right"),
    Column("应为", widest=16, least=9, align="right"),
    Column("差额", least=8, align="right"),
    Column("说明", widest=48, least=24),
    Column("可能原因", widest=24, least=10),
    Column("单位说明", widest=30, least=10),
    Column("依据", widest=16, least=10),
    Column("规则", widest=8, align="center"),
    Column("文件", widest=20, least=10),
    Column("问题编号", widest=40, hidden=True),
]
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
    """问题清单: the units' findings, those of the forms themselves left out."""
    findings = results.findings[results.findings["severity"] != FORM_FAULT]
    rows = FrameRows(by_importance(findings), _row)
    note = (
        "最重要的排在最前：先看严重程度，再看对得分的影响和差额大小。强制性问题改正后才能通过；核实性问题请改正或说明理由；"
        "提示供参考。差额＝填报数－应为，金额单位万元。表样本身的问题另见“表样问题”。"
    )
    empty = "没有发现需要处理的问题。"
    write_list(book, "问题清单", note, COLUMNS, rows, empty=empty, frozen=4, by="严重程度", kept="findings")


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
    """Severity first, then what it does to the score, then its size; ties in the order of units and rules."""
    keys = pd.DataFrame(
        {
            "severity": findings["severity"].map({name: place for place, name in enumerate(SEVERITIES)}),
            "impact": -findings["score_impact"].abs().fillna(-1),
            "size": -findings["difference"].abs().fillna(-1),
            **{name: findings[name].fillna("") for name in ("unit_code", "unit", "form", "rule", "item")},
            "finding_id": findings["finding_id"],
        }
    )
    return findings.loc[keys.sort_values(list(keys.columns), kind="stable").index]


def _row(number: int, found: dict[str, Any]) -> tuple[Any, ...]:
    return (
        number, found["severity"], found["verdict"], found["unit"] or found["unit_code"],
        short_name(found["form"]), found["year"], found["instance"], found["sheet"], found["cell"],
        found["stated"], found["expected"], _difference(found), found["message"], found["cause"],
        found["explanation"], found["basis"], found["rule"], found["file"], found["finding_id"],
    )  # fmt: skip


def _difference(found: dict[str, Any]) -> Figure | None:
    if found["difference"] is None:
        return None
    kind = figure_kind(found["form"], found["edition"], found["item"]) or "quantity"
    return Figure(found["difference"], kind)
