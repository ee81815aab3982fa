"""Where the items of a filled table stand on its issued sheet, lines of lists included."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gouji.templates.issuing.plan import IssuedSheet
from gouji.templates.layout import Position, Slot

FilledLine = tuple[str, str | None]
"""The id of a line and the indicator that it stands under (None in a list without indicators)."""


def issued_places(sheet: IssuedSheet, lines: Mapping[str, Sequence[FilledLine]]) -> dict[str, Position]:
    """Item → cell: the fixed items, and each list's lines (`line.column`, names too) in the slots that they fill.

    Raises ValueError when a list or an indicator has more lines than the sheet has room for.
    """
    places = dict(sheet.layout.positions)
    for list_id, filled in lines.items():
        name_column = sheet.form.lists[list_id].name_column
        for line_id, slot in zip([line for line, _ in filled], _slots(sheet, list_id, filled), strict=True):
            places[f"{line_id}.{name_column}"] = slot.name
            places |= {f"{line_id}.{column}": position for column, position in slot.columns.items()}
    return places


def slot_cells(sheet: IssuedSheet) -> list[Position]:
    """Every cell of every line of the sheet's lists, filled or not."""
    slots = [slot for slots in sheet.layout.slots.values() for slot in slots]
    return [cell for slot in slots for cell in (slot.name, *slot.columns.values())]


def _slots(sheet: IssuedSheet, list_id: str, lines: Sequence[FilledLine]) -> list[Slot]:
    """The slot of each line: the next free one under its indicator."""
    free: dict[str | None, list[Slot]] = {}
    for slot in sheet.layout.slots[list_id]:
        free.setdefault(slot.group, []).append(slot)
    taken = []
    for line_id, group in lines:
        if not free.get(group):
            raise ValueError(f"no room left on {sheet.name} for {line_id}")
        taken.append(free[group].pop(0))
    return taken
