"""Whose a table is: its identity record, its head, the names of file and folder, against the roster.

Where two of them name different units nobody has the table until people say whose it is. Weak evidence decides nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gouji.ingest.locating.recognise import Unrecognised
from gouji.ingest.read_return import FileReading, TableReading
from gouji.ingest.register.unit_names import is_section, named, shortens, stands_alone, unit_within, units_named
from gouji.ingest.roster import Roster, Unit, code_key
from gouji.templates.labels import squeezed

RECORD, HEAD, FILE, FOLDER, OTHER_TABLE = "标识页", "表头", "文件名", "文件夹名", "同一文件的其他表"
TITLE, SIGNATURE, SHEET = "标题", "落款", "工作表名"
DESIGNATED = "审核人指定"

AnyUnit = tuple[str | None, str]
"""(单位编码, 单位名称) of a unit that the roster may not have."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A unit and what names it, as a clause: `表头（B3）填的是`."""

    where: str
    unit: AnyUnit

    def __str__(self) -> str:
        return f"{self.where}“{self.unit[1]}”"


@dataclass(frozen=True, slots=True)
class Whose:
    """The unit of a table and what told so. `remark`: how it was concluded; `doubt`: what people should look at.

    `claims`: everything that names a unit, where they name different ones; the unit is then the one on the sheet.
    """

    code: str | None = None
    unit: str | None = None
    source: str | None = None
    remark: str = ""
    doubt: str = ""
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class HeadNames:
    """What a table says of its unit: the name asked for and its cell, its code, further names, the department; whom
    its title names, who signs below it, its sheet's name. Empty where not."""

    unit: str = ""
    code: str = ""
    others: tuple[str, ...] = ()
    department: str = ""
    cell: str = ""
    titled: str = ""
    signed: str = ""
    sheet: str = ""

    @property
    def place(self) -> str:
        """Where the name stands, in words."""
        return f"{HEAD}（{self.cell}）" if self.cell else HEAD


def whose_tables(reading: FileReading, roster: Roster | None) -> list[Whose]:
    """Whose every table of a file is; a table that does not say belongs to the unit of the others."""
    attributions = [_whose_table(table, reading.file, roster) for table in reading.tables]
    undefined = (by_itself(names_of_undefined(near), reading.file, roster) for near in reading.unrecognised)
    attributed = [whose for whose in attributions if whose.unit is not None] or [
        whose for whose in undefined if whose.unit is not None
    ]
    return [
        whose if whose.unit is not None else _whose_silent(attributed, reading.file, roster) for whose in attributions
    ]


def _whose_table(table: TableReading, file: str, roster: Roster | None) -> Whose:
    head = HeadNames(
        table.header_unit or "", table.header_code, tuple(table.other_units), table.department or "",
        table.unit_cell or "", table.titled, table.signed, table.sheet,
    )  # fmt: skip
    if not table.identity_unit:
        return by_itself(head, file, roster)
    record = (table.identity_code or None, table.identity_unit)
    if roster is None:
        return _by_record_alone(record, head, per_project=table.per == "project")
    return _by_record(record, head, file, roster, per_project=table.per == "project")


def _whose_silent(attributed: Sequence[Whose], file: str, roster: Roster | None) -> Whose:
    """A table that does not say: the one unit of the file's others, be it open or not; else file and folder."""
    units = list(dict.fromkeys((whose.code, whose.unit) for whose in attributed if whose.unit is not None))
    if len(units) == 1:
        claims = next((whose.claims for whose in attributed if whose.claims), ())
        return Whose(*units[0], OTHER_TABLE, claims=claims)
    placed = by_place(file, roster)
    if not units or (placed.code, placed.unit) in units:
        return placed
    return Whose(*units[0], OTHER_TABLE, claims=tuple(Claim(f"{OTHER_TABLE}是", (code, unit)) for code, unit in units))


def names_of_undefined(near: Unrecognised) -> HeadNames:
    """What a table that no definition describes says of its unit."""
    head = near.head
    units, department, code = head.all("unit"), head.first("department"), head.first("code")
    return HeadNames(
        next(iter(units), ""), code.text if code else "", units, department.text if department else "",
        titled=near.titled, signed=near.signed, sheet=near.sheet,
    )  # fmt: skip


def _by_record(record: AnyUnit, head: HeadNames, file: str, roster: Roster, *, per_project: bool) -> Whose:
    """The unit that the workbook was issued to, unless what was typed or the file's name is another's."""
    listed = roster.unit_of(*record)
    unit = listed or record
    typed, sender = roster.match_written(head.unit), roster.match_in(_name(file))
    implements = per_project and roster.match_written(head.department) == unit
    apart = typed is not None and typed != unit and not implements
    claims = []
    if typed is not None and apart and (sender == typed or not (listed and roster.related(listed, typed))):
        claims.append(Claim(f"{head.place}填的是", typed))
    if sender is not None and sender != unit and (sender == typed or not (listed and roster.related(listed, sender))):
        claims.append(Claim(f"{FILE}里是", sender))
    by_record = Whose(*unit, RECORD, remark=_recoded(record, listed))
    if claims:
        agreeing = [Claim(f"{head.place}填的是", typed)] if typed == unit else []
        proposed = Whose(*typed, HEAD) if typed is not None and apart else by_record
        return replace(proposed, claims=(Claim(f"{RECORD}（下发时登记的）是", unit), *agreeing, *claims))
    if apart and not per_project:
        return replace(by_record, doubt=f"{head.place}填的是“{head.unit}”，按{RECORD}记在“{unit[1]}”名下")
    return replace(by_record, doubt=_renamed(record, listed, roster) or _strange(head, typed, unit, roster))


def _renamed(record: AnyUnit, listed: Unit | None, roster: Roster) -> str:
    """That only the code tells the unit: its name was another one when the workbook was issued."""
    code, name = record
    if listed is None or roster.match_written(name) is not None:
        return ""
    advice = "（更名的，请在名册补填曾用名称）"
    return f"下发时登记的单位“{name}”不在名册中，按单位编码 {code} 记在“{listed[1]}”名下{advice}"


def _strange(head: HeadNames, typed: Unit | None, unit: AnyUnit, roster: Roster) -> str:
    """That the name on the sheet is no listed unit's, and cannot be another word for this one."""
    if typed is not None or _may_be(head.unit, unit[1]):
        return ""
    near = roster.nearest(named(head.unit).name)
    like = "" if near is None or near == unit else f"（名册里最接近的是“{near[1]}”）"
    return f"{head.place}填的“{head.unit}”不在名册中{like}，按{RECORD}记在“{unit[1]}”名下"


def _by_record_alone(record: AnyUnit, head: HeadNames, *, per_project: bool) -> Whose:
    """The same without a roster: names can only be compared with each other."""
    by_record = Whose(*record, RECORD)
    typed = named(head.unit).name
    if not typed or _may_be(head.unit, record[1]):
        return by_record
    if per_project:
        return replace(by_record, doubt=f"{head.place}填的是“{head.unit}”，按{RECORD}记在“{record[1]}”名下")
    claims = (Claim(f"{RECORD}（下发时登记的）是", record), Claim(f"{head.place}填的是", (None, typed)))
    return Whose(None, typed, HEAD, claims=claims)


def _may_be(written: str, unit: str) -> bool:
    """Whether what was written can be a unit's name: nothing, a short or a longer form of it, a section of it."""
    name = named(written).name
    if not name or is_section(name) or squeezed(name) == squeezed(unit):
        return True
    return shortens(name, unit) or shortens(unit, name)


def _recoded(record: AnyUnit, listed: Unit | None) -> str:
    """That the roster's code is another one than the workbook was issued with."""
    code, name = record
    if listed is None or not code or code_key(code) == code_key(listed[0]):
        return ""
    return f"下发时“{name}”的单位编码是 {code}，名册里现在是 {listed[0]}，按名称记在“{listed[1]}”名下"


def by_itself(names: HeadNames, file: str, roster: Roster | None) -> Whose:
    """The unit that a table names: in its head, else in its title, else by who signs it, else by its sheet's name."""
    by_head_names = by_head(names, file, roster)
    if by_head_names.unit is not None:
        return by_head_names
    further = (
        (TITLE, _named_apart(names.titled, roster)),
        (SIGNATURE, _named_apart(names.signed, roster)),
        (SHEET, _of_sheet(names.sheet, roster)),
    )
    named_by = [(source, unit) for source, unit in further if unit is not None]
    if not named_by:
        return Whose()
    source, unit = named_by[0]
    if roster is not None:
        named_by.append((FILE, roster.match_in(_name(file)) or unit))
        if any(not roster.related(_listed_unit(unit), _listed_unit(further_unit)) for _, further_unit in named_by):
            return Whose(
                *unit, source, claims=tuple(Claim(f"{where}里是", further_unit) for where, further_unit in named_by)
            )
    return Whose(*unit, source, f"表头没有写明单位，按{source}记在“{unit[1]}”名下")


def _listed_unit(unit: AnyUnit) -> Unit:
    """A unit of the roster, which always has a code."""
    return unit[0] or "", unit[1]


def _named_apart(name: str, roster: Roster | None) -> AnyUnit | None:
    if roster is None:
        return (None, named(name).name) if name and stands_alone(named(name).name) else None
    return roster.match_written(name) or roster.match_short(name)


def _of_sheet(sheet: str, roster: Roster | None) -> AnyUnit | None:
    """The unit that a sheet is named for; a section's name alone is none."""
    if roster is not None:
        return roster.match_in(sheet) or roster.match_short(sheet)
    likely = unit_within(sheet)
    return (None, likely) if likely and stands_alone(likely) else None


def by_head(head: HeadNames, file: str, roster: Roster | None) -> Whose:
    """The unit that the head names; nobody where it is silent or where only the file's name helps on."""
    if roster is None:
        name = head.unit or next(iter(head.others), "") or head.department
        return Whose(None, named(name).name or name, HEAD) if name else Whose()
    units = _listed(head, roster)
    sender = roster.match_in(_name(file))
    if units:
        return _by_listed(units, head, sender, roster)
    name = named(head.unit or next(iter(head.others), "")).name
    if not name:
        return _by_department(head, sender, roster)
    return _unlisted(name, head, sender, roster)


def _by_listed(units: Sequence[Unit], head: HeadNames, sender: Unit | None, roster: Roster) -> Whose:
    unit, *further = units
    claims = [
        Claim(f"{HEAD}的单位编码是", further_unit) for further_unit in further if not roster.related(unit, further_unit)
    ]
    if sender is not None and not roster.related(unit, sender):
        claims.append(Claim(f"{FILE}里是", sender))
    if claims:
        return Whose(*unit, HEAD, claims=(Claim(f"{head.place}的单位是", unit), *claims))
    if sender is None or roster.department_of(sender) != unit:
        return Whose(*unit, HEAD)
    words = f"{head.place}的单位是“{unit[1]}”，{FILE}里是它所属的“{sender[1]}”，按表头记在“{unit[1]}”名下"
    return Whose(*unit, HEAD, doubt=words)


def by_place(file: str, roster: Roster | None) -> Whose:
    """The unit whose name stands in the file's name, else in the folder nearest to it.

    Without a roster it is what looks like the name of a unit there, and nobody where two do.
    """
    if roster is None:
        return _by_likely_name(file)
    if (unit := roster.match_in(_name(file))) is not None:
        return Whose(*unit, FILE)
    if (placed := folder_of(file, roster)) is not None:
        return Whose(*placed[1], FOLDER)
    meant = {roster.match_short(name) for name in units_named(_name(file).rpartition(".")[0])} - {None}
    if len(meant) == 1 and (unit := meant.pop()) is not None:
        return Whose(*unit, FILE, f"表内没有写明单位，按{FILE}记在“{unit[1]}”名下")
    return Whose()


def folder_of(file: str, roster: Roster) -> tuple[str, Unit] | None:
    """The folder nearest to a file in whose name a unit stands, with all folders above it, and the unit."""
    folders = file.split("/")[:-1]
    for depth in range(len(folders), 0, -1):
        if (unit := roster.match_in(folders[depth - 1])) is not None:
            return "/".join(folders[:depth]), unit
    return None


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
    matches = [roster.match_written(head.unit), roster.match(head.code), roster.match(written.code)]
    units = [unit for unit in matches if unit is not None]
    if not units:
        units = [unit for unit in map(roster.match_written, head.others) if unit is not None][:1]
    return list(dict.fromkeys(units))


def _claimed(unit: Unit, sender: Unit) -> tuple[Claim, ...]:
    return (Claim(f"{HEAD}的单位是", unit), Claim(f"{FILE}里是", sender))


def _by_department(head: HeadNames, sender: Unit | None, roster: Roster) -> Whose:
    """Only the department is named: it, or the unit of it that the file's name says."""
    department = _department(head, roster)
    if department is None:
        return Whose(None, named(head.department).name, HEAD) if head.department and sender is None else Whose()
    if sender is None or sender == department:
        return Whose(*department, HEAD)
    if roster.department_of(sender) == department:
        return Whose(*sender, FILE)
    return Whose(*department, HEAD, claims=_claimed(department, sender))


def _unlisted(name: str, head: HeadNames, sender: Unit | None, roster: Roster) -> Whose:
    """A name that the roster does not have: a unit's without its county, or among others; a section of a listed
    department; a short form of the file's unit."""
    meant, words = _meant(name, head, roster)
    if meant is not None and meant != sender:
        if sender is not None and not roster.related(meant, sender):
            return Whose(*meant, HEAD, claims=_claimed(meant, sender))
        return Whose(*meant, HEAD, f"表头的“{name}”{words}，按表头记在“{meant[1]}”名下")
    department = _department(head, roster) or roster.match_beginning(name)
    if department is not None and is_section(name):
        if sender is not None and not roster.related(department, sender):
            return Whose(*department, HEAD, claims=_claimed(department, sender))
        return Whose(*department, HEAD, f"实施单位“{name}”不在名册中，按“{department[1]}”的内设机构记在该单位名下")
    if sender is not None and (meant is not None or shortens(name, sender[1]) or is_section(name)):
        return Whose(*sender, FILE, f"表头的“{name}”不在名册中，按文件名记在“{sender[1]}”名下")
    return Whose(None, name, HEAD)


def _meant(name: str, head: HeadNames, roster: Roster) -> tuple[Unit | None, str]:
    """The one listed unit that a name can mean, and why: its short name, or one of several that the name lists."""
    if (unit := roster.match_short(name)) is not None:
        return unit, "不是名册里的全称，只与名册里的一个单位相符"
    unit, department = roster.match_one_of(name), _department(head, roster)
    if unit is not None and (department is None or roster.related(unit, department)):
        return unit, "列了几个单位，名册里只有其中一个"
    return None, ""


def _department(head: HeadNames, roster: Roster) -> Unit | None:
    return roster.match_written(head.department) or roster.match_short(head.department)


def designated(text: str, claims: Sequence[Claim], roster: Roster | None) -> AnyUnit | None:
    """The unit that people wrote beside a table (采用), by its name or code; None where the words mean none."""
    for claim in claims:
        code, name = claim.unit
        if squeezed(text) == squeezed(name) or (code and code_key(text) == code_key(code)):
            return claim.unit
    return None if roster is None else roster.match_written(text)
