"""Amounts in another unit of money than 万元: converted by the printed units or by the sums that they make."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from gouji.ingest.figures.cleaning import squeeze
from gouji.ingest.figures.printed_units import Statement, governed, statements
from gouji.ingest.figures.remarks import without_remark
from gouji.ingest.locating.located import Located, Position
from gouji.ingest.values import Values, extra_kind
from gouji.templates.exact import significant
from gouji.templates.units import MONEY

WAN, YUAN = "万元", "元"
_OWN_SIGNS = ("元", "万", "亿")
_SMALLEST, _FEWEST = Decimal(10_000), 3
"""万元 that no amount of a table without any unit stays below, and how many amounts, before it is asked about."""
_LEAST_YUAN = 1_000
"""元 that some amount of a table in 元 reaches; where none does it is asked about."""


@dataclass(frozen=True, slots=True)
class Converted:
    """Amounts that were read in `unit`, and their `cells`; `reason`: the evidence in Chinese, `cell`: where it stands;
    `against`: the item that they add up to."""

    unit: str
    reason: str
    cells: tuple[str, ...]
    cell: str | None = None
    against: str = ""


def convert_printed(located: Located, values: Values) -> tuple[list[Converted], str]:
    """Turns the amounts of `values` into 万元 in place, by the units that are printed around them.

    Returns what was converted, by printed statement, and in Chinese the doubts; where the printed units contradict one
    another nothing is converted.
    """
    stated = statements(located)
    if not stated and located.issued is None:
        return [], _unsaid(located, values)
    if all(statement.named.units == (WAN,) for statement in stated):
        return [], ""
    amounts = {place: at for place, at in amount_cells(located, values).items() if values.value[at] is not None}
    governing = governed(located, stated, {place: own_unit(values, at) for place, at in amounts.items()})
    if governing.unclear:
        return [], _contradiction(governing.unclear[0])
    by: dict[Statement, list[int]] = {}
    for place, statement in governing.by.items():
        if statement.named.units != (WAN,):
            by.setdefault(statement, []).append(amounts[place])
    small = "" if located.form.definition.money_unit == YUAN else _too_small(by, values)
    return [
        _converted(statement, by[statement], values)
        for statement in sorted(by, key=lambda statement: (statement.top, statement.left))
    ], small


def _unsaid(located: Located, values: Values) -> str:
    """What is asked where no unit stands anywhere and every amount would be 1 亿元 or more: such tables are in 元."""
    figures = {
        figure
        for at in amount_cells(located, values).values()
        if values.value[at] is not None and not own_unit(values, at) and (figure := abs(exact(values, at)))
    }
    if len(figures) < _FEWEST or min(figures) < _SMALLEST:
        return ""
    return f"表上没有写金额单位，填的金额都不小于 {min(figures):,}，不能确定是元还是万元"


def _too_small(by: dict[Statement, list[int]], values: Values) -> str:
    """What is asked where 元 is printed over figures that nobody spends in 元: a form's 万元 was typed under it."""
    in_yuan = {statement: places for statement, places in by.items() if statement.named.units == (YUAN,)}
    figures = {figure for places in in_yuan.values() for at in places if (figure := abs(exact(values, at)))}
    if len(figures) < _FEWEST or max(figures) >= _LEAST_YUAN:
        return ""
    (first, *_) = sorted(in_yuan, key=lambda statement: (statement.top, statement.left))
    return f"{first.cell}印的是“{first.text}”，而填的金额最大的只有 {max(figures):,}，可能是按万元填列的"


def _contradiction(stated: tuple[Statement, ...]) -> str:
    printed = "、".join(f"{statement.cell}“{statement.text}”" for statement in stated)
    return f"表上印的金额单位不一致（{printed}），不能确定哪些金额是哪个单位"


def _converted(statement: Statement, places: list[int], values: Values) -> Converted:
    (unit,) = statement.named.units
    for at in places:
        to_wan(values, at, MONEY[unit])
    cells = tuple(cell for at in places if (cell := values.cell[at]) is not None)
    return Converted(
        unit, f"{statement.cell}印的是“{statement.text}”，所管的 {len(cells)} 个金额", cells, statement.cell
    )


def amount_cells(located: Located, values: Values) -> dict[Position, int]:
    """Where every amount stands or should stand → its place in `values`."""
    form = located.form
    cells: dict[Position, int] = {}
    for at, (list_id, item, cell) in enumerate(zip(values.list_id, values.item, values.cell, strict=True)):
        if cell is None:
            continue
        if list_id is None:
            kind = form.items[item].kind if item in form.items else extra_kind(form, item)
        else:
            column = form.lists[list_id].columns.get(item.rpartition(".")[2])
            kind = "text" if column is None else column.kind
        if kind == "amount":
            cells[located.sheet.position(cell)] = at
    return cells


def own_unit(values: Values, at: int) -> str:
    """The text of a figure in whose cell a unit of money stands; empty where none does."""
    raw = values.raw[at]
    if raw is None or not any(sign in raw for sign in _OWN_SIGNS):
        return ""
    alone = without_remark(squeeze(raw)) or raw
    return alone if any(sign in alone for sign in _OWN_SIGNS) else ""


def exact(values: Values, at: int) -> Decimal:
    """The figure as it was written, at 15 significant digits. Raises ValueError where there is none."""
    figure = values.value[at]
    if figure is None:
        raise ValueError("no figure was read there")
    return significant(figure)


def to_wan(values: Values, at: int, power: int) -> None:
    """One amount in units of 10^`power` 万元, turned into 万元; its text keeps what stood there."""
    figure = exact(values, at)
    if values.raw[at] is None:
        values.raw[at] = f"{figure:f}"
    values.value[at] = float(figure.scaleb(power))
    values.decimals[at] = max(0, (values.decimals[at] or 0) - power)
