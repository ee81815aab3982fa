"""T-19: indicators with figures that could not be compared; one finding for each table, which lists them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from gouji.ingest.figures.chinese_numerals import numeral
from gouji.ingest.figures.deadlines import in_time
from gouji.ingest.figures.measures import Measure
from gouji.ingest.figures.written_units import known_unit
from gouji.score.arrays import Flags, flags
from gouji.score.projects.indicator_context import IndicatorContext
from gouji.score.projects.line_text import text_band
from gouji.templates.measure_words import FIGURES_IN_NAMES, IN_TIME
from gouji.templates.rules.naming import quoted
from gouji.templates.verdicts import UNCHECKED
from gouji.validate.findings import Finding, common

_SHOWN = 8
_DIGIT = re.compile("[0-9]")
_DEADLINE = re.compile("[0-9]{1,2}(?:月|[./-][0-9]{1,2})")
# A year alone says when, not how much; 12345热线 and what stands in quotation marks are names.
_NAMES = re.compile(rf"(?:19|20)[0-9]{{2}}(?:年度?|-)(?![0-9])|[0-9]+(?:{'|'.join(FIGURES_IN_NAMES)})|“[^”]*”")


SCORED = "自评得分无法复算，也没有指出得分是否偏高", "得分"
UNSCORED = "没有核对是否应写明原因", "完成情况"
"""What follows for such indicators, and what of them is left to the bureau."""


def check_not_recomputed(context: IndicatorContext, which: Flags, left: tuple[str, str] = SCORED) -> list[Finding]:
    """The finding of every return with such indicators (`which`), of which `left` was not held against them."""
    return list(_findings(context, which.nonzero()[0].tolist(), *left))


def open_figures(context: IndicatorContext) -> Flags:
    """The indicators with figures that could not be compared."""
    lines = context.lines
    pairs = zip(lines.targets, lines.actuals, strict=True)
    figures = np.array([has_open_figures(target, actual) for target, actual in pairs], bool)
    return flags(lines.usable & lines.judged & ~lines.numeric & figures)


@lru_cache(maxsize=65536)
def has_open_figures(target: Measure, actual: Measure) -> bool:
    """Whether a figure was asked for, and neither words nor figures of the actual say whether it was reached."""
    band = text_band(target, actual)
    if (
        band.open_high
        or in_time(target.text, actual.text)
        or target.text.strip("。;，,") == actual.text.strip("。;，,")
    ):
        return False
    if target.number == 0 or (_DEADLINE.search(target.text) and any(word in actual.text for word in IN_TIME)):
        return _holds_figure(actual)
    return _holds_figure(target)


def _holds_figure(measure: Measure) -> bool:
    if measure.number is not None or _DIGIT.search(_NAMES.sub("", measure.text)):
        return True
    count = numeral(measure.text)  # 三期 is a count or a rank
    return count is not None and count[0] > 1 and known_unit(count[1]) is not None


def _findings(context: IndicatorContext, places: list[int], unjudged: str, asked: str) -> Iterator[Finding]:
    lines = context.lines
    of_return: dict[int, list[int]] = {}
    for line in places:
        of_return.setdefault(int(lines.owner[line]), []).append(line)
    for row, mine in of_return.items():
        cells = [lines.cell(lines.named.actual, line) or lines.cell(lines.named.target, line) for line in mine]
        examples = "；".join(_told(context, line, cell) for line, cell in zip(mine[:_SHOWN], cells, strict=False))
        finding = common(
            "T-19", context.origins[row], item="", cell=cells[0], count=len(mine), unjudged=unjudged, asked=asked,
            examples=examples + (" 等" if len(mine) > _SHOWN else ""),
            related_cells="；".join(cell for cell in cells if cell),
        )  # fmt: skip
        finding.verdict = UNCHECKED
        yield finding


def _told(context: IndicatorContext, line: int, cell: str | None) -> str:
    lines = context.lines
    return (
        f"{f'{cell} ' if cell else ''}{quoted(lines.names[line])}指标值“{lines.targets[line].text}”，"
        f"完成值“{lines.actuals[line].text}”"
    )
