"""What may stand in a cell: errors, formulas without result, figures in every disguise, text that would act."""

from __future__ import annotations

import re

from tests.hostile.base import BOOK, FORM, STYLES, TEXTS, Case, Parts, cell, rows_added, swapped, with_part

_ERRORS = (
    "#DIV/0!",
    "#N/A",
    "#NAME?",
    "#NULL!",
    "#NUM!",
    "#REF!",
    "#VALUE!",
    "#SPILL!",
    "#CALC!",
    "#GETTING_DATA",
    "Err:502",
)
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def _value(value: str, kind: str = "", style: int = 28) -> Case:
    """The figure D8 with this value."""
    typed = f' t="{kind}"' if kind else ""
    return cell("D8", f'<c r="D8" s="{style}"{typed}><v>{value}</v></c>')


def _text(text: str, address: str = "D8") -> Case:
    return cell(address, f'<c r="{address}" s="28" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>')


def _formatted(value: str, code: str, address: str = "F4") -> Case:
    """A number under a number format of its own; F4 is a rate (控制率) with a formula."""

    def made(parts: Parts) -> bytes:
        styles = parts[STYLES].decode()
        count = len(re.findall(r"<xf ", styles.partition("<cellXfs")[2].partition("</cellXfs>")[0]))
        styles = re.sub(r"(<numFmts[^>]*>)", rf'\1<numFmt numFmtId="399" formatCode="{code}"/>', styles, count=1)
        styles = styles.replace("</cellXfs>", '<xf numFmtId="399" xfId="0"/></cellXfs>', 1)
        parts[STYLES] = styles.encode()
        return cell(address, f'<c r="{address}" s="{count}"><v>{value}</v></c>')(parts)

    return made


def _label(old: str, new: str) -> Case:
    """A label of the form changed."""
    return swapped(TEXTS, f">{old}<", f">{new}<")


def _unit_name(name: str) -> Case:
    """Another name of the unit, on the identity sheet and in the head alike."""
    return with_part(TEXTS, lambda part: re.sub("青禾县第[0-9]+所".encode(), lambda _: name.encode(), part))


def _external(parts: Parts) -> bytes:
    """A formula that reads another workbook, with the value that it had, and the link itself."""
    parts["xl/externalLinks/externalLink1.xml"] = (
        f'<externalLink xmlns:r="{_RELATIONS}"><externalBook r:id="rId1"/></externalLink>'.encode()
    )
    parts["xl/externalLinks/_rels/externalLink1.xml.rels"] = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        b'Type="x/externalLinkPath" Target="file:///\\\\evil\\share\\a.xlsx" TargetMode="External"/></Relationships>'
    )
    return cell("D8", '<c r="D8" s="28"><f>[1]Sheet1!$A$1</f><v>13.49</v></c>')(parts)


def _dde(parts: Parts) -> bytes:
    parts["xl/externalLinks/externalLink1.xml"] = (
        b'<externalLink><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>'
    )
    return cell("D8", '<c r="D8" s="28"><f>cmd|&apos;/c calc&apos;!A0</f><v>13.49</v></c>')(parts)


def _hidden_row(part: bytes) -> bytes:
    return part.replace(b'<row r="8" ', b'<row r="8" hidden="1" ', 1)


def _merged_over(part: bytes) -> bytes:
    """D8 and E8 are one cell in the form; the value stands in the covered one."""
    moved = part.replace(b'<c r="D8" s="28"><v>13.49</v></c>', b'<c r="D8" s="28"/>', 1)
    return moved.replace(b'<c r="E8" s="28"/>', b'<c r="E8" s="28"><v>13.49</v></c>', 1)


def _both_merged(part: bytes) -> bytes:
    return part.replace(b'<c r="E8" s="28"/>', b'<c r="E8" s="28"><v>99</v></c>', 1)


CASES: dict[str, Case] = {
    **{f"错误值-{re.sub('[^A-Z0-9]', '', error)}.xlsx": _value(error, "e") for error in _ERRORS},
    "错误值-空.xlsx": _value("", "e"),
    "错误值-公式带结果.xlsx": cell("D8", '<c r="D8" s="28" t="e"><f>1/0</f><v>#DIV/0!</v></c>'),
    "错误值-写成文字.xlsx": _text("#REF!"),
    "未计算-普通公式.xlsx": cell("D8", '<c r="D8" s="28"><f>1+1</f></c>'),
    "未计算-共享公式.xlsx": cell("D8", '<c r="D8" s="28"><f t="shared" ref="D8:D9" si="9">1+1</f></c>'),
    "未计算-数组公式.xlsx": cell("D8", '<c r="D8" s="28"><f t="array" ref="D8:D9">1+1</f></c>'),
    "未计算-数组盖满整张表.xlsx": cell("D8", '<c r="D8" s="28"><f t="array" ref="A1:XFD1048576">1</f></c>'),
    "布尔-坏值.xlsx": _value("x", "b"),
    "布尔-真.xlsx": _value("1", "b"),
    "类型不存在.xlsx": _value("13.49", "zz"),
    "数字写坏.xlsx": _value("13.4.9"),
    "数字是NaN.xlsx": _value("NaN"),
    "数字是无穷.xlsx": _value("inf"),
    "数字1e300.xlsx": _value("1e300"),
    "数字1e400.xlsx": _value("1e400"),
    "数字1e-300.xlsx": _value("1e-300"),
    "数字1e-300没有格式.xlsx": _value("1e-300", style=0),
    "数字最小.xlsx": _value("5e-324"),
    "数字负零.xlsx": _value("-0"),
    "数字20位.xlsx": _value("12345678901234567890"),
    "数字一百万位.xlsx": _value("1" * 1_000_000),
    "日期1e300.xlsx": _formatted("1e300", "yyyy-mm-dd", "D8"),
    "日期负数.xlsx": _formatted("-1e9", "yyyy-mm-dd", "D8"),
    "日期代替金额.xlsx": _formatted("44372", "yyyy-mm-dd", "D8"),
    "时间无穷.xlsx": _formatted("1e18", "[h]:mm:ss", "D8"),
    "日期类型写坏.xlsx": _value("9999-99-99T99:99:99", "d"),
    "日期1904.xlsx": swapped(BOOK, "<workbookPr ", '<workbookPr date1904="1" '),
    "格式两百位小数.xlsx": _formatted("13.49", "0." + "0" * 200, "D8"),
    "格式三百个百分号.xlsx": _formatted("13.49", "0" + "%" * 300, "D8"),
    "比率0.61百分比格式.xlsx": _formatted("0.61", "0%"),
    "比率61没有格式.xlsx": _formatted("61", "0"),
    "比率61百分比格式.xlsx": _formatted("61", "0%"),
    "比率文字61%.xlsx": _text("61%", "F4"),
    "数字存为文本.xlsx": _text("13.49"),
    "数字存为文本带单位.xlsx": _text("13.49万元"),
    "数字存为文本全角.xlsx": _text("１３．４９"),
    "数字存为文本夹零宽.xlsx": _text("13\u200b.\u206049"),
    "数字存为文本反向控制符.xlsx": _text("\u202e94.31"),
    "数字存为文本阿拉伯数字.xlsx": _text("١٣٫٤٩"),
    "数字存为文本四百位.xlsx": _text("9" * 400),
    "富文本数字.xlsx": cell(
        "D8", '<c r="D8" s="28" t="inlineStr"><is><r><t>13</t></r><r><rPr><b/></rPr><t>.49</t></r></is></c>'
    ),
    "富文本带注音.xlsx": cell(
        "B28", '<c r="B28" t="inlineStr"><is><t>执行制度</t><rPh sb="0" eb="1"><t>zhixing</t></rPh></is></c>'
    ),
    "转义码控制符.xlsx": _text("执行_x0000__x001B_制度_xD800_", "B28"),
    "合并格下藏着数.xlsx": with_part(FORM, _merged_over),
    "合并格里有两个数.xlsx": with_part(FORM, _both_merged),
    "隐藏行有数.xlsx": with_part(FORM, _hidden_row),
    "隐藏表有数.xlsx": swapped(BOOK, '<sheet name="基础数据表"', '<sheet state="hidden" name="基础数据表"'),
    "深藏表有数.xlsx": swapped(BOOK, '<sheet name="基础数据表"', '<sheet state="veryHidden" name="基础数据表"'),
    "可见性写坏.xlsx": swapped(BOOK, '<sheet name="基础数据表"', '<sheet state="invisible" name="基础数据表"'),
    "格子在网格外-行.xlsx": rows_added('<row r="1048577"><c r="A1048577"><v>1</v></c></row>'),
    "格子在网格外-列.xlsx": rows_added('<row r="30"><c r="XFE30"><v>1</v></c></row>'),
    "格子在网格外-零行.xlsx": rows_added('<row r="0"><c r="A0"><v>1</v></c></row>'),
    "格子地址乱写.xlsx": rows_added('<row r="30"><c r="第三十行"><v>1</v></c></row>'),
    "格子远-XFD1048576.xlsx": rows_added('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
    "格子远-T1048576.xlsx": rows_added('<row r="1048576"><c r="T1048576"><v>1</v></c></row>'),
    "格子远-A1048576.xlsx": rows_added('<row r="1048576"><c r="A1048576"><v>1</v></c></row>'),
    "格子远-只有样式.xlsx": rows_added('<row r="1048576"><c r="XFD1048576" s="1"/></row>'),
    "格子远-小写地址.xlsx": rows_added('<row r="1048576"><c r="xfd1048576"><v>1</v></c></row>'),
    "格子远-行号不符.xlsx": rows_added('<row r="30"><c r="XFD1048576"><v>1</v></c></row>'),
    "格子写两遍.xlsx": cell("D8", '<c r="D8" s="28"><v>1</v></c><c r="D8" s="28"><v>13.49</v></c>'),
    "格子写两遍-先错误.xlsx": cell("D8", '<c r="D8" s="28" t="e"><v>#REF!</v></c><c r="D8" s="28"><v>13.49</v></c>'),
    "行倒着写.xlsx": rows_added('<row r="3"><c r="D8" s="28"><v>99</v></c></row>'),
    "两段数据.xlsx": with_part(
        FORM,
        lambda part: part.replace(
            b"</sheetData>", b'</sheetData><sheetData><row r="8"><c r="D8" s="28"><v>99</v></c></row></sheetData>', 1
        ),
    ),
    "宏.xlsx": with_part("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0" * 200),
    "DDE.xlsx": _dde,
    "外部链接.xlsx": _external,
    "公式调网址.xlsx": cell(
        "D8", '<c r="D8" s="28" t="str"><f>WEBSERVICE("http://127.0.0.1:9/"&amp;B8)</f><v>13.49</v></c>'
    ),
    "网址链接.xlsx": _text("http://127.0.0.1:9/", "B28"),
    "标签公式打头.xlsx": _label("3、公务接待", "=cmd|&apos;/c calc&apos;!A0"),
    "标签带控制符.xlsx": _label("3、公务接待", "3、公务&#9;接待&#10;"),
    "单位名公式打头.xlsx": _unit_name("=HYPERLINK(&quot;http://127.0.0.1:9&quot;,&quot;点&quot;)"),
    "单位名加号打头.xlsx": _unit_name("+1+cmd|&apos; /C calc&apos;!A0"),
    "单位名带制表符换行.xlsx": _unit_name("青禾县&#9;所&#10;二"),
    "单位名三万字.xlsx": _unit_name("所" * 30_000),
    "单位名是路径.xlsx": _unit_name("../../../tmp/evil"),
    "单位名是反向文字.xlsx": _unit_name("\u202e所七十第县禾青"),
    "单位名是表情.xlsx": _unit_name("青禾县\U0001f600所"),
    "说明公式打头.xlsx": _text("=1+1", "B28"),
    "说明以at打头.xlsx": _text("@SUM(1+1)", "B28"),
    "说明四万字.xlsx": _text("长" * 40_000, "B28"),
}
