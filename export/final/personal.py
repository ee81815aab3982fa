"""Where personal items stand in a file: cells of items and of lists about persons, and what is written in them."""

from __future__ import annotations

import pandas as pd

from gouji.export.records import records
from gouji.ingest.files.cell_areas import Position
from gouji.templates.addresses import cell_position, on_sheet
from gouji.templates.catalogue import Catalogue
from gouji.templates.form import Form
from gouji.templates.identity import IdentitySheet
from gouji.templates.layout import lay_out


def personal_cells(
    returns: pd.DataFrame, values: pd.DataFrame, catalogue: Catalogue
) -> tuple[dict[str, set[Position]], set[str]]:
    """Sheet → cells, as the tables were read; and the texts in them that stand in no other item (a unit's name)."""
    cells: dict[str, set[Position]] = {}
    texts: dict[bool, set[str]] = {True: set(), False: set()}
    forms = {row["return_id"]: catalogue.known(row["form"], row["edition"]) for row in records(returns)}
    for value in records(values):
        form = forms.get(value["return_id"])
        if form is None:
            continue
        personal = _is_personal(form, value["list_id"], value["item"])
        if value["raw"]:
            texts[personal].add(value["raw"])
        if personal and value["cell"] is not None:
            sheet, cell = on_sheet(value["sheet"], value["cell"])
            cells.setdefault(sheet, set()).add(cell_position(cell))
    return cells, texts[True] - texts[False]


def issued_personal(sheet: IdentitySheet, year: int, catalogue: Catalogue) -> set[Position]:
    """The cells on an issued sheet that was not read as a table: a spare one, which nobody owes."""
    form = catalogue.known(sheet.form, sheet.edition)
    if form is None:
        return set()
    layout = lay_out(form, year, sheet.slots)
    positions = {place for item, place in layout.positions.items() if _is_personal(form, None, item)}
    for name, slots in layout.slots.items():
        for slot in slots:
            positions |= {
                position for column, position in slot.columns.items() if _is_personal(form, name, f"x.{column}")
            }
            positions |= {slot.name} if form.lists[name].personal else set()
    return positions


def _is_personal(form: Form, list_id: str | None, item: str) -> bool:
    if list_id is None:
        return item in form.items and form.items[item].personal
    spec = form.lists.get(list_id)
    column = None if spec is None else spec.columns.get(item.rpartition(".")[2])
    return spec is not None and (spec.personal or (column is not None and column.personal))
