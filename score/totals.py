"""Totals of a return: what it gave itself, what was recomputed, between which bounds, and the grades."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gouji.score.columns import PLACES, figures, return_ids
from gouji.templates.grades import grade
from gouji.templates.rules import quantity as q
from gouji.validate.figures import column_quantity
from gouji.validate.wide import Wide


def totals(
    wide: Wide, rows: pd.DataFrame, self_total: q.Quantity, alert: NDArray[np.object_], full: Decimal
) -> pd.DataFrame:
    """One row of the `totals` frame per return.

    `rows`: the return's rows of `scores`; `self_total`: Σ of its self-scores; `alert`: one word per return or None;
    `full`: the points of the whole form. What a return does not show of them may have been earned or not: it lowers
    neither the highest total nor a grade.
    """
    ids = return_ids(wide)
    counted = rows[rows["points"].notna()].groupby("return_id", sort=False)
    sums = counted[["points", "score", "low", "high"]].sum(min_count=1).reindex(ids).astype(float).round(PLACES)
    hidden = np.maximum(float(full) - sums["points"].to_numpy(), 0.0)
    whole = hidden == 0
    stated = figures(self_total.value, self_total.known)
    score_total = np.where(_complete(counted, "score", ids), sums["score"].to_numpy(), np.nan)
    gradable = whole & _complete(counted, "self_score", ids)
    low, high = sums["low"].to_numpy(), (sums["high"].to_numpy() + hidden).round(PLACES)
    return pd.DataFrame(
        {
            "return_id": ids,
            "self_total": stated,
            "stated_total": _stated_total(wide),
            "score_total": score_total,
            "low": low,
            "high": high,
            "self_grade": [grade(total) for total in np.where(gradable, stated, np.nan)],
            "grade": [_certain(*row) for row in zip(np.where(whole, score_total, np.nan), low, high, strict=True)],
            "lowest_grade": [grade(end) for end in low],
            "highest_grade": [grade(end) for end in high],
            "alert": alert,
        }
    )


def _complete(counted: Any, column: str, ids: NDArray[np.object_]) -> NDArray[np.bool_]:
    """For which returns every row with points has a figure in the column."""
    complete: pd.Series[bool] = counted[column].count().eq(counted.size()).reindex(ids, fill_value=False)
    return complete.to_numpy(dtype=bool)


def _certain(total: float, low: float, high: float) -> str | None:
    """The grade of the total, or the one that both ends of its range share."""
    if total == total:
        return grade(total)
    return grade(low) if grade(low) == grade(high) else None


def _stated_total(wide: Wide) -> NDArray[np.float64]:
    """The total written on the form, NaN where there is none."""
    scoring = wide.form.definition.scoring
    item = scoring.total if scoring is not None else None
    if item is None:
        return np.full(wide.size, np.nan)
    stated = column_quantity(wide.fixed, item, wide.form.items[item])
    return figures(stated.value, stated.known)
