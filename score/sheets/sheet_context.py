"""What all indicators of one 评分表 edition share while they are scored."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from score.columns import Origins, return_ids, years
from templates.definition import Indicator, SheetScoring
from templates.form import Form
from templates.rules import quantity as q
from validate.figures import ReturnFigures, Tables, column_quantity
from validate.findings import Finding
from validate.wide import Wide

LAYER, ASK, HINT = "得分重算", "核实性", "提示"


@dataclass
class SheetContext:
    """All returns of one edition, and where their figures come from."""

    wide: Wide
    tables: Tables
    rules: SheetScoring

    @property
    def form(self) -> Form:
        return self.wide.form

    @cached_property
    def given(self) -> ReturnFigures:
        """The leaves of the rates."""
        return ReturnFigures(self.wide, self.tables)

    @cached_property
    def origins(self) -> Origins:
        return Origins(self.wide)

    @cached_property
    def ids(self) -> NDArray[np.object_]:
        return return_ids(self.wide)

    @cached_property
    def years(self) -> list[int | None]:
        return years(self.wide)

    @property
    def indicators(self) -> list[Indicator]:
        """The indicators of the scored table, in print order."""
        found = [(block, block.indicators[place]) for block, place in self.form.indicators.values()]
        return [indicator for block, indicator in found if block.scores == self.rules.table]

    def self_scores(self, indicator: Indicator) -> q.Quantity:
        """The 得分 column of one indicator."""
        item = score_item(indicator)
        return column_quantity(self.wide.fixed, item, self.form.items[item])

    def finding(self, indicator: Indicator, rule: str, row: int, verdict: str) -> Finding:
        """A finding at the indicator's self-score, still without its message."""
        item = score_item(indicator)
        return Finding(
            rule=rule, layer=LAYER, severity=ASK, verdict=verdict, message="", item=item,
            cell=self.wide.fixed.cell[row, self.wide.fixed.place[item]],
            basis=self.form.definition.basis, **self.origins[row].fields(),
        )  # fmt: skip


def score_item(indicator: Indicator) -> str:
    """The item that holds the self-score of an indicator."""
    return f"{indicator.id}.得分"
