"""The score of every line of a 自评表, by its kind: T = 年度指标值, A = 实际完成值, W = 分值."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial, reduce

import numpy as np

from gouji.score.arrays import Flags, either, filled, flags, greatest, least
from gouji.score.kinds.reading import Reading, Recomputed
from gouji.score.projects.line_kind import EQUAL, LESS, LINE_KINDS, MORE, TEXT
from gouji.score.projects.line_text import text_band
from gouji.score.projects.lines import ProjectLines
from gouji.templates.rules.quantity import COLUMNS, Decimals
from gouji.templates.scoring.line_share import less_share, more_share

ZERO, ONE = Decimal(0), Decimal(1)

Share = Callable[[Decimals, Decimals], Decimals]
"""(T, A) → the share of W that is due, in [0, 1]."""
_MORE, _LESS = partial(more_share, on=COLUMNS), partial(less_share, on=COLUMNS)


def recompute_lines(lines: ProjectLines) -> Recomputed:
    """The score of every line, one reading per kind; a line in doubt has several that apply."""
    readings = (
        _numeric(MORE, _MORE, lines, rising=True),
        _numeric(LESS, _LESS, lines, rising=False),
        _equal(lines),
        _text(lines),
    )
    default = np.array([LINE_KINDS.index(kind.kind) for kind in lines.kinds], np.intp)
    return Recomputed(readings, default, lines.usable & lines.judged)


def _numeric(kind: str, share: Share, lines: ProjectLines, *, rising: bool) -> Reading:
    """正向 or 反向. A target is met or it is not: the rounding of A leaves open only what is below the full points."""
    reached = share(lines.first, lines.second)
    ends = [share(lines.first, lines.second - lines.half), share(lines.first, lines.second + lines.half)]
    missed = flags(reached < ONE)
    low, high = either(missed, least(*ends), reached), either(missed, greatest(*ends), reached)
    short_of_all = missed & flags(high >= ONE) & ~_ranged(lines)
    low, high = _of_ranges(share, lines, low, high, rising=rising)
    low, high = _of_intervals(lines, reached, low, high, rising=rising)
    open_target = flags(lines.first < ZERO) & missed
    low, high = either(open_target, ZERO, low), either(open_target, ONE, high)
    # 不足95% is all that lies below 95 %, but not 95 % itself.
    strict = np.array([actual.sign == ("<" if rising else ">") for actual in lines.actuals], bool)
    return _reading(kind, lines, reached, low, high, open_target, (short_of_all & ~open_target) | strict)


def _equal(lines: ProjectLines) -> Reading:
    """等于: T = 0 asks for A ≤ 0; any other T is 正向."""
    nothing = flags(lines.first == ZERO)
    plain = _numeric(EQUAL, _MORE, lines, rising=True)
    reached = either(flags(lines.second <= ZERO), ONE, ZERO)
    low, high = _of_intervals(lines, reached, reached, reached, rising=False)
    no = np.zeros(lines.size, bool)
    zero = _reading(EQUAL, lines, reached, low, high, no, no)
    return Reading(
        EQUAL,
        either(nothing, zero.score, plain.score),
        either(nothing, zero.low, plain.low),
        either(nothing, zero.high, plain.high),
        plain.applies,
        np.where(nothing, zero.fixed, plain.fixed),
        plain.open_high,
    )


def _of_ranges(
    share: Share, lines: ProjectLines, low: Decimals, high: Decimals, *, rising: bool
) -> tuple[Decimals, Decimals]:
    """1000-1200人: from what its ends earn at worst to what they earn at best; what is beyond a target of two ends may
    be as wrong as what falls short of it."""
    ranges = np.array([measure.until is not None for measure in (*lines.targets, *lines.actuals)], bool).reshape(2, -1)
    if not ranges.any():
        return low, high
    earned = [
        share(target, actual)
        for target in (lines.first, lines.first_most)
        for actual in (lines.second, lines.second_most)
    ]
    beyond = flags(lines.second_most > lines.first_most) if rising else flags(lines.second < lines.first)
    worst = either(flags(ranges[0] & beyond), ZERO, reduce(least, earned))
    two_ended = flags(ranges.any(axis=0))
    return either(two_ended, worst, low), either(two_ended, reduce(greatest, earned), high)


def _of_intervals(
    lines: ProjectLines, reached: Decimals, low: Decimals, high: Decimals, *, rising: bool
) -> tuple[Decimals, Decimals]:
    """An actual such as ≥95% is all that lies beyond it: its far end earns all or nothing."""
    signs = np.array([actual.sign for actual in lines.actuals], dtype=str)
    above, below = np.isin(signs, ["≥", ">"]), np.isin(signs, ["≤", "<"])
    best, worst = (above, below) if rising else (below, above)
    return either(best, reached, either(worst, ZERO, low)), either(worst, reached, either(best, ONE, high))


def _ranged(lines: ProjectLines) -> Flags:
    pairs = zip(lines.targets, lines.actuals, strict=True)
    return np.array([actual.sign != "" or actual.until or target.until for target, actual in pairs], bool)


def _reading(
    kind: str, lines: ProjectLines, reached: Decimals, low: Decimals, high: Decimals, unsettled: Flags, open_high: Flags
) -> Reading:
    """Shares → scores. One score is fixed unless the actual is an interval that is not all on one side."""
    fixed = ~(unsettled | (_ranged(lines) & flags(low != high)))
    points = either(lines.judged, lines.points.value, ZERO)
    return Reading(kind, reached * points, low * points, high * points, _possible(lines, kind), fixed, open_high)


def _text(lines: ProjectLines) -> Reading:
    """定性: only a range; the score itself is the unit's to give."""
    bands = [text_band(target, actual) for target, actual in zip(lines.targets, lines.actuals, strict=True)]
    points = either(lines.judged, lines.points.value, ZERO)
    low, high = filled(lines.size, ZERO), filled(lines.size, ONE)
    low[:], high[:] = [band.low for band in bands], [band.high for band in bands]
    open_high = np.array([band.open_high for band in bands], bool)
    no = np.zeros(lines.size, bool)
    return Reading(TEXT, high * points, low * points, high * points, _possible(lines, TEXT), no, open_high)


def _possible(lines: ProjectLines, kind: str) -> Flags:
    return np.array([kind in line_kind.possible for line_kind in lines.kinds], bool)
