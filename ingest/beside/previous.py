"""Last year's results: the `returns` and `values` frames out of the OUT folder of an earlier run."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pandera.errors
import pandera.pandas as pa
from pyarrow import ArrowException

from gouji.ingest.beside.earlier_values import EarlierValues, by_whole_returns
from gouji.ingest.frames import returns_schema, typed

FRAMES = ("returns", "values")
_NO_FRAME = (TypeError, ValueError, KeyError, IndexError, AttributeError)
"""What pandas raises when the descriptions in the file are not what they must be."""


class PreviousError(Exception):
    """The folder does not hold the results of a run; the message is Chinese."""


@dataclass(frozen=True)
class Previous:
    """The tables of an earlier run that counted in it (`adopted`), and their values."""

    returns: pd.DataFrame
    values: EarlierValues

    @classmethod
    def of(cls, returns: pd.DataFrame, values: pd.DataFrame) -> Previous:
        """From frames that are small enough to stand in memory."""
        return cls(returns, EarlierValues.of([values]))

    def only(self, returns: pd.DataFrame) -> Previous:
        """The tables of these rows of the `returns` frame, by whatever code or year they are called there."""
        return Previous(returns, self.values.among(set(returns["return_id"])))

    @property
    def years(self) -> set[int]:
        """The years of its tables."""
        return {int(year) for year in self.returns["year"].dropna()}


def read_previous(out: Path) -> Previous:
    """The results in `out` (data/returns.parquet, data/values.parquet).

    Raises FileNotFoundError when there is no such folder, PreviousError when it holds no results of a run.
    """
    if not out.exists():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(out))
    returns = read_frame(out, "returns", returns_schema)
    counted = returns[returns["adopted"] & returns["form"].notna()].reset_index(drop=True)
    with _readable(out, "values") as path:
        rows = by_whole_returns(path)
        values = EarlierValues.of(part[part["return_id"].isin(counted["return_id"])] for part in rows)
    return Previous(counted, values)


def previous_files(out: Path) -> list[Path]:
    """The files that `read_previous` reads."""
    return [out / "data" / f"{name}.parquet" for name in FRAMES]


def read_frame(out: Path, name: str, schema: pa.DataFrameSchema) -> pd.DataFrame:
    """A frame of the results in `out`. Raises PreviousError when it is missing or does not match its schema."""
    with _readable(out, name) as path:
        return typed(pd.read_parquet(path, engine="pyarrow"), schema)


@contextmanager
def _readable(out: Path, name: str) -> Iterator[Path]:
    path = out / "data" / f"{name}.parquet"
    try:
        yield path
    except FileNotFoundError as error:
        raise PreviousError(f"“{out}”不是一次运行的结果文件夹：里面没有 data/{name}.parquet") from error
    except PermissionError:
        raise
    except (ArrowException, OSError, pandera.errors.SchemaError, pandera.errors.SchemaErrors, *_NO_FRAME) as error:
        raise PreviousError(f"以前的结果 {path} 无法读取，可能已损坏或来自别的程序") from error
