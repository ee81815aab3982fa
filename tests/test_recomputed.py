"""Stored results that their own plain formulas contradict are told (T-21), in every format."""

from __future__ import annotations

import struct
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from gouji.ingest.figures.recomputed import is_plain
from gouji.ingest.read import read_workbook
from gouji.pipeline import run
from tests import binary_workbook as binary
from tests.hostile.base import cell, good, zipped
from tests.hostile.legacy import compound, number, record, stream
from tests.packages import book, packed, parts, sheet_xml
from tests.recalculation import converted

Cell = tuple[str, str]
"""A formula and what is stored; without a formula only the latter."""


def _written(*cells: Cell, said: str = "") -> bytes:
    """The cells from A1 to the right."""
    xml = "".join(
        f'<c r="{column}1"{said if formula else ""}>{f"<f>{formula}</f>" if formula else ""}<v>{stored}</v></c>'
        for column, (formula, stored) in zip("ABCDEF", cells, strict=False)
    )
    return book(f'<row r="1">{xml}</row>')


def _contradicted(data: bytes, name: str = "a.xlsx") -> dict[tuple[int, int], Decimal]:
    return read_workbook(data, name).sheets[0].contradicted


CONTRADICTED: list[tuple[list[Cell], dict[int, str]]] = [
    ([("1+1", "13.49")], {0: "2"}),
    ([("", "1"), ("", "2"), ("A1+B1", "3.01")], {2: "3"}),
    ([("", "1"), ("", "2"), ("SUM(A1:B1)", "4")], {2: "3"}),
    ([("", "1"), ("", "2"), ("SUM($A$1,B1,0.5,-B1)", "4")], {2: "1.5"}),
    ([("", "1"), ("", "4"), ("(A1-B1)*-2/4+50%", "3")], {2: "2"}),
    # What they refer to is worked out too, wherever it stands.
    ([("B1", "13.49"), ("1+1", "13.49")], {0: "2", 1: "2"}),
    ([("", "1"), ("SUM(A1:A9)+D1", "7")], {1: "1"}),
]
AGREEING: list[list[Cell]] = [
    [("1+1", "2")],
    [("", "0.1"), ("", "0.2"), ("A1+B1", "0.30000000000000004")],
    [("", "100000000.11"), ("", "-100000000"), ("A1+B1", "0.10999999940395355")],
    # As rounded as it is shown.
    [("", "1"), ("", "3"), ("A1/B1*100", "33.3")],
    [("", "1"), ("", "3"), ("A1/B1", "0.33")],
    # Nothing that is worked out: another sheet, a power, a division by nothing, a circle, a function.
    [("表2!A1+1", "13.49")], [("2^2", "5")], [("1/B1", "5")], [("B1", "1"), ("A1", "2")], [("ROUND(1.4,0)", "5")],
]  # fmt: skip


@pytest.mark.parametrize(("cells", "yields"), CONTRADICTED)
def test_another_result_than_the_formula_yields(cells: list[Cell], yields: dict[int, str]) -> None:
    assert _contradicted(_written(*cells)) == {(0, column): Decimal(figure) for column, figure in yields.items()}


@pytest.mark.parametrize("cells", AGREEING)
def test_what_agrees_or_is_not_worked_out(cells: list[Cell]) -> None:
    assert _contradicted(_written(*cells)) == {}


STORED = [("2", True), (" 2.0 ", True), ("13.49", False), ("无", False), ("", False)]


@pytest.mark.parametrize(("stored", "agrees"), STORED)
def test_a_text_as_a_result(stored: str, agrees: bool) -> None:
    assert (_contradicted(_written(("1+1", stored), said=' t="str"')) == {}) is agrees


def test_texts_in_a_sum_and_beside_a_plus() -> None:
    text = '<c r="A1" t="str"><v>5</v></c>'
    row = f'<row r="1">{text}<c r="B1"><f>SUM(A1:A2)</f><v>5</v></c><c r="C1"><f>A1+1</f><v>9</v></c></row>'
    assert _contradicted(book(row)) == {(0, 1): Decimal(0)}


def test_a_shared_formula_moves_with_its_cell() -> None:
    rows = [
        f'<row r="{n}"><c r="A{n}"><v>{n}</v></c><c r="B{n}">{formula}<v>{stored}</v></c></row>'
        for n, (formula, stored) in enumerate(
            [('<f t="shared" ref="B1:B3" si="0">A1+$A$1</f>', 2), ('<f t="shared" si="0"/>', 3),
             ('<f t="shared" si="0"/>', 9)], 1,
        )
    ]  # fmt: skip
    assert _contradicted(book("".join(rows))) == {(2, 1): Decimal(4)}


def test_results_rounded_to_what_is_shown_follow_from_no_formula() -> None:
    members = parts(sheet_xml('<row r="1"><c r="A1"><f>1/3+1/3</f><v>0.7</v></c></row>'))
    assert _contradicted(packed(members)) == {}  # at the decimals that are stored
    members["xl/worksheets/sheet1.xml"] = sheet_xml('<row r="1"><c r="A1"><f>0.4+0.4</f><v>0</v></c></row>')
    assert _contradicted(packed(members)) == {(0, 0): Decimal("0.8")}
    book_xml = str(members["xl/workbook.xml"])
    members["xl/workbook.xml"] = book_xml.replace("</workbook>", '<calcPr fullPrecision="0"/></workbook>')
    assert _contradicted(packed(members)) == {}


@pytest.mark.parametrize(
    "formula", ["(" * 500 + "1" + ")" * 500, "1+" * 5000 + "1", "SUM(" * 300 + "1" + ")" * 300, "1" + "%" * 900]
)
def test_formulas_beyond_any_use_are_left_alone(formula: str) -> None:
    assert not is_plain(formula)
    assert _contradicted(_written((formula, "5"))) == {}


def test_long_chains_of_formulas_end() -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><f>A{n + 1}+1</f><v>0</v></c></row>' for n in range(1, 3000))
    assert len(_contradicted(book(rows))) == 2999


# ---- the other formats ----------------------------------------------------------------------------

_REFERENCE = struct.pack("<BHH", 0x44, 0, 0)
_BINARY_REFERENCE = struct.pack("<BIH", 0x44, 0, 0)
_PLUS_ONE = b"\x1e\x01\x00\x03"


def _xls(stored: float) -> bytes:
    tokens = _REFERENCE + _PLUS_ONE
    formula = struct.pack("<HHHd", 0, 1, 0, stored) + struct.pack("<HIH", 0, 0, len(tokens)) + tokens
    begin = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    return compound({"Workbook": stream(begin + number(0, 0, 1.0) + record(0x0006, formula) + record(0x0A))})


def _xlsb(stored: float) -> bytes:
    tokens = _BINARY_REFERENCE + _PLUS_ONE
    formula = struct.pack("<IIdHI", 1, 0, stored, 0, len(tokens)) + tokens + bytes(4)
    sheet = binary.sheet(binary.row(0, binary.real(0, 1.0), binary.record(9, formula)))
    return binary.workbook([("表", False, sheet)])


def _ods(stored: float) -> bytes:
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"><office:body><office:spreadsheet>'
        '<table:table table:name="表"><table:table-row><table:table-cell office:value-type="float" office:value="1"/>'
        f'<table:table-cell table:formula="of:=SUM([.A1:.$A$1];1)" office:value-type="float" office:value="{stored}"/>'
        "</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
    )
    manifest = b'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    mimetype = b"application/vnd.oasis.opendocument.spreadsheet"
    return zipped({"mimetype": mimetype, "META-INF/manifest.xml": manifest, "content.xml": content.encode()})


@pytest.mark.parametrize(("extension", "made"), [("xls", _xls), ("et", _xls), ("xlsb", _xlsb), ("ods", _ods)])
def test_in_every_format(extension: str, made: Callable[[float], bytes]) -> None:
    assert _contradicted(made(13.49), f"a.{extension}") == {(0, 1): Decimal(2)}
    assert _contradicted(made(2.0), f"a.{extension}") == {}


@pytest.mark.in_turn("long")
@pytest.mark.libreoffice
def test_what_another_program_calculated_is_contradicted_nowhere(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for row, value in enumerate([0.1, 0.2, 13.49, None, "无", 1e8], 1):
        sheet.cell(row, 1, value)
    formulas = ["A1+A2", "SUM(A1:A6)", "-A3*3/7", "(A1+A3)/A6*100", "A4+5%", "SUM(A1:A2,B1,1)-B2", "2-1.9-0.1"]
    for row, formula in enumerate(formulas, 1):
        sheet.cell(row, 2, f"={formula}")
    workbook.save(tmp_path / "表.xlsx")
    for kind in ("xlsx", "xls", "ods"):
        data = converted([tmp_path / "表.xlsx"], tmp_path / kind, kind)["表"].read_bytes()
        sheet_read = read_workbook(data, f"表.{kind}").sheets[0]
        assert len(sheet_read.formulas) == len(formulas) and sheet_read.contradicted == {}


def test_it_is_told_of_a_figure_of_a_return(tmp_path: Path) -> None:
    made = cell("D8", '<c r="D8" s="28"><f>1+1</f><v>13.49</v></c>')(good(1))
    (tmp_path / "报表.xlsx").write_bytes(made)
    findings = run([tmp_path / "报表.xlsx"]).findings
    (finding,) = findings[findings["rule"] == "T-21"].to_dict("records")
    assert finding["severity"] == "强制性" and "D8存的是13.49，按公式是2" in finding["message"]
