"""进度: every unit and the state of each of its tables, what is to be done next, who is late."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from gouji.desk.looking import Desk, Look
from gouji.desk.rendering import page, title_of
from gouji.export.attendance import Unit, attendance, forms_shown, overdue
from gouji.export.parties import title
from gouji.export.results import Results, once
from gouji.export.states import STATE_SHADES, STATES, by_unit, owed_words, shade, words
from gouji.round.standing_words import next_steps, standing_lines


@dataclass(frozen=True)
class Cell:
    """The tables of one form of a unit: `退回修改 1，通过 2`, and the shade of the worst."""

    form: str
    text: str
    shade: str


@dataclass(frozen=True)
class Row:
    """A unit: `key` tells it apart in addresses, `states` are those of its tables, `late` the days past its deadline,
    `owed` what has not come."""

    key: str
    name: str
    code: str | None
    department: str
    office: str
    cells: Sequence[Cell]
    states: frozenset[str]
    deadline: str | None
    late: int | None
    owed: str
    remark: str


_CHOICES = ("department", "office", "state")


@dataclass(frozen=True)
class Asked:
    """What the page is narrowed to, as it stands in the address; empty where it is not."""

    text: str = ""
    department: str = ""
    office: str = ""
    state: str = ""
    late: bool = False

    @classmethod
    def of(cls, query: QueryParams) -> Asked:
        """What an address says."""
        text, department, office, state = (query.get(name, "").strip() for name in ("text", *_CHOICES))
        return cls(text, department, office, state, query.get("late") == "1")

    def query(self) -> str:
        """As it stands behind the ? of an address."""
        told = {"late": "1"} if self.late else {}
        return urlencode({name: one for name in ("text", *_CHOICES) if (one := getattr(self, name))} | told)

    def takes(self, row: Row) -> bool:
        """Whether the row is among those asked for."""
        return (
            (not self.text or self.text.casefold() in f"{row.name}{row.code or ''}".casefold())
            and self.department in ("", row.department)
            and self.office in ("", row.office)
            and (not self.state or self.state in row.states)
            and (not self.late or bool(row.late))
        )


def progress(request: Request) -> Response:
    """The first page; with htmx its table alone."""
    desk: Desk = request.app.state.desk
    look = desk.look(inbox=True)
    results = look.standing.results
    rows = _units_listed(look) if results is None else unit_rows(look, results)
    asked = Asked.of(request.query_params)
    shown = [row for row in rows if asked.takes(row)]
    heads = [] if results is None else _heads(results)
    return page(
        request, "progress.html", title="进度", round=title_of(look.round), asked=asked, rows=shown, all=len(rows),
        heads=heads, states=_states(look.standing.states), lines=list(standing_lines(look.standing)),
        steps=list(next_steps(look.standing)), checked=results is not None,
        departments=sorted({row.department for row in rows} - {""}),
        offices=sorted({row.office for row in rows} - {""}),
    )  # fmt: skip


def owing(request: Request) -> Response:
    """What the units asked for still owe, as text to be copied, an office after the other."""
    desk: Desk = request.app.state.desk
    look, asked = desk.look(), Asked.of(request.query_params)
    rows = [row for row in unit_rows(look, look.results) if row.owed and asked.takes(row)]
    offices: dict[str, list[Row]] = {}
    for row in rows:
        offices.setdefault(row.office, []).append(row)
    return page(
        request, "owing.html", title="进度", round=title_of(look.round), asked=asked, count=len(rows),
        text="\n\n".join(_reminders(office, offices[office]) for office in sorted(offices)),
    )  # fmt: skip


def _reminders(office: str, rows: Sequence[Row]) -> str:
    """`行政股：` and a line per unit."""
    lines = [f"{row.name}：没有收到{row.owed}。{_until(row)}" for row in rows]
    return "\n".join([f"{office}：", *lines] if office else lines)


def _until(row: Row) -> str:
    if row.deadline is None:
        return ""
    return f"截止日期 {row.deadline}，已逾期 {row.late} 天，请尽快报送。" if row.late else f"截止日期 {row.deadline}。"


def unit_rows(look: Look, results: Results) -> list[Row]:
    """Every unit of the roster in its order, then the others that sent something."""
    today = look.standing.today
    pairs = zip(_rows(results), attendance(results), strict=True)
    return [replace(row, late=overdue(unit, today)) for row, unit in pairs]


@once
def _rows(results: Results) -> list[Row]:
    """As `unit_rows`, but for the days past the deadline, which go by the day."""
    units = attendance(results)
    forms = forms_shown(results, units)
    return [_row(results, place, unit, forms) for place, unit in enumerate(units)]


def key_of(unit: Unit) -> str:
    """What tells a unit apart in addresses."""
    return unit.code or unit.name or ""


def _row(results: Results, place: int, unit: Unit, forms: Sequence[str]) -> Row:
    cells = [Cell(form, words(results, place, form), shade(results, place, form)) for form in forms]
    states = frozenset(state for form in forms for state in by_unit(results).get((place, form), {}))
    remark = "" if unit.listed else "名册外"
    return Row(
        key_of(unit), title(unit), unit.code, unit.department or "", unit.office or "", cells, states, unit.deadline,
        None, "，".join(owed_words(results, place)), remark,
    )  # fmt: skip


def _units_listed(look: Look) -> list[Row]:
    """Those of the roster, before anything was checked."""
    roster, unissued = look.standing.roster, set(look.standing.unissued)
    if roster is None:
        return []
    return [
        Row(
            one.unit_code, one.unit, one.unit_code, one.department or "", "", [], frozenset(), None, None, "",
            "还没有下发" if one.unit in unissued else "已下发",
        )
        for one in roster.recipients()
    ]  # fmt: skip


def _heads(results: Results) -> list[str]:
    return [results.catalogue.short_name(form) for form in forms_shown(results, attendance(results))]


def _states(counts: Mapping[str, int]) -> list[tuple[str, str, int]]:
    """(state, shade, tables) of those there are."""
    return [(state, STATE_SHADES[state], counts[state]) for state in STATES if counts.get(state)]


ROUTES: list[tuple[str, Any, list[str]]] = [("/", progress, ["GET"]), ("/owing", owing, ["GET"])]
