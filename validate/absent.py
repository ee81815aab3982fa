"""表上没有: what the sheet of a return does not have, told once for the table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from gouji.templates.form import Form
from gouji.templates.items import Item
from gouji.templates.rules.naming import column_label, item_label, quoted, row_labels
from gouji.validate.findings import Finding, Origin, common
from gouji.validate.wide import ABSENT_STATE, Wide

_MOST = 8


def absent_items(wide: Wide, origins: Sequence[Origin]) -> Iterator[Finding]:
    """T-30 of every return whose sheet lacks a figure, a required item or a column of a list."""
    absent = wide.fixed.state == ABSENT_STATE
    lacking = absent.any(axis=1)
    for mask in wide.absent.values():
        lacking |= mask
    for row in np.flatnonzero(lacking).tolist():
        items = {wide.fixed.names[place] for place in np.flatnonzero(absent[row]).tolist()}
        items |= {column for column, mask in wide.absent.items() if mask[row]}
        names = _names(wide.form, items, origins[row].year)
        if names:
            shown = "、".join(quoted(name) for name in names[:_MOST]) + ("等" if len(names) > _MOST else "")
            yield common("T-30", origins[row], item="", detail=shown)


def _names(form: Form, absent: set[str], year: int | None) -> list[str]:
    """Whole lists, rows and columns by their own names, then what is left item by item."""
    asked = [item for item in form.items.values() if item.is_figure or item.required]
    columns = [item for spec in form.lists.values() for item in spec.columns.values()]
    lists = [name for name, spec in form.lists.items() if all(item.id in absent for item in spec.columns.values())]
    names = [*lists, *(column_label(item, year) for item in columns if item.id in absent and item.list_id not in lists)]
    whole_rows = {name for name in row_labels(form) if _all_absent(asked, absent, "row", name)}
    parts = {(item.block, item.column) for item in asked}
    whole_columns = {
        (block, column)
        for block, column in parts
        if column and all(item.id in absent for item in asked if (item.block, item.column) == (block, column))
    }
    for item in asked:
        if item.id in absent:
            if (item.block, item.column) in whole_columns:
                names.append(column_label(item, year))
            elif item.row in whole_rows:
                names.append(row_labels(form)[item.row or ""])
            else:
                names.append(item_label(form, item, year))
    return list(dict.fromkeys(names))


def _all_absent(asked: list[Item], absent: set[str], part: str, name: str) -> bool:
    items = [item for item in asked if getattr(item, part) == name]
    return bool(items) and all(item.id in absent for item in items)
