"""Which rows under 项目支出 are projects, and which are not: subtotals, parts, other kinds of spending, page heads."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from gouji.ingest.limits import Limits
from gouji.ingest.read_return import read_return
from gouji.pipeline import run
from gouji.templates.catalogue import built_in
from tests.field.build import build_case
from tests.test_locating import move

FORMS = [form for form in built_in().forms if form.definition.per != "bureau"]
Row = tuple[object, ...]
ONE: Row = ("1、业务工作经费", 60, None, 60, None, 50)
TWO: Row = ("2、运行维护经费", 40, None, 40, None, 40)
TOTAL: Row = ("项目支出：", 100, None, 100, None, 90)
BLANK: Row = ()
CASES: dict[str, list[Row]] = {
    "as it is": [TOTAL, ONE, TWO, BLANK, BLANK, BLANK],
    "subtotal": [TOTAL, ONE, TWO, ("（一）本级项目小计", 100, None, 100, None, 90), BLANK, BLANK],
    "part of a project": [TOTAL, ONE, ("其中：中央资金", 30, None, 30, None, 20), TWO, BLANK, BLANK],
    "parts of a project": [
        TOTAL, ONE, ("其中：中央资金", 30, None, 30, None, 20), ("县级资金", 30, None, 30, None, 30), TWO, BLANK,
    ],
    "parts set in": [
        TOTAL, ("业务工作经费", *ONE[1:]), ("  其中：中央资金", 30, None, 30, None, 20),
        ("  县级资金", 30, None, 30, None, 30), ("运行维护经费", *TWO[1:]), BLANK,
    ],
    "other spending": [TOTAL, ONE, TWO, ("基本支出", 80, None, 80, None, 70), ("其中：人员经费", 9, None, 9, None, 9)],
    "total below": [ONE, TWO, ("项目支出合计", 100, None, 100, None, 90), BLANK, BLANK, BLANK],
    "page heads": [
        TOTAL, ONE, ("填报单位：试点v15局", None, None, None, None, "单位：万元"),
        ("经费控制情况（万元）", "2022年决算数", None, "2023年预算数", None, "2023年决算数"), TWO, BLANK,
    ],
    "heads again": [
        TOTAL, ONE, BLANK, ("经费控制情况", "2022年决算数", None, "2023年预算数", None, "2023年决算数"), TWO, BLANK,
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("projects")
    source = build_case("v15_试点v15局", folder / "来源.xlsx")
    inbox = folder / "收到"
    inbox.mkdir()
    for number, rows in enumerate(CASES.values()):
        book = openpyxl.load_workbook(source)
        page = book.worksheets[0]
        for row in range(11, 17):
            texts = rows[row - 11] if row - 11 < len(rows) else ()
            for column in (1, 2, 4, 6):
                page.cell(row, column).value = texts[column - 1] if column <= len(texts) else None  # type: ignore[assignment]
        book.save(inbox / f"{number}局.xlsx")
    return inbox


@pytest.mark.parametrize("case", CASES)
def test_projects(batch: Path, case: str) -> None:
    path = batch / f"{[*CASES].index(case)}局.xlsx"
    (table,) = read_return(path, path.name, built_in(), Limits(), forms=FORMS).tables
    values = dict(zip(table.values.item, table.values.value, strict=True))
    assert {line for line in table.values.line if line is not None} == {"业务工作经费", "运行维护经费"}
    assert (values["业务工作经费.本年预算数"], values["运行维护经费.本年决算数"]) == (60, 40)
    assert values["项目支出.本年决算数"] == 90


def test_none_of_them_is_a_fault(batch: Path) -> None:
    findings = run([batch]).findings
    wrong = findings[findings["rule"].isin(["G-03", "T-04"]) & (findings["severity"] == "强制性")]
    assert wrong[["file", "rule", "cell", "message"]].to_numpy().tolist() == []


@pytest.mark.parametrize("head", ["序号", "编码"])
def test_a_number_in_front_is_no_name(batch: Path, tmp_path: Path, head: str) -> None:
    book = openpyxl.load_workbook(batch / "0局.xlsx")
    page = book.worksheets[0]
    move(page, rows=0, columns=1)
    page.cell(7, 1).value = head  # type: ignore[assignment]
    for row in range(11, 14):
        page.cell(row, 1).value = row if head == "序号" else f"20130{row}"  # type: ignore[assignment]
    path = tmp_path / "甲局.xlsx"
    book.save(path)
    (table,) = read_return(path, path.name, built_in(), Limits(), forms=FORMS).tables
    assert {line for line in table.values.line if line is not None} == {"业务工作经费", "运行维护经费"}
