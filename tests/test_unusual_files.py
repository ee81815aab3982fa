"""Files that are written otherwise than most, and are read all the same (17.8)."""

from __future__ import annotations

import posixpath
import struct

import pytest

from gouji.ingest.read import read_workbook
from gouji.ingest.refusal import Refused
from tests.hostile.base import zipped
from tests.hostile.legacy import compound, number, record
from tests.packages import MAIN, packed, parts, sheet_xml

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_BOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
Members = dict[str, str | bytes]


def _members() -> Members:
    """A workbook with a number and a shared text."""
    made = parts(sheet_xml('<row r="1"><c r="A1"><v>1</v></c><c r="B1" t="s"><v>0</v></c></row>'))
    made["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}"><si><t>文</t></si></sst>'
    stated = f'<Relationship Id="rId8" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    _swap(made, _RELATIONS, "</Relationships>", stated)
    return made


def _swap(members: Members, name: str, old: str, new: str) -> None:
    assert old in str(members[name])
    members[name] = str(members[name]).replace(old, new)


def _is_read(members: Members) -> bool:
    (sheet,) = read_workbook(packed(members), "a.xlsx").sheets
    return (sheet.name, sheet.rows) == ("表", [[1.0, "文"]])


@pytest.mark.parametrize(
    "target",
    ["../xl/worksheets/sheet1.xml", "./worksheets/sheet1.xml", "/xl/worksheets/sheet1.xml", "worksheets//sheet1.xml",
     "worksheets/../worksheets/sheet1.xml", "/xl/../xl/worksheets/sheet1.xml", r"worksheets\sheet1.xml",
     "WORKSHEETS/sheet1.xml"],
)  # fmt: skip
def test_ways_to_a_sheet(target: str) -> None:
    members = _members()
    _swap(members, _RELATIONS, '"worksheets/sheet1.xml"', f'"{target}"')
    assert _is_read(members)


@pytest.mark.parametrize("target", ["./xl/workbook.xml", "/xl/workbook.xml", "../xl/workbook.xml", "xl//workbook.xml"])
def test_ways_to_the_workbook(target: str) -> None:
    members = _members()
    _swap(members, "_rels/.rels", '"xl/workbook.xml"', f'"{target}"')
    assert _is_read(members)


@pytest.mark.parametrize("name", ["xl/book.xml", "workbook.xml", "甲/乙.xml", "xl/workbook.part"])
def test_workbooks_under_another_name(name: str) -> None:
    members = _members()
    folder, file = posixpath.split(name)
    members[name] = members.pop(_BOOK)
    relations = str(members.pop(_RELATIONS)).replace('Target="', 'Target="/xl/')
    members[posixpath.join(folder, "_rels", f"{file}.rels")] = relations
    _swap(members, "_rels/.rels", _BOOK, name)
    assert _is_read(members)


@pytest.mark.parametrize("decoy", [False, True])
def test_texts_under_another_name(decoy: bool) -> None:
    """Also beside a part that has the usual one and is nothing to the workbook."""
    members = _members()
    members["xl/甲.xml"] = members["xl/sharedStrings.xml"]
    members["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}"><si><t>别的</t></si></sst>'
    if not decoy:
        del members["xl/sharedStrings.xml"]
    _swap(members, _RELATIONS, '"sharedStrings.xml"', '"甲.xml"')
    assert _is_read(members)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("xl/media/a.svg", '<?xml version="1.0"?><!DOCTYPE svg PUBLIC "a" "b"><svg/>'),
        ("xl/media/b.svg", '<?xml version="1.0" encoding="GBK"?><svg/>'),
        ("customXml/a.html", "<!DOCTYPE html><html><br></html>"),
        ("xl/printerSettings/a.bin", b"<\x00!\x00D\x00"),
        ("xl/printerSettings/b.bin", b"\xff\xfe!\x00D\x00"),
        ("xl/media/_rels/a.rels", "nonsense"),
    ],
)
def test_parts_that_are_no_xml_are_not_parsed(name: str, content: str | bytes) -> None:
    assert _is_read(_members() | {name: content})


@pytest.mark.parametrize("mark", ["<!DOCTYPE a>", '<?xml version="1.0" encoding="GBK"?>'])
def test_a_sheet_is_checked_whatever_it_is_called(mark: str) -> None:
    members = _members()
    members["xl/worksheets/sheet1.svg"] = mark + str(members.pop("xl/worksheets/sheet1.xml")).partition("?>")[2]
    _swap(members, _RELATIONS, "sheet1.xml", "sheet1.svg")
    with pytest.raises(Refused, match=r"DTD|编码"):
        read_workbook(packed(members), "a.xlsx")


# ---- .ods -----------------------------------------------------------------------------------------

_MIMETYPE = ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet")
_MANIFEST = (
    "META-INF/manifest.xml",
    b'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
)
_CONTENT = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">~<office:body>~<office:spreadsheet>~'
    '<table:table table:name="表">~<table:table-row>~<table:table-cell office:value-type="float" office:value="1">~'
    '<text:p>1</text:p>~</table:table-cell>~<table:table-cell office:value-type="string">~'
    "<text:p>文 <text:span>字</text:span> <text:span>句</text:span></text:p>~</table:table-cell>~</table:table-row>~"
    "</table:table>~</office:spreadsheet>~</office:body>~</office:document-content>"
)


@pytest.mark.parametrize("indent", ["", "\n  ", "\r\n\t"])
@pytest.mark.parametrize("others", [[_MIMETYPE, _MANIFEST], [_MIMETYPE], [_MANIFEST], []])
def test_open_documents(indent: str, others: list[tuple[str, bytes]]) -> None:
    data = zipped([*others, ("content.xml", _CONTENT.replace("~", indent).encode())])
    workbook = read_workbook(data, "a.ods")
    (sheet,) = workbook.sheets
    assert workbook.file_kind == "ods" and sheet.rows == [[1.0, "文 字 句"]]


def test_other_documents_without_a_mimetype_are_none() -> None:
    text = _CONTENT.replace("office:spreadsheet", "office:text").encode()
    with pytest.raises(Refused, match="压缩包"):
        read_workbook(zipped([_MANIFEST, ("content.xml", text)]), "a.ods")


# ---- .xls -----------------------------------------------------------------------------------------


def _old(page: int, version: int, text: bytes, listed: bytes, padded: bool) -> bytes:
    begin = record(0x0809, struct.pack("<HHHHII", version, 5, 0, 0, 0, 0)) + record(0x0042, struct.pack("<H", page))
    sheet = record(0x0809, struct.pack("<HHHHII", version, 0x10, 0, 0, 0, 0)) + number(0, 0, 7.0) + text + record(0x0A)
    sheets = record(0x0085, struct.pack("<IBB", len(begin) + 4 + 6 + len(listed) + 4, 0, 0) + listed)
    stream = begin + sheets + record(0x0A) + sheet
    return compound({"Workbook" if version == 0x0600 else "Book": stream.ljust(9000 if padded else 0, b"\0")})


@pytest.mark.parametrize("padded", [False, True])
@pytest.mark.parametrize("page", [1200, 936, 950, 1252, 8001, 10008, 0x8000, 0x8001, 65001, 0, 65535])
def test_code_pages(page: int, padded: bool) -> None:
    wide = "文".encode("utf-16-le")
    label = record(0x0204, struct.pack("<HHHHB", 0, 1, 0, 1, 1) + wide)
    data = _old(page, 0x0600, label, struct.pack("<BB", 1, 1) + "表".encode("utf-16-le"), padded)
    (sheet,) = read_workbook(data, "a.xls").sheets
    assert (sheet.name, sheet.rows) == ("表", [[7.0, "文"]])


@pytest.mark.parametrize("page", [936, 8001, 10008, 0x8001, 0])
def test_code_pages_of_the_older_kind(page: int) -> None:
    """The reader knows no Chinese text of BIFF5, whatever its code page; its figures are read."""
    data = _old(page, 0x0500, b"", b"\x01a", padded=False)
    (sheet,) = read_workbook(data, "a.xls").sheets
    assert (sheet.name, sheet.rows) == ("a", [[7.0]])
