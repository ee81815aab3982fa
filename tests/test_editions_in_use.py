"""Editions in use since 2020: their published blanks, filled in with invented figures, read whole and judged."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from gouji.pipeline import run
from tests.test_published_blanks import HENGSHAN, NATIONAL, blank

FILLED: dict[str, dict[str, Any]] = {
    NATIONAL: {
        "A2": "（2024年度）", "C3": "乡村道路养护", "C4": "某县交通局", "G4": "某县公路所",
        "D6": 100, "E6": 120, "F6": 108, "H6": 0.9, "I6": 9,
        "D7": 80, "E7": 90, "F7": 81, "H7": 0.9, "D8": 15, "E8": 20, "F8": 18, "H8": 0.9,
        "D9": 5, "E9": 10, "F9": 9, "H9": 0.9, "B11": "养护道路40公里", "F11": "完成",
        "D13": "养护里程", "E13": "40公里", "F13": "40公里", "G13": 20, "H13": 20,
        "D16": "合格率", "E16": "95%", "F16": "96%", "G16": 10, "H16": 10,
        "D19": "完成时间", "E19": "2024年12月底前", "F19": "2024年11月", "G19": 10, "H19": 10,
        "D22": "养护成本", "E22": "≤120万元", "F22": "108万元", "G22": 10, "H22": 10,
        "D28": "受益村", "E28": "12个", "F28": "12个", "G28": 30, "H28": 30,
        "D37": "群众满意度", "E37": "90%", "F37": "93%", "G37": 10, "H37": 10, "H40": 99,
    },
    HENGSHAN: {
        "A1": "2024年度部门整体支出绩效评价基础数据表", "B3": 40, "D3": 38, "F3": 0.95,
        "B5": 30, "D5": 28, "F5": 25, "B6": 20, "D6": 19, "F6": 17, "B7": 0, "D7": 0, "F7": 0,
        "B8": 20, "D8": 19, "F8": 17, "B9": 0, "D9": 0, "F9": 0, "B10": 10, "D10": 9, "F10": 8,
        "B11": 200, "D11": 230, "F11": 220, "B12": 120, "D12": 130, "F12": 125,
        "B13": 80, "D13": 100, "F13": 95, "B17": 90, "D17": 85, "F17": 80,
        "B18": 30, "D18": 30, "F18": 28, "B19": 25, "D19": 22, "F19": 20, "B20": 20, "D20": 18, "F20": 17,
        "D21": 60, "F21": 55, "D22": 5, "F22": 5, "B25": "会议从简。",
    },
}  # fmt: skip
YEARS = {HENGSHAN: {"D2": "2024 年实际在职人数", "B4": "2023 年决算数", "D4": "2024 年预算数", "F4": "2024 年决算数"}}
NAMES = {NATIONAL: "某县公路所.xlsx", HENGSHAN: "某县公路所.xlsx"}
FORMS = {NATIONAL: "预算支出绩效自评表", HENGSHAN: "部门整体支出绩效评价基础数据表"}


def filled(key: str, folder: Path, **changed: Any) -> Path:
    """The blank with its figures, some of them changed."""
    book = openpyxl.load_workbook(io.BytesIO(blank(key)))
    sheet: Any = book.active
    for cell, value in {**FILLED[key], **YEARS.get(key, {}), **changed}.items():
        sheet[cell] = value
    path = folder / NAMES[key]
    book.save(path)
    return path


def figures_typed(key: str) -> int:
    return sum(isinstance(value, int | float) for value in FILLED[key].values())


@pytest.mark.parametrize("key", list(FILLED))
def test_a_filled_blank_is_known_and_read_whole(key: str, tmp_path: Path) -> None:
    results = run([filled(key, tmp_path)], year=2024)
    (row,) = results.returns.to_dict("records")
    assert (row["form"], row["edition"]) == (FORMS[key], key.rpartition("@")[2])
    assert row["unread"] == 0
    values = results.values.frame()
    read = values[values["value"].notna()]
    assert len(read) >= figures_typed(key)
    cells = read.drop_duplicates("cell").set_index("cell")["value"]
    for cell, value in FILLED[key].items():
        if isinstance(value, int | float):
            assert float(cells[cell]) == pytest.approx(value), cell
    assert list(told(results.findings)) == []


def told(findings: pd.DataFrame) -> list[tuple[str, str]]:
    """What is to be mended or explained, but for a unit without a roster and tables that were not handed in."""
    asked = findings[findings["severity"].isin(["强制性", "核实性"])]
    return [(row.rule, row.message) for row in asked.itertuples() if not str(row.rule).startswith(("R-", "X-", "E-"))]


@pytest.mark.parametrize(
    ("key", "cell", "value", "rule"),
    [
        (NATIONAL, "E7", 95, "A-01"),
        (NATIONAL, "H40", 98, "A-05"),
        (HENGSHAN, "F10", 9, "G-01"),
        (HENGSHAN, "F18", 60, "G-04"),
    ],
)
def test_a_figure_that_does_not_tie_is_told(key: str, cell: str, value: float, rule: str, tmp_path: Path) -> None:
    findings = run([filled(key, tmp_path, **{cell: value})], year=2024).findings
    assert rule in set(findings[findings["verdict"] == "不符"]["rule"])


def test_parts_that_do_not_make_up_their_whole_are_no_fault_in_2023(tmp_path: Path) -> None:
    """其中 of 公用经费 names no rest: 28 + 20 + 17 of 80."""
    findings = run([filled(HENGSHAN, tmp_path)], year=2024).findings
    assert "G-04" not in set(findings["rule"])
