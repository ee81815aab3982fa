"""What all rules for one edition of the 自评表 share while it is scored."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from gouji.score.kinds.agreement import Agreement, agreement
from gouji.score.projects.indicator_context import IndicatorContext
from gouji.score.projects.lines import ProjectLines, project_lines
from gouji.templates.blocks import ListBlock
from gouji.templates.items import Item
from gouji.templates.rules import quantity as q
from gouji.templates.rules.nodes import Node
from gouji.templates.scoring.parameters import ProjectScoring
from gouji.validate.figures import column_quantity

ASK, HINT = "核实性", "提示"
_HUNDRED, _TEN = Decimal(100), Decimal(10)


@dataclass
class ProjectContext(IndicatorContext):
    """All returns of one edition, their lines, and what was recomputed of them."""

    rules: ProjectScoring

    @cached_property
    def lines(self) -> ProjectLines:
        return project_lines(self.wide, self.rules.lines, self.rules.lower_is_better)

    @cached_property
    def judged(self) -> Agreement:
        """Every line's self-score against it."""
        return agreement(self.recomputed, self.lines.stated, self.lines.points.value)

    @cached_property
    def execution_node(self) -> Node:
        """全年执行数 ÷ 全年预算数."""
        node = self.form.execution_rate
        assert node is not None
        return node

    @property
    def execution_item(self) -> Item:
        """The item that holds the self-score for 执行率."""
        return self.form.items[self.rules.execution.points]

    @property
    def rate_item(self) -> Item:
        """The item at which 执行率 is stated, else that of its self-score."""
        beside = (item for item in self.form.items.values() if item.row == self.execution_item.row)
        return next((item for item in beside if item.kind == "rate"), self.execution_item)

    @property
    def total_item(self) -> Item:
        """The item that holds the total, else the self-score for 执行率."""
        scoring = self.form.definition.scoring
        name = scoring.total if scoring is not None else None
        return self.form.items[name] if name is not None else self.execution_item

    @property
    def execution_points(self) -> Decimal:
        """分值 of 执行率 as printed."""
        printed = self.form.items.get(f"{self.execution_item.row}.分值")
        return printed.fixed if printed is not None and printed.fixed is not None else _TEN

    @property
    def line_points(self) -> Decimal:
        """The points printed for all first-level indicators together; where none are, what 执行率 leaves of 100."""
        blocks = [block for block in self.form.definition.blocks if isinstance(block, ListBlock)]
        mine = next((block for block in blocks if block.list_id == self.rules.lines), None)
        printed = [] if mine is None else [group.points for group in mine.groups if group.points is not None]
        return sum(printed, Decimal(0)) if printed else _HUNDRED - self.execution_points

    @cached_property
    def execution_score(self) -> q.Quantity:
        """The self-score for 执行率."""
        return column_quantity(self.wide.fixed, self.execution_item.id, self.execution_item)

    @cached_property
    def line_score(self) -> q.Quantity:
        """Σ of the lines' self-scores."""
        return q.total_by(self.lines.owner, self.wide.size, self.lines.stated)
