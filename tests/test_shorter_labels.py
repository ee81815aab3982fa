"""Labels that say less than the one they stand for (预算数, 执行数): read where nothing else can be meant, and told."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from gouji.ingest.limits import Limits
from gouji.ingest.locating.labels_met import SIMILAR
from gouji.ingest.read_return import TableReading, read_return
from gouji.templates.catalogue import built_in
from tests.field.build import build_case

FORMS = [form for form in built_in().forms if form.definition.per != "bureau"]
TOTAL = "年度资金总额"


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("来源")
    return build_case("v00_试点v00局", folder / "表.xlsx")


def read(source: Path, heads: list[str | None], amounts: list[float | None], folder: Path) -> TableReading:
    """The 自评表 under other heads of its three columns of amounts, the total's amounts below them."""
    book = openpyxl.load_workbook(source)
    page = book.worksheets[0]
    for column, (head, amount) in enumerate(zip(heads, amounts, strict=True), 4):
        page.cell(5, column).value, page.cell(6, column).value = head, amount
        if head is None:
            for row in range(6, 10):
                page.cell(row, column).value = None
    book.save(folder / "表.xlsx")
    (table,) = read_return(folder / "表.xlsx", "表.xlsx", built_in(), Limits(), forms=FORMS).tables
    return table


def totals(table: TableReading) -> dict[str, float | None]:
    values = dict(zip(table.values.item, zip(table.values.state, table.values.value, strict=True), strict=True))
    columns = ("年初预算数", "全年预算数", "全年执行数")
    return {column: values[f"{TOTAL}.{column}"][1] for column in columns if values[f"{TOTAL}.{column}"][0] == "filled"}


@pytest.mark.parametrize(
    ("heads", "expected"),
    [
        ([None, "预算数（A）", "执行数（B）"], {"全年预算数": 100, "全年执行数": 90}),
        ([None, "预算安排数", "实际支出\n（万元）"], {"全年预算数": 100, "全年执行数": 90}),
        (["年初预算数", "预算数", "执行数"], {"年初预算数": 80, "全年预算数": 100, "全年执行数": 90}),
        # What says more is the one that is meant.
        (["预算数", "调整预算数", "执行数"], {"全年预算数": 100, "全年执行数": 90}),
        (["预算数", "预算金额", "全年执行数"], {"全年执行数": 90}),  # nobody can tell which
    ],
)
def test_amounts(source: Path, tmp_path: Path, heads: list[str | None], expected: dict[str, float]) -> None:
    table = read(source, heads, [None if heads[0] is None else 80, 100, 90], tmp_path)
    assert totals(table) == expected


def test_it_is_told_which_label_was_read(source: Path, tmp_path: Path) -> None:
    table = read(source, [None, "预算数（A）", "执行数（B）"], [None, 100, 90], tmp_path)
    met = {label.label: label.read_as for label in table.labels if label.how == SIMILAR}
    assert met == {"预算数(A)": "全年预算数", "执行数(B)": "全年执行数"}
