"""The same return as .xlsx, .xls and .ods: the same values, the same findings."""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
import pytest

from gouji.pipeline import run
from gouji.samples.build import ISSUED, ROSTER
from tests.recalculation import converted


def findings(folder: Path) -> set[tuple[str, ...]]:
    rows = run([folder], roster_path=ROSTER).findings
    columns = ["unit_code", "form", "instance", "item", "rule", "verdict", "cell", "message"]
    return {tuple(row) for row in rows[columns].astype(str).to_numpy().tolist()}


@pytest.fixture(scope="module")
def as_issued(published: Path) -> set[tuple[str, ...]]:
    return findings(published / ISSUED)


@pytest.mark.deep  # a quick run has the cases of test_field_formats in one of the formats
@pytest.mark.libreoffice
@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_a_return_saved_in_another_format_gives_the_same_findings(
    kind: str, published: Path, as_issued: set[tuple[str, ...]], tmp_path: Path
) -> None:
    converted(list((published / ISSUED).iterdir()), tmp_path / kind, kind)
    assert findings(tmp_path / kind) == as_issued


@pytest.mark.deep
@pytest.mark.libreoffice
def test_totals_of_blank_blocks_are_blank_in_every_format(published: Path, tmp_path: Path) -> None:
    """LibreOffice writes 0 into .xls where a formula of a formatted cell yields the empty text."""
    (tmp_path / "填").mkdir()
    for path in sorted((published / ISSUED).iterdir())[:2]:
        _empty(Path(shutil.copy(path, tmp_path / "填")))
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
