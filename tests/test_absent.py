"""表上没有: what the sheet does not have is neither blank nor zero, and is told once for the table."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pandas as pd
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from gouji.pipeline import run
from gouji.templates.catalogue import built_in
from gouji.templates.recipient import Project, Recipient
from tests.issuing import opened

UNIT = Recipient("430001", "某县财政局", "某县人民政府", (Project("P1", "办案经费"),))
BASE, PROJECT = built_in().find("基础数据表@衡山县-2021"), built_in().find("自评表@湖南-2020")


@cache
def tables() -> bytes:
    """The unit's two tables without the sheets around them."""
    with TemporaryDirectory() as folder:
        book = opened(UNIT, BASE, PROJECT)
        for name in set(book.sheetnames) - {"基础数据表", "自评表1"}:
            del book[name]
        book.save(Path(folder) / "a.xlsx")
        return (Path(folder) / "a.xlsx").read_bytes()


def examined(tmp_path: Path, change: Callable[[Worksheet, Worksheet], None]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(findings, verdicts) of both tables without identity sheet, whose figures tie, after a change of their labels."""
    path = tmp_path / "某县财政局.xlsx"
    book = openpyxl.load_workbook(BytesIO(tables()))
    base, project = book["基础数据表"], book["自评表1"]
    for row, figures in {6: (3, 3, 2), 7: (2, 2, 1), 8: (0, 0, 0), 9: (2, 2, 1), 10: (0, 0, 0), 11: (1, 1, 1)}.items():
        for column, figure in zip("BDF", figures, strict=True):
            base[f"{column}{row}"] = figure
    for row, label in enumerate(["年度资金总额", "当年", "上年", "其他"], 6):
        for column, figure in zip("DEF", (10, 10, 9) if row < 8 else (0, 0, 0), strict=True):
            project[f"{column}{row}"] = figure
        assert label[:2] in str(project[f"B{row}"].value)
    change(base, project)
    book.save(path)
    results = run([path])
    return results.findings, results.verdicts.frame()


@pytest.mark.in_turn("long")
def test_the_unchanged_tables_lack_nothing(tmp_path: Path) -> None:
    findings, _ = examined(tmp_path, lambda base, project: None)
    assert "T-30" not in set(findings["rule"])


def lose_row(base: Worksheet, project: Worksheet) -> None:
    """The row is gone; the total is larger than the rows that are there."""
    for cell in ("A10", "B10", "D10", "F10"):
        base[cell] = None
    for cell, total in {"B6": 4, "D6": 4, "F6": 3}.items():
        base[cell] = total


def test_a_sum_with_a_part_that_is_not_on_the_sheet_cannot_be_checked(tmp_path: Path) -> None:
    findings, verdicts = examined(tmp_path, lose_row)
    base_findings = findings[findings["form"] == BASE.name]
    assert set(verdicts.loc[verdicts["rule"] == "G-01", "verdict"]) == {"无法核对"}
    assert set(verdicts.loc[verdicts["rule"] == "G-02", "verdict"]) == {"相符"}
    assert "G-01" not in set(base_findings["rule"])
    (finding,) = base_findings.loc[base_findings["rule"] == "T-30"].to_dict("records")
    assert "出国经费" in finding["message"]
    assert finding["severity"] == "提示"
    assert not base_findings.loc[base_findings["rule"] == "T-01", "message"].str.contains("出国").any()


def lose_column(base: Worksheet, project: Worksheet) -> None:
    project["F5"] = "支付凭证号"


@pytest.mark.parametrize("rule", ["A-02", "X-02"])
def test_a_column_that_is_not_on_the_sheet_spoils_what_needs_it_here_and_elsewhere(rule: str, tmp_path: Path) -> None:
    findings, verdicts = examined(tmp_path, lose_column)
    assert set(verdicts.loc[verdicts["rule"] == rule, "verdict"]) == {"无法核对"}
    assert rule not in set(findings["rule"])
    (message,) = findings.loc[(findings["rule"] == "T-30") & (findings["form"] == PROJECT.name), "message"]
    assert "“全年执行数”" in message


def lose_list(base: Worksheet, project: Worksheet) -> None:
    for row in project.iter_rows():
        for cell in row:
            if (
                cell.value in ("一级指标", "二级指标", "三级指标")
                or "指标值" in str(cell.value)
                or "完成值" in str(cell.value)
            ):
                cell.value = None


def test_a_list_that_is_not_on_the_sheet_is_no_list_without_lines(tmp_path: Path) -> None:
    findings, verdicts = examined(tmp_path, lose_list)
    assert set(verdicts.loc[verdicts["rule"] == "A-07", "verdict"]) == {"无法核对"}
    assert "A-07" not in set(findings["rule"])
    (message,) = findings.loc[(findings["rule"] == "T-30") & (findings["form"] == PROJECT.name), "message"]
    assert "“指标”" in message
