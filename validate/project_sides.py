"""The two sides that are matched project by project: the lines of a list, and the tables of a form per project."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gouji.ingest.roster import Roster
from gouji.templates.addresses import with_sheet
from gouji.templates.checks import ProjectTies
from gouji.templates.labels import identifier
from gouji.templates.rules import quantity as q
from gouji.validate.figures import column_quantity
from gouji.validate.findings import Origin
from gouji.validate.lookup import picked, stacked
from gouji.validate.matching import Span
from gouji.validate.wide import Wide


@dataclass
class Side:
    """One row per project. Only what counts (`adopted`) is in it.

    `unit`: key of unit and year; `ids`: name of the line, or the item that holds the project's name; `shown`: the
    name as written; `names`: by which it may be matched (normalised name, 项目编码); `figures`, `cells`: the tied
    amounts by column or item.
    """

    unit: NDArray[np.object_]
    ids: NDArray[np.object_]
    shown: NDArray[np.object_]
    names: list[frozenset[str]]
    origins: list[Origin]
    name_cells: NDArray[np.object_]
    figures: dict[str, q.Quantity]
    cells: dict[str, NDArray[np.object_]]
    name_column: str = ""

    def amount(self, name: str, row: int) -> Span | None:
        """A tied amount of one project, with the interval of its rounding."""
        figures = self.figures[name]
        return (figures.value[row], (figures.high[row] - figures.low[row]) / 2) if figures.state[row] == q.OK else None

    def label(self, row: int) -> str:
        """What people call the project."""
        return str(self.shown[row] or self.origins[row].instance or self.ids[row])

    def item(self, row: int) -> str:
        """The item at which a finding about the project as such stands."""
        return f"{self.ids[row]}.{self.name_column}" if self.name_column else str(self.ids[row])


def line_side(wide: Wide, ties: ProjectTies, roster: Roster | None) -> Side:
    """The lines of the list, of the returns that count."""
    lines, spec = wide.lists[ties.list_id], wide.form.lists[ties.list_id]
    counted = np.flatnonzero(wide.returns["adopted"].to_numpy(dtype=bool)[lines.owner])
    owner, columns = lines.owner[counted], lines.columns
    shown = columns.raw_of(spec.name_column)[counted]
    origins = [wide.origins[row] for row in owner]
    codes = [
        roster.project_code(origin.unit_code, None if name is None else str(name)) if roster is not None else None
        for origin, name in zip(origins, shown, strict=True)
    ]
    return Side(
        unit=wide.unit_key[owner],
        ids=lines.line[counted],
        shown=shown,
        names=[_names(name, code) for name, code in zip(shown, codes, strict=True)],
        origins=origins,
        name_cells=columns.cell[counted, columns.place[spec.name_column]],
        figures={name: picked(column_quantity(columns, name, spec.columns[name]), counted) for name in ties.columns},
        cells={name: columns.cell[counted, columns.place[name]] for name in ties.columns},
        name_column=spec.name_column,
    )


def table_side(wides: Sequence[Wide], ties: ProjectTies) -> Side:
    """The tables of the other form, whatever their edition."""
    parts = [_tables(wide, ties) for wide in wides]
    items = ties.items
    return Side(
        unit=_joined([part.unit for part in parts]),
        ids=_joined([part.ids for part in parts]),
        shown=_joined([part.shown for part in parts]),
        names=[names for part in parts for names in part.names],
        origins=[origin for part in parts for origin in part.origins],
        name_cells=_joined([part.name_cells for part in parts]),
        figures={item: stacked([part.figures[item] for part in parts]) if parts else q.blank(0) for item in items},
        cells={item: _joined([part.cells[item] for part in parts]) for item in items},
    )


def _tables(wide: Wide, ties: ProjectTies) -> Side:
    counted = np.flatnonzero(wide.returns["adopted"].to_numpy(dtype=bool))
    named = wide.form.item_with_role("instance")
    blank = np.full(len(counted), None, dtype=object)
    shown = blank if named is None else wide.fixed.raw_of(named.id)[counted]
    origins = [wide.origins[row] for row in counted]
    return Side(
        unit=wide.unit_key[counted],
        ids=np.full(len(counted), "" if named is None else named.id, dtype=object),
        shown=shown,
        names=[_names(name, origin.instance) for name, origin in zip(shown, origins, strict=True)],
        origins=origins,
        name_cells=blank if named is None else wide.fixed.cell[counted, wide.fixed.place[named.id]],
        figures={
            item: picked(column_quantity(wide.fixed, item, wide.form.items[item]), counted) for item in ties.items
        },
        cells={item: _places(origins, wide.fixed.cell[counted, wide.fixed.place[item]]) for item in ties.items},
    )


def _places(origins: Sequence[Origin], cells: NDArray[np.object_]) -> NDArray[np.object_]:
    """Cells with their sheets: the finding stands at another table."""
    pairs = zip(origins, cells, strict=True)
    return np.array(
        [with_sheet(origin.sheet or "", cell) if cell else None for origin, cell in pairs] or [], dtype=object
    )


def _names(shown: object, code: str | None) -> frozenset[str]:
    """The normalised name and 项目编码."""
    name = identifier(str(shown)) if shown is not None else ""
    known = {name, identifier(code or "")} if code else {name}
    return frozenset(key for key in known if key)


def _joined(parts: Sequence[NDArray[np.object_]]) -> NDArray[np.object_]:
    return np.concatenate(parts) if parts else np.array([], dtype=object)
