"""Small steps between exact columns and the frames."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gouji.score.arrays import Flags
from gouji.templates.rules import quantity as q
from gouji.validate.wide import Wide

PLACES = 2
"""Decimals of a score in the frames."""


def return_ids(wide: Wide) -> NDArray[np.object_]:
    """The id of every return."""
    return wide.returns["return_id"].to_numpy(dtype=object)


def years(wide: Wide) -> list[int | None]:
    """The year of every return, None where it is not known."""
    return [None if pd.isna(year) else int(year) for year in wide.returns["year"]]


def figures(value: q.Decimals, known: Flags) -> NDArray[np.float64]:
    """Exact figures as they are, NaN where not known."""
    return np.where(known, value, np.nan).astype(np.float64)


def scores(value: q.Decimals, known: Flags) -> NDArray[np.float64]:
    """Scores rounded half up to the decimals of the frames, NaN where not known."""
    return figures(q.half_up(value, PLACES), known)


def verdict_rows(
    ids: NDArray[np.object_], rule: str, items: NDArray[np.object_] | str, verdict: NDArray[np.object_]
) -> pd.DataFrame:
    """Rows of the `verdicts` frame."""
    return pd.DataFrame({"return_id": ids, "rule": rule, "item": items, "verdict": verdict})
