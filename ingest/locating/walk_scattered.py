"""A row of figures whose labels are no heads over it: each stands before its figure, in its cell or left of it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gouji.ingest.locating.located import Place, Position
from gouji.ingest.locating.walk import Walk
from gouji.ingest.locating.wording import FormLabel
from gouji.templates.blocks import GridBlock
from gouji.templates.labels import label_key, printed_years, squeezed

_FEWEST = 2
"""Labels of the row that must stand so: one alone may be another block's."""


def find_scattered(walk: Walk, grid: GridBlock, labels: Sequence[FormLabel]) -> None:
    """编制数：50人 | 在职人数：48人; or one below the other with their figures beside them."""
    kinds = {column.id: column.kind for column in grid.columns}
    asked = [label for label in labels if kinds[label.name] != "text"]
    places = {label.name: _only_place(walk, label) for label in asked}
    placed = [(column, *located) for column, located in places.items() if located is not None]
    if len(placed) < min(_FEWEST, len(asked)):
        return
    for column, place, label in placed:
        walk.located.places[column] = place
        if years := printed_years(str(walk.region.sheet.raw(*label))):
            walk.located.printed_years.append((years[0], label))


def _only_place(walk: Walk, label: FormLabel) -> tuple[Place, Position] | None:
    """Where the figure of a label stands, and the label; None where it stands nowhere, or twice."""
    cells = walk.text_cells(walk.region.first)
    places = [
        (place, (row, column))
        for row, column, text in cells
        if (place := _place(walk, label, row, column, squeezed(text))) is not None
    ]
    return places[0] if len(places) == 1 else None


def _place(walk: Walk, label: FormLabel, row: int, column: int, text: str) -> Place | None:
    printed, _, value = text.partition(":")
    if label.how(label_key(printed)) is None:
        return None
    if re.match(r"\d", value):
        return Place((row, column, row, column), after=printed)
    right = walk.region.end_of(row, column)[1] + 1
    return Place((row, right, row, right)) if not value and walk.region.figures(row, right, right) else None
