"""所用数据: every figure and measure of a table that was filled in, with its cell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from gouji.export.catalogue import find_item
from gouji.export.words import STATES, said
from gouji.export.working_papers.cells import figure_cell, place
from gouji.ingest.frames import EXTRA
from gouji.templates.form import Form
from gouji.templates.items import UNITS
from gouji.templates.rules.naming import column_label, item_label

COLUMNS = ["return_id", "list_id", "line", "item", "value", "raw", "state", "sheet", "cell"]
"""What is read of `values`."""
_FILLED, _NOTHING = "filled", ("blank", "absent")


def figure_rows(
    form: Form | None, name: str, values: Iterable[Mapping[str, Any]], year: int | None
) -> Iterator[list[Any]]:
    """Cells of the figures of one table. Personal items, labels that were read by likeness and blanks are left out."""
    for value in values if form is not None else ():
        assert form is not None
        item = find_item(form, value["item"])
        if value["state"] in _NOTHING or (item is None and EXTRA not in value["item"]) or (item and item.personal):
            continue
        kind = item.kind if item else "amount"
        shown = value["value"] if kind != "measure" else None  # 100% is no 1: a measure stands in its own words
        if item is None or item.is_figure or value["list_id"] is not None:
            yield [
                name, value_label(form, value, year),
                figure_cell(shown, kind) if value["state"] == _FILLED else said(STATES, value["state"]),
                (item.unit or UNITS.get(kind)) if item else None, value["raw"], place(value),
            ]  # fmt: skip


def value_label(form: Form, value: Mapping[str, Any], year: int | None) -> str:
    """What the item of a row of `values` is called."""
    item = find_item(form, value["item"])
    if item is None:
        return str(value["item"]).replace(EXTRA, "：")
    if value["list_id"] is None:
        return item_label(form, item, year)
    return f"{value['line']}：{column_label(item, year)}"
