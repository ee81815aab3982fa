"""What the table beside a passage has for its arithmetic: amounts by row and column, and the targets of indicators."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import numpy as np

from gouji.ingest.figures.measures import parse_measure
from gouji.ingest.narrative.statement import PLANNED, PROJECT_FUNDS, RECEIVED, SPENT
from gouji.templates.rules.naming import quoted
from gouji.templates.rules.nodes import Ref
from gouji.validate.narrative.passages import Passage
from gouji.validate.narrative.told import where
from gouji.validate.wide import FILLED_STATE

_MOST = 120
_COLUMNS = {
    PLANNED: re.compile(r"计划安排资金|全年预算数|年初预算数|预算数$"),
    RECEIVED: re.compile(r"实际到位资金|到位数$"),
    SPENT: re.compile(r"实际支出|全年执行数|执行数$"),
}
"""What the columns of blocks of money are called."""
_REACHED = "完成"


@dataclass(frozen=True, slots=True)
class Amount:
    """A figure of the table, in 万元. `words`: how a finding calls it, with its cell; `row`, `column`: of its item."""

    value: Decimal
    row: str
    column: str
    words: str

    @property
    def aspect(self) -> str:
        """`预算`, `到位`, `支出`, or blank."""
        return next((aspect for aspect, words in _COLUMNS.items() if words.search(self.column)), "")


@dataclass(frozen=True, slots=True)
class Goal:
    """The numbers of an indicator: what was to be `reached`, and what was; `words`: how a finding calls its target."""

    target: Decimal
    reached: Decimal
    unit: str
    percent: bool
    words: str


@dataclass(frozen=True)
class Facts:
    """The table beside a passage."""

    passage: Passage

    @cached_property
    def amounts(self) -> list[Amount]:
        """Its filled figures."""
        wide, row = self.passage.wide, self.passage.row
        fixed = wide.fixed
        values = fixed.value[row]
        filled = (fixed.state[row] == FILLED_STATE) & np.isfinite(values) & (values != 0)
        sheet = str(wide.rows[row].sheet)
        amounts = []
        for place in np.flatnonzero(filled)[:_MOST].tolist():
            line, _, column = fixed.names[place].rpartition(".")
            table = where(self.passage, quoted(wide.form.name), fixed.cell[row, place], sheet)
            value = Decimal(repr(float(values[place])))
            amounts.append(Amount(value, line, column, f"{table}的{line}{column}"))
        return amounts

    def of_row(self, row: str, aspect: str) -> list[Amount]:
        """What a row has in its columns of one aspect."""
        return [amount for amount in self.amounts if amount.row == row and amount.aspect == aspect]

    def of_project(self, aspect: str) -> list[Amount]:
        """What a project was planned, received, or spent in all, as its form says for sentences."""
        return self.of_item(f"{PROJECT_FUNDS}.{aspect}") if self.passage.project else []

    def of_item(self, name: str) -> list[Amount]:
        """The figures of what sentences call so, where the form says in which cells they stand."""
        spoken = self.passage.wide.form.narrative.get(name)
        items = [] if spoken is None else [node.item for node in spoken.nodes if isinstance(node, Ref)]
        return [amount for amount in self.amounts if f"{amount.row}.{amount.column}" in items]

    @cached_property
    def goals(self) -> list[Goal]:
        """Its indicators with a plain target and a plain result."""
        return list(self._goals())

    def _goals(self) -> Iterator[Goal]:
        wide, row = self.passage.wide, self.passage.row
        for list_id, spec in wide.form.lists.items():
            measures = [name for name, item in spec.columns.items() if item.kind == "measure"]
            reached = [name for name in measures if _REACHED in name]
            targets = [name for name in measures if _REACHED not in name]
            if not reached or not targets or spec.personal:
                continue
            lines = wide.lists[list_id]
            for line in np.flatnonzero(lines.owner == row)[:_MOST].tolist():
                target, actual = (parse_measure(lines.columns.raw_of(name)[line]) for name in (targets[0], reached[0]))
                plain = not actual.sign and not actual.until and actual.percent == target.percent
                if target.number is not None and actual.number is not None and plain:
                    cell = lines.columns.cell[line, lines.columns.place[targets[0]]]
                    table = where(self.passage, quoted(wide.form.name), cell, str(wide.rows[row].sheet))
                    words = f"{table}的指标值{target.text}"
                    yield Goal(target.number, actual.number, actual.unit, actual.percent, words)
