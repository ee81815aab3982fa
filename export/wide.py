"""The figures of returns side by side: one mapping of items per return, blanks told from words."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from export.records import plain
from export.words import STATES

Cells = dict[str, dict[str, float | str | None]]
"""return_id → item → the figure, the word for why there is none (不适用, 错误值 …), or None for a blank."""


def cells_of(values: pd.DataFrame, return_ids: Collection[str], items: Collection[str]) -> Cells:
    """The cells of these fixed items of these returns."""
    wanted = values[values["return_id"].isin(return_ids) & values["item"].isin(items) & values["list_id"].isna()]
    cells: Cells = {str(return_id): {} for return_id in return_ids}
    columns = (plain(wanted[name]) for name in ("return_id", "item", "value", "state"))
    for return_id, item, value, state in zip(*columns, strict=True):
        cells[return_id][item] = value if value is not None else STATES.get(state)
    return cells


def figure(cell: float | str | None) -> float | None:
    """The cell's figure; words and blanks have none."""
    return None if isinstance(cell, str) else cell
