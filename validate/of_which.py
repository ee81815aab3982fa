"""T-33: rows beyond the form that are parts (其中) of the row above them, and exceed it.

The definition knows no tie for such rows, and no label is needed for this one: parts are never larger than the whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from gouji.ingest.locating.parts import is_of_which, step, without_of_which
from gouji.templates.addresses import place_in_table
from gouji.templates.exact import significant
from gouji.templates.rules.naming import item_label, quoted
from gouji.validate.findings import Finding, Origin, common
from gouji.validate.wide import ExtraAmount, Wide
from gouji.validate.wording import figure_text

_HALF = Decimal("0.005")
"""What one amount may have been rounded by: half a unit of the second decimal of 万元."""


class _Whole(NamedTuple):
    """What stands in a cell of the form: its label, and the amount."""

    label: str
    value: Decimal


def of_which_findings(wide: Wide, origins: Sequence[Origin]) -> Iterator[Finding]:
    """Once per run of parts and column in which they are larger than the row that they are parts of. 核实性."""
    by_return: dict[int, list[ExtraAmount]] = {}
    for extra in wide.extra:
        by_return.setdefault(extra.row, []).append(extra)
    for row, extras in sorted(by_return.items()):
        runs = list(of_which_runs(extras))
        if runs:
            yield from _exceeding(wide, origins[row], row, runs)


def of_which_runs(extras: Sequence[ExtraAmount]) -> Iterator[list[list[ExtraAmount]]]:
    """Rows that follow one another, the first of them a 其中; each row with its amounts.

    A numbered row ends a run that has no numbers: 2.单位自有资金 is no part of 1.财政拨款.
    """
    rows: dict[int, list[ExtraAmount]] = {}
    for extra in extras:
        rows.setdefault(place_in_table(extra.cell)[0], []).append(extra)
    run: list[list[ExtraAmount]] = []
    last = None
    for sheet_row in sorted(rows):
        label = rows[sheet_row][0].label
        begins = is_of_which(label)
        beyond = run and step(label) > 0 and not step(without_of_which(run[0][0].label))
        if run and (begins or beyond or sheet_row != (last or 0) + 1):
            yield run
            run = []
        if run or begins:
            run.append(rows[sheet_row])
        last = sheet_row
    if run:
        yield run


def _exceeding(wide: Wide, origin: Origin, row: int, runs: Sequence[list[list[ExtraAmount]]]) -> Iterator[Finding]:
    wholes = _wholes(wide, origin, row)
    for run in runs:
        above = place_in_table(run[0][0].cell)[0] - 1
        for column in dict.fromkeys(extra.column for extra in run[0]):
            parts = [extra for line in run for extra in line if extra.column == column]
            whole = wholes.get((above, column))
            total = sum((significant(part.value) for part in parts), Decimal(0))
            if whole is None or total <= whole.value + _HALF * (len(parts) + 1):
                continue
            yield common(
                "T-33", origin, item=f"{parts[0].label}.{column}", cell=parts[0].cell,
                related_cells="；".join(part.cell for part in parts),
                stated=figure_text(total, "amount"), expected=f"≤{figure_text(whole.value, 'amount')}",
                parts="、".join(quoted(part.label) for part in parts), whole=quoted(whole.label),
                most=figure_text(whole.value, "amount"), difference=float(total - whole.value),
            )  # fmt: skip


def _wholes(wide: Wide, origin: Origin, row: int) -> dict[tuple[int, str | None], _Whole]:
    """The amounts of a return by the row of the sheet and the column of the form."""
    wholes: dict[tuple[int, str | None], _Whole] = {}
    for name, place in wide.fixed.place.items():
        item, cell, value = wide.form.items[name], wide.fixed.cell[row, place], wide.fixed.value[row, place]
        if item.kind == "amount" and cell is not None and value == value:
            label = item_label(wide.form, item, origin.year)
            wholes[place_in_table(str(cell))[0], item.column] = _Whole(label, significant(float(value)))
    for name, lines in wide.lists.items():
        amounts = [column for column, item in wide.form.lists[name].columns.items() if item.kind == "amount"]
        for line in (lines.owner == row).nonzero()[0].tolist():
            for column in amounts:
                place = lines.columns.place[column]
                cell, value = lines.columns.cell[line, place], lines.columns.value[line, place]
                if cell is not None and value == value:
                    label = str(lines.line[line])
                    wholes[place_in_table(str(cell))[0], column] = _Whole(label, significant(float(value)))
    return wholes
