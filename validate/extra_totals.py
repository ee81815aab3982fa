"""A total row that the form does not have (合计 of 三公经费, 项目支出 and 公用经费): tied to the rows that make it up.

Nothing tells which rows these are but the columns in which they do: in the others they should as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations

from gouji.ingest.locating.parts import adds_up
from gouji.templates.addresses import place_in_table
from gouji.templates.exact import significant
from gouji.templates.form import Form
from gouji.templates.items import Item
from gouji.templates.rules.naming import quoted, row_labels
from gouji.templates.rules.nodes import Compare, Over, Sum, refs
from gouji.validate.findings import Finding, Origin, common
from gouji.validate.wide import ExtraAmount, Wide
from gouji.validate.wording import figure_text

_MOST_ROWS = 6
_HALF = Decimal("0.005")
"""What one amount may have been rounded by."""

Amounts = dict[str, Decimal]
"""Column → amount."""


def extra_totals(wide: Wide, origins: Sequence[Origin]) -> Iterator[Finding]:
    """U-01, once per column in which such a total is not what it is in most of its columns. 核实性."""
    by_row: dict[tuple[int, str, str], list[ExtraAmount]] = {}
    for extra in wide.extra:
        if adds_up(extra.label):
            by_row.setdefault((extra.row, extra.block, extra.label), []).append(extra)
    for (row, block, label), total in by_row.items():
        stated = {extra.column: significant(extra.value) for extra in total}
        sides = _rows_around(wide, row, block, place_in_table(total[0].cell)[0])
        parts, rows = next(((parts, rows) for rows in sides if (parts := _made_of(stated, rows))), ((), {}))
        for extra in total:
            if parts and not _ties(stated, rows, parts, extra.column):
                yield _finding(wide.form, origins[row], label, extra, parts, rows)


def _rows_around(wide: Wide, row: int, block: str, sheet_row: int) -> list[dict[str, Amounts]]:
    """Row of the block that is part of no other → its amounts: those above a row of the sheet, and those below."""
    inner = _parts_of_others(wide.form)
    above: dict[str, Amounts] = {}
    below: dict[str, Amounts] = {}
    for name, place in wide.fixed.place.items():
        item: Item = wide.form.items[name]
        cell, value = wide.fixed.cell[row, place], wide.fixed.value[row, place]
        if item.block != block or item.kind != "amount" or name in inner or item.row is None or cell is None:
            continue
        if value == value:
            side = above if place_in_table(str(cell))[0] < sheet_row else below
            side.setdefault(item.row, {})[item.column or ""] = significant(float(value))
    return [above, below]


def _parts_of_others(form: Form) -> set[str]:
    """The items that a rule adds up to another one of the form."""
    sums = [rule.node.right for rule in form.rules if isinstance(rule.node, Compare) and rule.node.sign == "="]
    return {ref.item for node in sums if isinstance(node, Sum | Over) for ref in refs(node)}


def _made_of(stated: Amounts, rows: dict[str, Amounts]) -> tuple[str, ...]:
    """The rows that add up to the total in most columns, and at least in as many as they do not; else none."""
    names = list(rows)[:_MOST_ROWS]
    choices = [choice for count in range(2, len(names) + 1) for choice in combinations(names, count)]
    ties = {choice: sum(_ties(stated, rows, choice, column) for column in stated) for choice in choices}
    best = max(ties, key=lambda choice: (ties[choice], len(choice)), default=())
    held = ties.get(best, 0)
    return best if held and held >= len(stated) - held else ()


def _ties(stated: Amounts, rows: dict[str, Amounts], parts: tuple[str, ...], column: str) -> bool:
    return abs(stated[column] - _sum(rows, parts, column)) <= _HALF * (len(parts) + 1)


def _sum(rows: dict[str, Amounts], parts: tuple[str, ...], column: str) -> Decimal:
    return sum((rows[part].get(column, Decimal(0)) for part in parts), Decimal(0))


def _finding(
    form: Form, origin: Origin, label: str, extra: ExtraAmount, parts: tuple[str, ...], rows: dict[str, Amounts]
) -> Finding:
    labels = row_labels(form)
    names = [re.sub("[:：]$", "", labels.get(part, part)) for part in parts]
    stated, expected = significant(extra.value), _sum(rows, parts, extra.column)
    return common(
        "U-01", origin, item=f"{extra.cell} {label}", cell=extra.cell, which=quoted(label),
        tie=f"{label} = {' + '.join(names)}", stated=figure_text(stated, "amount"),
        expected=figure_text(expected, "amount"), gap=figure_text(abs(stated - expected), "amount"),
        difference=float(stated - expected),
    )  # fmt: skip
