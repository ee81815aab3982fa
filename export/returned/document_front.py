"""What a document gets in front when it goes back: the list of its issues with room for 说明, and the hidden record."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

from lxml import etree

from gouji.export.returned.front import TITLE
from gouji.export.returned.marks import Mark, counted
from gouji.ingest.files.xml import Element
from gouji.templates.addresses import with_sheet
from gouji.templates.returned import ID_HEAD, Record, record_rows
from gouji.templates.text import sheet_text

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADS = ("序号", "位置", "程度", "问题", "现为", "应为", "规则", "单位说明", ID_HEAD)
_WIDTHS = (500, 1150, 850, 3000, 900, 900, 750, 1500, 20)
"""Twentieths of a point; what is left of a page between its usual margins."""
_SHADES = {"强制性": "F8CBAD", "核实性": "FFE699", "提示": "DDEBF7"}
_ANSWER = "FFFDE7"
_CENTRED = {0, 2, 6}
_TOLD = (
    "有问题的格子已加批注。强制性的必须改正；核实性的请核对后更正，或者在下表“单位说明”一栏写明理由；提示供参考。"
    "请在本文件里改好、保存后原样报送，说明会随文件一并报送。本页和批注不必删除，收到后会自动清理。"
)


def front(marks: Sequence[Mark], unit: str, record: Record) -> list[Element]:
    """The elements to put before all others of a body."""
    rows = "\n".join("\t".join(row) for row in record_rows(record))
    body = (
        _paragraph(rows, "<w:vanish/>")
        + _paragraph(f"{unit}{TITLE}", '<w:b/><w:sz w:val="32"/>', '<w:jc w:val="center"/>')
        + _paragraph(f"{counted(marks)}。{_TOLD}")
        + _table(marks)
        + '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'
    )
    return list(etree.fromstring(f'<w:body xmlns:w="{W[1:-1]}">{body}</w:body>'))


def _table(marks: Sequence[Mark]) -> str:
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = "".join(f'<w:{side} w:val="single" w:sz="4" w:color="BFBFBF"/>' for side in sides)
    about = f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/>'
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in _WIDTHS)
    heads = "".join(_cell(n, head, bold=True, shade="DCE4EE") for n, head in enumerate(_HEADS))
    lines = "".join(f"<w:tr>{_line(number, mark)}</w:tr>" for number, mark in enumerate(marks, 1))
    head = f"<w:tr><w:trPr><w:tblHeader/></w:trPr>{heads}</w:tr>"
    return f"<w:tbl><w:tblPr>{about}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{head}{lines}</w:tbl>"


def _line(number: int, mark: Mark) -> str:
    place = "（整个文件）" if mark.sheet is None else with_sheet(mark.sheet, mark.cell) if mark.cell else mark.sheet
    texts = (
        str(number), place, f"{mark.severity}·{mark.verdict}", mark.message, mark.stated or "", mark.expected or "",
        mark.rule, mark.explanation or "", mark.finding_id,
    )  # fmt: skip
    shades = {2: _SHADES[mark.severity], _HEADS.index("单位说明"): _ANSWER}
    return "".join(_cell(column, text, shade=shades.get(column, "")) for column, text in enumerate(texts))


def _cell(column: int, text: str, *, bold: bool = False, shade: str = "") -> str:
    about = f'<w:tcW w:w="{_WIDTHS[column]}" w:type="dxa"/>'
    about += f'<w:shd w:val="clear" w:color="auto" w:fill="{shade}"/>' if shade else ""
    hidden = _HEADS[column] == ID_HEAD
    look = ("<w:b/>" if bold else "") + ("<w:vanish/>" if hidden else "") + '<w:sz w:val="18"/>'
    centred = '<w:jc w:val="center"/>' if bold or column in _CENTRED else ""
    return f"<w:tc><w:tcPr>{about}</w:tcPr>{_paragraph(text, look, centred)}</w:tc>"


def _paragraph(text: str, look: str = "", about: str = "") -> str:
    """A paragraph; the mark at its end looks as its text, or a hidden one would leave an empty line."""
    inner = escape(_clean(text)).replace("\n", "</w:t><w:br/><w:t>").replace("\t", "</w:t><w:tab/><w:t>")
    inner = inner.replace("<w:t>", '<w:t xml:space="preserve">')
    run = f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{inner}</w:t></w:r>' if text else ""
    return f"<w:p><w:pPr>{about}<w:rPr>{look}</w:rPr></w:pPr>{run}</w:p>"


def _clean(text: str) -> str:
    """Text fit for XML; tabs stay, for the record is parted by them."""
    return "\t".join(sheet_text(part) for part in text.split("\t"))
