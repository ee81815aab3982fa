"""XML that swells, reaches outside, lies about its encoding or is nested without end."""

from __future__ import annotations

import re
from collections.abc import Callable

from tests.hostile.base import (
    BOOK,
    FORM,
    LEDGER,
    STYLES,
    TEXTS,
    Case,
    Parts,
    behind_rows,
    cell,
    rows_added,
    swapped,
    with_part,
    zipped,
)

_HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_TEN = "&l{0};" * 10
_LAUGHS = "".join(f'<!ENTITY l{n} "{_TEN.format(n - 1)}">' for n in range(1, 10))
_FAR_UTF7 = "+ADw-!DOCTYPE a [+ADw-!ENTITY b +ACI-c+ACIAPgBd-+AD4-"


def _typed(declaration: str, use: str = "", name: str = FORM) -> Case:
    """A document type in front of a member, and a cell that uses it."""

    def change(part: bytes) -> bytes:
        typed = part.replace(b"<worksheet ", declaration.encode() + b"<worksheet ", 1)
        return typed.replace(b"<v>13.49</v>", f"<v>{use}</v>".encode(), 1) if use else typed

    return with_part(name, change)


def _encoded(codec: str, said: str, name: str = FORM) -> Case:
    """A member in another encoding, with the declaration that goes with it."""

    def change(part: bytes) -> bytes:
        return part.decode().replace("UTF-8", said, 1).encode(codec)

    return with_part(name, change)


def _all_encoded(codec: str, said: str) -> Case:
    def made(parts: Parts) -> bytes:
        return zipped(
            {
                name: part.decode().replace("UTF-8", said, 1).encode(codec) if name.startswith("xl/") else part
                for name, part in parts.items()
            }
        )

    return made


def _late_encoding(part: bytes) -> bytes:
    """The encoding is only told behind a kilobyte of blanks, and the document type in it hidden from a search."""
    text = part.decode().partition("?>")[2]
    head = f'<?xml version="1.0"{" " * 1000}encoding="UTF-7"?>'
    body = text.replace("+", "+-").encode("utf-7").decode()
    return (head + _FAR_UTF7 + body).encode()


def _strict(parts: Parts) -> bytes:
    """The same workbook in the strict flavour of the format: other namespaces, nothing else."""
    swaps = {
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships": (
            b"http://purl.oclc.org/ooxml/officeDocument/relationships"
        ),
    }
    for old, new in swaps.items():
        parts = {name: part.replace(old, new) for name, part in parts.items()}
    return zipped(parts)


def _prefixed(part: bytes) -> bytes:
    """Every element of a sheet under a prefix, as some programs write them."""
    text = part.decode().replace("<worksheet xmlns=", "<worksheet xmlns:x=", 1)
    return re.sub(r"<(/?)([A-Za-z])", r"<\1x:\2", text).encode()


def _unique_count(count: int) -> Callable[[bytes], bytes]:
    return lambda part: re.sub(rb'uniqueCount="\d+"', b'uniqueCount="%d"' % count, part, count=1)


def _styles(count: int) -> Case:
    """Cell formats without number."""
    return swapped(STYLES, "</cellXfs>", '<xf numFmtId="4" xfId="0"/>' * count + "</cellXfs>")


def _shared_text(length: int, cells: int) -> Case:
    """One long text that very many cells share: small in the file, vast when every cell holds its own."""

    def made(parts: Parts) -> bytes:
        count = len(re.findall(rb"<si>|<si ", parts[TEXTS]))
        parts[TEXTS] = parts[TEXTS].replace(b"</sst>", b"<si><t>" + b"x" * length + b"</t></si></sst>")
        shared_cell = b'<c t="s"><v>%d</v></c>' % count
        rows = b"".join(b'<row r="%d">%s</row>' % (100 + n, shared_cell * 100) for n in range(cells // 100))
        return rows_added(rows)(parts)

    return made


CASES: dict[str, Case] = {
    "DTD-十亿大笑.xlsx": _typed(f'<!DOCTYPE a [<!ENTITY l0 "13">{_LAUGHS}]>', "&l9;"),
    "DTD-平方膨胀.xlsx": _typed('<!DOCTYPE a [<!ENTITY q "' + "1" * 50_000 + '">]>', "&q;" * 50_000),
    "DTD-外部实体.xlsx": _typed('<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>', "&e;"),
    "DTD-外部文件.xlsx": _typed('<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd">'),
    "DTD-参数实体.xlsx": _typed('<!DOCTYPE a [<!ENTITY % p SYSTEM "http://127.0.0.1:9/a"> %p;]>'),
    "DTD-空.xlsx": _typed("<!DOCTYPE worksheet>"),
    "DTD-在无用部件.xlsx": with_part("docProps/custom.xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"),
    "DTD-在关系部件.xlsx": with_part(
        "xl/_rels/workbook.xml.rels", lambda part: part.replace(b"<Rel", b"<!DOCTYPE a><Rel", 1)
    ),
    "DTD-UTF16.xlsx": with_part(
        "docProps/custom.xml", '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'.encode("utf-16-be")
    ),
    "DTD-藏在UTF7里.xlsx": with_part(FORM, _late_encoding),
    "实体未声明.xlsx": cell("D8", '<c r="D8" s="28"><v>&nothing;</v></c>'),
    "字符引用.xlsx": cell("D8", '<c r="D8" s="28"><v>&#49;&#x33;.49</v></c>'),
    "非法字符引用.xlsx": cell("D8", '<c r="D8" s="28" t="inlineStr"><is><t>&#0;</t></is></c>'),
    "CDATA里的数字.xlsx": cell("D8", '<c r="D8" s="28"><v><![CDATA[13.49]]></v></c>'),
    "数字里夹注释.xlsx": cell("D8", '<c r="D8" s="28"><v>13<!-- a -->.49</v></c>'),
    "文字里夹注释.xlsx": cell("B28", '<c r="B28" t="inlineStr"><is><t>执行<!-- a -->制度</t></is></c>'),
    "UTF16-工作表.xlsx": _encoded("utf-16", "UTF-16"),
    "UTF16-无标记.xlsx": _encoded("utf-16-le", "UTF-16"),
    "UTF16-大端.xlsx": with_part(
        FORM, lambda part: b"\xfe\xff" + part.decode().replace("UTF-8", "UTF-16").encode("utf-16-be")
    ),
    "UTF16-所有部件.xlsx": _all_encoded("utf-16", "UTF-16"),
    "UTF32-工作表.xlsx": _encoded("utf-32", "UTF-32"),
    "GB18030-工作表.xlsx": _encoded("gb18030", "GB18030"),
    "GBK-共享文本.xlsx": _encoded("gb18030", "GBK", TEXTS),
    "UTF7-工作表.xlsx": with_part("xl/theme/theme1.xml", b'<?xml version="1.0" encoding="UTF-7"?><a/>'),
    "EBCDIC-工作表.xlsx": with_part(
        FORM, lambda part: part.decode().replace("UTF-8", "cp500").encode("cp500", "replace")
    ),
    "谎称ASCII.xlsx": with_part(TEXTS, lambda part: part.replace(b"UTF-8", b"US-ASCII", 1)),
    "UTF8带标记.xlsx": with_part(FORM, lambda part: b"\xef\xbb\xbf" + part),
    "UTF8坏字节.xlsx": with_part(TEXTS, lambda part: part.replace("填报单位".encode(), b"\xff\xfe\xfa", 1)),
    "声明前有空行.xlsx": with_part(FORM, lambda part: b"\n" + part),
    "严格格式.xlsx": _strict,
    "元素带前缀.xlsx": with_part(FORM, _prefixed),
    "嵌套十万层.xlsx": rows_added("<a>" * 100_000 + "</a>" * 100_000),
    "嵌套三百层.xlsx": behind_rows("<extLst>" + "<a>" * 300 + "</a>" * 300 + "</extLst>"),
    "属性值十二兆.xlsx": behind_rows('<extLst><ext uri="' + "x" * 12_000_000 + '"/></extLst>'),
    "属性一万个.xlsx": behind_rows("<extLst><ext " + " ".join(f'a{n}="1"' for n in range(10_000)) + "/></extLst>"),
    "文字十二兆.xlsx": cell("B28", '<c r="B28" t="inlineStr"><is><t>' + "长" * 4_000_000 + "</t></is></c>"),
    "标签不配对.xlsx": with_part(FORM, lambda part: part.replace(b"</sheetData>", b"</sheetdata>", 1)),
    "工作表是空的.xlsx": with_part(FORM, b""),
    "工作表不是XML.xlsx": with_part(FORM, b"\x89PNG\r\n\x1a\n" * 50),
    "工作表根不对.xlsx": with_part(FORM, _HEAD + b"<html><body/></html>"),
    "样式坏了.xlsx": with_part(STYLES, b"<styleSheet"),
    "共享文本坏了.xlsx": with_part(TEXTS, b"<sst><si>"),
    "工作簿坏了.xlsx": with_part(BOOK, b"<workbook>"),
    "共享文本数目谎报-四十亿.xlsx": with_part(TEXTS, _unique_count(4_000_000_000)),
    "共享文本数目谎报-零.xlsx": with_part(TEXTS, _unique_count(0)),
    "共享文本数目谎报-负数.xlsx": with_part(TEXTS, _unique_count(-1)),
    "共享文本数目谎报-藏在四千字后.xlsx": with_part(
        TEXTS, lambda part: _unique_count(400_000_000_000)(part).replace(b"<sst ", b"<sst " + b" " * 5000, 1)
    ),
    "共享文本一百万条.xlsx": with_part(
        TEXTS,
        lambda part: part.replace(
            b"</sst>", b"".join(b"<si><t>s%d</t></si>" % n for n in range(1_000_000)) + b"</sst>"
        ),
    ),
    "共享文本编号越界.xlsx": cell("B28", '<c r="B28" s="31" t="s"><v>99999</v></c>'),
    "共享文本编号是负数.xlsx": cell("B28", '<c r="B28" s="31" t="s"><v>-1</v></c>'),
    "一条长文本十万格.xlsx": _shared_text(32_767, 100_000),
    "一条长文本一千格.xlsx": _shared_text(32_767, 1_000),
    "样式十万种.xlsx": _styles(100_000),
    "样式编号越界.xlsx": cell("D8", '<c r="D8" s="4000000000"><v>13.49</v></c>'),
    "数字格式极长.xlsx": swapped(STYLES, 'formatCode="', 'formatCode="' + "0" * 100_000),
    "带样式空行千万.xlsx": rows_added('<row s="1"/>' * 10_000_000),
    "带样式空行二十万.xlsx": rows_added("".join(f'<row r="{n}" s="1" customFormat="1"/>' for n in range(30, 200_030))),
    "一行里一百万个空格子.xlsx": rows_added('<row r="40">' + "<c/>" * 1_000_000 + "</row>"),
    "一行里十万个同址格子.xlsx": rows_added('<row r="40">' + '<c r="A40"/>' * 100_000 + "</row>"),
    "合并整张表.xlsx": behind_rows('<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
    "合并五万处.xlsx": behind_rows(
        "<mergeCells>" + "".join(f'<mergeCell ref="AA{n}:AB{n}"/>' for n in range(1, 50_001)) + "</mergeCells>"
    ),
    "合并重叠十万处.xlsx": behind_rows("<mergeCells>" + '<mergeCell ref="A1:XFD1048576"/>' * 100_000 + "</mergeCells>"),
    "合并地址越界.xlsx": behind_rows('<mergeCells count="1"><mergeCell ref="A1:ZZZ9999999"/></mergeCells>'),
    "链接整张表.xlsx": behind_rows('<hyperlinks><hyperlink ref="A1:XFD1048576" location="A1"/></hyperlinks>'),
    "链接一百万处.xlsx": behind_rows("<hyperlinks>" + "<hyperlink/>" * 1_000_000 + "</hyperlinks>"),
    "填写限制整张表.xlsx": behind_rows(
        '<dataValidations><dataValidation type="list" sqref="A1:XFD1048576"><formula1>"a"</formula1>'
        "</dataValidation></dataValidations>"
    ),
    "填写限制十万处.xlsx": behind_rows(
        "<dataValidations>"
        + ('<dataValidation sqref="' + " ".join(f"AA{n}" for n in range(1, 1001)) + '"/>') * 100
        + "</dataValidations>"
    ),
    "条件格式整张表.xlsx": behind_rows(
        '<conditionalFormatting sqref="A1:XFD1048576"><cfRule type="expression" priority="1">'
        "<formula>1</formula></cfRule></conditionalFormatting>"
    ),
    "范围谎报.xlsx": swapped(FORM, '<dimension ref="A1:Z29"/>', '<dimension ref="A1:XFD1048576"/>'),
    "范围谎报-倒置.xlsx": swapped(FORM, '<dimension ref="A1:Z29"/>', '<dimension ref="XFD1048576:A1"/>'),
    "范围谎报-乱码.xlsx": swapped(FORM, '<dimension ref="A1:Z29"/>', '<dimension ref="??"/>'),
    "列宽谎报.xlsx": swapped(FORM, "<cols>", '<cols><col min="1" max="999999999" width="9"/>'),
    "计算页无数行.xlsx": rows_added(
        "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(5000, 400_000)), LEDGER
    ),
    "计算页有远处的格子.xlsx": rows_added('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', LEDGER),
}
