"""Sheets of another edition: rows beyond the definition, labels read by likeness, other points printed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from gouji.pipeline import run
from gouji.templates.catalogue import built_in
from gouji.templates.issued import issue_workbook
from gouji.templates.recipient import Recipient
from tests.field.build import build_field


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("field")
    build_field(folder)
    return folder


def examined(folder: Path, tmp_path: Path, case: str, cells: dict[str, Any]) -> pd.DataFrame:
    """The findings of a field case after some of its cells have been changed."""
    (source,) = folder.glob(f"{case}_*.xlsx")
    book = openpyxl.load_workbook(source)
    for cell, value in cells.items():
        book.worksheets[0][cell] = value
    book.save(tmp_path / source.name)
    return run([tmp_path / source.name]).findings


def findings_of(findings: pd.DataFrame, rule: str) -> list[tuple[str, str]]:
    rows = findings[findings["rule"] == rule]
    return list(zip(rows["severity"], rows["message"], strict=True))


@pytest.mark.in_turn("long")
def test_a_sum_that_ties_with_a_row_beyond_the_definition_agrees_and_the_row_is_named(
    folder: Path, tmp_path: Path
) -> None:
    findings = examined(folder, tmp_path, "v10", {})
    assert findings_of(findings, "A-01") == []
    ((severity, message),) = findings_of(findings, "T-32")
    assert severity == "提示"
    assert "“专项债券资金”" in message


def test_a_sum_that_ties_neither_with_nor_without_that_row_is_asked_about_with_both(
    folder: Path, tmp_path: Path
) -> None:
    ((severity, message),) = findings_of(examined(folder, tmp_path, "v10", {"F9": 17}), "A-01")
    assert severity == "核实性"
    assert "89" not in message.partition("（")[0]
    assert "“专项债券资金”17万元，计入后也不相符" in message


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"B8": "单位资金"}, []),  # a row of another name is the part that is not there
        ({"B8": "单位资金", "F8": 13}, ["相差 5万元"]),
        ({"B7": "中央资金", "B8": "省级资金", "B9": "县级资金", "F8": 13}, ["相差 5万元"]),  # no part of ours at all
        ({"B8": None, "D8": None, "E8": None, "F8": None, "H8": None, "F9": 30}, ["相差 12万元"]),  # in any case
        ({"B8": None, "D8": None, "E8": None, "F8": None, "H8": None, "F9": 18}, []),
        ({"B8": None, "D8": None, "E8": None, "F8": None, "H8": None}, []),
    ],
)
def test_a_sum_without_one_of_its_parts_is_judged_by_the_rows_that_are_there(
    folder: Path, tmp_path: Path, cells: dict[str, Any], expected: list[str]
) -> None:
    findings = findings_of(examined(folder, tmp_path, "v00", cells), "A-01")
    assert [severity for severity, _ in findings] == ["核实性"] * len(expected)
    for (_, message), gap in zip(findings, expected, strict=True):
        assert gap in message
        assert "表上没有" in message


@pytest.mark.parametrize("score", [99, 98])
def test_a_total_above_the_lines_of_its_list_is_the_total_and_none_of_them(
    folder: Path, tmp_path: Path, score: int
) -> None:
    (source,) = folder.glob("v00_*.xlsx")
    book = openpyxl.load_workbook(source)
    sheet = book.worksheets[0]
    for merged in [*sheet.merged_cells.ranges]:
        sheet.unmerge_cells(str(merged))
    sheet.insert_rows(13)
    for column in (1, 7, 8):
        sheet.cell(13, column).value, sheet.cell(23, column).value = sheet.cell(23, column).value, None
    sheet["H13"] = score
    book.save(tmp_path / source.name)
    findings = run([tmp_path / source.name]).findings
    assert len(findings_of(findings, "A-05")) == (score != 99)
    assert not {"A-04", "T-09", "T-20"} & set(findings["rule"])


def test_what_is_read_by_likeness_is_never_grave(folder: Path, tmp_path: Path) -> None:
    findings = examined(folder, tmp_path, "v00", {"B6": "年度资金总金额", "F6": 91, "H6": 0.91, "I6": 9.1, "H22": 99.1})
    ((severity, message),) = findings_of(findings, "A-01")
    assert severity == "核实性"
    assert "“年度资金总金额（B6）”" in message
    ((_, read),) = findings_of(findings, "T-31")
    assert "“年度资金总金额（B6）”按“年度资金总额”" in read


@pytest.mark.parametrize(("points", "rules"), [(15, set()), (14, {"A-07", "A-04"})])
def test_first_level_indicators_are_summed_by_the_points_that_the_sheet_prints(
    folder: Path, tmp_path: Path, points: int, rules: set[str]
) -> None:
    findings = examined(folder, tmp_path, "v12", {"G16": points, "H16": points, "H23": 84 + points})
    assert set(findings["rule"]) & {"A-04", "A-05", "A-06", "A-07", "A-08", "A-09"} == rules


def test_without_printed_points_another_layout_has_no_full_marks(folder: Path, tmp_path: Path) -> None:
    findings = examined(folder, tmp_path, "v12", {"B16": "产出指标", "B19": "效益指标", "B22": "满意度指标"})
    assert not {"A-07", "A-08", "A-09"} & set(findings.loc[findings["verdict"] == "不符", "rule"])


@pytest.mark.parametrize(("points", "rules"), [("", set()), ("（60分）", set()), ("（55分）", {"A-07"})])
def test_a_group_has_the_points_that_its_own_sheet_prints_and_no_others(
    folder: Path, tmp_path: Path, points: str, rules: set[str]
) -> None:
    cells = {"B13": f"产出指标{points}", "G13": 25, "H13": 25, "B17": "效益指标（20分）", "G17": 0, "H17": 0}
    findings = examined(folder, tmp_path, "v00", cells)
    assert set(findings["rule"]) & {"A-04", "A-05", "A-06", "A-07", "A-08", "A-09"} == rules


def test_the_same_column_of_two_blocks_read_by_likeness_is_told_with_both_labels(folder: Path, tmp_path: Path) -> None:
    ((_, read),) = findings_of(examined(folder, tmp_path, "v00", {"I5": "自评得分情况", "H12": "自评得分结果"}), "T-31")
    assert "自评得分情况（I5）、自评得分结果（H12）" in read


@pytest.mark.parametrize(("printed", "severity"), [("在职人员控制率", "强制性"), ("在职人员控制比率", "核实性")])
def test_an_indicator_read_by_likeness_is_told_by_its_name_and_never_grave(
    tmp_path: Path, printed: str, severity: str
) -> None:
    path = tmp_path / "某局.xlsx"
    issue_workbook(Recipient("1", "某局", "某局", ()), [built_in().find("评分表@衡山县-2021")], 2021, path)
    book = openpyxl.load_workbook(path)
    for name in book.sheetnames:
        if name != "评分表":
            del book[name]
    sheet = book["评分表"]
    (label,) = [cell for row in sheet.iter_rows() for cell in row if cell.value == "在职人员控制率"]
    label.value = printed
    sheet.cell(label.row, 7).value = 99
    book.save(path)
    findings = run([path]).findings
    on_it = findings[findings["item"].fillna("").str.startswith("在职人员控制率.")]
    assert severity in set(on_it["severity"]) <= {severity, "提示", "核实性"}
    read = [message for _, message in findings_of(findings, "T-31")]
    expected = f"“{printed}（{label.coordinate}）”按“在职人员控制率”"
    assert [expected in message for message in read] == [True] * (severity == "核实性")


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (
            {"B8": "其中：中央资金", "F8": 60, "B9": "省级资金", "F9": 13},
            ["“其中:中央资金”、“省级资金”", "73万元", "72万元"],
        ),
        ({"B8": "其中：中央资金", "F8": 60, "B9": "省级资金", "F9": 12}, []),
        ({"B8": "其中：中央资金", "F8": 72.01}, []),
        ({"B8": "其中：中央资金", "F8": 72.02}, ["“其中:中央资金”", "72.02万元", "72万元"]),
        ({"B8": "中央资金", "F8": 80}, []),  # no part of the row above, by its words
    ],
)
def test_parts_are_no_larger_than_their_whole(
    folder: Path, tmp_path: Path, cells: dict[str, Any], expected: list[str]
) -> None:
    (source,) = folder.glob("v00_*.xlsx")
    book = openpyxl.load_workbook(source)
    page = book.worksheets[0]
    for merged in [area for area in page.merged_cells.ranges if area.min_row <= 9 and area.max_row >= 8]:
        page.unmerge_cells(str(merged))
    for row in (8, 9):
        for column in range(2, 10):
            page.cell(row, column).value = None
    for cell, value in cells.items():
        page[cell] = value
    book.save(tmp_path / source.name)
    findings = findings_of(run([tmp_path / source.name]).findings, "T-33")
    assert [severity for severity, _ in findings] == (["核实性"] if expected else [])
    assert all(words in message for words in expected for _, message in findings)
