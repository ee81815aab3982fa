"""Single amounts that are about 10,000 times the others of their row: one cell or one column filled in in 元.

Compared are the columns that say the same money at different times: last year's, the budget, what was spent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gouji.templates.exact import significant
from gouji.templates.form import Form
from gouji.templates.items import Item
from gouji.templates.rules.naming import item_label
from gouji.templates.rules.nodes import Compare, Ref, refs
from gouji.validate.wide import Columns, Wide
from gouji.validate.wording import figure_text

_STAGES = ("上年决算数", "本年预算数", "本年决算数", "年初预算数", "全年预算数", "全年执行数")
_LEAST, _MOST = 3_000.0, 30_000.0
_SMALLEST = 3_000.0
"""万元 below which a figure may well be thousands of times another one."""
_SHOWN = 3


@dataclass(frozen=True)
class InYuan:
    """The amounts of one table: why they are in doubt, their cells, and those of the totals that hold them."""

    detail: str
    cell: str
    related: tuple[str, ...]


@dataclass(frozen=True)
class _Amount:
    """One amount: its item (of a list `list.column`), name, cell, value, and the least amount of its row."""

    item: str
    label: str
    cell: str
    value: float
    least: float


def cells_in_yuan(wide: Wide) -> Mapping[int, InYuan]:
    """Row of `wide` → what is in doubt there."""
    doubted: dict[int, list[_Amount]] = {}
    for row, amount in (*_fixed(wide), *_of_lists(wide)):
        doubted.setdefault(row, []).append(amount)
    above = _totals(wide.form) if doubted else {}
    return {row: _told(wide, row, amounts, above) for row, amounts in doubted.items()}


def _fixed(wide: Wide) -> Iterator[tuple[int, _Amount]]:
    rows: dict[tuple[str, str | None], list[Item]] = {}
    for item in wide.form.items.values():
        if item.kind == "amount" and item.row is not None and item.column in _STAGES:
            rows.setdefault((item.block, item.row), []).append(item)
    for items in rows.values():
        for row, item, value, least in _apart(wide.fixed, [(item.id, item) for item in items]):
            cell = wide.fixed.cell[row, wide.fixed.place[item.id]]
            if cell is not None:
                yield row, _Amount(item.id, item_label(wide.form, item, None), str(cell), value, least)


def _of_lists(wide: Wide) -> Iterator[tuple[int, _Amount]]:
    for name, spec in wide.form.lists.items():
        lines = wide.lists[name]
        named = [(column, item) for column, item in spec.columns.items() if item.kind == "amount" and column in _STAGES]
        for line, item, value, least in _apart(lines.columns, named):
            column = next(key for key, candidate in named if candidate is item)
            cell = lines.columns.cell[line, lines.columns.place[column]]
            if cell is not None:
                label = f"{lines.line[line]}（{column}）"
                yield int(lines.owner[line]), _Amount(f"{name}.{column}", label, str(cell), value, least)


def _apart(columns: Columns, named: Sequence[tuple[str, Item]]) -> Iterator[tuple[int, Item, float, float]]:
    """(row, item, value, the least of its row) of every amount that is so far above the least one."""
    if len(named) < 2:
        return
    values: NDArray[np.float64] = columns.value[:, [columns.place[name] for name, _ in named]]
    filled = np.where(values > 0, values, np.inf)
    least = filled.min(axis=1, initial=np.inf)
    with np.errstate(invalid="ignore"):
        large = (values >= _SMALLEST) & (values >= _LEAST * least[:, None]) & (values <= _MOST * least[:, None])
    for row, place in zip(*np.nonzero(large), strict=True):
        yield int(row), named[int(place)][1], float(values[row, place]), float(least[row])


def _totals(form: Form) -> Mapping[str, set[str]]:
    """Item or column of a list → the items that are sums of it, of their sums in turn too."""
    direct: dict[str, set[str]] = {}
    for rule in form.rules:
        match rule.node:
            case Compare(sign="=", left=Ref(form=None, item=total), right=right) if rule.list_id is None:
                for ref in refs(right):
                    if ref.form is None and ref.kind == "amount":
                        direct.setdefault(ref.item, set()).add(total)
    return {item: _all_above(direct, item) for item in direct}


def _all_above(direct: Mapping[str, set[str]], item: str) -> set[str]:
    totals: set[str] = set()
    open_ = [item]
    while open_:
        new = direct.get(open_.pop(), set()) - totals
        totals |= new
        open_ += new
    return totals


def _told(wide: Wide, row: int, amounts: list[_Amount], above: Mapping[str, set[str]]) -> InYuan:
    """Totals of other amounts in doubt are named by their parts."""
    over = {total for amount in amounts for total in above.get(amount.item, set())}
    named = [amount for amount in amounts if amount.item not in over] or amounts
    said = "、".join(f"“{amount.label}”（{amount.cell}）{_money(amount.value)}" for amount in named[:_SHOWN])
    more = f"等 {len(named)} 个数" if len(named) > _SHOWN else ""
    detail = f"{said}{more}约为同一行其他数（如 {_money(named[0].least)}）的一万倍，可能是按元填列的"
    totals = [wide.fixed.cell[row, wide.fixed.place[item]] for item in sorted(over) if item in wide.fixed.place]
    cells = [*(amount.cell for amount in amounts), *(str(cell) for cell in totals if cell is not None)]
    return InYuan(detail, named[0].cell, tuple(dict.fromkeys(cells)))


def _money(value: float) -> str:
    return figure_text(significant(value), "amount") or ""
