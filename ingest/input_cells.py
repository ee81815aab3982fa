"""The cells of a located table in which the unit types its figures."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.located import Located, Place, Position


def inputs(located: Located) -> Iterator[Position]:
    """Where figures are to be typed."""
    form = located.form
    for item, place in located.places.items():
        if form.items[item].is_figure and form.items[item].fixed is None and item not in form.computed:
            yield first(place)
    for line in located.lines:
        columns = form.lists[line.list_id].columns
        yield from (first(place) for column, place in line.columns.items() if columns[column].is_figure)


def holds(located: Located, at: Position) -> bool:
    """Whether a value stands there."""
    return located.sheet.raw(*at) is not None


def first(place: Place) -> Position:
    """The cell at which a value is looked for first."""
    return place.span[:2]
