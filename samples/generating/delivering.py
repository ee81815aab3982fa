"""A unit's return as the workbook that the bureau receives: issued, filled, saved."""

from __future__ import annotations

import shutil
from pathlib import Path

from gouji.samples.fill import Entry, Result, Text, filled_parts, pack
from gouji.samples.generating.arithmetic import results_of
from gouji.samples.generating.issued import issued_parts
from gouji.samples.generating.tables import Table, UnitReturn
from gouji.samples.places import issued_places
from gouji.templates.issued import issued_sheets
from gouji.templates.issuing.plan import IssuedSheet
from gouji.templates.layout import Position
from gouji.templates.text import file_name


def deliver(unit: UnitReturn, folder: Path) -> str:
    """Write the unit's file (or two, or none) into `folder`; returns the name of the file with the unit's fault."""
    delivery = unit.delivery
    if not delivery.sent:
        return ""
    name = file_name(f"{unit.recipient.unit_code}_{unit.recipient.unit}_{unit.year}.xlsx")
    path = folder / name
    _write(unit, path)
    if delivery.cut_short:
        path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
    if delivery.second:
        again = folder / name.replace(".xlsx", "（再次报送）.xlsx")
        if delivery.second == "same":
            shutil.copyfile(path, again)
            return again.name
        unit.base.put("厉行节约保障措施", "严格执行采购和接待制度")
        _write(unit, again)
    return name


def _write(unit: UnitReturn, path: Path) -> None:
    tables = [table for table in unit.tables if table.form.name not in unit.delivery.left_out]
    forms = list({table.form.key: table.form for table in tables}.values())
    issued = issued_parts(unit.recipient, forms, unit.year)
    sheets = issued_sheets(unit.recipient, forms, unit.year)
    pairs = [(table, sheet) for table, sheet in _paired(tables, sheets) if table.filled]
    pack(filled_parts(issued, {sheet.name: _entries(table, sheet) for table, sheet in pairs}), path)


def _paired(tables: list[Table], sheets: list[IssuedSheet]) -> list[tuple[Table, IssuedSheet]]:
    by_project = {
        (sheet.form.key, sheet.project.code if sheet.project else ""): sheet for sheet in sheets if not sheet.spare
    }
    return [(table, by_project[table.form.key, table.instance]) for table in tables]


def _entries(table: Table, sheet: IssuedSheet) -> dict[Position, Entry]:
    """Formulas with their results, what was typed, and labels that were changed."""
    places = issued_places(sheet, table.lines)
    entries: dict[Position, Entry] = {places[item]: Result(value) for item, value in results_of(table).items()}
    entries |= {places[item]: entry for item, entry in (table.cells | table.typed_over).items()}
    for box in sheet.layout.boxes:
        if box.role == "label" and box.text in table.labels:
            entries[box.row, box.column] = Text(table.labels[box.text])
    return entries
