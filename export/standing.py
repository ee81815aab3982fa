"""How a batch stands, counted for tables and charts: severities by layer, grades, scores in their range, 执行率."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pandas as pd

from gouji.export.exact import share
from gouji.export.results import Results
from gouji.export.sheets.projects import project_parts
from gouji.export.wide import figure
from gouji.export.words import ASK, GRADES, HINT, MUST
from gouji.templates.verdicts import DIFFERS
from gouji.validate.frames import LAYERS

UNDECIDED = "不能确定"
SEVERITIES = [MUST, ASK, HINT]
GRADE_NAMES = [*GRADES, UNDECIDED]
OWN_GRADE, RECOMPUTED_GRADE = "自评等次", "复算等次"
_BELOW = [
    (Decimal("0.5"), "50%以下"), (Decimal("0.8"), "50～80%"), (Decimal("0.9"), "80～90%"), (Decimal(1), "90～100%"),
]  # fmt: skip
_FULL, _ABOVE, _UNKNOWN = "100%", "超过100%", "不能计算"
RATE_BANDS = [*(name for _, name in _BELOW), _FULL, _ABOVE, _UNKNOWN]
GAPS = ["高出10分以上", "高出5～10分", "高出5分以内", "在范围内", "低于下限", UNDECIDED]
"""A self-score against the range that the figures allow, from the lowest to the highest recomputed score."""


def by_layer(findings: pd.DataFrame) -> tuple[list[str], dict[str, list[int]]]:
    """The layers that found anything, and severity → how many findings each has."""
    counts = findings.groupby(["layer", "severity"]).size().to_dict()
    layers = [layer for layer in LAYERS if any((layer, severity) in counts for severity in SEVERITIES)]
    return layers, {severity: [int(counts.get((layer, severity), 0)) for layer in layers] for severity in SEVERITIES}


def at_stake(findings: pd.DataFrame, names: pd.Series[Any]) -> pd.DataFrame:
    """Units or rules by what was found: points that it does to scores (`impact`), mandatory faults (`must`), all of it
    (`count`), most at stake first; `names` of the rows of `findings` are the index."""
    weighed = pd.DataFrame(
        {
            "name": names,
            "impact": findings["score_impact"].abs().fillna(0),
            "must": (findings["severity"] == MUST) & (findings["verdict"] == DIFFERS),
            "count": 1,
        }
    )
    sums = weighed.groupby("name").sum().reset_index()
    order = ["impact", "must", "count", "name"]
    return sums.sort_values(order, ascending=[False, False, False, True]).set_index("name")


def counted_totals(results: Results) -> pd.DataFrame:
    """The `totals` of the returns that count."""
    counted = results.returns.loc[results.returns["adopted"], ["return_id"]]
    return results.totals.merge(counted, on="return_id")


def grade_counts(totals: pd.DataFrame) -> dict[str, list[int]]:
    """自评等次 and 复算等次 → how many tables have each of GRADE_NAMES."""
    return {
        OWN_GRADE: _in_order(totals["self_grade"].fillna(UNDECIDED), GRADE_NAMES),
        RECOMPUTED_GRADE: _in_order(totals["grade"].fillna(UNDECIDED), GRADE_NAMES),
    }


def gap_counts(totals: pd.DataFrame) -> list[int]:
    """How many self-scores are where against their range, in the order of GAPS."""
    gaps = [_gap(*row) for row in zip(totals["self_total"], totals["low"], totals["high"], strict=True)]
    return _in_order(pd.Series(gaps, dtype=object), GAPS)


def rate_counts(results: Results) -> list[int]:
    """How many projects that count have an 执行率 within each of RATE_BANDS."""
    counts = Counter(_rate_band(rate) for rate in _rates(results))
    return [counts[band] for band in RATE_BANDS]


def _in_order(series: pd.Series[Any], names: Sequence[str]) -> list[int]:
    counts = series.value_counts()
    return [int(counts.get(name, 0)) for name in names]


def _gap(score: float, low: float, high: float) -> str:
    if score != score or low != low or high != high:
        return UNDECIDED
    above = Decimal(str(score)) - Decimal(str(high))
    if above > 0:
        return GAPS[0] if above > 10 else GAPS[1] if above > 5 else GAPS[2]
    return GAPS[4] if Decimal(str(score)) < Decimal(str(low)) else GAPS[3]


def _rates(results: Results) -> list[Decimal | None]:
    """执行率 of every project that counts, exactly."""
    return [
        share([(figure(row["cells"].get(money.executed)), figure(row["cells"].get(money.budget)))])
        for money, rows in project_parts(results)
        for row in rows
    ]


def _rate_band(rate: Decimal | None) -> str:
    if rate is None:
        return _UNKNOWN
    if rate >= 1:
        return _FULL if rate == 1 else _ABOVE
    return next(name for limit, name in _BELOW if rate < limit)
