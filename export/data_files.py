"""The data files under data/: one parquet file per frame, growing on disk part by part."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pandera.pandas as pa
import pyarrow
import pyarrow.parquet as pq

from gouji.export.stored import ROW_GROUP, Stored, arrow
from gouji.ingest.frames import labels_schema, returns_schema, typed, values_schema
from gouji.score.frames import scores_schema, totals_schema
from gouji.validate.frames import asides_schema, decisions_schema, findings_schema, resolved_schema, verdicts_schema

SCHEMAS: dict[str, pa.DataFrameSchema] = {
    "returns": returns_schema,
    "values": values_schema,
    "verdicts": verdicts_schema,
    "findings": findings_schema,
    "asides": asides_schema,
    "scores": scores_schema,
    "totals": totals_schema,
    "decisions": decisions_schema,
    "resolved": resolved_schema,
    "labels": labels_schema,
}
"""Every frame that has a file."""


def data_file(out: Path, name: str) -> Path:
    """Where a frame stands below an output folder."""
    return out / "data" / f"{name}.parquet"


class DataFiles:
    """The files of some frames in the making. Raises OSError when one cannot be written."""

    def __init__(self, out: Path, names: Sequence[str]) -> None:
        self._out = out
        self._names = names
        self._writers: dict[str, pq.ParquetWriter] = {}
        (out / "data").mkdir()

    def add(self, name: str, rows: pyarrow.Table) -> None:
        """More rows of a frame."""
        if name not in self._writers:
            self._writers[name] = pq.ParquetWriter(data_file(self._out, name), rows.schema)
        if rows.num_rows:
            self._writers[name].write_table(rows, row_group_size=ROW_GROUP)

    def close(self) -> None:
        """Finish the files; a frame without any rows has one too."""
        for name in self._names:
            if name not in self._writers:
                self.add(name, arrow(typed(pd.DataFrame(), SCHEMAS[name])))
            self._writers[name].close()

    def kept(self, name: str, rows: pd.DataFrame) -> Stored:
        """All rows of another frame, in its file."""
        path = data_file(self._out, name)
        Stored.of(rows).write(path)
        return Stored.from_file(path)

    def stored(self, name: str) -> Stored:
        """The rows of a finished file."""
        return Stored.from_file(data_file(self._out, name))
