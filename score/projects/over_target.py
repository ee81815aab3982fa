"""A-S5: actuals far above a target of which more is better: the target was set low."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gouji.score.arrays import Flags, either, flags
from gouji.score.columns import verdict_rows
from gouji.score.projects.indicator_context import IndicatorContext
from gouji.score.projects.line_kind import MORE
from gouji.score.projects.lines import ProjectLines
from gouji.score.projects.project_context import ASK, HINT
from gouji.score.result import Piece
from gouji.templates.rules.naming import quoted
from gouji.templates.rules.quantity import Decimals
from gouji.templates.scoring.parameters import OverTarget
from gouji.templates.scoring.points import rounded_percent
from gouji.templates.verdicts import AGREES, DIFFERS
from gouji.validate.findings import Finding

LAYER = "逻辑"


def check_over_target(context: IndicatorContext, limits: OverTarget) -> Piece:
    """Verdicts of every 正向 line with 分值 and a plain actual; 提示 from `hint` on, 核实性 from `explain` on."""
    lines = context.lines
    judged = _judged(lines)
    share = _share(lines, judged)
    over = judged & flags(share >= limits.hint)
    verdict = np.where(over, DIFFERS, AGREES).astype(object)
    items = context.line_items(lines.named.actual)
    rows = verdict_rows(context.ids[lines.owner[judged]], limits.id, items[judged], verdict[judged])
    return Piece(verdicts=[rows], findings=list(_findings(context, limits, over, share)))


def _judged(lines: ProjectLines) -> Flags:
    more = np.array([kind.possible == (MORE,) for kind in lines.kinds], bool)
    pairs = zip(lines.targets, lines.actuals, strict=True)
    plain = np.array([not (actual.sign or actual.until or target.until) for target, actual in pairs], bool)
    return flags(lines.judged & lines.numeric & more & plain & flags(lines.first > 0))


def _share(lines: ProjectLines, judged: Flags) -> Decimals:
    """A ÷ T, 0 where it is not judged."""
    share: Decimals = either(judged, lines.second, 0) / either(judged, lines.first, 1)
    return share


def _findings(context: IndicatorContext, limits: OverTarget, over: Flags, share: Decimals) -> Iterator[Finding]:
    lines, named = context.lines, context.lines.named
    explained = np.zeros(lines.size, bool) if named.reason is None else lines.filled(named.reason)
    where = "请核实，或说明理由" if named.reason is None else f"请在{named.reason}栏说明"
    for line in np.flatnonzero(over).tolist():
        must = share[line] >= limits.explain and not explained[line]
        finding = context.line_finding(line, named.actual, limits.id, LAYER, ASK if must else HINT, DIFFERS)
        finding.stated, finding.expected = lines.actuals[line].text, lines.targets[line].text
        finding.related_cells = lines.cell(named.target, line)
        asked = where if must else "可能是指标值定得偏低，编制下年目标时请注意"
        finding.message = (
            f"{quoted(lines.names[line])}完成值{lines.actuals[line].text}是指标值{lines.targets[line].text}的"
            f"{rounded_percent(share[line])}，{asked}。超额完成不另加分。"
        )
        yield finding
