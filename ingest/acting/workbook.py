"""What acts in an .xlsx or .xlsm: its parts, its names, its formulas wherever they stand."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from xml.sax.saxutils import unescape

from gouji.ingest.acting.formulas import calls_out, may_call_out
from gouji.ingest.acting.kinds import Act, Acting
from gouji.ingest.acting.package import acting_parts, drawings, outside_parts
from gouji.ingest.files.archive import Archive
from gouji.ingest.files.package import SheetEntry, all_relations, content_types
from gouji.ingest.files.same_parts import once_per_part
from gouji.ingest.files.xml import Element, elements, local
from gouji.ingest.refusal import Refused

AUTOMATIC = re.compile(r"(?:_xlnm\.)?auto_(?:open|close|activate|deactivate)", re.IGNORECASE)
"""How the name of a macro begins that runs by itself."""
TEXT_OF_SHAPE = re.compile(rb"""(\stextlink\s*=\s*)(?:"([^"]+)"|'([^']+)')""")
MACRO_OF_SHAPE = re.compile(rb"""(\smacro\s*=\s*)(?:"[^"]+"|'[^']+')""")
MACRO_OF_CONTROL = re.compile(rb"<((?:[^<>\s/:]+:)?FmlaMacro)\b[^<>]*>[^<]*</\1\s*>")
_FORMULAS = ("f", "formula", "formula1", "formula2", "calculatedColumnFormula", "totalsRowFormula", "definedName")
_HOLDS_FORMULAS = (b"<f", b":f", b"ormula", b"definedName")
_LOOKS = frozenset({"styles", "theme", "sharedStrings"})
_TRUE = frozenset({"1", "true"})


def workbook_acts(archive: Archive, entries: Collection[SheetEntry]) -> Iterator[Act]:
    """All of it; never raises, for what is no XML holds nothing that a program would run."""
    relations = list(all_relations(archive))
    sheets = {entry.part: entry.name for entry in entries if entry.part is not None}
    for act in (*acting_parts(archive, relations, content_types(archive)), *outside_parts(relations)):
        yield Act(act.kind, f"工作表“{sheets[act.where]}”") if act.where in sheets else act
    looks = {relation.target for _, relation in relations if relation.kind in _LOOKS} - sheets.keys()
    for name in archive.names:
        if name not in looks:
            yield from _in_part(archive, name, sheets)
    for name in drawings(archive.names, relations):
        yield from _in_drawing(name, archive.read(name))


def runs(name: Mapping[str, str]) -> Acting | None:
    """The kind of a defined name that runs a macro, by its attributes; None for any other."""
    if AUTOMATIC.match(name.get("name", "")):
        return Acting.AUTOMATIC
    return Acting.MACRO if any(name.get(key) in _TRUE for key in ("function", "vbProcedure", "xlm")) else None


def _in_part(archive: Archive, name: str, sheets: Mapping[str, str]) -> Iterator[Act]:
    part = archive.read(name)
    if name in archive.utf16 or _may_act(part):
        yield from _acts(part, sheets.get(name, name))


@once_per_part(64)
def _acts(part: bytes, called: str) -> tuple[Act, ...]:
    """What acts in a part, as far as it is XML; `called`: the part, for people."""
    acts: list[Act] = []
    try:
        for element in elements(part, *_FORMULAS):
            acts += _in_formula(element, called)
    except Refused:
        pass
    return tuple(acts)


@once_per_part(64)
def _may_act(part: bytes) -> bool:
    return any(map(part.__contains__, _HOLDS_FORMULAS)) and may_call_out(part)


def _in_drawing(name: str, part: bytes) -> Iterator[Act]:
    if MACRO_OF_SHAPE.search(part) or MACRO_OF_CONTROL.search(part):
        yield Act(Acting.EVENT, name)
    for match in TEXT_OF_SHAPE.finditer(part):
        if (kind := calls_out(plain_text(match[2] or match[3]))) is not None:
            yield Act(kind, name)


def plain_text(xml: bytes) -> str:
    """What a piece of XML without references to characters says."""
    return unescape(xml.decode("utf-8", "replace"), {"&quot;": '"', "&apos;": "'"})


def _in_formula(element: Element, part: str) -> Iterator[Act]:
    attributes = {str(key): str(value) for key, value in element.items()}
    where = part
    if local(element.tag) == "definedName":
        where = f"名称“{attributes.get('name', '')}”"
        if (kind := runs(attributes)) is not None:
            yield Act(kind, where)
    parent = element.getparent()
    if parent is not None and local(parent.tag) == "c":
        where = f"{part}!{parent.get('r', '')}"
    if (kind := calls_out("".join(map(str, element.itertext())))) is not None:
        yield Act(kind, where)
