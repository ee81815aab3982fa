"""The indicators of a 评分表 as formulas: the recomputed score under every reading, and whether the self-score can be.

The same readings as in `score.kinds`; a score differs only when it fits none of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from gouji.templates.exact import plain
from gouji.templates.scores_block import Indicator
from gouji.templates.scoring.band import BandRule, Span, most_at_once
from gouji.templates.scoring.rated import Rated
from gouji.templates.scoring.ratio import RatioRule
from gouji.templates.scoring.scored import fits
from gouji.templates.scoring.step import StepRule
from gouji.templates.selfcheck.arithmetic import Formulas
from gouji.templates.selfcheck.ledger import HIGH, LOW, STATE, UNIT, VALUE, Figure, Ledger, Record
from gouji.templates.selfcheck.table import Table
from gouji.templates.selfcheck.verdicts import AGREES, DIFFERS, OPEN, ROUNDING, Judged, in_use
from gouji.templates.selfcheck.workbook import Sheets


@dataclass(frozen=True, slots=True)
class Reading:
    """A score and the ends that rounding leaves open. `applies`, `fixed`: conditions, None where always true.

    `open_high`: whether the upper end itself is not reached, None where it always is.
    """

    score: str
    low: str
    high: str
    applies: str | None = None
    fixed: str | None = None
    open_high: str | None = None


def rated(indicator: Indicator, rule: Rated, sheets: Sheets, table: Table) -> Judged:
    """Whether the self-score of an indicator with a rate is one that its rule gives; `expected` is that score."""
    ledger, item = sheets.ledger, f"{indicator.id}.得分"
    stated = table.items[item]
    rate = sheets.figure(table.form.rates[indicator.id], table, scored=True)
    full = _full_without_rate(indicator, rule, rate, sheets, table)
    readings: list[Reading] = []
    determined = f"{rate.state}=0"
    for start in rule.starts(indicator.points):
        of_start, defined = _readings(rule, indicator.points, start, rate, ledger)
        determined = f"AND({determined},{defined})" if defined else determined
        readings += (
            of_start
            if full is None
            else [_settled(reading, full, min(start, indicator.points), ledger) for reading in of_start]
        )
    determined = determined if full is None else f"OR({determined},{full})"
    first = ledger.next
    for reading in readings:
        ledger.add(value=fit(reading, stated, Formulas(ledger)), low=reading.score)
    codes, scores = (_column(first, len(readings), part) for part in (VALUE, LOW))
    fitting = f"IF(MIN({codes})={AGREES},INDEX({scores},MATCH({AGREES},{codes},0)),{readings[0].score})"
    code = up_to(plain(indicator.points), stated, f"MIN({codes})")
    row = ledger.add(
        value=in_use(f"IF(AND({determined},{stated.state}=0),{code},{OPEN})", table),
        low=f"ROUND({fitting},2)",
        state=f"IF({determined},0,1)",
    )
    score = row.part(LOW)
    expected = Figure(score, score, score, row.part(STATE))
    return Judged(item, None, row, stated, expected, "points")


def attainable(indicator: Indicator, sheets: Sheets, table: Table) -> Judged:
    """Whether the printed criteria can yield the self-score at all."""
    item = f"{indicator.id}.得分"
    stated = table.items[item]
    ranges = indicator.rule.possible_scores(indicator.points)
    inside = f"AND({stated.value}>=0,{stated.value}<={plain(indicator.points)})"
    if ranges != [(Decimal(0), indicator.points)]:
        lows, highs = (",".join(plain(ends[side]) for ends in ranges) for side in (0, 1))
        formulas = Formulas(sheets.ledger)
        ends = formulas.keeps_to(f"{{{lows}}}", stated.value), formulas.keeps_to(stated.value, f"{{{highs}}}")
        inside = f"AND({inside},SUMPRODUCT(({ends[0]})*({ends[1]}))>0)"
    code = f"IF({stated.state}=0,IF({inside},{AGREES},{DIFFERS}),{OPEN})"
    return Judged(item, None, sheets.ledger.add(value=in_use(code, table)), stated, kind="points")


def _full_without_rate(indicator: Indicator, rule: Rated, rate: Figure, sheets: Sheets, table: Table) -> str | None:
    """When full marks are due without a rate: 0 over 0, or the form states that there is nothing to rate."""
    conditions = []
    if rule.zero_over_zero == "full":
        conditions.append(f"{rate.state}=2")
    if rule.full_when_absent:
        absent = sheets.ledger.add(value=sheets.absent(table, table.form.rates[indicator.id]))
        conditions.append(absent.part(VALUE))
    return f"OR({','.join(conditions)})" if conditions else None


def _settled(reading: Reading, full: str, score: Decimal, ledger: Ledger) -> Reading:
    due = plain(score)
    row = ledger.add(
        value=f"IF({full},{due},{reading.score})",
        low=f"IF({full},{due},{reading.low})",
        high=f"IF({full},{due},{reading.high})",
        state=None if reading.fixed is None else f"OR({full},{reading.fixed})",
    )
    fixed = None if reading.fixed is None else row.part(STATE)
    return Reading(row.part(VALUE), row.part(LOW), row.part(HIGH), reading.applies, fixed)


def _readings(
    rule: Rated, points: Decimal, start: Decimal, rate: Figure, ledger: Ledger
) -> tuple[list[Reading], str | None]:
    """The readings that take points off from `start`, and for which rates the rule says something at all."""
    match rule:
        case StepRule() | RatioRule():
            formulas = Formulas(ledger)
            return [
                Reading(*formulas.kept(*scores)) for _, scores in rule.readings(points, start, rate, formulas)
            ], None
        case BandRule():
            return _bands(rule, points, start, rate, ledger)
        case _:
            raise TypeError(f"{type(rule).__name__} has no arithmetic")


def _column(first: Record, rows: int, part: int) -> str:
    """One part of records one below another."""
    return f"{first.part(part)}:{first.below(rows - 1).part(part)}"


def _bands(rule: BandRule, points: Decimal, start: Decimal, rate: Figure, ledger: Ledger) -> tuple[list[Reading], str]:
    """By the first band, in print order, in which the rate lies; by the second where printed bands overlap, and so on.

    One row per band and gap: whether the rate lies in it, in how many before it, whether its interval reaches it.
    """
    bands, gaps = rule.stretches(points, start)
    stretches = [*bands, *gaps]
    first = ledger.next
    for number, stretch in enumerate(stretches):
        before = f"SUM({_column(first, number, VALUE)})" if number else "0"
        ledger.add(
            value=f"IF({_meets(stretch.span, rate.value, rate.value)},1,0)",
            low=before,
            high=f"IF({_meets(stretch.span, rate.low, rate.high)},1,0)",
            state=plain(stretch.least),
            unit=plain(stretch.most),
        )
    meets, before, reach, least, most = (_column(first, len(stretches), part) for part in range(5))
    lowest = f"{_LARGE}-SUMPRODUCT(MAX({reach}*({_LARGE}-{least})))"
    highest = f"SUMPRODUCT(MAX({reach}*{most}))"
    readings = []
    for nth in range(most_at_once(bands)):
        lies_in = f"{meets}*({before}={nth})"
        bottom, top = f"SUMPRODUCT({lies_in}*{least})", f"SUMPRODUCT({lies_in}*{most})"
        row = ledger.add(
            value=top,
            low=bottom if rate.exact else f"IF({rate.low}={rate.high},{bottom},{lowest})",
            high=top if rate.exact else f"IF({rate.low}={rate.high},{top},{highest})",
            state=f"{bottom}={top}",
            unit=f"SUM({meets})>{nth}",
        )
        applies = None if nth == 0 else row.part(UNIT)
        readings.append(Reading(row.part(VALUE), row.part(LOW), row.part(HIGH), applies, row.part(STATE)))
    return readings, f"SUM({meets})>0"


_LARGE = 1000


def _meets(span: Span, low: str, high: str) -> str:
    """Whether any rate of low..high lies in the stretch."""
    held = []
    if span.low is not None:
        held.append(f"ROUND({high},12){'>=' if span.low_in else '>'}{plain(span.low)}")
    if span.high is not None:
        held.append(f"ROUND({low},12){'<=' if span.high_in else '<'}{plain(span.high)}")
    return f"AND({','.join(held)})" if held else "TRUE"


def up_to(points: str, stated: Figure, code: str) -> str:
    """The code of a self-score; one above the points is never due."""
    return f"IF({stated.value}>{points},{DIFFERS},{code})"


def fit(reading: Reading, stated: Figure, formulas: Formulas) -> str:
    """How a self-score fits one reading: 相符, 尾差 or 不符.

    It agrees when it is the score; where only a range is fixed, when it lies in it. What rounding of the inputs
    explains is 尾差, and so is a score that was cut off.
    """
    agrees, near = fits(stated.value, reading, formulas)
    code = f"IF({agrees},{AGREES},IF({near},{ROUNDING},{DIFFERS}))"
    return code if reading.applies is None else f"IF({reading.applies},{code},{DIFFERS})"
