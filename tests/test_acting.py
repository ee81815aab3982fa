"""What acts in a file is known by what it is, in every format; R-10 says what and where, and no copy carries it on."""

from __future__ import annotations

import struct
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from gouji.export.returned.mark_up import CannotMark, Mark, Stamp, mark_up
from gouji.ingest.acting.formulas import calls_out
from gouji.ingest.acting.kinds import Acting
from gouji.ingest.admit import examine
from tests import binary_workbook as binary
from tests.hostile.base import good, zipped
from tests.hostile.legacy import compound
from tests.packages import packed, parts, sheet_xml

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_VBA = compound({"PROJECT": b"x", "_VBA_PROJECT": b"x"})
_OBJECT = compound({"\1Ole": b"x"})
_DDE_LINK = '<x:externalLink xmlns:x="urn:x"><x:ddeLink ddeService="cmd" ddeTopic="/c calc"/></x:externalLink>'
STAMP = Stamp("a" * 64, 1)
MARK = Mark(severity="强制性", verdict="不符", sheet="表", cell="A1", finding_id="1", rule="F-01", message="请核对。")
Made = dict[str, str | bytes]


def _cells(*cells: str, after: str = "") -> Callable[[Made], None]:
    def change(members: Made) -> None:
        members["xl/worksheets/sheet1.xml"] = sheet_xml(f'<row r="1">{"".join(cells)}</row>', after)

    return change


def _formula(text: str) -> Callable[[Made], None]:
    return _cells(f'<c r="A1"><f>{text}</f><v>6</v></c>', '<c r="B1"><v>2</v></c>')


def _inserted(members: Made, name: str, before: str, text: str) -> None:
    old = str(members[name])
    assert before in old
    members[name] = old.replace(before, text + before, 1)


def _related(kind: str, content: str | bytes, name: str = "a/甲.dat") -> Callable[[Made], None]:
    """A part under a name of its own, known by its relation only."""

    def change(members: Made) -> None:
        members[f"xl/{name}"] = content
        stated = f'<Relationship Id="rId9" Type="{_OFFICE}/{kind}" Target="{name}"/>'
        _inserted(members, "xl/_rels/workbook.xml.rels", "</Relationships>", stated)

    return change


def _typed(type_: str, content: str | bytes = "<a/>", name: str = "a/乙.dat") -> Callable[[Made], None]:
    """A part known by its content type only, stated of its extension."""

    def change(members: Made) -> None:
        members[f"xl/{name}"] = content
        stated = f'<Default Extension="dat" ContentType="{type_}"/>'
        _inserted(members, "[Content_Types].xml", "<Override", stated)

    return change


def _there(content: str | bytes, name: str = "xl/a/丙.png") -> Callable[[Made], None]:
    """A part that nothing refers to."""
    return lambda members: members.__setitem__(name, content)


def _named(name: str, text: str = "1", said: str = "") -> Callable[[Made], None]:
    stated = f'<definedNames><definedName name="{name}"{said}>{text}</definedName></definedNames>'
    return lambda members: _inserted(members, "xl/workbook.xml", "</workbook>", stated)


def _picture_elsewhere(members: Made) -> None:
    members["xl/worksheets/_rels/sheet1.xml.rels"] = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/image" Target="\\\\evil.example\\a.png" TargetMode="External"/></Relationships>'
    )


_STYLES = (
    '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts><font/></fonts><fills><fill/>'
    "</fills><borders><border/></borders><cellStyleXfs><xf/></cellStyleXfs><cellXfs><xf/></cellXfs></styleSheet>"
)
_REFRESHED = '<connections><connection id="1" refreshOnLoad="1"/></connections>'
_SHARE = r"\\evil.example\a"
XLSX: dict[str, tuple[Callable[[Made], None], Acting, str]] = {
    "宏-别的名字": (_related("vbaProject", _VBA), Acting.MACRO, "xl/a/甲.dat"),
    "宏-按扩展名的类型": (_typed("application/vnd.ms-office.vbaProject", b"x"), Acting.MACRO, "xl/a/乙.dat"),
    "宏-只凭内容": (_there(_VBA), Acting.MACRO, "xl/a/丙.png"),
    "宏表-别的名字": (_related("xlMacrosheet", "<a/>"), Acting.MACRO_SHEET, "xl/a/甲.dat"),
    "宏表-类型": (_typed("application/vnd.ms-excel.intlmacrosheet+xml"), Acting.MACRO_SHEET, "xl/a/乙.dat"),
    "自动运行": (_named("Auto_Open_x"), Acting.AUTOMATIC, "名称“Auto_Open_x”"),
    "自动关闭": (_named("_xlnm.Auto_Close"), Acting.AUTOMATIC, "名称“_xlnm.Auto_Close”"),
    "宏的名称": (_named("运行", said=' function="1" xlm="1"'), Acting.MACRO, "名称“运行”"),
    "图形上的宏": (_related("drawing", '<xdr:sp xmlns:xdr="x" macro="[0]!Go"/>'), Acting.EVENT, "xl/a/甲.dat"),
    "控件上的宏": (
        _related("vmlDrawing", '<v:a xmlns:v="x"><v:FmlaMacro>a</v:FmlaMacro></v:a>'), Acting.EVENT, "xl/a/甲.dat",
    ),
    "图形里的外部公式": (
        _related("drawing", '<xdr:sp xmlns:xdr="x" textlink="[1]S!A1"/>'), Acting.OTHER_BOOK, "xl/a/甲.dat",
    ),
    "功能区": (_related("extensibility", "<a/>"), Acting.RIBBON, "xl/a/甲.dat"),
    "加载项": (_related("webextensiontaskpanes", "<a/>"), Acting.ADD_IN, "xl/a/甲.dat"),
    "加载项-类型": (_typed("application/vnd.ms-office.webextension+xml"), Acting.ADD_IN, "xl/a/乙.dat"),
    "控件": (_related("control", "<a/>"), Acting.CONTROL, "xl/a/甲.dat"),
    "对象": (_related("oleObject", b"x"), Acting.OBJECT, "xl/a/甲.dat"),
    "对象-只凭内容": (_there(_OBJECT), Acting.OBJECT, "xl/a/丙.png"),
    "数据连接": (_related("connections", "<a/>"), Acting.CONNECTION, "xl/a/甲.dat"),
    "打开时刷新": (_related("connections", _REFRESHED), Acting.CONNECTION, "xl/a/甲.dat，打开时自动刷新"),
    "查询": (_typed("application/vnd.x.spreadsheetml.queryTable+xml"), Acting.CONNECTION, "xl/a/乙.dat"),
    "外部链接-别的名字": (_related("externalLink", "<a/>"), Acting.OTHER_BOOK, "xl/a/甲.dat"),
    "DDE-别的名字": (_related("externalLink", _DDE_LINK), Acting.DDE, "xl/a/甲.dat"),
    "DDE公式": (_formula("cmd|'/c calc'!A0"), Acting.DDE, "表!A1"),
    "外部公式": (_formula("SUM([1]Sheet1!A1)"), Acting.OTHER_BOOK, "表!A1"),
    "外部公式-字符引用": (_formula("&#91;1]Sheet1!A1"), Acting.OTHER_BOOK, "表!A1"),
    "外部公式-CDATA": (_formula("<![CDATA['[1]a b'!A1]]>"), Acting.OTHER_BOOK, "表!A1"),
    "外部公式-引号里的表名": (_formula("'\"'!A1+[1]S!A1+'\"'!A1"), Acting.OTHER_BOOK, "表!A1"),
    "取网页": (_formula('_xlfn.WEBSERVICE("http://evil.example")'), Acting.CALL, "表!A1"),
    "取网页-注释隔开": (_formula('_xlfn.WEBSER<!-- -->VICE(B1)'), Acting.CALL, "表!A1"),
    "取网页-指令隔开": (_formula('_xlfn.WEBSER<?a b?>VICE(B1)'), Acting.CALL, "表!A1"),
    "共享路径": (_formula(f'INDIRECT("{_SHARE}!A1")'), Acting.ADDRESS, "表!A1"),
    "拼起来的链接": (_formula('HYPERLINK("ht"&amp;B1)'), Acting.ADDRESS, "表!A1"),
    "名称里的DDE": (_named("数", "cmd|'/c calc'!A0"), Acting.DDE, "名称“数”"),
    "名称里的共享路径": (_named("数", rf"'{_SHARE}\[b.xlsx]S'!$A$1"), Acting.OTHER_BOOK, "名称“数”"),
    "有效性": (
        _cells(after='<dataValidations><dataValidation sqref="A1"><formula1>[1]S!A1</formula1></dataValidation>'
               "</dataValidations>"), Acting.OTHER_BOOK, "表",
    ),
    "图片在别处": (_picture_elsewhere, Acting.OUTSIDE, "工作表“表”"),
}  # fmt: skip


def _xlsx(change: Callable[[Made], None]) -> bytes:
    members = parts(sheet_xml('<row r="1"><c r="A1"><v>6</v></c></row>'))
    members["xl/styles.xml"] = _STYLES
    stated = f'<Relationship Id="rId8" Type="{_OFFICE}/styles" Target="styles.xml"/>'
    _inserted(members, "xl/_rels/workbook.xml.rels", "</Relationships>", stated)
    change(members)
    return packed(members)


def _told(data: bytes, name: str) -> str:
    return "\n".join(examine(data, name).notes)


def _said(kind: Acting, where: str) -> str:
    return f"文件{kind.remark.format(f'（{where}）' if where else '')}，也不会带入结果。"


@pytest.mark.parametrize("case", XLSX)
def test_what_acts_in_a_workbook_is_told_with_its_place(case: str) -> None:
    change, kind, where = XLSX[case]
    assert _said(kind, where) in _told(_xlsx(change), "a.xlsx").splitlines()


def test_a_macro_sheet_is_named_as_one() -> None:
    def change(members: Made) -> None:
        _related("xlIntlMacrosheet", sheet_xml(""))(members)
        _inserted(members, "xl/workbook.xml", "</sheets>", '<sheet name="宏一" sheetId="2" r:id="rId9"/>')

    assert _said(Acting.MACRO_SHEET, "工作表“宏一”") in _told(_xlsx(change), "a.xlsx")


@pytest.mark.parametrize("case", XLSX)
def test_no_marked_copy_has_anything_that_acts(case: str) -> None:
    """Admitted again, it is told of nothing; or it is not made."""
    change, kind, _ = XLSX[case]
    try:
        copy = mark_up(_xlsx(change), [MARK], STAMP)
    except CannotMark:
        assert not kind.leaves or case == "有效性"
        return
    assert examine(copy, "a.xlsx").notes == []


def test_many_places_are_counted() -> None:
    cells = [f'<c r="{column}1"><f>[1]S!A1</f><v>1</v></c>' for column in "ABCDE"]
    assert "（表!A1、表!B1、表!C1等 5 处）" in _told(_xlsx(_cells(*cells)), "a.xlsx")


def test_two_byte_parts_are_looked_at() -> None:
    members = parts(sheet_xml("").encode())
    text = sheet_xml('<row r="1"><c r="A1"><f>[1]S!A1</f><v>1</v></c></row>').replace("UTF-8", "UTF-16")
    members["xl/worksheets/sheet1.xml"] = text.encode("utf-16")
    assert _said(Acting.OTHER_BOOK, "表!A1") in _told(packed(members), "a.xlsx")


@pytest.mark.parametrize(
    "formula",
    ["SUM(表1[[#This Row],[2021]])", "表1[2021]+Sheet2!A1", "T['#a]+'My Sheet'!A1", "T[ [#All], [a b] ]",
     "'S1:S3'!A1", 'HYPERLINK("#表!A1","x")', '"a|b [1]x!y"&A2', "'a''b'!C3", '"http"&A1'],
)  # fmt: skip
def test_formulas_that_reach_nowhere(formula: str) -> None:
    assert calls_out(formula) is None


def test_our_own_workbooks_are_told_of_nothing() -> None:
    assert examine(zipped(good(1)), "a.xlsx").notes == []


# ---- the other formats ----------------------------------------------------------------------------


def _record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _text(text: str) -> bytes:
    return b"\1" + text.encode("utf-16-le")


def _xls(globals_: bytes = b"", cells: bytes = b"", streams: dict[str, bytes] | None = None, kind: int = 0) -> bytes:
    begin = [_record(0x0809, struct.pack("<HHHHII", 0x0600, of, 0x4F5A, 1997, 0, 0)) for of in (5, 16)]
    place = len(begin[0]) + len(_record(0x0085, bytes(10))) + len(globals_) + 4
    listed = _record(0x0085, struct.pack("<IBBB", place, 0, kind, 1) + _text("表"))
    stream = begin[0] + listed + globals_ + _record(0x0A) + begin[1] + cells + _record(0x0A)
    return compound({"Workbook": stream}, streams)


def _linked(path: str) -> bytes:
    return _record(0x01AE, struct.pack("<HH", 0, len(path)) + _text(path))


def _defined(name: str, said: int = 0) -> bytes:
    return _record(0x0018, struct.pack("<HBBHHHI", said, 0, len(name), 0, 0, 0, 0) + _text(name))


def _xls_formula(tokens: bytes) -> bytes:
    body = struct.pack("<HHHd", 1, 2, 0, 1.0) + struct.pack("<HIH", 0, 0, len(tokens)) + tokens
    return _record(0x0006, body)


_CALL = b"\x1e\x01\x00\x42\x03" + struct.pack("<H", 150)
_ADDRESSED = b"\x17\x0f\x00http://evil.exa\x42\x01" + struct.pack("<H", 359)
_TO_PLACE = b"\x17\x03\x00#S!\x42\x01" + struct.pack("<H", 359)
XLS: dict[str, tuple[bytes, Acting, str]] = {
    "宏": (_xls(streams={"_VBA_PROJECT": b"x", "dir": b"x"}), Acting.MACRO, ""),
    "宏-小写": (_xls(streams={"_vba_project": b"x"}), Acting.MACRO, ""),
    "宏-只凭内容": (_xls(streams={"别的": b"\0Attribut\0e VB_Name"}), Acting.MACRO, ""),
    "对象": (_xls(streams={"\1Ole": b"x"}), Acting.OBJECT, ""),
    "控件": (compound({"Ctls": b"x", "Workbook": _record(0x0809, struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 0))}),
             Acting.CONTROL, ""),
    "宏表": (_xls(kind=1), Acting.MACRO_SHEET, "工作表“表”"),
    "DDE": (_xls(_linked("cmd\3/c calc")), Acting.DDE, "cmd//c calc"),
    "外部链接": (_xls(_linked("\1\1@evil\3share\3a.xls")), Acting.OTHER_BOOK, "@evil/share/a.xls"),
    "外部链接-同目录": (_xls(_linked("a.xls")), Acting.OTHER_BOOK, "a.xls"),
    "自动运行": (_xls(_defined("\1", 0x20)), Acting.AUTOMATIC, "名称“Auto_Open”"),
    "自动运行-写出": (_xls(_defined("auto_open")), Acting.AUTOMATIC, "名称“auto_open”"),
    "宏的名称": (_xls(_defined("Go", 0x0A)), Acting.MACRO, "名称“Go”"),
    "取网页": (_xls(_defined("_xlfn.WEBSERVICE", 0x0B)), Acting.CALL, "函数 WEBSERVICE"),
    "数据连接": (_xls(_record(0x0876, bytes(20))), Acting.CONNECTION, "工作簿"),
    "查询": (_xls(cells=_record(0x01AD, bytes(20))), Acting.CONNECTION, "工作表“表”"),
    "调程序的公式": (_xls(cells=_xls_formula(_CALL)), Acting.CALL, "表!C2"),
    "带地址的公式": (_xls(cells=_xls_formula(_ADDRESSED)), Acting.ADDRESS, "表!C2"),
}  # fmt: skip


@pytest.mark.parametrize("extension", ["xls", "et"])
@pytest.mark.parametrize("case", XLS)
def test_what_acts_in_an_old_workbook(case: str, extension: str) -> None:
    data, kind, where = XLS[case]
    assert _told(data, f"a.{extension}").splitlines() == [_said(kind, where)]


@pytest.mark.parametrize(
    "data",
    [_xls(), _xls(_linked("\0")), _xls(_linked(" ")), _xls(_record(0x01AE, struct.pack("<HH", 3, 0x0401))),
     _xls(_record(0x01AE, struct.pack("<HH", 1, 0x3A01))), _xls(_defined("_xlfn.IFERROR", 0x0B)),
     _xls(_defined("\6", 0x20)), _xls(cells=_xls_formula(_TO_PLACE)), _xls(b"\x18\0\2\0\0\0")],
)  # fmt: skip
def test_ordinary_old_workbooks_are_told_of_nothing(data: bytes) -> None:
    assert _told(data, "a.xls") == ""


def _xlsb(before: bytes = b"", cell: bytes = b"", **more: bytes) -> bytes:
    sheet = binary.sheet(binary.row(1, cell or binary.real(2, 1)))
    return binary.workbook(
        [("表", False, sheet)], after=before, parts={f"xl/{name}": part for name, part in more.items()}
    )


def _binary_formula(tokens: bytes) -> bytes:
    value = struct.pack("<IId", 2, 0, 1.0)
    return binary.record(9, value + struct.pack("<HI", 0, len(tokens)) + tokens + bytes(4))


def _binary_name(name: str, said: int = 0) -> bytes:
    return binary.record(39, struct.pack("<IBI", said, 0, 0xFFFFFFFF) + binary.wide(name))


_BINARY_ADDRESS = b"\x17" + struct.pack("<H", 15) + "http://evil.exa".encode("utf-16-le")
_BINARY_LINK = binary.record(360, struct.pack("<H", 0) + binary.wide("rId1") + binary.wide(""))
_BINARY_DDE = binary.record(360, struct.pack("<H", 1) + binary.wide("cmd") + binary.wide("/c calc"))
XLSB: dict[str, tuple[bytes, Acting, str]] = {
    "宏": (_xlsb(**{"vbaProject.bin": _VBA}), Acting.MACRO, "xl/vbaProject.bin"),
    "宏-只凭内容": (_xlsb(**{"x.bin": _VBA}), Acting.MACRO, "xl/x.bin"),
    "外部链接": (_xlsb(**{"externalLinks/a.bin": _BINARY_LINK}), Acting.OTHER_BOOK, "xl/externalLinks/a.bin"),
    "DDE": (_xlsb(**{"externalLinks/a.bin": _BINARY_DDE}), Acting.DDE, "xl/externalLinks/a.bin"),
    "连接": (_xlsb(**{"connections.bin": b""}), Acting.CONNECTION, "xl/connections.bin"),
    "自动运行": (_xlsb(_binary_name("_xlnm.Auto_Open", 0x20)), Acting.AUTOMATIC, "名称“_xlnm.Auto_Open”"),
    "宏的名称": (_xlsb(_binary_name("Go", 0x0A)), Acting.MACRO, "名称“Go”"),
    "取网页": (_xlsb(_binary_name("_xlfn.WEBSERVICE", 1)), Acting.CALL, "函数 WEBSERVICE"),
    "调程序的公式": (_xlsb(cell=_binary_formula(_CALL)), Acting.CALL, "表!C2"),
    "带地址的公式": (_xlsb(cell=_binary_formula(_BINARY_ADDRESS)), Acting.ADDRESS, "表!C2"),
}  # fmt: skip


@pytest.mark.parametrize("case", XLSB)
def test_what_acts_in_a_binary_workbook(case: str) -> None:
    data, kind, where = XLSB[case]
    assert _said(kind, where) in _told(data, "a.xlsb").splitlines()


def test_ordinary_binary_workbooks_are_told_of_nothing() -> None:
    assert _told(_xlsb(_binary_name("_xlfn.IFERROR", 1)), "a.xlsb") == ""


_CONTENT = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:draw="urn:draw" xmlns:script="urn:script" '
    'xmlns:library="urn:library" xmlns:xlink="urn:xlink" xmlns:text="urn:text"><office:body><office:spreadsheet>'
    '{}<table:table table:name="表">{}<table:table-row><table:table-cell/></table:table-row><table:table-row>'
    '<table:table-cell table:number-columns-repeated="2"/><table:table-cell {}>{}</table:table-cell></table:table-row>'
    "</table:table>{}</office:spreadsheet></office:body></office:document-content>"
)


def _ods(said: str = "", inside: str = "", before: str = "", source: str = "", after: str = "", **more: bytes) -> bytes:
    content = _CONTENT.format(before, source, said, inside, after).encode()
    mimetype = b"application/vnd.oasis.opendocument.spreadsheet"
    manifest = b'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    return zipped({"mimetype": mimetype, "META-INF/manifest.xml": manifest, "content.xml": content} | more)


def _open_formula(text: str) -> bytes:
    return _ods(f'table:formula="of:={text}" office:value-type="float" office:value="1"')


ODS: dict[str, tuple[bytes, Acting, str]] = {
    "宏": (_ods(**{"Basic/Standard/a.xml": b"<a/>"}), Acting.MACRO, "Basic/Standard/a.xml"),
    "脚本": (_ods(**{"Scripts/python/a.py": b"1"}), Acting.MACRO, "Scripts/python/a.py"),
    "嵌在内容里的宏": (_ods(before="<library:module/>"), Acting.MACRO, "content.xml"),
    "事件": (_ods(inside='<script:event-listener xlink:href="vnd.sun.star.script:a"/>'), Acting.EVENT, "表!C2"),
    "DDE": (_ods(after="<table:dde-links><table:dde-link/></table:dde-links>"), Acting.DDE, "表!C2"),
    "DDE公式": (_open_formula("DDE(&quot;a&quot;;&quot;b&quot;;&quot;c&quot;)"), Acting.DDE, "表!C2"),
    "整表来自别处": (_ods(source='<table:table-source xlink:href="file:///a"/>'), Acting.OTHER_BOOK, "表!A1"),
    "区域来自别处": (_ods(inside="<table:cell-range-source/>"), Acting.OTHER_BOOK, "表!C2"),
    "外部公式": (_open_formula("['file:///tmp/a.ods'#$S.A1]"), Acting.OTHER_BOOK, "表!C2"),
    "取网页": (_open_formula("WEBSERVICE([.A1])"), Acting.CALL, "表!C2"),
    "数据库": (_ods(after="<table:database-source-sql/>"), Acting.CONNECTION, "表!C2"),
    "对象": (_ods(inside="<draw:object-ole/>"), Acting.OBJECT, "表!C2"),
    "对象-只凭内容": (_ods(**{"Object 1": _OBJECT}), Acting.OBJECT, "Object 1"),
    "图片在别处": (_ods(inside='<draw:image xlink:href="http://evil.example/a"/>'), Acting.OUTSIDE, "表!C2"),
    "带地址的公式": (_open_formula("HYPERLINK(&quot;http://evil.example&quot;)"), Acting.ADDRESS, "表!C2"),
}  # fmt: skip


@pytest.mark.parametrize("case", ODS)
def test_what_acts_in_an_open_document(case: str) -> None:
    data, kind, where = ODS[case]
    assert _said(kind, where) in _told(data, "a.ods").splitlines()


@pytest.mark.parametrize("formula", ["[.A1]+['a b'.A1]+[$'S x'.A1:.A2]", "SUM({1;2|3;4})", "[.A1:.B2]![.B1:.B3]"])
def test_ordinary_open_documents_are_told_of_nothing(formula: str) -> None:
    link = '<text:p><text:a xlink:href="http://evil.example">a</text:a></text:p>'
    assert _told(_open_formula(formula), "a.ods") == "" == _told(_ods(inside=link), "a.ods")


@pytest.mark.in_turn("long")
@pytest.mark.libreoffice
def test_what_another_program_saves_of_ours_is_told_of_nothing(tmp_path: Path) -> None:
    source = tmp_path / "报表.xlsx"
    source.write_bytes(zipped(good(1)))
    for kind in ("xls", "ods"):
        command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", kind]
        subprocess.run([*command, "--outdir", str(tmp_path), str(source)], check=True, capture_output=True, timeout=120)
        assert _told((tmp_path / f"报表.{kind}").read_bytes(), f"报表.{kind}") == ""
