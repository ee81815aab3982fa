"""A-S3 自评预警: self-scores that outrun the money spent (红色), a budget left unspent (黄色)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from gouji.score.arrays import Flags, either, flags
from gouji.score.columns import verdict_rows
from gouji.score.projects.execution import amounts
from gouji.score.projects.project_context import HINT, ProjectContext
from gouji.score.result import Piece
from gouji.score.wording import stated_text
from gouji.templates.exact import plain
from gouji.templates.rules import quantity as q
from gouji.templates.scoring.points import rounded_percent
from gouji.templates.verdicts import AGREES, DIFFERS, UNCHECKED
from gouji.validate.findings import Finding

LAYER = "得分重算"
RED, YELLOW, NONE = "红色预警", "黄色预警", "无"


@dataclass(frozen=True)
class Alerts:
    """Per return: whether each alert is raised, and whether it can be told at all."""

    red: Flags
    red_told: Flags
    yellow: Flags
    yellow_told: Flags

    @property
    def word(self) -> NDArray[np.object_]:
        """红色预警, 黄色预警, 无, or None where no alert is raised and one of them cannot be told."""
        quiet = either(self.red_told & self.yellow_told, NONE, None)
        return either(self.red, RED, either(self.yellow, YELLOW, quiet))

    @property
    def verdict(self) -> NDArray[np.object_]:
        """不符 where an alert is raised, 无法核对 where one cannot be told and none is."""
        quiet = np.where(self.red_told & self.yellow_told, AGREES, UNCHECKED)
        return np.where(self.red | self.yellow, DIFFERS, quiet).astype(object)


def alerts(context: ProjectContext) -> Alerts:
    """The alerts on the scores as stated and the amounts as filled in."""
    red, red_told = _red(context)
    yellow, yellow_told = _yellow(context)
    return Alerts(red, red_told, yellow, yellow_told)


def check_alerts(context: ProjectContext, raised: Alerts) -> Piece:
    """A-S3 verdict of every return."""
    verdict = raised.verdict
    rows = verdict_rows(context.ids, context.rules.alert.id, context.total_item.id, verdict)
    return Piece(verdicts=[rows], findings=list(_findings(context, raised, verdict)))


def _red(context: ProjectContext) -> tuple[Flags, Flags]:
    """(L/90 − E/10) ÷ (L/90) > limit, multiplied out: L × 10 − E × 90 > limit × L × 10."""
    earned, spent = context.line_score, context.execution_score
    for_lines, for_money = context.line_points, context.execution_points
    known = earned.known & spent.known & flags(earned.value > 0)
    left = earned.value * for_money - spent.value * for_lines
    return known & flags(left > context.rules.alert.red * earned.value * for_money), known


def _yellow(context: ProjectContext) -> tuple[Flags, Flags]:
    money = amounts(context)
    if money is None:
        no = np.zeros(context.wide.size, bool)
        return no, no
    return left_unspent(*money, context.rules.alert.yellow)


def left_unspent(executed: q.Quantity, budget: q.Quantity, limit: Decimal) -> tuple[Flags, Flags]:
    """Whether there is no budget, or more than `limit` of it is left; and whether it can be told."""
    nothing = budget.known & flags(budget.value == 0)
    both = budget.known & executed.known & flags(budget.value > 0)
    unspent = flags(budget.value - executed.value > limit * budget.value)
    return nothing | (both & unspent), nothing | both


def _findings(context: ProjectContext, raised: Alerts, verdict: NDArray[np.object_]) -> Iterator[Finding]:
    something = context.line_score.known | context.execution_score.known | context.execution.known
    for row in np.flatnonzero((verdict != AGREES) & (raised.red | raised.yellow | something)).tolist():
        finding = context.return_finding(
            context.total_item.id, row, context.rules.alert.id, LAYER, HINT, str(verdict[row])
        )
        finding.related_cells = _cells(context, row)
        if verdict[row] == UNCHECKED:
            finding.message = f"自评预警无法判断：{_missing(raised, row)}。"
        else:
            clauses = [_red_text(context, row)] if raised.red[row] else []
            clauses += [_yellow_text(context, row)] if raised.yellow[row] else []
            finding.cause = RED if raised.red[row] else YELLOW
            finding.message = f"自评预警（{finding.cause}）：{'；'.join(clauses)}。请财政部门复核时留意。"
        yield finding


def _missing(raised: Alerts, row: int) -> str:
    parts = [] if raised.red_told[row] else ["执行率得分或指标得分没有填写，或指标得分合计为 0"]
    parts += [] if raised.yellow_told[row] else ["年度资金总额的预算数或执行数没有填写"]
    return "；".join(parts)


def _red_text(context: ProjectContext, row: int) -> str:
    earned, spent = context.line_score.value[row], context.execution_score.value[row]
    lines, money = context.line_points, context.execution_points
    return (
        f"绩效指标自评{stated_text(earned)}（满分{plain(lines)}分的{rounded_percent(earned / lines)}），"
        f"执行率得分{stated_text(spent)}（满分{plain(money)}分的{rounded_percent(spent / money)}），"
        f"指标得分偏高超过{rounded_percent(context.rules.alert.red)}"
    )


def _yellow_text(context: ProjectContext, row: int) -> str:
    money = amounts(context)
    assert money is not None
    executed, budget = money[0].value[row], money[1].value[row]
    if budget == 0:
        return "全年预算数为 0"
    unspent = budget - executed
    return f"全年预算{plain(budget)}万元，未执行{plain(unspent)}万元，占{rounded_percent(unspent / budget)}"


def _cells(context: ProjectContext, row: int) -> str | None:
    place = context.wide.fixed.place[context.execution_item.id]
    cells = [context.wide.fixed.cell[row, place], *(operand.cells[row] for operand in context.execution_inputs)]
    return "；".join(str(cell) for cell in cells if cell) or None
