"""自评与复核对照 and 偏差率 as a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from gouji.export.book import Book
from gouji.export.dated import UNDATED
from gouji.export.exact import number
from gouji.export.sampling.deviation import Deviation, table_rate
from gouji.export.sampling.workbook import RATE
from gouji.export.table import Column, write_list
from gouji.ingest.beside.sampled import Reviewed
from gouji.templates.sampling import COMPARED_SHEET, RATES_SHEET
from gouji.templates.write import workbook_by_rows

TABLES = [
    Column("序号", "number", least=5, align="center"), Column("单位编码", widest=14, least=9),
    Column("单位", widest=26, least=14), Column("表", widest=14, least=8), Column("项目", widest=26, least=10),
    Column("自评得分", "points", least=8), Column("复核得分", "points", least=8),
    Column("自评－复核", "points", least=8), Column("偏差率", "rate", least=8), Column("复核人", widest=10, least=8),
    Column("日期", widest=11, least=10, align="center"), Column("说明", widest=28, least=14),
]  # fmt: skip
UNITS = [
    Column("单位编码", widest=14, least=9), Column("单位", widest=30, least=16), Column("抽查张数", "count", least=8),
    Column("已复核张数", "count", least=8), Column("自评得分合计", "points", least=10),
    Column("复核得分合计", "points", least=10), Column("自评－复核合计", "points", least=10),
    Column("偏差率", "rate", least=8),
]  # fmt: skip
_UNIT_NOTE = (
    "只计已经复核的表，没有复核的不计，也不当作 0。单位和合计的偏差率＝各表｜自评得分－复核得分｜之和÷复核得分之和。"
)


def write_deviations(rows: Sequence[Reviewed], units: Sequence[Deviation], path: Path) -> None:
    """Write the workbook. Raises OSError."""
    with workbook_by_rows(path, UNDATED) as made:
        book = Book(made)
        write_list(book, RATES_SHEET, _UNIT_NOTE, UNITS, [_unit(deviation) for deviation in units], empty="", by="单位")
        tables = [_table(place, row) for place, row in enumerate(rows, 1)]
        write_list(book, COMPARED_SHEET, f"{RATE}。空白表示还没有复核。", TABLES, tables, empty="", frozen=3)


def _unit(deviation: Deviation) -> tuple[Any, ...]:
    figures = (number(figure) for figure in (deviation.own, deviation.score, deviation.net, deviation.rate))
    return (deviation.unit_code or None, deviation.unit, deviation.drawn, deviation.reviewed, *figures)


def _table(place: int, row: Reviewed) -> tuple[Any, ...]:
    gap: Decimal | None = None if row.score is None or row.own is None else row.own - row.score
    return (
        place, row.unit_code or None, row.unit, row.form, row.instance or None, number(row.own), number(row.score),
        number(gap), number(table_rate(row)), row.reviewer or None, row.date or None,
        "；".join(part for part in (row.wrong, row.remark) if part) or None,
    )  # fmt: skip
