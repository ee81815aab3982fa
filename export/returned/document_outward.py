"""What a document that goes back never carries on: relations that lead outside, fields and attributes with an address.

The text that was linked stays; links to places of the same document stay links.
"""

from __future__ import annotations

import re

from gouji.export.returned.parts import CannotMark, PackageParts
from gouji.ingest.files.docx_xml import attribute, tag
from gouji.ingest.files.xml import Element, local

_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_ADDRESS = re.compile(r"""^\s*HYPERLINK\s+(?!\\l\b)""", re.IGNORECASE)
"""A field that leads to another file or page; behind \\l stands a place of its own document."""
_LEADS = frozenset({"href", "althref", "src", "docLocation"})
_OUTSIDE = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:|\\\\|//|[^#\s]+\.\w{2,5}$)", re.IGNORECASE)
_BASE = "HyperlinkBase"
_FIELDS = frozenset({"fldChar", "instrText", "fldSimple"})
_MOST_FIELDS = 50


def strip_outward(package: PackageParts) -> None:
    """Take all of it out. Raises CannotMark for what hangs on the package itself."""
    for part, relation in list(package.all_relations()):
        if relation.outside:
            if part not in package.names:
                raise CannotMark("文件链接了外部的对象")
            _unlink(package.tree(part), relation.id)
            package.unrelate(part, relation.id)
    for name in package.names:
        if name.lower().startswith("word/") and name.lower().endswith(".xml"):
            if any(word in package.read(name) for word in (b"HYPERLINK", b"href", b"src=", b"docLocation")):
                root = package.tree(name)
                _without_addresses(root)
                _without_fields(root)
        elif name.lower() == "docprops/app.xml" and _BASE.encode() in package.read(name):
            root = package.tree(name)
            for element in [child for child in root if local(child.tag) == _BASE]:
                root.remove(element)


def _unlink(root: Element, id_: str) -> None:
    """What led outside leads nowhere; its text stays."""
    for element in [element for element in root.iter() if element.get(_LINK) == id_]:
        if tag(element) == "hyperlink":
            del element.attrib[_LINK]
        elif (parent := element.getparent()) is not None:
            parent.remove(element)


def _without_addresses(root: Element) -> None:
    for element in root.iter():
        for key in [key for key in element.attrib if local(key) in _LEADS and _OUTSIDE.match(str(element.get(key)))]:
            del element.attrib[key]


def _without_fields(root: Element) -> None:
    """Fields that lead outside become what they show."""
    open_: list[list[Element]] = []
    for element in [element for element in root.iter() if tag(element) in _FIELDS]:
        if tag(element) == "fldSimple":
            if _ADDRESS.match(attribute(element, "instr") or ""):
                _unwrap(element)
            continue
        kind = attribute(element, "fldCharType")
        if kind == "begin" and len(open_) < _MOST_FIELDS:
            open_.append([element])
        elif open_:
            open_[-1].append(element)
            if kind == "end":
                _close(open_.pop())


def _close(field: list[Element]) -> None:
    instruction = "".join(str(element.text or "") for element in field if tag(element) == "instrText")
    if _ADDRESS.match(instruction):
        for element in field:
            if (parent := element.getparent()) is not None:
                parent.remove(element)


def _unwrap(element: Element) -> None:
    parent = element.getparent()
    if parent is not None:
        place = parent.index(element)
        for number, child in enumerate(list(element)):
            parent.insert(place + number, child)
        parent.remove(element)
