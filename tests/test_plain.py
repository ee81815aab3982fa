"""Sheets taken apart without a parser: the same as with one, and never where a parser would see something else."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from gouji.ingest.files import scan
from gouji.ingest.files.plain import plain_sheet
from gouji.ingest.files.scan import SheetScan, scan_sheet
from gouji.ingest.files.styles import Look
from gouji.ingest.refusal import Refused
from tests.packages import sheet_xml

LOOKS = [Look(""), Look("0.00"), Look("0%")]
ROWS = (
    '<row r="1" spans="1:4" ht="20" customHeight="1"><c r="A1" s="1" t="s"><v>0</v></c><c r="B1" s="2"/>'
    '<c r="C1"><f>A1&amp;"&lt;"</f></c><c r="D1" s="1"><v>2.5</v></c></row>'
    '<row r="2"><c r="A2" t="e"><v>#SPILL!</v></c><c r="B2" t="str">'
    '<f t="shared" ref="B2:B4" si="0">A1+1</f><v></v></c><c r="C2"><f t="shared" si="0"/></c>'
    '<c r="D2" t="inlineStr"><is><t xml:space="preserve"> 文 字</t></is></c></row>'
    '<row r="3"/><row r="7"><c r="B7"><f t="array" ref="B7:C8">X</f></c><c r="C7" t="b"><v>1</v></c>'
    '<c r="AB7" s="2"><f ca="1">NOW()</f><v>1</v></c><c r="AC7"><v></v></c><c r="AD7"></c></row>'
)
AFTER = (
    '<mergeCells count="1"><mergeCell ref="A1:B2"/></mergeCells>'
    '<dataValidations count="1"><dataValidation sqref="A1 C3:D5"/></dataValidations>'
)
SHEET = sheet_xml(ROWS, AFTER)
ODD = [
    "<", ">", "/", '"', "&", "&amp;", "&#65;", "&foo;", "]]>", "<!-- -->", "<![CDATA[x]]>", "<?x?>", " ", "\n",
    "\r", "\x01", "\ufffe", "٣", "0", "A", "ZZZ", "9999999", "1048577", "<c/>", '<c r="A1"/>', "</c>", "<row>",
    "</row>", "<v>", "</v>", "<v/>", "<f>", "</f>", "<f/>", "<is>", ' r="1"', ' r="A1"', ' s="1"', ' t="e"',
    ' t="s"', ' xmlns="u"', ' a:b="1"', ' x14ac:a="1"', " x14ac:a=", "<sheetData>", "</sheetData>",
    '<a:row xmlns:a="u" r="9"><a:c r="A9"/></a:row>',
]  # fmt: skip


def scanned(xml: bytes) -> SheetScan | str:
    try:
        return scan_sheet(xml, LOOKS)
    except Refused as error:
        return error.code


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> dict[bytes, SheetScan | str]:
    """What a parser makes of a sheet, by its XML."""

    class Parsed(dict[bytes, SheetScan | str]):
        def __missing__(self, xml: bytes) -> SheetScan | str:
            with monkeypatch.context() as patch:
                patch.setattr(scan, "plain_sheet", lambda _: None)
                return scanned(xml)

    return Parsed()


def mutants(text: str, number: int) -> Sequence[bytes]:
    """The text with something odd put in or some of it left out, mostly at the edge of a tag or an attribute."""
    chosen = random.Random(1)
    edges = [place for place, sign in enumerate(text) if sign in '<>"= ']
    damaged = []
    for _ in range(number):
        start = chosen.choice(edges) + chosen.randrange(2)
        odd, left_out = chosen.choice([*ODD, ""]), chosen.choice([0, 0, 1, 5])
        damaged.append((text[:start] + odd + text[start + left_out :]).encode())
    return damaged


def test_plain_sheets_are_scanned_as_a_parser_would(parsed: dict[bytes, SheetScan | str]) -> None:
    xml = SHEET.encode()
    assert plain_sheet(xml) is not None
    assert scanned(xml) == parsed[xml]
    assert scan_sheet(xml, LOOKS).special[1, 2][1] == "=A1+1"
    assert scan_sheet(xml, LOOKS).special[0, 2][1] == '=A1&"<"'


def test_whatever_is_done_to_a_sheet(parsed: dict[bytes, SheetScan | str]) -> None:
    for xml in mutants(SHEET, 4000):
        assert scanned(xml) == parsed[xml], xml.decode()


@pytest.mark.parametrize(
    "text",
    [
        SHEET.replace("<sheetData>", "<!-- <sheetData> --><sheetData>"),
        SHEET.replace("<v>0</v>", "<v><![CDATA[0]]></v>"),
        SHEET.replace("</sheetData>", '</sheetData><x:sheetData xmlns:x="u"><x:row r="9"/></x:sheetData>'),
        SHEET.replace("<sheetData>", '<sheetData xmlns:x="u">'),
        SHEET.replace("<v>2.5</v>", "<v>&#50;</v>"),
        SHEET.replace('encoding="UTF-8"', 'encoding="ISO-8859-1"'),
        SHEET.replace('r="D1"', 'r="D2"', 1),
        SHEET.replace('r="AD7"', 'r="AAA7"'),
        SHEET.replace('r="3"/>', 'r="1000000"/>'),
        SHEET.replace('ht="20"', 'ht="20" ht="21"'),
        SHEET.replace('ca="1"', 'ca="1" ca="1"'),
    ],
)
def test_what_is_not_plain_is_left_to_the_parser(text: str, parsed: dict[bytes, SheetScan | str]) -> None:
    assert plain_sheet(text.encode()) is None
    assert scanned(text.encode()) == parsed[text.encode()]


def test_other_codings_are_left_to_the_parser() -> None:
    assert plain_sheet(SHEET.encode("utf-16")) is None
    assert plain_sheet(SHEET.replace("文", "\x00").encode().replace(b"\x00", b"\xff")) is None


def test_the_prefix_of_excel_must_be_declared() -> None:
    used = SHEET.replace('ht="20"', 'ht="20" x14ac:dyDescent="0.2"')
    assert scanned(used.encode()) == "文件损坏"
    declared = used.replace("<worksheet ", '<worksheet xmlns:x14ac="http://a" ')
    assert plain_sheet(declared.encode()) is not None
    assert scanned(declared.encode()) == scanned(SHEET.encode())


def test_only_the_extent_where_nothing_else_is_asked() -> None:
    calm = SHEET.replace("#SPILL!", "1").replace('t="e"', 't="n"').encode()
    light = scan_sheet(calm, LOOKS, only_extent=True)
    assert (light.bottom, light.right, light.merges) == (7, 29, [(0, 0, 1, 1)])
    assert (light.told, light.special) == (False, {})
    assert scan_sheet(SHEET.encode(), LOOKS, only_extent=True) == scan_sheet(SHEET.encode(), LOOKS)
