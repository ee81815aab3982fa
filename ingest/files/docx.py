"""A Word document as it stands: its tables with their true cells and merges, the paragraphs around them, in order.

What counts is what somebody sees who accepts every change and updates nothing: insertions are in, deletions are out, of
a field its stored result, of a content control what was put into it, of a note nothing but its text in its own place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from gouji.ingest.files.archive import Archive
from gouji.ingest.files.docx_cells import DocumentTable, aligned, read_cells, spread
from gouji.ingest.files.docx_text import Texts
from gouji.ingest.files.docx_xml import child, inside, tag
from gouji.ingest.files.package import relations
from gouji.ingest.files.xml import Element, local, tree
from gouji.ingest.limits import Limits
from gouji.ingest.refusal import Refused
from gouji.templates.returned import RECORD_MARK, is_issues

_DEEPEST = 12
"""Tables within tables that are followed; a page has no room for more."""
_MOST_PARAGRAPHS = 100_000
_FURNITURE = re.compile(r"[-—–－\s]*(?:第\s*)?\d{1,4}\s*(?:页)?[-—–－\s]*|[(（]?(?:续上?表|接上[页表]|续)[)）]?[:：]?")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph with any text outside of tables. `number`: among these, from 1; `level`: of an outline, 0 where it is
    no heading; `breaks`: whether a new page begins in front of it, `gap`: whether blank paragraphs stand there."""

    number: int
    text: str
    element: Element
    level: int = 0
    centred: bool = False
    breaks: bool = False
    gap: bool = False


@dataclass(slots=True)
class Front:
    """What we put in front of a document that was returned to its unit: the rows of its record, the list of issues,
    the elements of the body that are ours."""

    record: list[list[str]] = field(default_factory=list)
    issues: list[list[str]] = field(default_factory=list)
    elements: list[Element] = field(default_factory=list)


@dataclass(slots=True)
class Document:
    """`content`: paragraphs and tables in their order, a table within a table behind that one.

    `revised`: how many changes nobody accepted or rejected; `embedded`: how many other documents are drawn in, which
    are not read. `front`: what is ours in it, which is none of its content.
    """

    content: list[Paragraph | DocumentTable] = field(default_factory=list)
    revised: int = 0
    embedded: int = 0
    front: Front | None = None

    @property
    def paragraphs(self) -> list[Paragraph]:
        """Those outside of tables."""
        return [one for one in self.content if isinstance(one, Paragraph)]

    @property
    def tables(self) -> list[DocumentTable]:
        """The tables, in the order in which they are counted."""
        return [one for one in self.content if isinstance(one, DocumentTable)]


def read_document(archive: Archive, main: str, limits: Limits) -> Document:
    """What stands in the main part of a package. Raises Refused: 文件损坏, 范围过大, 嵌套过深."""
    body = child(tree(archive.read(main)), "body")
    if body is None:
        raise Refused("文件损坏", "文件里找不到正文，请用 Word 或 WPS 重新打开、另存后再报送。")
    styles = next((part for kind, part in relations(archive, main).values() if kind == "styles"), None)
    known = styles is not None and archive.find(styles) is not None
    return document_of(body, tree(archive.read(styles)) if known and styles is not None else None, limits)


def document_of(body: Element, styles: Element | None, limits: Limits) -> Document:
    """What stands in a `<w:body>`, by the part with the styles. Raises Refused: 范围过大, 嵌套过深."""
    reader = _Reader(Texts(styles), limits)
    reader.flow(body, 0)
    reader.finish()
    reader.document.revised = reader.texts.revisions.count
    return reader.document


def _is_furniture(one: Paragraph | DocumentTable) -> bool:
    """Whether a paragraph is but what stands where a page ends: its number, 续表."""
    return isinstance(one, Paragraph) and _FURNITURE.fullmatch(one.text.strip()) is not None


class _Reader:
    """Walks a document once, from its beginning to its end."""

    def __init__(self, texts: Texts, limits: Limits) -> None:
        self.texts, self.document = texts, Document()
        self._left = limits.cells
        self._paragraphs = self._tables = 0
        self._gap = self._break = False
        self._waiting: list[Paragraph] | None = None  # what stands behind a record, until it is known whose it is

    def finish(self) -> None:
        """What waited behind a record without a list is the document's own; pieces of a table have its columns."""
        waiting, self._waiting = self._waiting or [], None
        for paragraph in waiting:
            self._add(paragraph)
        tables = self.document.tables
        for first, rest in zip(tables[-2::-1], tables[:0:-1], strict=True):
            if rest.adjoins:
                aligned(first, rest)  # which has the columns of all before it, and first as yet not those of all behind

    def flow(self, parent: Element, depth: int) -> None:
        """The paragraphs and tables below an element."""
        for block in inside(parent, self.texts.revisions):
            match tag(block):
                case "p":
                    self._paragraph(block, depth)
                case "tbl":
                    self._table(block, depth)
                case "altChunk" | "subDoc":
                    self.document.embedded += 1

    def _paragraph(self, element: Element, depth: int) -> None:
        line = self.texts.line(element)
        self._break |= line.breaks_before
        if text := line.text.strip("\n"):
            if text.startswith(RECORD_MARK) and self.document.front is None and not self._tables:
                self._begin_front(text, element)
            else:
                self._add(Paragraph(0, text, element, line.level, line.centred, self._break, self._gap))
            self._gap = self._break = False
        else:
            self._gap = True
        self._break |= line.breaks_behind
        for box in line.boxes:
            self.flow(box, self._deeper(depth))

    def _add(self, paragraph: Paragraph) -> None:
        if self._waiting is not None:
            self._waiting.append(paragraph)
            return
        self._paragraphs += 1
        if self._paragraphs > _MOST_PARAGRAPHS:
            raise Refused("范围过大", "文档里的段落太多，不是一份正常的报告，未予读取。")
        self.document.content.append(replace(paragraph, number=self._paragraphs))

    def _begin_front(self, text: str, element: Element) -> None:
        record = [line.split("\t") for line in text.split("\n")]
        self.document.front = Front(record, elements=[element])
        self._waiting = []

    def _ends_front(self, table: DocumentTable, element: Element) -> bool:
        """Whether a table is the list of issues behind a record; else what stood between is the document's own."""
        front, waiting, self._waiting = self.document.front, self._waiting, None
        if front is None or waiting is None:
            return False
        if is_issues(table.rows, named=True) is None:
            for paragraph in waiting:
                self._add(paragraph)
            return False
        front.issues = table.rows
        front.elements += [*(paragraph.element for paragraph in waiting), element]
        return True

    def _table(self, element: Element, depth: int) -> None:
        table, further = read_cells(element, self.texts, self._left)
        self._left -= table.height * table.width
        if self._ends_front(table, element):
            self._gap, self._break = False, True
            return
        if (table.height, table.width) == (1, 1) and further:
            # A frame around tables: what is in it stands as if there were no frame.
            self.flow(further[0][0], self._deeper(depth))
            return
        self._tables += 1
        table.number = self._tables
        before = next((one for one in reversed(self.document.content) if not _is_furniture(one)), None)
        table.adjoins = isinstance(before, DocumentTable) and (aligned(before, table) or spread(before, table))
        self._gap = self._break = False
        self.document.content.append(table)
        for cell, _ in further:
            self._tables_within(cell, self._deeper(depth))

    def _tables_within(self, cell: Element, depth: int) -> None:
        for block in inside(cell, self.texts.revisions):
            name = tag(block)
            if name == "tbl":
                self._table(block, depth)
            elif name == "p":
                for box in (one for one in block.iter() if local(one.tag) == "txbxContent"):
                    self._tables_within(box, self._deeper(depth))

    def _deeper(self, depth: int) -> int:
        if depth >= _DEEPEST:
            raise Refused("嵌套过深", "文档里的表格一层套一层，层数太多，未予读取。请把表格移到外面后再报送。")
        return depth + 1
