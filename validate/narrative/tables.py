"""Text against tables: every statement that a definition knows (`narrative.figures`) against its own expression."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from gouji.templates.form import Form
from gouji.templates.narrative import Spoken
from gouji.templates.rules import quantity as q
from gouji.templates.rules.evaluate import evaluate
from gouji.templates.rules.naming import quoted
from gouji.templates.rules.nodes import Node, refs
from gouji.validate.figures import ReturnFigures, Tables
from gouji.validate.findings import Finding
from gouji.validate.inputs import inputs_of
from gouji.validate.lookup import Reference, picked
from gouji.validate.narrative.comparing import contradicted
from gouji.validate.narrative.stated import RIGHT, WRONG, Stated
from gouji.validate.narrative.told import contradiction, on_sheet, where
from gouji.validate.wide import Wide

_MOST_APART = Decimal("1.5")
"""How many times as much an amount may be whose item is not named."""
AGAINST_TABLE, AGAINST_REFERENCE = "L-01", "L-02"


def against_tables(stated: Stated, tables: Tables, asked: NDArray[np.int8]) -> Iterator[Finding]:
    """Statements that a table of the unit contradicts. `asked` comes to hold what the tables say of each."""
    for wide in tables.wides:
        for name, spoken in wide.form.narrative.items() if wide.size else ():
            places, rows = _pairs(stated, wide, name)
            if len(places):
                yield from _table(stated, tables, wide, spoken, places, rows, asked)


def _pairs(stated: Stated, wide: Wide, name: str) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The statements of that name, and the return of `wide` that each is held against: in the report of a project its
    own, else the unit's one that counts."""
    places = np.flatnonzero(np.equal(stated.name, name) & stated.own)
    if not len(places):
        return places, places
    project = wide.form.definition.per == "project"
    counts = wide.returns["adopted"].to_numpy(dtype=bool)
    row_of = {key: row for row, key in enumerate(wide.unit_key) if counts[row]}
    rows = []
    for place in places.tolist():
        passage = stated.passage(place)
        if passage.project or project:
            rows.append(passage.row if passage.wide is wide else -1)
        else:
            rows.append(passage.row if passage.wide is wide else row_of.get(passage.key, -1))
    counted_rows = np.array(rows, np.intp)
    return places[counted_rows >= 0], counted_rows[counted_rows >= 0]


def _table(
    stated: Stated, tables: Tables, wide: Wide, spoken: Spoken, places: NDArray[np.intp], rows: NDArray[np.intp],
    asked: NDArray[np.int8],
) -> Iterator[Finding]:  # fmt: skip
    figures = ReturnFigures(wide, tables)
    expected = [picked(evaluate(node, figures), rows) for node in spoken.nodes]
    wrong, nearest, known = contradicted(stated, places, spoken.sign, expected)
    wrong &= _plausible(stated, places, nearest, wrong)
    asked[places[known]] = np.maximum(asked[places[known]], np.where(wrong[known], WRONG, RIGHT))
    inputs = inputs_of(wide, tables, spoken.nodes[0], rows, None)
    for row in np.flatnonzero(wrong).tolist():
        cells = "；".join(cell for operand in inputs if (cell := operand.at_row(row).cells))
        sheet = wide.rows[int(rows[row])].sheet
        yield contradiction(
            AGAINST_TABLE, stated, int(places[row]), nearest.value[row],
            bound="" if spoken.sign == "=" else spoken.sign, related_cells=on_sheet(cells, str(sheet)),
            where=where(stated.passage(int(places[row])), _named(wide.form, spoken.nodes[0]), cells, str(sheet)),
        )  # fmt: skip


def _of_columns(reference: Reference, node: Node, keys: NDArray[np.object_]) -> q.Quantity:
    """A column of the bureau's table, or several added up."""
    parts = [reference.quantity(ref.item.rpartition(".")[2], keys) for ref in refs(node)]
    return parts[0] if len(parts) == 1 else q.Columns(len(keys)).add(parts)


def _plausible(
    stated: Stated, places: NDArray[np.intp], expected: q.Quantity, wrong: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Which statements may be meant of what they are held against: one whose item is not named only where it is near
    to it, or has its digits in another order or at another place."""
    implied = np.array([stated.rows[row].implied for row in places.tolist()], bool)
    values = [stated.quantity.value[row] for row in places.tolist()]
    slips = [_digits(value) == _digits(due) for value, due in zip(values, expected.value, strict=True)]
    near = [_near(value, due) for value, due in zip(values, expected.value, strict=True)]
    keys = stated.key[places]
    amounts = np.array([stated.rows[row].unit != "%" for row in places.tolist()], bool)
    right = set(keys[implied & ~wrong & amounts].tolist())  # 本年到位1050万元，加上上年600万元，累计到位1650万元
    alone = np.array([key not in right for key in keys], bool)
    plausible: NDArray[np.bool_] = ~implied | np.array(slips, bool) | (np.array(near, bool) & alone)
    return plausible


def _near(value: Decimal, due: Decimal) -> bool:
    low, high = sorted((abs(value), abs(due)))
    return low * _MOST_APART >= high


def _digits(value: Decimal) -> list[str]:
    return sorted(f"{abs(value):f}".replace(".", "").strip("0"))


def _named(form: Form, node: Node) -> str:
    """The tables that an expression reads: also of other forms, where it adds up their figures."""
    return "和".join(quoted(name) for name in dict.fromkeys(ref.form or form.name for ref in refs(node)))


def against_reference(stated: Stated, reference: Reference, form: Form, asked: NDArray[np.int8]) -> Iterator[Finding]:
    """Statements of units' own reports that the bureau's table contradicts. `asked`: as for `against_tables`."""
    units = np.array([not passage.project for passage in stated.passages] or [], bool)
    of_unit = units[stated.frame["passage"].to_numpy(dtype=np.intp)]
    for name, spoken in form.narrative.items():
        places = np.flatnonzero(np.equal(stated.name, name) & stated.own & of_unit)
        if not len(places):
            continue
        column = next(refs(spoken.nodes[0])).item.rpartition(".")[2]
        keys = stated.key[places]
        expected = [_of_columns(reference, node, keys) for node in spoken.nodes]
        wrong, nearest, known = contradicted(stated, places, "=", expected)
        wrong &= _plausible(stated, places, nearest, wrong)
        asked[places[known]] = np.maximum(asked[places[known]], np.where(wrong[known], WRONG, RIGHT))
        cells = reference.cells_of(column, keys)
        for row in np.flatnonzero(wrong).tolist():
            yield contradiction(
                AGAINST_REFERENCE, stated, int(places[row]), nearest.value[row], related_cells=cells[row],
                where=f"{quoted(form.name)}（{cells[row]}）",
            )  # fmt: skip
