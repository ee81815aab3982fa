"""两轮比较: what became of every finding of two rounds, as a workbook."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from gouji.export.book import Book
from gouji.export.sheets.findings import SEVERITY_SHADES
from gouji.export.table import Column, write_list
from gouji.templates.write import workbook_by_rows

SHEET = "两轮比较"
_CREATED = datetime.datetime(2000, 1, 1)
"""A fixed time, so that equal comparisons are equal bytes."""
COLUMNS = [
    Column("序号", "number", least=5, align="center"),
    Column("结果", widest=16, least=10),
    Column("单位", widest=24, least=14),
    Column("表", widest=12, least=8),
    Column("项目", widest=24, least=10),
    Column("规则", widest=8, least=6, align="center"),
    Column("严重程度", widest=8, align="center", shades=SEVERITY_SHADES),
    Column("上次填报数", widest=16, least=9, align="right"),
    Column("上次应为", widest=16, least=9, align="right"),
    Column("本次填报数", widest=16, least=9, align="right"),
    Column("本次应为", widest=16, least=9, align="right"),
    Column("说明", widest=44, least=24),
    Column("问题编号", widest=40, hidden=True),
]
_NOTE = "按单位排列。上次、本次是两轮结果里的数；没有收到表的，不能确认是否已经修改。"


def write_comparison(rows: Sequence[Mapping[str, Any]], path: Path) -> None:
    """Write the rows, each its values by the heads of COLUMNS. Raises FileExistsError, OSError."""
    if path.exists():
        raise FileExistsError(17, "", str(path))
    cells = [(number, *(row[column.head] for column in COLUMNS[1:])) for number, row in enumerate(rows, 1)]
    with workbook_by_rows(path, _CREATED) as workbook:
        write_list(Book(workbook), SHEET, _NOTE, COLUMNS, cells, empty="两次都没有需要处理的问题。", frozen=3)
