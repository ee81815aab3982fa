"""What acts in a PDF: scripts, programs and addresses that it opens, files that it carries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from gouji.ingest.acting.kinds import Act, Acting
from gouji.ingest.files.pdf_pages import objects_of

if TYPE_CHECKING:
    from pdfplumber.pdf import PDF

_ACTIONS = {
    "JavaScript": Acting.SCRIPT, "Launch": Acting.LAUNCH, "SubmitForm": Acting.OUTSIDE, "ImportData": Acting.OUTSIDE,
    "GoToR": Acting.OUTSIDE, "GoToE": Acting.OBJECT, "Rendition": Acting.OBJECT, "RichMediaExecute": Acting.OBJECT,
}  # fmt: skip
_CARRIED = frozenset(("EmbeddedFile", "Filespec", "RichMedia", "3D", "Movie", "Sound", "Screen", "FileAttachment"))


def pdf_acts(pdf: PDF) -> Iterator[Act]:
    """All of it, by the objects that hold it, whether anything refers to them or not."""
    for about in objects_of(pdf):
        yield from _acts(about, depth=0)


def _acts(about: Mapping[str, Any], depth: int) -> Iterator[Act]:
    if (kind := _ACTIONS.get(_name(about.get("S")))) is not None:
        yield Act(kind, "")
    if "JS" in about:
        yield Act(Acting.SCRIPT, "")
    if "XFA" in about:
        yield Act(Acting.SCRIPT, "XFA")
    if "EF" in about or {_name(about.get("Type")), _name(about.get("Subtype"))} & _CARRIED:
        yield Act(Acting.OBJECT, "")
    for value in about.values() if depth < 3 else ():  # an action is written in the object that it belongs to
        for inner in value if isinstance(value, list) else (value,):
            if isinstance(inner, dict):
                yield from _acts(inner, depth + 1)


def _name(value: object) -> str:
    name = getattr(value, "name", "")
    return name.decode("latin-1") if isinstance(name, bytes) else str(name)
