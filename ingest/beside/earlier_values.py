"""The values of an earlier run, packed: of a large batch they fill the memory many times over as a frame."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from gouji.ingest.frames import typed, values_schema


@dataclass(frozen=True, slots=True)
class _Piece:
    """Some returns with all of their rows, as a parquet file."""

    return_ids: frozenset[str]
    packed: bytes


@dataclass(frozen=True, slots=True)
class EarlierValues:
    """Rows of `values_schema` by pieces of whole returns, of which a reader unpacks what is asked for."""

    pieces: tuple[_Piece, ...]

    @classmethod
    def of(cls, frames: Iterable[pd.DataFrame]) -> EarlierValues:
        """The rows of frames, each of which holds whole returns."""
        return cls(tuple(map(_packed, frames)))

    def among(self, return_ids: Collection[str]) -> EarlierValues:
        """The pieces in which there is anything of these returns, for who needs no others."""
        return EarlierValues(tuple(piece for piece in self.pieces if not piece.return_ids.isdisjoint(return_ids)))

    def frame(self, return_ids: Collection[str]) -> pd.DataFrame:
        """The `values` of these returns."""
        wanted = pa.array(sorted(return_ids), pa.large_string())
        tables = [
            pq.read_table(pa.BufferReader(piece.packed), filters=pa.compute.field("return_id").isin(wanted))
            for piece in self.among(return_ids).pieces
        ]
        return typed(pa.concat_tables(tables).to_pandas() if tables else pd.DataFrame(), values_schema)


def by_whole_returns(path: Path) -> Iterator[pd.DataFrame]:
    """The values in a parquet file, some whole returns at a time. Raises ValueError where the rows of a return do not
    stand together, SchemaError(s), ArrowException, OSError."""
    waiting, finished = pd.DataFrame(columns=list(values_schema.columns)), set[str]()
    with pq.ParquetFile(path) as file:
        for group in range(file.num_row_groups):
            rows = file.read_row_group(group).to_pandas()
            if rows.empty:
                continue
            rows = pd.concat([waiting, rows], ignore_index=True) if len(waiting) else rows
            last = rows["return_id"].eq(rows["return_id"].iloc[-1])
            waiting = rows[last]
            yield _whole(rows[~last], finished)
    yield _whole(waiting, finished)


def _whole(rows: pd.DataFrame, finished: set[str]) -> pd.DataFrame:
    """The rows, none of which are of a return that is `finished`; theirs are so then."""
    return_ids = set(rows["return_id"])
    if not finished.isdisjoint(return_ids):
        raise ValueError("the rows of a return do not stand together")
    finished |= return_ids
    return typed(rows.reset_index(drop=True), values_schema)


def _packed(rows: pd.DataFrame) -> _Piece:
    buffer = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pandas(rows, preserve_index=False), buffer, compression="zstd")
    return _Piece(frozenset(rows["return_id"]), bytes(buffer.getvalue().to_pybytes()))
