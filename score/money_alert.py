"""自评预警 of a score that is stated for all: it outruns the money spent (红色), or much of that is left (黄色)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import numpy as np

from gouji.score.arrays import flags
from gouji.score.columns import verdict_rows
from gouji.score.context import Context
from gouji.score.projects.alert import LAYER, RED, Alerts, left_unspent
from gouji.score.result import Piece
from gouji.score.wording import reference_label, stated_text
from gouji.templates.exact import plain
from gouji.templates.items import Item
from gouji.templates.rules import quantity as q
from gouji.templates.rules.evaluate import evaluate
from gouji.templates.rules.naming import item_label, quoted
from gouji.templates.rules.nodes import Binary, Node, refs
from gouji.templates.scoring.parameters import Alert
from gouji.templates.scoring.points import rounded_percent
from gouji.templates.verdicts import DIFFERS
from gouji.validate.figures import column_quantity
from gouji.validate.findings import Finding
from gouji.validate.possible import scored_inputs

FULL = Decimal(100)
HINT = "提示"


@dataclass
class MoneyAlert:
    """The alerts as for a 自评表, on the whole score at `item`, for every return of an edition.

    Raises ValueError where the form does not say which money was spent of which.
    """

    context: Context
    item: Item
    rules: Alert

    @cached_property
    def node(self) -> Binary:
        """Money spent over money given."""
        node = self.context.form.spending_rate
        if not isinstance(node, Binary):
            raise ValueError(f"{self.context.form.key} names no money that its score could outrun")
        return node

    @cached_property
    def score(self) -> q.Quantity:
        return column_quantity(self.context.wide.fixed, self.item.id, self.item)

    @cached_property
    def raised(self) -> Alerts:
        """Which alerts each return raises."""
        score, rate = self.score, self._figures(self.node)
        known = score.known & rate.known & flags(score.value > 0)
        red = known & flags(score.value - rate.value * FULL > self.rules.red * score.value)
        spent, granted = self._figures(self.node.left), self._figures(self.node.right)
        return Alerts(red, known, *left_unspent(spent, granted, self.rules.yellow))

    def piece(self) -> Piece:
        """The verdict of every return, and a finding for every alert."""
        rows = verdict_rows(self.context.ids, self.rules.id, self.item.id, self.raised.verdict)
        return Piece(verdicts=[rows], findings=list(self._findings()))

    def _figures(self, node: Node) -> q.Quantity:
        return evaluate(node, self.context.figures)

    def _findings(self) -> Iterator[Finding]:
        context, fixed = self.context, self.context.wide.fixed
        inputs = scored_inputs(context.wide, context.tables, self.node)
        word = self.raised.word
        for row in np.flatnonzero(self.raised.verdict == DIFFERS).tolist():
            cells = "；".join(str(operand.cells[row]) for operand in inputs if operand.cells[row])
            yield Finding(
                rule=self.rules.id, layer=LAYER, severity=HINT, verdict=DIFFERS, item=self.item.id,
                message=f"自评预警（{word[row]}）：{self._words(row, str(word[row]))}。请财政部门复核时留意。",
                cell=fixed.cell[row, fixed.place[self.item.id]], related_cells=cells or None, cause=str(word[row]),
                stated=stated_text(self.score.value[row]) if self.score.known[row] else None,
                basis=context.form.definition.basis, **context.origins[row].fields(),
            )  # fmt: skip

    def _words(self, row: int, word: str) -> str:
        spent, spent_name = self._money(self.node.left, row)
        granted, granted_name = self._money(self.node.right, row)
        if word == RED:
            label = quoted(item_label(self.context.form, self.item, self.context.years[row]))
            return (
                f"{label}{stated_text(self.score.value[row])}，{granted_name}{granted}万元、{spent_name}{spent}万元，"
                f"执行率{rounded_percent(self._figures(self.node).value[row])}，得分偏高超过{rounded_percent(self.rules.red)}"
            )
        if granted == "0":
            return f"{granted_name}为 0"
        return f"{granted_name}{granted}万元，{spent_name}{spent}万元，未支出的超过{rounded_percent(self.rules.yellow)}"

    def _money(self, node: Node, row: int) -> tuple[str, str]:
        return plain(self._figures(node).value[row]), quoted(
            reference_label(self.context.form, next(refs(node)), self.context.years[row])
        )
