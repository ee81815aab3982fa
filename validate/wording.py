"""How figures and items are called in front of people: Chinese, with unit, without machine names."""

from __future__ import annotations

from decimal import Decimal

from templates.definition import FieldsBlock, GridBlock, HeaderField, Row, ScoresBlock
from templates.form import Form
from templates.items import Item
from templates.labels import squeezed
from templates.layout import with_year
from templates.rules.nodes import Ref
from templates.rules.quantity import round_half_up
from templates.rules.sentence import plain

UNITS = {"amount": "万元", "points": "分", "count": "", "quantity": ""}
_MOST_DECIMALS = 6


def figure_text(value: Decimal | float | None, kind: str) -> str | None:
    """A figure as people read it: `1733.634137万元`, `61.11%`, `9.5分`; None when there is none."""
    if value is None or value != value:
        return None
    exact = value if isinstance(value, Decimal) else Decimal(format(value, ".15g"))
    if kind == "rate":
        return f"{plain(round_half_up(exact * 100, 2))}%"
    return f"{plain(_bounded(exact))}{UNITS.get(kind, '')}"


def item_label(form: Form, item: Item, year: int | None) -> str:
    """`三公经费（2021年决算数）`: the row's and the column's label as printed, without line breaks."""
    column = with_year(squeezed(item.label), year) if year is not None else squeezed(item.label)
    column = column.replace("{年}", "本").replace("{上年}", "上")
    if item.row is None:
        return column.rstrip(":")
    return f"{row_labels(form).get(item.row, item.row)}（{column.rstrip(':')}）"


def row_labels(form: Form) -> dict[str, str]:
    """Row or indicator id → its printed label without numbering marks at its end."""
    labels: dict[str, str] = {}
    for block in form.definition.blocks:
        match block:
            case GridBlock(rows=rows):
                labels |= {row.id: squeezed(row.label or row.id).rstrip(":") for row in rows if isinstance(row, Row)}
            case ScoresBlock(indicators=indicators):
                labels |= {one.id: "、".join(one.printed_labels) for one in indicators}
            case FieldsBlock(fields=fields):
                labels |= {one.id: squeezed(one.label or one.id).rstrip(":") for one in fields if isinstance(one, HeaderField)}
            case _:
                pass
    return labels


def group_label(form: Form, group: str, year: int | None) -> str:
    """A group's name: that of the row or block it is named after."""
    return row_labels(form).get(group, group)


def _bounded(value: Decimal) -> Decimal:
    exponent = value.as_tuple().exponent
    return round_half_up(value, _MOST_DECIMALS) if isinstance(exponent, int) and exponent < -_MOST_DECIMALS else value


def input_label(form: Form, ref: Ref, year: int | None) -> str:
    """What an input of a rule is called: an item's label, or the list's or group's column."""
    if ref.item in form.items:
        return item_label(form, form.items[ref.item], year)
    column = form.scope.list_columns[ref.item]
    label = with_year(squeezed(column.label), year) if year is not None else squeezed(column.label)
    return f"{ref.group or ref.list_id or ''}{label}"
