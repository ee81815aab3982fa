"""A returned Word document → the same document with comments at its faulty cells and the list of issues in front."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from lxml import etree

from gouji.export.returned.comments import AUTHOR
from gouji.export.returned.document_front import W, front
from gouji.export.returned.document_outward import strip_outward
from gouji.export.returned.marks import Mark, Stamp, comment, ordered
from gouji.export.returned.parts import CannotMark, PackageParts, opened
from gouji.ingest.acting.document import document_acts
from gouji.ingest.files.archive import Archive
from gouji.ingest.files.docx import Document, document_of
from gouji.ingest.files.docx_sheets import View, document_views
from gouji.ingest.files.docx_xml import attribute, child, tag
from gouji.ingest.files.package import document_part
from gouji.ingest.files.xml import Element
from gouji.ingest.limits import Limits
from gouji.ingest.refusal import Refused
from gouji.templates.addresses import BODY, on_sheet, paragraph_name, table_name
from gouji.templates.returned import Record, read_record
from gouji.templates.text import sheet_text

_DOCUMENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_COMMENTS = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_INITIALS = "勾"
_ANCHORS = ("commentRangeStart", "commentRangeEnd", "commentReference")


def is_document(data: bytes | Archive, limits: Limits | None = None) -> bool:
    """Whether this is a Word document."""
    try:
        return document_part(opened(data, limits)) is not None
    except (CannotMark, Refused):
        return False


def mark_document(
    data: bytes | Archive, marks: Sequence[Mark], stamp: Stamp, unit: str, limits: Limits | None = None
) -> bytes:
    """The marked copy; equal arguments give equal bytes. `data` was admitted by ingest.

    Marks of an earlier round are taken out first. Raises CannotMark with a Chinese reason.
    """
    package, main = _opened(data, limits)
    former = _unmark(package, main, limits)
    document = _document(package, main, limits)
    in_order = ordered(marks, [table_name(table.number) for table in document.tables])
    _comment(package, main, _targets(document, in_order))
    earlier = former or Record()
    sources = tuple(dict.fromkeys((stamp.sha256, *earlier.sources)))
    record = Record(stamp.round, sources, proofs=(*stamp.proofs, *earlier.proofs))
    body = _body(package, main)
    for place, element in enumerate(front(in_order, unit, record)):
        body.insert(place, element)
    return package.to_bytes()


def unmarked_document(data: bytes | Archive, limits: Limits | None = None) -> bytes | None:
    """The document without our marks; None where it has none. Raises CannotMark."""
    package, main = _opened(data, limits)
    return None if _unmark(package, main, limits) is None else package.to_bytes()


def _opened(data: bytes | Archive, limits: Limits | None) -> tuple[PackageParts, str]:
    """The package without what leads outside. Raises CannotMark where something in it acts."""
    package = PackageParts(data, limits)
    acts = [act.kind.word for act in document_acts(package.archive)]
    if acts:
        raise CannotMark(f"文件含有{'、'.join(dict.fromkeys(acts))}")
    strip_outward(package)
    main = package.main("正文")
    if package.content_type(main) != _DOCUMENT:
        package.set_type(main, _DOCUMENT)  # a template, a document for macros: none is left
    return package, main


def _body(package: PackageParts, main: str) -> Element:
    body = child(package.tree(main), "body")
    if body is None or not str(body.tag).startswith(W):
        raise CannotMark("文件里找不到正文，或者是严格 OOXML 格式")
    return body


def _document(package: PackageParts, main: str, limits: Limits | None) -> Document:
    styles = package.related(main, "styles")
    try:
        body = _body(package, main)
        return document_of(body, None if styles is None else package.look(styles), limits or Limits())
    except Refused as refused:
        raise CannotMark(refused.reason.rstrip("。")) from refused


def _targets(document: Document, marks: Sequence[Mark]) -> list[tuple[Element, list[Mark]]]:
    """The cells and paragraphs that have findings, with these, in the order of the marks."""
    views = {table_name(view.table.number): view for view in document_views(document)}
    paragraphs = {paragraph_name(paragraph.number): paragraph.element for paragraph in document.paragraphs}
    targets: dict[Element, list[Mark]] = defaultdict(list)
    for mark in marks:
        if (element := _element(views, paragraphs, mark)) is not None:
            targets[element].append(mark)
    return list(targets.items())


def _element(views: dict[str, View], paragraphs: dict[str, Element], mark: Mark) -> Element | None:
    if mark.sheet is None or mark.cell is None:
        return None
    if mark.sheet == BODY:
        return paragraphs.get(mark.cell)
    sheet, cell = on_sheet(mark.sheet, mark.cell)
    try:
        return views[sheet].element(cell) if sheet in views else None
    except ValueError:
        return None


# ---- comments ----


def _comment(package: PackageParts, main: str, targets: Sequence[tuple[Element, list[Mark]]]) -> None:
    if not targets:
        return
    part = package.related(main, "comments")
    if part is None:
        part = package.new_name("word/comments{}.xml")
        package.add(part, f'<w:comments xmlns:w="{W[1:-1]}"/>'.encode(), _COMMENTS)
        package.relate(main, "comments", part)
    root = package.tree(part)
    taken = [int(id_) for element_with_id in root if (id_ := attribute(element_with_id, "id") or "").isdecimal()]
    for number, (element, marks) in enumerate(targets, max(taken, default=-1) + 1):
        _anchor(element, str(number))
        _write(root, str(number), comment(marks))


def _anchor(element: Element, number: str) -> None:
    """Mark what a comment is about: a paragraph, or all paragraphs of a cell."""
    lines = (
        [element] if tag(element) == "p" else [child_element for child_element in element if tag(child_element) == "p"]
    )
    if not lines:
        lines = [etree.SubElement(element, f"{W}p")]
    first, last = lines[0], lines[-1]
    about = child(first, "pPr")
    start = etree.Element(f"{W}commentRangeStart")
    start.set(f"{W}id", number)
    first.insert(0 if about is None else first.index(about) + 1, start)
    etree.SubElement(last, f"{W}commentRangeEnd").set(f"{W}id", number)
    run = etree.SubElement(last, f"{W}r")
    etree.SubElement(run, f"{W}commentReference").set(f"{W}id", number)


def _write(root: Element, number: str, text: str) -> None:
    new_comment = etree.SubElement(root, f"{W}comment")
    for name, value in (("id", number), ("author", AUTHOR), ("initials", _INITIALS)):
        new_comment.set(f"{W}{name}", value)
    for line in sheet_text(text).split("\n"):
        run = etree.SubElement(etree.SubElement(new_comment, f"{W}p"), f"{W}r")
        etree.SubElement(run, f"{W}t").text = line


# ---- what was marked before ----


def _unmark(package: PackageParts, main: str, limits: Limits | None) -> Record | None:
    """Take the marks of an earlier round out; returns what the document said of itself."""
    front_page = _document(package, main, limits).front
    if front_page is None:
        return None
    for element in front_page.elements:
        following = element.getnext()
        if element is front_page.elements[-1] and following is not None and _is_break(following):
            _remove(following)
        _remove(element)
    part = package.related(main, "comments")
    if part is not None:
        root = package.tree(part)
        ours = {
            attribute(old_comment, "id"): old_comment
            for old_comment in root
            if attribute(old_comment, "author") == AUTHOR
        }
        for old_comment in ours.values():
            root.remove(old_comment)
        for anchor in [descendant for descendant in package.tree(main).iter() if tag(descendant) in _ANCHORS]:
            if attribute(anchor, "id") in ours:
                _remove(anchor)
    return read_record(front_page.record)


def _is_break(paragraph: Element) -> bool:
    return not "".join(map(str, paragraph.itertext())).strip() and any(
        tag(descendant) == "br" for descendant in paragraph.iter()
    )


def _remove(element: Element) -> None:
    """Take an element out, and the run that holds nothing else."""
    parent = element.getparent()
    if parent is None:
        return
    parent.remove(element)
    if tag(parent) == "r" and all(tag(sibling) == "rPr" for sibling in parent):
        _remove(parent)
