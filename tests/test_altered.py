"""Labels of an issued sheet decide where its figures belong: exchanged, moved, reworded, wiped out or gone."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.worksheet import Worksheet

from gouji.ingest.read_return import FileReading, TableReading, read_return
from gouji.templates.catalogue import built_in
from gouji.templates.form import Form
from gouji.templates.issued import issued_sheets
from gouji.templates.layout import Box, Layout
from gouji.templates.recipient import Recipient
from tests.issuing import opened
from tests.rotation import rotated

BASE = built_in().find("基础数据表@衡山县-2021")
UNIT = Recipient("430001", "某县财政局", "某县人民政府")
Change = Callable[[Worksheet], None]


def returned(form: Form, path: Path, change: Callable[[Worksheet, Layout], None]) -> FileReading:
    """An issued sheet with a figure of its own in every field and in two lines of every list, then changed."""
    (sheet, *_) = issued_sheets(UNIT, [form], 2021)
    book = opened(UNIT, form)
    page, number = book[sheet.name], 100
    for item, (row, column) in sheet.layout.positions.items():
        number += 1
        if form.items[item].is_figure and form.items[item].fixed is None:
            page.cell(row + 1, column + 1, number / 100)
    for list_id, slots in sheet.layout.slots.items():
        for slot in slots[:2]:
            page.cell(slot.name[0] + 1, slot.name[1] + 1, f"第{slot.name[0]}项")
            for name, (row, column) in slot.columns.items():
                number += 1
                page.cell(row + 1, column + 1, number / 100 if form.lists[list_id].columns[name].is_figure else "好")
    change(page, sheet.layout)
    book.save(path)
    return read_return(path, path.name, built_in())


def base(path: Path, change: Change) -> TableReading:
    (table,) = returned(BASE, path, lambda page, layout: change(page)).tables
    return table


def unchanged(page: Worksheet, layout: Layout) -> None:
    pass


@cache
def as_issued(form: Form) -> FileReading:
    """The same of the sheet as it was issued."""
    with TemporaryDirectory() as folder:
        return returned(form, Path(folder) / "a.xlsx", unchanged)


def read(reading: FileReading) -> dict[str, object]:
    values = reading.tables[0].values
    rows = zip(values.item, values.value, values.raw, strict=True)
    return {item: (value, raw) for item, value, raw in rows if value is not None}


# ---- labels that changed places ----------------------------------------------------------------------


def swap(page: Worksheet, place: tuple[int, int], other: tuple[int, int]) -> None:
    first, second = page.cell(place[0] + 1, place[1] + 1), page.cell(other[0] + 1, other[1] + 1)
    first.value, second.value = second.value, first.value


def in_row(layout: Layout, label: Box) -> list[tuple[int, int, str]]:
    return [(box.column, box.columns, box.role) for box in layout.boxes if box.row == label.row and box is not label]


def rows_alike(layout: Layout) -> tuple[Box, Box] | None:
    """Two labels, one above the other, with the same fields in their rows and different words."""
    labels = [box for box in layout.boxes if box.role == "label" and box.rows == 1]
    return next(
        (
            (upper, lower)
            for upper, lower in pairwise(labels)
            if upper.column == lower.column and upper.row < lower.row and in_row(layout, upper) == in_row(layout, lower)
            if sum(box.column == upper.column and box.text in (upper.text, lower.text) for box in layout.boxes) == 2
            if any(box.role in ("input", "computed") for box in layout.boxes if box.row == upper.row)
        ),
        None,
    )


def heads_alike(form: Form, layout: Layout) -> tuple[Box, Box] | None:
    """Two heads side by side, as wide as one another, of columns of figures of one kind."""
    heads = [box for box in layout.boxes if box.role == "head"]
    texts = [box.text for box in heads]
    kinds = {(box.row, box.column): kind_of(form, box) for box in layout.boxes}
    for left, right in pairwise(heads):
        below = [(left.row + left.rows, head.column) for head in (left, right)]
        if (
            left.row == right.row
            and left.columns == right.columns
            and texts.count(left.text) == texts.count(right.text)
        ):
            first, second = (kinds.get(place) for place in below)
            if texts.count(left.text) == 1 and first is not None and first == second:
                return left, right
    return None


def kind_of(form: Form, box: Box) -> str | None:
    if box.item is None or box.role not in ("input", "computed"):
        return None
    list_id, _, column = box.item.rpartition(".")
    item = form.items[box.item] if box.slot is None else form.lists[list_id].columns[column]
    return item.kind if item.is_figure else None


def exchange_rows(page: Worksheet, layout: Layout) -> None:
    pair = rows_alike(layout)
    assert pair is not None
    upper, lower = pair
    for column in [
        upper.column,
        *(column for column, _, role in in_row(layout, upper) if role in ("input", "computed", "fixed")),
    ]:
        swap(page, (upper.row, column), (lower.row, column))


WITH_ROWS = [form for form in built_in().forms if rows_alike(issued_sheets(UNIT, [form], 2021)[0].layout)]
WITH_HEADS = [
    form
    for form in built_in().forms
    # Of 湖南-2023 the fields below the heads stand in the same columns: to exchange these would exchange fields too.
    if form.edition != "湖南-2023" and heads_alike(form, issued_sheets(UNIT, [form], 2021)[0].layout)
]


@pytest.mark.parametrize("form", rotated("exchanged rows", WITH_ROWS, 3), ids=lambda form: form.key)
def test_exchanged_rows_are_read_as_labelled(form: Form, tmp_path: Path) -> None:
    exchanged = returned(form, tmp_path / "b.xlsx", exchange_rows)
    assert read(exchanged) == read(as_issued(form))
    assert exchanged.tables[0].altered[-1] == "已按标签现在的位置读取"
    assert as_issued(form).tables[0].altered == []


@pytest.mark.parametrize("form", rotated("exchanged heads", WITH_HEADS, 3), ids=lambda form: form.key)
def test_exchanged_heads_are_read_as_labelled(form: Form, tmp_path: Path) -> None:
    def exchange(page: Worksheet, layout: Layout) -> None:
        pair = heads_alike(form, layout)
        assert pair is not None
        left, right = pair
        boxes = {(box.row, box.column): box for box in layout.boxes}
        row = left.row
        while (row, left.column) in boxes and boxes[row, left.column].columns == left.columns:
            swap(page, (row, left.column), (row, right.column))
            row += boxes[row, left.column].rows

    exchanged = returned(form, tmp_path / "b.xlsx", exchange)
    assert read(exchanged) == read(as_issued(form))
    assert exchanged.tables[0].altered[-1] == "已按标签现在的位置读取"


def test_forms_with_rows_and_heads_to_exchange() -> None:
    assert len(WITH_ROWS) >= 4
    assert len(WITH_HEADS) >= 4


# ---- what is told ------------------------------------------------------------------------------------


def restructured(page: Worksheet, change: Change, shift: Callable[[CellRange], CellRange | None]) -> None:
    """Rows or columns inserted or deleted as Excel does it: merges go along."""
    merges = [CellRange(str(area)) for area in page.merged_cells.ranges]
    for area in merges:
        page.unmerge_cells(area.coord)
    change(page)
    for moved in filter(None, map(shift, merges)):
        page.merge_cells(moved.coord)


def without_row(page: Worksheet, row: int) -> None:
    def shift(area: CellRange) -> CellRange | None:
        if area.min_row == row == area.max_row:
            return None
        area.shift(row_shift=-1 if area.min_row > row else 0)
        return area

    restructured(page, lambda sheet: sheet.delete_rows(row), shift)


def with_column(page: Worksheet, column: int) -> None:
    def shift(area: CellRange) -> CellRange:
        if area.min_col >= column:
            area.shift(col_shift=1)
        elif area.max_col >= column:
            area.expand(right=1)
        return area

    restructured(page, lambda sheet: sheet.insert_cols(column), shift)


def test_a_deleted_row_names_only_what_is_gone(tmp_path: Path) -> None:
    table = base(tmp_path / "a.xlsx", lambda page: without_row(page, 10))
    assert table.altered == ["找不到“2、出国经费”（原在A10）", "原在A11等处的17个标签上移1行", "已按标签现在的位置读取"]
    assert [item for item, state in zip(table.values.item, table.values.state, strict=True) if state == "absent"] == [
        "出国经费.上年决算数", "出国经费.本年预算数", "出国经费.本年决算数",
    ]  # fmt: skip


def test_an_inserted_column_leaves_nothing_blank(tmp_path: Path) -> None:
    table = base(tmp_path / "a.xlsx", lambda page: with_column(page, 2))
    assert table.header_unit == UNIT.unit
    assert table.altered == ["原在B3等处的12个标签右移1列", "已按标签现在的位置读取"]
    assert "blank" not in table.values.state[: table.values.item.index("厉行节约保障措施")]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("A10", "2、出国\n经费 "), ("A10", "２、出国经费"), ("A6", "三公经费："),
        ("A23", "印刷费，其他商品和服务费"), ("B26", "批复规模[㎡]"),
    ],
)  # fmt: skip
def test_harmless_differences_are_none(cell: str, text: str, tmp_path: Path) -> None:
    def reword(page: Worksheet) -> None:
        page[cell] = text

    table = base(tmp_path / "a.xlsx", reword)
    assert (table.layout, table.altered) == ("issued", [])


def test_a_head_of_another_year_is_told_and_its_column_is_not_read(tmp_path: Path) -> None:
    def reword(page: Worksheet) -> None:
        page["B5"] = "2019年决算数"

    table = base(tmp_path / "a.xlsx", reword)
    assert table.altered == ["B5应为“2020年决算数”，现为“2019年决算数”"]
    states = dict(zip(table.values.item, table.values.state, strict=True))
    assert (states["公务接待.上年决算数"], states["公务接待.本年决算数"]) == ("absent", "filled")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("出国费用", "A10应为“2、出国经费”，现为“出国费用”，仍按下发的位置读取"),
        (None, "找不到“2、出国经费”（原在A10），仍按下发的位置读取"),
    ],
)
def test_a_label_reworded_or_wiped_out_keeps_its_place(text: str | None, message: str, tmp_path: Path) -> None:
    def reword(page: Worksheet) -> None:
        page["A10"] = text

    table = base(tmp_path / "a.xlsx", reword)
    assert table.altered == [message]
    assert table.values.text_of("出国经费.本年决算数") is None
    assert table.values.cell[table.values.item.index("出国经费.本年决算数")] == "F10"


def test_a_label_of_another_meaning_is_not_read_as_the_issued_one(tmp_path: Path) -> None:
    def reword(page: Worksheet) -> None:
        page["A10"] = "培训支出"

    table = base(tmp_path / "a.xlsx", reword)
    assert table.altered == ["A10应为“2、出国经费”，现为“培训支出”"]
    assert "出国经费.本年决算数" in {
        item for item, state in zip(table.values.item, table.values.state, strict=True) if state == "absent"
    }
    # The row is one beyond the definition: its figures are read as parts that a sum may need.
    assert table.account.in_block == []
    beyond = [cell for item, cell in zip(table.values.item, table.values.cell, strict=True) if "+培训支出" in item]
    assert {cell for cell in beyond if cell} >= {"B10", "D10", "F10"}
