"""What is given from outside says how far it reaches, and the bureau's own table is judged as well."""

from __future__ import annotations

import json
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from rich.console import Console

from gouji.commands.run import summarise
from gouji.export.results import Results
from gouji.ingest.beside.reference import ReferenceTableError, read_reference
from gouji.pipeline import run
from gouji.samples.reference import ReferenceFigures, build_reference
from gouji.templates.catalogue import built_in
from tests.field import issued as make
from tests.field.issued import build_returned, issued_unit, write_roster

UNITS = [issued_unit(number).recipient for number in range(3)]


def bureau(folder: Path, *lines: tuple[str, str]) -> Path:
    """The bureau's table with these lines (code, name); every 公用经费 is 1, 支出合计 10."""
    rows = [
        {"code": code, "name": name, "figures": {"公用经费": Decimal(1), "支出合计": Decimal(10)}}
        for code, name in lines
    ]
    return build_reference(folder, ReferenceFigures.model_validate({"year": make.YEAR, "units": rows}))


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Results, Path]:
    """Two returns of a roster of three units; the bureau lists the second and third, an old name and a stranger."""
    folder = tmp_path_factory.mktemp("outside")
    for number in range(2):
        build_returned(folder / "报送", number, None, None)
    write_roster(folder / "名册.csv", 3)
    known = [(recipient.unit_code, recipient.unit) for recipient in UNITS[1:]]
    path = bureau(folder, ("", "从前的简称"), *known, ("X9", "外县某局"))
    out = folder / "结果"
    options = {"roster_path": folder / "名册.csv", "reference_path": path}
    return run([folder / "报送"], out, **options, year=make.YEAR, only=["汇总"]), out


@pytest.mark.in_turn("long")
def test_lines_of_nobody_are_told(compared: tuple[Results, Path]) -> None:
    findings = compared[0].findings
    (finding,) = findings[findings["rule"] == "K-02"].to_dict("records")
    assert (finding["severity"], finding["file"]) == ("核实性", f"部门决算参照表_{make.YEAR}.xlsx")
    assert finding["message"].startswith(
        "参照表有 2 行在本次收到的表和名册里都没有对应的单位：从前的简称（A5）、外县某局（X9，A8）"
    )
    assert finding["unit"] is None or finding["unit"] != finding["unit"]


def test_the_run_states_how_far_it_compared(compared: tuple[Results, Path]) -> None:
    results, out = compared
    (stated,) = json.loads((out / "run.json").read_text(encoding="utf-8"))["outside"]
    assert stated == results.run["outside"][0]
    assert (stated["source"], stated["units"], stated["reached"]) == ("部门决算参照表", 2, 1)
    assert stated["lacking"] == [UNITS[0].unit]
    assert [line.partition("（")[0] for line in stated["unmatched"]] == ["从前的简称", "外县某局"]
    assert stated["unmade"]["X-R1"] == 1  # of the unit without a line
    assert stated["unmade"]["X-R4"] == 2  # and of the one whose line has no figure there
    assert stated["checks"] > sum(stated["unmade"].values()) > 0


def test_people_read_it_on_the_screen_and_in_the_workbook(compared: tuple[Results, Path]) -> None:
    results, out = compared
    console = Console(record=True, width=2000)
    summarise(console, results, out)
    words = f"本次2个单位中对上1个；没有对上、因此没有核对的是{UNITS[0].unit}；有2行在本次收到的表和名册里都找不到："
    assert f"部门决算参照表：{words}" in console.export_text()
    with closing(openpyxl.load_workbook(out / "汇总.xlsx", read_only=True)) as book:
        (row,) = (row for row in book["版本与依据"].iter_rows(values_only=True) if row[0] == "核对范围")
    assert row[1] == "部门决算参照表"
    assert str(row[2]).startswith(words)


@pytest.mark.in_turn("long")
def test_a_code_of_one_unit_beside_the_name_of_another_is_told(tmp_path: Path) -> None:
    for number in range(2):
        build_returned(tmp_path / "报送", number, None, None)
    path = bureau(tmp_path, (UNITS[0].unit_code, UNITS[1].unit))
    findings = run([tmp_path / "报送"], reference_path=path, year=make.YEAR).findings
    (finding,) = findings[findings["rule"] == "K-03"].to_dict("records")
    assert (finding["cell"], finding["severity"]) == ("A5", "核实性")
    assert finding["message"].startswith(
        f"参照表这一行的单位名称是“{UNITS[1].unit}”，编码 {UNITS[0].unit_code} 却是“{UNITS[0].unit}”的"
    )


def test_figures_below_the_lines_are_refused_by_cell(tmp_path: Path) -> None:
    """Twenty-five lines were issued: a unit further down would silently not be compared."""
    path = bureau(tmp_path, (UNITS[0].unit_code, UNITS[0].unit))
    book = openpyxl.load_workbook(path)
    sheet = book["参照表"]
    below = sheet.max_row + 2
    sheet[f"A{below}"], sheet[f"I{below}"] = "某县另一局", 3
    book.save(path)
    with pytest.raises(ReferenceTableError, match=f"I{below}有数，但不在表内的任何一行"):
        read_reference(path, built_in())


@pytest.mark.in_turn("long")
def test_last_years_results_say_the_same(tmp_path: Path) -> None:
    for number in range(2):
        build_returned(tmp_path / "上年报送", number, None, None)
    run([tmp_path / "上年报送"], tmp_path / "上年", year=make.YEAR, only=())
    returns = tmp_path / "上年" / "data" / "returns.parquet"
    _a_year_earlier(returns)
    build_returned(tmp_path / "报送", 1, None, None)
    build_returned(tmp_path / "报送", 2, None, None)
    results = run([tmp_path / "报送"], previous_path=tmp_path / "上年", year=make.YEAR)
    (stated,) = results.run["outside"]
    assert (stated["source"], stated["units"], stated["reached"]) == ("上年结果", 2, 1)
    assert (stated["lacking"], stated["unmatched"]) == ([UNITS[2].unit], [UNITS[0].unit])
    assert stated["unmade"]["Y-01"] > 0


def _a_year_earlier(path: Path) -> None:
    frame = pd.read_parquet(path)
    frame["year"] = frame["year"] - 1
    frame.to_parquet(path)
