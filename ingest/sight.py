"""What a sheet of an .ods or .xls shows of what it holds; of these files the reader tells values only."""

from __future__ import annotations

from dataclasses import dataclass, field

from ingest.styles import Look

Position = tuple[int, int]

LEAST_HEIGHT, LEAST_WIDTH = 3.0, 0.5
"""A row of fewer points, a column of fewer characters shows no figure."""


@dataclass(slots=True)
class Sight:
    """Marks of one sheet at 0-based (row, column), as in `ingest.grid.Sheet`."""

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    unseen: set[Position] = field(default_factory=set)
    disguised: set[Position] = field(default_factory=set)
    blank_zeros: bool = False

    def look(self, at: Position, look: Look, number: float | None) -> None:
        """Mark a cell that holds the number (None: a text) in a style."""
        if look.conceals(number):
            self.unseen.add(at)
        elif look.disguises(number):
            self.disguised.add(at)
