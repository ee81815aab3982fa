"""Which unit of the roster is meant by a name written on a return, in a file's name or on another table."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pandas as pd
from rapidfuzz import fuzz, process

from ingest.unit_names import named
from templates.labels import squeezed
from templates.recipient import Project, Recipient

SUSPENDING = ("合并", "更名", "新设")
"""What stands in 变动 where a unit's figures of two years are not to be compared."""


Unit = tuple[str, str]
"""(单位编码, 单位名称)."""
_WITHIN = re.compile(r"[(（]?(?:局|机关)?本级[)）]?$|(?<=[局委办])机关$")
"""What stands behind the name of a unit that reports for itself alone, without those below it."""
_SHORTEST, _SHORTEST_CODE = 3, 4
"""Signs of a name or code that is looked for in the name of a file."""
_LIKE = 60
"""Likeness (0 … 100) from which a name of the roster is worth suggesting."""


@dataclass(frozen=True)
class Roster:
    """`frame`: one row per unit × project, columns of COLUMNS (all text, blank as null); `remarks`: what should be
    looked at in its file, with the line."""

    frame: pd.DataFrame
    remarks: tuple[str, ...] = ()
    _by_name: dict[str, tuple[str, str] | None] = field(default_factory=dict)
    _projects: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    _departments: dict[Unit, Unit] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for row in self.frame.itertuples(index=False):
            unit = (str(row.unit_code), str(row.unit))
            former = _text(row.former).replace("、", "；").split("；")
            for name in filter(None, (row.unit, row.unit_code, *former)):
                known = self._by_name.setdefault(squeezed(str(name)), unit)
                if known != unit:  # two units of one name are told apart by their codes only
                    self._by_name[squeezed(str(name))] = None
            project, project_code = _text(row.project_name), _text(row.project_code)
            if project and project_code:
                self._projects.setdefault((unit[0], squeezed(project)), set()).add(project_code)

        for row in self.frame.itertuples(index=False):
            department = self.match(_text(row.department))
            if department is not None:
                self._departments[str(row.unit_code), str(row.unit)] = department

    def match(self, name: str | None) -> Unit | None:
        """(单位编码, 单位名称) of a unit's name, code or former name."""
        return None if not name else self._by_name.get(squeezed(name))

    def match_written(self, text: str | None) -> Unit | None:
        """The unit of a name with a stamp, a code or 本级 around it."""
        if not text:
            return None
        name = named(text).name
        return self.match(text) or self.match(name) or self.match(_WITHIN.sub("", name))

    def match_in(self, text: str) -> Unit | None:
        """The unit whose name stands in a file or folder name; none where several do, unless one is the other's
        department. A name within a longer one that stands there too does not count."""
        own = squeezed(text)
        inside = [name for name in self._by_name if _findable(name) and name in own]
        whole = [name for name in inside if not any(name != other and name in other for other in inside)]
        units = list(dict.fromkeys(unit for name in whole if (unit := self._by_name[name]) is not None))
        above = {self.department_of(unit) for unit in units}
        units = [unit for unit in units if unit not in above] if len(units) > 1 else units
        return units[0] if len(units) == 1 else None

    def match_beginning(self, name: str) -> Unit | None:
        """The unit with whose name a longer one begins: 某县交通运输局公路股."""
        own = squeezed(name)
        units = {unit for given, unit in self._by_name.items() if _findable(given) and own.startswith(given)}
        return next(iter(units)) if len(units) == 1 else None

    def nearest(self, name: str) -> Unit | None:
        """The unit whose name is most like one that the roster does not have; None where none is like it."""
        found = process.extractOne(
            squeezed(name), [one for one in self._by_name if not one.isdigit()], scorer=fuzz.WRatio, score_cutoff=_LIKE
        )
        return None if found is None else self._by_name[found[0]]

    def department_of(self, unit: Unit) -> Unit | None:
        """The unit of the roster that is a unit's 主管部门."""
        return self._departments.get(unit)

    def project_code(self, unit_code: str | None, name: str | None) -> str | None:
        """项目编码 of a unit's project by its name, where the roster has just one."""
        codes = self._projects.get((str(unit_code), squeezed(name or "")), set())
        return next(iter(codes)) if len(codes) == 1 else None

    @property
    def suspended(self) -> frozenset[str]:
        """Codes of the units that were merged, renamed or newly set up (变动)."""
        changed = self.frame["change"].astype(object).fillna("").astype(str)
        told = changed.map(lambda text: any(word in text for word in SUSPENDING)).astype(bool)
        return frozenset(self.frame.loc[told, "unit_code"].astype(str))

    def recipients(self) -> list[Recipient]:
        """The units in their order, each with its department and projects, for issuing workbooks."""
        found = []
        for (code, unit), rows in self.frame.groupby(["unit_code", "unit"], sort=False):
            named = rows[rows["project_name"].notna()]
            projects = tuple(
                Project(_text(row.project_code), _text(row.project_name)) for row in named.itertuples(index=False)
            )
            department = rows["department"].dropna()
            found.append(Recipient(str(code), str(unit), _text(next(iter(department), None)), projects))
        return found


def _findable(name: str) -> bool:
    return len(name) >= (_SHORTEST_CODE if name.isascii() else _SHORTEST)


def _text(value: object) -> str:
    """A cell of the frame: empty where it is blank."""
    return "" if value is None or value != value else str(value)
