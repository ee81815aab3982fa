"""A frame that may be larger than memory: rows on disk or in Arrow, of which a reader takes what it needs."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

ROW_GROUP = 32_768
"""Rows that a parquet file keeps together. Those of a return stand together, returns in the order of their files: most
groups tell by their least and greatest id that they hold nothing of it, and are not read."""


class Stored:
    """The rows of one frame; columns and dtypes as in the frame's schema.

    A file is read group by group: Arrow's scanner of datasets reads ahead until most of the file is in memory.
    """

    def __init__(self, rows: pa.Table | Path) -> None:
        self._rows = rows

    @classmethod
    def of(cls, frame: pd.DataFrame) -> Stored:
        """The rows of a frame in memory."""
        return cls(arrow(frame))

    @classmethod
    def from_file(cls, path: Path) -> Stored:
        """The rows of a parquet file."""
        return cls(path)

    def __len__(self) -> int:
        rows = self._rows
        return int(pq.read_metadata(rows).num_rows if isinstance(rows, Path) else rows.num_rows)

    def frame(self, columns: Sequence[str] | None = None, **among: Collection[str]) -> pd.DataFrame:
        """These columns (all by default) of the rows whose other columns, by name, are among the given values."""
        frame: pd.DataFrame = self._table(columns, among).to_pandas()
        return frame

    def loaded(self) -> Stored:
        """The same rows in memory."""
        return Stored.of(self.frame())

    def batches(self, columns: Sequence[str], **among: Collection[str]) -> Iterator[pd.DataFrame]:
        """These columns of all rows (or of those whose other columns are `among`), some at a time."""
        for rows in self._groups(columns, among):
            if rows.num_rows:
                yield rows.to_pandas()

    def write(self, path: Path) -> None:
        """The rows as a parquet file."""
        pq.write_table(self._table(None, {}), path, row_group_size=ROW_GROUP)

    def _table(self, columns: Sequence[str] | None, among: Mapping[str, Collection[str]]) -> pa.Table:
        if isinstance(self._rows, Path) and not among:
            table = pq.read_table(self._rows, columns=columns, partitioning=None)
            return table if columns is None else table.select(list(columns))
        return pa.concat_tables(self._groups(columns, among))

    def _groups(self, columns: Sequence[str] | None, among: Mapping[str, Collection[str]]) -> Iterator[pa.Table]:
        """The rows asked for, group by group; at least one table, which may be empty."""
        wanted = {name: pa.array(sorted(values), pa.large_string()) for name, values in among.items()}
        if not isinstance(self._rows, Path):
            yield _chosen(self._rows, columns, wanted)
            return
        read = None if columns is None else list(dict.fromkeys([*columns, *among]))
        bounds = {name: sorted(values) for name, values in among.items()}
        with pq.ParquetFile(self._rows) as file:
            yield _chosen(file.schema_arrow.empty_table(), columns, {})
            for group in range(file.num_row_groups):
                if _may_hold(file.metadata.row_group(group), bounds):
                    yield _chosen(file.read_row_group(group, columns=read), columns, wanted)


def _chosen(rows: pa.Table, columns: Sequence[str] | None, wanted: Mapping[str, pa.Array]) -> pa.Table:
    """These columns of the rows whose other columns are among what is `wanted`."""
    for name, values in wanted.items():
        rows = rows.filter(pc.is_in(rows[name], value_set=values))
    return rows if columns is None else rows.select(list(columns))


def _may_hold(group: Any, bounds: Mapping[str, Sequence[str]]) -> bool:
    """Whether a group's least and greatest values leave room for one of those wanted (in order), in every column."""
    if not bounds:
        return True
    columns = (group.column(place) for place in range(group.num_columns))
    told = {column.path_in_schema: column.statistics for column in columns if column.path_in_schema in bounds}
    return all(_overlaps(told.get(name), values) for name, values in bounds.items())


def _overlaps(told: Any, values: Sequence[str]) -> bool:
    """Whether one of the values, in order, lies between the bounds that are told; where none are, it may."""
    if told is None or not told.has_min_max:
        return bool(values)
    first = bisect_left(values, told.min)
    return first < len(values) and values[first] <= told.max


def arrow(frame: pd.DataFrame) -> pa.Table:
    """The frame as Arrow, its dtypes recorded so that reading gives them back."""
    return pa.Table.from_pandas(frame, preserve_index=False)
