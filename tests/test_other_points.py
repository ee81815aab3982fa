"""A pasted table of indicators that prints other points than the form is an edition of its own, whatever its labels."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from gouji.pipeline import run
from gouji.templates.catalogue import built_in
from gouji.templates.issued import issue_workbook, issued_sheets
from gouji.templates.recipient import Recipient

FORM = built_in().find("评分表")
UNIT = Recipient("430001", "某县财政局", "某县人民政府")


def pasted(path: Path, points: dict[str, float]) -> Path:
    """The sheet alone, as it looks when it was copied into a workbook of the unit's own."""
    issue_workbook(UNIT, [FORM], 2021, path)
    (sheet, *_) = issued_sheets(UNIT, [FORM], 2021)
    book = openpyxl.load_workbook(path)
    for other in book.worksheets:
        if other.title != sheet.name:
            book.remove(other)
    page, places = book[sheet.name], sheet.layout.positions
    for name, value in points.items():
        row, column = places[f"{name}.分值"]
        page.cell(row + 1, column + 1, value)
    for item, (row, column) in places.items():
        if item.endswith(".得分"):
            page.cell(row + 1, column + 1, 1)
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("points", "status"),
    [
        ({}, "已收"),
        ({"预算完成率": 6, "预算控制率": 4}, "已收"),
        (
            {
                "在职人员控制率": 4,
                "预算完成率": 6,
                "预算控制率": 4,
                "公用经费控制率": 9,
                "政府采购执行率": 4,
                "行政效能": 5,
            },
            "未收录",
        ),
    ],
)
def test_other_points_are_another_edition(tmp_path: Path, points: dict[str, float], status: str) -> None:
    results = run([pasted(tmp_path / "某县财政局.xlsx", points)])
    scored = results.returns.query("form == @FORM.name or status == '未收录'")
    assert list(scored["status"]) == [status]
    rules = (
        set(results.findings.query("severity == '强制性' and verdict == '不符'")["rule"])
        if len(results.findings)
        else set()
    )
    assert ("F-02" in rules) == (len(points) == 2)
    if status == "未收录":
        (message,) = results.findings.query("rule == 'R-14'")["message"]
        assert "预算完成率（表上 6 分，表样 5 分）" in message and "未收录的版本" in message
