"""绩效指标汇总: equal third-level indicators of several projects, added or weighted."""

from __future__ import annotations

from typing import Any

from gouji.export.book import Book
from gouji.export.indicators import Together, together
from gouji.export.results import Results
from gouji.export.table import Column, Figure, write_list

COLUMNS = [
    Column("序号", "number", least=5, align="center"),
    Column("年度", "number", least=6, align="center"),
    Column("二级指标", widest=18, least=14),
    Column("三级指标", widest=40, least=24),
    Column("项目数", "count", least=7),
    Column("汇总方法", widest=16, least=12, align="center"),
    Column("计量单位", widest=10, least=6, align="center"),
    Column("年度指标值", "quantity", least=11),
    Column("实际完成值", "quantity", least=11),
    Column("完成值已填", "count", least=7),
    Column("完成程度", "rate", least=9),
    Column("档次", widest=16, least=12),
    Column("项目", widest=40, least=20),
]
_NAMED = 6


def write_indicators(book: Book, results: Results) -> None:
    """One row per indicator and unit of measure."""
    rows = [_row(number, indicator) for number, indicator in enumerate(together(results), 1)]
    note = (
        "名称相同、计量单位相同的三级指标合在一行：绝对值直接累加，相对值（%）按全年执行数加权平均，"
        "定性指标按完成程度（自评得分÷分值）加权并给出档次。没有填执行数的项目不参与加权；计量单位不同的分行列出。"
    )
    write_list(book, "绩效指标汇总", note, COLUMNS, rows, empty="没有收到可以汇总的绩效指标。", frozen=4, by="三级指标")


def _row(number: int, indicator: Together) -> tuple[Any, ...]:
    projects = list(dict.fromkeys(filter(None, indicator.projects)))
    named = "、".join(projects[:_NAMED]) + (f"等{len(projects)}个" if len(projects) > _NAMED else "")
    target, actual = _figure(indicator.target, indicator.unit), _figure(indicator.actual, indicator.unit)
    filled = indicator.filled if indicator.unit is not None else None
    return (
        number, indicator.year, indicator.group, indicator.name, len(indicator.projects), indicator.method,
        indicator.unit or None, target, actual, filled, indicator.completion, indicator.band, named,
    )  # fmt: skip


def _figure(value: float | None, unit: str | None) -> Figure | None:
    """A percentage and money as such, a whole number without decimals."""
    if value is None:
        return None
    kind = {"%": "rate", "万元": "amount"}.get(unit or "", "count" if value.is_integer() else "quantity")
    return Figure(value, kind)
