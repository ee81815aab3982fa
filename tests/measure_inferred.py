"""Inferred ties with the whole catalogue taken away: false alarms per table, and single changed figures that are found.

By hand: `python -m tests.measure_inferred FOLDER [changes per table] [seed]` on workbooks whose figures tie.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from random import Random

from gouji.ingest.grid import Sheet
from gouji.ingest.locating.figure_cells import figure_cells
from gouji.ingest.locating.undefined import read_undefined
from gouji.ingest.read import read_workbook
from gouji.templates.identity import IDENTITY_SHEET, read_identity
from gouji.validate.findings import Origin
from gouji.validate.inferring.inferred import inferred_findings


def told(sheet: Sheet) -> set[tuple[str, str | None]]:
    """Rule and cell of everything that is inferred to be wrong on a sheet."""
    table = read_undefined(sheet, 0, sheet.height - 1)
    return {(finding.rule, finding.cell) for finding in inferred_findings(table, Origin())}


def tables(file: Path) -> list[tuple[str, Sheet]]:
    """The form sheets of an issued workbook with the names of their forms."""
    sheets = {sheet.name: sheet for sheet in read_workbook(file.read_bytes(), file.name).sheets}
    identity = read_identity(sheets[IDENTITY_SHEET].rows)
    assert identity is not None
    issued = ((identity.sheet(name), sheet) for name, sheet in sheets.items())
    return [(record.form, sheet) for record, sheet in issued if record is not None and figure_cells(sheet, 0, 999)]


def measure(files: list[Path], changes: int, seed: int) -> dict[str, Counter[str]]:
    """Form → how many tables, false alarms, changed figures, and changes that are told."""
    random = Random(seed)
    counts: dict[str, Counter[str]] = {}
    for file in files:
        for form, sheet in tables(file):
            count = counts.setdefault(form, Counter())
            before = told(sheet)
            count.update(tables=1, alarms=len(before))
            numbers = [
                position
                for position in figure_cells(sheet, 0, 999)
                if isinstance(sheet.raw(*position), float) and sheet.raw(*position)
            ]
            for row, column in random.sample(numbers, min(changes, len(numbers))):
                kept = sheet.rows[row][column]
                assert isinstance(kept, float)
                sheet.rows[row][column] = kept * random.choice([10, 0.1, 3])
                count.update(changed=1, told=int(bool(told(sheet) - before)))
                sheet.rows[row][column] = kept
    return counts


def main(arguments: list[str]) -> None:
    files = sorted(Path(arguments[0]).glob("*.xlsx"))
    changes, seed = (int(text) for text in [*arguments[1:], "5", "1"][:2])
    for form, count in measure(files, changes, seed).items():
        share = 100 * count["told"] / max(count["changed"], 1)
        alarms = f"{count['tables']} tables, {count['alarms']} false alarms"
        print(f"{form}: {alarms}, {count['changed']} changes, {share:.0f} % told")


if __name__ == "__main__":
    main(sys.argv[1:])
