"""Nothing vanishes: figures on the sheets = read + printed + not read, counted apart by another reader."""

from __future__ import annotations

import contextlib
import datetime
from pathlib import Path

import openpyxl
import pytest

from gouji.ingest.locating.accounting import account
from gouji.ingest.locating.figure_cells import figure_cells
from gouji.ingest.locating.recognise import recognise
from gouji.ingest.out_of_sight import covered
from gouji.ingest.read import read_workbook
from gouji.ingest.read_return import FileReading, read_return
from gouji.ingest.refusal import Refused
from gouji.ingest.values import collect
from gouji.pipeline import run
from gouji.samples.build import ISSUED, PASTED
from gouji.samples.figures import unit_files
from gouji.samples.pasted import build_pasted
from gouji.templates.catalogue import built_in
from tests.field.build import build_field
from tests.hostile import cells, legacy
from tests.hostile.base import good
from tests.recalculation import converted
from tests.rotation import rotated

FORMS = [form for form in built_in().forms if form.definition.per != "bureau"]


def numbers(path: Path) -> dict[str, set[str]]:
    """Every numeric cell of every sheet, as openpyxl reads it."""
    return {
        page.title: {
            cell.coordinate
            for row in page.iter_rows()
            for cell in row
            if isinstance(cell.value, int | float) and not isinstance(cell.value, bool | datetime.date)
        }
        for page in openpyxl.load_workbook(path, data_only=True).worksheets
    }


def accounted(path: Path, reading: FileReading, seen: dict[str, set[str]]) -> None:
    """Every number of every sheet with a table is a value, or counted as printed or as not read, and by cell if so."""
    for sheet in {table.sheet for table in reading.tables}:
        tables = [table for table in reading.tables if table.sheet == sheet]
        parts = [part for part in reading.unrecognised if part.sheet == sheet]
        read = {cell for table in tables for cell in table.values.cell if cell}
        named = {cell for table in tables for cell in (*table.account.in_block, *table.account.crowded)}
        named |= {cell for table in tables for cell in table.account.beside}
        left = seen[sheet] - read
        assert not named & read
        assert len(named) == sum(table.account.unread for table in tables)
        elsewhere = sum(table.account.printed for table in tables) + sum(part.figures + part.printed for part in parts)
        assert len(left - named) <= elsewhere, (path.name, sheet, sorted(left - named))


@pytest.mark.in_turn("long")
@pytest.mark.parametrize("unit_file", rotated("published", list(unit_files()), 2), ids=lambda path: path.stem)
def test_every_figure_of_the_published_returns_is_accounted_for(unit_file: Path, published: Path) -> None:
    paths = list(published.rglob(f"*{unit_file.stem}*.xlsx"))
    assert {path.parent.name for path in paths} == {ISSUED, PASTED}
    for path in paths:
        reading = read_return(path, path.name, built_in())
        assert reading.unrecognised == []
        assert sum(table.account.unread for table in reading.tables) == 0
        accounted(path, reading, numbers(path))


@pytest.fixture(scope="module")
def field(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("field")
    build_field(folder)
    return folder


@pytest.mark.in_turn("accounting")
def test_every_figure_from_the_field_is_accounted_for(field: Path) -> None:
    for path in sorted(field.rglob("*.xlsx")):
        reading = read_return(path, path.name, built_in())
        seen = numbers(path)
        accounted(path, reading, seen)
        named_sheets = {table.sheet for table in reading.tables} | {part.sheet for part in reading.unrecognised}
        assert {name for name, cells in seen.items() if cells} <= named_sheets


def balanced(path: Path) -> int:
    """How many figures stand on the sheets that are not ours: each was read, is printed, or is told as not read."""
    workbook = read_workbook(path.read_bytes(), path.name)
    recognised = recognise(workbook, FORMS, built_in())
    accounts = [account(located, collect(located), covered(located)) for located, _ in recognised.tables]
    read, printed, unread = (
        sum(getattr(counted, name) for counted in accounts) for name in ("read", "printed", "unread")
    )
    printed += recognised.printed + sum(part.printed for part in recognised.unrecognised)
    unread += sum(part.figures for part in recognised.unrecognised)
    sheets = [sheet for sheet in workbook.sheets if sheet.name not in recognised.ours]
    figures = sum(len(figure_cells(sheet, 0, sheet.height - 1)) for sheet in sheets)
    assert figures == read + printed + unread, path.name
    return figures


@pytest.mark.in_turn("accounting")
def test_figures_on_the_sheets_are_those_read_printed_and_not_read(field: Path, published: Path) -> None:
    files = [*field.rglob("*.xlsx"), *published.rglob("*.xlsx")]
    assert sum(balanced(path) for path in files) > 2000


@pytest.mark.in_turn("accounting")
def test_figures_of_damaged_and_crafted_workbooks_are_accounted_for(tmp_path: Path) -> None:
    counted = []
    for name, case in sorted((cells.CASES | legacy.CASES).items()):
        path = tmp_path / "来件" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(case(good(1)))
        with contextlib.suppress(Refused):
            counted.append(balanced(path))
    assert sum(figures > 0 for figures in counted) > 20


@pytest.mark.in_turn("long")
@pytest.mark.libreoffice
@pytest.mark.parametrize("kind", rotated("figures of other file types", ["xls", "ods"]))
def test_figures_of_other_file_types_are_accounted_for(kind: str, field: Path, tmp_path: Path) -> None:
    books = [
        build_pasted(unit_files()[0], tmp_path / "甲"),
        next(field.rglob("v13_*.xlsx")),
        next(field.rglob("w17_*")),
    ]
    converted(books, tmp_path / kind, kind)
    made = sorted((tmp_path / kind).iterdir())
    assert [balanced(path) for path in made] == [balanced(path) for path in sorted(books, key=lambda book: book.name)]


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
    (table,) = read_return(path, path.name, built_in()).tables
    assert [*table.account.in_block, *table.account.crowded, *table.account.beside] == unread
