"""Blocks of a table in which something was not found, and the rows in which it may stand."""

from __future__ import annotations

from gouji.ingest.locating.located import Located
from gouji.templates.blocks import CaptionBlock, FieldsBlock, GridBlock, ListBlock, ListRow, PairsBlock
from gouji.templates.form import Form
from gouji.templates.items import Item
from gouji.templates.scores_block import ScoresBlock


class LackingBlocks:
    """The blocks of a table that lack a figure or a measure, by their place in the definition."""

    def __init__(self, located: Located) -> None:
        form = located.form
        columns = {item.id: item for spec in form.lists.values() for item in spec.columns.values()}
        absent = [item for item in form.items.values() if item.id not in located.places]
        absent += [columns[name] for name in located.absent]
        self._order = _order(form)
        self._lacking = {self._order[item.block] for item in absent if _counts(item) and item.block in self._order}
        self._found: dict[int, list[int]] = {}
        for name, place in located.places.items():
            self._note(form.items[name].block, place.span[0])
        for line in located.lines:
            self._note(line.list_id, line.name.span[0])

    def _note(self, block: str, row: int) -> None:
        if block in self._order:
            self._found.setdefault(self._order[block], []).append(row)

    def may_stand_in(self, row: int) -> bool:
        """Whether a row is where one of them was found, or where one that was not found belongs."""
        return any(self._around(place, row) for place in self._lacking)

    def _around(self, place: int, row: int) -> bool:
        if place in self._found:
            return min(self._found[place]) <= row <= max(self._found[place])
        before = [max(rows) for block, rows in self._found.items() if block < place]
        behind = [min(rows) for block, rows in self._found.items() if block > place]
        return max(before, default=-1) < row < min(behind, default=row + 1)


def _counts(item: Item) -> bool:
    return item.is_figure or item.kind == "measure"


def _order(form: Form) -> dict[str, int]:
    """Name of a block, as its items have it, → its place in the definition."""
    return {name: place for place, block in enumerate(form.definition.blocks) for name in _names(block)}


def _names(block: object) -> list[str]:
    match block:
        case GridBlock():
            return [block.grid, *(row.list_id for row in block.rows if isinstance(row, ListRow))]
        case ListBlock():
            return [block.list_id]
        case PairsBlock():
            return [block.pairs]
        case ScoresBlock():
            return [block.scores]
        case CaptionBlock():
            return [block.caption.id]
        case FieldsBlock():
            return [element.id for element in block.fields if hasattr(element, "id")]
        case _:
            return []
