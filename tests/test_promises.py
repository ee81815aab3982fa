"""What is promised of reading (docs/security.md), in every format: one workbook, written in each of them."""

from __future__ import annotations

import struct
import subprocess
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Font

from gouji.ingest.figures.shown_figures import another_figure
from gouji.ingest.files import ods_sight
from gouji.ingest.grid import Kind, Sheet, Workbook
from gouji.ingest.read import read_workbook
from tests import binary_workbook as binary
from tests.hostile.base import zipped
from tests.hostile.legacy import compound

_CODES = ("General", "0.0%", ";;;", "0.00,")
_PERCENT, _NOTHING, _THOUSANDS, _WHITE = 1, 2, 3, 4
_FORMATS = ["xlsx", "xlsm", "xls", "et", "ods", "xlsb"]


def _source(path: Path) -> None:
    """The workbook; the rows of its cells are those of `PROMISES`."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "表"
    cells = {
        "A1": "=1/0", "A2": "=NA()", "A3": '=IF(COUNT(E1:E3)>0,SUM(E1:E3),"")', "A4": "=SUM(E5:E6)", "A5": 0.5, "A6": 7,
        "A7": 8, "A8": "#N/A", "A9": 9, "A10": 12345, "A11": 2.5, "A12": "=A11*2", "C1": 3, "E5": 0,
        "A13": '=IF(COUNT(E1,E2)=2,IF(E2<>0,E1/E2,""),"")', "A14": '=IF(COUNT(A11,A4)=2,A4*A11,"")', "A15": "文字",
    }  # fmt: skip
    for address, value in cells.items():
        sheet[address] = value
    for row in (3, 4, 13, 14):
        sheet.cell(row, 1).number_format = "0.00##"
    sheet["A8"].data_type = "s"
    sheet["A5"].number_format, sheet["A6"].number_format, sheet["A10"].number_format = _CODES[1:]
    sheet["A7"].font = Font(color="FFFFFFFF")
    sheet.row_dimensions[9].hidden = True
    sheet.column_dimensions["C"].hidden = True
    other = book.create_sheet("藏")
    other["A1"] = 1
    other.sheet_state = "hidden"
    book.save(path)


def _binary() -> bytes:
    cells = [
        binary.error_formula(0, 0x07), binary.error(0, 0x2A), binary.text_formula(0, ""), binary.number_formula(0, 0.0),
        binary.real(0, 0.5, _PERCENT), binary.real(0, 7, _NOTHING), binary.real(0, 8, _WHITE), binary.text(0, "#N/A"),
        binary.real(0, 9), binary.real(0, 12345, _THOUSANDS), binary.real(0, 2.5), binary.number_formula(0, 5.0),
        binary.text_formula(0, ""), binary.number_formula(0, 0.0), binary.text(0, "文字"),
    ]  # fmt: skip
    rows = [binary.row(row, cell, hidden=row == 8) for row, cell in enumerate(cells)]
    rows[0] = binary.row(0, cells[0], binary.real(2, 3))
    shown = binary.sheet(*rows, before=binary.hidden_column(2))
    return binary.workbook([("表", False, shown), ("藏", True, binary.sheet(binary.row(0, binary.real(0, 1))))], _CODES)


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Workbook]:
    """The workbook as it is read from a format."""
    folder = tmp_path_factory.mktemp("各种格式")
    source = folder / "来源.xlsx"
    _source(source)
    for kind in ("xlsx", "xls", "ods"):
        profile = f"-env:UserInstallation=file://{folder}/profile"
        command = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", str(folder / "存"), str(source)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
    (folder / "存" / "来源.xlsb").write_bytes(_binary())
    alike = {"xlsm": "xlsx", "et": "xls"}
    books: dict[str, Workbook] = {}

    def _read(kind: str) -> Workbook:
        if kind not in books:
            data = (folder / "存" / f"来源.{alike.get(kind, kind)}").read_bytes()
            books[kind] = read_workbook(data, f"来源.{kind}")
        return books[kind]

    return _read


def _is(row: int, kind: Kind, value: object = None) -> Callable[[Sheet], bool]:
    """Whether a cell of column A is of a kind and holds a value; of an error, its text."""

    def holds(sheet: Sheet) -> bool:
        special = sheet.special.get((row - 1, 0), (None, None))[1]
        return sheet.kind(row - 1, 0) is kind and value in (sheet.raw(row - 1, 0), special)

    return holds


PROMISES: dict[str, Callable[[Sheet], bool]] = {
    "公式的错误值": _is(1, Kind.ERROR, "#DIV/0!"),
    "错误值": _is(2, Kind.ERROR, "#N/A"),
    "写着错误值的文字": _is(8, Kind.TEXT, "#N/A"),
    "结果为空的公式": lambda sheet: _is(3, Kind.BLANK)(sheet) and _is(13, Kind.BLANK)(sheet),
    "结果为零的公式": lambda sheet: _is(4, Kind.NUMBER, 0.0)(sheet) and _is(14, Kind.NUMBER, 0.0)(sheet),
    "数字": _is(11, Kind.NUMBER, 2.5),
    "公式": lambda sheet: {(0, 0), (2, 0), (3, 0), (11, 0)} <= sheet.formulas and (10, 0) not in sheet.formulas,
    "空格": lambda sheet: sheet.kind(0, 1) is Kind.BLANK,
    "文字": _is(15, Kind.TEXT, "文字"),
    "百分数格式": lambda sheet: sheet.number_format(4, 0) == "0.0%" and sheet.number_format(10, 0) is None,
    "什么都不显示的格式": lambda sheet: (5, 0) in sheet.unseen,
    "白底白字": lambda sheet: (6, 0) in sheet.unseen,
    "隐藏的行": lambda sheet: sheet.hidden_rows == {8},
    "隐藏的列": lambda sheet: sheet.hidden_columns == {2},
    "缩小显示": lambda sheet: another_figure(sheet.number_format(9, 0) or "", 12345.0, "amount") == "12.35",
}


@pytest.mark.libreoffice
@pytest.mark.parametrize("kind", _FORMATS)
@pytest.mark.parametrize("promise", PROMISES)
def test_promise(promise: str, kind: str, read: Callable[[str], Workbook]) -> None:
    assert PROMISES[promise](read(kind).sheets[0])


@pytest.mark.libreoffice
@pytest.mark.parametrize("kind", _FORMATS)
def test_hidden_sheets(kind: str, read: Callable[[str], Workbook]) -> None:
    assert [(sheet.name, sheet.hidden) for sheet in read(kind).sheets] == [("表", False), ("藏", True)]


_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_MANIFEST = (
    "META-INF/manifest.xml",
    b'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
)
_TABLE = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
    '<table:table table:name="表"><table:table-row>{}</table:table-row></table:table>'
    "</office:spreadsheet></office:body></office:document-content>"
)


def _open_document(cell: str) -> bytes:
    return zipped([("mimetype", _ODS), _MANIFEST, ("content.xml", _TABLE.format(cell).encode())])


def _old_workbook(formula: bytes, build: int = 0x1234) -> bytes:
    """An .xls with one formula, given from its result on, in A1."""

    def record(kind: int, body: bytes = b"") -> bytes:
        return struct.pack("<HH", kind, len(body)) + body

    begin = [record(0x0809, struct.pack("<HHHHII", 0x0600, kind, build, 1997, 0, 0)) for kind in (5, 16)]
    name = "表".encode("utf-16-le")
    listed = record(0x0085, struct.pack("<IBBBB", len(begin[0]) + 4 + 8 + len(name) + 4, 0, 0, 1, 1) + name)
    cell = record(0x0006, struct.pack("<HHH", 0, 0, 0) + formula)
    return compound({"Workbook": begin[0] + listed + record(0x0A) + begin[1] + cell + record(0x0A)})


def _yields(result: bytes, said: int, tokens: bytes = b"\x1e\x01\x00") -> bytes:
    return result + struct.pack("<HIH", said, 0, len(tokens)) + tokens


_OTHER_SHEET = b"\x5a" + bytes(6)
"""A reference to another sheet, which is not followed."""
UNCALCULATED: dict[str, tuple[bytes, str]] = {
    "没有类型也没有显示": (_open_document('<table:table-cell table:formula="of:=1+1"/>'), "a.ods"),
    "有类型没有值": (
        _open_document('<table:table-cell table:formula="of:=1+1" office:value-type="float"/>'), "a.ods",
    ),
    "只有显示": (
        _open_document('<table:table-cell table:formula="of:=1+1"><text:p>2</text:p></table:table-cell>'), "a.ods",
    ),
    "打开时再算": (_old_workbook(_yields(bytes(8), 2)), "a.xls"),
    "wps打开时再算": (_old_workbook(_yields(bytes(8), 3)), "a.et"),
}  # fmt: skip


@pytest.mark.parametrize("written", UNCALCULATED)
def test_formulas_without_a_value(written: str) -> None:
    assert read_workbook(*UNCALCULATED[written]).sheets[0].kind(0, 0) is Kind.UNCALCULATED


def test_a_number_without_its_value_is_unknown() -> None:
    lacking = _open_document('<table:table-cell office:value-type="float"><text:p>2</text:p></table:table-cell>')
    assert read_workbook(lacking, "a.ods").sheets[0].kind(0, 0) is Kind.UNKNOWN


@pytest.mark.parametrize(
    "said",
    [
        'table:formula="of:=1/0" office:value-type="float" office:value="0"',
        'table:formula="of:=1/0" office:value-type="string" office:string-value=""',
        'office:value-type="string" xmlns:calcext="urn:x" calcext:value-type="error"',
    ],
)
def test_errors_of_open_documents(said: str) -> None:
    cell = f"<table:table-cell {said}><text:p>#DIV/0!</text:p></table:table-cell>"
    sheet = read_workbook(_open_document(cell), "a.ods").sheets[0]
    assert sheet.special == {(0, 0): (Kind.ERROR, "#DIV/0!")} and sheet.raw(0, 0) is None


@pytest.mark.parametrize(
    ("tokens", "build", "kind"),
    [
        # 0 or "", who knows: a cell of another sheet decides.
        (_OTHER_SHEET + b"\x17\x00\x00" + b"\x42\x02\x01\x00", 0x0DBB, Kind.UNKNOWN),
        (_OTHER_SHEET + b"\x17\x00\x00" + b"\x42\x02\x01\x00", 0x4F5A, Kind.NUMBER),
        (b"\x17\x00\x00", 0x4F5A, Kind.BLANK),
        (b"\x17\x02\x01" + "文字".encode("utf-16-le"), 0x0DBB, Kind.TEXT),
        (_OTHER_SHEET, 0x0DBB, Kind.NUMBER),
    ],
)
def test_zeros_of_old_workbooks(tokens: bytes, build: int, kind: Kind) -> None:
    data = _old_workbook(_yields(bytes(8), 0, tokens), build)
    assert read_workbook(data, "a.xls").sheets[0].kind(0, 0) is kind


def test_a_large_open_document_tells_no_blanks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its cells are not looked at, so none of them is a blank for certain."""
    monkeypatch.setattr(ods_sight, "_LARGEST", 100)
    data = _open_document('<table:table-cell office:value-type="float" office:value="1"/><table:table-cell/>')
    sheet = read_workbook(data, "a.ods").sheets[0]
    assert not sheet.told and (sheet.kind(0, 0), sheet.kind(0, 1)) == (Kind.NUMBER, Kind.UNKNOWN)
