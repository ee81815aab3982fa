"""What a sheet of an .ods, .xls or .xlsb says beside its values; of these files the reader tells nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field

from gouji.ingest.figures.recomputed import Expression
from gouji.ingest.files.styles import Look
from gouji.ingest.grid import Kind

Position = tuple[int, int]

LEAST_HEIGHT, LEAST_WIDTH = 3.0, 0.5
"""A row of fewer points, a column of fewer characters shows no figure."""


@dataclass(slots=True)
class Sight:
    """Marks of one sheet at 0-based (row, column), as in `ingest.grid.Sheet`.

    `expressions`: formulas that are plain enough to be worked out. `zeros`: formulas of an .xls whose stored result is
    0, as the tokens that they are made of; `empty_as_zero`: whether the program that wrote the file is one that stores
    0 for the result "".
    """

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    unseen: set[Position] = field(default_factory=set)
    blank_zeros: bool = False
    special: dict[Position, tuple[Kind, str]] = field(default_factory=dict)
    formats: dict[Position, str] = field(default_factory=dict)
    formulas: set[Position] = field(default_factory=set)
    expressions: dict[Position, Expression] = field(default_factory=dict)
    told: bool = True
    zeros: dict[Position, bytes] = field(default_factory=dict)
    empty_as_zero: bool = False

    def look(self, at: Position, look: Look, number: float | None) -> None:
        """Mark a cell that holds the number (None: a text) in a style."""
        if look.conceals(number):
            self.unseen.add(at)
