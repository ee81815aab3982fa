"""评分表: every indicator recomputed from the unit's figures (F-S1), every self-score tried against its rule (F-S2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from score.absent import stated_absent
from score.agreement import Agreement, agreement
from score.attainable import attainable_column, listed_scores, listed_text
from score.columns import Origins, figures, return_ids, scores, verdict_rows, years
from score.frames import SCORED, Scored
from score.judged import judged_range
from score.reading import Flags, Recomputed
from score.sheet_rules import recompute
from score.sheet_trace import traces
from score.totals import totals
from score.wording import (
    TOO_HIGH,
    TOO_LOW,
    differs_text,
    indicator_label,
    missing_text,
    points_text,
    rounding_text,
    unattainable_text,
    unchecked_text,
    what_it_takes,
)
from templates.definition import Indicator, Rated, SheetScoring
from templates.rules import quantity as q
from templates.rules.evaluate import evaluate
from validate.figures import ReturnFigures, Tables, column_quantity
from validate.findings import Finding
from validate.frames import AGREES, DIFFERS, ROUNDING, UNCHECKED
from validate.inputs import Input, inputs_of
from validate.wide import Wide

LAYER, ASK, HINT = "得分重算", "核实性", "提示"


@dataclass
class _Sheet:
    """What all indicators of one edition share."""

    wide: Wide
    tables: Tables
    rules: SheetScoring
    given: ReturnFigures
    origins: Origins
    ids: NDArray[np.object_]
    years: list[int | None]


def score_sheet(wide: Wide, tables: Tables) -> Scored:
    """Scores, totals, verdicts and findings of every return of a form that is scored as a 评分表.

    Raises ValueError for a form without sheet scoring.
    """
    scoring = wide.form.definition.scoring
    if scoring is None or scoring.sheet is None:
        raise ValueError(f"{wide.form.key} is not scored as a 评分表")
    sheet = _Sheet(
        wide, tables, scoring.sheet, ReturnFigures(wide, tables), Origins(wide), return_ids(wide), years(wide)
    )
    indicators = [
        block.indicators[place]
        for block, place in wide.form.indicators.values()
        if block.scores == scoring.sheet.table
    ]
    parts, stated = [], []
    for indicator in indicators:
        own = _self_scores(wide, indicator)
        stated.append(own)
        parts.append(_rated(sheet, indicator, own) if isinstance(indicator.rule, Rated) else _unrated(sheet, indicator, own))
        _attainable(sheet, indicator, own, parts[-1])
    rows = _by_return(pd.concat([part.scores for part in parts], ignore_index=True), wide.size)
    return Scored(
        scores=rows,
        totals=totals(wide, rows, q.add(stated), np.full(wide.size, None, dtype=object)),
        verdicts=pd.concat([part.verdicts for part in parts], ignore_index=True),
        findings=[finding for part in parts for finding in part.findings],
    )


def _self_scores(wide: Wide, indicator: Indicator) -> q.Quantity:
    item = f"{indicator.id}.得分"
    return column_quantity(wide.fixed, item, wide.form.items[item])


def _by_return(rows: pd.DataFrame, size: int) -> pd.DataFrame:
    """Indicator after indicator → return after return."""
    order = np.argsort(np.arange(len(rows)) % max(size, 1), kind="stable")
    return rows.iloc[order].reset_index(drop=True)


def _rated(sheet: _Sheet, indicator: Indicator, stated: q.Quantity) -> Scored:
    wide, rule = sheet.wide, indicator.rule
    assert isinstance(rule, Rated)
    node = wide.form.rates[indicator.id]
    rate = evaluate(node, sheet.given)
    absent = stated_absent(wide, sheet.tables, node) if rule.full_when_absent else np.zeros(wide.size, bool)
    recomputed = recompute(rule, indicator.points, rate, absent)
    judged = agreement(recomputed, stated)
    inputs = inputs_of(wide, sheet.tables, node, np.arange(wide.size), None)
    reasons = _reasons(sheet, indicator, rate, recomputed.known, inputs)
    told = traces(wide, sheet.given, indicator, rate, recomputed, judged.reading, inputs)
    rows = _rows(sheet, indicator, stated, recomputed, judged, reasons, told)
    verdicts = verdict_rows(sheet.ids, sheet.rules.id, f"{indicator.id}.得分", judged.verdict)
    found = _findings(sheet, indicator, stated, recomputed, judged, reasons, told, inputs)
    return Scored(rows, SCORED.totals, verdicts, list(found))


def _rows(
    sheet: _Sheet, indicator: Indicator, stated: q.Quantity, recomputed: Recomputed, judged: Agreement,
    reasons: list[str | None], told: list[str | None],
) -> pd.DataFrame:  # fmt: skip
    known, points = recomputed.known, float(indicator.points)
    low, high = recomputed.range()
    shows_reading = known & (len(recomputed.readings) > 1)
    return pd.DataFrame(
        {
            "return_id": sheet.ids,
            "indicator": indicator.id,
            "label": indicator_label(sheet.wide.form, indicator.id),
            "points": points,
            "self_score": figures(stated.value, stated.known),
            "score": scores(recomputed.of(judged.reading, "score"), known),
            "low": np.where(known, scores(low, known), 0.0),
            "high": np.where(known, scores(high, known), points),
            "kind": indicator.rule.kind,
            "reading": np.where(shows_reading, recomputed.of(judged.reading, "name_column"), None),
            "reason": reasons,
            "trace": told,
        }
    )


def _reasons(
    sheet: _Sheet, indicator: Indicator, rate: q.Quantity, known: Flags, inputs: list[Input]
) -> list[str | None]:
    """Why a score could not be recomputed, None where it could."""
    made: dict[tuple[object, ...], str] = {}
    reasons: list[str | None] = [None] * len(known)
    for row in np.flatnonzero(~known).tolist():
        key = (sheet.years[row], int(rate.state[row]), *(one.trouble[row] for one in inputs))
        if key not in made or rate.state[row] == q.OK:
            made[key] = _reason(sheet, rate, row, inputs)
        reasons[row] = made[key]
    return reasons


def _reason(sheet: _Sheet, rate: q.Quantity, row: int, inputs: list[Input]) -> str:
    missing = missing_text(sheet.wide.form, [one.at(row) for one in inputs], sheet.years[row])
    if missing:
        return f"缺少{missing}"
    match int(rate.state[row]):
        case q.OK:
            return "评价标准没有规定这个比率应得几分"
        case q.BOTH_ZERO:
            return "分子、分母都是 0，没有比率"
        case q.ZERO:
            return "分母是 0，没有比率"
        case _:
            return "数据不全或无法识别"


def _findings(
    sheet: _Sheet, indicator: Indicator, stated: q.Quantity, recomputed: Recomputed, judged: Agreement,
    reasons: list[str | None], told: list[str | None], inputs: list[Input],
) -> Iterator[Finding]:  # fmt: skip
    """F-S1. A blank self-score has its own finding elsewhere."""
    rule = indicator.rule
    assert isinstance(rule, Rated)
    label = indicator_label(sheet.wide.form, indicator.id)
    score = recomputed.of(judged.reading, "score")
    low, high = recomputed.of(judged.reading, "low"), recomputed.of(judged.reading, "high")
    for row in np.flatnonzero((judged.verdict != AGREES) & stated.known).tolist():
        verdict, own = str(judged.verdict[row]), stated.value[row]
        finding = _finding(sheet, indicator, sheet.rules.id, row, verdict)
        finding.stated = f"{own:f}分"
        finding.related_cells = _cells(inputs, row)
        if verdict == UNCHECKED:
            asked = what_it_takes([one.at(row) for one in inputs], rule.full_when_absent)
            finding.message = unchecked_text(label, own, str(reasons[row]), asked)
        else:
            gap = own - score[row]
            finding.expected, finding.difference = points_text(score[row]), float(gap)
            finding.tolerance = float((high[row] - low[row]) / 2)
            finding.score_impact = float(gap)
            _explain(finding, label, stated, row, told[row], bool(judged.cut_off[row]))
        yield finding


def _explain(
    finding: Finding, label: str, stated: q.Quantity, row: int, how: str | None, cut_off: bool
) -> None:
    own, gap = stated.value[row], finding.difference or 0.0
    expected = str(finding.expected)
    if finding.verdict == ROUNDING:
        finding.severity, finding.cause = HINT, "截尾" if cut_off else None
        finding.message = rounding_text(label, own, str(how), expected, cut_off)
    else:
        finding.cause = TOO_HIGH if gap > 0 else TOO_LOW
        finding.message = differs_text(label, own, str(how), expected, own - q.Decimal(str(gap)))


def _cells(inputs: list[Input], row: int) -> str | None:
    cells = [str(one.cells[row]) for one in inputs if one.cells[row]]
    return "；".join(dict.fromkeys(cells)) or None


def _finding(sheet: _Sheet, indicator: Indicator, rule: str, row: int, verdict: str) -> Finding:
    item = f"{indicator.id}.得分"
    return Finding(
        rule=rule, layer=LAYER, severity=ASK, verdict=verdict, message="", item=item,
        cell=sheet.wide.fixed.cell[row, sheet.wide.fixed.place[item]],
        basis=sheet.wide.form.definition.basis, **sheet.origins[row].fields(),
    )  # fmt: skip
