"""决算取数: the workbook of figures taken from published 部门决算, between who writes it and who reads it confirmed."""

from __future__ import annotations

from typing import NamedTuple

SHEET, LEFT_SHEET = "决算取数", "没有取到的"
FORM = ("部门决算参照表", "通用")
"""The form whose columns the figures are for."""
LIST = "单位"


class Head(NamedTuple):
    """A column of the sheet, and how wide it is in characters."""

    name: str
    width: float


UNIT, CODE, YEAR, COLUMN, FIGURE, CONFIRMED = "单位名称", "单位编码", "年度", "项目", "金额（万元）", "确认"
SHOWN, MONEY = "公开的数", "公开的单位"
HEADS = (
    Head(UNIT, 30), Head(CODE, 14), Head(YEAR, 8), Head(COLUMN, 22), Head(FIGURE, 16), Head(SHOWN, 18),
    Head(MONEY, 10), Head("文件", 34), Head("表", 30), Head("格", 16), Head(CONFIRMED, 10), Head("说明", 40),
)  # fmt: skip
YES = frozenset(("是", "√", "✓", "对", "确认", "已确认"))
"""What somebody writes who has compared a figure with its publication."""
