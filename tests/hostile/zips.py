"""Archives that lie, swell, or hold something else than they seem to."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from tests.hostile.base import BOOK, FORM, RELATIONS, TEXTS, Case, Parts, rows_added, with_part, zipped

_SPACES = b" " * 200_000_000
_TWIN = FORM.replace("sheet2", "sheetX")
_OTHER_ROWS = b'<row r="99"><c r="XFD1048576"><v>1</v></c></row>'


def _padded(name: str) -> Case:
    """A member that swells a thousandfold."""
    return with_part(name, lambda part: part + _SPACES)


def _cut(share: float) -> Case:
    def made(parts: Parts) -> bytes:
        whole = zipped(parts)
        return whole[: int(len(whole) * share)]

    return made


def _directory_says(offset: int, form: str, value: int) -> Case:
    """A number in the central directory's entry of the sheet overwritten."""

    def made(parts: Parts) -> bytes:
        data = bytearray(zipped(parts))
        entry = _entry(data, FORM)
        struct.pack_into(form, data, entry + offset, value)
        return bytes(data)

    return made


def _entry(data: bytes, name: str) -> int:
    """Where the central directory tells of a member."""
    return data.index(name.encode(), data.index(b"PK\x01\x02")) - 46


def _local_name(parts: Parts) -> bytes:
    data = zipped(parts)
    return data.replace(FORM.encode(), FORM.replace("2.xml", "9.xml").encode(), 1)


def _more(*added: tuple[str, bytes]) -> Case:
    return lambda parts: zipped([*parts.items(), *added])


def _renamed(old: str, new: str) -> Case:
    return lambda parts: zipped([(new if name == old else name, part) for name, part in parts.items()])


def _without(name: str) -> Case:
    return lambda parts: zipped({key: part for key, part in parts.items() if key != name})


def _method(method: int) -> Case:
    def made(parts: Parts) -> bytes:
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", method) as archive:
            for name, part in parts.items():
                archive.writestr(zipfile.ZipInfo(name), part, method)
        return target.getvalue()

    return made


def _nested(parts: Parts) -> bytes:
    data = zipped(parts)
    for depth in range(8):
        data = zipped({f"{depth}.zip": data, f"{depth}.xlsx": data})
    return data


def _overlapping(parts: Parts) -> bytes:
    """Three thousand entries of the directory that all share one swelling body."""
    body = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = body.compress(b"\0" * 1_000_000) + body.flush()
    data = bytearray()
    directory = bytearray()
    name = b"xl/media/a"
    crc = zlib.crc32(b"\0" * 1_000_000)
    data += struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", 20, 0, 8, 0, 33, crc, len(packed), 1_000_000, len(name), 0)
    data += name + packed
    for _ in range(3000):
        directory += struct.pack(
            "<4sHHHHHHIIIHHHHHII", b"PK\x01\x02", 20, 20, 0, 8, 0, 33, crc, len(packed), 1_000_000, len(name),
            0, 0, 0, 0, 0, 0,
        ) + name  # fmt: skip
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 3000, 3000, len(directory), len(data), 0)
    return bytes(data + directory + end)


def _many_small_bombs(parts: Parts) -> bytes:
    return zipped([*parts.items(), *((f"xl/media/{n}.bin", b"\0" * 1_000_000) for n in range(300))])


def _unicode_path(parts: Parts) -> bytes:
    """A member whose extra field gives it another name: that of the sheet, with a cell far away."""
    real = FORM.encode()
    other = zipfile.ZipInfo("xl/media/image1.png")
    other.compress_type = zipfile.ZIP_DEFLATED
    body = struct.pack("<BI", 1, zlib.crc32(other.filename.encode())) + real
    other.extra = struct.pack("<HH", 0x7075, len(body)) + body
    far = parts[FORM].replace(b"</sheetData>", _OTHER_ROWS + b"</sheetData>")
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)
        archive.writestr(other, far)
    return target.getvalue()


def _two_books(parts: Parts) -> bytes:
    """The package names another workbook than the one that stands in the usual place, which has a cell far away."""
    other = {name.replace("xl/", "other/"): part for name, part in parts.items() if name.startswith("xl/")}
    parts["_rels/.rels"] = parts["_rels/.rels"].replace(b"xl/workbook.xml", b"other/workbook.xml")
    parts[FORM] = parts[FORM].replace(b"</sheetData>", _OTHER_ROWS + b"</sheetData>")
    return zipped(parts | other)


def _external_sheet(parts: Parts) -> bytes:
    """The sheet's relation is said to lead outside, although it does not: a scan that skips it is blind."""
    target = b'Target="worksheets/sheet2.xml"'
    parts[RELATIONS] = parts[RELATIONS].replace(target, target + b' TargetMode="External"')
    parts[FORM] = parts[FORM].replace(b"</sheetData>", _OTHER_ROWS + b"</sheetData>")
    return zipped(parts)


def _two_ids(parts: Parts) -> bytes:
    """The sheet has an id in a foreign namespace, which leads to a harmless sheet, beside the real one."""
    foreign = b'<sheet xmlns:x="urn:other" x:id="rId1" '
    parts[BOOK] = parts[BOOK].replace('<sheet name="基础数据表"'.encode(), foreign + 'name="基础数据表"'.encode())
    parts[FORM] = parts[FORM].replace(b"</sheetData>", _OTHER_ROWS + b"</sheetData>")
    return zipped(parts)


def _one_id_twice(parts: Parts) -> bytes:
    """Two relations of one id; readers may follow the first or the last."""
    first = parts[RELATIONS].index(b"<Relationship ")
    added = (
        b'<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        b'worksheet" Target="worksheets/far.xml"/>'
    )
    parts[RELATIONS] = parts[RELATIONS][:first] + added + parts[RELATIONS][first:]
    parts["xl/worksheets/far.xml"] = parts[FORM].replace(b"</sheetData>", _OTHER_ROWS + b"</sheetData>")
    return zipped(parts)


def _encrypted(parts: Parts) -> bytes:
    data = bytearray(zipped(parts))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + offset] |= 1
    return bytes(data)


def _backslashes(parts: Parts) -> bytes:
    return zipped({name.replace("/", "\\"): part for name, part in parts.items()})


CASES: dict[str, Case] = {
    "炸弹-工作表.xlsx": rows_added(_SPACES),
    "炸弹-共享文本.xlsx": _padded(TEXTS),
    "炸弹-无用部件.xlsx": _more(("xl/media/image1.png", b"\0" * 200_000_000)),
    "炸弹-许多小部件.xlsx": _many_small_bombs,
    "炸弹-共用一段.xlsx": _overlapping,
    "炸弹-打包时藏在标识页.xlsx": _padded("xl/worksheets/sheet5.xml"),
    "大小谎报-小.xlsx": _directory_says(24, "<I", 10),
    "大小谎报-大.xlsx": _directory_says(24, "<I", 0xFFFFFFF0),
    "大小谎报-压缩后.xlsx": _directory_says(20, "<I", 50),
    "校验和不符.xlsx": _directory_says(16, "<I", 1),
    "目录指向文件之外.xlsx": _directory_says(42, "<I", 0x7FFFFFF0),
    "两个目录名字不同.xlsx": _local_name,
    "截断-只剩四字节.xlsx": lambda parts: zipped(parts)[:4],
    "截断-一成.xlsx": _cut(0.1),
    "截断-一半.xlsx": _cut(0.5),
    "截断-九成九.xlsx": _cut(0.99),
    "截断-少一字节.xlsx": lambda parts: zipped(parts)[:-1],
    "尾部有垃圾.xlsx": lambda parts: zipped(parts) + b"\0" * 100,
    "头部有垃圾.xlsx": lambda parts: b"\0" * 100 + zipped(parts),
    "两个压缩包相连.xlsx": lambda parts: zipped({"a.txt": b"a"}) + zipped(parts),
    "尾注谎报成员数.xlsx": lambda parts: zipped(parts)[:-12] + zipped(parts)[-12:].replace(b"\x0f\x00", b"\xff\xff"),
    "成员五千.xlsx": _more(*((f"xl/media/{n}", b"") for n in range(5000))),
    "成员六万.xlsx": _more(*((f"{n}", b"") for n in range(60_000))),
    "大小写孪生.xlsx": _more(("xl/worksheets/Sheet2.xml", b"<worksheet/>")),
    "成员重复.xlsx": lambda parts: _more((_TWIN, b"<worksheet/>"))(parts).replace(_TWIN.encode(), FORM.encode()),
    "反斜杠孪生.xlsx": _more((FORM.replace("/", "\\"), b"<worksheet/>")),
    "反斜杠路径.xlsx": _backslashes,
    "越级名字.xlsx": _more(("../../../../tmp/evil.sh", b"#!/bin/sh")),
    "绝对名字.xlsx": _more(("/etc/cron.d/evil", b"* * * * * root true")),
    "盘符名字.xlsx": _more(("C:\\Windows\\evil.bat", b"@echo off")),
    "工作簿在绝对名字下.xlsx": _renamed(BOOK, "/xl/workbook.xml"),
    "名字里有NUL.xlsx": lambda parts: zipped(parts).replace(b"xl/theme/theme1.xml", b"xl/theme/them\0\0.xml"),
    "名字极长.xlsx": _more(("xl/media/" + "长" * 20_000, b"")),
    "名字不是UTF8.xlsx": lambda parts: zipped([*parts.items(), ("xl/media/ABCD", b"")]).replace(
        b"xl/media/ABCD", b"xl/media/\xd6\xd0\xce\xc4"
    ),
    "扩展字段另起名字.xlsx": _unicode_path,
    "两个工作簿.xlsx": _two_books,
    "工作表谎称在外部.xlsx": _external_sheet,
    "工作表有两个标识.xlsx": _two_ids,
    "关系标识重复.xlsx": _one_id_twice,
    "缺工作表部件.xlsx": _without(FORM),
    "缺工作簿部件.xlsx": _without(BOOK),
    "缺关系部件.xlsx": _without(RELATIONS),
    "缺根关系.xlsx": _without("_rels/.rels"),
    "缺共享文本.xlsx": _without(TEXTS),
    "缺样式.xlsx": _without("xl/styles.xml"),
    "缺内容类型.xlsx": _without("[Content_Types].xml"),
    "压缩方式-bzip2.xlsx": _method(zipfile.ZIP_BZIP2),
    "压缩方式-lzma.xlsx": _method(zipfile.ZIP_LZMA),
    "压缩方式-不压缩.xlsx": _method(zipfile.ZIP_STORED),
    "压缩方式-未知.xlsx": _directory_says(10, "<H", 97),
    "成员加密.xlsx": _encrypted,
    "压缩包套压缩包.xlsx": _nested,
    "压缩包改名.xlsx": lambda parts: zipped({"报表/报表.xlsx": zipped(parts)}),
    "空压缩包.xlsx": lambda _: zipped({}),
    "表里嵌着工作簿.xlsx": lambda parts: zipped(parts | {"xl/embeddings/Workbook1.xlsx": zipped(parts)}),
}
