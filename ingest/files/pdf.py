"""A PDF file that was printed from a document or a workbook, as a document: its tables, the paragraphs around them.

What counts is what somebody sees: invisible text (as recognising scanners put behind pictures) is none, white on white
is unseen. A page that is a picture is not read, and said so: figures that were recognised are nobody's figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gouji.ingest.acting.kinds import remarks
from gouji.ingest.acting.pdf import pdf_acts
from gouji.ingest.files.docx import Document, Paragraph
from gouji.ingest.files.docx_cells import DocumentTable, aligned
from gouji.ingest.files.pdf_cells import PageContent, page_content
from gouji.ingest.files.pdf_joined import PlacedLine, Whole, WholeTable, whole_content
from gouji.ingest.files.pdf_pages import not_readable, opened, pages_of
from gouji.ingest.files.pdf_sideways import sideways
from gouji.ingest.files.pdf_text import fills, joined
from gouji.ingest.files.xml import tree
from gouji.ingest.limits import Limits
from gouji.ingest.refusal import Refused
from gouji.templates.addresses import table_name

if TYPE_CHECKING:
    from pdfplumber.page import Page

_PICTURE = 0.5
"""Share of a page from which a picture is the page."""
_TWIPS = 20
_THIN = 2.0
_INDENT = 1.0
"""Characters by which the first line of a paragraph stands in."""
_CENTRED = 0.05
_GAP = 1.0
"""Heights of a line that are left blank above a new part."""
_ENDS = ("。", "；", "：", ";", ":")
_ITEM = re.compile(
    r"\s*(?:[(（]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})[)）、．.]|[①-⑳]|第[一二三四五六七八九十]+[章节部])"
)
"""How the items of a list begin."""
_LABELLED = re.compile(r"[^，。；,;:：]{2,14}[:：]")
"""How a line of a head begins: 项目名称：…"""
_WRITTEN_OVER = ("Widget", "FreeText", "Stamp")
"""Annotations that show something which is not on the page itself."""
_NOWHERE = tree(b"<p/>")
"""Stands for the element of a paragraph: a page has none, and is never marked."""
_BEGIN = "这是 PDF 文件，按页面上的文字和框线读取，由此发现的问题都作核实性，请对照原件确认"


@dataclass(slots=True)
class PdfDocument:
    """`document`: as of a Word document; `notes`: Chinese remarks on the file as a whole."""

    document: Document = field(default_factory=Document)
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Unread:
    """The numbers of pages of which something was not read, by what it is."""

    pictures: list[int] = field(default_factory=list)
    filled: list[int] = field(default_factory=list)
    turned: list[int] = field(default_factory=list)
    unlined: list[int] = field(default_factory=list)
    outside: list[int] = field(default_factory=list)
    sideways: list[int] = field(default_factory=list)

    def notes(self) -> Iterator[str]:
        told = (
            (self.pictures, "{}是图片（扫描件），未读。请把这些页上的表填在下发的工作簿里报送。"),
            (self.filled, "{}有填写用的域、批注文字或图章，没有读取这些页。请另存为 .docx 或 .xlsx 报送。"),
            (self.turned, "{}的文字是横放的，没有读取这些页。请把页面转正、重新导出再报送。"),
            (self.unlined, "{}有没有框线的表，里面的数没有读取。请报送原来的 Excel 或 Word 文件。"),
            (self.outside, "{}的表里有文字不在任何一格，没有读取。请报送原来的 Excel 或 Word 文件。"),
            (
                self.sideways,
                "{}印的是比纸宽的表，栏目分印在几页上，有的数被切开，没有读取这些页。"
                "请在打印设置里把所有列调整到一页宽、重新导出，或报送原来的 Excel 文件。",
            ),
        )
        yield from (sentence.format(_pages(pages)) for pages, sentence in told if pages)


def read_pdf(data: bytes, limits: Limits) -> PdfDocument:
    """What stands in a PDF. Raises Refused: 已加密, 文件损坏, 范围过大, 展开过大, 无法读取, 扫描件."""
    pdf = opened(data)
    if _has_hidden_layers(pdf.doc.catalog):
        raise not_readable("PDF 里有不显示的图层，读到的不一定是看到的")
    unread = _Unread()
    pages = []
    for page in pages_of(pdf, limits):
        content = _content(page, unread)
        if content is not None:
            pages.append((page.page_number, content))
    if not pages and unread.pictures:
        raise Refused(
            "扫描件",
            f"这份 PDF 是扫描件（{_pages(unread.pictures)}是图片），没有文字可读。"
            "请报送填好的 Excel 工作簿，或者原来的 .docx 文件；盖章的扫描件可以另外附上。",
        )
    unread.sideways = sorted(sideways(pages))
    whole = whole_content([page for page in pages if page[0] not in unread.sideways])
    tables = [one for one in whole if isinstance(one, WholeTable)]
    notes = [_about(tables), *remarks(pdf_acts(pdf)), *unread.notes()]
    return PdfDocument(_document(whole), notes)


def _about(tables: Sequence[WholeTable]) -> str:
    places = "，".join(
        f"{table_name(number)}在第{table.first_page}页"
        if table.first_page == table.last_page
        else f"{table_name(number)}在第{table.first_page}—{table.last_page}页"
        for number, table in enumerate(tables[:20], 1)
    )
    return f"{_BEGIN}（{places}{'……' if len(tables) > 20 else ''}）。" if tables else f"{_BEGIN}。"


def _pages(numbers: Sequence[int]) -> str:
    return f"第{'、'.join(map(str, numbers[:20]))}{'……' if len(numbers) > 20 else ''}页"


def _content(page: Page, unread: _Unread) -> PageContent | None:
    """What stands on a page; None where it is not read, or blank."""
    shown = [char for char in page.chars if char["text"].strip()]
    number = page.page_number
    if _is_picture(page, has_text=bool(shown)):
        unread.pictures.append(number)
    elif _is_written_over(page):
        unread.filled.append(number)
    elif sum(not char["upright"] for char in shown) > len(shown) / 2:
        unread.turned.append(number)
    elif shown:
        content = page_content(page)
        unread.unlined += [number] if content.columns else []
        unread.outside += [number] if content.outside else []
        return content
    return None


def _is_picture(page: Page, *, has_text: bool) -> bool:
    if not has_text:
        return bool(page.images or page.curves or page.invisible)  # type: ignore[attr-defined]
    area = sum(
        max(0.0, min(one["x1"], page.width) - max(one["x0"], 0.0))
        * max(0.0, min(one["bottom"], page.height) - max(one["top"], 0.0))
        for one in page.images
    )
    return bool(area > _PICTURE * page.width * page.height)


def _is_written_over(page: Page) -> bool:
    from pdfminer.pdftypes import dict_value, list_value, resolve1

    notes = page.page_obj.annots
    for one in list_value(notes) if notes is not None else ():
        about = dict_value(one)
        kind = getattr(resolve1(about.get("Subtype")), "name", "")
        if kind in _WRITTEN_OVER and not (kind == "Widget" and _is_unfilled(about)):
            return True
    return False


def _is_unfilled(field_: Mapping[str, Any]) -> bool:
    """A field in which nothing stands: a button, a signature, or one without a value."""
    from pdfminer.pdftypes import resolve1

    kind = getattr(resolve1(field_.get("FT")), "name", "")
    value = resolve1(field_.get("V"))
    return kind == "Sig" or (kind != "" and value in (None, b"") and "Parent" not in field_)


def _has_hidden_layers(catalog: Mapping[str, Any]) -> bool:
    from pdfminer.pdftypes import resolve1

    layers = resolve1(catalog.get("OCProperties"))
    shown = resolve1(layers.get("D")) if isinstance(layers, dict) else None
    if not isinstance(shown, dict):
        return False
    base = getattr(resolve1(shown.get("BaseState")), "name", "ON")
    return bool(resolve1(shown.get("OFF"))) or base != "ON"


def _document(content: Sequence[Whole]) -> Document:
    document = Document()
    paragraphs = tables = 0
    before: PlacedLine | None = None
    for one in content:
        if isinstance(one, WholeTable):
            tables += 1
            table, last = _table(one, tables), document.content[-1] if document.content else None
            table.adjoins = isinstance(last, DocumentTable) and aligned(last, table)
            document.content.append(table)
            before = None
            continue
        last = document.content[-1] if document.content else None
        if before is not None and isinstance(last, Paragraph) and _goes_on(before, one):
            document.content[-1] = _paragraph(one, last.number, joined(last.text, one.line.text, broken=True), last)
        else:
            paragraphs += 1
            document.content.append(_paragraph(one, paragraphs, one.line.text, gap=_gap(before, one)))
        before = one
    return document


def _paragraph(
    line: PlacedLine, number: int, text: str, first: Paragraph | None = None, *, gap: bool = False
) -> Paragraph:
    if first is not None:
        return Paragraph(number, text, _NOWHERE, breaks=first.breaks, gap=first.gap)
    middle = (line.line.x0 + line.line.x1) / 2
    centred = abs(middle - line.width / 2) < _CENTRED * line.width and not _is_full(line)
    return Paragraph(number, text, _NOWHERE, centred=centred, breaks=line.begins, gap=gap)


def _is_full(line: PlacedLine) -> bool:
    return fills(line.line, line.left, line.right)


def _goes_on(before: PlacedLine, line: PlacedLine) -> bool:
    """Whether a line goes on with the paragraph of the line before."""
    indented = line.line.x0 - line.left > _INDENT * line.line.size
    new = before.line.text.strip().endswith(_ENDS) and _ITEM.match(line.line.text) is not None
    new |= _LABELLED.match(line.line.text) is not None
    return _is_full(before) and not (indented or new or _gap(before, line))


def _gap(before: PlacedLine | None, line: PlacedLine) -> bool:
    if before is None or before.page != line.page:
        return False
    return line.line.top - before.line.bottom > _GAP * (line.line.bottom - line.line.top)


def _table(whole: WholeTable, number: int) -> DocumentTable:
    borders: list[float] = []
    for edge in sorted(edge for cell in whole.cells for edge in (cell.x0, cell.x1)):
        if not borders or edge - borders[-1] > _THIN:
            borders.append(edge)
    width = max(len(borders) - 1, 1)
    table = DocumentTable(number, [[""] * width for _ in range(whole.height)])
    table.edges = [round((border - borders[0]) * _TWIPS) for border in borders]
    for cell in whole.cells:
        left, right = (_column(borders, edge) for edge in (cell.x0, cell.x1))
        at = cell.first, left
        table.rows[cell.first][left] = cell.text
        if (cell.last, right - 1) > at and (cell.last > cell.first or right - 1 > left):
            table.merges.append((cell.first, left, cell.last, right - 1))
        if cell.unseen:
            table.unseen.add(at)
        if cell.pictured and not cell.text.strip():
            table.pictured.add(at)
        if cell.unsure or cell.partly:
            table.mixed[at] = cell.text
        if cell.unsure and not any(char.isdecimal() for char in cell.text):
            table.rows[cell.first][left] = ""  # half a label, or two over each other, is none
    return table


def _column(borders: Sequence[float], edge: float) -> int:
    return min(range(len(borders)), key=lambda n: abs(borders[n] - edge))
