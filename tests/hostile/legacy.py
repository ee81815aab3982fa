"""The older and the other formats (.xls, .et, .ods, .xlsb), and what is no spreadsheet, written byte by byte."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable

from tests import binary_workbook as binary
from tests.hostile.base import Case, zipped

_END = 0xFFFFFFFE
_FREE = 0xFFFFFFFF


def compound(streams: dict[str, bytes], embedded: dict[str, bytes] | None = None) -> bytes:
    """A compound file of these streams, each padded to 4,096 bytes so that none is a mini stream.

    `embedded`: streams that stand before the others, in a folder of their own.
    """
    sectors: list[bytes] = []
    fat: list[int] = []

    def put(content: bytes) -> int:
        first, count = len(sectors), -(-len(content) // 512)
        sectors.extend(content[n * 512 : (n + 1) * 512].ljust(512, b"\0") for n in range(count))
        fat.extend([*range(first + 1, first + count), _END])
        return first

    def entry(name: str, kind: int, start: int, size: int, *, right: int = _FREE, child: int = _FREE) -> bytes:
        text = name.encode("utf-16-le")
        head = text.ljust(64, b"\0") + struct.pack("<HBB", len(text) + 2, kind, 1)
        return head + struct.pack("<III", _FREE, right, child) + bytes(36) + struct.pack("<IQ", start, size)

    def folder(held: dict[str, bytes]) -> None:
        """Entries one behind the other, each with the next at its right."""
        for left, (name, content) in zip(range(len(held) - 1, -1, -1), held.items(), strict=True):
            whole = content.ljust(4096, b"\0")
            right = len(entries) + 1 if left else _FREE
            entries.append(entry(name, 2, put(whole), len(whole), right=right))

    inside = embedded or {}
    entries = [entry("Root Entry", 5, _END, 0, child=1)]
    if inside:
        entries.append(entry("ObjectPool", 1, _END, 0, right=len(inside) + 2, child=2))
        folder(inside)
    folder(streams)
    directory = put(b"".join(entries).ljust(512, b"\0"))
    tables = -(-(len(fat) + len(fat) // 100 + 2) // 128)
    first = len(sectors)
    fat.extend([0xFFFFFFFD] * tables)
    fat.extend([_FREE] * (tables * 128 - len(fat)))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6) + bytes(10)
    head += struct.pack("<IIIIIIII", tables, directory, 0, 4096, _END, 0, _END, 0)
    numbers = [*range(first, first + tables), *[_FREE] * (109 - tables)]
    return head + struct.pack("<109I", *numbers) + b"".join(sectors) + struct.pack(f"<{len(fat)}I", *fat)


def record(kind: int, body: bytes = b"") -> bytes:
    """One record of a BIFF stream."""
    return struct.pack("<HH", kind, len(body)) + body


def number(row: int, column: int, value: float = 1.0) -> bytes:
    """A cell with a number."""
    return record(0x0203, struct.pack("<HHHd", row, column, 0, value))


def dimensions(bottom: int, right: int) -> bytes:
    """What a sheet says that it spans."""
    return record(0x0200, struct.pack("<IIHHH", 0, bottom, 0, right, 0))


_BEGIN_SHEET = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
_END_OF = record(0x000A)
_FAR_SHEET = _BEGIN_SHEET + number(65535, 65535) + _END_OF


def stream(sheet: bytes, *, shared: bytes = b"", offset: int | None = None) -> bytes:
    """A workbook stream with one sheet; `shared` stands among its globals, at `offset` the sheet is said to begin."""
    begin = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0)) + record(0x0042, struct.pack("<H", 1200))
    name = "表".encode("utf-16-le")
    listed = len(record(0x0085, bytes(8) + name))
    place = len(begin) + listed + len(shared) + len(_END_OF) if offset is None else offset
    sheets = record(0x0085, struct.pack("<IBBBB", place, 0, 0, len(name) // 2, 1) + name)
    return begin + sheets + shared + _END_OF + sheet


def _xls(*cells: bytes, shared: bytes = b"") -> Case:
    data = compound({"Workbook": stream(_BEGIN_SHEET + b"".join(cells) + _END_OF, shared=shared)})
    return lambda _: data


def _hidden_records() -> bytes:
    """A sheet inside the body of a record that a walk from record to record passes over."""
    body = stream(_BEGIN_SHEET + _END_OF)
    junk = record(0x00EC, _FAR_SHEET)
    return compound(
        {"Workbook": stream(junk + _BEGIN_SHEET + _END_OF, offset=len(body) - len(_BEGIN_SHEET + _END_OF) + 4)}
    )


def _streams(**streams: bytes) -> Case:
    return lambda _: compound({name.replace("_", " "): content for name, content in streams.items()})


_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_MANIFEST = b'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
_NAMES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:x="urn:other"'
)
_ONE = '<table:table-cell office:value-type="float" office:value="1" {}><text:p>1</text:p></table:table-cell>'


def _ods(rows: str, before: str = "") -> Case:
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<office:document-content {_NAMES}><office:body>'
        f'<office:spreadsheet><table:table table:name="表">{rows}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    return lambda _: zipped(
        [("mimetype", _ODS), ("META-INF/manifest.xml", _MANIFEST), ("content.xml", content.encode())]
    )


def _repeated(columns: str = "", rows: str = "") -> Case:
    return _ods(f"<table:table-row {rows}>{_ONE.format(columns)}</table:table-row>")


def _bin_row(row: int, *cells: bytes) -> bytes:
    return binary.record(0, struct.pack("<I", row) + bytes(13)) + b"".join(cells)


def _bin_real(column: int) -> bytes:
    return binary.record(5, struct.pack("<IId", column, 0, 1.0))


def _bin_sheet(*rows: bytes, spans: tuple[int, int] = (0, 0)) -> bytes:
    stated = binary.record(148, struct.pack("<IIII", 0, spans[0], 0, spans[1]))
    return binary.record(129) + stated + binary.record(145) + b"".join(rows) + binary.record(146) + binary.record(130)


def _xlsb(sheet: bytes, shared: bytes | None = None, place: str = "worksheets/sheet1.bin") -> Case:
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"

    def relations(*targets: tuple[str, str]) -> bytes:
        each = (
            f'<Relationship Id="rId{n}" Type="{office}/{kind}" Target="{to}"/>'
            for n, (kind, to) in enumerate(targets, 1)
        )
        return f'<Relationships xmlns="{package}/relationships">{"".join(each)}</Relationships>'.encode()

    listed = binary.record(156, struct.pack("<II", 0, 1) + binary.wide("rId1") + binary.wide("表"))
    members = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"/>'.encode(),
        "_rels/.rels": relations(("officeDocument", "xl/workbook.bin")),
        "xl/workbook.bin": binary.record(131) + binary.record(143) + listed + binary.record(144) + binary.record(132),
        "xl/_rels/workbook.bin.rels": relations(("worksheet", place)),
        f"xl/{place}": sheet,
    } | ({} if shared is None else {"xl/sharedStrings.bin": shared})
    return lambda _: zipped(members)


def _bytes(data: bytes) -> Case:
    return lambda _: data


def _package(folder: str) -> Case:
    return lambda _: zipped({"[Content_Types].xml": b"<Types/>", f"{folder}/document.xml": b"<a/>"})


def _many(made: Callable[[int], bytes], numbers: Iterable[int]) -> bytes:
    return b"".join(map(made, numbers))


_TEXT_CELL = record(0x00FD, struct.pack("<HHHI", 0, 0, 0, 4_000_000_000))
_HTML = "<html><head><meta charset=gb2312></head><table><tr><td>编制数</td><td>48</td></tr></table></html>"

CASES: dict[str, Case] = {
    "好的.xls": _xls(dimensions(1, 1), number(0, 0)),
    "好的.et": _xls(dimensions(1, 1), number(0, 0, 3)),
    "xls改名.xlsx": _xls(dimensions(1, 1), number(0, 0, 2)),
    "范围谎报.xls": _xls(dimensions(65536, 256), number(0, 0)),
    "范围谎报-四十亿行.xls": _xls(dimensions(0xFFFFFFFF, 255), number(0, 0)),
    "范围谎报-倒置.xls": _xls(record(0x0200, struct.pack("<IIHHH", 9, 1, 5, 2, 0)), number(0, 0)),
    "范围谎报-长度不对.xls": _xls(record(0x0200, b"\xff" * 12), number(0, 0)),
    "格子65535.xls": _xls(dimensions(1, 1), number(65535, 65535)),
    "格子65535-列内.xls": _xls(dimensions(1, 1), number(65535, 255)),
    "数字NaN.xls": _xls(dimensions(1, 1), number(0, 0, float("nan"))),
    "数字1e300.xls": _xls(dimensions(1, 1), number(0, 0, 1e300)),
    "MULRK倒置.xls": _xls(record(0x00BD, struct.pack("<HH", 0, 9) + bytes(6) + struct.pack("<H", 1))),
    "MULRK越界.xls": _xls(record(0x00BD, struct.pack("<HH", 0, 0) + bytes(6) + struct.pack("<H", 60_000))),
    "记录短缺.xls": _xls(record(0x0203, b"\0\0\0")),
    "公式短缺.xls": _xls(record(0x0006, struct.pack("<HHH", 0, 0, 0) + bytes(3))),
    "错误值.xls": _xls(dimensions(1, 1), record(0x0205, struct.pack("<HHHBB", 0, 0, 0, 0x17, 1))),
    "文本编号越界.xls": _xls(dimensions(1, 1), _TEXT_CELL),
    "文本数目谎报.xls": _xls(
        dimensions(1, 1), number(0, 0), shared=record(0x00FC, struct.pack("<II", 0xFFFFFFFF, 0xFFFFFFFF))
    ),
    "文本长度谎报.xls": _xls(
        dimensions(1, 1), number(0, 0), shared=record(0x00FC, struct.pack("<IIHB", 1, 1, 0xFFFF, 0) + b"ab")
    ),
    "合并谎报.xls": _xls(number(0, 0), record(0x00E5, struct.pack("<H", 60_000) + bytes(8))),
    "密码保护.xls": _xls(number(0, 0), shared=record(0x002F, struct.pack("<HHH", 0, 1, 2))),
    "密码保护-强.xls": _xls(number(0, 0), shared=record(0x002F, struct.pack("<HHH", 1, 1, 1) + bytes(48))),
    "工作表藏在记录里.xls": lambda _: _hidden_records(),
    "工作表位置在文件外.xls": lambda _: compound({"Workbook": stream(_BEGIN_SHEET + _END_OF, offset=0x7FFFFFFF)}),
    "工作表位置指回开头.xls": lambda _: compound({"Workbook": stream(_BEGIN_SHEET + _END_OF, offset=0)}),
    "没有结尾.xls": lambda _: compound({"Workbook": stream(_BEGIN_SHEET + number(0, 0))}),
    "记录长度越界.xls": lambda _: compound({"Workbook": stream(_BEGIN_SHEET)[:-4] + b"\x03\x02\xff\xff"}),
    "三十万个格子.xls": lambda _: compound({"Workbook": stream(_BEGIN_SHEET + number(0, 0) * 300_000 + _END_OF)}),
    "工作簿流是空的.xls": _streams(Workbook=b""),
    "Word里嵌着表.xls": lambda _: compound({"WordDocument": b""}, {"Workbook": stream(_BEGIN_SHEET + _END_OF)}),
    "Word和表并列.xls": _streams(WordDocument=b"", Workbook=stream(_BEGIN_SHEET + _END_OF)),
    "表里嵌着表.xls": lambda _: compound(
        {"Workbook": stream(_BEGIN_SHEET + number(0, 0) + _END_OF)}, {"Workbook": stream(_BEGIN_SHEET + _END_OF)}
    ),
    "Word文档改名.xls": _streams(WordDocument=b""),
    "演示文稿改名.xls": _streams(PowerPoint_Document=b""),
    "邮件改名.xls": _streams(__properties_version1=b""),
    "加密.xlsx": _streams(EncryptionInfo=b"", EncryptedPackage=b"\0" * 9000),
    "加密谎报大小.xlsx": _streams(EncryptedPackage=b"\xff" * 9000),
    "复合文件截断.xls": lambda _: compound({"Workbook": stream(_BEGIN_SHEET + _END_OF)})[:900],
    "复合文件扇区表成环.xls": lambda _: _circle(),
    "复合文件只有头.xls": _bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    "复合文件全是0xFF.xls": _bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 5000),
    "BIFF2.xls": _bytes(b"\x09\x00\x04\x00\x02\x00\x10\x00" + bytes(100)),
    "BIFF4.xls": _bytes(b"\x09\x04\x06\x00\x00\x04\x10\x00\x00\x00" + bytes(100)),
    "好的.ods": _repeated(),
    "ods改名.xlsx": _repeated('table:style-name="a"'),
    "行重复三万.ods": _repeated(rows='table:number-rows-repeated="30000"'),
    "行重复一百万.ods": _repeated('table:number-columns-repeated="5"', 'table:number-rows-repeated="1048576"'),
    "列重复一万六.ods": _repeated('table:number-columns-repeated="16384"'),
    "行列都重复.ods": _repeated('table:number-columns-repeated="16384"', 'table:number-rows-repeated="1048576"'),
    "空行重复一百万.ods": _ods(
        f'<table:table-row>{_ONE.format("")}</table:table-row><table:table-row table:number-rows-repeated="1048576">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    ),
    "重复数四十亿.ods": _repeated('table:number-columns-repeated="4294967295"'),
    "重复数前面补零.ods": _repeated('table:number-columns-repeated="000000000100000000"'),
    "重复数带加号.ods": _repeated('table:number-columns-repeated="+100000000"'),
    "重复数另有同名属性.ods": _repeated('x:number-columns-repeated="1" table:number-columns-repeated="100000000"'),
    "重复数是负数.ods": _repeated('table:number-columns-repeated="-1"'),
    "重复数是零.ods": _repeated('table:number-columns-repeated="0"'),
    "行在组里重复.ods": _ods(
        '<table:table-row-group><table:table-row table:number-rows-repeated="1048576">'
        + _ONE.format('table:number-columns-repeated="100"')
        + "</table:table-row></table:table-row-group>"
    ),
    "嵌套表.ods": _ods(
        "<table:table-row><table:table-cell><table:table>" * 100
        + "</table:table></table:table-cell></table:table-row>" * 100
    ),
    "炸弹.ods": lambda _: zipped([("mimetype", _ODS), ("content.xml", b"<a>" + b" " * 200_000_000 + b"</a>")]),
    "DTD.ods": _ods("", '<!DOCTYPE a [<!ENTITY b "c">]>'),
    "值写坏.ods": _ods(
        '<table:table-row><table:table-cell office:value-type="float" office:value="x"/></table:table-row>'
    ),
    "错误值.ods": _ods(
        '<table:table-row><table:table-cell table:formula="of:=1/0" office:value-type="string">'
        "<text:p>#DIV/0!</text:p></table:table-cell></table:table-row>"
    ),
    "空格重复十亿.ods": _ods(
        '<table:table-row><table:table-cell office:value-type="string"><text:p>a<text:s text:c="1000000000"/>b</text:p>'
        "</table:table-cell></table:table-row>"
    ),
    "没有内容.ods": lambda _: zipped([("mimetype", _ODS)]),
    "内容不是XML.ods": lambda _: zipped([("mimetype", _ODS), ("content.xml", b"\0" * 99)]),
    "加密.ods": lambda _: zipped(
        [
            ("mimetype", _ODS),
            (
                "META-INF/manifest.xml",
                b'<manifest><file-entry full-path="content.xml"><encryption-data/></file-entry></manifest>',
            ),
            ("content.xml", bytes(range(256)) * 8),
        ]
    ),
    "文本文档改名.ods": lambda _: zipped([("mimetype", b"application/vnd.oasis.opendocument.text")]),
    "好的.xlsb": _xlsb(_bin_sheet(_bin_row(0, _bin_real(0)))),
    "xlsb改名.xlsx": _xlsb(_bin_sheet(_bin_row(1, _bin_real(0)))),
    "格子远.xlsb": _xlsb(_bin_sheet(_bin_row(1_048_575, _bin_real(16_383)))),
    "格子在网格外.xlsb": _xlsb(_bin_sheet(_bin_row(4_000_000_000, _bin_real(0)))),
    "范围谎报.xlsb": _xlsb(_bin_sheet(_bin_row(0, _bin_real(0)), spans=(0xFFFFFFFE, 0xFFFFFFFE))),
    "记录长度越界.xlsb": _xlsb(b"\x05\xff\xff\xff\x7f"),
    "记录短缺.xlsb": _xlsb(_bin_sheet(_bin_row(0, binary.record(5, b"\0\0\0\0")))),
    "工作表在别处.xlsb": _xlsb(_bin_sheet(_bin_row(1_048_575, _bin_real(16_383))), place="elsewhere/sheet1.bin"),
    "文本数目谎报.xlsb": _xlsb(
        _bin_sheet(_bin_row(0, _bin_real(0))), shared=binary.record(159, struct.pack("<II", 0xFFFFFFFF, 0xFFFFFFFF))
    ),
    "文本长度谎报.xlsb": _xlsb(
        _bin_sheet(_bin_row(0, _bin_real(0))),
        shared=binary.record(159, struct.pack("<II", 1, 1))
        + binary.record(19, b"\0" + struct.pack("<I", 0x7FFFFFFF) + b"ab"),
    ),
    "文本编号越界.xlsb": _xlsb(_bin_sheet(_bin_row(0, binary.record(7, struct.pack("<III", 0, 0, 4_000_000_000))))),
    "工作簿是空的.xlsb": lambda _: zipped({"xl/workbook.bin": b""}),
    "零字节.xlsx": _bytes(b""),
    "一个字节.xlsx": _bytes(b"P"),
    "纯文本.xlsx": _bytes("今年的报表见附件。".encode()),
    "网页.xlsx": _bytes(_HTML.encode("gb18030")),
    "网页.xls": _bytes(_HTML.encode()),
    "CSV.xlsx": _bytes("单位,编制数\r\n甲,48\r\n".encode("gb18030")),
    "CSV-UTF16.xlsx": _bytes("单位\t编制数\r\n甲\t48\r\n".encode("utf-16")),
    "PDF.xlsx": _bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj<<>>endobj"),
    "图片.xlsx": _bytes(b"\x89PNG\r\n\x1a\n" + bytes(100)),
    "RAR.xlsx": _bytes(b"Rar!\x1a\x07\x00" + bytes(100)),
    "七Z.xlsx": _bytes(b"7z\xbc\xaf\x27\x1c" + bytes(100)),
    "Word.xlsx": _package("word"),
    "演示文稿.xlsx": _package("ppt"),
    "XML表格2003.xls": _bytes(b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'),
    "程序.xlsx": _bytes(b"MZ\x90\0" + bytes(200)),
    "脚本.xlsx": _bytes(b"#!/bin/sh\nrm -rf /\n"),
    "全是零.xlsx": _bytes(bytes(5000)),
    "随机字节.xlsx": _bytes(bytes((n * 7919 + n // 251) % 256 for n in range(5000))),
    "xlsx改名.xls": zipped,
    "xlsx改名.et": zipped,
    "xlsx改名.csv": zipped,
    "没有扩展名": zipped,
    "文件过大.xlsx": lambda parts: zipped(parts) + bytes(60 * 1024 * 1024),
}


def _circle() -> bytes:
    """The directory's chain leads back to itself."""
    data = bytearray(compound({"Workbook": stream(_BEGIN_SHEET + _END_OF)}))
    directory = struct.unpack_from("<I", data, 48)[0]
    table = 512 + 512 * struct.unpack_from("<I", data, 76)[0]
    struct.pack_into("<I", data, table + 4 * directory, directory)
    return bytes(data)
