"""Figures whose number format shows another one are told (T-17): screen and paper say what was read."""

from __future__ import annotations

import csv
import random
import re
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from gouji.finishing import finish
from gouji.ingest.figures.shown_figures import another_figure, shown_text
from gouji.pipeline import run
from gouji.templates.catalogue import built_in
from gouji.workers.here import Here
from tests.field.build import build_case
from tests.recalculation import converted

ACCOUNTS = '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ '
OTHERWISE = [
    ("0.00;0.00", -2.8, "2.80"), ("0.00;[Red]0.00", -3.9, "3.90"), ("#,##0;[红色]#,##0;0", -1, "1"),
    ("0,,", 12345678, "12"),
    ("#,##0,", 12345, "12"), ("0!.0,", 12345, "1.2"), (r"0\.0,", 12345, "1.2"), ('0"."0000', 12345, "1.2345"),
    ('"1.00"', 5, "1.00"), ("0.00,", 12345, "12.35"), ('"-"0.00', 5, "-5.00"), ('0.00"元"', 12345, "12345.00元"),
    ("000-00", 12345, "123-45"), ('"9"0.0', 1, "91.0"), ("0.0%", 12.5, "1250.0%"), ('0.00"亿元"', 1.5, "1.50亿元"),
]  # fmt: skip
AS_READ = [
    ("0.00", -2.8, "amount"), ("0.00;[Red]0.00", 3.9, "amount"), ("0.00_);(0.00)", -1, "amount"), ("0;-0", -1, "count"),
    (r"0.00_);[Red]\(0.00\)", -1, "quantity"), ('0;"负"0', -1, "amount"), ("#,##0", 12345, "amount"),
    ("0%", 0.5, "rate"), ('0.00"万元"', 5, "amount"), ('0.00"m2"', 5, "quantity"), ("0.00;△0.00", -1, "amount"),
    ("0,", 0, "amount"), (ACCOUNTS, -3, "amount"), (ACCOUNTS, 0, "amount"), ("0.00", 95, "rate"),
    ('0.0"％"', 95.5, "rate"), ("#.##", 0.5, "points"), ("0", 12.6, "amount"), ('"1.00"', 1, "amount"),
    ("yyyy/m/d", 45000, "amount"), ("General", 5, "amount"), ("0.0%", 0.951, "measure"), ('0"分"', 95, "points"),
    ('0"人"', 12, "count"), ("0.00E+00", 12345, "amount"), ("# ?/?", 0.5, "amount"), (";;;", 5, "amount"),
]  # fmt: skip
WORKED_OUT = [
    "0.00##", "#,##0.0#", "??0.0?", "00000", "[>100]0;0.0", '0.00;"(" 0.00)', "0.0,", "#,##0.00;[Red]-#,##0.00",
]  # fmt: skip

AS_SHOWN = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true"
"""A .csv of what cells show: commas, quotes, UTF-8, from the first line on."""


@pytest.mark.parametrize(("code", "number", "text"), OTHERWISE)
def test_formats_that_show_another_figure(code: str, number: float, text: str) -> None:
    assert another_figure(code, float(number), "amount") == text


@pytest.mark.parametrize(("code", "number", "kind"), AS_READ)
def test_formats_that_show_the_figure_as_it_is_read(code: str, number: float, kind: str) -> None:
    assert another_figure(code, float(number), kind) is None


@pytest.mark.in_turn("long")
@pytest.mark.libreoffice
def test_the_text_is_the_one_that_a_program_shows(tmp_path: Path) -> None:
    """LibreOffice writes into a .csv what it shows."""
    chance = random.Random(17)
    # What a Chinese Excel writes (!., [红色]) this program does not know; of a text without digits programs differ.
    known = [code for code, *_ in (*OTHERWISE, *AS_READ) if not re.search("!|红", code) and re.search("[0#]", code)]
    codes = [code for code in known if code != '"1.00"'] + WORKED_OUT
    numbers = [0.0, 1.0, -1.0, 0.5, 12345.678, -2.85, 99.995, *(round(chance.uniform(-1e6, 1e6), 3) for _ in range(6))]
    cells = [(code, number) for code in codes for number in numbers if shown_text(code, number) is not None]
    path = tmp_path / "格式.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for row, (code, number) in enumerate(cells):
            sheet.write_number(row, 0, number, book.add_format({"num_format": code}))
            sheet.write_string(row, 1, "end")
    converted([path], tmp_path, AS_SHOWN)
    with (tmp_path / "格式.csv").open(encoding="utf-8", newline="") as lines:
        shown = [line[0].strip() for line in csv.reader(lines)]
    assert len(shown) == len(cells) > 300
    ours = [shown_text(*cell) or "" for cell in cells]
    differing = [
        (cell, mine, theirs)
        for cell, mine, theirs in zip(cells, ours, shown, strict=True)
        if mine.replace(" ", "") != theirs.replace(" ", "").replace(",", "")
    ]
    assert differing == []


def test_it_is_told_with_what_is_shown_and_nothing_is_sent_up(tmp_path: Path) -> None:
    inbox = tmp_path / "收到"
    inbox.mkdir()
    book = openpyxl.load_workbook(build_case("v00_试点v00局", tmp_path / "来源.xlsx"))
    page = book.worksheets[0]
    page["F6"].number_format = '"190.00"'
    page["D7"].number_format = '0.00"元"'
    book.save(inbox / "甲局.xlsx")
    findings = run([inbox]).findings
    (finding,) = findings[findings["rule"] == "T-17"].to_dict("records")
    assert (
        finding["severity"] == "强制性"
        and "F6显示为190.00" in finding["message"]
        and "D7显示为80.00元" in finding["message"]
    )
    (done,) = finish([inbox], tmp_path / "定稿", built_in(), None, Here())
    assert not done.made.sent_up and "T-17" in done.made.reason


def test_what_no_paper_would_show_is_not_sent_up_either(tmp_path: Path) -> None:
    inbox = tmp_path / "收到"
    inbox.mkdir()
    book = openpyxl.load_workbook(build_case("v00_试点v00局", tmp_path / "来源.xlsx"))
    book.worksheets[0]["F6"].number_format = ";;;"
    book.save(inbox / "甲局.xlsx")
    (done,) = finish([inbox], tmp_path / "定稿", built_in(), None, Here())
    assert not done.made.sent_up and "T-15" in done.made.reason and "F6" in done.made.reason


@pytest.mark.parametrize("code", ["0." + "0" * 900, "0" * 900, "0" + "," * 900, "0" + "%" * 900, "0.00" * 200])
@pytest.mark.parametrize("number", [1e308, -5e-324, 1e14, 0.1, float("nan"), float("inf")])
def test_formats_and_numbers_beyond_any_use_say_nothing(code: str, number: float) -> None:
    assert shown_text(code, number) is None
