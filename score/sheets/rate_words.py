"""What follows from a rate, in words: how far the threshold is missed, the points off, the band, the points."""

from __future__ import annotations

from decimal import Decimal

from gouji.score.kinds.band_rule import gap_at
from gouji.score.kinds.step_rule import reading_parts, reading_place
from gouji.score.sheets.rated_case import RatedCase
from gouji.score.wording import percent, points_text, range_text
from gouji.templates.definition import BandRule, RatioRule, StepRule
from gouji.templates.exact import plain
from gouji.templates.rules import quantity as q
from gouji.templates.scoring.criteria import span_text, threshold_text
from gouji.templates.scoring.directions import WAYS, Direction, directions
from gouji.templates.scoring.full_marks import starts
from gouji.templates.scoring.ratio_score import earned_share
from gouji.templates.scoring.step_score import beyond, lost


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
    if isinstance(case.rule, StepRule) and case.rule.unit == "个月":
        return f"{plain(q.round_half_up(value, 2))}个月"
    return percent(value)


def undefined_text(case: RatedCase, row: int) -> str | None:
    """What the criterion leaves open where the rate lies between two of its bands; None elsewhere."""
    rule, points = case.rule, case.indicator.points
    if not isinstance(rule, BandRule) or case.rate.state[row] != q.OK:
        return None
    found = [gap_at(rule, points, start, case.rate.value[row]) for start in starts(rule, points)]
    gaps = [gap for gap in found if gap is not None]
    if not gaps:
        return None
    least, most = min(gap.least for gap in gaps), max(gap.most for gap in gaps)
    return f"评价标准没有规定{span_text(gaps[0].span)}得几分，{range_text(least, most)}都可以"


def _steps(case: RatedCase, rule: StepRule) -> list[str]:
    missed = {one: beyond(rule, one, case.rate, q.COLUMNS).value for one in directions(rule)}
    off = {(one, way): lost(rule, one, way, by, q.COLUMNS) for one, by in missed.items() for way in WAYS}
    texts = []
    for row, which in enumerate(case.judged.reading.tolist()):
        _, way, number = reading_parts(rule, which)
        parts = []
        for one in directions(rule):
            words = _step(case, rule, one, row, missed[one][row], off[one, way][row])
            points = case.recomputed.readings[reading_place(rule, one, way, number)].score[row]
            parts.append(f"{one.name}{'，' if one.name else ''}{words}，得{points_text(points)}")
        texts.append("；".join(parts))
    return texts


def _step(case: RatedCase, rule: StepRule, one: Direction, row: int, missed: Decimal, off: Decimal) -> str:
    """`超过100%达8个百分点，扣4分`, or that the threshold is kept."""
    at = threshold_text(rule, one.threshold)
    if missed > 0:
        side = "超过" if case.rate.value[row] > one.threshold else "低于"
        unit = rule.unit if rule.unit == "个月" else "个百分点"
        return f"{side}{at}达{plain(q.round_half_up(missed, 2))}{unit}，扣{points_text(off)}"
    if not one.strict:
        return {"above": f"不超过{at}", "below": f"不低于{at}", "both": f"等于{at}"}[one.bad]
    if missed < 0:
        return f"低于{at}" if one.bad == "above" else f"超过{at}"
    return f"正好等于{at}，评价标准没有规定是否达标" + (f"，扣{points_text(off)}" if off else "")


def _shares(case: RatedCase, rule: RatioRule) -> list[str]:
    score, full = case.recomputed.of(case.judged.reading, "score"), starts(rule, case.indicator.points)
    texts = []
    shares = earned_share(rule, case.rate.value, q.COLUMNS)
    for which, rate, earned, points in zip(case.judged.reading.tolist(), case.rate.value, shares, score, strict=True):
        share = f"（1－{percent(min(max(rate, Decimal(0)), Decimal(1)))}）" if rule.reverse else percent(earned)
        texts.append(f"{plain(full[which])}分×{share}，得{points_text(points)}")
    return texts


def _bands(case: RatedCase, rule: BandRule) -> list[str]:
    """A rate in a gap is told so; one in several bands has the points of each named."""
    return [
        undefined_text(case, row) or _band(case, rule, row, which)
        for row, which in enumerate(case.judged.reading.tolist())
    ]


def _band(case: RatedCase, rule: BandRule, row: int, which: int) -> str:
    readings = case.recomputed.readings
    each = len(readings) // len(starts(rule, case.indicator.points))
    same_start = readings[which - which % each :][:each]
    possible = list(dict.fromkeys(points_text(one.score[row]) for one in same_start if one.applies[row]))
    among = f"同时落在几档（{'、'.join(possible)}），" if len(possible) > 1 else ""
    return f"{among}按所在档得{points_text(readings[which].score[row])}"
