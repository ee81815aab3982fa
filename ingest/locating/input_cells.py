"""The cells of a located table in which its figures stand."""

from __future__ import annotations

from collections.abc import Iterator

from gouji.ingest.grid import Sheet
from gouji.ingest.locating.located import Located, Place, Position
from gouji.templates.model import FIGURES


def cell_of(sheet: Sheet, place: Place) -> Position:
    """The first cell of the span that holds anything, else its first cell."""
    top, left, bottom, right = place.span
    if top == bottom and left == right:
        return top, left
    for row in range(top, bottom + 1):
        for column in range(left, right + 1):
            if sheet.raw(row, column) is not None or (row, column) in sheet.special:
                return row, column
    return top, left


def inputs(located: Located) -> Iterator[Position]:
    """Where the unit types figures."""
    form, sheet = located.form, located.sheet
    for item, place in located.places.items():
        if form.items[item].is_figure and form.items[item].fixed is None and item not in form.computed:
            yield cell_of(sheet, place)
    for line in located.lines:
        columns = form.lists[line.list_id].columns
        yield from (cell_of(sheet, place) for column, place in line.columns.items() if columns[column].is_figure)


def figures(located: Located) -> Iterator[tuple[Position, str]]:
    """Where figures and measures stand, computed and printed ones too, each with its kind."""
    form, sheet = located.form, located.sheet
    for item, place in located.places.items():
        if form.items[item].is_figure:
            yield cell_of(sheet, place), form.items[item].kind
    for line in located.lines:
        for column, place in line.columns.items():
            kind = form.lists[line.list_id].columns[column].kind
            if kind in FIGURES or kind == "measure":
                yield cell_of(sheet, place), kind


def holds(located: Located, at: Position) -> bool:
    """Whether a value stands there."""
    return located.sheet.raw(*at) is not None
