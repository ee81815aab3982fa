"""A-S5: actuals far above a target of which more is better: the target was set low."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from score.arrays import Flags, either, flags
from score.columns import verdict_rows
from score.projects.line_kind import MORE
from score.projects.lines import ACTUAL, REASON, TARGET
from score.projects.project_context import ASK, HINT, ProjectContext
from score.result import Piece
from score.wording import percent
from templates.rules.naming import quoted
from templates.rules.quantity import Decimals
from templates.verdicts import AGREES, DIFFERS
from validate.findings import Finding

LAYER = "逻辑"


def check_over_target(context: ProjectContext) -> Piece:
    """Verdicts of every 正向 line with 分值 and a plain actual; 提示 from `hint` on, 核实性 from `explain` on."""
    lines = context.lines
    judged = _judged(context)
    share = _share(context, judged)
    over = judged & flags(share >= context.rules.over_target.hint)
    verdict = np.where(over, DIFFERS, AGREES).astype(object)
    items = context.line_items(ACTUAL)
    rows = verdict_rows(context.ids[lines.owner[judged]], context.rules.over_target_id, items[judged], verdict[judged])
    return Piece(verdicts=[rows], findings=list(_findings(context, over, share)))


def _judged(context: ProjectContext) -> Flags:
    lines = context.lines
    more = np.array([kind.possible == (MORE,) for kind in lines.kinds], bool)
    plain = np.array([actual.sign == "" for actual in lines.actuals], bool)
    return flags(lines.judged & lines.numeric & more & plain & flags(lines.first > 0))


def _share(context: ProjectContext, judged: Flags) -> Decimals:
    """A ÷ T, 0 where it is not judged."""
    lines = context.lines
    share: Decimals = either(judged, lines.second, 0) / either(judged, lines.first, 1)
    return share


def _findings(context: ProjectContext, over: Flags, share: Decimals) -> Iterator[Finding]:
    lines, limits = context.lines, context.rules.over_target
    explained = lines.filled(REASON)
    for at in np.flatnonzero(over).tolist():
        must = share[at] >= limits.explain and not explained[at]
        finding = context.line_finding(at, ACTUAL, context.rules.over_target_id, LAYER, ASK if must else HINT, DIFFERS)
        finding.stated, finding.expected = lines.actuals[at].text, lines.targets[at].text
        finding.related_cells = lines.cell(TARGET, at)
        asked = "请在偏差原因栏说明" if must else "可能是指标值定得偏低，编制下年目标时请注意"
        finding.message = (
            f"{quoted(lines.names[at])}完成值{lines.actuals[at].text}是指标值{lines.targets[at].text}的"
            f"{percent(share[at])}，{asked}。超额完成不另加分。"
        )
        yield finding
