"""Which unit of the roster is meant by a name written on a return, in a file's name or on another table."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd
from rapidfuzz import fuzz, process

from gouji.ingest.register.unit_names import named
from gouji.ingest.roster.doubles import code_key
from gouji.ingest.roster.short_names import ShortNames
from gouji.templates.labels import squeezed
from gouji.templates.recipient import Project, Recipient

SUSPENDING = ("合并", "更名", "新设")
"""What stands in 变动 where a unit's figures of two years are not to be compared."""


Unit = tuple[str, str]
"""(单位编码, 单位名称)."""
_FORMER = re.compile("[；;、,，\n]")
_WITHIN = re.compile(r"[(（]?(?:局|机关)?(?:本级|汇总)[)）]?$|(?<=[局委办])机关$|[(（]含[^()（）]{1,20}[)）]$")
"""What stands behind the name of a unit that reports for itself alone, without those below it, or for all of them."""
_LISTED = re.compile("[、，,；;/]|以及|及")
_SHORTEST, _SHORTEST_CODE = 3, 4
"""Signs of a name or code that is looked for in the name of a file."""
_CODE = re.compile(r"[0-9A-Za-z]+")
_YEAR = re.compile(r"(?:19|20)\d\d(?=年)")
_SENT_TO = re.compile(r"(?:报|送|呈|致|寄)(?:至|给|到|往|交)?$")
_MADE_BY = re.compile(r"(?:下发|印发|制发|监制|印制|转发)")
"""Around the name of the unit that gets a file, or that made its form: it is not whose return the file is."""
_LIKE = 60
"""Likeness (0 … 100) from which a name of the roster is worth suggesting."""


@dataclass(frozen=True)
class Roster:
    """`frame`: one row per unit × project, columns of COLUMNS (all text, blank as null); `remarks`: what should be
    looked at in its file, with the line; `no_projects`: codes of the units of which it says that they have none."""

    frame: pd.DataFrame
    remarks: tuple[str, ...] = ()
    no_projects: frozenset[str] = frozenset()
    _by_name: dict[str, Unit | None] = field(default_factory=dict)
    _by_code: dict[str, Unit] = field(default_factory=dict)
    _lengths: set[int] = field(default_factory=set)
    _projects: dict[tuple[str, str], str | None] = field(default_factory=dict)
    _departments: dict[Unit, Unit] = field(default_factory=dict)

    def __post_init__(self) -> None:
        rows = list(self.frame.itertuples(index=False))
        for row in rows:
            unit = (str(row.unit_code), str(row.unit))
            self._by_code.setdefault(code_key(unit[0]), unit)
            _add(self._by_name, squeezed(unit[1]), unit)
            if not _CODE.fullmatch(squeezed(unit[0])):  # 430-01 is looked for as a name is
                _add(self._by_name, squeezed(unit[0]), unit)
            project, project_code = _text(row.project_name), _text(row.project_code)
            if project and project_code:
                key = unit[0], squeezed(project)
                self._projects[key] = project_code if self._projects.get(key, project_code) == project_code else None
        former: dict[str, Unit | None] = {}
        for row in rows:
            for name in filter(None, map(squeezed, _FORMER.split(_text(row.former)))):
                _add(former, name, (str(row.unit_code), str(row.unit)))
        for name, whose in former.items():  # what a unit is called now comes before what another was called once
            self._by_name.setdefault(name, whose)
            if whose is not None and name.isascii():
                self._by_code.setdefault(code_key(name), whose)
        self._lengths.update(len(name) for name in self._by_name if _findable(name))
        for row in rows:
            department = self.match(_text(row.department))
            if department is not None:
                self._departments[str(row.unit_code), str(row.unit)] = department

    def match(self, name: str | None) -> Unit | None:
        """(单位编码, 单位名称) of a unit's name, code or former name. A code may have lost the zeros in front."""
        if not name:
            return None
        return self._by_name.get(squeezed(name)) or self._by_code.get(code_key(name))

    def unit_of(self, code: str | None, name: str | None) -> Unit | None:
        """The unit of a code and a name from one source: where they belong to two units, codes have been reassigned
        since, and the name counts."""
        return (self._by_name.get(squeezed(name)) if name else None) or self.match(code) or self.match(name)

    def match_written(self, text: str | None) -> Unit | None:
        """The unit of a name with a stamp, a code or 本级 around it."""
        if not text:
            return None
        name = named(text).name
        return self.match(text) or self.match(name) or self.match(_WITHIN.sub("", name))

    def match_short(self, text: str | None) -> Unit | None:
        """The one unit of a name that leaves out the county's own, or has the usual short word for an office."""
        name = _WITHIN.sub("", squeezed(named(text).name)) if text else ""
        return self._short_names.unit(name) if name else None

    def match_one_of(self, text: str) -> Unit | None:
        """The one unit of the roster among several that a text lists: 某县农业农村局、各乡镇人民政府."""
        parts = [part for part in _LISTED.split(text) if part.strip()]
        units = {unit for part in parts if (unit := self.match_written(part) or self.match_short(part)) is not None}
        return units.pop() if len(parts) > 1 and len(units) == 1 else None

    @cached_property
    def _short_names(self) -> ShortNames:
        return ShortNames((name, unit) for name, unit in self._by_name.items() if unit is not None and _findable(name))

    def match_in(self, text: str) -> Unit | None:
        """The unit whose name stands in a file or folder name; none where several do, unless one is the other's
        department. A name within a longer one that stands there too does not count."""
        squeezed_text = squeezed(text)
        inside = self._names_in(squeezed_text)
        longest = [name for name in inside if not any(name != longer and name in longer for longer in inside)]
        codes = [code for code in _CODE.findall(_YEAR.sub(" ", squeezed_text)) if len(code) >= _SHORTEST_CODE]
        units_named = (*map(self._by_name.get, longest), *(self._by_code.get(code_key(code)) for code in codes))
        units = list(dict.fromkeys(unit for unit in units_named if unit is not None))
        above = {self.department_of(unit) for unit in units}
        units = [unit for unit in units if unit not in above] if len(units) > 1 else units
        return units[0] if len(units) == 1 else None

    def _names_in(self, text: str) -> list[str]:
        """The names that stand in a text, unless as that of whom it was sent to, or who made its form."""
        names: dict[str, None] = {}
        for length in self._lengths:
            for at in range(len(text) - length + 1):
                name = text[at : at + length]
                if name in self._by_name and not _SENT_TO.search(text[:at]) and not _MADE_BY.match(text, at + length):
                    names[name] = None
        return list(names)

    def match_beginning(self, name: str) -> Unit | None:
        """The unit with whose name a longer one begins: 某县交通运输局公路股."""
        squeezed_name = squeezed(name)
        units = {
            unit for listed, unit in self._by_name.items() if _findable(listed) and squeezed_name.startswith(listed)
        }
        return next(iter(units)) if len(units) == 1 else None

    def nearest(self, name: str) -> Unit | None:
        """The unit whose name is most like one that the roster does not have; None where none is like it."""
        match = process.extractOne(
            squeezed(name),
            [listed for listed in self._by_name if not listed.isascii()],
            scorer=fuzz.WRatio,
            score_cutoff=_LIKE,
        )
        return None if match is None else self._by_name[match[0]]

    def department_of(self, unit: Unit) -> Unit | None:
        """The unit of the roster that is a unit's 主管部门."""
        return self._departments.get(unit)

    def related(self, unit: Unit, other: Unit) -> bool:
        """Whether they are one unit, or a department and a unit of it: departments send for their units, under their
        own name."""
        return unit == other or self.department_of(unit) == other or self.department_of(other) == unit

    def project_code(self, unit_code: str | None, name: str | None) -> str | None:
        """项目编码 of a unit's project by its name, where the roster has just one."""
        return self._projects.get((str(unit_code), squeezed(name or "")))

    def has_project(self, unit_code: str | None, project: str | None) -> bool:
        """Whether a unit has a project of that 项目编码 or 项目名称."""
        return (str(unit_code), squeezed(project or "")) in self._project_names

    @cached_property
    def _project_names(self) -> frozenset[tuple[str, str]]:
        columns = self.frame[["unit_code", "project_code", "project_name"]].astype(object)
        rows = columns.where(columns.notna(), "").itertuples(index=False)
        return frozenset((str(code), squeezed(str(name))) for code, *project in rows for name in project if name)

    @property
    def suspended(self) -> frozenset[str]:
        """Codes of the units that were merged, renamed or newly set up (变动)."""
        changed = self.frame["change"].astype(object).fillna("").astype(str)
        matching = changed.map(lambda text: any(word in text for word in SUSPENDING)).astype(bool)
        return frozenset(self.frame.loc[matching, "unit_code"].astype(str))

    def recipients(self) -> list[Recipient]:
        """The units in their order, each with its department and projects, for issuing workbooks."""
        departments: dict[tuple[str, str], str] = {}
        projects: dict[tuple[str, str], list[Project]] = {}
        columns = ["unit_code", "unit", "department", "project_code", "project_name"]
        for row in self.frame[columns].itertuples(index=False):
            code, unit, department, project_code, project_name = map(_text, row)
            if not (code and unit):
                continue
            projects_of_unit = projects.setdefault((code, unit), [])
            if project_name:
                projects_of_unit.append(Project(project_code, project_name))
            departments[code, unit] = departments.get((code, unit)) or department
        return [
            Recipient(*unit, departments[unit], tuple(projects_of_unit)) for unit, projects_of_unit in projects.items()
        ]


def _add(units_by_name: dict[str, Unit | None], name: str, unit: Unit) -> None:
    """A name that two units share stands for neither: only their codes distinguish them."""
    if units_by_name.setdefault(name, unit) != unit:
        units_by_name[name] = None


def _findable(name: str) -> bool:
    return len(name) >= (_SHORTEST_CODE if name.isascii() else _SHORTEST)


def _text(value: object) -> str:
    """A cell of the frame: empty where it is blank."""
    return "" if value is None or value != value else str(value)
