"""What all indicators of one 评分表 edition share while they are scored."""

from __future__ import annotations

from dataclasses import dataclass

from gouji.score.context import Context
from gouji.templates.rules import quantity as q
from gouji.templates.scores_block import Indicator
from gouji.templates.scoring.parameters import SheetScoring
from gouji.validate.figures import column_quantity
from gouji.validate.findings import Finding

LAYER, ASK, HINT = "得分重算", "核实性", "提示"


@dataclass
class SheetContext(Context):
    """All returns of one edition, and where their figures come from."""

    rules: SheetScoring

    @property
    def indicators(self) -> list[Indicator]:
        """The indicators of the scored table, in print order."""
        return self.form.scored_indicators

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
