"""The year in a head decides which column it is, whatever the order and the words; other years are read for nothing."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from gouji.ingest.limits import Limits
from gouji.ingest.read_return import TableReading, read_return
from gouji.pipeline import run
from gouji.templates.catalogue import built_in
from tests.field.build import build_case

FORMS = [form for form in built_in().forms if form.definition.per != "bureau"]
COLUMNS = ("上年决算数", "本年预算数", "本年决算数")


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A 基础数据表 of 2023."""
    return build_case("v15_试点v15局", tmp_path_factory.mktemp("来源") / "表.xlsx")


def _head(path: Path) -> tuple[int, list[int]] | None:
    """The row of heads with years, and the columns in which they stand."""
    for line in openpyxl.load_workbook(path).worksheets[0].iter_rows(max_row=12):
        columns = [cell.column for cell in line if isinstance(cell.value, str) and cell.value.endswith("算数")]
        if len(columns) == 3:
            return line[0].row, columns
    return None


def read(source: Path, heads: list[str], target: Path, title: str | None = None) -> TableReading:
    """The table under other heads."""
    book = openpyxl.load_workbook(source)
    page = book.worksheets[0]
    found = _head(source)
    assert found is not None
    row, columns = found
    for column, head in zip(columns, heads, strict=True):
        page.cell(row, column).value = head
    if title is not None:
        page.cell(1, 1).value = title
    book.save(target)
    (table,) = read_return(target, target.name, built_in(), Limits(), forms=FORMS).tables
    return table


def columns_of(table: TableReading, source: Path) -> dict[str, int]:
    """Column of the form → which of the three columns of the sheet was read for it (0, 1, 2)."""
    letters: dict[str, set[str]] = {}
    for item, cell in zip(table.values.item, table.values.cell, strict=True):
        column = item.rpartition(".")[2]
        if column in COLUMNS and cell is not None:
            letters.setdefault(column, set()).add("".join(filter(str.isalpha, cell)))
    assert all(len(found) == 1 for found in letters.values())
    heads = _head(source)
    assert heads is not None
    order = [get_column_letter(column) for column in heads[1]]
    return {column: order.index(next(iter(found))) for column, found in letters.items()}


LAST, PLAN, DONE = COLUMNS
ORDER = {LAST: 0, PLAN: 1, DONE: 2}
HEADS = [
    (["2022年决算数", "2023年预算数", "2023年决算数"], ORDER),
    (["2023年决算数", "2023年预算数", "2022年决算数"], {DONE: 0, PLAN: 1, LAST: 2}),
    (["2023年预算数", "2022年决算数", "2023年决算数"], {PLAN: 0, LAST: 1, DONE: 2}),
    (["2021年决算数", "2022年决算数", "2023年决算数"], {LAST: 1, DONE: 2}),
    (["2022年决算数", "2022年预算数", "2023年决算数"], {LAST: 0, DONE: 2}),
    (["2022年决算数", "上年预算数", "2023年决算数"], {LAST: 0, DONE: 2}),
    (["2022决算数", "2023预算数", "2023决算数"], ORDER),
    (["2022年决算", "2023年预算", "2023年决算"], ORDER),
    (["2022年度支出决算数", "2023年度部门预算数", "2023年度支出决算数"], ORDER),
    (["上年（2022年）决算数", "本年（2023年）预算数", "本年（2023年）决算数"], ORDER),
    (["二〇二二年决算数", "二〇二三年预算数", "二〇二三年决算数"], ORDER),
    (["2022年决算数\n（实际支出）", "2023年预算数（批复数）", "2023年决算数（实际支出）"], ORDER),
    (["本年决算数", "本年预算数", "上年决算数"], {DONE: 0, PLAN: 1, LAST: 2}),
    (["本年预算数", "上年决算数", "本年决算数"], {PLAN: 0, LAST: 1, DONE: 2}),
    # The word and the year contradict one another; two heads mean the same, and one alone is too few for a block.
    (["上年（2021年）决算数", "2023年预算数", "2023年决算数"], {PLAN: 1, DONE: 2}),
    (["2022年决算数", "2023年决算数（财政）", "2023年决算数（其他）"], {}),
]


@pytest.mark.parametrize(("heads", "expected"), HEADS, ids=[" ".join(heads) for heads, _ in HEADS])
def test_columns(source: Path, tmp_path: Path, heads: list[str], expected: dict[str, int]) -> None:
    assert columns_of(read(source, heads, tmp_path / "表.xlsx"), source) == expected


def test_heads_of_another_year_than_the_title_are_told(source: Path, tmp_path: Path) -> None:
    inbox = tmp_path / "收到"
    inbox.mkdir()
    heads = ["2021年决算数", "2022年预算数", "2022年决算数"]
    read(source, heads, inbox / "甲局.xlsx", "2023年度部门整体支出绩效评价基础数据表")
    findings = run([inbox]).findings
    told = findings[findings["rule"] == "T-08"]
    assert set(told["severity"]) == {"核实性"} and len(told) == 1
    assert {told.iloc[0]["stated"], told.iloc[0]["expected"]} == {"2022", "2023"}
