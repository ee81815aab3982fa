"""What acts in a .docx or .docm: its parts, what it fetches from outside, its fields that run or fetch."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gouji.ingest.acting.kinds import Act, Acting
from gouji.ingest.acting.package import acting_parts, outside_parts
from gouji.ingest.files.archive import Archive
from gouji.ingest.files.package import Relation, all_relations, content_types
from gouji.ingest.files.xml import elements, local
from gouji.ingest.refusal import Refused

_HOLDS_FIELDS = (b"instrText", b"fldSimple")
_FIELD = re.compile(
    r"(?:^|\s)(DDE(?:AUTO)?|INCLUDETEXT|INCLUDEPICTURE|INCLUDE|IMPORT|LINK|DATABASE|RD)\s", re.IGNORECASE
)
_ON_THIS_MACHINE = re.compile(r"(?:file:/*)?[a-z](?::|%3a)[/\\]", re.IGNORECASE)
"""A path on a drive: the template that a document was once written with, which is nowhere else."""


def document_acts(archive: Archive) -> Iterator[Act]:
    """All of it; never raises, for what is no XML holds nothing that a program would run."""
    relations = list(all_relations(archive))
    yield from acting_parts(archive, relations, content_types(archive))
    yield from outside_parts([relation for relation in relations if not _is_own_template(relation[1])])
    for name in archive.names:
        part = archive.read(name)
        if name in archive.utf16 or any(map(part.__contains__, _HOLDS_FIELDS)):
            yield from _in_fields(name, part)


def _is_own_template(relation: Relation) -> bool:
    return relation.kind.lower() == "attachedtemplate" and _ON_THIS_MACHINE.match(relation.target) is not None


def _in_fields(name: str, part: bytes) -> Iterator[Act]:
    """The instructions of fields; one may be written in any number of pieces."""
    pieces: list[str] = []
    try:
        for element in elements(part, "instrText", "fldSimple", "fldChar"):
            kind = local(element.tag)
            if kind == "instrText":
                pieces.append(str(element.text or ""))
            elif kind == "fldSimple":
                instructions = (str(value) for key, value in element.attrib.items() if local(key) == "instr")
                pieces.append(f" {' '.join(instructions)} ")
            else:
                pieces.append(" ")
    except Refused:
        return
    for word in dict.fromkeys(field.upper() for field in _FIELD.findall(f"{''.join(pieces)} ")):
        yield Act(Acting.DDE if word.startswith("DDE") else Acting.OUTSIDE, f"{name}，域 {word}")
