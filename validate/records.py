"""The rows of the `values` frame as arrays, every text of which is looked at once however many forms ask for it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from gouji.ingest.frames import STATES

UNKNOWN_DECIMALS = -1


@dataclass(frozen=True)
class Coded:
    """A column of texts: each text once, and by row which of them stands there; -1 where none does."""

    texts: NDArray[np.object_]
    code: NDArray[np.intp]

    @classmethod
    def of(cls, column: pd.Series[str]) -> Coded:
        """The column taken apart; by Arrow, for pandas makes an object of every text first."""
        arrow = pa.chunked_array([pa.array(column, pa.large_string(), from_pandas=True)]).combine_chunks()
        encoded = arrow.dictionary_encode()
        texts = np.array([*encoded.dictionary.to_pylist()], dtype=object)
        return cls(texts, encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.intp))

    @property
    def objects(self) -> NDArray[np.object_]:
        """The text of every row, None where there is none."""
        return np.array([*self.texts, None], dtype=object)[self.code]

    def number(self, text: str) -> int:
        """Which of the texts this one is, -1 where it is none."""
        return next((number for number, known in enumerate(self.texts) if known == text), -1)

    def mapped(self, places: dict[str, int]) -> NDArray[np.intp]:
        """By row the place of its text, -1 where it has none."""
        return np.array([*(places.get(text, -1) for text in self.texts), -1], np.intp)[self.code]


@dataclass(frozen=True)
class Records:
    """`frame`: rows of the values frame (see `ingest.frames.values_schema`)."""

    frame: pd.DataFrame

    @cached_property
    def table(self) -> Coded:
        return Coded.of(self.frame["return_id"])

    @cached_property
    def item(self) -> Coded:
        return Coded.of(self.frame["item"])

    @cached_property
    def column(self) -> Coded:
        """What stands behind the last dot of an item: in a list its column."""
        return Coded(np.array([item.rpartition(".")[2] for item in self.item.texts], dtype=object), self.item.code)

    @cached_property
    def list_id(self) -> Coded:
        return Coded.of(self.frame["list_id"])

    @cached_property
    def line(self) -> Coded:
        return Coded.of(self.frame["line"])

    @cached_property
    def value(self) -> NDArray[np.float64]:
        return self.frame["value"].to_numpy(dtype=float)

    @cached_property
    def decimals(self) -> NDArray[np.int16]:
        return self.frame["decimals"].fillna(UNKNOWN_DECIMALS).to_numpy(dtype=np.int16)

    @cached_property
    def state(self) -> NDArray[np.int8]:
        """The place of each state in STATES."""
        return np.asarray(pd.Categorical(self.frame["state"], categories=STATES).codes, np.int8)

    @cached_property
    def raw(self) -> NDArray[np.object_]:
        return Coded.of(self.frame["raw"]).objects

    @cached_property
    def cell(self) -> NDArray[np.object_]:
        return Coded.of(self.frame["cell"]).objects
