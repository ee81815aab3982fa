"""Figures that nobody sees are told (T-15), by whatever means."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.styles import Color, Font, PatternFill

from gouji.ingest.files.format_sections import conceals
from gouji.ingest.files.ods_sight import ods_sights
from gouji.ingest.files.sight import Sight
from gouji.ingest.files.xls_sight import xls_sights
from gouji.ingest.grid import Sheet
from gouji.ingest.read import read_workbook
from gouji.pipeline import run
from tests.hostile.base import FORM, STYLES, Case, Parts, good, with_part, zipped
from tests.recalculation import converted

ACCOUNTS = '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ '
SHOWN = [
    ("0.00", 0.0), ("", 12.5), ("@", 12.5), ("@", None), ("0.00", None), (ACCOUNTS, 0), (ACCOUNTS, -3),
    (ACCOUNTS, None), ('0.00;-0.00;"无"', 0), ("0;;0", 5), (";;0;", 0), (";;;@", None),
    ("#,##0.00;[Red]-#,##0.00", -2), ("yyyy/m/d", 12), ("General;;", 3), ("[>100]0;;", 101), ("#", 3), ("#%", 0.3),
    ("[h]:mm", 1.5), ("# ?/?", 0.5), ("0.00E+00", 5), ("[$¥-804]0.00", 5), ("G/通用格式", 5), ('"12.5"', 99),
]  # fmt: skip
UNSHOWN = [
    (";;;", 12.5), (";;;", -1), (";;;", 0), (";;;", None), ("0;;0", -5), (";-0;0", 5), ("0;-0;", 0), ("0;0;;", None),
    ('""', 5), ('" "', 5), ('"—"', 5), ("_ ", 5), ('[Red]""', 5), ('"";"";""', -1), ("[>100]0;", 5), ("#", 0),
    ("#", 0.3), ("#,##0;;;", 0), ("#,", 12), ("??", 0), ("* ", 7), ("#.##", 0),
]  # fmt: skip


@pytest.mark.parametrize(("code", "number"), SHOWN)
def test_formats_that_show_something(code: str, number: float | None) -> None:
    assert not conceals(code, number)


@pytest.mark.parametrize(("code", "number"), UNSHOWN)
def test_formats_that_show_nothing(code: str, number: float | None) -> None:
    assert conceals(code, number)


def _sheet(
    font: Font | None = None, fill: PatternFill | None = None, code: str = "0.00", value: object = 12.5
) -> Sheet:
    """A sheet whose B2 looks thus, saved by another program."""
    workbook = openpyxl.Workbook()
    cell = workbook.active["B2"]
    cell.value, cell.number_format = value, code
    cell.font, cell.fill = font or Font(), fill or PatternFill()
    saved = io.BytesIO()
    workbook.save(saved)
    return read_workbook(saved.getvalue(), "表.xlsx").sheets[0]


def _solid(colour: Color | str) -> PatternFill:
    return PatternFill("solid", fgColor=colour)


@pytest.mark.parametrize(
    ("font", "fill"),
    [
        (Font(color="FFFFFFFF"), None),
        (Font(color="00FEFEFE"), None),
        (Font(color=Color(theme=0)), None),
        (Font(color=Color(indexed=9)), None),
        (Font(color=Color(indexed=65)), None),
        (Font(color=Color(theme=1, tint=1.0)), None),
        (Font(color="FFFFC7CE"), _solid("FFFFC7CE")),
        (Font(color=Color(theme=4, tint=0.6)), _solid(Color(theme=4, tint=0.6))),
        (None, _solid("FF000000")),
        (Font(color="FF000000"), _solid(Color(theme=1))),
    ],
)
def test_ink_like_the_paper(font: Font | None, fill: PatternFill | None) -> None:
    assert _sheet(font, fill).unseen == {(1, 1)}
    assert _sheet(font, fill, value="12.5").unseen == {(1, 1)}


@pytest.mark.parametrize(
    ("font", "fill"),
    [
        (None, None),
        (Font(color="FFFF0000"), None),
        (Font(color="FFFFFFFF"), _solid("FF1F497D")),
        (Font(color=Color(theme=0)), _solid(Color(theme=4))),
        (Font(color=Color(theme=1)), _solid("FFFFC7CE")),
        (Font(color=Color(theme=0, tint=-0.5)), None),
        (Font(color="FFFFFFFF"), PatternFill("gray125", fgColor="FFFFFFFF")),
    ],
)
def test_ink_that_can_be_read(font: Font | None, fill: PatternFill | None) -> None:
    assert _sheet(font, fill).unseen == set()


def test_the_colour_of_a_format_is_the_ink() -> None:
    assert _sheet(code="[White]0.00").unseen == _sheet(code="[白色]0.00;0").unseen == {(1, 1)}
    assert _sheet(code="[Color2]0.00").unseen == {(1, 1)}
    assert _sheet(Font(color="FFFFFFFF"), code="[Red]0.00").unseen == set()


@pytest.mark.parametrize("plainly", [True, False])
def test_rows_and_columns_without_extent(plainly: bool) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for row in range(1, 7):
        for column in range(1, 5):
            sheet.cell(row, column, row)
    sheet.row_dimensions[2].height, sheet.row_dimensions[3].height = 0.75, 15
    sheet.column_dimensions["B"].width = 0.3
    sheet.column_dimensions["C"].width = 0.1
    assert _hidden(_saved(workbook), plainly) == ({1}, {1, 2})
    sheet.sheet_format.zeroHeight = True
    assert _hidden(_saved(workbook), plainly) == ({0, 1, 3, 4, 5}, {1, 2})
    sheet.sheet_format.zeroHeight, sheet.sheet_format.defaultColWidth = None, 0
    rows, columns = _hidden(_saved(workbook), plainly)
    assert rows == {1} and {0, 1, 2, 3} <= columns


def _saved(workbook: openpyxl.Workbook) -> bytes:
    saved = io.BytesIO()
    workbook.save(saved)
    return saved.getvalue()  # no width of 0 is written


def _hidden(saved: bytes, plainly: bool) -> tuple[set[int], set[int]]:
    """What is hidden, read with the one pattern or, behind a comment, by the parser."""
    with zipfile.ZipFile(io.BytesIO(saved)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    members[name] = members[name].replace(b'width="0.3"', b'width="0"')
    if not plainly:
        members[name] = members[name].replace(b"</sheetData>", b"<!-- --></sheetData>")
    sheet = read_workbook(zipped(members), "表.xlsx").sheets[0]
    return sheet.hidden_rows, sheet.hidden_columns


def _hiding(path: Path) -> None:
    """One figure to a row, hidden or shown in one way each."""
    looks: list[tuple[dict[str, str], float | str]] = [
        ({"num_format": "0.00"}, 12.5),
        ({"num_format": ";;;"}, 12.5),
        ({"num_format": "0.00", "font_color": "#FFFFFF"}, 12.5),
        ({"num_format": "0.00", "font_color": "#FF0000", "bg_color": "#FF0000"}, 12),
        ({"num_format": "0.00;-0.00;"}, 0),
        ({"num_format": "0.00;[Red]0.00"}, -2.5),
        ({"num_format": "0,"}, 12345),
        ({"num_format": "0.00"}, 7),
        ({"num_format": "0.00"}, 8.25),
        ({"num_format": "0.00;-0.00"}, -12.5),
        ({"font_color": "#FFFFFF"}, "12.5"),
        ({"num_format": "0.00%"}, 0.125),
        ({"num_format": "0.00", "font_color": "#FFFFFF", "bg_color": "#000080"}, 12.5),
        ({"num_format": ACCOUNTS}, 0),
    ]
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("表")
        for row, (look, value) in enumerate(looks):
            sheet.write(row, 1, value, workbook.add_format(look))
        sheet.set_row(7, None, None, {"hidden": True})
        sheet.set_row(8, 1)
        for column, width in ((3, None), (4, 0.1)):
            sheet.write_number(0, column, 1)
            sheet.set_column(column, column, width, None, {"hidden": column == 3})


@pytest.mark.in_turn("long")
@pytest.mark.libreoffice
def test_other_kinds_of_files_hide_the_same(tmp_path: Path) -> None:
    path = tmp_path / "藏.xlsx"
    _hiding(path)
    for kind in ("ods", "xls"):
        converted([path], tmp_path, kind)
    for kind in ("xlsx", "ods", "xls"):
        (sheet,) = read_workbook((tmp_path / f"藏.{kind}").read_bytes(), f"藏.{kind}").sheets
        assert (sheet.hidden_rows, sheet.hidden_columns & set(range(20))) == ({7, 8}, {3, 4}), kind
        assert sorted(row for row, _ in sheet.unseen) == [1, 2, 3, 4, 10], kind


def test_what_is_cut_short_says_nothing() -> None:
    begin = struct.pack("<HHHH", 0x0809, 4, 0x0600, 5)
    assert xls_sights(b"") == xls_sights(begin + struct.pack("<HH", 0x0031, 2) + b"\0\0") == []
    assert xls_sights(begin + struct.pack("<HHI", 0x0085, 4, 9_999)) == [Sight()]
    assert ods_sights(b"<x/>", b"<not well formed") == []


def _styled(font: str = "", code: str = "0.00") -> Case:
    """D8 of the issued form in a style of its own."""

    def made(parts: Parts) -> bytes:
        styles = parts[STYLES].decode()
        count = len(re.findall(r"<xf ", styles.partition("<cellXfs")[2].partition("</cellXfs>")[0]))
        fonts = len(re.findall(r"<font>", styles.partition("<fonts")[2].partition("</fonts>")[0]))
        styles = re.sub(r"(<numFmts[^>]*>)", rf'\1<numFmt numFmtId="399" formatCode="{code}"/>', styles, count=1)
        styles = styles.replace("</fonts>", f"<font>{font}</font></fonts>", 1)
        xf = f'<xf numFmtId="399" fontId="{fonts}" fillId="0" borderId="0" xfId="0"/></cellXfs>'
        parts[STYLES] = styles.replace("</cellXfs>", xf, 1).encode()
        parts[FORM] = re.sub(rb'<c r="D8" s="[0-9]+">', f'<c r="D8" s="{count}">'.encode(), parts[FORM], count=1)
        return zipped(parts)

    return made


def _row_8(attributes: bytes) -> Case:
    return with_part(FORM, lambda part: re.sub(rb'<row r="8"[^>]*>', b'<row r="8" ' + attributes + b">", part, count=1))


def _collapsed(part: bytes) -> bytes:
    part = part.replace(b"<sheetFormatPr ", b'<sheetFormatPr zeroHeight="1" ', 1)
    return re.sub(rb'<row r="8"[^>]*>', b'<row r="8">', part, count=1)


CASES: dict[str, tuple[Case, str, str]] = {
    "格式": (_styled(code=";;;"), "T-15", "D8"),
    "白字": (_styled('<color rgb="FFFFFFFF"/>'), "T-15", "D8"),
    "行高": (_row_8(b'ht="0" customHeight="1"'), "T-15", "B8"),
    "收起": (with_part(FORM, _collapsed), "T-15", ""),
    "藏列": (
        with_part(FORM, lambda part: part.replace(b'<col min="2" ', b'<col hidden="1" min="2" ', 1)),
        "T-15",
        "B4",
    ),
    "不显零": (
        with_part(FORM, lambda part: part.replace(b"<sheetView ", b'<sheetView showZeros="0" ', 1)),
        "T-15",
        "B10",
    ),
    "缩小": (_styled(code="0.00,"), "T-17", "D8"),
    "原样": (zipped, "", ""),
}


def test_they_are_told_at_their_cell(tmp_path: Path) -> None:
    names = {}
    for number, (name, (case, _, _)) in enumerate(CASES.items(), 1):
        (tmp_path / f"{name}.xlsx").write_bytes(case(good(number)))
        names[f"{name}.xlsx"] = name
    findings = run([tmp_path]).findings
    hidden = findings[findings["rule"].isin(["T-15", "T-17"])]
    by_name = {names[Path(finding.file).name]: (finding.rule, finding.cell) for finding in hidden.itertuples()}
    assert by_name.pop("收起")[0] == "T-15"
    assert by_name == {name: (rule, cell) for name, (_, rule, cell) in CASES.items() if cell}
