"""Amounts behind a ¥ without a unit of money: in 元 where that is printed around them, else in the unit of their
neighbours, where these are of its size."""

from __future__ import annotations

from decimal import Decimal

from gouji.ingest.figures.cleaning import squeeze
from gouji.ingest.figures.money_units import amount_cells, exact
from gouji.ingest.figures.numbers import parse_number
from gouji.ingest.figures.printed_units import governed, statements
from gouji.ingest.locating.located import Located, Position
from gouji.ingest.values import Values

_SIGN = "¥"
_NEAR = 100
"""How many times as large one of two amounts of a row or column may be. In 元 it would be 10,000 times the other."""


def read_money_signs(located: Located, values: Values) -> None:
    """Reads such amounts in place, in the measure of the plain amounts of their row and their column.

    ¥12 alone may be 12 元 or 12 万元: where no unit is printed for it, without neighbours, or where one may be in the
    other unit, it stays unread. Where 元 is printed for it both say the same.
    """
    if not any(state == "unreadable" for state in values.state):
        return
    cells = amount_cells(located, values)
    signed = {
        place: amount
        for place, at in cells.items()
        if values.state[at] == "unreadable" and (amount := _behind_sign(values.raw[at])) is not None
    }
    if not signed:
        return
    in_yuan = _printed_in_yuan(located, cells)
    plain = {place: exact(values, at) for place, at in cells.items() if values.value[at]}
    for place, amount in signed.items():
        if place not in in_yuan and not _fits(amount[0], _around(place, plain)):
            continue
        at = cells[place]
        values.value[at], values.decimals[at], values.state[at] = float(amount[0]), amount[1], "filled"
        values.as_text.append(values.cell[at] or "")


def _printed_in_yuan(located: Located, cells: dict[Position, int]) -> set[Position]:
    """The amounts for which 元 is printed; none where what is printed contradicts itself."""
    governing = governed(located, statements(located), dict.fromkeys(cells, ""))
    if governing.unclear:
        return set()
    return {position for position, statement in governing.by.items() if statement.named.units == ("元",)}


def _behind_sign(raw: str | None) -> tuple[Decimal, int] | None:
    """The amount as it is written and its decimals."""
    text = squeeze(raw or "")
    parsed = parse_number(text.removeprefix(_SIGN), "amount") if text.startswith(_SIGN) else None
    if parsed is None or parsed.value is None or parsed.decimals is None or parsed.unit is not None:
        return None
    return parsed.value, parsed.decimals


def _around(place: Position, plain: dict[Position, Decimal]) -> list[Decimal]:
    return [amount for position, amount in plain.items() if position[0] == place[0] or position[1] == place[1]]


def _fits(amount: Decimal, around: list[Decimal]) -> bool:
    if amount == 0:
        return True
    sizes = [abs(amount / neighbour) for neighbour in around]
    return any(size <= _NEAR and size * _NEAR >= 1 for size in sizes) and all(size < _NEAR * _NEAR for size in sizes)
