"""Where the reader looks for the parts of an .xlsx, and which parts stand elsewhere.

A package may call its parts as it likes and write the way to them as it likes; the reader knows few of these ways, and
takes texts and styles from fixed names, whatever else stands there.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from xml.sax.saxutils import quoteattr

from gouji.ingest.files.archive import Archive, member_called
from gouji.ingest.files.package import member_path, relations_part, stated
from gouji.ingest.files.same_parts import once_per_part
from gouji.ingest.refusal import damaged

_WORKBOOK = "xl/workbook.xml"
_FIXED = {"sharedStrings": "xl/sharedStrings.xml", "styles": "xl/styles.xml"}
_FOLLOWED = frozenset({"worksheet", "chartsheet", "dialogsheet", "xlMacrosheet", "xlIntlMacrosheet", *_FIXED})
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


@dataclass(frozen=True, slots=True)
class Places:
    """What a copy for the reader has otherwise: members under another name, members written anew."""

    moved: dict[str, str] = field(default_factory=dict)
    written: dict[str, bytes] = field(default_factory=dict)


def usual_places(archive: Archive, workbook: str) -> Places | None:
    """How the parts are to be moved; None where the reader finds them as they stand. Raises Refused (文件损坏)."""
    members = (archive.find(relations_part(part)) for part in (workbook, ""))
    inner, outer = (b"" if member is None else archive.read(member) for member in members)
    return _places(inner, outer, workbook, archive.listed)


@once_per_part(64)
def _places(inner: bytes, outer: bytes, workbook: str, members: tuple[str, ...]) -> Places | None:
    """`usual_places` by what states the relations of the workbook and of the package; not to be changed."""
    relations = [_Stated.of(said, workbook) for said in _said(inner)]
    fixed = {one.part: _FIXED[one.kind] for one in relations if one.kind in _FIXED}
    moved = {part: usual for part, usual in fixed.items() if member_called(part, members) not in (None, usual)}
    if len(fixed) > len(set(fixed.values())):
        raise damaged()  # two tables of texts, of which programs take the one or the other
    if workbook != _WORKBOOK:
        moved[workbook] = _WORKBOOK
    ways = [_Stated.of(said, "") for said in _said(outer)]
    found = all(one.is_plain("") for one in ways if one.kind == "officeDocument")
    if not moved and found and all(one.is_plain("xl") for one in relations if one.kind in _FOLLOWED):
        return None
    return Places(moved, _relations(members, relations, moved))


@dataclass(frozen=True, slots=True)
class _Stated:
    """A relation as it is written, and the part to which it leads."""

    id: str
    type: str
    target: str
    part: str

    @classmethod
    def of(cls, said: Mapping[str, str], owning: str) -> _Stated:
        target = said.get("Target", "")
        part = member_path(posixpath.dirname(owning), target.replace("\\", "/"))
        return cls(said.get("Id", ""), said.get("Type", ""), target, part)

    @property
    def kind(self) -> str:
        return self.type.rpartition("/")[2]

    def is_plain(self, folder: str) -> bool:
        """Whether the way to the part is one that the reader knows."""
        return self.target in (f"/{self.part}", posixpath.relpath(self.part, folder or "."))


def _said(content: bytes) -> Iterable[Mapping[str, str]]:
    return stated(content, "Relationship") if content else ()


def _relations(members: tuple[str, ...], relations: list[_Stated], moved: dict[str, str]) -> dict[str, bytes]:
    """The relations of package and workbook, with ways that the reader knows."""
    ways = ((one, member_called(one.part, members) or one.part) for one in relations if one.kind in _FOLLOWED)
    inner = "".join(_relation(one.id, one.type, f"/{moved.get(part, part)}") for one, part in ways)
    outer = _relation("rId1", f"{_OFFICE}/officeDocument", _WORKBOOK)
    return {
        relations_part(_WORKBOOK): f'<Relationships xmlns="{_PACKAGE}">{inner}</Relationships>'.encode(),
        relations_part(""): f'<Relationships xmlns="{_PACKAGE}">{outer}</Relationships>'.encode(),
    }


def _relation(id_: str, type_: str, target: str) -> str:
    return f"<Relationship Id={quoteattr(id_)} Type={quoteattr(type_)} Target={quoteattr(target)}/>"
