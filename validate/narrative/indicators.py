"""What the indicators of a unit's tables say was reached, for sentences to be held against."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from gouji.ingest.figures.measures import Measure, parse_measure
from gouji.templates.block_items import ListSpec
from gouji.templates.exact import places
from gouji.templates.labels import squeezed
from gouji.templates.precision import half_width
from gouji.templates.rules.naming import quoted
from gouji.validate.figures import Tables
from gouji.validate.findings import Finding
from gouji.validate.narrative.passages import Passage
from gouji.validate.narrative.stated import Stated
from gouji.validate.narrative.tables import AGAINST_TABLE
from gouji.validate.narrative.told import contradiction, on_sheet, where
from gouji.validate.wide import Wide

_REACHED = "完成"
"""In the name of the column that says what was reached."""
_AT_LEAST = ("≥", ">")
_MOST_LINES = 2000
"""Of one unit; every statement is compared with each, so that of more nothing is asked."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """A line whose 完成值 is one quantity: whose table (`wide`, `row`), its name and the words of all its levels."""

    wide: Wide
    row: int
    name: str
    words: str
    reached: Measure
    quantity: Decimal
    cell: str | None

    @property
    def least(self) -> bool:
        """Whether the quantity is only a lower bound (≥95%)."""
        return self.reached.sign in _AT_LEAST

    def allows(self, low: Decimal, high: Decimal) -> bool:
        """Whether a report may state a figure between `low` and `high`."""
        half = half_width(self.quantity, places(self.quantity), about=False) if self.reached.percent else Decimal(0)
        return high >= self.quantity if self.least else low <= self.quantity + half and high >= self.quantity - half


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a list of indicators, whatever stands in its 完成值 (`reached`)."""

    wide: Wide
    row: int
    name: str
    words: str
    reached: Measure
    cell: str | None


AnyLine = TypeVar("AnyLine", Indicator, Line)


def indicators_of(tables: Tables) -> dict[str, list[Indicator]]:
    """Unit (`Wide.unit_key`) → the lines of its tables that count and whose 完成值 is one quantity."""
    by_unit: dict[str, list[Indicator]] = {}
    for unit, lines in lines_of(tables).items():
        for line in lines:
            reached = line.reached
            plain = not reached.change and reached.until is None and reached.sign in ("", *_AT_LEAST)
            if reached.number is not None and plain:
                by_unit.setdefault(unit, []).append(
                    Indicator(line.wide, line.row, line.name, line.words, reached, reached.number, line.cell)
                )
    return by_unit


def lines_of(tables: Tables) -> dict[str, list[Line]]:
    """Unit (`Wide.unit_key`) → all lines of indicators of its tables that count."""
    by_unit: dict[str, list[Line]] = {}
    for wide in tables.wides:
        counts = wide.returns["adopted"].to_numpy(dtype=bool)
        for list_id, spec in wide.form.lists.items():
            for line in _of_list(wide, list_id, spec):
                if counts[line.row]:
                    by_unit.setdefault(str(wide.unit_key[line.row]), []).append(line)
    return by_unit


def _of_list(wide: Wide, list_id: str, spec: ListSpec) -> Iterator[Line]:
    reached = next((name for name, item in spec.columns.items() if item.kind == "measure" and _REACHED in name), None)
    if reached is None or spec.personal:
        return
    lines = wide.lists[list_id]
    levels = [lines.columns.raw_of(level) for level in spec.levels]
    names = lines.columns.raw_of(spec.name_column)
    cells = lines.columns.cell[:, lines.columns.place[reached]]
    for line, text in enumerate(lines.columns.raw_of(reached).tolist()):
        if names[line] is not None:
            words = "".join(str(level[line] or "") for level in levels)
            name = squeezed(str(names[line]))
            yield Line(wide, int(lines.owner[line]), name, words, parse_measure(text), cells[line])


def beside(stated: Stated, row: int, indicators: dict[str, list[Indicator]]) -> list[Indicator]:
    """The indicators that a statement is held against (`beside_passage`)."""
    return beside_passage(stated.passage(row), indicators)


def beside_passage(passage: Passage, lines: dict[str, list[AnyLine]]) -> list[AnyLine]:
    """The lines of the table beside which a passage stands, else, in a unit's own report, those of all its tables."""
    of_unit = lines.get(passage.key, [])
    if len(of_unit) > _MOST_LINES:
        return []
    nearest = [line for line in of_unit if line.wide is passage.wide and line.row == passage.row]
    return nearest if nearest or passage.project else of_unit


def tables_of(indicators: Sequence[Indicator]) -> int:
    """On how many tables they stand."""
    return len({(id(line.wide), line.row) for line in indicators})


def contradicted_by(stated: Stated, row: int, indicators: Sequence[Indicator]) -> Finding:
    """The finding of a statement that none of the indicators allows: the nearest is named."""
    value = stated.quantity.value[row]
    nearest = min(indicators, key=lambda line: abs(line.quantity - value))
    sheet = str(nearest.wide.rows[nearest.row].sheet)
    return contradiction(
        AGAINST_TABLE,
        stated,
        row,
        nearest.quantity,
        bound="≥" if nearest.least else "",
        where=where(stated.passage(row), quoted(nearest.wide.form.name), nearest.cell, sheet),
        related_cells=on_sheet(nearest.cell or "", sheet),
    )
