"""The same return as .xlsx, .xls and .ods: the same values, the same findings."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from gouji.pipeline import run
from samples.build import ROSTER, build_issued
from samples.figures import unit_files
from tests.recalculation import converted
from tests.rotation import rotated


def findings(folder: Path) -> set[tuple[str, ...]]:
    found = run([folder], roster_path=ROSTER).findings
    columns = ["unit_code", "form", "instance", "item", "rule", "verdict", "cell", "message"]
    return {tuple(row) for row in found[columns].astype(str).to_numpy().tolist()}


@pytest.mark.libreoffice
@pytest.mark.parametrize("kind", rotated("formats", ["xls", "ods"]))
def test_a_return_saved_in_another_format_gives_the_same_findings(kind: str, tmp_path: Path) -> None:
    for unit in unit_files():
        build_issued(unit, tmp_path / "xlsx")
    converted(list((tmp_path / "xlsx").iterdir()), tmp_path / kind, kind)
    assert findings(tmp_path / kind) == findings(tmp_path / "xlsx")


@pytest.mark.libreoffice
def test_totals_of_blank_blocks_are_blank_in_every_format(tmp_path: Path) -> None:
    """LibreOffice writes 0 into .xls where a formula of a formatted cell yields the empty text."""
    for unit in list(unit_files())[:2]:
        build_issued(unit, tmp_path / "填")
    for path in (tmp_path / "填").iterdir():
        _empty(path)
    for kind in ("xlsx", "xls", "ods"):
        converted(list((tmp_path / "填").iterdir()), tmp_path / kind, kind)
    expected = findings(tmp_path / "xlsx")
    assert findings(tmp_path / "xls") == expected
    assert findings(tmp_path / "ods") == expected


def _empty(path: Path) -> None:
    """Take the figures out of every other five rows."""
    book = openpyxl.load_workbook(path)
    for sheet in (sheet for sheet in book if sheet.sheet_state == "visible"):
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, int | float) and cell.row % 10 >= 5:
                    cell.value = None
    book.save(path)
