"""Nothing vanishes: figures on the sheets = read + printed + not read, counted apart by another reader."""

from __future__ import annotations

import datetime
from pathlib import Path

import openpyxl
import pytest

from gouji.pipeline import run
from ingest.read_return import FileReading, read_return
from samples.build import build_issued
from samples.figures import unit_files
from samples.pasted import build_pasted
from templates.library import all_forms
from tests.field.build import build_field


def numbers(path: Path, sheet: str) -> set[str]:
    """Every numeric cell of a sheet, as openpyxl reads it."""
    page = openpyxl.load_workbook(path, data_only=True)[sheet]
    return {
        cell.coordinate
        for row in page.iter_rows()
        for cell in row
        if isinstance(cell.value, int | float) and not isinstance(cell.value, bool | datetime.date)
    }


def accounted(path: Path, reading: FileReading) -> None:
    """Every number of every sheet with a table is a value, or counted as printed or as not read, and by cell if so."""
    for sheet in {table.sheet for table in reading.tables}:
        tables = [table for table in reading.tables if table.sheet == sheet]
        parts = [one for one in reading.unrecognised if one.sheet == sheet]
        read = {cell for table in tables for cell in table.values.cell if cell}
        named = {cell for table in tables for cell in (*table.account.in_block, *table.account.crowded)}
        named |= {cell for table in tables for cell in table.account.beside}
        left = numbers(path, sheet) - read
        assert not named & read
        assert len(named) == sum(table.account.unread for table in tables)
        elsewhere = sum(table.account.printed for table in tables) + sum(one.figures + one.printed for one in parts)
        assert len(left - named) <= elsewhere, (path.name, sheet, sorted(left - named))


@pytest.mark.parametrize("unit_file", unit_files(), ids=lambda path: path.stem)
def test_every_figure_of_the_published_returns_is_accounted_for(unit_file: Path, tmp_path: Path) -> None:
    for path in (build_issued(unit_file, tmp_path / "a"), build_pasted(unit_file, tmp_path / "b")):
        reading = read_return(path, path.name, all_forms())
        assert reading.unrecognised == []
        assert sum(table.account.unread for table in reading.tables) == 0
        accounted(path, reading)


@pytest.fixture(scope="module")
def field(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("field")
    build_field(folder)
    return folder


def test_every_figure_from_the_field_is_accounted_for(field: Path) -> None:
    for path in sorted(field.rglob("*.xlsx")):
        reading = read_return(path, path.name, all_forms())
        accounted(path, reading)
        told = {table.sheet for table in reading.tables} | {one.sheet for one in reading.unrecognised}
        assert {name for name in openpyxl.load_workbook(path).sheetnames if numbers(path, name)} <= told


def pasted(
    field: Path, path: Path, extra: dict[str, object], sheets: dict[str, list[list[object]]] | None = None
) -> Path:
    """The plain 自评表 of the field, with cells changed and sheets added."""
    book = openpyxl.load_workbook(next(field.rglob("v00_*.xlsx")))
    for cell, value in extra.items():
        book.worksheets[0][cell] = value
    for name, rows in (sheets or {}).items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    path.parent.mkdir(exist_ok=True)
    book.save(path)
    return path


def test_a_sheet_that_no_form_fits_is_listed_beside_a_recognised_one(field: Path, tmp_path: Path) -> None:
    path = pasted(field, tmp_path / "报送" / "甲局.xlsx", {}, {"台账": [["物品", "金额"], ["桌子", 12.5], ["椅子", 3]]})
    results = run([path])
    (row,) = results.returns[results.returns["form"].isna()].to_dict("records")
    assert (row["sheet"], row["status"], row["unread"]) == ("台账", "未收录", 2)
    (finding,) = results.findings[results.findings["rule"] == "R-14"].to_dict("records")
    assert (finding["sheet"], finding["severity"]) == ("台账", "核实性")
    assert "“台账”有 2 个数没有读取，最接近“" in finding["message"]
    counts = results.run["counts"]
    assert counts["figures_unread"] == 2
    assert counts["figures_read"] == int(results.returns["read"].sum()) > 40


@pytest.mark.parametrize(
    ("cells", "unread"),
    [
        ({"L6": 12.5}, ["L6"]),
        ({"A30": "联系电话", "B30": 10000000000}, []),
        ({"A30": "备用", "D30": 7}, ["D30"]),
        ({"A30": 2022, "B30": "年", "C30": 3, "D30": "月", "E30": 5, "F30": "日"}, []),
        ({"A30": "栏次", "B30": 1, "C30": 2, "D30": 3, "E30": 4}, []),
    ],
)
def test_what_is_no_figure_of_anything(
    cells: dict[str, object], unread: list[str], field: Path, tmp_path: Path
) -> None:
    path = pasted(field, tmp_path / "报送" / "甲局.xlsx", cells)
    (table,) = read_return(path, path.name, all_forms()).tables
    assert [*table.account.in_block, *table.account.crowded, *table.account.beside] == unread
