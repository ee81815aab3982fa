"""Amounts in sentences against the rows of the same names: 物业费、维修费25.21万元 against these rows of 支出明细."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gouji.ingest.narrative.statement import COUNT
from gouji.templates.labels import squeezed
from gouji.templates.rules import quantity as q
from gouji.templates.rules.naming import quoted
from gouji.validate.figures import Tables, column_quantity
from gouji.validate.findings import Finding
from gouji.validate.lookup import picked
from gouji.validate.narrative.comparing import beyond
from gouji.validate.narrative.named_indicators import name_of, of_something_else
from gouji.validate.narrative.names import by_name
from gouji.validate.narrative.stated import Stated
from gouji.validate.narrative.tables import AGAINST_TABLE
from gouji.validate.narrative.told import contradiction, on_sheet, where
from gouji.validate.wide import Wide

_MOST_NAMES = 6


@dataclass(frozen=True)
class _Rows:
    """The named rows of one list of one return with one amount each."""

    by_name: dict[str, int]
    amounts: q.Quantity
    cells: list[str | None]


def named_amounts(stated: Stated, tables: Tables) -> Iterator[Finding]:
    """The amounts of reports on one project that the rows of their names, added up, do not make up."""
    frame = stated.frame
    asked = frame["item"].eq(COUNT).to_numpy() & frame["unit"].isin(["元", "万元"]).to_numpy()
    asked &= stated.own & stated.quantity.known & frame["exactness"].eq("").to_numpy()
    rows_of: dict[tuple[int, int], _Rows | None] = {}
    for row in np.flatnonzero(asked).tolist():
        passage = stated.passage(row)
        if not passage.project:
            continue
        report = id(passage.wide), passage.row
        if report not in rows_of:
            rows_of[report] = _rows(passage.wide, passage.row)
        listed = rows_of[report]
        if listed is not None:
            yield from _held_against(stated, row, listed)


def _rows(wide: Wide, owner: int) -> _Rows | None:
    """The rows of the one list of amounts that a table has."""
    lists = [
        (name, [column for column, item in spec.columns.items() if item.kind == "amount"])
        for name, spec in wide.form.lists.items()
        if not spec.personal
    ]
    named = [(name, columns[0]) for name, columns in lists if len(columns) == 1]
    if len(named) != 1:
        return None
    ((list_id, column),) = named
    lines = wide.lists[list_id]
    mine = np.flatnonzero(lines.owner == owner)
    names = [squeezed(str(name or "")) for name in lines.columns.raw_of(wide.form.lists[list_id].name_column)[mine]]
    cells = lines.columns.cell[mine, lines.columns.place[column]].tolist()
    amounts = column_quantity(lines.columns, column, wide.form.lists[list_id].columns[column])
    return _Rows(by_name(names), picked(amounts, mine), cells)


def _held_against(stated: Stated, row: int, listed: _Rows) -> Iterator[Finding]:
    label = stated.rows[row].label.strip("、；，：:,; ").rpartition("：")[2]
    names = [name for part in label.split("、") if (name := name_of(part))]
    called = [listed.by_name.get(name) for name in names[:_MOST_NAMES]]
    rows = [place for place in called if place is not None]
    if not rows or len(rows) < len(names) or len(set(rows)) < len(rows) or of_something_else(stated, row):
        return
    places = np.array(rows, np.intp)
    amounts = picked(listed.amounts, places)
    if not amounts.known.all():
        return
    expected = q.total_by(np.zeros(len(rows), np.intp), 1, amounts)
    if beyond(stated.at(np.array([row], np.intp)), expected, "=", "amount")[0] > 0:
        wide, owner = stated.passage(row).wide, stated.passage(row).row
        sheet = str(wide.rows[owner].sheet)
        cells = "；".join(cell for place in rows if (cell := listed.cells[place]))
        yield contradiction(
            AGAINST_TABLE,
            stated,
            row,
            expected.value[0],
            where=where(stated.passage(row), quoted(wide.form.name), cells, sheet),
            related_cells=on_sheet(cells, sheet),
        )
