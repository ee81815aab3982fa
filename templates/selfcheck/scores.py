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
    known = f"{rate.state}=0"
    for start in rule.starts(indicator.points):
        own, defined = _readings(rule, indicator.points, start, rate, ledger)
        known = f"AND({known},{defined})" if defined else known
        readings += own if full is None else [_settled(one, full, min(start, indicator.points), ledger) for one in own]
    known = known if full is None else f"OR({known},{full})"
    first = ledger.next
    for one in readings:
        ledger.add(value=fit(one, stated, Formulas(ledger)), low=one.score)
    codes, scores = (_column(first, len(readings), part) for part in (VALUE, LOW))
    fitting = f"IF(MIN({codes})={AGREES},INDEX({scores},MATCH({AGREES},{codes},0)),{readings[0].score})"
    code = up_to(plain(indicator.points), stated, f"MIN({codes})")
    row = ledger.add(
        value=in_use(f"IF(AND({known},{stated.state}=0),{code},{OPEN})", table),
        low=f"ROUND({fitting},2)",
        state=f"IF({known},0,1)",
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
    """Where full marks are due though there is no rate: 0 against 0, or nothing of the kind and it is said so."""
    told = []
    if rule.zero_over_zero == "full":
        told.append(f"{rate.state}=2")
    if rule.full_when_absent:
        absent = sheets.ledger.add(value=sheets.absent(table, table.form.rates[indicator.id]))
        told.append(absent.part(VALUE))
    return f"OR({','.join(told)})" if told else None


def _settled(one: Reading, full: str, score: Decimal, ledger: Ledger) -> Reading:
    given = plain(score)
    row = ledger.add(
        value=f"IF({full},{given},{one.score})",
        low=f"IF({full},{given},{one.low})",
        high=f"IF({full},{given},{one.high})",
        state=None if one.fixed is None else f"OR({full},{one.fixed})",
    )
    fixed = None if one.fixed is None else row.part(STATE)
    return Reading(row.part(VALUE), row.part(LOW), row.part(HIGH), one.applies, fixed)


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
    for number, one in enumerate(stretches):
        before = f"SUM({_column(first, number, VALUE)})" if number else "0"
        ledger.add(
            value=f"IF({_meets(one.span, rate.value, rate.value)},1,0)",
            low=before,
            high=f"IF({_meets(one.span, rate.low, rate.high)},1,0)",
            state=plain(one.least),
            unit=plain(one.most),
        )
    meets, before, reach, least, most = (_column(first, len(stretches), part) for part in range(5))
    lowest = f"{_LARGE}-SUMPRODUCT(MAX({reach}*({_LARGE}-{least})))"
    highest = f"SUMPRODUCT(MAX({reach}*{most}))"
    readings = []
    for nth in range(most_at_once(bands)):
        here = f"{meets}*({before}={nth})"
        bottom, top = f"SUMPRODUCT({here}*{least})", f"SUMPRODUCT({here}*{most})"
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


def fit(one: Reading, stated: Figure, formulas: Formulas) -> str:
    """How a self-score fits one reading: 相符, 尾差 or 不符.

    It agrees when it is the score; where only a range is fixed, when it lies in it. What rounding of the inputs
    explains is 尾差, and so is a score that was cut off.
    """
    agrees, near = fits(stated.value, one, formulas)
    code = f"IF({agrees},{AGREES},IF({near},{ROUNDING},{DIFFERS}))"
    return code if one.applies is None else f"IF({one.applies},{code},{DIFFERS})"
