"""The units of a round as a list: identity and states of all, the tables of those that are shown."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from gouji.desk.address import Address
from gouji.desk.looking import Look
from gouji.export.attendance import Unit, attendance, forms_shown, overdue
from gouji.export.parties import title
from gouji.export.results import Results, once
from gouji.export.states import by_unit, owed_words, shade, words


@dataclass(frozen=True)
class Row:
    """A unit: `place` among those of the results, `key` for addresses, `states` of its tables; `owing`: whether any
    table has not come."""

    place: int
    key: str
    name: str
    code: str | None
    department: str
    office: str
    states: frozenset[str]
    deadline: str | None
    owing: bool
    remark: str


class Cell(NamedTuple):
    """The tables of one form of a unit: `退回修改 1，通过 2`, and the shade of the worst."""

    text: str
    shade: str


class Line(NamedTuple):
    """A unit as it is shown: `late` the days past its deadline, `owed` what has not come."""

    unit: Row
    cells: Sequence[Cell]
    late: int | None
    owed: str


@dataclass(frozen=True, kw_only=True)
class Asked(Address):
    """The filter of the list."""

    text: str = ""
    department: str = ""
    office: str = ""
    state: str = ""
    late: bool = False

    def among(self, look: Look, rows: Iterable[Row]) -> list[Row]:
        """The rows that pass the filter."""
        text = self.text.casefold()
        return [
            row
            for row in rows
            if text in f"{row.name}{row.code or ''}".casefold()
            and self.department in ("", row.department)
            and self.office in ("", row.office)
            and (not self.state or self.state in row.states)
            and (not self.late or late_of(look, row))
        ]


def unit_rows(look: Look) -> Sequence[Row]:
    """Every unit of the roster in its order, then the others that sent something; before anything was checked, those of
    the roster."""
    results = look.standing.results
    return list(_listed(look)) if results is None else _rows(results)


def lines(look: Look, rows: Iterable[Row]) -> Iterator[Line]:
    """These units as they are shown."""
    results = look.standing.results
    forms = [] if results is None else forms_shown(results, attendance(results))
    for row in rows:
        if results is None:
            yield Line(row, [], None, "")
            continue
        cells = [Cell(words(results, row.place, form), shade(results, row.place, form)) for form in forms]
        yield Line(row, cells, late_of(look, row), "，".join(owed_words(results, row.place)))


def late_of(look: Look, row: Row) -> int | None:
    """Days past its deadline, which go by the day."""
    results = look.standing.results
    return None if results is None else overdue(attendance(results)[row.place], look.standing.today)


def of_keys(rows: Iterable[Row], keys: Collection[str]) -> list[Row]:
    """The rows with these keys."""
    ticked = set(keys)
    return [row for row in rows if row.key in ticked]


@once
def _rows(results: Results) -> list[Row]:
    states: dict[int, set[str]] = {}
    for (place, _), counts in by_unit(results).items():
        states.setdefault(place, set()).update(counts)
    return [_row(place, unit, frozenset(states.get(place, ()))) for place, unit in enumerate(attendance(results))]


def _row(place: int, unit: Unit, states: frozenset[str]) -> Row:
    return Row(
        place, unit.code or unit.name or "", title(unit), unit.code, unit.department or "", unit.office or "", states,
        unit.deadline, not unit.complete, "" if unit.listed else "名册外",
    )  # fmt: skip


def _listed(look: Look) -> Iterator[Row]:
    roster, unissued = look.standing.roster, set(look.standing.unissued)
    for place, recipient in enumerate([] if roster is None else roster.recipients()):
        remark = "还没有下发" if recipient.unit in unissued else "已下发"
        department = recipient.department or ""
        yield Row(
            place,
            recipient.unit_code,
            recipient.unit,
            recipient.unit_code,
            department,
            "",
            frozenset(),
            None,
            False,
            remark,
        )
