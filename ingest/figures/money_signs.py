"""Amounts behind a ¥ without a unit of money: in the unit of their neighbours, where these are of its size."""

from __future__ import annotations

from decimal import Decimal

from gouji.ingest.figures.cleaning import squeeze
from gouji.ingest.figures.money_units import amount_cells, exact
from gouji.ingest.figures.numbers import parse_number
from gouji.ingest.locating.located import Located, Position
from gouji.ingest.values import Values

_SIGN = "¥"
_NEAR = 100
"""How many times as large one of two amounts of a row or column may be. In 元 it would be 10,000 times the other."""


def read_money_signs(located: Located, values: Values) -> None:
    """Reads such amounts in place, in the measure of the plain amounts of their row and their column.

    ¥12 alone may be 12 元 or 12 万元: without neighbours, or where one may be in the other unit, it stays unread.
    """
    if not any(state == "unreadable" for state in values.state):
        return
    cells = amount_cells(located, values)
    plain = {place: exact(values, at) for place, at in cells.items() if values.value[at]}
    for place, at in cells.items():
        amount = _behind_sign(values.raw[at]) if values.state[at] == "unreadable" else None
        if amount is None or not _fits(amount[0], _around(place, plain)):
            continue
        values.value[at], values.decimals[at], values.state[at] = float(amount[0]), amount[1], "filled"
        values.as_text.append(values.cell[at] or "")


def _behind_sign(raw: str | None) -> tuple[Decimal, int] | None:
    """The amount as it is written and its decimals."""
    text = squeeze(raw or "")
    parsed = parse_number(text.removeprefix(_SIGN), "amount") if text.startswith(_SIGN) else None
    if parsed is None or parsed.value is None or parsed.decimals is None or parsed.unit is not None:
        return None
    return parsed.value, parsed.decimals


def _around(place: Position, plain: dict[Position, Decimal]) -> list[Decimal]:
    return [amount for other, amount in plain.items() if other[0] == place[0] or other[1] == place[1]]


def _fits(amount: Decimal, around: list[Decimal]) -> bool:
    if amount == 0:
        return True
    sizes = [abs(amount / other) for other in around]
    return any(size <= _NEAR and size * _NEAR >= 1 for size in sizes) and all(size < _NEAR * _NEAR for size in sizes)
