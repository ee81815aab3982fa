"""Figures that a score may be worked out from: one that cannot be (a bound is broken) is as good as unreadable."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gouji.templates.rules import quantity as q
from gouji.templates.rules.nodes import Node
from gouji.validate.figures import ReturnFigures, Tables
from gouji.validate.inputs import Input, inputs_of
from gouji.validate.residuals import residual_of
from gouji.validate.wide import Wide

IMPOSSIBLE = "填的数不可能，请先更正"
"""What is wrong with an input that breaks a bound."""


class PossibleFigures(ReturnFigures):
    """The figures of every return, spoilt where they break a bound of their form (`templates.rules.bounds`)."""

    def column(self, wide: Wide, item: str) -> q.Quantity:
        figures = super().column(wide, item)
        state = np.where(impossible(wide, item) & figures.known, q.BAD, figures.state).astype(np.int8)
        return replace(figures, state=state)


def impossible(wide: Wide, item: str) -> NDArray[np.bool_]:
    """Where the figure of an item breaks a bound by more than rounding explains."""
    broken = np.zeros(wide.size, bool)
    for rule in wide.form.bounds:
        if rule.item == item and rule.list_id is None:
            broken |= np.nan_to_num(residual_of(rule, ReturnFigures(wide, Tables())).excess) != 0
    return broken


def scored_inputs(wide: Wide, tables: Tables, node: Node) -> list[Input]:
    """The inputs of a score for every return, where they cannot be used because they are impossible told as well."""
    plain, possible = ReturnFigures(wide, tables), PossibleFigures(wide, tables)
    return [_told(operand, plain, possible) for operand in inputs_of(wide, tables, node, np.arange(wide.size), None)]


def _told(operand: Input, plain: ReturnFigures, possible: ReturnFigures) -> Input:
    if operand.ref.list_id is not None or operand.ref.kind == "choice":
        return operand
    spoilt = plain.quantity(operand.ref).known & ~possible.quantity(operand.ref).known
    return replace(operand, trouble=np.where(spoilt, IMPOSSIBLE, operand.trouble))
