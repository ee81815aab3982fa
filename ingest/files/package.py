"""The parts of an .xlsx archive (where the workbook, its sheets and its styles stand), the main one of a .docx."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from gouji.ingest.files.archive import Archive, member_called
from gouji.ingest.files.same_parts import once_per_part
from gouji.ingest.files.styles import Looks, cell_looks
from gouji.ingest.files.xml import attributes, elements, local
from gouji.ingest.refusal import Refused, damaged

ADDRESS = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:|\\\\|//)", re.IGNORECASE)
"""How what is not a part of the package begins: a scheme, a drive, a share."""

_ORDINARY = 64 * 1024
"""Bytes up to which what a part states is kept for the next workbook."""


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """A sheet as the workbook lists it: name, whether hidden, and its member in the archive (or None)."""

    name: str
    hidden: bool
    part: str | None


@dataclass(frozen=True, slots=True)
class Relation:
    """What one part refers to: `kind` is the last word of its type, `target` a part (or an outside address)."""

    id: str
    kind: str
    target: str
    outside: bool


def relations_part(part: str) -> str:
    """The member that says what a part refers to."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def owner(name: str) -> str | None:
    """The part whose relations a member holds (the empty name: the package); None where it holds none."""
    folder, _, file = name.rpartition("/")
    if not file.endswith(".rels") or not (folder == "_rels" or folder.endswith("/_rels")):
        return None
    return posixpath.join(folder.removesuffix("_rels"), file.removesuffix(".rels"))


def member_path(folder: str, target: str) -> str:
    """The member to which a target leads from a folder; one that begins with / is counted from the root."""
    return posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")


def stated(part: bytes, *names: str) -> Iterable[Mapping[str, str]]:
    """The attributes of the elements with these local names, in their order. Raises Refused (文件损坏)."""
    return _kept(part, *names) if len(part) <= _ORDINARY else map(attributes, elements(part, *names))


@once_per_part(64)
def _kept(part: bytes, *names: str) -> tuple[Mapping[str, str], ...]:
    """Workbooks of one template say the same of their parts."""
    return tuple(attributes(element) for element in elements(part, *names))


def relation(part: str, said: Mapping[str, str], stored: Callable[[str], str]) -> Relation:
    """What a `<Relationship>` of a part says; `stored`: a member's name as the archive spells it."""
    target = said.get("Target", "")
    # Programs differ on other spellings of the mode, and on an address without one.
    outside = said.get("TargetMode", "").strip().lower() == "external" or ADDRESS.match(target) is not None
    if not outside:
        target = target.replace("\\", "/").partition("#")[0]
        target = stored(member_path(posixpath.dirname(part), target))
    return Relation(said.get("Id", ""), said.get("Type", "").rpartition("/")[2], target, outside)


def all_relations(archive: Archive) -> Iterator[tuple[str, Relation]]:
    """Every relation in the archive with the part that has it; none of a member that is no XML."""
    for name in archive.listed:
        if (part := owner(name)) is not None:
            yield from ((part, said) for said in _relations_of(archive.read(name), part, archive.listed))


@once_per_part(64)
def _relations_of(content: bytes, part: str, members: tuple[str, ...]) -> tuple[Relation, ...]:
    def stored(name: str) -> str:
        return member_called(name, members) or name

    return tuple(relation(part, said, stored) for said in _as_far_as_xml(content, "Relationship"))


def content_types(archive: Archive) -> dict[str, str]:
    """The content type of each member, stated of itself or of its extension, in small letters."""
    member = archive.find("[Content_Types].xml")
    return {} if member is None else _types(archive.read(member), archive.listed)


@once_per_part(64)
def _types(content: bytes, members: tuple[str, ...]) -> dict[str, str]:
    return types_of(_as_far_as_xml(content, "Default", "Override"), members)


def types_of(stated: Iterable[Mapping[str, str]], names: Iterable[str]) -> dict[str, str]:
    """`content_types` by the attributes of the elements that state them."""
    by_extension: dict[str, str] = {}
    by_name: dict[str, str] = {}
    for one in stated:
        said = one.get("ContentType", "").lower()
        if "PartName" in one:
            by_name[one["PartName"].lstrip("/").lower()] = said
        else:
            by_extension[one.get("Extension", "").lower()] = said
    known = ((name, by_name.get(name.lower(), by_extension.get(_extension(name), ""))) for name in names)
    return {name: said for name, said in known if said}


def _extension(name: str) -> str:
    return name.rpartition("/")[2].rpartition(".")[2].lower()


def _as_far_as_xml(content: bytes, *names: str) -> Iterator[Mapping[str, str]]:
    """What the elements of a part say, up to where it is no XML."""
    try:
        yield from stated(content, *names)
    except Refused:
        return


def relations(archive: Archive, part: str) -> dict[str, tuple[str, str]]:
    """Id → (last word of the type, member) of what `part` refers to inside the archive."""
    member = archive.find(relations_part(part))
    return {} if member is None else _inside(archive.read(member), posixpath.dirname(part), archive.listed)


@once_per_part(64)
def _inside(content: bytes, folder: str, members: tuple[str, ...]) -> dict[str, tuple[str, str]]:
    """`relations` of a part in this folder, by what states them; not to be changed."""
    found: dict[str, tuple[str, str]] = {}
    for said in stated(content, "Relationship"):
        # TargetMode is not asked: calamine follows a sheet that calls itself external all the same.
        target = said.get("Target", "").replace("\\", "/")
        path = member_path(folder, target)
        kind = said.get("Type", "").rpartition("/")[2]
        found[said.get("Id", "")] = (kind, member_called(path, members) or path)
    return found


def document_part(archive: Archive) -> str | None:
    """The member with the text of a Word document; None where the package is something else.

    Raises Refused (文件损坏) where several parts are said to be the main one: programs take different ones.
    """
    mains = [part for kind, part in relations(archive, "").values() if kind == "officeDocument"]
    types = content_types(archive)
    written = [part for part in mains if _DOCUMENT.match(types.get(part, "")) is not None]
    if not written:
        return None
    if len(set(mains)) > 1:
        raise damaged()
    archive.check(written[0])
    return written[0]


_DOCUMENT = re.compile(
    r"application/vnd\.(?:openxmlformats-officedocument\.wordprocessingml|ms-word)"
    r"\.(?:document|template)(?:\.macroenabled(?:template)?)?\.main\+xml"
)


def workbook_part(archive: Archive) -> str:
    """The member that lists the sheets. Raises Refused (文件损坏) when there is none."""
    for kind, part in relations(archive, "").values():
        if kind == "officeDocument" and archive.find(part) is not None:
            archive.check(part)
            return part
    raise Refused("文件损坏", "文件里找不到工作簿内容，请用 Excel 或 WPS 重新打开、另存后再报送。")


def sheet_entries(archive: Archive, workbook: str) -> list[SheetEntry]:
    """The sheets in workbook order, chart sheets included.

    Raises Refused (文件损坏) when two have one name, or when one has two ids, of which readers take different ones.
    """
    targets = relations(archive, workbook)
    entries: list[SheetEntry] = []
    for said in stated(archive.read(workbook), "sheet"):
        references = [value for key, value in said.items() if local(key) == "id"]
        if len(references) > 1:
            raise damaged()
        part = targets.get("".join(references), ("", ""))[1]
        hidden = said.get("state", "visible") != "visible"
        if archive.find(part) is not None:
            archive.check(part)
        entries.append(SheetEntry(said.get("name", ""), hidden, archive.find(part)))
    if len({entry.name.casefold() for entry in entries}) < len(entries):
        raise damaged()  # no program writes that, and a finding could not say which of the two it means
    return entries


def shared_texts(archive: Archive, workbook: str) -> str | None:
    """The member with the texts that cells name by number. Raises Refused where it is not to be parsed."""
    parts = (archive.find(part) for kind, part in relations(archive, workbook).values() if kind == "sharedStrings")
    found = next((part for part in parts if part is not None), None)
    if found is not None:
        archive.check(found)
    return found


def calculates_as_shown(archive: Archive, workbook: str) -> bool:
    """Whether results are rounded to what is shown of them, so that they follow from no formula alone."""
    return any(said.get("fullPrecision") in {"0", "false"} for said in stated(archive.read(workbook), "calcPr"))


def looks(archive: Archive, workbook: str) -> Looks:
    """The looks of the workbook's cell styles."""
    parts = {kind: archive.find(part) for kind, part in relations(archive, workbook).values()}
    styles = parts.get("styles")
    if styles is None:
        return cell_looks(None)
    archive.check(styles)
    written = archive.read(styles)
    # Only what names its colours by the theme depends on it, and a theme that is none spoils no figure.
    themed = parts.get("theme") if b"theme=" in written else None
    try:
        return cell_looks(written, archive.read(themed) if themed is not None else None)
    except Refused:
        return cell_looks(written)
