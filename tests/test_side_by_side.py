"""Several tables side by side on one sheet: each is read with its own columns, and a spacer parts no table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gouji.ingest.grid import Sheet
from gouji.ingest.locating.accounting import account
from gouji.ingest.locating.figure_cells import figure_cells
from gouji.ingest.locating.recognise import Recognised, recognise
from gouji.ingest.read import read_workbook
from gouji.ingest.values import collect
from gouji.templates.catalogue import built_in
from tests.field.build import build_field

Rows = list[list[object]]
FORMS = [form for form in built_in().forms if form.definition.per != "bureau"]
TITLED: Rows = [
    ["单位：万元", None, None, None, None, None, None],
    ["三公经费情况表", None, None, None, "会议费情况表", None, None],
    ["项目", "预算数", "决算数", None, "项目", "预算数", "决算数"],
    ["合计", 30, 25, None, "合计", 8, 7],
    ["公务用车", 20, 15, None, "一类会议", 5, 4],
    ["公务接待", 10, 10, None, "二类会议", 3, 3],
]
UNTITLED: Rows = [["各年情况表"], *TITLED[2:]]
SPACED: Rows = [
    ["专项资金情况表"],
    ["资金来源", "预算数", None, "决算数", "备注"],
    ["合计", 30, None, 25, "无"],
    ["省级", 20, None, 15, "无"],
    ["县级", 10, None, 10, "无"],
]


def read(rows: Rows, folder: Path) -> tuple[Sheet, Recognised]:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    for row in rows:
        page.append(row)
    book.save(folder / "表.xlsx")
    workbook = read_workbook((folder / "表.xlsx").read_bytes(), "表.xlsx")
    return workbook.sheets[0], recognise(workbook, FORMS, built_in())


@pytest.mark.parametrize(
    ("rows", "columns"),
    [
        (TITLED, [{"A", "B", "C"}, {"E", "F", "G"}]),
        (UNTITLED, [{"A", "B", "C"}, {"E", "F", "G"}]),
        (SPACED, [{"B", "D"}]),
    ],
)
def test_undefined_tables_are_read_apart_and_a_blank_column_alone_parts_none(
    rows: Rows, columns: list[set[str]], tmp_path: Path
) -> None:
    sheet, recognised = read(rows, tmp_path)
    blocks = [part.table.blocks for part in recognised.unrecognised if part.table is not None]
    cells = [{figure.cell[0] for block in part_blocks for figure in block.figures} for part_blocks in blocks]
    assert [part_cells <= expected for part_cells, expected in zip(cells, columns, strict=True)] == [True] * len(
        columns
    )
    assert sum(part.figures + part.printed for part in recognised.unrecognised) == len(
        figure_cells(sheet, 0, sheet.height - 1)
    )


@pytest.mark.parametrize("gap", [0, 1, 2])
def test_two_projects_beside_each_other_are_two_tables(gap: int, tmp_path: Path) -> None:
    build_field(tmp_path)
    book = openpyxl.load_workbook(next(tmp_path.glob("v00_*.xlsx")))
    page = book.worksheets[0]
    right = 9 + gap
    for row in [*page.iter_rows(max_col=9)]:
        for cell in row:
            page.cell(cell.row, cell.column + right).value = _second(cell.value)
    for merged in [*page.merged_cells.ranges]:
        page.merge_cells(
            start_row=merged.min_row, end_row=merged.max_row,
            start_column=merged.min_col + right, end_column=merged.max_col + right,
        )  # fmt: skip
    book.save(tmp_path / "两个项目.xlsx")
    workbook = read_workbook((tmp_path / "两个项目.xlsx").read_bytes(), "两个项目.xlsx")
    recognised = recognise(workbook, FORMS, built_in())
    assert [located.form.definition.short for located, _ in recognised.tables] == ["自评表", "自评表"]
    values = [collect(located) for located, _ in recognised.tables]
    assert [table_values.text_of("项目支出名称") for table_values in values] == ["道路养护", "河道清淤"]
    spent = [table_values.value[table_values.item.index("年度资金总额.全年执行数")] for table_values in values]
    assert spent == [90, 900]
    accounts = [
        account(located, table_values, []) for (located, _), table_values in zip(recognised.tables, values, strict=True)
    ]
    assert [figures.unread for figures in accounts] == [0, 0]


def _second(value: Any) -> Any:
    if value == "道路养护":
        return "河道清淤"
    return value * 10 if isinstance(value, int | float) else value
