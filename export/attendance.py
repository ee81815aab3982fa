"""Who has sent what: units × forms, from the roster and the returns."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from gouji.export.catalogue import form_names
from gouji.export.records import records
from gouji.export.results import Results, once
from gouji.export.settled import ruled
from gouji.export.words import HELD_BACK, RECEIVED, REPEATED, UNOPENED
from gouji.export.wrong_year import wrong_year
from gouji.ingest.figures.days import day_of
from gouji.ingest.register.receipts import Receipt, Receipts, first_receipt
from gouji.ingest.roster import per_project
from gouji.templates.catalogue import Catalogue

MISSING_RULE = "R-03"
NO_PROJECTS_RULE = "R-20"
"""The unit says that it has none: what is filled per project is not owed."""
OTHER_YEAR = "年度不对"
_NO_RECEIPT = (OTHER_YEAR, "空表")
_WHOSE = ["unit_code", "unit", "form"]
_RETURN = [*_WHOSE, "instance", "status", "adopted", "sha256"]
"""All that is read of a return: there are many, and every column takes its time."""


@dataclass(slots=True)
class Unit:
    """A unit of the roster, or one that sent a return without standing on it.

    `asked`: form → how many tables are due (one per project for a form that is filled per project).
    `sent`: form → status → tables; adopted 重复报送 count as 已收. `unopened`: what came and nobody has opened.
    `excused`: forms of which the bureau has decided that they need not come (缺报 closed). `came`: (form, project) →
    the first of its files, where a register of them is kept.
    """

    code: str | None
    name: str | None
    department: str | None = None
    office: str | None = None
    deadline: str | None = None
    listed: bool = False
    asked: dict[str, int] = field(default_factory=dict)
    sent: dict[str, Counter[str]] = field(default_factory=dict)
    unopened: tuple[str, ...] = ()
    excused: frozenset[str] = frozenset()
    came: dict[tuple[str, str | None], Receipt] = field(default_factory=dict)

    def received(self, form: str) -> int:
        """Tables of the form that count."""
        return self.sent.get(form, Counter())[RECEIVED]

    def lacking(self, form: str) -> int:
        """Tables of the form that are due and have not come; undecided 重复报送 stand for one that has, and so does
        every table that is held back."""
        if form in self.excused:
            return 0
        sent = self.sent.get(form, Counter())
        undecided = min(1, sent[REPEATED]) + sum(sent[status] for status in HELD_BACK)
        return max(0, self.asked.get(form, 0) - self.received(form) - undecided)

    @property
    def complete(self) -> bool:
        """Whether everything due has come."""
        return not any(self.lacking(form) for form in self.asked)

    @property
    def late(self) -> list[Receipt]:
        """The files that were first seen after the deadline."""
        day = day_of(self.deadline)
        receipts = [receipt for (form, _), receipt in self.came.items() if form in self.asked]
        return [receipt for receipt in receipts if day is not None and receipt.first_day > day]

    @property
    def doubtful(self) -> bool:
        """Whether all files that were seen too late say of themselves that they are older than the deadline."""
        day, late = day_of(self.deadline), self.late
        return bool(late) and all(
            receipt.modified_day is not None and day and receipt.modified_day <= day for receipt in late
        )


@once
def attendance(results: Results) -> list[Unit]:
    """Every unit of the roster in its order, then the others that sent something, as they came."""
    units: dict[str, Unit] = {}
    if results.roster is not None:
        _add_roster(units, results.roster, results.terms.deadline, results.catalogue)
    names: dict[str | None, Unit] = {unit.name: unit for unit in units.values() if unit.name}
    returns = results.returns[_RETURN]
    for row in records(returns.assign(status=returns["status"].mask(wrong_year(results), OTHER_YEAR))):
        if row["form"] is None and row["unit"] is None and row["unit_code"] is None:
            continue
        _sent(_unit_of(row, units, names), row, results.receipts)
    closed = results.returns["status"].isin(UNOPENED) | results.returns["file"].str.endswith("/")
    for row in records(results.returns.loc[closed & results.returns["unit"].notna(), ["unit_code", "unit", "file"]]):
        _unit_of(row, units, names).unopened += (row["file"],)
    for row in records(ruled(results, MISSING_RULE)[[*_WHOSE, "settled"]]):
        # The batch check knows best what is due: it also sees projects matched by amount.
        if row["form"] is not None:
            unit = _unit_of(row, units, names)
            unit.asked[row["form"]] = max(unit.asked.get(row["form"], 0), unit.received(row["form"]) + 1)
            if row["settled"]:
                unit.excused |= {row["form"]}
    of_projects = per_project(results.catalogue)
    for row in records(ruled(results, NO_PROJECTS_RULE)[_WHOSE]):
        unit = _unit_of(row, units, names)
        unit.asked = {form: count for form, count in unit.asked.items() if form not in of_projects}
    _share_alike(units.values())
    return list(units.values())


def _share_alike(units: Iterable[Unit]) -> None:
    """Most units were asked for the same and have sent the same: of a batch that is one object, not thousands."""
    asked: dict[tuple[Any, ...], dict[str, int]] = {}
    sent: dict[tuple[Any, ...], dict[str, Counter[str]]] = {}
    for unit in units:
        unit.asked = asked.setdefault(tuple(unit.asked.items()), unit.asked)
        forms = tuple((form, *counts.items()) for form, counts in unit.sent.items())
        unit.sent = sent.setdefault(forms, unit.sent)


def forms_shown(results: Results, units: list[Unit]) -> list[str]:
    """The forms that were asked for or came, in the catalogue's order."""
    used = {form for unit in units for form in (*unit.asked, *unit.sent)}
    known = list(dict.fromkeys(form for form, _ in results.catalogue.editions))
    return [form for form in known if form in used] + sorted(used - set(known))


def today(results: Results) -> datetime.date | None:
    """The day of the run; None where the run does not say."""
    try:
        return datetime.date.fromisoformat(str(results.run.get("started"))[:10])
    except ValueError:
        return None


def overdue(unit: Unit, now: datetime.date | None) -> int | None:
    """Days from a unit's deadline to the day on which the last of its tables was first seen, or until `now` while it
    owes something; None where that cannot be told or is not so."""
    day = day_of(unit.deadline)
    until = max((receipt.first_day for receipt in unit.late), default=None) if unit.complete else now
    late = (until - day).days if until is not None and day is not None else 0
    return late if late > 0 else None


def _add_roster(
    units: dict[str, Unit], roster: pd.DataFrame, deadline: datetime.date | None, catalogue: Catalogue
) -> None:
    projects: dict[str, set[str]] = {}
    rows = records(roster)
    for row in rows:
        key = row["unit_code"] or row["unit"]
        unit = units.setdefault(key, Unit(row["unit_code"], row["unit"], listed=True))
        unit.department = unit.department or row.get("department")
        unit.office = unit.office or row.get("office")
        unit.deadline = unit.deadline or _day(row.get("deadline"))
        project = row.get("project_code") or row.get("project_name")
        if project:
            projects.setdefault(key, set()).add(str(project))
    for unit in units.values():
        unit.deadline = unit.deadline or _day(deadline)
    per_project = {form.name for form in catalogue.forms if form.definition.per == "project"}
    for row in rows:
        key = row["unit_code"] or row["unit"]
        for form in form_names(row.get("required_forms"), catalogue):
            due = max(1, len(projects.get(key, ()))) if form in per_project else 1
            units[key].asked[form] = due


def _day(value: Any) -> str | None:
    if value is None:
        return None
    return value.strftime("%Y-%m-%d") if hasattr(value, "strftime") else str(value)


def _unit_of(row: dict[str, Any], units: dict[str, Unit], names: dict[str | None, Unit]) -> Unit:
    code, name = row["unit_code"], row["unit"]
    if code in units:
        return units[code]
    if name in names:
        return names[name]
    unit = Unit(code, name)
    units[code or name or ""] = unit
    if name:
        names[name] = unit
    return unit


def _sent(unit: Unit, row: dict[str, Any], receipts: Receipts) -> None:
    if row["form"] is None:
        return
    status = RECEIVED if row["status"] == REPEATED and row["adopted"] else row["status"]
    unit.sent.setdefault(row["form"], Counter())[status] += 1
    receipt = first_receipt(receipts, row["sha256"])
    if receipt is not None and status not in _NO_RECEIPT:
        table = row["form"], row["instance"]
        unit.came[table] = min(unit.came.get(table, receipt), receipt, key=lambda candidate: candidate.first_day)
