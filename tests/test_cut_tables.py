"""A table whose rest stands on the next sheets is one table; its cells are named with the sheet that they stand on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Alignment
from openpyxl.worksheet.worksheet import Worksheet

from gouji.ingest.limits import Limits
from gouji.ingest.locating.cut_tables import continues
from gouji.ingest.locating.figure_cells import figure_cells
from gouji.ingest.locating.region import Region
from gouji.ingest.read import read_workbook
from gouji.ingest.read_return import FileReading, read_return
from gouji.pipeline import run
from gouji.templates.addresses import TableRows
from gouji.templates.catalogue import built_in
from tests.field.build import build_case

FORMS = [form for form in built_in().forms if form.definition.per != "bureau"]
WHOLE = "自评表"


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A 自评表 that ties, on one sheet."""
    folder = tmp_path_factory.mktemp("来源")
    return build_case("v00_试点v00局", folder / "表.xlsx")


def cut(
    source: Path, target: Path, first_rows: dict[str, int], above: Callable[[Worksheet], None] | None = None
) -> None:
    """The rows of the table from each row on (counted from 1) on a sheet of their own, moved to its top.

    `above`: what is written over the rest of it.
    """
    book = openpyxl.load_workbook(source)
    page = book.worksheets[0]
    page.title = WHOLE
    starts = [*first_rows.values(), page.max_row + 1]
    for (name, first), end in zip(first_rows.items(), starts[1:], strict=True):
        made = book.create_sheet(name)
        down = 1 - first
        if above is not None:
            above(made)
            down += made.max_row
        for row in page.iter_rows(min_row=first, max_row=end - 1):
            for cell in row:
                if cell.value is not None:
                    made.cell(cell.row + down, cell.column, cell.value)
        for merge in [merge for merge in page.merged_cells.ranges if first <= merge.min_row < end]:
            made.merge_cells(None, merge.min_row + down, merge.min_col, merge.max_row + down, merge.max_col)
    for merge in [*page.merged_cells.ranges]:
        if merge.max_row >= starts[0]:
            page.unmerge_cells(str(merge))
    page.delete_rows(starts[0], page.max_row)
    book.save(target)


def read(path: Path) -> FileReading:
    return read_return(path, path.name, built_in(), Limits(), forms=FORMS)


def values(reading: FileReading) -> dict[str, tuple[float | None, str | None, str]]:
    (table,) = reading.tables
    columns = table.values
    return dict(zip(columns.item, zip(columns.value, columns.raw, columns.state, strict=True), strict=True))


def rows_with(source: Path, text: str) -> list[int]:
    page = openpyxl.load_workbook(source).worksheets[0]
    return [cell.row for line in page.iter_rows() for cell in line if str(cell.value or "").startswith(text)]


def head_row(source: Path) -> int:
    """The row of heads over the indicators."""
    return rows_with(source, "一级指标")[0]


def repeated_title(made: Worksheet) -> None:
    made.cell(1, 1, "项目支出绩效自评表（续）")


@pytest.mark.parametrize("above", [None, repeated_title])
@pytest.mark.parametrize("parts", [1, 2])
def test_the_values_are_those_of_the_whole(
    source: Path, tmp_path: Path, parts: int, above: Callable[[Worksheet], None] | None
) -> None:
    path = tmp_path / "表.xlsx"
    rows = [head_row(source), *([rows_with(source, "总分")[0]] if parts > 1 else [])]
    cut(source, path, dict(zip(("续表", "Sheet3"), rows, strict=False)), above)
    reading = read(path)
    assert values(reading) == values(read(source))
    (table,) = reading.tables
    assert reading.unrecognised == [] and table.sheet == WHOLE
    sheets = read_workbook(path.read_bytes(), path.name).sheets
    figures = sum(len(figure_cells(sheet, 0, sheet.height - 1)) for sheet in sheets)
    assert table.account.read + table.account.printed + table.account.unread == figures


def test_tables_of_a_document_with_other_columns_are_no_parts_of_one(source: Path, tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    cut(source, path, {"续表": head_row(source)})
    first, rest = (Region(sheet, 0, sheet.height - 1) for sheet in read_workbook(path.read_bytes(), path.name).sheets)
    form = built_in().known("预算支出绩效自评表", "全国-2020")
    named = replace(rest.sheet, naming=TableRows(0, 40))
    wider = replace(named, rows=[[*line, ""] for line in named.rows])
    assert [continues(form, first, Region(sheet, 0, rest.last)) for sheet in (rest.sheet, named, wider)] == [
        True, True, False,
    ]  # fmt: skip


def test_cells_are_named_with_their_sheet(source: Path, tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    first = head_row(source)
    cut(source, path, {"续表": first})
    (table,), (whole,) = read(path).tables, read(source).tables
    for cell, before in zip(table.values.cell, whole.values.cell, strict=True):
        if before is None:
            assert cell is None
            continue
        row = int("".join(filter(str.isdigit, before)))
        column = "".join(filter(str.isalpha, before))
        assert cell == (before if row < first else f"续表!{column}{row - first + 1}")
    assert any(cell is not None and cell.startswith("续表!") for cell in table.values.cell)


def test_a_whole_table_on_the_next_sheet_is_a_table_of_its_own(source: Path, tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    book = openpyxl.load_workbook(source)
    page = book.worksheets[0]
    for row in range(1, 4):
        for cell in page[row]:
            if isinstance(cell.value, str) and cell.value.endswith("表"):
                cell.value = None
    book.copy_worksheet(page)
    book.save(path)
    assert len(read(path).tables) == 2


def test_a_sheet_whose_name_could_part_a_list_of_cells_is_named(source: Path, tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    cut(source, path, {"表一、二": head_row(source)})
    reading = read(path)
    (rest,) = reading.unrecognised
    assert rest.sheet == "表一、二" and rest.continues == WHOLE and rest.figures > 0
    assert all(cell is None or "!" not in cell for cell in reading.tables[0].values.cell)


def test_what_is_hidden_on_the_second_sheet_is_told(source: Path, tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    cut(source, path, {"续表": head_row(source)})
    book = openpyxl.load_workbook(path)
    book["续表"].row_dimensions[2].hidden = True
    book.save(path)
    (table,) = read(path).tables
    assert table.hidden != [] and all(cell.startswith("续表!") and cell.endswith("2") for cell in table.hidden)


@pytest.mark.in_turn("long")
def test_a_finding_names_and_marks_the_cell_on_its_sheet(source: Path, tmp_path: Path) -> None:
    inbox, out = tmp_path / "报送", tmp_path / "结果"
    inbox.mkdir()
    cut(source, inbox / "甲局.xlsx", {"续表": head_row(source)})
    book = openpyxl.load_workbook(inbox / "甲局.xlsx")
    page = book["续表"]
    (total,) = [cell for line in page.iter_rows() for cell in line if str(cell.value or "").startswith("总分")]
    (figure,) = [cell for cell in page[total.row] if isinstance(cell.value, int | float) and cell.value < 100][:1]
    figure.value = figure.value - 7
    figure.alignment = Alignment(horizontal="center")
    book.save(inbox / "甲局.xlsx")
    results = run([inbox], out=out)
    findings = results.findings
    named = findings[findings["cell"].eq(f"续表!{figure.coordinate}") & findings["verdict"].eq("不符")]
    assert len(named) >= 1 and set(named["sheet"]) == {WHOLE}
    (copy,) = (out / "退回").rglob("*.xlsx")
    marked = openpyxl.load_workbook(copy)
    assert named.iloc[0]["rule"] in marked["续表"][figure.coordinate].comment.text
    assert marked[WHOLE][figure.coordinate].comment is None
