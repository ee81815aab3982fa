"""Amounts in 元 where 万元 are asked for: a list without any unit that makes 10⁴ × the figure it must add up to."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ingest.values import Values
from templates.definition import Column, GridBlock, ListRow, Row
from templates.form import Form

_WAN = 4
_LEAST_DECIMALS = 2
_HALF = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class InYuan:
    """A column that was read in 元: the item that told so, and the cells concerned."""

    against: str
    cells: tuple[str, ...]


def read_yuan(form: Form, values: Values) -> list[InYuan]:
    """Turns such columns of `values` into 万元 in place and tells which they are.

    The lines of a list decide: all without a unit, their sum within the rounding of 10⁴ × the item named by the
    column (`yuan_against`). A total row under them is in 元 if it is that much too.
    """
    found: list[InYuan] = []
    for grid in form.definition.blocks:
        if isinstance(grid, GridBlock):
            found += [one for column in grid.columns if (one := _column(grid, column, values)) is not None]
    return found


def _column(grid: GridBlock, column: Column, values: Values) -> InYuan | None:
    wanted = _wanted(column, values)
    if wanted is None or column.yuan_against is None:
        return None
    lists = {row.list_id for row in grid.rows if isinstance(row, ListRow)}
    lines = [at for at in _filled(values, column.id) if values.list_id[at] in lists]
    total = sum((_exact(values, at) for at in lines), Decimal(0))
    if not lines or not all(_bare(values, at) for at in lines) or not _meets(total, *wanted):
        return None
    rows = {f"{row.id}.{column.id}" for row in grid.rows if isinstance(row, Row)}
    fixed = [at for at in _filled(values, column.id) if values.list_id[at] is None and values.item[at] in rows]
    lines += [at for at in fixed if _bare(values, at) and _meets(_exact(values, at), *wanted)]
    for at in lines:
        _to_wan(values, at)
    return InYuan(column.yuan_against, tuple(cell for at in lines if (cell := values.cell[at]) is not None))


def _wanted(column: Column, values: Values) -> tuple[Decimal, Decimal] | None:
    """10⁴ × the figure that the lines must make, and half a unit of its last decimal; None without such a figure."""
    at = values.item.index(column.yuan_against) if column.yuan_against in values.item else None
    if at is None or not values.value[at]:
        return None
    decimals = max(values.decimals[at] or 0, _LEAST_DECIMALS)
    return _exact(values, at).scaleb(_WAN), _HALF.scaleb(_WAN - decimals)


def _meets(figure: Decimal, wanted: Decimal, leeway: Decimal) -> bool:
    return abs(figure - wanted) <= leeway


def _filled(values: Values, column: str) -> list[int]:
    return [
        at for at, item in enumerate(values.item) if item.rpartition(".")[2] == column and values.value[at] is not None
    ]


def _bare(values: Values, at: int) -> bool:
    """Whether no unit of money stands in the cell."""
    raw = values.raw[at]
    return raw is None or not any(sign in raw for sign in "元万亿")


def _exact(values: Values, at: int) -> Decimal:
    return Decimal(format(values.value[at], ".15g"))


def _to_wan(values: Values, at: int) -> None:
    figure = _exact(values, at)
    if values.raw[at] is None:
        values.raw[at] = f"{figure:f}"
    values.value[at] = float(figure.scaleb(-_WAN))
    values.decimals[at] = (values.decimals[at] or 0) + _WAN
