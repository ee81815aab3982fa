"""The figures of returns as the unit page shows them: one small table per block and list of the form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from gouji.export.report.bounds import Bounds, shortened
from gouji.export.words import STATES
from gouji.templates.form import Form
from gouji.templates.items import UNITS, Item
from gouji.validate.wording import figure_text

VALUE_COLUMNS = ["return_id", "list_id", "line", "item", "value", "raw", "state", "cell"]
Cell = tuple[str | None, str | None]
"""What stands there, and where."""
_NAMED = "项目"


@dataclass(slots=True)
class _Table:
    title: str
    label: str = _NAMED
    """The head over the rows' names: 序号 where the lines of a list name themselves."""
    columns: dict[str, str] = field(default_factory=dict)
    rows: dict[str, dict[str, Cell]] = field(default_factory=dict)

    def put(self, row: str, column: str, head: str, cell: Cell) -> None:
        self.columns.setdefault(column, head)
        self.rows.setdefault(row, {})[column] = cell

    def contents(self, bounds: Bounds) -> dict[str, Any]:
        """`rows`: label and cells in the columns' order; `more`: the rows that are not shown."""
        filled = {row: cells for row, cells in self.rows.items() if any(text for text, _ in cells.values())}
        shown = list(filled.items())[: bounds.rows]
        names = [row for row, _ in shown] if self.label == _NAMED else range(1, len(shown) + 1)
        rows = [
            [str(name), *(list(cells.get(column, (None, None))) for column in self.columns)]
            for name, (_, cells) in zip(names, shown, strict=True)
        ]
        return {
            "title": self.title, "label": self.label, "columns": list(self.columns.values()), "rows": rows,
            "more": len(filled) - len(shown),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a figure stands: in which table, in which row (None: in the line's own), under which head."""

    title: str
    label: str
    row: str | None
    column: str
    head: str
    kind: str


class FigureTables:
    """The figures of the returns of one form: where each stands is worked out once for all of them."""

    def __init__(self, form: Form | None, bounds: Bounds) -> None:
        self._form, self._bounds = form, bounds
        self._places: dict[tuple[str | None, str], _Place] = {}

    def of(self, values: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """The values of one return (rows of VALUE_COLUMNS). Rows left wholly blank are not shown."""
        tables: dict[str, _Table] = {}
        for value in values:
            key = value["list_id"], value["item"]
            place = self._places.get(key)
            if place is None:
                place = self._places[key] = _place(self._form, *key)
            table = tables.get(place.title)
            if table is None:
                table = tables[place.title] = _Table(place.title, place.label)
            row = place.row if place.row is not None else value["line"] or ""
            table.put(row, place.column, place.head, (_text(value, place.kind, self._bounds), value["cell"]))
        contents = [table.contents(self._bounds) for table in tables.values()]
        return [table for table in contents if table["rows"]]


def _place(form: Form | None, list_id: str | None, name: str) -> _Place:
    item = _item(form, list_id, name)
    kind = item.kind if item else "text"
    if list_id is not None:
        column = name.rpartition(".")[2]
        return _Place(list_id, "序号", None, column, _head(column, item), kind)
    if item is not None and item.row is not None and item.column is not None:
        return _Place(item.block, _NAMED, _label(item.row), item.column, _head(item.column, item), kind)
    return _Place("填报内容", _NAMED, _head(item.column or item.id, item) if item else _label(name), "", "内容", kind)


def _item(form: Form | None, list_id: str | None, item: str) -> Item | None:
    if form is None:
        return None
    if list_id is None:
        return form.items.get(item)
    spec = form.lists.get(list_id)
    return spec.columns.get(item.rpartition(".")[2]) if spec else None


def _head(column: str, item: Item | None) -> str:
    unit = (item.unit or UNITS.get(item.kind)) if item else None
    return f"{_label(column)}（{unit}）" if unit else _label(column)


def _label(name: str) -> str:
    """An id as a label: 预算管理_管理制度健全性 names its section first."""
    return name.strip("_").replace("_", "·")


def _text(value: Mapping[str, Any], kind: str, bounds: Bounds) -> str | None:
    """The figure without its unit, which stands in the head; the word for why there is none; or the text."""
    if value["value"] is not None and (value["raw"] is None or kind != "text"):
        shown = figure_text(value["value"], kind if kind == "rate" else "quantity")
        return shortened(value["raw"], bounds.signs) if kind == "measure" and value["raw"] else shown
    return STATES.get(value["state"]) or shortened(value["raw"], bounds.signs)
