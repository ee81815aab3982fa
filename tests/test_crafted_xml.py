"""Cells that no program writes so: read as Excel reads them, or not at all and with a reason."""

from __future__ import annotations

import pytest

from gouji.ingest.grid import Kind, Sheet
from gouji.ingest.read import read_workbook
from gouji.ingest.refusal import Refused
from tests.packages import MAIN, book, packed, parts, sheet_xml

_MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CHOICE = (
    '<mc:AlternateContent xmlns:mc="{}"><mc:Choice Requires="x">{}</mc:Choice><mc:Fallback>{}</mc:Fallback>'
    "</mc:AlternateContent>"
)


def _row(cell: str) -> str:
    return f'<row r="1">{cell}<c r="B1"><v>2</v></c></row>'


def _read(rows: str, root: str = "") -> Sheet:
    xml = sheet_xml(rows).replace("<worksheet ", f"<worksheet {root} ")
    return read_workbook(packed(parts(xml)), "a.xlsx").sheets[0]


READ = {
    "注释": "<v>13<!-- 9 -->.49</v>",
    "指令": "<v>13<?a 9?>.49</v>",
    "指令在前": "<?a 9?><v>13.49</v>",
    "指令在公式里": "<f>B1<?a 9?>+1</f><v>13.49</v>",
    "CDATA": "<v>13<![CDATA[.49]]></v>",
    "字符引用": "<v>&#x31;3.49</v>",
    "扩展": '<extLst><ext uri="a"><v>99</v></ext></extLst><v>13.49</v>',
    "后面的扩展": '<v>13.49</v><extLst><ext uri="a"/></extLst>',
}


@pytest.mark.parametrize("written", READ)
def test_what_is_nothing_changes_nothing(written: str) -> None:
    sheet = _read(_row(f'<c r="A1">{READ[written]}</c>'))
    assert sheet.rows == [[13.49, 2.0]] and sheet.special == {}


UNREAD = {
    "两个值": ('<c r="A1"><v>13.49</v><v>99</v></c>', "一格里写了不止一个值"),
    "值后有文字": ('<c r="A1"><v>13.49</v><is><t>99</t></is></c>', "一格里写了不止一个值"),
    "值前有文字": ('<c r="A1"><is><t>99</t></is><v>13.49</v></c>', "一格里写了不止一个值"),
    "文字格里有值": ('<c r="A1" t="inlineStr"><v>13.49</v><is><t>99</t></is></c>', "一格里写了不止一个值"),
    "两个公式": ('<c r="A1"><f>1</f><f>2</f><v>1</v></c>', "一格里写了不止一个值"),
    "值里有元素": ('<c r="A1"><v>13<x/>.49</v></c>', "值里夹着别的内容"),
    "文字里有别的": ('<c r="A1" t="inlineStr"><is><x:t xmlns:x="u">99</x:t><t>13</t></is></c>', "值里夹着别的内容"),
    "写两遍": ('<c r="A1"><v>13.49</v></c><c r="A1"><v>99</v></c>', "同一个单元格写了不止一次"),
    "再写成空": ('<c r="A1"><v>13.49</v></c><c r="A1" s="0"/>', "同一个单元格写了不止一次"),
    "再写成空-有注释": ('<!-- --><c r="A1"><v>13.49</v></c><c r="A1" s="0"/>', "同一个单元格写了不止一次"),
    "地址在别的行": ('</row><row r="3"><c r="A1"><v>13.49</v></c></row><row r="1">', "单元格地址与所在的行不一致"),
    "写在两行里": ('<c r="A1"><v>13.49</v></c></row><row r="1"><c r="A1"><v>99</v></c>', "同一个单元格写了不止一次"),
}


@pytest.mark.parametrize("written", UNREAD)
def test_what_programs_read_differently_is_not_read(written: str) -> None:
    cell, reason = UNREAD[written]
    sheet = _read(_row(cell))
    assert sheet.special == {(0, 0): (Kind.UNKNOWN, reason)}
    assert sheet.raw(0, 0) is None and sheet.raw(0, 1) == 2


def test_blank_cells_that_are_written_twice_stay_blank() -> None:
    assert _read(_row('<c r="A1" s="0"/><c r="A1"/>')).special == {}


REFUSED = {
    "别的命名空间的值": '<c r="A1"><v>13.49</v><x:v xmlns:x="u">99</x:v></c>',
    "别的命名空间的格": '<x:c xmlns:x="u" r="A1"><v>99</v></x:c>',
    "取消命名空间": '<c xmlns="" r="A1"><v>99</v></c>',
    "格里的两种写法": f'<c r="A1">{_CHOICE.format(_MC, "<v>99</v>", "<v>13.49</v>")}</c>',
    "两种格": _CHOICE.format(_MC, '<c r="A1"><v>99</v></c>', '<c r="A1"><v>13.49</v></c>'),
}


@pytest.mark.parametrize("written", REFUSED)
def test_what_else_stands_in_a_table_is_refused(written: str) -> None:
    with pytest.raises(Refused, match="另存"):
        _read(_row(REFUSED[written]))


def test_alternative_rows_are_refused() -> None:
    with pytest.raises(Refused, match="另存"):
        _read(_CHOICE.format(_MC, _row('<c r="A1"><v>99</v></c>'), _row('<c r="A1"><v>1</v></c>')))


def test_what_a_sheet_says_is_to_be_passed_over_is_nothing() -> None:
    strangers = '<c r="A1"><x:v>99</x:v><v>13.49</v></c><x:c r="A1"><v>7</v></x:c>'
    assert _read(_row(strangers), f'xmlns:x="u" xmlns:mc="{_MC}" mc:Ignorable="x"').rows == [[13.49, 2.0]]


def test_a_prefix_is_only_a_prefix() -> None:
    xml = sheet_xml(_row('<c r="A1"><v>13.49</v></c>')).replace("xmlns=", "xmlns:x=")
    for name in ("worksheet", "sheetData", "row", "c", "v"):
        xml = xml.replace(f"<{name}", f"<x:{name}").replace(f"</{name}>", f"</x:{name}>")
    xml = xml.replace("<x:x:", "<x:").replace("<x:c ", "<x:c ")
    assert read_workbook(packed(parts(xml)), "a.xlsx").sheets[0].rows == [[13.49, 2.0]]


def _with_texts(items: str, root: str = "") -> bytes:
    members = parts(sheet_xml('<row r="1"><c r="A1" t="s"><v>0</v></c></row>'))
    members["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}" {root}>{items}</sst>'
    stated = f'<Relationship Id="rId8" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    rels = "xl/_rels/workbook.xml.rels"
    members[rels] = str(members[rels]).replace("</Relationships>", stated)
    return packed(members)


@pytest.mark.parametrize("text", ["13<!-- 9 -->.49", "13<?a 9?>.49", "<![CDATA[13.49]]>", "1&#51;.49"])
def test_shared_texts_with_nothing_in_them(text: str) -> None:
    assert read_workbook(_with_texts(f"<si><t>{text}</t></si>"), "a.xlsx").sheets[0].rows == [["13.49"]]


@pytest.mark.parametrize("item", ['<si><x:t xmlns:x="u">99</x:t><t>13</t></si>', '<si><t xmlns="u">99</t></si>'])
def test_strangers_among_shared_texts_are_refused(item: str) -> None:
    with pytest.raises(Refused, match="另存"):
        read_workbook(_with_texts(item), "a.xlsx")


def test_ordinary_cells_out_of_order_are_read() -> None:
    rows = '<row r="2"><c r="B2"><v>4</v></c><c r="A2"><v>3</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>'
    assert read_workbook(book(rows), "a.xlsx").sheets[0].rows == [[1.0, ""], [3.0, 4.0]]
    odd = read_workbook(book("<!-- -->" + rows), "a.xlsx").sheets[0]
    assert (odd.rows, odd.special) == ([[1.0, ""], [3.0, 4.0]], {})
