"""Figures of other tables by key: what stands elsewhere under the key of each row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gouji.templates.rules import quantity as q

Keys = NDArray[np.object_]


def picked(figures: q.Quantity, chosen: NDArray[np.bool_] | NDArray[np.intp]) -> q.Quantity:
    """Some of the figures, by mask or by place."""
    value = figures.value[chosen]
    if figures.exact:
        return q.exact(value, figures.state[chosen], figures.unit[chosen])
    whole = None if figures.whole is None else figures.whole[chosen]
    low, high = figures.low[chosen], figures.high[chosen]
    return q.Quantity(value, low, high, figures.state[chosen], figures.unit[chosen], whole)


def stacked(parts: Sequence[q.Quantity]) -> q.Quantity:
    """Several columns one below the other."""
    return q.Quantity(
        np.concatenate([part.value for part in parts]),
        np.concatenate([part.low for part in parts]),
        np.concatenate([part.high for part in parts]),
        np.concatenate([part.state for part in parts]),
        np.concatenate([part.unit for part in parts]),
        np.concatenate([np.zeros(len(part.value), bool) if part.whole is None else part.whole for part in parts]),
    )


def looked_up(keys: Keys, sources: Sequence[tuple[Keys, q.Quantity]]) -> q.Quantity:
    """For every key the one figure that stands under it in `sources`.

    A key that no source has is blank; under a key that stands there more than once, it cannot be told which counts.
    """
    if not sources:
        return q.blank(len(keys))
    all_keys = np.concatenate([source_keys for source_keys, _ in sources])
    rows = pd.Series(np.arange(len(all_keys))).groupby(all_keys).agg(["first", "size"]).reindex(keys)
    places = rows["first"].fillna(-1).to_numpy(dtype=np.intp)
    single = picked(stacked([*(figures for _, figures in sources), q.blank(1)]), places)
    several = (rows["size"] > 1).to_numpy(dtype=bool)
    state = np.where(several, q.BAD, single.state).astype(np.int8)
    return replace(single, state=state)


@dataclass(frozen=True)
class Reference:
    """部门决算参照表, the bureau's own: one row per unit, under `keys` (as `Wide.unit_key`).

    `figures`: column → 万元; `cells`: column → `部门决算参照表!D9`. `form`: the table's name.
    """

    form: str
    keys: Keys
    figures: Mapping[str, q.Quantity]
    cells: Mapping[str, NDArray[np.object_]]

    def quantity(self, column: str, keys: Keys) -> q.Quantity:
        """The column's figure for every key."""
        if column not in self.figures:
            return q.blank(len(keys))
        return looked_up(keys, [(self.keys, self.figures[column])])

    def cells_of(self, column: str, keys: Keys) -> NDArray[np.object_]:
        """Where the column's figure stands for every key; None for a unit that the table does not list."""
        cells = dict(zip(self.keys, self.cells.get(column, []), strict=False))
        return np.array([cells.get(key) for key in keys] or [], dtype=object)
