"""A file → its grid: what every cell is, and why a file is turned away."""

from __future__ import annotations

import datetime
import io
import os
import pickle
import re
import struct
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from gouji.ingest.admit import Limits, Refused, admit, examine, read_bytes
from gouji.ingest.figures.quotients import Quotient
from gouji.ingest.files.cfb import CompoundFile
from gouji.ingest.files.scan import scan_sheet
from gouji.ingest.files.styles import Look
from gouji.ingest.grid import Kind, Sheet
from gouji.ingest.read import read_workbook
from tests.hostile.legacy import compound
from tests.packages import STRICT, book, packed, parts, sheet_xml
from tests.recalculation import converted

ERRORS = ["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"]


def one_sheet(data: bytes, name: str = "a.xlsx") -> Sheet:
    (sheet,) = read_workbook(data, name).sheets
    return sheet


def refusal(data: bytes, name: str = "a.xlsx", limits: Limits | None = None) -> tuple[str, str]:
    with pytest.raises(Refused) as caught:
        read_workbook(data, name, limits)
    return caught.value.code, caught.value.reason


def typed_book() -> openpyxl.Workbook:
    """One of each kind of cell, away from A1, with a hidden sheet and a merge."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "基础数据表"
    sheet["C4"] = "单位"
    sheet["D4"] = 28.25
    sheet["D4"].number_format = "0.00"
    sheet["E4"] = True
    sheet["F4"] = datetime.date(2021, 6, 24)
    sheet["G4"] = 0.61
    sheet["G4"].number_format = "0%"
    sheet["H4"] = 7
    sheet["C6"] = "#REF!"
    sheet["D6"] = 1234.5
    sheet["D6"].number_format = '#,##0.0"万元"'
    sheet.merge_cells("C8:E9")
    workbook.create_sheet("隐藏").sheet_state = "hidden"
    workbook.create_sheet("深藏").sheet_state = "veryHidden"
    workbook.create_chartsheet("图")
    return workbook


def saved(workbook: openpyxl.Workbook) -> bytes:
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


# ---- what stands in a cell ----------------------------------------------------------------------


def test_every_kind_of_cell_at_its_own_place() -> None:
    workbook = read_workbook(saved(typed_book()), "a.xlsx")
    assert workbook.file_kind == "xlsx"
    assert workbook.notes == []
    assert [(s.name, s.hidden, s.told) for s in workbook.sheets] == [
        ("基础数据表", False, True),
        ("隐藏", True, True),
        ("深藏", True, True),
    ]
    sheet = workbook.sheets[0]
    assert (sheet.height, sheet.width) == (6, 8)
    assert [sheet.raw(3, c) for c in range(9)] == [
        None, None, "单位", 28.25, True, datetime.date(2021, 6, 24), 0.61, 7, None,
    ]  # fmt: skip
    assert [sheet.kind(3, c) for c in range(9)] == [
        Kind.BLANK, Kind.BLANK, Kind.TEXT, Kind.NUMBER, Kind.BOOLEAN, Kind.DATE, Kind.NUMBER, Kind.NUMBER,
        Kind.BLANK,
    ]  # fmt: skip
    assert sheet.kind(5, 2) is Kind.ERROR
    assert sheet.formats == {(3, 3): "0.00", (3, 5): "yyyy-mm-dd", (3, 6): "0%", (5, 3): '#,##0.0"万元"'}
    assert sheet.number_format(3, 7) is None
    assert sheet.merges == [(7, 2, 8, 4)]
    assert (sheet.raw(-1, 0), sheet.raw(0, -1), sheet.raw(99, 0), sheet.kind(99, 0)) == (
        None,
        None,
        None,
        Kind.BLANK,
    )


@pytest.mark.parametrize("error", [*ERRORS, "#SPILL!", "#CALC!", "#GETTING_DATA", "Err:502"])
def test_errors_are_no_blanks(error: str) -> None:
    sheet = one_sheet(
        book(
            f'<row r="2"><c r="B2"><v>1</v></c><c r="C2" t="e"><v>{error}</v></c></row>'
            f'<row r="4"><c r="E4" t="e"><f>1/0</f><v>{error}</v></c></row>'
        )
    )
    assert sheet.special == {(1, 2): (Kind.ERROR, error), (3, 4): (Kind.ERROR, error)}
    assert (sheet.kind(1, 2), sheet.kind(3, 4), sheet.kind(1, 3)) == (Kind.ERROR, Kind.ERROR, Kind.BLANK)
    assert sheet.raw(1, 1) == 1


def test_uncalculated_formulas_are_no_blanks_even_at_the_edge() -> None:
    workbook = openpyxl.Workbook()
    workbook.active["B2"] = 5
    workbook.active["B3"] = "=B2*2"
    workbook.active["D9"] = '=IF(B2>1,"是","")'
    sheet = one_sheet(saved(workbook))
    assert sheet.special == {
        (2, 1): (Kind.UNCALCULATED, "=B2*2"),
        (8, 3): (Kind.UNCALCULATED, '=IF(B2>1,"是","")'),
    }
    assert (sheet.height, sheet.width) == (9, 4)
    assert all(len(row) == 4 for row in sheet.rows)
    assert sheet.kind(8, 3) is Kind.UNCALCULATED


def test_calculated_formulas_are_their_values() -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_formula("A1", "=1+1", None, 2)
        sheet.write_formula("A3", '="a"', None, "a")
        sheet.write_array_formula("B1:B3", "{=A1:A3*2}", None, 4)
    read = one_sheet(target.getvalue())
    assert read.special == {}
    assert [read.raw(0, 0), read.raw(1, 0), read.raw(2, 0), read.raw(0, 1)] == [2, None, "a", 4]


@pytest.mark.parametrize(
    ("formula", "power"),
    [
        ("F6/E6", 0), ("IFERROR(F6/E6,&quot;&quot;)", 0), ("F6/E6*100", -2), ("ROUND(F6/E6*100,2)", -2),
        ("100*F6/E6", -2), ("F6/E6*1000", 0), ("F6/E100*B2", 0), ("C5", None), ("C5*100", None),
    ],
)  # fmt: skip
def test_quotients_say_whether_they_are_meant_in_percent(formula: str, power: int | None) -> None:
    rows = f'<row r="1"><c r="A1"><f>{formula}</f><v>3.5</v></c></row>'
    shared = (
        f'<row r="1"><c r="A1"><f t="shared" ref="A1:A2" si="0">{formula}</f><v>3.5</v></c></row>'
        '<row r="2"><c r="A2"><f t="shared" si="0"/><v>3.5</v></c></row>'
    )
    places = 2 if formula.startswith("ROUND") else None
    expected = {} if power is None else {(0, 0): Quotient(power, places)}
    assert scan_sheet(sheet_xml(rows).encode(), []).quotients == expected
    again = {} if power is None else {(1, 0): Quotient(power, places)}
    assert scan_sheet(sheet_xml(shared).encode(), []).quotients == expected | again


def test_a_formula_that_yields_no_text_is_calculated() -> None:
    sheet = one_sheet(
        book(
            '<row r="1"><c r="A1" t="str"><f>""</f><v></v></c><c r="B1" t="str"><f>""</f></c>'
            '<c r="C1"><f>""</f><v></v></c></row>'
        )
    )
    assert [sheet.kind(0, c) for c in range(3)] == [Kind.BLANK, Kind.UNCALCULATED, Kind.UNCALCULATED]


def test_shared_and_array_formulas_without_values() -> None:
    sheet = one_sheet(
        book(
            '<row r="1"><c r="A1"><f t="shared" ref="A1:A3" si="0">B1*2</f></c><c r="B1"><v>1</v></c>'
            '<c r="D1"><f t="array" ref="D1:E2">A1:B2</f></c></row>'
            '<row r="2"><c r="A2"><f t="shared" si="0"/></c><c r="E2"><v>8</v></c></row>'
            '<row r="3"><c r="A3"><f t="shared" si="0"/><v>6</v></c></row>'
        )
    )
    assert sheet.special == {
        (0, 0): (Kind.UNCALCULATED, "=B1*2"),
        (1, 0): (Kind.UNCALCULATED, "=B1*2"),
        (0, 3): (Kind.UNCALCULATED, "=A1:B2"),
        (0, 4): (Kind.UNCALCULATED, "=A1:B2"),
        (1, 3): (Kind.UNCALCULATED, "=A1:B2"),
    }
    assert (sheet.raw(2, 0), sheet.raw(1, 4)) == (6, 8)


def test_an_array_over_the_whole_sheet_marks_its_first_cell() -> None:
    scan = scan_sheet(sheet_xml('<row r="1"><c r="A1"><f t="array" ref="A1:XFD1048576">B1</f></c></row>').encode(), [])
    assert scan.special == {(0, 0): (Kind.UNCALCULATED, "=B1")}
    assert (scan.bottom, scan.right) == (1, 1)


def test_cells_without_addresses_follow_one_another() -> None:
    sheet = one_sheet(
        book(
            '<row r="3"><c r="B3"><v>1</v></c><c t="e"><v>#N/A</v></c><c><f>1</f></c></row>'
            '<row><c t="e"><v>#REF!</v></c><c><v>3</v></c></row>'
        )
    )
    assert sheet.special == {
        (2, 2): (Kind.ERROR, "#N/A"),
        (2, 3): (Kind.UNCALCULATED, "=1"),
        (3, 0): (Kind.ERROR, "#REF!"),
    }
    assert (sheet.raw(2, 1), sheet.raw(3, 1)) == (1, 3)


def test_built_in_formats_are_known_by_number() -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        for row, number in enumerate([None, 1, 2, 4, 9, 10, 49]):
            sheet.write_number(
                row, 0, 1.5, workbook.add_format({"bold": True} | ({"num_format": number} if number else {}))
            )
    assert one_sheet(target.getvalue()).formats == {
        (1, 0): "0", (2, 0): "0.00", (3, 0): "#,##0.00", (4, 0): "0%", (5, 0): "0.00%", (6, 0): "@",
    }  # fmt: skip


def test_strict_files_read_like_the_others() -> None:
    rows = '<row r="2"><c r="B2" t="e"><v>#REF!</v></c><c r="C2"><v>2</v></c></row>'
    members = parts(sheet_xml(rows, '<mergeCells count="1"><mergeCell ref="B3:C4"/></mergeCells>', STRICT), main=STRICT)
    sheet = one_sheet(packed(members))
    assert (sheet.special, sheet.merges, sheet.raw(1, 2)) == (
        {(1, 1): (Kind.ERROR, "#REF!")},
        [(2, 1, 3, 2)],
        2,
    )


def test_two_byte_xml_is_read() -> None:
    rows = '<row r="1"><c r="A1" t="inlineStr"><is><t>中文</t></is></c><c r="B1"><v>5</v></c></row>'
    text = sheet_xml(rows).replace("UTF-8", "UTF-16")
    assert one_sheet(packed(parts(text.encode("utf-16")))).rows == [["中文", 5.0]]


def test_large_sheets_are_scanned_in_pieces_with_the_same_result() -> None:
    rows = "".join(
        f'<row r="{r}"><c r="A{r}" t="e"><v>#REF!</v></c><c r="B{r}" s="1"><v>{r}</v></c></row>' for r in range(1, 3001)
    )
    xml = sheet_xml(rows, '<mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells>').encode()
    padded = xml.replace(b"<sheetData>", b"<sheetData>" + b" " * 5_000_000)
    assert scan_sheet(padded, [Look(), Look("0.00")]) == scan_sheet(xml, [Look(), Look("0.00")])
    assert scan_sheet(padded, [Look(), Look("0.00")]).special[2999, 0] == (Kind.ERROR, "#REF!")
    assert len(scan_sheet(padded, [Look(), Look("0.00")]).formats) == 3000


def test_a_stray_format_far_away_is_no_content() -> None:
    sheet = one_sheet(book('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="0"/></row>'))
    assert sheet.rows == [[1.0]]


def test_macros_links_and_extensions_are_noted() -> None:
    members = parts(sheet_xml(""))
    members["xl/vbaProject.bin"] = b"\0"
    members["xl/externalLinks/externalLink1.xml"] = "<externalLink/>"
    workbook = read_workbook(packed(members), "报表.xls")
    assert workbook.notes == [
        "文件含有宏（xl/vbaProject.bin），未运行，也不会带入结果。",
        "文件链接了其他工作簿（xl/externalLinks/externalLink1.xml），链接未更新，也不会带入结果。",
        "扩展名“.xls”与内容（xlsx）不符，已按内容读取。",
    ]
    assert [(s.name, s.rows) for s in workbook.sheets] == [("表", [])]
    assert read_workbook(packed(members), "报表.xlsm").notes[2:] == []


# ---- what is turned away ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<html><table><tr><td>1</td></tr></table></html>", "网页"),
        ("\ufeff<!DOCTYPE html>\n<html>".encode(), "网页"),
        ("单位,金额\n甲,1\n乙,2\n".encode("gb18030"), "CSV"),
        ("单位\t金额\n甲\t1\n".encode("utf-16"), "CSV"),
        ("今年的报表见附件。".encode(), "纯文本"),
        (b"{\\rtf1 abc}", "RTF"),
        (b"MIME-Version: 1.0\n\n", "MHT"),
        (b'<?xml version="1.0"?><a/>', "XML 文件"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "2003"),
        (b"\x89PNG\r\n\x1a\n\0\0", "图片"),
        (b"Rar!\x1a\x07\0", "RAR"),
        (b"7z\xbc\xaf\x27\x1c", "7z"),
        (b"\x00\x01\x02\x03" * 9, "认不出"),
        (packed({"a.txt": "a"}), "压缩包"),
        (packed({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"}), "Word"),
        (packed({"[Content_Types].xml": "<Types/>", "ppt/presentation.xml": "<p/>"}), "PowerPoint"),
        (packed({"mimetype": "application/vnd.oasis.opendocument.text"}), "OpenDocument"),
    ],
)
def test_what_is_no_spreadsheet_is_named(data: bytes, words: str) -> None:
    code, reason = refusal(data, "报表.xlsx")
    assert code == "不是电子表格"
    assert words in reason
    assert "请" in reason


def test_reading_bytes(tmp_path: Path) -> None:
    good = tmp_path / "报表.xlsx"
    good.write_bytes(b"abc")
    assert read_bytes(good) == b"abc"
    (tmp_path / "link.xlsx").symlink_to(good)
    assert read_bytes(tmp_path / "link.xlsx") == b"abc"


def _refused_path(path: Path, limits: Limits | None = None) -> str:
    with pytest.raises(Refused) as caught:
        read_bytes(path, limits)
    return caught.value.code


def test_paths_that_are_no_readable_file(tmp_path: Path) -> None:
    (tmp_path / "~$报表.xlsx").write_bytes(b"abc")
    (tmp_path / "空.xlsx").write_bytes(b"")
    (tmp_path / "大.xlsx").write_bytes(b"abcd")
    (tmp_path / "夹.xlsx").mkdir()
    os.mkfifo(tmp_path / "管.xlsx")
    (tmp_path / "环.xlsx").symlink_to(tmp_path / "环.xlsx")
    assert _refused_path(tmp_path / "~$报表.xlsx") == "临时锁文件"
    assert _refused_path(tmp_path / "空.xlsx") == "空文件"
    assert _refused_path(tmp_path / "大.xlsx", Limits(file_size=3)) == "文件过大"
    assert _refused_path(tmp_path / "夹.xlsx") == "不是普通文件"
    assert _refused_path(tmp_path / "管.xlsx") == "不是普通文件"
    assert _refused_path(tmp_path / "环.xlsx") == "无法打开"
    assert _refused_path(tmp_path / "没有.xlsx") == "无法打开"


def test_size_counts_for_bytes_too() -> None:
    assert refusal(b"")[0] == "空文件"
    assert refusal(b"abcd", limits=Limits(file_size=3))[0] == "文件过大"


def test_refusals_come_back_from_worker_processes() -> None:
    refused = pickle.loads(pickle.dumps(Refused("空文件", "原因")))
    assert (refused.code, refused.reason, str(refused)) == ("空文件", "原因", "空文件：原因")


def test_archives_that_do_not_hold_together() -> None:
    whole = book('<row r="1"><c r="A1"><v>1</v></c></row>')
    assert refusal(whole[: len(whole) // 2])[0] == "文件损坏"
    assert refusal(whole[:4] + b"\0" * 40)[0] == "文件损坏"
    central = whole.index(b"PK\x01\x02")
    wrong_size = whole[: central + 24] + struct.pack("<I", 3) + whole[central + 28 :]
    assert refusal(wrong_size)[0] == "文件损坏"
    renamed = whole.replace(b"_rels/.rels", b"_rels/.relt", 1)
    assert refusal(renamed)[0] == "文件损坏"


def test_members_are_counted_and_unique() -> None:
    members = parts(sheet_xml(""))
    assert refusal(packed(members), limits=Limits(members=4))[0] == "成员过多"
    many = packed([(f"{n}", "") for n in range(31)])
    assert refusal(many, limits=Limits(members=3))[0] == "成员过多"
    assert refusal(packed([*members.items(), ("xl/worksheets/Sheet1.xml", sheet_xml(""))]))[0] == "成员重名"


def test_encrypted_members() -> None:
    data = bytearray(book(""))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = data.index(mark)
        data[start + offset] |= 1
    assert refusal(bytes(data))[0] == "已加密"


def test_inflation_is_bounded_by_what_comes_out() -> None:
    members = parts(sheet_xml(""))
    members["xl/media/a.bin"] = b"\0" * 3_000_000
    bomb = packed(members)
    small = Limits(ratio_from=1_000_000)
    assert refusal(bomb, limits=small)[0] == "展开过大"
    assert refusal(bomb, limits=Limits(part_size=2_000_000))[0] == "展开过大"
    assert refusal(bomb, limits=Limits(total_size=2_000_000))[0] == "展开过大"
    assert admit(bomb, "a.xlsx") == "xlsx"
    start = bomb.index(b"PK\x01\x02", bomb.index(b"xl/media/a.bin") + 100)
    start = bomb.rindex(b"PK\x01\x02", start, bomb.rindex(b"xl/media/a.bin"))
    lying = bomb[: start + 24] + struct.pack("<I", 10) + bomb[start + 28 :]
    assert refusal(lying, limits=small)[0] == "展开过大"


@pytest.mark.parametrize("member", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "docProps/custom.xml"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-16", "utf-16-le"])
def test_no_document_type_in_any_part(member: str, codec: str) -> None:
    members = parts(sheet_xml(""))
    declaration = '<?xml version="1.0"?><!-- a --><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    members[member] = declaration.encode(codec)
    assert refusal(packed(members))[0] == "含有DTD"


def test_encodings_that_hide_markup() -> None:
    members = parts(sheet_xml(""))
    members["xl/theme.xml"] = '<?xml version="1.0" encoding="UTF-7"?><a/>'
    assert refusal(packed(members))[0] == "编码不明"


@pytest.mark.parametrize("address", ["A0", "A1048577", "XFE1", "AAAA1", "1A", "A99999999", ""])
def test_cells_outside_the_grid(address: str) -> None:
    assert refusal(book(f'<row r="1"><c r="{address}"><v>1</v></c></row>'))[0] == "地址越界"


@pytest.mark.parametrize("around", ["{}", '<row r="1"><x>{}</x></row>', '<row r="1"><c r="A2">{}</c></row>'])
@pytest.mark.parametrize("padding", ["", " " * 5_000_000])
def test_cells_outside_rows_are_no_way_around_the_bounds(around: str, padding: str) -> None:
    far = '<c r="A1"><v>1</v></c><c r="XFD1048576"><v>1</v></c>'
    assert refusal(book(padding + around.format(far)))[0] == "文件损坏"


def test_the_area_to_the_last_cell_is_bounded() -> None:
    far = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    code, reason = refusal(book(far))
    assert code == "范围过大"
    assert "删" in reason
    assert refusal(book('<row r="1048576"><c r="T1048576"><f>1</f></c></row>'))[0] == "范围过大"
    assert refusal(book('<row r="3"><c r="B3"><v>1</v></c></row>'), limits=Limits(cells=5))[0] == "范围过大"
    assert one_sheet(book('<row r="3"><c r="B3"><v>1</v></c></row>')).raw(2, 1) == 1


def test_a_lying_count_of_shared_texts() -> None:
    members = parts(sheet_xml(""))
    members["xl/sharedStrings.xml"] = '<sst count="1" uniqueCount="4000000000"><si><t>a</t></si></sst>'
    assert refusal(packed(members))[0] == "文件损坏"


def test_what_the_reader_cannot_take() -> None:
    assert refusal(book('<row r="1"><c r="A1"><v>1</v></c>'))[0] == "文件损坏"
    assert refusal(book('<row r="1"><c r="A1" t="b"><v>x</v></c></row>'))[0] == "无法读取"
    missing = parts(sheet_xml(""))
    del missing["xl/worksheets/sheet1.xml"]
    assert refusal(packed(missing))[0] == "无法读取"
    lost = parts(sheet_xml(""))
    del lost["_rels/.rels"]
    assert refusal(packed(lost))[0] == "文件损坏"


class _Panic(BaseException):
    """Stands for calamine's PanicException, which is no Exception either."""


@pytest.mark.parametrize(("raised", "seen"), [(_Panic, Refused), (KeyboardInterrupt, KeyboardInterrupt)])
def test_panics_are_refusals_and_interrupts_are_not(
    raised: type[BaseException], seen: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise raised

    monkeypatch.setattr("gouji.ingest.read._sheets", fail)
    with pytest.raises(seen):
        read_workbook(book(""), "a.xlsx")


# ---- compound files -----------------------------------------------------------------------------


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def test_compound_files_are_told_by_their_streams() -> None:
    assert CompoundFile(compound({"A": b"a" * 5000, "B": b"b"})).read("A").rstrip(b"\0") == b"a" * 5000
    assert refusal(compound({"EncryptedPackage": b"", "EncryptionInfo": b""}))[0] == "已加密"
    code, reason = refusal(compound({"WordDocument": b""}))
    assert (code, "Word" in reason) == ("不是电子表格", True)
    assert refusal(compound({"Contents": b""}))[0] == "不是电子表格"
    assert refusal(compound({"Workbook": b""})[:700])[0] == "文件损坏"
    circle = bytearray(compound({"Workbook": b"a" * 5000}))
    table = 512 + 512 * struct.unpack_from("<I", circle, 76)[0]
    struct.pack_into("<I", circle, table, 0)
    assert refusal(bytes(circle))[0] == "文件损坏"


def test_cells_of_xls_are_bounded_before_they_are_read() -> None:
    begin = _record(0x0809, bytes(16))
    number = struct.pack("<HHHd", 65535, 65535, 0, 1.0)
    assert refusal(compound({"Workbook": begin + _record(0x0203, number)}), "a.xls")[0] == "地址越界"
    far = begin + _record(0x0203, struct.pack("<HHHd", 65535, 255, 0, 1.0))
    assert refusal(compound({"Workbook": far}), "a.xls")[0] == "范围过大"
    stated = struct.pack("<IIHHH", 0, 0xE00009, 0, 13, 0)
    assert refusal(compound({"Workbook": begin + _record(0x0200, stated)}), "a.xls")[0] == "地址越界"
    backwards = struct.pack("<IIHHH", 0xE00003, 9, 2, 11, 0)
    assert refusal(compound({"Workbook": begin + _record(0x0200, backwards)}), "a.xls")[0] == "地址越界"
    spread = struct.pack("<IIHHH", 0, 65536, 0, 256, 0)
    assert refusal(compound({"Workbook": begin + _record(0x0200, spread)}), "a.xls")[0] == "范围过大"
    styled = begin + _record(0x0201, struct.pack("<HHH", 65535, 255, 0))
    assert admit(compound({"Workbook": styled}), "a.xls") == "xls"
    assert refusal(compound({"Workbook": begin + _record(0x002F, bytes(6))}), "a.xls")[0] == "已加密"


def test_et_is_named_as_such() -> None:
    data = compound({"Workbook": _record(0x0809, bytes(16))})
    assert [examine(data, name).kind for name in ("a.xls", "a.et", "a.xlsx")] == ["xls", "et", "xls"]
    assert examine(data, "a.xlsx").notes == ["扩展名“.xlsx”与内容（xls）不符，已按内容读取。"]


def test_cells_of_xlsb_are_bounded_before_they_are_read() -> None:
    def row(number: int) -> bytes:
        return b"\x00\x11" + struct.pack("<I", number) + bytes(13)

    def real(column: int) -> bytes:
        return b"\x05\x10" + struct.pack("<IId", column, 0, 1.0)

    def binary(sheet: bytes) -> bytes:
        return packed({"[Content_Types].xml": "<Types/>", "xl/workbook.bin": b"", "xl/worksheets/sheet1.bin": sheet})

    assert admit(binary(row(4) + real(2)), "a.xlsb") == "xlsb"
    assert refusal(binary(row(1_048_575) + real(16_383)), "a.xlsb")[0] == "范围过大"
    assert refusal(binary(row(1_048_576) + real(0)), "a.xlsb")[0] == "地址越界"
    assert refusal(binary(b"\x05\x7f"), "a.xlsb")[0] == "文件损坏"


def test_repeats_of_ods_are_multiplied_out_before_they_are_read() -> None:
    def document(rows: str) -> bytes:
        names = 'xmlns:office="urn:office" xmlns:table="urn:table" xmlns:text="urn:text"'
        return packed(
            {
                "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
                "content.xml": f"<office:body {names}><table:table>{rows}</table:table></office:body>",
            }
        )

    cell = '<table:table-cell office:value-type="float" {1}><text:p>1</text:p></table:table-cell>'
    filled = f"<table:table-row {{0}}>{cell}</table:table-row>"
    rows, columns = 'table:number-rows-repeated="1000000"', 'table:number-columns-repeated="16000"'
    assert admit(document(filled.format("", "")), "a.ods") == "ods"
    assert refusal(document(filled.format(rows, columns)), "a.ods")[0] == "范围过大"
    empty = f"<table:table-row {rows}><table:table-cell {columns}/></table:table-row>"
    assert admit(document(filled.format("", "") + empty), "a.ods") == "ods"
    assert refusal(document(empty + filled.format("", columns)), "a.ods")[0] == "范围过大"
    assert refusal(packed({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}), "a.ods")[0] == "文件损坏"


# ---- the other formats, as LibreOffice writes them -----------------------------------------------


def _converted(folder: Path, kind: str) -> bytes:
    source = folder / "来源.xlsx"
    source.write_bytes(saved(typed_book()))
    return converted([source], folder, kind)["来源"].read_bytes()


@pytest.mark.in_turn("long")
@pytest.mark.libreoffice
@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_the_older_and_the_open_format(kind: str, tmp_path: Path) -> None:
    workbook = read_workbook(_converted(tmp_path, kind), f"来源.{kind}")
    assert (workbook.file_kind, workbook.notes) == (kind, [])
    sheet = workbook.sheets[0]
    assert (sheet.name, sheet.hidden, sheet.told) == ("基础数据表", False, True)
    assert [sheet.raw(3, c) for c in (2, 3, 5, 6, 7)] == ["单位", 28.25, datetime.date(2021, 6, 24), 0.61, 7]
    assert sheet.kind(5, 2) is Kind.ERROR
    assert sheet.kind(3, 3) is Kind.NUMBER
    assert sheet.merges == ([(7, 2, 8, 4)] if kind == "xls" else [])
    assert workbook.sheets[1].hidden


def test_reasons_speak_to_the_unit() -> None:
    """No reason names a program's inner workings; each is a full Chinese sentence."""
    reasons = [refusal(b"abc")[1], refusal(b"")[1], refusal(book("<row>"))[1], refusal(packed({"a": "b"}))[1]]
    for reason in reasons:
        assert reason.endswith("。")
        assert not re.search(r"zip|calamine|Traceback|Error", reason)


def test_archives_with_a_folder_entry_are_ordinary() -> None:
    target = io.BytesIO(book('<row r="1"><c r="A1"><v>1</v></c></row>'))
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("xl/media/", "")
    assert one_sheet(target.getvalue()).rows == [[1.0]]
