"""A column of texts as Python objects, equal ones one object: most of those of a batch are said of many tables."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc


def is_text(column: pd.Series[Any]) -> bool:
    """Whether `texts` can tell what stands there."""
    return isinstance(column.dtype, pd.StringDtype) and column.dtype.storage == "pyarrow"


def texts(column: pd.Series[Any], missing: Any = None) -> list[Any]:
    """The texts of a column of dtype `str`, `missing` where there is none."""
    encoded = pc.dictionary_encode(pa.array(column))
    found: list[Any] = []
    for chunk in encoded.chunks if isinstance(encoded, pa.ChunkedArray) else [encoded]:
        words = chunk.dictionary.to_pylist()
        words.append(missing)
        found += [words[place] for place in chunk.indices.fill_null(len(words) - 1).to_pylist()]
    return found
