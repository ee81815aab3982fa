"""What all rules for one edition of a form share whose indicators have no points."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from gouji.score.arrays import Flags, flags
from gouji.score.projects.indicator_context import IndicatorContext
from gouji.score.projects.lines import LineColumns, ProjectLines, project_lines
from gouji.score.projects.outcome import completed_share
from gouji.templates.items import Item
from gouji.templates.rules import quantity as q
from gouji.templates.rules.nodes import Node, refs
from gouji.templates.scoring.parameters import Indicators, StatedScore, Unscored
from gouji.validate.figures import column_quantity


@dataclass
class ReportContext(IndicatorContext):
    """All returns of one edition and their indicators."""

    rules: Indicators

    @cached_property
    def lines(self) -> ProjectLines:
        columns = LineColumns(self.rules.target, self.rules.actual, points=None, score=None, reason=self.reason)
        return project_lines(self.wide, self.rules.lines, self.rules.lower_is_better, columns)

    @property
    def reason(self) -> str | None:
        """The column in which a unit says why an indicator missed its target."""
        return None

    @cached_property
    def missed(self) -> Flags:
        """The indicators whose actual misses the target however it is read."""
        reached = np.zeros(self.lines.size, bool)
        for reading in self.recomputed.readings:
            reached |= reading.applies & flags(reading.high >= 1) & ~reading.open_high
        return flags(self.recomputed.known & (~reached | self.partly))

    @property
    def partly(self) -> Flags:
        """The indicators in words of which the form's own share of completion says that they were not reached."""
        return np.zeros(self.lines.size, bool)

    @property
    def execution_node(self) -> Node:
        node = self.form.spending_rate
        assert node is not None
        return node

    @property
    def rate_item(self) -> Item:
        """The cell of 执行率 where the form has one, else that of the money spent."""
        spent = self.form.items[next(refs(self.execution_node)).item]
        beside = (item for item in self.form.items.values() if item.row is not None and item.row == spent.row)
        return next((item for item in beside if item.kind == "rate"), spent)


@dataclass
class StatedContext(ReportContext):
    """The same with the score that each return states for all."""

    rules: StatedScore

    @property
    def item(self) -> Item:
        """The score that each return states for all."""
        return self.form.items[self.rules.item]

    @cached_property
    def score(self) -> q.Quantity:
        """What it is."""
        return column_quantity(self.wide.fixed, self.item.id, self.item)


@dataclass
class UnscoredContext(ReportContext):
    """The same of a form that scores nothing, but asks for the reason of what was missed."""

    rules: Unscored

    @property
    def reason(self) -> str:
        return self.rules.reason

    @property
    def partly(self) -> Flags:
        limit, lines = self.rules.partly, self.lines
        if limit is None:
            return super().partly
        names = (f"{name}{group}" for name, group in zip(lines.names, lines.groups, strict=True))
        shares = map(completed_share, lines.targets, lines.actuals, names)
        return np.array([share is not None and share < limit for share in shares], bool)

    @cached_property
    def explained(self) -> Flags:
        """The indicators of which a unit says why."""
        return self.lines.filled(self.reason)
