"""How far self-scores lie from what was recomputed: from the score, or from the nearer end of its range."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

_NOISE = 9
"""Decimals below which a difference of two scores is binary noise."""


def with_differences(frame: pd.DataFrame, self_scores: list[str], score: str) -> pd.DataFrame:
    """The frame with `difference` in 分: self-score − `score`; without one − the nearer end of `low`..`high`, 0 within.

    `self_scores`: columns of the self-score, the first that is filled counts. Null where either side is.
    """
    if not len(frame):
        return frame
    stated = frame[self_scores].astype(float).bfill(axis=1).iloc[:, 0].to_numpy()
    exact, low, high = (frame[name].to_numpy(dtype=float) for name in (score, "low", "high"))
    return frame.assign(difference=_differences(stated, exact, low, high))


def _differences(
    stated: NDArray[np.float64], exact: NDArray[np.float64], low: NDArray[np.float64], high: NDArray[np.float64]
) -> NDArray[np.float64]:
    nearest = np.where(np.isnan(exact), np.clip(stated, low, high), exact)
    return np.round(stated - nearest, _NOISE) + 0.0  # never -0.0
