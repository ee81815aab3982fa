"""A form with one score of its own (自评报告): full marks with an indicator missed, a score beyond the money."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from score.arrays import Flags, flags
from score.columns import verdict_rows
from score.context import Context
from score.projects.alert import RED, Alerts, left_unspent
from score.projects.line_scores import recompute_lines
from score.projects.lines import LineColumns, ProjectLines, project_lines
from score.result import Scored
from score.wording import percent, stated_text
from templates.definition import StatedScore
from templates.rules import quantity as q
from templates.rules.evaluate import evaluate
from templates.rules.naming import item_label, quoted
from templates.rules.nodes import Binary
from templates.rules.sentence import plain
from templates.verdicts import AGREES, DIFFERS, UNCHECKED
from validate.figures import Tables, column_quantity
from validate.findings import Finding
from validate.possible import scored_inputs
from validate.wide import BLANK_STATE, FILLED_STATE, Wide

FULL = Decimal(100)
ASK, HINT = "核实性", "提示"
_SHOWN = 5


def score_report(wide: Wide, tables: Tables) -> Scored:
    """Verdicts and findings of every return of a form with a stated score; it has no scores of its own to recompute.

    Raises ValueError for a form without one.
    """
    rules = wide.form.definition.stated_score
    if rules is None:
        raise ValueError(f"{wide.form.key} states no score")
    context = ReportContext(wide, tables, rules)
    verdicts, findings = [_rows(context, rules.full, full_verdict(context))], list(_unearned(context))
    if rules.alert is not None:
        alert = _Alert.of(context)
        verdicts.append(_rows(context, rules.alert.id, alert.raised.verdict))
        findings += _alerts(context, alert)
    return Scored(pd.DataFrame(), pd.DataFrame(), pd.concat(verdicts, ignore_index=True), findings)


@dataclass
class ReportContext(Context):
    """All returns of one edition, their scores and indicators."""

    rules: StatedScore

    @cached_property
    def score(self) -> q.Quantity:
        """The score that each return states for all."""
        return column_quantity(self.wide.fixed, self.rules.item, self.form.items[self.rules.item])

    @cached_property
    def lines(self) -> ProjectLines:
        columns = LineColumns(self.rules.target, self.rules.actual, points=None, score=None)
        return project_lines(self.wide, self.rules.lines, self.rules.lower_is_better, columns)

    @cached_property
    def short(self) -> Flags:
        """The indicators whose actual misses the target however it is read, or is not there."""
        recomputed, columns = recompute_lines(self.lines), self.lines.columns
        reached = np.zeros(self.lines.size, bool)
        for one in recomputed.readings:
            reached |= one.applies & flags(one.high >= 1) & ~one.open_high
        asked = columns.state_of(self.rules.target) == FILLED_STATE
        blank = asked & (columns.state_of(self.rules.actual) == BLANK_STATE)
        return flags((recomputed.known & ~reached) | blank)

    @property
    def label(self) -> str:
        """What the score is called, in quotation marks."""
        return quoted(item_label(self.form, self.form.items[self.rules.item], None))

    def finding(self, row: int, rule: str, layer: str, severity: str) -> Finding:
        """A finding at the score of a return, still without its message."""
        return Finding(
            rule=rule, layer=layer, severity=severity, verdict=DIFFERS, message="", item=self.rules.item,
            cell=self.wide.fixed.cell[row, self.wide.fixed.place[self.rules.item]],
            stated=stated_text(self.score.value[row]) if self.score.known[row] else None,
            basis=self.form.definition.basis, **self.origins[row].fields(),
        )  # fmt: skip


def full_verdict(context: ReportContext) -> NDArray[np.object_]:
    """不符 where full marks stand beside an indicator that was missed; less than full marks are the unit's to give."""
    full = context.score.known & flags(context.score.value == FULL)
    missed = np.bincount(context.lines.owner[context.short], minlength=context.wide.size) > 0
    told = np.where(context.score.known, AGREES, UNCHECKED).astype(object)
    return np.where(full & missed, DIFFERS, told).astype(object)


def _rows(context: ReportContext, rule: str, verdict: NDArray[np.object_]) -> pd.DataFrame:
    return verdict_rows(context.ids, rule, context.rules.item, verdict)


def _unearned(context: ReportContext) -> Iterator[Finding]:
    lines, rules = context.lines, context.rules
    for row in np.flatnonzero(full_verdict(context) == DIFFERS).tolist():
        short = np.flatnonzero(context.short & (lines.owner == row)).tolist()
        told = "、".join(_indicator(context, at) for at in short[:_SHOWN]) + ("等" if len(short) > _SHOWN else "")
        finding = context.finding(row, rules.full, "逻辑", ASK)
        finding.related_cells = "；".join(cell for at in short if (cell := lines.cell(rules.actual, at))) or None
        finding.message = (
            f"{context.label}为满分{plain(FULL)}分，但有 {len(short)} 项指标没有达到指标值或没有填写完成值：{told}。"
            "请核对后更正，或说明理由。"
        )
        yield finding


def _indicator(context: ReportContext, at: int) -> str:
    lines = context.lines
    if lines.columns.state_of(context.rules.actual)[at] == BLANK_STATE:
        return f"{quoted(lines.names[at])}（没有填写完成值）"
    return f"{quoted(lines.names[at])}（指标值{lines.targets[at].text}，完成值{lines.actuals[at].text}）"


@dataclass(frozen=True)
class _Alert:
    """The alerts as for a 自评表, on the whole score, and what they were told from."""

    raised: Alerts
    rate: q.Quantity
    spent: q.Quantity
    budget: q.Quantity

    @classmethod
    def of(cls, context: ReportContext) -> _Alert:
        """The score outruns the money spent, or much of the money is left."""
        alert, node = context.rules.alert, context.form.execution_rate
        assert alert is not None and isinstance(node, Binary)
        rate, spent, budget = (evaluate(one, context.given) for one in (node, node.left, node.right))
        score = context.score
        red_told = score.known & rate.known & flags(score.value > 0)
        red = red_told & flags(score.value - rate.value * FULL > alert.red * score.value)
        return cls(Alerts(red, red_told, *left_unspent(spent, budget, alert.yellow)), rate, spent, budget)


def _alerts(context: ReportContext, alert: _Alert) -> Iterator[Finding]:
    rules, node = context.rules.alert, context.form.execution_rate
    assert rules is not None and node is not None
    inputs = scored_inputs(context.wide, context.tables, node)
    word = alert.raised.word
    for row in np.flatnonzero(alert.raised.verdict == DIFFERS).tolist():
        finding = context.finding(row, rules.id, "得分重算", HINT)
        finding.cause = str(word[row])
        finding.related_cells = "；".join(str(one.cells[row]) for one in inputs if one.cells[row]) or None
        spent, budget = (f"{plain(one.value[row])}万元" for one in (alert.spent, alert.budget))
        if finding.cause == RED:
            told = (
                f"{context.label}{stated_text(context.score.value[row])}，到位资金{budget}、支出{spent}，"
                f"执行率{percent(alert.rate.value[row])}，得分偏高超过{percent(rules.red)}"
            )
        elif alert.budget.value[row] == 0:
            told = "到位资金为 0"
        else:
            told = f"到位资金{budget}，支出{spent}，未支出的超过{percent(rules.yellow)}"
        finding.message = f"自评预警（{finding.cause}）：{told}。请财政部门复核时留意。"
        yield finding
