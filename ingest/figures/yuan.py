"""Amounts in 元 where 万元 are asked for: a list without any unit that makes 10⁴ × the figure it must add up to."""

from __future__ import annotations

from decimal import Decimal

from gouji.ingest.figures.money_units import Converted, exact, own_unit, to_wan
from gouji.ingest.values import Values
from gouji.templates.blocks import Column, GridBlock, ListRow, Row
from gouji.templates.form import Form
from gouji.templates.precision import least

_WAN = 4
_HALF = Decimal("0.5")


def convert_lists(form: Form, values: Values) -> list[Converted]:
    """Turns columns that are in 元 into 万元, in place in `values`, and returns what was converted.

    The lines of a list decide: all without a unit, their sum within the rounding of 10⁴ × the item named by the
    column (`yuan_against`). A total row under them is in 元 if it is that much too.
    """
    converted: list[Converted] = []
    for grid in form.definition.blocks:
        if isinstance(grid, GridBlock):
            converted += [
                conversion for column in grid.columns if (conversion := _column(grid, column, values)) is not None
            ]
    return converted


def _column(grid: GridBlock, column: Column, values: Values) -> Converted | None:
    required = _required(column, values)
    if required is None or column.yuan_against is None:
        return None
    lists = {row.list_id for row in grid.rows if isinstance(row, ListRow)}
    lines = [at for at in _filled(values, column.id) if values.list_id[at] in lists]
    total = sum((exact(values, at) for at in lines), Decimal(0))
    if not lines or any(own_unit(values, at) for at in lines) or not _meets(total, *required):
        return None
    rows = {f"{row.id}.{column.id}" for row in grid.rows if isinstance(row, Row)}
    fixed = [at for at in _filled(values, column.id) if values.list_id[at] is None and values.item[at] in rows]
    lines += [at for at in fixed if not own_unit(values, at) and _meets(exact(values, at), *required)]
    for at in lines:
        to_wan(values, at, -_WAN)
    cells = tuple(cell for at in lines if (cell := values.cell[at]) is not None)
    return Converted("元", "", cells, against=column.yuan_against)


def _required(column: Column, values: Values) -> tuple[Decimal, Decimal] | None:
    """10⁴ × the figure that the lines must make, and half a unit of its last decimal; None without such a figure."""
    at = values.item.index(column.yuan_against) if column.yuan_against in values.item else None
    if at is None or not values.value[at]:
        return None
    decimals = max(values.decimals[at] or 0, least("amount", None))
    return exact(values, at).scaleb(_WAN), _HALF.scaleb(_WAN - decimals)


def _meets(figure: Decimal, required: Decimal, leeway: Decimal) -> bool:
    return abs(figure - required) <= leeway


def _filled(values: Values, column: str) -> list[int]:
    return [
        at for at, item in enumerate(values.item) if item.rpartition(".")[2] == column and values.value[at] is not None
    ]
