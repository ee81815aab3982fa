"""公开版: the finished workbook without personal items, comments, and what the file tells of who made it where."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from xml.sax.saxutils import escape

from python_calamine import CalamineError

from gouji.export.returned.elements import Edit, Element, edited, elements
from gouji.export.returned.package import CannotMark, Package
from gouji.ingest.files.cell_areas import Position, cell_position
from gouji.ingest.files.quiet import opened_quietly
from gouji.ingest.files.xml import local
from gouji.ingest.limits import Limits
from gouji.ingest.refusal import Refused
from gouji.templates.labels import squeezed
from gouji.templates.selfcheck.names import EXPLANATION_HEAD, RULE_HEAD, SELF_CHECK_SHEET

_CELLS = ("sheetData", "row")
_ABOUT = ("docProps/", "docMetadata/", "customXml/", "xl/persons/", "xl/threadedComments/")
"""Parts that tell of the people and the machine: properties, labels, authors of conversations."""
_PICTURES = re.compile(r"xl/(?:media|charts|ctrlProps|embeddings|diagrams)/", re.IGNORECASE)
_DRAWING = re.compile(r"xl/drawings/[^/]*\.xml", re.IGNORECASE)
_WHO = {"fileSharing", "AlternateContent", "absPath"}
"""Elements of the workbook that hold a user's name or folder."""
_PRINTER = re.compile(rb"""\s\w+:id\s*=\s*(?:"[^"]*"|'[^']*')""")
_TAGS = re.compile(rb"<[^<>]*>")
_HEADS_WITHIN = 12
_SHORTEST = 2
"""Characters from which a personal text is looked for everywhere: single ones are no names."""


def public(
    data: bytes, personal: Mapping[str, Collection[Position]], texts: Collection[str], known: Collection[str],
    limits: Limits | None = None,
) -> bytes:  # fmt: skip
    """The finished workbook `data` for publication.

    `personal`: sheet → cells of personal items, which are emptied; `texts`: what stands in them, which may then stand
    nowhere else; `known`: the sheets that were issued or hold a table, beside which none may hold anything. Raises
    CannotMark with a Chinese reason.
    """
    package = Package(data, limits)
    if any(map(_PICTURES.match, package.names)) or any(_drawn(package)):
        raise CannotMark("文件里有图片、图形或控件，可能是签字或印章，请删去后再做公开版")
    _require_known(package, known)
    emptied = {name: set(cells) for name, cells in personal.items()}
    emptied[SELF_CHECK_SHEET] = emptied.get(SELF_CHECK_SHEET, set()) | _explanations(data)
    _empty(package, emptied, limits or Limits())
    _drop_comments(package)
    _drop_about(package)
    _require_gone(package, texts)
    return package.to_bytes()


def _drawn(package: Package) -> Iterator[bool]:
    """Whether anything is drawn, part by part: some programs give a sheet an empty drawing."""
    for name in package.names:
        if _DRAWING.fullmatch(name):
            yield bool(elements(package.read(name)).found)


def _require_known(package: Package, known: Collection[str]) -> None:
    for sheet in package.sheets():
        if sheet.name not in known and elements(package.read(sheet.part), _CELLS).found:
            raise CannotMark(f"工作表“{sheet.name}”不是下发的表，里面可能有个人信息，请删去后再做公开版")


def _explanations(data: bytes) -> set[Position]:
    """The cells of 自查 in which units give their reasons."""
    try:
        with opened_quietly(data) as opened:
            if SELF_CHECK_SHEET not in opened.sheet_names:
                return set()
            rows = opened.get_sheet_by_name(SELF_CHECK_SHEET).to_python(skip_empty_area=False)
    except CalamineError as error:
        raise CannotMark("文件内容有误，读取中断") from error
    for number, row in enumerate(rows[:_HEADS_WITHIN]):
        heads = [squeezed(str(head)) for head in row]
        if {RULE_HEAD, EXPLANATION_HEAD} <= set(heads):
            column = heads.index(EXPLANATION_HEAD)
            return {
                (sheet_row, column)
                for sheet_row in range(number + 1, len(rows))
                if rows[sheet_row][column] not in ("", None)
            }
    return set()


# ---- cells ----


def _empty(package: Package, emptied: Mapping[str, set[Position]], limits: Limits) -> None:
    """Take the contents of the cells out, and out of the shared texts what no cell shows any more."""
    shown: set[str] = set()
    formulas = False
    for sheet in package.sheets():
        wanted, edits = emptied.get(sheet.name, set()), list[Edit]()
        xml = package.read(sheet.part)
        scanned = elements(xml, _CELLS)
        for cell in scanned.found:
            shared = {cell.text.get("v", "").strip()} if cell.said.get("t") == "s" else set()
            if wanted and _position(cell, limits) in wanted:
                formulas |= "f" in cell.inner
                edits.append((cell.start, cell.end, _blank(cell, scanned.prefix, xml)))
            else:
                shown |= shared
        if edits:
            package.write(sheet.part, edited(xml, edits))
    _forget_texts(package, shown)
    chain = package.related(package.workbook, "calcChain")
    if formulas and chain is not None:
        package.drop(chain)  # it lists formulas that are gone; every program makes it anew


def _position(cell: Element, limits: Limits) -> Position:
    try:
        return cell_position(cell.said["r"], limits)
    except (KeyError, Refused) as error:
        raise CannotMark("文件里有单元格没有写明地址") from error


def _blank(cell: Element, prefix: str, xml: bytes) -> bytes:
    if b"shared" in xml[cell.start : cell.end] and "f" in cell.inner:
        raise CannotMark(f"个人信息的格子 {cell.said['r']} 里是与别的格子共用的公式")
    style = f' s="{cell.said["s"]}"' if cell.said.get("s", "").isdecimal() else ""
    return f'<{prefix}c r="{cell.said["r"]}"{style}/>'.encode()


def _forget_texts(package: Package, shown: Collection[str]) -> None:
    """Blank every shared text that no cell shows."""
    part = package.related(package.workbook, "sharedStrings")
    if part is None:
        return
    xml = package.read(part)
    prefix = elements(xml).prefix
    blank = f"<{prefix}si><{prefix}t/></{prefix}si>".encode()
    edits = [(item.start, item.end, blank) for n, item in enumerate(_items(xml)) if str(n) not in shown]
    if edits:
        package.write(part, edited(xml, edits))


# ---- comments and properties ----


def _drop_comments(package: Package) -> None:
    for sheet in package.sheets():
        xml = package.read(sheet.part)
        mine = {relation.id: relation for relation in package.relations(sheet.part) if not relation.outside}
        edits = list(_without_links(xml, {id_ for id_, relation in mine.items() if relation.kind == "vmlDrawing"}))
        edits += list(_without_printer(xml))
        if edits:
            package.write(sheet.part, edited(xml, edits))
        for relation in mine.values():
            if relation.kind in {"comments", "threadedComment", "vmlDrawing", "printerSettings"}:
                if relation.target in package.names:
                    package.drop(relation.target)
                else:
                    package.unrelate(sheet.part, relation.id)


def _without_links(xml: bytes, drawings: Collection[str]) -> Iterator[Edit]:
    for element in elements(xml).found:
        if element.name in {"legacyDrawing", "legacyDrawingHF"} and _id(element) in drawings:
            yield element.start, element.end, b""


def _without_printer(xml: bytes) -> Iterator[Edit]:
    for element in elements(xml).found:
        if element.name == "pageSetup" and _id(element):
            yield element.start, element.end, _PRINTER.sub(b"", xml[element.start : element.end])


def _id(element: Element) -> str:
    return next((value for name, value in element.said.items() if name.endswith(":id")), "")


def _drop_about(package: Package) -> None:
    for name in [name for name in package.names if name.startswith(_ABOUT) and not name.endswith(".rels")]:
        package.drop(name)
    root = package.tree(package.workbook)
    for element in [element for element in root.iterchildren("{*}*") if local(element.tag) in _WHO]:
        root.remove(element)


def _require_gone(package: Package, texts: Collection[str]) -> None:
    """What stood in a personal cell stands nowhere else: in a formula's last result, a note, another sheet."""
    sought = {text for text in texts if len(text.strip()) >= _SHORTEST}
    if not sought:
        return
    shared = _shared(package, sought)
    for sheet in package.sheets():
        for cell in elements(package.read(sheet.part), _CELLS).found:
            stands = cell.text.get("v", "").strip() in shared if cell.said.get("t") == "s" else False
            if stands or any(text in part for part in cell.text.values() for text in sought):
                raise CannotMark(f"个人信息的内容在 {sheet.name}!{cell.said.get('r', '')} 也出现，请改后再做公开版")
    for name in package.names:
        if any(escape(text) in package.read(name).decode("utf-8", "replace") for text in sought):
            raise CannotMark("个人信息的内容在单元格以外（页眉、定义的名称等）也出现，请改后再做公开版")


def _shared(package: Package, texts: Collection[str]) -> set[str]:
    """The numbers of the shared texts that hold one of these."""
    part = package.related(package.workbook, "sharedStrings")
    if part is None:
        return set()
    xml = package.read(part)
    items = [_TAGS.sub(b"", xml[item.start : item.end]).decode("utf-8", "replace") for item in _items(xml)]
    return {str(n) for n, item in enumerate(items) if any(escape(text) in item for text in texts)}


def _items(xml: bytes) -> list[Element]:
    return [element for element in elements(xml).found if element.name == "si"]
