"""Labels of an issued sheet that changed places with one another: what they name goes with them.

The sheet is as it was issued but for some rows or heads that stand at each other's places. A figure stands where its
row label and its head are now; a line of a list belongs to the group whose label stands beside it now.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from gouji.ingest.locating.located import Addresses, Line, Place, Position
from gouji.templates.layout import Box


def exchanged(issued: Addresses, moves: Mapping[Position, Position]) -> tuple[dict[str, Place], list[Line]]:
    """Places of items and lines after labels moved (`moves`: issued place → place now, each onto another's place)."""
    rulers = _Rulers(issued.boxes)
    boxes = {(box.row, box.column): box for box in issued.boxes if box.role != "name"}
    places = {item: _moved(place, rulers, boxes, moves) for item, place in issued.places.items()}
    return places, _lines(issued, rulers, boxes, moves)


def _lines(
    issued: Addresses, rulers: _Rulers, boxes: Mapping[Position, Box], moves: Mapping[Position, Position]
) -> list[Line]:
    """Every line at its place, its columns under their heads, under the group whose label is beside it now."""
    beside = [rulers.label(line.name.span[:2]) for line in issued.lines]
    levels = {label: line.levels for label, line in zip(beside, issued.lines, strict=True) if line.levels}
    came = {present_place: label for label, present_place in moves.items()}
    return [
        replace(
            line,
            columns={
                column: _moved(place, rulers, boxes, moves, by_row=False) for column, place in line.columns.items()
            },
            levels=levels.get(came.get(label, label), line.levels) if label is not None else line.levels,
        )
        for label, line in zip(beside, issued.lines, strict=True)
    ]


def _moved(
    place: Place, rulers: _Rulers, boxes: Mapping[Position, Box], moves: Mapping[Position, Position], *,
    by_row: bool = True,
) -> Place:  # fmt: skip
    row, column = at = place.span[:2]
    labels = [rulers.label(at)] if by_row else []
    for ruler in [*labels, rulers.head(boxes[at])]:
        if ruler is not None and ruler in moves:
            present_place = moves[ruler]
            row, column = row + present_place[0] - ruler[0], column + present_place[1] - ruler[1]
    return Place((row, column, row, column))


class _Rulers:
    """Which label and which head of the issued sheet say what a cell is."""

    def __init__(self, boxes: tuple[Box, ...]) -> None:
        self._labels = [box for box in boxes if box.role == "label"]
        self._heads = [box for box in boxes if box.role == "head"]

    def label(self, at: Position) -> Position | None:
        """The nearest label at the left of a cell."""
        row, column = at
        labels_before = [box for box in self._labels if box.row <= row < box.row + box.rows and box.column < column]
        return _place(max(labels_before, key=lambda box: box.column)) if labels_before else None

    def head(self, box: Box) -> Position | None:
        """The nearest head above a cell that spans the same columns."""
        above = [
            head
            for head in self._heads
            if head.row < box.row and (head.column, head.columns) == (box.column, box.columns)
        ]
        return _place(max(above, key=lambda head: head.row)) if above else None


def _place(box: Box) -> Position:
    return box.row, box.column
