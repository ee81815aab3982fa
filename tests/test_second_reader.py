"""Every cell of generated workbooks is what another reader finds there: calamine with our scan, and openpyxl.

Of .xls and .ods openpyxl reads nothing: there it reads what the same program saved as .xlsx. LibreOffice writes no
.xlsb; of these `test_promises` has one that is written by its specification.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.worksheet.worksheet import Worksheet

from gouji.ingest.grid import Kind, Sheet
from gouji.ingest.read import read_workbook
from gouji.samples.generate import WORKBOOKS, generate
from gouji.templates.addresses import cell_name
from gouji.templates.number_format import is_percentage
from gouji.templates.selfcheck.names import LEDGER_SHEET
from tests.recalculation import converted, recalculated
from tests.rotation import rotated


def _disagreements(path: Path, theirs_of: Path | None = None) -> Iterator[str]:
    """Cells that the two read otherwise, and those that only one of them sees.

    `theirs_of`: the same workbook as .xlsx, where the other reader does not know the format; then formulas, number
    formats and columns are compared too.
    """
    values = openpyxl.load_workbook(theirs_of or path, data_only=True)
    formulas = openpyxl.load_workbook(theirs_of or path)
    ours = read_workbook(path.read_bytes(), path.name)
    assert [sheet.name for sheet in ours.sheets] == [name for name in values.sheetnames if name != LEDGER_SHEET]
    for sheet in ours.sheets:
        theirs = values[sheet.name]
        # As .xlsx LibreOffice writes 15 digits of a figure, as .xls all of it.
        yield from _in_sheet(sheet, theirs, formulas[sheet.name], digits=17 if theirs_of is None else 15)
        hidden = {row - 1 for row, about in theirs.row_dimensions.items() if about.hidden}
        if hidden != sheet.hidden_rows or (theirs.sheet_state != "visible") != sheet.hidden:
            yield f"{sheet.name}: what is hidden"
        if theirs_of is not None:
            yield from _in_look(sheet, theirs, formulas[sheet.name])


def _in_look(sheet: Sheet, theirs: Worksheet, formulas: Worksheet) -> Iterator[str]:
    """Differences in what stands beside the values: formulas, percent formats, hidden columns."""
    first_last = [(about.min, about.max) for about in theirs.column_dimensions.values() if about.hidden]
    hidden = {column - 1 for first, last in first_last for column in range(first, last + 1)}
    if hidden != {column for column in sheet.hidden_columns if column < max(theirs.max_column, max(hidden, default=0))}:
        yield f"{sheet.name}: columns {sorted(hidden ^ sheet.hidden_columns)[:3]}"
    for row in formulas.iter_rows():
        for cell in row:
            position = (cell.row - 1, cell.column - 1)
            if (cell.data_type == "f") != (position in sheet.formulas):
                yield f"{sheet.name}!{cell.coordinate}: formula"
            value = theirs.cell(cell.row, cell.column).value
            if isinstance(value, float) and is_percentage(cell.number_format) != is_percentage(
                sheet.formats.get(position)
            ):
                yield f"{sheet.name}!{cell.coordinate}: {cell.number_format} / {sheet.formats.get(position)}"


def _in_sheet(sheet: Sheet, theirs: Worksheet, formulas: Worksheet, digits: int) -> Iterator[str]:
    covered = {(row, column) for merge in theirs.merged_cells.ranges for row, column in list(merge.cells)[1:]}
    height, width = max(sheet.height, theirs.max_row), max(sheet.width, theirs.max_column)
    for row in range(height):
        for column in range(width):
            if (row + 1, column + 1) in covered:
                continue
            known, ours = theirs.cell(row + 1, column + 1), _ours(sheet, row, column)
            theirs_read = str(known.value) if known.data_type == "e" else _comparable(known.value)
            # Of an .xls a zero that may be the empty text is not read, which is no other reading.
            if theirs_read in (None, 0.0) and sheet.kind(row, column) is Kind.UNKNOWN:
                continue
            # openpyxl does not tell a text formula that yields nothing from one that was never calculated.
            nothing = theirs_read is None and formulas.cell(row + 1, column + 1).data_type == "f"
            if isinstance(theirs_read, float) and isinstance(ours, float):
                theirs_read, ours = (float(f"{figure:.{digits}g}") for figure in (theirs_read, ours))
            if theirs_read != ours and not (nothing and ours is Kind.UNCALCULATED):
                yield f"{sheet.name}!{cell_name(row, column)}: {ours} / {theirs_read}"


def _ours(sheet: Sheet, row: int, column: int) -> object:
    kind = sheet.kind(row, column)
    if kind is Kind.UNCALCULATED:
        return kind
    return sheet.special[row, column][1] if kind is Kind.ERROR else _comparable(sheet.raw(row, column))


def _comparable(value: object) -> object:
    match value:
        case bool() | None:
            return value
        case int() | float():
            return float(value)
        case datetime.datetime():
            return value
        case datetime.date():
            return datetime.datetime(value.year, value.month, value.day)
        case str():
            return value.replace("\r\n", "\n") or None
        case _:
            return value


@pytest.mark.in_turn("long")
@pytest.mark.parametrize("seed", rotated("second reader", range(11, 15)))
def test_generated_returns(seed: int, tmp_path: Path) -> None:
    generate(tmp_path, 2, 0.5, seed=seed)
    paths = sorted((tmp_path / WORKBOOKS).rglob("*.xlsx"))
    assert len(paths) >= 2
    assert [difference for path in paths for difference in _disagreements(path)] == []


@pytest.mark.in_turn("second reader")
@pytest.mark.libreoffice
def test_generated_returns_saved_by_libreoffice(tmp_path: Path) -> None:
    generate(tmp_path / "发", 2, 0.5, seed=12)
    paths = sorted((tmp_path / "发" / WORKBOOKS).rglob("*.xlsx"))
    saved = recalculated(paths, tmp_path / "存").values()
    assert [difference for path in saved for difference in _disagreements(path)] == []


@pytest.mark.in_turn("second reader")
@pytest.mark.libreoffice
@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_workbooks_saved_in_another_format(kind: str, tmp_path: Path) -> None:
    """All states of cells: of a generated return, and of a sheet that has every kind of them."""
    generate(tmp_path / "发", 1, 0.5, seed=13)
    paths = [*sorted((tmp_path / "发" / WORKBOOKS).rglob("*.xlsx")), tmp_path / "各种.xlsx"]
    _every_kind(paths[-1])
    as_xlsx, saved = (converted(paths, tmp_path / form, form) for form in ("xlsx", kind))
    assert len(saved) == len(paths) > 1
    assert [difference for name, path in saved.items() for difference in _disagreements(path, as_xlsx[name])] == []


def test_cells_of_every_kind(tmp_path: Path) -> None:
    path = tmp_path / "各种.xlsx"
    _every_kind(path)
    assert list(_disagreements(path)) == []


def _every_kind(path: Path) -> None:
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("表")
        date = workbook.add_format({"num_format": "yyyy-mm-dd"})
        bold = workbook.add_format({"bold": True})
        for row, value in enumerate([0, -0.0, 13.49, 1e-7, 123456789012345, -1e15, 1 / 3, 1e300]):
            sheet.write_number(row, 0, value)
        for row, text in enumerate(
            [" 前后 ", "换\n行", "=1+1", "#N/A", "'引号", "_x000d_", "<&>", "e\u0301", "0012", "\u3000"]
        ):
            sheet.write_string(row, 1, text)
        for row, error in enumerate(["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"]):
            sheet.write_formula(row, 2, "=1/0", None, error)
        for row, (formula, result) in enumerate([("5", 5), ('"文字"', "文字"), ("TRUE", True), ('""', "")]):
            sheet.write_formula(row, 3, f"={formula}", None, result)
        sheet.write_datetime(0, 4, datetime.datetime(2021, 6, 24), date)
        sheet.write_boolean(1, 4, True)
        sheet.write_rich_string(2, 4, "富", bold, "文本", "。")
        sheet.write_blank(3, 4, None, bold)
        sheet.merge_range("F1:G2", "合并")
        sheet.set_row(5, None, None, {"hidden": True})
        other = workbook.add_worksheet("隐藏")
        other.write_number(9, 9, 1)
        other.hide()


def test_a_formula_without_a_value_is_seen_by_both(tmp_path: Path) -> None:
    path = tmp_path / "未算.xlsx"
    workbook = openpyxl.Workbook()
    workbook.active["B2"] = "=1+1"
    workbook.active["C3"] = 1
    workbook.save(path)
    assert list(_disagreements(path)) == []
    assert read_workbook(path.read_bytes(), path.name).sheets[0].kind(1, 1) is Kind.UNCALCULATED
