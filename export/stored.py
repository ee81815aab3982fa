"""A frame that may be larger than memory: rows on disk or in Arrow, of which a reader takes what it needs."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

_PATIENT = {"batch_readahead": 4, "fragment_readahead": 1}
"""Arrow reads ahead of what is asked: by default as much as makes hundreds of megabytes of a large file."""
ROW_GROUP = 32_768
"""Rows that a parquet file keeps together. Those of a return stand together, returns in the order of their files: most
groups tell by their least and greatest id that they hold nothing of it, and are not read."""


class Stored:
    """The rows of one frame; columns and dtypes as in the frame's schema."""

    def __init__(self, rows: ds.Dataset) -> None:
        self._rows = rows

    @classmethod
    def of(cls, frame: pd.DataFrame) -> Stored:
        """The rows of a frame in memory."""
        return cls(ds.dataset(arrow(frame)))

    @classmethod
    def from_file(cls, path: Path) -> Stored:
        """The rows of a parquet file."""
        return cls(ds.dataset(path, format="parquet"))

    def __len__(self) -> int:
        return int(self._rows.count_rows())

    def frame(self, columns: Sequence[str] | None = None, **among: Collection[str]) -> pd.DataFrame:
        """These columns (all by default) of the rows whose other columns, by name, are among the given values."""
        asked = None
        for name, values in among.items():
            condition = ds.field(name).isin(pa.array(sorted(values), pa.large_string()))
            asked = condition if asked is None else asked & condition
        table = self._rows.to_table(columns=None if columns is None else list(columns), filter=asked, **_PATIENT)
        frame: pd.DataFrame = table.to_pandas()
        return frame

    def loaded(self) -> Stored:
        """The same rows in memory."""
        return Stored.of(self.frame())

    def batches(self, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
        """These columns of all rows, some at a time."""
        for rows in self._rows.to_batches(columns=list(columns), **_PATIENT):
            yield rows.to_pandas()

    def write(self, path: Path) -> None:
        """The rows as a parquet file."""
        pq.write_table(self._rows.to_table(), path, row_group_size=ROW_GROUP)


def arrow(frame: pd.DataFrame) -> pa.Table:
    """The frame as Arrow, its dtypes recorded so that reading gives them back."""
    return pa.Table.from_pandas(frame, preserve_index=False)
