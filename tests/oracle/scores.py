"""Self-scores judged once more: rated indicators of 评分表, signed lines of 自评表, totals and grades.

Several readings of a criterion are in use (whole steps, a step begun, in proportion; the printed and the meant
direction; the printed full marks and the 分值): a self-score is wrong only if every reading says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, Decimal
from typing import Any

from tests.oracle import arithmetic as a
from tests.oracle.arithmetic import AGREES, BOTH_ZERO, DIFFERS, POINT, ROUNDING, UNCHECKED, Figure
from tests.oracle.rules import names, parse
from tests.oracle.ties import TableData, value_of

_NONE, _HUNDRED = Decimal(0), Decimal(100)
_MEASURE = re.compile(r"([≥≤]?)(\d+(?:\.\d+)?)(\D*)")
GRADES = ((90, "优"), (80, "良"), (60, "中"), (0, "差"))


@dataclass(frozen=True)
class JudgedScore:
    """The verdicts that a self-score may get, at its item; `text`: the figures behind it."""

    rule: str
    item: str
    verdicts: frozenset[str]
    text: str


def judge_scores(table: TableData, unit: list[TableData]) -> Iterator[JudgedScore]:
    """Rated indicators of a 评分表, lines with a signed target of a 自评表."""
    scoring = table.form.scoring
    if "sheet" in scoring:
        for name, indicator in table.form.indicators.items():
            if "rate" in indicator["rule"]:
                yield _rated(scoring["sheet"]["id"], table, unit, name, indicator)
    if "project" in scoring:
        yield from _lines(scoring["project"]["id"], table)


def self_total(table: TableData) -> Decimal | None:
    """Σ of the self-scores of a 自评表, where all are there."""
    figures = [table.figures.get(item) for item in _items(table, "得分")]
    known = [figure.value for figure in figures if figure is not None and figure.known]
    return sum(known, _NONE) if len(known) == len(figures) else None


def full_points(table: TableData) -> Decimal:
    """Σ of the points of a 自评表."""
    figures = [table.figures.get(item) for item in _items(table, "分值")]
    return sum((figure.value for figure in figures if figure is not None), _NONE)


def _items(table: TableData, column: str) -> list[str]:
    return [f"{row}.{column}" for row in ("年度资金总额", *(line for line, _ in table.lines["指标"]))]


def grade(total: Decimal) -> str:
    return next(word for least, word in GRADES if total >= least)


# ---- 评分表 ------------------------------------------------------------------------------------------


def score_spans(
    table: TableData, unit: list[TableData], name: str, *, ends: bool = False
) -> list[tuple[Decimal, Decimal]]:
    """From … to … under every reading of a rated indicator at its rate, with `ends` also at those of its interval; none
    where there is no rate."""
    indicator = table.form.indicators[name]
    criterion, points = indicator["rule"], Decimal(str(indicator["points"]))
    rate = value_of(str(criterion["rate"]), table, unit)
    if criterion.get("zero_over_zero") == "full" and rate.state == BOTH_ZERO:
        return [(start, start) for start in {min(full, points) for full in _starts(criterion, points)}]
    readings = _readings(criterion, points, rate) if rate.known else ()
    return [span for reading in readings for span in (reading if ends else reading[:1])]


def _rated(rule: str, table: TableData, unit: list[TableData], name: str, indicator: dict[str, Any]) -> JudgedScore:
    criterion, points = indicator["rule"], Decimal(str(indicator["points"]))
    stated = table.figures.get(f"{name}.得分", Figure(a.BLANK))
    rate = value_of(str(criterion["rate"]), table, unit)
    full = (criterion.get("zero_over_zero") == "full" and rate.state == BOTH_ZERO) or (
        criterion.get("full_when_absent", False) and _nothing(str(criterion["rate"]), table, unit)
    )
    text = f"{stated.value} of {points} by {criterion} at {rate}"
    if not stated.known or not (rate.known or full):
        return JudgedScore(rule, f"{name}.得分", frozenset({UNCHECKED}), text)
    if full:
        readings = [
            [(start, start)] * 3 for start in {min(start_points, points) for start_points in _starts(criterion, points)}
        ]
    else:
        readings = list(_readings(criterion, points, rate))
    return JudgedScore(rule, f"{name}.得分", judged(stated.value, points, readings), text)


def _nothing(rate: str, table: TableData, unit: list[TableData]) -> bool:
    parts = [value_of(name, table, unit) for name in names(parse(rate))]
    return all(part.known and part.value == 0 for part in parts)


Reading = list[tuple[Decimal, Decimal]]
"""What a reading yields at the rate, at the low and at the high end of its interval: from … to."""


def judged(stated: Decimal, points: Decimal, readings: list[Reading]) -> frozenset[str]:
    """相符 within half a hundredth of what a reading yields; 尾差 where it was cut off there, or where the rounding
    of the inputs yields it; the ends of an interval themselves are left to either."""
    if stated > points:
        return frozenset({DIFFERS})
    exact = [span for reading in readings for span in reading[:1]]
    if any(low - POINT <= stated <= high + POINT for low, high in exact):
        return frozenset({AGREES})
    if any(high.quantize(Decimal("0.01"), ROUND_DOWN) == stated for _, high in exact):
        return frozenset({ROUNDING})
    reached = [(min(low for low, _ in reading), max(high for _, high in reading)) for reading in readings]
    if any(low - POINT <= stated <= high + POINT for low, high in reached):
        return frozenset({AGREES, ROUNDING, DIFFERS})
    return frozenset({DIFFERS})


def _readings(criterion: dict[str, Any], points: Decimal, rate: Figure) -> Iterator[Reading]:
    ends = (rate.value, rate.low, rate.high)
    for start in _starts(criterion, points):
        match criterion["kind"]:
            case "step":
                for way in (ROUND_FLOOR, ROUND_CEILING, None):
                    for threshold, bad, strict in _directions(criterion):
                        scores = [start - _lost(criterion, threshold, bad, strict, way, end) for end in ends]
                        yield [(_clip(score, points), _clip(score, points)) for score in scores]
            case "ratio":
                shares = [1 - end if criterion.get("reverse") else end for end in ends]
                scores = [start * min(max(share, _NONE), Decimal(1)) for share in shares]
                yield [(_clip(score, points), _clip(score, points)) for score in scores]
            case "band":
                yield from _bands(criterion, points, start, ends)


def _starts(criterion: dict[str, Any], points: Decimal) -> set[Decimal]:
    return {points, Decimal(str(criterion.get("printed_full", points)))}


def _directions(criterion: dict[str, Any]) -> Iterator[tuple[Decimal, str, bool]]:
    yield _share(criterion["threshold"]), criterion["bad"], criterion.get("strict", False)
    if "meant" in criterion:
        yield _share(criterion["meant"]["threshold"]), criterion["meant"]["bad"], False


def _lost(
    criterion: dict[str, Any], threshold: Decimal, bad: str, strict: bool, way: str | None, rate: Decimal
) -> Decimal:
    missed = {"above": rate - threshold, "below": threshold - rate, "both": abs(rate - threshold)}[bad]
    steps = missed * (1 if criterion.get("unit") == "个月" else _HUNDRED) / Decimal(str(criterion["per"]))
    if way is not None:
        steps = steps.to_integral_value(way)
    if strict and way == ROUND_CEILING and missed == 0:
        steps = Decimal(1)
    return max(steps, _NONE) * Decimal(str(criterion["deduct"]))


def _bands(criterion: dict[str, Any], points: Decimal, start: Decimal, ends: tuple[Decimal, ...]) -> Iterator[Reading]:
    """One reading per band that the rate lies in; in a gap anything between the neighbours."""
    best = max(Decimal(str(band["points"])) for band in criterion["bands"])
    worth = [
        start if "printed_full" in criterion and band_points == best else band_points
        for band_points in map(_points, criterion["bands"])
    ]
    capped = [(band, min(band_points, points)) for band, band_points in zip(criterion["bands"], worth, strict=True)]
    hit = [[band_points for band, band_points in capped if _lies(band, end)] for end in ends]
    for earned in hit[0] or [None]:
        reading = []
        for others in ([earned] if earned is not None else [], *hit[1:]):
            near = others or [band_points for _, band_points in capped]
            reading.append((min(near), max(near)))
        yield reading


def _points(band: dict[str, Any]) -> Decimal:
    return Decimal(str(band["points"]))


def _lies(band: dict[str, Any], rate: Decimal) -> bool:
    if "at" in band:
        return rate == _share(band["at"])
    return (
        ("from" not in band or rate >= _share(band["from"]))
        and ("over" not in band or rate > _share(band["over"]))
        and ("upto" not in band or rate <= _share(band["upto"]))
        and ("below" not in band or rate < _share(band["below"]))
    )


def _share(text: object) -> Decimal:
    written = str(text).strip()
    return Decimal(written.rstrip("%")) / 100 if written.endswith("%") else Decimal(written)


def _clip(score: Decimal, points: Decimal) -> Decimal:
    return min(max(score, _NONE), points)


# ---- 自评表 ------------------------------------------------------------------------------------------


def _lines(rule: str, table: TableData) -> Iterator[JudgedScore]:
    for line, _ in table.lines["指标"]:
        texts = [table.texts.get(f"{line}.{name}", "") for name in ("年度指标值", "实际完成值")]
        target, actual = map(_MEASURE.fullmatch, texts)
        full, stated = (table.figures.get(f"{line}.{name}", Figure(a.BLANK)) for name in ("分值", "得分"))
        if target is None or actual is None or not target[1] or target[3] != actual[3] or actual[1]:
            continue
        if not (full.known and stated.known):
            continue
        share = _line_share(target[1], Decimal(target[2]), Decimal(actual[2]))
        score = share * full.value
        text = f"{stated.value} of {full.value} for {actual[0]} against {target[0]}"
        yield JudgedScore(rule, f"{line}.得分", _of_line(stated.value, score, full.value, met=share == 1), text)


def _line_share(sign: str, target: Decimal, actual: Decimal) -> Decimal:
    if sign == "≥":
        return Decimal(1) if actual >= target else actual / target
    return Decimal(1) if actual <= target else max(1 - (actual - target) / target, _NONE)


def _of_line(stated: Decimal, score: Decimal, full: Decimal, *, met: bool) -> frozenset[str]:
    """A missed target never earns the full points, however near it is."""
    if not met and stated >= full:
        return frozenset({DIFFERS})
    if abs(stated - score) <= POINT:
        return frozenset({AGREES})
    if score.quantize(Decimal("0.01"), ROUND_DOWN) == stated:
        return frozenset({ROUNDING})
    # The actual is rounded itself: what that leaves open is less than 1 % of the points for the figures used here.
    return frozenset({DIFFERS}) if met or abs(stated - score) > full / _HUNDRED else frozenset({ROUNDING, DIFFERS})
