"""What is asked of indicator lines, whether the form scores each of them (自评表) or states one score for all."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from gouji.score.context import Context
from gouji.score.kinds.reading import Recomputed
from gouji.score.projects.line_scores import recompute_lines
from gouji.score.projects.lines import ProjectLines
from gouji.templates.items import Item
from gouji.templates.rules import quantity as q
from gouji.templates.rules.evaluate import evaluate
from gouji.templates.rules.nodes import Node
from gouji.validate.findings import Finding
from gouji.validate.inputs import Input
from gouji.validate.possible import scored_inputs


@dataclass
class IndicatorContext(Context, ABC):
    """All returns of one edition, their indicator lines, and the money spent for them."""

    @property
    @abstractmethod
    def lines(self) -> ProjectLines:
        """The indicators of all returns."""

    @property
    @abstractmethod
    def execution_node(self) -> Node:
        """Money spent over money given (执行率)."""

    @property
    @abstractmethod
    def rate_item(self) -> Item:
        """The item at which 执行率 is told."""

    @cached_property
    def recomputed(self) -> Recomputed:
        """Every line under every reading of its kind."""
        return recompute_lines(self.lines)

    @cached_property
    def execution(self) -> q.Quantity:
        """执行率 from the amounts."""
        return evaluate(self.execution_node, self.figures)

    @cached_property
    def execution_inputs(self) -> list[Input]:
        """The amounts of 执行率 and their cells."""
        return scored_inputs(self.wide, self.tables, self.execution_node)

    def return_finding(self, item: str, row: int, rule: str, layer: str, severity: str, verdict: str) -> Finding:
        """A finding at an item of a return, still without its message."""
        return Finding(
            rule=rule, layer=layer, severity=severity, verdict=verdict, message="", item=item,
            cell=self.wide.fixed.cell[row, self.wide.fixed.place[item]],
            basis=self.form.definition.basis, **self.origins[row].fields(),
        )  # fmt: skip

    def line_finding(self, line: int, column: str, rule: str, layer: str, severity: str, verdict: str) -> Finding:
        """A finding at a column of a line, still without its message."""
        return Finding(
            rule=rule, layer=layer, severity=severity, verdict=verdict, message="",
            item=f"{self.lines.line[line]}.{column}", cell=self.lines.cell(column, line),
            basis=self.form.definition.basis, **self.origins[int(self.lines.owner[line])].fields(),
        )  # fmt: skip

    def line_items(self, column: str) -> NDArray[np.object_]:
        """`line.column` of every line."""
        return np.array([f"{line}.{column}" for line in self.lines.line], dtype=object)
