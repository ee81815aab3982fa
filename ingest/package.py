"""The parts of an .xlsx archive: where the workbook, its sheets and its styles stand."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.archive import Archive
from ingest.refusal import Refused, damaged
from ingest.styles import Look, cell_looks
from ingest.xml import elements, local


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """A sheet as the workbook lists it: name, whether hidden, and its member in the archive (or None)."""

    name: str
    hidden: bool
    part: str | None


def relations(archive: Archive, part: str) -> dict[str, tuple[str, str]]:
    """Id → (last word of the type, member) of what `part` refers to inside the archive."""
    folder, name = posixpath.split(part)
    member = archive.find(posixpath.join(folder, "_rels", f"{name}.rels"))
    if member is None:
        return {}
    found: dict[str, tuple[str, str]] = {}
    for element in elements(archive.read(member), "Relationship"):
        # TargetMode is not asked: calamine follows a sheet that calls itself external all the same.
        target = element.get("Target", "").replace("\\", "/")
        # join() takes a target that begins with / as it is: counted from the archive's root.
        path = posixpath.normpath(posixpath.join(folder, target)).lstrip("/")
        kind = element.get("Type", "").rpartition("/")[2]
        found[element.get("Id", "")] = (kind, archive.find(path) or path)
    return found


def workbook_part(archive: Archive) -> str:
    """The member that lists the sheets. Raises Refused (文件损坏) when there is none."""
    for kind, part in relations(archive, "").values():
        if kind == "officeDocument" and archive.find(part) is not None:
            return part
    raise Refused("文件损坏", "文件里找不到工作簿内容，请用 Excel 或 WPS 重新打开、另存后再报送。")


def sheet_entries(archive: Archive, workbook: str) -> list[SheetEntry]:
    """The sheets in workbook order, chart sheets included.

    Raises Refused (文件损坏) when two have one name, or when one has two ids, of which readers take different ones.
    """
    targets = relations(archive, workbook)
    entries: list[SheetEntry] = []
    for element in elements(archive.read(workbook), "sheet"):
        references = [str(v) for k, v in element.attrib.items() if local(k) == "id"]
        if len(references) > 1:
            raise damaged()
        part = targets.get("".join(references), ("", ""))[1]
        hidden = element.get("state", "visible") != "visible"
        entries.append(SheetEntry(element.get("name", ""), hidden, archive.find(part)))
    if len({entry.name.casefold() for entry in entries}) < len(entries):
        raise damaged()  # no program writes that, and a finding could not say which of the two it means
    return entries


def looks(archive: Archive, workbook: str) -> Sequence[Look]:
    """The looks of the workbook's cell styles."""
    parts = {kind: archive.find(part) for kind, part in relations(archive, workbook).values()}
    styles = parts.get("styles")
    if styles is None:
        return cell_looks(None)
    written = archive.read(styles)
    # Only what names its colours by the theme depends on it, and a theme that is none spoils no figure.
    themed = parts.get("theme") if b"theme=" in written else None
    try:
        return cell_looks(written, archive.read(themed) if themed is not None else None)
    except Refused:
        return cell_looks(written)
