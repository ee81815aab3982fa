"""What follows from a rate, in words: how far the threshold is missed, the points off, the band, the points."""

from __future__ import annotations

from decimal import Decimal

from gouji.score.kinds.band_rule import gap_at
from gouji.score.sheets.rated_case import RatedCase
from gouji.templates.exact import plain
from gouji.templates.rules import quantity as q
from gouji.templates.scoring.band import BandRule
from gouji.templates.scoring.points import points_text, range_text, rounded_percent
from gouji.templates.scoring.ratio import RatioRule
from gouji.templates.scoring.step import WAYS, StepRule


def rate_words(case: RatedCase) -> list[str]:
    """One text per return, of the reading that its self-score fits (else the default)."""
    match case.rule:
        case StepRule():
            return _steps(case, case.rule)
        case RatioRule():
            return _shares(case, case.rule)
        case BandRule():
            return _bands(case, case.rule)
        case _:
            raise TypeError(f"{type(case.rule).__name__} has no arithmetic")


def rate_text(case: RatedCase, value: Decimal) -> str:
    """`108%`, or `1.5个月` where steps are months."""
    if isinstance(case.rule, StepRule) and case.rule.in_months:
        return f"{plain(q.round_half_up(value, 2))}个月"
    return rounded_percent(value)


def undefined_text(case: RatedCase, row: int) -> str | None:
    """What the criterion leaves open where the rate lies between two of its bands; None elsewhere."""
    rule, points = case.rule, case.indicator.points
    if not isinstance(rule, BandRule) or case.rate.state[row] != q.OK:
        return None
    stretches = [gap_at(rule, points, start, case.rate.value[row]) for start in rule.starts(points)]
    gaps = [gap for gap in stretches if gap is not None]
    if not gaps:
        return None
    least, most = min(gap.least for gap in gaps), max(gap.most for gap in gaps)
    return f"评价标准没有规定{gaps[0].span.words}得几分，{range_text(least, most)}都可以"


def _steps(case: RatedCase, rule: StepRule) -> list[str]:
    missed = {direction: rule.beyond(direction, case.rate, q.COLUMNS).value for direction in rule.directions}
    off = {
        (direction, way): rule.lost(direction, way, by, q.COLUMNS) for direction, by in missed.items() for way in WAYS
    }
    texts = []
    for row, which in enumerate(case.judged.reading.tolist()):
        _, way, number = rule.reading_parts(which)
        parts = []
        for direction in rule.directions:
            words = rule.missed_text(direction, case.rate.value[row], missed[direction][row], off[direction, way][row])
            points = case.recomputed.readings[rule.reading_place(direction, way, number)].score[row]
            parts.append(f"{direction.name}{'，' if direction.name else ''}{words}，得{points_text(points)}")
        texts.append("；".join(parts))
    return texts


def _shares(case: RatedCase, rule: RatioRule) -> list[str]:
    full = rule.starts(case.indicator.points)
    columns = zip(
        case.judged.reading.tolist(), case.rate.value, rule.earned_share(case.rate.value, q.COLUMNS),
        case.recomputed.of(case.judged.reading, "score"), strict=True,
    )  # fmt: skip
    return [rule.share_text(full[which], rate, earned, score) for which, rate, earned, score in columns]


def _bands(case: RatedCase, rule: BandRule) -> list[str]:
    """A rate in a gap is told so; one in several bands has the points of each named."""
    return [
        undefined_text(case, row) or _band(case, rule, row, which)
        for row, which in enumerate(case.judged.reading.tolist())
    ]


def _band(case: RatedCase, rule: BandRule, row: int, which: int) -> str:
    readings = case.recomputed.readings
    each = len(readings) // len(rule.starts(case.indicator.points))
    same_start = readings[which - which % each :][:each]
    possible = list(dict.fromkeys(points_text(reading.score[row]) for reading in same_start if reading.applies[row]))
    among = f"同时落在几档（{'、'.join(possible)}），" if len(possible) > 1 else ""
    return f"{among}按所在档得{points_text(readings[which].score[row])}"
