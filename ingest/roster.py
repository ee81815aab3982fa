"""名册: the units that owe returns, and how a name written on a return is matched to one of them."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
from rapidfuzz import fuzz, process

from ingest.read import read_workbook
from ingest.refusal import Refused
from ingest.unit_names import named
from templates.labels import squeezed
from templates.recipient import Project, Recipient

COLUMNS = {
    "单位编码": "unit_code",
    "单位名称": "unit",
    "主管部门": "department",
    "归口股室": "office",
    "乡镇/部门": "sort",
    "曾用名称或编码": "former",
    "变动": "change",
    "应报表": "required_forms",
    "项目编码": "project_code",
    "项目名称": "project_name",
    "联系人": "contact",
    "截止日期": "deadline",
}
"""Head of the roster's column → name in the frame; only the first two are required."""


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


class RosterError(Exception):
    """The roster cannot be used; the message is Chinese."""


@dataclass(frozen=True)
class Roster:
    """`frame`: one row per unit × project, columns of COLUMNS (all text, blank as null)."""

    frame: pd.DataFrame
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


def read_roster(path: Path) -> Roster:
    """The roster from .xlsx, .xls or .csv. Raises RosterError (Chinese) naming what is missing."""
    rows = _rows(path)
    head = next((i for i, row in enumerate(rows) if "单位名称" in [squeezed(str(cell)) for cell in row]), None)
    if head is None:
        raise RosterError(f"名册 {path.name} 里没有“单位名称”这一列，请核对表头")
    names = [COLUMNS.get(squeezed(str(cell)), "") for cell in rows[head]]
    if "unit_code" not in names:
        raise RosterError(f"名册 {path.name} 里没有“单位编码”这一列，请核对表头")
    records = [dict(zip(names, map(_text, row), strict=False)) for row in rows[head + 1 :]]
    frame = pd.DataFrame(records, columns=list(COLUMNS.values()), dtype="object")
    frame = frame.replace("", None)
    incomplete = frame["unit"].notna() & frame["unit_code"].isna()
    if incomplete.any():
        raise RosterError(f"名册 {path.name} 里“{frame.loc[incomplete, 'unit'].iloc[0]}”没有单位编码")
    frame = frame[frame["unit"].notna()].reset_index(drop=True)
    if frame.empty:
        raise RosterError(f"名册 {path.name} 里没有单位")
    return Roster(frame)


def _rows(path: Path) -> Sequence[Sequence[object]]:
    if path.suffix.lower() == ".csv":
        try:
            return list(pd.read_csv(path, header=None, dtype=str, encoding="utf-8-sig").fillna("").to_numpy().tolist())
        except UnicodeDecodeError:
            return list(pd.read_csv(path, header=None, dtype=str, encoding="gb18030").fillna("").to_numpy().tolist())
        except ValueError as error:
            raise RosterError(f"名册 {path.name} 无法读取：{error}") from error
    try:
        workbook = read_workbook(path.read_bytes(), path.name)
    except Refused as error:
        raise RosterError(f"名册 {path.name} 无法读取：{error.reason}") from error
    return workbook.sheets[0].rows if workbook.sheets else []


def _text(value: object) -> str:
    """A roster cell as text: codes that Excel made numbers of lose no digits and gain no decimals."""
    if value is None or value != value:  # NaN
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime.datetime | datetime.date):
        return value.isoformat()[:10]
    return str(value).strip()
