"""What a scan tells of a sheet: errors, uncalculated formulas, formats, merges, extent, and values that are certain."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any, NamedTuple

from gouji.ingest.figures.quotients import Quotient
from gouji.ingest.figures.recomputed import Expression
from gouji.ingest.files.cell_areas import Area, Position
from gouji.ingest.grid import Kind


class Unsaid:
    """The value of a cell that is left to the reader: a time, a text with escapes of its own, what is no value."""


UNSAID = Unsaid()
Value = str | float | bool | int | date | Unsaid | None
"""An int (and no bool) is the number of a shared text; None: there is none."""


class Marks(NamedTuple):
    """What is said of one cell beside its value, as in `SheetScan`."""

    special: tuple[Kind, str] | None
    format: str | None
    computed: bool
    quotient: Quotient | None
    expression: Expression | None
    unseen: bool
    strange: bool


@dataclass(slots=True)
class SheetScan:
    """Marks of one sheet, at 0-based (row, column).

    special, formats, merges, widths, formulas, quotients, validated, hidden_rows, hidden_columns, unseen,
    blank_zeros: as in `ingest.grid.Sheet`; expressions: formulas that are plain enough to be worked out;
    collapsed: whether rows that state no height are hidden; bottom, right: rows
    and columns from A1 to the last cell that holds a value or a formula; strange: whether calamine would misread
    what stands here as it is written; told: whether the cells were marked; values: what stands where, if it is certain
    without the reader.
    """

    special: dict[Position, tuple[Kind, str]] = field(default_factory=dict)
    formats: dict[Position, str] = field(default_factory=dict)
    merges: list[Area] = field(default_factory=list)
    widths: dict[int, float] = field(default_factory=dict)
    bottom: int = 0
    right: int = 0
    strange: bool = False
    formulas: set[Position] = field(default_factory=set)
    quotients: dict[Position, Quotient] = field(default_factory=dict)
    validated: list[Area] = field(default_factory=list)
    expressions: dict[Position, Expression] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    unseen: set[Position] = field(default_factory=set)
    blank_zeros: bool = False
    collapsed: bool = False
    told: bool = True
    values: list[tuple[Position, Value]] | None = field(default=None, compare=False)

    def copy(self) -> SheetScan:
        """Another one, to be changed without this one."""
        said: dict[str, Any] = {each.name: getattr(self, each.name) for each in fields(self)}
        own: dict[str, Any] = {name: one.copy() for name, one in said.items() if isinstance(one, dict | set | list)}
        return SheetScan(**{**said, **own})

    def marks(self, position: Position) -> Marks | None:
        """What is said of one cell; None where it is nothing."""
        told = Marks(
            self.special.get(position), self.formats.get(position), position in self.formulas,
            self.quotients.get(position), self.expressions.get(position), position in self.unseen, self.strange,
        )  # fmt: skip
        return None if told == _NOTHING else told

    def mark(self, position: Position, marks: Marks) -> None:
        """Say the same of a cell."""
        if marks.special is not None:
            self.special[position] = marks.special
        if marks.format is not None:
            self.formats[position] = marks.format
        if marks.computed:
            self.formulas.add(position)
        if marks.quotient is not None:
            self.quotients[position] = marks.quotient
        if marks.expression is not None:
            self.expressions[position] = marks.expression
        if marks.unseen:
            self.unseen.add(position)
        self.strange |= marks.strange


_NOTHING = Marks(None, None, computed=False, quotient=None, expression=None, unseen=False, strange=False)
