"""The published returns as they were published: a report in Word, text first, then the tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from pathlib import Path

from gouji.samples.document import write_document
from gouji.samples.figures import Key, Unit, load_unit
from gouji.samples.word_table import Patch, word_table
from gouji.templates.addresses import TableRows, table_name, with_sheet

Row = Sequence[Patch]


def build_report(unit_file: Path, out_dir: Path) -> Path:
    """Write `<unit>.docx` into `out_dir`: the text in plain words, then every table under its title, torn as published.

    Raises ValidationError or ValueError for a wrong data file.
    """
    unit = load_unit(unit_file)
    out_dir.mkdir(parents=True, exist_ok=True)
    content: list[str | Sequence[Patch]] = list(unit.paste.narrative.lines)
    for number, (_, _, page) in enumerate(_pages(unit), 1):
        content += ["", f"附件{number}", *map(_line, page.above)]
        for part in page.parts:
            content += [[patch for row in part for patch in row], ""]
        content += map(_line, page.below)
    return write_document(out_dir / f"{unit.unit}.docx", content)


def report_cells(unit_file: Path) -> dict[Key, str]:
    """(form, instance, item) → where it stands: `第2个表第7行第3列`, with the lines around a table; blanks included.

    Fields that were printed as running text share the place of their paragraph.
    """
    found: dict[Key, str] = {}
    number = 0
    for form, instance, page in _pages(load_unit(unit_file)):
        above = TableRows(len(page.above), 0)
        for line, row in enumerate(page.above):
            found |= _named(form, instance, row, table_name(number + 1), above.name(line, 0))
        for part in page.parts:
            number += 1
            cells = TableRows(0, _height(part))
            for patch in (patch for row in part for patch in row):
                place = cells.name(patch.row - part[0][0].row, patch.column)
                found |= _named(form, instance, [patch], table_name(number), place)
        below = TableRows(0, 0)
        for line, row in enumerate(page.below):
            found |= _named(form, instance, row, table_name(number), below.name(line, 0))
    return found


def _named(form: str, instance: str, row: Row, table: str, place: str) -> dict[Key, str]:
    return {(form, instance, item): with_sheet(table, place) for patch in row for item in patch.items}


def _height(part: Sequence[Row]) -> int:
    return max(patch.row + patch.rows for row in part for patch in row) - part[0][0].row


class _Page:
    """A table as rows of patches: the lines above it, the table in its parts, the lines below."""

    def __init__(self, width: int, rows: Sequence[Row], breaks: Sequence[int]) -> None:
        running = [_is_line(row, width) for row in rows]
        first = next((n for n, line in enumerate(running) if not line), len(rows))
        last = next((n for n in range(len(rows), first, -1) if not running[n - 1]), first)
        self.above, self.below = rows[:first], rows[last:]
        self.parts: list[Sequence[Row]] = []
        cuts = [first, *(n for n in range(first + 1, last) if rows[n][0].row in breaks), last]
        self.parts = [rows[start:end] for start, end in pairwise(cuts)]


def _pages(unit: Unit) -> Iterator[tuple[str, str, _Page]]:
    for instance, table in unit.instances():
        drawn = word_table(unit, table)
        width = len(table.definition.definition.page.widths)
        ordered = sorted(drawn.patches, key=lambda patch: (patch.row, patch.column))
        rows = [list(row) for _, row in groupby(ordered, key=lambda patch: patch.row)]
        yield table.form, instance, _Page(width, rows, drawn.breaks)


def _is_line(row: Row, width: int) -> bool:
    """Whether a row is running text: one cell over the whole width, or fields that were printed as a paragraph."""
    return row[0].columns == width or (len(row[0].items) > 1 and row[0].rows == 1)


def _line(row: Row) -> str:
    return "\t".join(patch.text for patch in row)
