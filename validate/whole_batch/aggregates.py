"""What a part of a batch hands on about itself, so that the whole is judged without its figures in memory."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gouji.templates.verdicts import DIFFERS, UNCHECKED
from gouji.validate.wide import Wide

DIGESTS = ["return_id", "digest", "distinct"]
"""The amounts that a unit filled in as one hash, and how many different ones above 0 there are."""
COUNTS = ["form", "edition", "rule", "checked", "broken"]
"""How many units a rule was checked for, and how many broke it; no unit is in two parts."""
RATES = ["return_id", "item", "cell", "value"]
"""The rates of every table that counts, with their cells."""

AGGREGATES = {"digests": DIGESTS, "counts": COUNTS, "rates": RATES}
"""The three frames by name."""


@dataclass(frozen=True)
class Aggregates:
    """Three small frames with the columns DIGESTS, COUNTS and RATES."""

    digests: pd.DataFrame
    counts: pd.DataFrame
    rates: pd.DataFrame

    def frames(self) -> dict[str, pd.DataFrame]:
        """By name, as they travel."""
        return {"digests": self.digests, "counts": self.counts, "rates": self.rates}

    @classmethod
    def together(cls, parts: list[dict[str, pd.DataFrame]]) -> Aggregates:
        """Those of a whole batch."""
        joined = {name: _joined([part[name] for part in parts], columns) for name, columns in AGGREGATES.items()}
        counts = joined["counts"].groupby(COUNTS[:3], as_index=False, sort=True)[COUNTS[3:]].sum()
        return cls(joined["digests"], counts, joined["rates"])


def aggregates_of(wides: list[Wide], verdicts: pd.DataFrame) -> Aggregates:
    """The aggregates of one part."""
    digests = [_digests(wide) for wide in wides]
    rates = [rows for wide in wides for rows in _rates(wide)]
    returns = [wide.returns for wide in wides]
    return Aggregates(_joined(digests, DIGESTS), _counts(returns, verdicts), _joined(rates, RATES))


def _joined(parts: list[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    filled = [part for part in parts if len(part)]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=columns)


def _digests(wide: Wide) -> pd.DataFrame:
    """What is computed or printed is left out, and so are names: a copy with another project name is one too."""
    form = wide.form
    items = [item.id for item in form.items.values() if item.kind == "amount" and item.id not in form.computed]
    fixed = wide.fixed.value[:, [wide.fixed.place[item] for item in items]]
    rows = [[_plain(figures)] for figures in fixed]
    for name, spec in form.lists.items():
        columns = [column for column, item in spec.columns.items() if item.kind == "amount"]
        lines = wide.lists[name]
        if columns:
            values = lines.columns.value[:, [lines.columns.place[column] for column in columns]]
            for owner, group in _by_owner(values, lines.owner):
                rows[owner].append(group)
    digests = [(hashlib.sha256(b"|".join(part.tobytes() for part in row)).hexdigest(), _distinct(row)) for row in rows]
    frame = pd.DataFrame(digests, columns=DIGESTS[1:])
    frame.insert(0, "return_id", wide.returns["return_id"].to_numpy(dtype=object))
    return frame


def _by_owner(values: NDArray[np.float64], owner: NDArray[np.intp]) -> Iterator[tuple[int, NDArray[np.float64]]]:
    order = np.argsort(owner, kind="stable")
    owners, starts = np.unique(owner[order], return_index=True)
    ends = np.append(starts[1:], len(order))
    for row, start, end in zip(owners.tolist(), starts, ends[: len(owners)], strict=True):
        yield row, _plain(values[order[start:end]])


def _plain(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Blank is told from 0 by nobody who copies; −0 is 0."""
    return np.nan_to_num(values, nan=0.0) + 0.0


def _distinct(row: list[NDArray[np.float64]]) -> int:
    distinct = np.unique(np.concatenate([part.ravel() for part in row]))
    return int(np.count_nonzero(distinct))


def _rates(wide: Wide) -> Iterator[pd.DataFrame]:
    counted = wide.returns["adopted"].to_numpy(dtype=bool)
    ids = wide.returns["return_id"].to_numpy(dtype=object)
    for item in (rate.id for rate in wide.form.items.values() if rate.kind == "rate"):
        value, cell = (columns[:, wide.fixed.place[item]] for columns in (wide.fixed.value, wide.fixed.cell))
        known = counted & np.isfinite(value)
        yield pd.DataFrame({"return_id": ids[known], "item": item, "cell": cell[known], "value": value[known]})


def _counts(returns: list[pd.DataFrame], verdicts: pd.DataFrame) -> pd.DataFrame:
    columns = ["return_id", "form", "edition", "unit_code", "unit"]
    known = _joined([frame[columns] for frame in returns], columns)
    checked = verdicts.loc[verdicts["verdict"] != UNCHECKED, ["return_id", "rule", "verdict"]].merge(
        known, on="return_id"
    )
    whose = checked["unit_code"].fillna(checked["unit"]).fillna(checked["return_id"])
    checked = checked.assign(whose=whose, broken=checked["verdict"] == DIFFERS)
    by_unit = checked.groupby([*COUNTS[:3], "whose"])["broken"].any()
    groups = by_unit.groupby(level=COUNTS[:3])
    return pd.DataFrame({"checked": groups.size(), "broken": groups.sum()}).reset_index()[COUNTS]
