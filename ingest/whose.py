"""Whose a table is: what its head says, against the roster and the name of its file. Weak evidence decides nothing."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.roster import Roster, Unit
from ingest.unit_names import is_section, named, shortens, unit_within

HEAD, FILE, FOLDER = "表头", "文件名", "文件夹名"


@dataclass(frozen=True, slots=True)
class Whose:
    """The unit of a table and what told so. `remark`: how it was concluded; `conflict`: what names another unit."""

    code: str | None = None
    unit: str | None = None
    source: str | None = None
    remark: str = ""
    conflict: str = ""


@dataclass(frozen=True, slots=True)
class HeadNames:
    """What a head says of its unit: the name asked for, its code, further names, the department; empty where not."""

    unit: str = ""
    code: str = ""
    others: tuple[str, ...] = ()
    department: str = ""


def by_head(head: HeadNames, file: str, roster: Roster | None) -> Whose:
    """The unit that the head names; nobody where it is silent or where only the file's name helps on."""
    if roster is None:
        name = head.unit or next(iter(head.others), "") or head.department
        return Whose(None, named(name).name or name, HEAD) if name else Whose()
    units = _listed(head, roster)
    sender = roster.match_in(_name(file))
    if units:
        unit = units[0]
        others = [other for other in (*units[1:], sender) if other and not _belong_together(unit, other, roster)]
        return Whose(*unit, HEAD, conflict=_contradiction(unit, others[0], sender) if others else "")
    name = named(head.unit or next(iter(head.others), "")).name
    if not name:
        return _by_department(head, sender, roster)
    return _unlisted(name, head, sender, roster)


def by_place(file: str, roster: Roster | None) -> Whose:
    """The unit whose name stands in the file's name, else in the folder nearest to it.

    Without a roster it is what looks like the name of a unit there, and nobody where two do.
    """
    if roster is None:
        return _by_likely_name(file)
    if (unit := roster.match_in(_name(file))) is not None:
        return Whose(*unit, FILE)
    for folder in reversed(file.split("/")[:-1]):
        if (unit := roster.match_in(folder)) is not None:
            return Whose(*unit, FOLDER)
    return Whose()


def _by_likely_name(file: str) -> Whose:
    *folders, name = file.split("/")
    for source, text in ((FILE, name.rpartition(".")[0]), *((FOLDER, folder) for folder in reversed(folders))):
        if likely := unit_within(text):
            return Whose(None, likely, source, f"表内没有写明单位，按{source}记在“{likely}”名下")
    return Whose()


def _name(file: str) -> str:
    return file.rpartition("/")[2]


def _listed(head: HeadNames, roster: Roster) -> list[Unit]:
    """The units of the roster that the name and the code of the head mean; further names where these mean none."""
    written = named(head.unit)
    found = [roster.match_written(head.unit), roster.match(head.code), roster.match(written.code)]
    units = [unit for unit in found if unit is not None]
    if not units:
        units = [unit for unit in map(roster.match_written, head.others) if unit is not None][:1]
    return list(dict.fromkeys(units))


def _belong_together(unit: Unit, other: Unit, roster: Roster) -> bool:
    """One unit, or a department and a unit of it: departments send for their units, under their own name."""
    return unit == other or roster.department_of(unit) == other or roster.department_of(other) == unit


def _contradiction(unit: Unit, other: Unit, sender: Unit | None) -> str:
    where = "文件名里" if other == sender else "表头的单位编码"
    return f"表头的单位是“{unit[1]}”，{where}是“{other[1]}”"


def _by_department(head: HeadNames, sender: Unit | None, roster: Roster) -> Whose:
    """Only the department is named: it, or the unit of it that the file's name says."""
    department = roster.match_written(head.department)
    if department is None:
        return Whose(None, named(head.department).name, HEAD) if head.department and sender is None else Whose()
    if sender is None or sender == department:
        return Whose(*department, HEAD)
    if roster.department_of(sender) == department:
        return Whose(*sender, FILE)
    return Whose(*department, HEAD, conflict=_contradiction(department, sender, sender))


def _unlisted(name: str, head: HeadNames, sender: Unit | None, roster: Roster) -> Whose:
    """A name that the roster does not have: a section of a listed department, a short form of the file's unit."""
    department = roster.match_written(head.department) or roster.match_beginning(name)
    if department is not None and is_section(name):
        if sender is not None and not _belong_together(department, sender, roster):
            return Whose(*department, HEAD, conflict=_contradiction(department, sender, sender))
        return Whose(*department, HEAD, f"实施单位“{name}”不在名册中，按“{department[1]}”的内设机构记在该单位名下")
    if sender is not None and (shortens(name, sender[1]) or is_section(name)):
        return Whose(*sender, FILE, f"表头的“{name}”不在名册中，按文件名记在“{sender[1]}”名下")
    return Whose(None, name, HEAD)
