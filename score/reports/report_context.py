"""What all rules for one edition of a 自评报告 share."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from gouji.score.projects.indicator_context import IndicatorContext
from gouji.score.projects.lines import LineColumns, ProjectLines, project_lines
from gouji.templates.items import Item
from gouji.templates.rules import quantity as q
from gouji.templates.rules.nodes import Node, refs
from gouji.templates.scoring.parameters import StatedScore
from gouji.validate.figures import column_quantity


@dataclass
class ReportContext(IndicatorContext):
    """All returns of one edition, their scores and indicators."""

    rules: StatedScore

    @property
    def item(self) -> Item:
        """The score that each return states for all."""
        return self.form.items[self.rules.item]

    @cached_property
    def score(self) -> q.Quantity:
        """What it is."""
        return column_quantity(self.wide.fixed, self.item.id, self.item)

    @cached_property
    def lines(self) -> ProjectLines:
        columns = LineColumns(self.rules.target, self.rules.actual, points=None, score=None, reason=None)
        return project_lines(self.wide, self.rules.lines, self.rules.lower_is_better, columns)

    @property
    def execution_node(self) -> Node:
        node = self.form.spending_rate
        assert node is not None
        return node

    @property
    def rate_item(self) -> Item:
        """The money spent: the form has no cell for the rate."""
        return self.form.items[next(refs(self.execution_node)).item]
