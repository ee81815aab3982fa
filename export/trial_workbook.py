"""What rules say that were tried, as a workbook: counts of returns by rule, and examples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from gouji.export.book import Book
from gouji.export.dated import UNDATED
from gouji.export.table import Column, write_list
from gouji.templates.verdicts import DIFFERS, WORST_FIRST
from gouji.templates.write import workbook_by_rows

_RULES = [
    Column("规则", least=8, align="center"),
    Column("情况", least=9, align="center"),
    Column("内容", widest=64, least=40),
    Column("严重程度", least=9, align="center"),
    *(Column(verdict, "count", least=8) for verdict in WORST_FIRST),
    Column("原来不符", "count", least=8),
]
TRIAL_HEADS = tuple(column.head for column in _RULES)
_EXAMPLES = [
    Column("规则", least=8, align="center"),
    Column("结论", least=7, align="center"),
    Column("单位", widest=24, least=14),
    Column("文件", widest=24, least=14),
    Column("工作表", widest=14, least=9),
    Column("单元格", least=8, align="center"),
    Column("填报数", widest=18, least=10, align="right"),
    Column("应为", widest=18, least=10, align="right"),
    Column("差额", widest=16, least=9, align="right"),
    Column("说明", widest=60, least=34),
]
_NOTE = (
    "{on}。各列是表的张数：一张表里一条规则核对几处的，按最重的一处算（不符、无法核对、尾差、相符）。“原来不符”是这些结果当时的结论。"
    "只用结果里的数据，没有改动任何结果。"
)


def write_trial(rows: Sequence[Mapping[str, Any]], on: str, path: Path) -> None:
    """`rows`: as `gouji rules try --json` tells them; `on`: what was tried on what. Raises OSError."""
    with workbook_by_rows(path, UNDATED) as made:
        book = Book(made)
        note = _NOTE.format(on=on)
        write_list(book, "规则试算", note, _RULES, list(map(_rule, rows)), empty="没有要试的规则。", by="规则")
        examples = [one for row in rows for one in _examples(row)]
        note = "每条规则、每种结论最多十处，差额大的在前。"
        write_list(book, "例子", note, _EXAMPLES, examples, empty="没有不符或尾差。", frozen=1, by="规则")


def _rule(row: Mapping[str, Any]) -> tuple[Any, ...]:
    counts = (row["returns"][verdict] if row["asked"] else None for verdict in WORST_FIRST)
    state = row["state"] if row["asked"] else f"{row['state']}（没有试）"
    return row["rule"], state, row["words"], row["severity"], *counts, row["before"][DIFFERS]


def _examples(row: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    for one in row["examples"]:
        unit = one["unit"] or one["unit_code"] or "（单位无法确定）"
        where = (one["file"], one["sheet"], one["cell"])
        yield row["rule"], one["verdict"], unit, *where, one["stated"], one["expected"], one["gap"], one["message"]
