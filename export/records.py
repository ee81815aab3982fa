"""Frames as plain rows: missing values become None, so that a writer has one kind of blank to think of."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pandas.api.types import is_float_dtype


def plain(series: pd.Series[Any]) -> list[Any]:
    """The values of a column as Python objects, None where one is missing or infinite (no cell can hold that)."""
    if isinstance(series.dtype, pd.StringDtype) and series.dtype.storage == "pyarrow":
        return _texts(series)
    missing = series.isna().to_numpy()
    if is_float_dtype(series.dtype):
        missing = missing | np.isinf(series.to_numpy(float, na_value=np.nan))
    values = series.astype(object).tolist()
    for place in np.flatnonzero(missing):
        values[place] = None
    return values


def _texts(series: pd.Series[Any]) -> list[Any]:
    """Equal texts are one object: of those of a batch most are said of hundreds of tables."""
    column = pc.dictionary_encode(pa.array(series))
    texts: list[Any] = []
    for chunk in column.chunks if isinstance(column, pa.ChunkedArray) else [column]:
        words = chunk.dictionary.to_pylist()
        words.append(None)
        texts += [words[place] for place in chunk.indices.fill_null(len(words) - 1).to_pylist()]
    return texts


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
