"""The published returns as a unit would paste them from Word: plain sheets, no trace of a template."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from gouji.samples.figures import Key, Unit, load_unit
from gouji.samples.word_table import Patch, word_table
from gouji.templates.addresses import cell_name, cell_position

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_PERCENT = re.compile(r"(-?\d+(?:\.(\d+))?)%")
_MADE = datetime(2022, 1, 1)  # a fixed date, so that the same figures give the same bytes
_WIDTH = 16
_FRAME = {"border": 1, "text_wrap": True, "valign": "vcenter", "font_name": "宋体", "font_size": 11}


def build_pasted(unit_file: Path, out_dir: Path) -> Path:
    """Write `<unit>.xlsx` into `out_dir`: one sheet with all the unit's tables, one of running text.

    Raises ValidationError or ValueError for a wrong data file.
    """
    unit = load_unit(unit_file)
    out_dir.mkdir(parents=True, exist_ok=True)
    path = out_dir / f"{unit.unit}.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.set_properties({"created": _MADE})
        _write_forms(book, unit)
        _write_narrative(book, unit)
    return path


def pasted_cells(unit_file: Path) -> dict[Key, str]:
    """(form, instance, item) → the cell (`D12`) on the unit's one form sheet, cells left blank included.

    Fields that were printed as running text share the cell of their paragraph.
    """
    return {
        (form, instance, item): cell_name(patch.row, patch.column)
        for form, instance, patch in _placed(load_unit(unit_file))
        for item in patch.items
    }


def as_pasted(text: str) -> tuple[str | float, str]:
    """What Excel makes of a pasted text, and the number format it gives: `5` → 5, `60%` → 0.6 as 0%.

    Anything with a unit, a full-width space or a line feed stays text, as does a date written 2021.6.24.
    """
    if _NUMBER.fullmatch(text):
        return float(text), "General"
    percent = _PERCENT.fullmatch(text)
    if percent is None:
        return text, "General"
    return float(Decimal(percent[1]) / 100), "0.00%" if percent[2] else "0%"


def _placed(unit: Unit) -> Iterator[tuple[str, str, Patch]]:
    """Every cell of the form sheet, the tables one below another at their own first columns."""
    top = 0
    for instance, table in unit.instances():
        _, column = cell_position(f"{table.paste.column}1")
        top += table.paste.gap
        bottom = top
        for patch in word_table(unit, table).patches:
            moved = patch.moved(top, column)
            bottom = max(bottom, moved.row + moved.rows)
            yield table.form, instance, moved
        top = bottom


def _write_forms(book: Any, unit: Unit) -> None:
    sheet = book.add_worksheet(unit.paste.sheet)
    sheet.set_column(0, 20, _WIDTH)
    for row, height in _heights(unit).items():
        sheet.set_row(row, height)
    formats = {code: book.add_format(_FRAME | {"num_format": code}) for code in ("General", "0%", "0.00%")}
    for _, _, patch in _placed(unit):
        value, code = as_pasted(patch.text)
        _write(sheet, patch, value, formats[code])


def _heights(unit: Unit) -> dict[int, float]:
    """Row → points, tall enough for the text of its unmerged-downward cells, as Word left them."""
    lines: dict[int, int] = {}
    for _, _, patch in _placed(unit):
        if patch.rows == 1:
            room = _WIDTH * patch.columns - 1
            needed = sum(max(1, -(-_columns(part) // room)) for part in patch.text.split("\n"))
            lines[patch.row] = max(lines.get(patch.row, 1), needed)
    return {row: min(400, 15 * count) for row, count in lines.items()}


def _columns(text: str) -> int:
    """Width in half-width characters."""
    return sum(2 if ord(sign) > 0xFF else 1 for sign in text)


def _write(sheet: Any, patch: Patch, value: str | float, look: Any) -> None:
    if patch.rows > 1 or patch.columns > 1:
        last = (patch.row + patch.rows - 1, patch.column + patch.columns - 1)
        sheet.merge_range(patch.row, patch.column, *last, "", look)
    if value == "":
        sheet.write_blank(patch.row, patch.column, None, look)
    elif isinstance(value, str):
        sheet.write_string(patch.row, patch.column, value, look)
    else:
        sheet.write_number(patch.row, patch.column, value, look)


def _write_narrative(book: Any, unit: Unit) -> None:
    sheet = book.add_worksheet(unit.paste.narrative.sheet)
    sheet.set_column(0, 0, 90)
    for row, line in enumerate(unit.paste.narrative.lines):
        sheet.write_string(row, 0, line)
