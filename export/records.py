"""Frames as plain rows: missing values become None, so that a writer has one kind of blank to think of."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from pandas.api.types import is_float_dtype

from gouji.ingest.columns import is_text, texts


def plain(series: pd.Series[Any]) -> list[Any]:
    """The values of a column as Python objects, None where one is missing or infinite (no cell can hold that)."""
    if is_text(series):
        return texts(series)
    missing = series.isna().to_numpy()
    if is_float_dtype(series.dtype):
        missing = missing | np.isinf(series.to_numpy(float, na_value=np.nan))
    values = series.astype(object).tolist()
    for place in np.flatnonzero(missing):
        values[place] = None
    return values


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """One dict per row, column → value or None, in the frame's order."""
    names = list(frame.columns)  # an index is slow to go through, and there are many rows
    columns = [plain(frame[name]) for name in names]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def records_by(frame: pd.DataFrame, name: str) -> dict[Any, list[dict[str, Any]]]:
    """The rows by what stands in the column `name`, in the frame's order."""
    groups: dict[Any, list[dict[str, Any]]] = {}
    for row in records(frame):
        groups.setdefault(row[name], []).append(row)
    return groups
