"""What a workbook says about itself in our own sheets (`_gouji`, 自查, `_自查`), abused; and the names of sheets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.sax.saxutils import escape

from tests.hostile.base import (
    BOOK,
    FORM,
    IDENTITY,
    RELATIONS,
    SELF_CHECK,
    Case,
    Parts,
    rows_added,
    swapped,
    with_part,
    zipped,
)
from tests.packages import sheet_xml

_FORM, _EDITION = "部门整体支出绩效评价基础数据表", "衡山县-2021"
_HEADS = ("工作表", "表", "版本", "项目编码", "项目名称", "行数", "表样指纹")
_OWN = ("基础数据表", _FORM, _EDITION)


def _text_row(texts: Sequence[str]) -> str:
    cells = (f'<c t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>' for text in texts)
    return f"<row>{''.join(cells)}</row>"


def _said(
    *sheets: Sequence[str], year: str = "2021", version: str = "1", round_: str = "1", heads: Sequence[str] = _HEADS
) -> Case:
    """The identity sheet written anew, as truthful as the arguments are."""

    def made(parts: Parts) -> bytes:
        number = int(parts["xl/sharedStrings.xml"].partition(b"4399")[2][:5])
        rows = [
            ("gouji", version), ("单位编码", f"4399{number:05}"), ("单位名称", f"青禾县第{number}所"), ("年度", year),
            ("轮次", round_), ("来源", ""), heads, *(sheets or [_OWN]),
        ]  # fmt: skip
        parts[IDENTITY] = sheet_xml("".join(map(_text_row, rows))).encode()
        return zipped(parts)

    return made


def _slots(text: str) -> Case:
    return _said((*_OWN, "", "", text))


def _form(name: str, edition: str = _EDITION) -> Case:
    return _said(("基础数据表", name, edition))


def _sheets(count: int, name: str = "表{}", slots: str = "") -> Case:
    """The form's sheet listed very often, each time under another name."""

    def made(parts: Parts) -> bytes:
        listed = "".join(f'<sheet name="{name.format(n)}" sheetId="{n + 50}" r:id="rId2"/>' for n in range(count))
        parts[BOOK] = parts[BOOK].replace(b"</sheets>", listed.encode() + b"</sheets>", 1)
        if not slots:
            return zipped(parts)
        return _said(_OWN, *((name.format(n), _FORM, _EDITION, "", "", slots) for n in range(count)))(parts)

    return made


def _title_rows(count: int) -> str:
    return f'<row><c t="inlineStr"><is><t>{_FORM}</t></is></c></row>' * count


def _extra_sheet(name: str, xml: str) -> Case:
    """One more sheet in the workbook; its name stands in the XML as it is given."""

    def made(parts: Parts) -> bytes:
        parts[BOOK] = parts[BOOK].replace(
            b"</sheets>", f'<sheet name="{name}" sheetId="77" r:id="rId77"/></sheets>'.encode(), 1
        )
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
        relation = f'<Relationship Id="rId77" Type="{kind}" Target="worksheets/sheet77.xml"/></Relationships>'
        parts[RELATIONS] = parts[RELATIONS].replace(b"</Relationships>", relation.encode(), 1)
        parts["xl/worksheets/sheet77.xml"] = sheet_xml(xml).encode()
        return zipped(parts)

    return made


def _resembling(parts: Parts) -> str:
    """Rows with some of the form's labels, so that the sheet is told as one that resembles it."""
    texts = re.findall(r"<t[^>]*>(.*?)</t>", parts["xl/sharedStrings.xml"].decode())
    first = texts.index("编制数")
    return "".join(_text_row([text]) for text in texts[first : first + 11])


def _resembling_sheet(name: str) -> Case:
    return lambda parts: _extra_sheet(name, _resembling(parts))(parts)


def _rename(new: str) -> Case:
    return swapped(BOOK, 'name="基础数据表"', f'name="{new}"')


CASES: dict[str, Case] = {
    "标识-照实重写.xlsx": _said(),
    "标识-行数一百亿.xlsx": _slots("项目=10000000000"),
    "标识-行数一万.xlsx": _slots("项目=10000"),
    "标识-行数负数.xlsx": _slots("项目=-1"),
    "标识-行数全角.xlsx": _slots("项目=６"),
    "标识-行数列表不存在.xlsx": _slots("没有这个=5"),
    "标识-行数十万项.xlsx": _slots(";".join(f"a{n}=1" for n in range(100_000))),
    "标识-表不存在.xlsx": _form("没有这张表"),
    "标识-表名越级.xlsx": _form(f"../forms/{_FORM}"),
    "标识-表名绝对.xlsx": _form("/etc", "passwd"),
    "标识-表名极长.xlsx": _form("长" * 5000),
    "标识-表名带NUL.xlsx": _form("a_x0000_b"),
    "标识-版本越级.xlsx": _form(_FORM, f"../{_FORM}/{_EDITION}"),
    "标识-补充表版本不存在.xlsx": _form("评分依据补充表", "../../x"),
    "标识-局内表.xlsx": _form("部门决算参照表", "通用"),
    "标识-别的表.xlsx": _form("预算支出绩效自评表", "湖南-2020"),
    "标识-年度1800.xlsx": _said(year="1800"),
    "标识-年度一百亿.xlsx": _said(year="10000000000"),
    "标识-年度文字.xlsx": _said(year="二〇二一"),
    "标识-年度2199.xlsx": _said(year="2199"),
    "标识-版本号未来.xlsx": _said(version="2"),
    "标识-轮次负数.xlsx": _said(round_="-1"),
    "标识-表头改了.xlsx": _said(heads=_HEADS[::-1]),
    "标识-同一表两行.xlsx": _said(_OWN, _OWN),
    "标识-五千行.xlsx": _said(_OWN, *((f"表{n}", _FORM, _EDITION) for n in range(5000))),
    "标识-五万行.xlsx": rows_added("<row><c><v>1</v></c></row>" * 50_000, IDENTITY),
    "标识-错误值.xlsx": with_part(
        IDENTITY, lambda part: part.replace(b'<c r="B3" t="s"><v>41</v></c>', b'<c r="B3" t="e"><v>#REF!</v></c>')
    ),
    "标识-数字无穷.xlsx": with_part(
        IDENTITY, lambda part: part.replace(b'<c r="B4" t="s"><v>288</v></c>', b'<c r="B4"><v>1e308</v></c>')
    ),
    "标识-空.xlsx": with_part(IDENTITY, sheet_xml("").encode()),
    "标识-可见.xlsx": swapped(BOOK, 'sheetId="5" state="veryHidden"', 'sheetId="5"'),
    "自查-两万行.xlsx": rows_added(_text_row(["基础数据表", "F-01", "D8", "说明"]) * 20_000, SELF_CHECK),
    "自查-公式打头的说明.xlsx": with_part(
        SELF_CHECK,
        sheet_xml(
            _text_row(["工作表", "规则", "核对内容", "单位说明"]) + _text_row(["基础数据表", "F-01", "", "=1+1"])
        ).encode(),
    ),
    "自查-空.xlsx": with_part(SELF_CHECK, b"<worksheet/>"),
    "自查-单位说明四万字.xlsx": with_part(
        SELF_CHECK,
        sheet_xml(
            _text_row(["工作表", "规则", "单位说明"]) + _text_row(["基础数据表", "X-01", "长" * 40_000])
        ).encode(),
    ),
    "计算页换成表.xlsx": lambda parts: zipped(parts | {"xl/worksheets/sheet4.xml": parts[FORM]}),
    "表名重复.xlsx": _sheets(1, "基础数据表"),
    "同一部件一百张表.xlsx": _sheets(100),
    "三张表各一万行.xlsx": _sheets(3, slots="项目=10000"),
    "表名带制表符.xlsx": _rename("基础&#9;数据表"),
    "相近的表名带制表符.xlsx": _resembling_sheet("附&#9;表"),
    "相近的表.xlsx": _resembling_sheet("附表"),
    "表名公式打头.xlsx": _rename("=cmd|'/c calc'!A0"),
    "表名带换行.xlsx": _rename("基础&#10;数据表"),
    "表名三万字.xlsx": _rename("表" * 30_000),
    "表名空.xlsx": _rename(""),
    "表名带井号.xlsx": _rename("基础#1"),
    "表名叫标识页.xlsx": _rename("_gouji"),
    "表名叫计算页.xlsx": _rename("_自查"),
    "表头每行一个.xlsx": _extra_sheet("附表", _title_rows(2_000)),
    "五百万格.xlsx": _extra_sheet("附表", '<row r="100000"><c r="AX100000"><v>1</v></c></row>'),
    "五万格有字.xlsx": _extra_sheet(
        "附表", ("<row>" + '<c t="inlineStr"><is><t>三公经费</t></is></c>' * 10 + "</row>") * 5_000
    ),
}
