"""The fast path: a sheet of an issued workbook whose labels stand where they were issued."""

from __future__ import annotations

from ingest.grid import Sheet
from ingest.located import Line, Located, Place, Position
from templates.form import Form
from templates.labels import normalised
from templates.layout import Layout


def by_address(form: Form, layout: Layout, sheet: Sheet) -> Located:
    """The table at its issued addresses; `altered` lists the labels that no longer stand there."""
    altered = [text for place, text in layout.labels().items() if _label(sheet, place) != text]
    located = Located(form, sheet, 1, "issued", altered=altered)
    located.places = {item: _at(place) for item, place in layout.positions.items()}
    for name, slots in layout.slots.items():
        spec = form.lists[name]
        for slot in slots:
            levels = {}
            if slot.group is not None:
                levels = dict(zip(spec.levels[:-1], (spec.groups[slot.group], slot.group), strict=True))
            columns = {column: _at(place) for column, place in slot.columns.items()}
            located.lines.append(Line(name, _at(slot.name), columns, levels))
    return located


def _at(place: Position) -> Place:
    row, column = place
    return Place((row, column, row, column))


def _label(sheet: Sheet, place: Position) -> str:
    raw = sheet.raw(*place)
    return normalised(raw) if isinstance(raw, str) else ""
