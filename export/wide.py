"""The figures of returns side by side: one mapping of items per return, blanks told from words."""

from __future__ import annotations

from collections.abc import Collection

from gouji.export.records import plain
from gouji.export.stored import Stored
from gouji.export.words import STATES

_COLUMNS = ("return_id", "item", "value", "state")
Cells = dict[str, dict[str, float | str | None]]
"""return_id → item → the figure, the word for why there is none (不适用, 错误值 …), or None for a blank."""


def cells_of(values: Stored, return_ids: Collection[str], items: Collection[str]) -> Cells:
    """The cells of these fixed items of these returns."""
    cells: Cells = {str(return_id): {} for return_id in return_ids}
    for rows in values.batches([*_COLUMNS, "list_id"], item=items):
        fixed = rows[rows["list_id"].isna()]
        columns = (plain(fixed[name]) for name in _COLUMNS)
        for return_id, item, value, state in zip(*columns, strict=True):
            if return_id in cells:
                cells[return_id][item] = value if value is not None else STATES.get(state)
    return cells


def figure(cell: float | str | None) -> float | None:
    """The cell's figure; words and blanks have none."""
    return None if isinstance(cell, str) else cell
