"""What the report of a unit says of single projects, against the rows and tables of these projects.

An amount must be what was planned or what was spent, where the sentence says that it was spent the latter. A project of
which less than all is done should not have used up all its money.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

import numpy as np

from gouji.ingest.narrative.phrases import phrases
from gouji.ingest.narrative.statement import COUNT, PLANNED, RATE
from gouji.templates.labels import squeezed
from gouji.templates.rules import quantity as q
from gouji.templates.rules.evaluate import evaluate
from gouji.templates.rules.naming import quoted
from gouji.validate.figures import ReturnFigures, Tables, column_quantity
from gouji.validate.findings import Finding
from gouji.validate.inputs import inputs_of
from gouji.validate.lookup import picked
from gouji.validate.narrative.comparing import beyond
from gouji.validate.narrative.named_indicators import name_of, of_something_else
from gouji.validate.narrative.names import LEAST_NAME, bare, by_name
from gouji.validate.narrative.stated import Stated
from gouji.validate.narrative.tables import AGAINST_TABLE
from gouji.validate.narrative.told import contradiction, on_sheet, where
from gouji.validate.wide import Wide

UNFINISHED = "L-08"
_SPENT = "支出"
_FUNDS = "项目资金"
"""As the `narrative` blocks of projects' forms call their money."""
_EARLIER_YEAR = "上年"
_MOST_NAMES = 2000
"""Of one unit; of more nothing is asked."""


@dataclass(frozen=True, slots=True)
class _Figure:
    quantity: q.Quantity
    cell: str | None


@dataclass(frozen=True, slots=True)
class _Project:
    """A row of a list, or a table of one project. `figures`: `预算`, `支出` → what stands there."""

    wide: Wide
    row: int
    name: str
    figures: dict[str, list[_Figure]]


@dataclass
class _Projects:
    """The rows of a unit's lists, and its tables of projects, each with how it may be called."""

    rows: list[_Project] = field(default_factory=list)
    tables: list[_Project] = field(default_factory=list)

    @cached_property
    def _places_of_rows(self) -> dict[str, int]:
        return _places(self.rows)

    @cached_property
    def _places_of_tables(self) -> dict[str, int]:
        return _places(self.tables)

    def named(self, name: str) -> Iterator[_Project]:
        """What a name means: a row, and a table."""
        for projects, places in ((self.rows, self._places_of_rows), (self.tables, self._places_of_tables)):
            place = places.get(name, next((places[known] for known in places if _ends(name, known)), None))
            if place is not None:
                yield projects[place]


def _places(projects: Sequence[_Project]) -> dict[str, int]:
    return by_name([project.name for project in projects]) if len(projects) <= _MOST_NAMES else {}


def _ends(name: str, known: str) -> bool:
    """Whether a name is a known one behind words that only lead to it (一是, 我局, 目前)."""
    return name.endswith(known) and phrases().lead_ins.fullmatch(name[: -len(known)]) is not None


def named_projects(stated: Stated, tables: Tables) -> Iterator[Finding]:
    """The amounts and rates of units' reports that the rows and tables of the named projects contradict."""
    frame = stated.frame
    money = frame["aspect"].eq("").to_numpy() & frame["unit"].isin(["元", "万元", "亿元"]).to_numpy()
    done = frame["aspect"].isin(["", RATE]).to_numpy() & frame["unit"].eq("%").to_numpy()
    asked = frame["item"].eq(COUNT).to_numpy() & (money | done) & stated.own & stated.quantity.known
    asked &= frame["exactness"].eq("").to_numpy()
    projects: dict[str, _Projects] = {}
    for row in np.flatnonzero(asked).tolist():
        name, aspect = _called(stated.rows[row].label, done=bool(done[row]))
        if stated.passage(row).project or len(name) < LEAST_NAME or of_something_else(stated, row):
            continue
        if not projects:
            projects = _projects_of(tables)
        meant = list((projects.get(str(stated.key[row])) or _Projects()).named(name))
        yield from _unfinished(stated, row, meant) if done[row] else _amount(stated, row, aspect, meant)


def _called(label: str, *, done: bool) -> tuple[str, str]:
    """What a label calls its figure, and which figure of it that is."""
    words = phrases()
    name = name_of(label.rpartition("：")[2].rpartition("、")[2])
    if done:
        found = words.finished.search(name)
        return (bare(name[: found.start()]), RATE) if found else ("", "")
    found = words.of_money.search(name)
    aspect = "" if found is None else words.aspect_of(found.group())
    return bare(name[: found.start()] if found else name), aspect


# ---- the rows and tables ------------------------------------------------------------------------------


def _projects_of(tables: Tables) -> dict[str, _Projects]:
    """Unit (`Wide.unit_key`) → its rows and tables of projects that count."""
    by_unit: dict[str, _Projects] = {}
    for wide in tables.wides:
        counts = wide.returns["adopted"].to_numpy(dtype=bool)
        listed = wide.form.definition.per == "unit"
        for project in _rows(wide) if listed else _tables(wide, tables):
            if counts[project.row] and len(project.name) >= LEAST_NAME:
                mine = by_unit.setdefault(str(wide.unit_key[project.row]), _Projects())
                (mine.rows if listed else mine.tables).append(project)
    return by_unit


def _rows(wide: Wide) -> Iterator[_Project]:
    for list_id, spec in wide.form.lists.items():
        aspects = {
            column: phrases().aspect_of(column) for column, item in spec.columns.items() if item.kind == "amount"
        }
        columns = {
            column: aspect for column, aspect in aspects.items() if aspect and not column.startswith(_EARLIER_YEAR)
        }
        if spec.personal or not columns:
            continue
        lines = wide.lists[list_id]
        names = lines.columns.raw_of(spec.name_column).tolist()
        amounts = {column: column_quantity(lines.columns, column, spec.columns[column]) for column in columns}
        for line, owner in enumerate(lines.owner.tolist()):
            figures: dict[str, list[_Figure]] = {}
            for column, aspect in columns.items():
                cell = lines.columns.cell[line, lines.columns.place[column]]
                figures.setdefault(aspect, []).append(_Figure(_only(amounts[column], line), cell))
            yield _Project(wide, owner, bare(str(names[line] or "")), figures)


def _tables(wide: Wide, tables: Tables) -> Iterator[_Project]:
    spoken = {aspect: wide.form.narrative.get(f"{_FUNDS}.{aspect}") for aspect in (PLANNED, _SPENT)}
    if wide.form.definition.per != "project" or not all(spoken.values()):
        return
    every = np.arange(wide.size)
    figures: list[dict[str, list[_Figure]]] = [{} for _ in range(wide.size)]
    for aspect, kinds in spoken.items():
        for node in kinds.nodes if kinds is not None else ():
            quantity = evaluate(node, ReturnFigures(wide, tables))
            inputs = inputs_of(wide, tables, node, every, None)
            for row in range(wide.size):
                cell = "；".join(cell for operand in inputs if (cell := operand.at_row(row).cells))
                figures[row].setdefault(aspect, []).append(_Figure(_only(quantity, row), cell))
    for row, name in enumerate(wide.returns["instance"]):
        yield _Project(wide, row, bare(squeezed(name)) if isinstance(name, str) else "", figures[row])


def _only(quantity: q.Quantity, row: int) -> q.Quantity:
    return picked(quantity, np.array([row], np.intp))


# ---- what is asked ------------------------------------------------------------------------------------


def _amount(stated: Stated, row: int, aspect: str, meant: Sequence[_Project]) -> Iterator[Finding]:
    sentence = stated.rows[row]
    text = stated.passage(row).text[sentence.start : sentence.end]
    if aspect != PLANNED and phrases().carried_out.search(text) and not phrases().not_carried_out.search(text):
        aspect = _SPENT
    for project in meant[:1]:
        wanted = [figure for kind, figures in project.figures.items() if aspect in ("", kind) for figure in figures]
        known = [figure for figure in wanted if figure.quantity.known[0]]
        mine = stated.at(np.array([row], np.intp))
        if known and all(beyond(mine, figure.quantity, "=", "amount")[0] > 0 for figure in known):
            value = stated.quantity.value[row]
            nearest = min(known, key=lambda figure: abs(figure.quantity.value[0] - value))
            yield contradiction(
                AGAINST_TABLE, stated, row, nearest.quantity.value[0], where=_where(stated, row, project, nearest),
                related_cells=_cells(project, nearest),
            )  # fmt: skip


def _unfinished(stated: Stated, row: int, meant: Sequence[_Project]) -> Iterator[Finding]:
    for project in meant[-1:]:
        planned = [figure for figure in project.figures.get(PLANNED, []) if figure.quantity.known[0]]
        spent = [figure for figure in project.figures.get(_SPENT, []) if figure.quantity.known[0]]
        if not planned or not spent or stated.quantity.high[row] >= 1:
            continue
        most = max(figure.quantity.value[0] for figure in planned)
        if most > 0 and spent[0].quantity.value[0] >= most:
            yield contradiction(
                UNFINISHED, stated, row, Decimal(1), where=_where(stated, row, project, spent[0]),
                related_cells=_cells(project, spent[0]),
            )  # fmt: skip


def _where(stated: Stated, row: int, project: _Project, figure: _Figure) -> str:
    return where(stated.passage(row), quoted(project.wide.form.name), figure.cell, _sheet(project))


def _sheet(project: _Project) -> str:
    return str(project.wide.rows[project.row].sheet)


def _cells(project: _Project, figure: _Figure) -> str:
    return on_sheet(figure.cell or "", _sheet(project))
