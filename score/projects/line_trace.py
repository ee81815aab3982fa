"""How the score of a line came about, in words: target and actual with their cells, the kind, the arithmetic."""

from __future__ import annotations

import re
from decimal import Decimal

from gouji.ingest.figures.measures import Measure
from gouji.score.kinds.reading import Recomputed
from gouji.score.projects.line_kind import EQUAL, LESS, MORE, TEXT
from gouji.score.projects.line_text import text_band
from gouji.score.projects.lines import ACTUAL, TARGET, ProjectLines
from gouji.templates.exact import plain
from gouji.templates.scoring.points import points_text, range_text, rounded_percent


def line_trace(lines: ProjectLines, recomputed: Recomputed, kind: int, line: int) -> str:
    """`完成值70%（G133），指标值100%（F133）；正向指标，完成70%，得7分`."""
    measured = f"完成值{_shown(lines, ACTUAL, line)}，指标值{_shown(lines, TARGET, line)}"
    reading = recomputed.readings[kind]
    due = range_text(reading.low[line], reading.high[line])
    less = "（不含上限）" if reading.open_high[line] else ""
    if reading.name == TEXT:
        return f"{measured}；{text_band(lines.targets[line], lines.actuals[line]).why}，应得{due}{less}"
    if not reading.fixed[line]:
        return (
            f"{measured}；{reading.name}指标，{range_told(lines.targets[line], lines.actuals[line])}，应得{due}{less}"
        )
    return f"{measured}；{reading.name}指标，{_how(lines, reading.name, line)}，得{points_text(reading.score[line])}"


def range_told(target: Measure, actual: Measure) -> str:
    """Which of the two is a range."""
    ranges = [name for name, measure in (("指标值", target), ("完成值", actual)) if measure.until is not None]
    about = "（约数按上下5%）" if ranges and re.search("约|左右", target.text + actual.text) else ""
    return f"{'和'.join(ranges) or '完成值'}是一个范围{about}"


def _shown(lines: ProjectLines, column: str, line: int) -> str:
    measure = (lines.targets if column == TARGET else lines.actuals)[line]
    cell = lines.cell(column, line)
    return f"{measure.text}（{cell}）" if cell else measure.text


def _how(lines: ProjectLines, kind: str, line: int) -> str:
    target, actual, points = lines.first[line], lines.second[line], plain(lines.points.value[line])
    if (kind == MORE and actual >= target) or (kind == LESS and actual <= target):
        return "已达到指标值"
    if kind == EQUAL and target == 0:
        return "已达到指标值" if actual <= 0 else "应为 0 而大于 0"
    if target <= 0:
        return "未达到指标值"
    if kind == LESS:
        over, beyond = (actual - target) / target, rounded_percent((actual - target) / target)
        return f"超过指标值{beyond}" + (f"，{points}分×（1－{beyond}）" if over < 1 else "")
    reached = rounded_percent(max(actual / target, Decimal(0)))
    return f"完成{reached}，{points}分×{reached}"
