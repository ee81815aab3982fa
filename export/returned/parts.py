"""A returned file as the parts of its package: taken apart, changed where needed, put together again.

What is not asked for by name is carried over byte for byte. The archive was admitted by the same rules as for reading.
"""

from __future__ import annotations

import posixpath
import zlib
from collections.abc import Iterator

from lxml import etree

from gouji.export.packed_members import Packed, archive, packed
from gouji.ingest.files.archive import Archive
from gouji.ingest.files.cfb import MAGIC
from gouji.ingest.files.package import Relation, owner, relation, relations_part, types_of
from gouji.ingest.files.xml import Element, attributes, local
from gouji.ingest.limits import Limits
from gouji.ingest.refusal import Refused

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_PACKAGE_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "[Content_Types].xml"
_ZIP = b"PK"


class CannotMark(Exception):
    """A file that cannot be marked up without losing or carrying on something; the message is Chinese."""


def opened(data: bytes | Archive, limits: Limits | None = None) -> Archive:
    """The archive of a file, unless it was opened before. Raises CannotMark for what is none."""
    if isinstance(data, Archive):
        return data
    if not data.startswith(_ZIP):
        raise CannotMark("文件不是 .xlsx 或 .docx 格式")
    try:
        return Archive(data, limits or Limits())
    except Refused as refused:
        raise CannotMark(refused.reason.rstrip("。")) from refused


class PackageParts:
    """The parts of an .xlsx or a .docx. Raises CannotMark for what is no package."""

    def __init__(self, data: bytes | Archive, limits: Limits | None = None) -> None:
        self.archive = opened(data, limits)
        if self.archive.utf16:
            raise CannotMark("文件内部的文字编码不是表格软件常用的")
        try:
            self._admitted = {name: self.archive.read(name) for name in self.archive.names}
        except Refused as refused:
            raise CannotMark(refused.reason.rstrip("。")) from refused
        self._parts = dict(self._admitted)
        self._trees: dict[str, Element] = {}
        self._looked_at: dict[str, Element] = {}
        self._relations: dict[str, list[Relation]] = {}
        if _TYPES not in self._parts:
            raise CannotMark("文件不是 .xlsx 或 .docx 格式")

    def main(self, what: str) -> str:
        """The part that is opened; `what` it is, for the reason. Raises CannotMark where there is none."""
        targets = [relation.target for relation in self.relations("") if relation.kind == "officeDocument"]
        if not targets or targets[0] not in self._parts:
            raise CannotMark(f"文件里找不到{what}内容")
        return targets[0]

    # ---- parts ----

    @property
    def names(self) -> list[str]:
        """The parts in the order of the archive."""
        return list(self._parts)

    @property
    def compounds(self) -> frozenset[str]:
        """The parts that are compound files: macros, embedded objects."""
        return frozenset(name for name, part in self._parts.items() if part.startswith(MAGIC[:4]))

    def read(self, name: str) -> bytes:
        """A part as it stands now. Raises CannotMark where there is none."""
        if name in self._trees:
            return _written(self._trees[name])
        if name not in self._parts:
            raise CannotMark("文件里缺少部件")
        return self._parts[name]

    def write(self, name: str, content: bytes) -> None:
        """Put a part in place of what there was."""
        self._trees.pop(name, None)
        self._looked_at.pop(name, None)
        if name in self._parts:
            self._relations.pop(name, None)
        else:
            self._relations.clear()  # a relation may have been waiting for it
        self._parts[name] = content

    def tree(self, name: str) -> Element:
        """A part to be changed in place. Raises CannotMark when it is missing or no XML."""
        self._relations.pop(name, None)
        if name not in self._trees:
            self._trees[name] = self.look(name)
            del self._looked_at[name]
        return self._trees[name]

    def look(self, name: str) -> Element:
        """A part to look at only: its bytes stay as they are."""
        if name in self._trees:
            return self._trees[name]
        if name not in self._looked_at:
            self._looked_at[name] = parsed(self.read(name))
        return self._looked_at[name]

    def _forget(self, name: str) -> None:
        self._parts.pop(name, None)
        self._trees.pop(name, None)
        self._looked_at.pop(name, None)
        self._relations.clear()

    def add(self, name: str, content: bytes, content_type: str) -> None:
        """A new part with its content type."""
        self.write(name, content)
        types = self.tree(_TYPES)
        etree.SubElement(types, f"{_namespace(types)}Override", PartName=f"/{name}", ContentType=content_type)

    def set_default(self, extension: str, content_type: str) -> None:
        """State the content type of all parts with this extension, where nothing is stated."""
        types = self.tree(_TYPES)
        if not any(entry.get("Extension", "").lower() == extension for entry in types):
            types.insert(0, etree.Element(f"{_namespace(types)}Default", Extension=extension, ContentType=content_type))

    def set_type(self, name: str, content_type: str) -> None:
        """Change the content type of a part."""
        for entry in self.tree(_TYPES):
            if entry.get("PartName", "").lower() == f"/{name}".lower():
                entry.set("ContentType", content_type)

    def content_type(self, name: str) -> str:
        """The stated content type of a part; empty where only its extension has one."""
        part_name = f"/{name}".lower()
        stated = (
            entry.get("ContentType", "")
            for entry in self.look(_TYPES)
            if entry.get("PartName", "").lower() == part_name
        )
        return next(stated, "")

    def content_types(self) -> dict[str, str]:
        """The content type of each part, stated of itself or of its extension, in small letters."""
        return types_of(map(attributes, self.look(_TYPES)), self._parts)

    def drop(self, name: str) -> None:
        """Take a part out, with its own relations and every relation to it."""
        relations = relations_part(name)
        for dropped in (name, relations):
            self._forget(dropped)
        types = self.tree(_TYPES)
        for entry in [entry for entry in types if entry.get("PartName", "").lower() == f"/{name}".lower()]:
            types.remove(entry)
        for of, part in list(self._relation_parts()):
            for lost_relation in [link for link in self.relations(of) if link.target == name]:
                self._remove(part, lost_relation.id)

    def drop_unused_defaults(self) -> None:
        """No content type is stated by extension for parts of a kind that is gone (macros)."""
        types = self.tree(_TYPES)
        for entry in [entry for entry in types if "vba" in entry.get("ContentType", "").lower()]:
            types.remove(entry)

    def new_name(self, pattern: str) -> str:
        """The first name by this pattern (`xl/comments{}.xml`) that no part has."""
        taken = {name.lower() for name in self._parts}
        return next(name for n in range(1, len(taken) + 2) if (name := pattern.format(n)).lower() not in taken)

    def to_bytes(self) -> bytes:
        """The package. Equal parts of packages that were equal are equal bytes; what was not changed stays compressed
        as it came."""
        return archive({name: self._packed(name) for name in sorted(self._parts, key=lambda name: name != _TYPES)})

    def _packed(self, name: str) -> Packed:
        content = self.read(name)
        if content is self._admitted.get(name) and (deflated := self.archive.packed(name)) is not None:
            return Packed(deflated, zlib.crc32(content), len(content))
        return packed(content)

    # ---- relations ----

    def relations(self, part: str) -> list[Relation]:
        """What a part refers to; those of the package itself under the empty name."""
        name = relations_part(part)
        if name not in self._parts:
            return []
        if name not in self._relations:
            stated = (element for element in self.look(name) if local(element.tag) == "Relationship")
            self._relations[name] = [relation(part, attributes(element), self._as_stored) for element in stated]
        return list(self._relations[name])

    def _as_stored(self, name: str) -> str:
        if name in self._parts:
            return name
        return next((stored for stored in self._parts if stored.lower() == name.lower()), name)

    def related(self, part: str, kind: str) -> str | None:
        """The part of a kind that a part refers to."""
        targets = (
            relation.target for relation in self.relations(part) if relation.kind == kind and not relation.outside
        )
        return next((target for target in targets if target in self._parts), None)

    def relate(self, part: str, kind: str, target: str) -> str:
        """Let a part refer to another; returns the relation's id."""
        name = relations_part(part)
        if name not in self._parts:
            self.write(name, f'<Relationships xmlns="{_PACKAGE_RELATIONS}"/>'.encode())
        root = self.tree(name)
        taken = {element.get("Id") for element in root}
        new = next(f"rIdT{n}" for n in range(1, len(taken) + 2) if f"rIdT{n}" not in taken)
        path = posixpath.relpath(target, posixpath.dirname(part))
        etree.SubElement(root, f"{_namespace(root)}Relationship", Id=new, Type=_OFFICE + kind, Target=path)
        return new

    def unrelate(self, part: str, id_: str) -> None:
        """Let a part no longer refer to what has this id."""
        self._remove(relations_part(part), id_)

    def _remove(self, name: str, id_: str) -> None:
        root = self.tree(name)
        for element in [element for element in root if element.get("Id") == id_]:
            root.remove(element)

    def all_relations(self) -> Iterator[tuple[str, Relation]]:
        """Every relation in the package with the part that has it."""
        for part, _ in list(self._relation_parts()):
            yield from ((part, relation) for relation in self.relations(part))

    def _relation_parts(self) -> Iterator[tuple[str, str]]:
        """Every part that has relations, and the part that holds them."""
        for name in self._parts:
            part = owner(name)
            if part is not None:
                yield part, name


def parsed(xml: bytes) -> Element:
    """The root of an XML part, without entities, document types or network. Raises CannotMark."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_blank_text=False)
    return _parsed(xml, parser)


def plainly(xml: bytes) -> bytes:
    """An XML part without comments, instructions, CDATA and needless references. Raises CannotMark."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    return _written(_parsed(xml, parser))


def _parsed(xml: bytes, parser: etree.XMLParser) -> Element:
    try:
        return etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise CannotMark("文件内部的内容不合规范") from error


def _written(root: Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _namespace(root: Element) -> str:
    name = etree.QName(root).namespace
    return f"{{{name}}}" if name else ""
