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


def figure_tables(form: Form | None, values: Iterable[Mapping[str, Any]], bounds: Bounds) -> list[dict[str, Any]]:
    """The values of one return of a form (rows of VALUE_COLUMNS). Rows left wholly blank are not shown."""
    tables: dict[str, _Table] = {}
    for value in values:
        item = _item(form, value["list_id"], value["item"])
        kind = item.kind if item else "text"
        cell = (_text(value, kind, bounds), value["cell"])
        if value["list_id"] is not None:
            column = value["item"].rpartition(".")[2]
            _table(tables, value["list_id"], "序号").put(value["line"] or "", column, _head(column, item), cell)
        elif item is not None and item.row is not None and item.column is not None:
            _table(tables, item.block).put(_label(item.row), item.column, _head(item.column, item), cell)
        else:
            label = _head(item.column or item.id, item) if item else _label(value["item"])
            _table(tables, "填报内容").put(label, "", "内容", cell)
    contents = [table.contents(bounds) for table in tables.values()]
    return [table for table in contents if table["rows"]]


def _table(tables: dict[str, _Table], title: str, label: str = _NAMED) -> _Table:
    return tables.setdefault(title, _Table(title, label))


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
