"""A letter as a Word document in the look of official papers: A4, 小标宋 title, 仿宋 text, numbered 一、（一）."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath
from typing import Any, cast

from docx import Document
from docx.document import Document as Paper
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.oxml import serialize_part_xml
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table
from docx.text.paragraph import Paragraph

from gouji.export.letters.contents import Letter, Part, day
from gouji.export.packed_members import Packed, archive, packed
from gouji.ingest.figures.days import day_of
from gouji.templates.text import sheet_text

TITLE, TEXT, HEADING, SUBHEADING, CELLS = "方正小标宋简体", "仿宋", "黑体", "楷体", "宋体"
_HEADS = ["序号", "位置", "填报数", "应为", "问题和要求"]
_WIDTHS = [Mm(12), Mm(16), Mm(32), Mm(32), Mm(64)]
"""A figure in 万元 with six decimals stands on one line."""
_ALIGNED = [*2 * [WD_ALIGN_PARAGRAPH.CENTER], *2 * [WD_ALIGN_PARAGRAPH.RIGHT], WD_ALIGN_PARAGRAPH.LEFT]
_UNDATED = datetime.datetime(2000, 1, 1)
_DIGITS = "零一二三四五六七八九"
_BODY = "word/document.xml"
_NAMED = 3
"""Files that a letter names."""
_ROOM = "　"
"""Stands in the patterns where a text will."""


def document(letter: Letter) -> bytes:
    """The .docx file. Equal letters give equal bytes."""
    return document_of([letter])


def document_of(letters: Iterable[Letter]) -> bytes:
    """All of them as one file, each beginning a page and counting its own."""
    sheet = _Sheet(_press())
    for number, letter in enumerate(letters):
        if number:
            sheet.turn()
        _write(sheet, letter)
    return sheet.file()


def _write(sheet: _Sheet, letter: Letter) -> None:
    year = f"{letter.year}年度" if letter.year else ""
    if letter.reminds:
        sheet.line(f"关于催报{year}绩效自评材料的通知", "title")
        sheet.line(f"{letter.name}：", "address")
        _reminder(sheet, letter, year)
        return
    sheet.line(f"关于{year}绩效自评的审核反馈意见", "title")
    sheet.line(f"{letter.name}：", "address")
    sheet.line(_opening(letter, year))
    parts = [
        ("请更正的问题", letter.must, "以下内容与填报要求、表内和表间关系或评分标准不一致，请逐项核对并更正。"),
        ("请核实说明的问题", letter.ask, "以下内容请核实：确有差错的，请更正；情况属实的，请说明理由。"),
    ]
    number = 0
    if letter.owed:
        number = 1
        sheet.line(f"一、请补报的表（{len(letter.owed)}种）", "heading")
        sheet.line(f"还没有收到：{'；'.join(letter.owed)}。")
    for name, part, text in parts:
        if part.count:
            number += 1
            _part(sheet, f"{_ordinal(number)}、{name}（{part.count}处）", part, text)
    _closing(sheet, letter, _ordinal(number + 1))


def _reminder(sheet: _Sheet, letter: Letter, year: str) -> None:
    due = day_of(letter.unit.deadline)
    until = f"，报送期限为{day(due)}" if due else ""
    sheet.line(f"你单位应报送{year}绩效自评材料（{'；'.join(letter.owed)}）{until}，至今没有收到。")
    sheet.line(f"请于{letter.reply}前报送。已经报送的，请与{_office(letter)}联系核对。", "kept")
    _signature(sheet, letter)


def _opening(letter: Letter, year: str) -> str:
    counts = [
        f"需要更正的问题{letter.must.count}处" if letter.must.count else "",
        f"需要核实说明的问题{letter.ask.count}处" if letter.ask.count else "",
    ]
    came = "收悉" if letter.unit.complete else "尚未报齐" if letter.unit.sent else "中还没有可以采用的表"
    counted = "、".join(count for count in counts if count)
    checked = f"经核对，有{counted}。" if counted else ""
    return f"你单位{year}绩效自评材料{came}。{checked}现将审核意见反馈如下，请认真研究办理。"


def _part(sheet: _Sheet, heading: str, part: Part, text: str) -> None:
    sheet.line(heading, "heading")
    sheet.line(text, "kept")
    number = 0
    for place, group in enumerate(part.groups, 1):
        sheet.line(f"（{_ordinal(place)}）{group.name}", "subheading")
        sheet.table([[str(number + nth), *row] for nth, row in enumerate(group.rows, 1)])
        number += len(group.rows)
    if part.left_out:
        sheet.line(f"其余{part.left_out}处没有逐一列出，请先办理以上各项，重新报送后再行核对。")


def _closing(sheet: _Sheet, letter: Letter, number: str) -> None:
    ways = [f"请于{letter.reply}前补报还没有收到的表。"] if letter.owed else []
    if letter.must.count or letter.ask.count:
        ways += _mending(letter)
    ways.append(f"对以上意见有不同看法的，请及时与{_office(letter)}联系。")
    sheet.line(f"{number}、办理要求", "heading")
    for place, way in enumerate(ways, 1):
        sheet.line(f"（{_ordinal(place)}）{way}", "kept" if place == len(ways) else "text")
    sheet.line("感谢你单位对绩效评价工作的支持与配合。", "kept")
    _signature(sheet, letter)


_COLOURED = "有问题的格子已标出颜色、加了批注，最前面的“问题”表逐条列出"


def _mending(letter: Letter) -> Iterator[str]:
    """What to do with the files that the unit really gets, or with its own where it gets none."""
    if letter.choosing:
        yield f"请于{letter.reply}前书面说明以哪一份为准；所报的文件不用修改。"
        return
    whole = "不要增删表中的行、列和工作表"
    if letter.marked:
        written = all(PurePosixPath(name).suffix == ".docx" for name in letter.marked)
        how = "有问题的格子已加批注，第一页的清单逐条列出" if written else _COLOURED
        yield (
            f"随文退回你单位的{_files(letter.marked)}：{how}。"
            f"请于{letter.reply}前直接在这份文件里改好、保存，原样报送，{whole}。"
        )
    for file, list_ in letter.listed:
        yield (
            f"“{file}”没有能够标注，随文附问题清单{_files([list_])}。请于{letter.reply}前在你单位的原文件上改好、"
            f"保存后重新报送，{whole}；清单不用报送。"
        )
    if not (letter.marked or letter.listed):
        yield f"请于{letter.reply}前在你单位报送的文件上改好、保存后重新报送，{whole}。"
    if letter.ask.count:
        where = f"{_list_of(letter)}的“单位说明”一栏写明理由，随文件报送" if letter.marked else ""
        unmarked = "所报工作簿“自查”表的“单位说明”一栏写明理由；没有“自查”表的，随材料附书面说明"
        yield f"情况属实、不需更正的，请在{where or unmarked}。"


def _list_of(letter: Letter) -> str:
    """Where a unit explains: the sheet 问题 of a workbook, the first page of a document."""
    kinds = {PurePosixPath(name).suffix == ".docx" for name in letter.marked}
    return "、".join(word for written, word in ((False, "“问题”表"), (True, "Word 文件第一页清单")) if written in kinds)


def _files(names: Sequence[str]) -> str:
    """`“甲.xlsx”`, the first few of many."""
    named = "".join(f"“{name}”" for name in names[:_NAMED])
    return named + (f"等{len(names)}份文件" if len(names) > _NAMED else "")


def _office(letter: Letter) -> str:
    """Whom to turn to."""
    office = f"（{letter.unit.office}）" if letter.unit.office else ""
    return f"{letter.bureau or '财政局'}{office}"


def _signature(sheet: _Sheet, letter: Letter) -> None:
    office = f"（{letter.unit.office}）" if letter.unit.office else ""
    sheet.line("", "kept")
    sheet.line(f"{letter.bureau or '__________财政局'}{office}", "signature")
    sheet.line(letter.sent, "signature")


def _ordinal(number: int) -> str:
    """一 … 九十九; what comes after in digits."""
    if number > 99:
        return str(number)
    tens, ones = divmod(number, 10)
    lead = "" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return lead + (_DIGITS[ones] if ones else "")


# ---- printing --------------------------------------------------------------------------------
# python-docx makes one empty letter, its lines and its table; letters are copies of these with their own texts. Made
# line by line, each would take eight times as long, and there are thousands.


@dataclass(frozen=True, slots=True)
class _Press:
    """What letters are made of: the parts of the file, its root with an empty body, a line of every look, a table."""

    parts: Mapping[str, Packed]
    root: Any
    lines: dict[str, Any]
    table: Any


class _Sheet:
    """A letter as it grows downwards."""

    def __init__(self, press: _Press) -> None:
        self._press = press
        self._root = deepcopy(press.root)
        self._end = self._root.body.sectPr

    def line(self, text: str, look: str = "text") -> None:
        """A paragraph."""
        line = deepcopy(self._press.lines[look])
        _fill(line, [text])
        self._end.addprevious(line)

    def table(self, rows: Sequence[Sequence[str]]) -> None:
        """The table of findings; its head is repeated on every page."""
        table = deepcopy(self._press.table)
        _, pattern = table.tr_lst
        table.remove(pattern)
        for row in rows:
            line = deepcopy(pattern)
            _fill(line, row)
            table.append(line)
        self._end.addprevious(table)

    def turn(self) -> None:
        """What stood so far is a letter by itself: what follows begins a page, and pages count from 1 in each."""
        if self._end.find(qn("w:pgNumType")) is None:
            numbering = OxmlElement("w:pgNumType")
            numbering.set(qn("w:start"), "1")
            self._end.find(qn("w:pgMar")).addnext(numbering)
        self._end.getprevious().get_or_add_pPr().append(deepcopy(self._end))

    def file(self) -> bytes:
        """The finished file, with no time in it."""
        return archive({**self._press.parts, _BODY: packed(serialize_part_xml(self._root))})


def _fill(pattern: Any, texts: Sequence[str]) -> None:
    for element, text in zip(pattern.iter(qn("w:t")), texts, strict=True):
        element.text = sheet_text(text).replace("\n", " ")


@cache
def _press() -> _Press:
    paper = _paper()
    right = WD_ALIGN_PARAGRAPH.RIGHT
    lines = {
        "title": _line(paper, "Title"), "heading": _line(paper, "Heading 1", indent=True),
        "subheading": _line(paper, "Heading 2", indent=True), "address": _line(paper),
        "text": _line(paper, indent=True), "signature": _line(paper, align=right), "kept": _line(paper, indent=True),
    }  # fmt: skip
    for look in ("kept", "signature"):  # no heading ends a page, and nobody signs alone on one
        lines[look].paragraph_format.keep_with_next = True
    table = paper.add_table(rows=2, cols=len(_HEADS), style="Table Grid")
    _shape(table)
    body = paper.element.body
    for element in [child for child in body if child is not body.sectPr]:
        body.remove(element)
    saved = io.BytesIO()
    paper.save(saved)
    with zipfile.ZipFile(saved) as drawn:
        parts = {name: packed(drawn.read(name)) for name in drawn.namelist()}
    return _Press(parts, paper.element, {name: line._p for name, line in lines.items()}, table._tbl)


def _paper() -> Paper:
    paper = Document()
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    _style(paper, "Normal", TEXT, 16)
    _style(paper, "Title", TITLE, 22).paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _style(paper, "Heading 1", HEADING, 16)
    _style(paper, "Heading 2", SUBHEADING, 16).paragraph_format.space_after = Pt(4)
    for language in paper.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")  # else punctuation has the shape of another country
    _page_number(section.footer.paragraphs[0])
    about = paper.core_properties
    about.author = about.last_modified_by = about.comments = ""
    about.title = "绩效自评"
    about.created = about.modified = _UNDATED
    return paper


def _style(paper: Paper, name: str, font: str, size: int) -> ParagraphStyle:
    style = cast(ParagraphStyle, paper.styles[name])
    style.font.name, style.font.size, style.font.bold = font, Pt(size), False
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), "")
    for script in ("ascii", "hAnsi", "eastAsia"):
        fonts.set(qn(f"w:{script}"), font)
    shape = style.paragraph_format
    shape.space_before = shape.space_after = Pt(0)
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(30)
    if name == "Title":
        shape.space_after = Pt(28)
        # The ruled line below the title of Word's own template.
        for border in style.element.iter(qn("w:pBdr")):
            border.getparent().remove(border)
    return style


def _line(
    paper: Paper, style: str = "Normal", *, indent: bool = False, align: WD_ALIGN_PARAGRAPH | None = None
) -> Paragraph:
    paragraph = paper.add_paragraph(_ROOM, style=style)
    if indent:
        paragraph.paragraph_format.first_line_indent = Pt(32)  # two signs
    if align is not None:
        paragraph.paragraph_format.alignment = align
    return paragraph


def _page_number(paragraph: Paragraph) -> None:
    """— 1 —, as official papers have it."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for kind, text in (("", "— "), ("begin", ""), ("instr", "PAGE"), ("end", ""), ("", " —")):
        run = paragraph.add_run(text if not kind else "")
        run.font.size = Pt(14)
        if kind == "instr":
            field = OxmlElement("w:instrText")
            field.text = text
            run._r.append(field)
        elif kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)


def _shape(table: Table) -> None:
    """The head with its texts, and a row with the look of all others."""
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(table.columns, _WIDTHS, strict=True):
        column.width = width
    for row_number, row in enumerate(table.rows):
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell, width, align in zip(row.cells, _WIDTHS, _ALIGNED, strict=True):
            cell.width = width
            paragraph = cell.paragraphs[0]
            paragraph.alignment = align if row_number else WD_ALIGN_PARAGRAPH.CENTER
            paragraph.paragraph_format.line_spacing = Pt(16)
            run = paragraph.add_run(_ROOM)
            run.font.name, run.font.size, run.font.bold = CELLS, Pt(10.5), row_number == 0
            run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), CELLS)
    head = table.rows[0]._tr
    head.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    _fill(head, _HEADS)
