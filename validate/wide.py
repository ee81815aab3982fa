"""Wide frames: one row per return and one column per item, for all returns of one form edition; lists stay long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gouji.ingest.frames import COUNTED, EXTRA, LIKE, PRINTED, STATES
from gouji.templates.form import Form

BLANK_STATE = STATES.index("blank")
FILLED_STATE = STATES.index("filled")
NOT_APPLICABLE_STATE = STATES.index("not_applicable")
ABSENT_STATE = STATES.index("absent")
UNKNOWN_DECIMALS = -1
_BLUR = 1e-14
"""What arithmetic in binary leaves of a whole figure, as a share of it."""


@dataclass
class Columns:
    """Values by (row, column): figures, their shown decimals (-1 unknown), states (index in STATES), raw, cells.

    `whole`: by row, whether all amounts of its table, wherever they stand in it, are whole 万元.
    """

    names: list[str]
    value: NDArray[np.float64]
    decimals: NDArray[np.int16]
    state: NDArray[np.int8]
    raw: NDArray[np.object_]
    cell: NDArray[np.object_]
    whole: NDArray[np.bool_] | None = None

    @cached_property
    def place(self) -> dict[str, int]:
        """Column name → its index."""
        return {name: index for index, name in enumerate(self.names)}

    def raw_of(self, name: str) -> NDArray[np.object_]:
        """The raw texts of one column."""
        return self.raw[:, self.place[name]]

    def state_of(self, name: str) -> NDArray[np.int8]:
        """The states of one column."""
        return self.state[:, self.place[name]]

    def frame(self, index: pd.Index) -> pd.DataFrame:
        """The figures as a DataFrame (float64, NaN where there is none), one column per item."""
        return pd.DataFrame(self.value, index=index, columns=self.names)


@dataclass
class Lines:
    """The lines of one list over all returns: `owner` is the row of the return, `line` its identifier."""

    owner: NDArray[np.intp]
    line: NDArray[np.object_]
    columns: Columns


@dataclass(frozen=True, slots=True)
class ExtraAmount:
    """An amount of a return (its row in the wide frame) in a row that the definition of its block does not have.

    `settled`: people said that the row may be a part of the block's sums.
    """

    row: int
    block: str
    label: str
    column: str
    value: float
    cell: str
    settled: bool = False


@dataclass
class Wide:
    """All returns of one form edition. `returns`: their rows of the returns frame, in the order of the arrays.

    `absent`: column of a list (`list.column`) → for which returns the sheet does not have it. `printed`: first-level
    indicator → the points that its sheet prints behind it, where they are not the form's, else NaN; `unmarked`: the
    same → which sheets print none. `extra`: amounts in rows that the definition does not have.
    `similar`: return → row, column or field → the label of the sheet that was read for it by its likeness.
    """

    form: Form
    returns: pd.DataFrame
    fixed: Columns
    lists: dict[str, Lines]
    absent: dict[str, NDArray[np.bool_]] = field(default_factory=dict)
    printed: dict[str, NDArray[np.float64]] = field(default_factory=dict)
    unmarked: dict[str, NDArray[np.bool_]] = field(default_factory=dict)
    extra: list[ExtraAmount] = field(default_factory=list)
    similar: dict[int, dict[str, str]] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return len(self.returns)

    @cached_property
    def rows(self) -> list[Any]:
        """The returns as named tuples: what is asked of single ones again and again."""
        return list(self.returns.itertuples(index=False, name="Row"))

    @cached_property
    def unit_key(self) -> NDArray[np.object_]:
        """What ties the tables of one unit and year together."""
        unit = self.returns["unit_code"].fillna(self.returns["unit"]).fillna(self.returns["return_id"])
        return (unit.astype(str) + "|" + self.returns["year"].astype("string").fillna("")).to_numpy(dtype=object)


def widen(form: Form, returns: pd.DataFrame, values: pd.DataFrame) -> Wide:
    """The wide frames of one edition from `returns` (its rows only) and `values` (of the whole part)."""
    returns = returns.reset_index(drop=True)
    row_of = pd.Series(np.arange(len(returns)), index=returns["return_id"])
    records = values[values["return_id"].isin(row_of.index)]
    rows = row_of.loc[records["return_id"]].to_numpy()
    in_list = records["list_id"].notna().to_numpy()
    fixed = _scatter(records[~in_list], rows[~in_list], len(returns), list(form.items), records.loc[~in_list, "item"])
    lists = {}
    for name, spec in form.lists.items():
        mine = in_list & (records["list_id"] == name).fillna(False).to_numpy(dtype=bool)
        columns = [*spec.levels, *spec.columns]
        lists[name] = _lines(records[mine], rows[mine], columns)
    fixed.whole = _in_whole(form, records, rows, len(returns))
    for lines in lists.values():
        lines.columns.whole = fixed.whole[lines.owner]
    beyond = _beyond(form, records[~in_list], rows[~in_list])
    size = len(returns)
    return Wide(
        form,
        returns,
        fixed,
        lists,
        _absent_columns(form, beyond, size),
        _printed_points(beyond, size),
        _unmarked(beyond, size),
        _extra(beyond),
        _similar(beyond),
    )


def _beyond(form: Form, records: pd.DataFrame, rows: NDArray[np.intp]) -> pd.DataFrame:
    """What was read besides the form's items (few rows, and only of tables found by their labels)."""
    besides = ~records["item"].isin(form.items.keys()).to_numpy(dtype=bool)
    return records[besides].assign(at=rows[besides])


def _printed_points(beyond: pd.DataFrame, size: int) -> dict[str, NDArray[np.float64]]:
    printed: dict[str, NDArray[np.float64]] = {}
    for item, row, points in _rows(beyond, PRINTED, "value"):
        printed.setdefault(item.removesuffix(PRINTED), np.full(size, np.nan))[row] = points
    return printed


def _unmarked(beyond: pd.DataFrame, size: int) -> dict[str, NDArray[np.bool_]]:
    unmarked: dict[str, NDArray[np.bool_]] = {}
    none = beyond[beyond["item"].str.endswith(PRINTED) & (beyond["state"] == STATES[ABSENT_STATE])]
    for item, row in zip(none["item"], none["at"], strict=True):
        unmarked.setdefault(item.removesuffix(PRINTED), np.zeros(size, bool))[row] = True
    return unmarked


def _extra(beyond: pd.DataFrame) -> list[ExtraAmount]:
    extras = []
    cells = dict(zip(zip(beyond["at"], beyond["item"], strict=True), beyond["cell"], strict=True))
    for sign in (EXTRA, COUNTED):
        for item, row, amount in _rows(beyond, sign, "value"):
            block, _, named = item.partition(sign)
            label, _, column = named.rpartition(".")
            settled = sign == COUNTED
            extras.append(ExtraAmount(row, block, label, column, amount, str(cells[row, item]), settled))
    return extras


def _similar(beyond: pd.DataFrame) -> dict[int, dict[str, str]]:
    similar: dict[int, dict[str, str]] = {}
    for item, row, text in _rows(beyond, LIKE, "raw"):
        similar.setdefault(row, {})[item.removeprefix(LIKE)] = text
    return similar


def _rows(beyond: pd.DataFrame, sign: str, column: str) -> list[tuple[str, int, Any]]:
    """(item, return, value) of what was read besides the form's items under a sign."""
    kept = beyond[beyond["item"].str.contains(sign, regex=False) & beyond[column].notna()]
    return list(zip(kept["item"].tolist(), kept["at"].tolist(), kept[column].tolist(), strict=True))


def _absent_columns(form: Form, beyond: pd.DataFrame, size: int) -> dict[str, NDArray[np.bool_]]:
    absent: dict[str, NDArray[np.bool_]] = {}
    columns = {item.id for spec in form.lists.values() for item in spec.columns.values()}
    lacking = beyond[beyond["item"].isin(columns)]
    for row, column in zip(lacking["at"], lacking["item"], strict=True):
        absent.setdefault(column, np.zeros(size, bool))[row] = True
    return absent


def _in_whole(form: Form, records: pd.DataFrame, rows: NDArray[np.intp], size: int) -> NDArray[np.bool_]:
    """Which returns hold nothing but whole 万元 in their amounts."""
    amounts = {item.id for item in form.items.values() if item.kind == "amount"}
    amounts |= {
        f"{name}.{column}" for name, spec in form.lists.items() for column, item in spec.columns.items()
        if item.kind == "amount"
    }  # fmt: skip
    listed = records["list_id"] + "." + records["item"].str.rsplit(".", n=1).str[-1]
    value = records["value"].where(listed.fillna(records["item"]).isin(amounts)).to_numpy(dtype=float)
    broken = abs(value - np.round(value)) > abs(value) * _BLUR
    return ~np.isin(np.arange(size), rows[broken])


def _lines(records: pd.DataFrame, rows: NDArray[np.intp], columns: list[str]) -> Lines:
    keys = pd.MultiIndex.from_arrays([rows, records["line"].to_numpy(dtype=object)])
    codes, unique = pd.factorize(keys)
    owner = np.array([key[0] for key in unique], dtype=np.intp)
    line = np.array([key[1] for key in unique], dtype=object)
    names = [item.rpartition(".")[2] for item in records["item"]]
    return Lines(owner, line, _scatter(records, codes, len(unique), columns, names))


def _scatter(
    records: pd.DataFrame, rows: NDArray[np.intp], size: int, names: list[str], columns: Sequence[str] | pd.Series[str]
) -> Columns:
    shape = (size, len(names))
    places = pd.Index(names).get_indexer(pd.Index(columns))
    kept = places >= 0
    where = rows[kept], places[kept]
    value = np.full(shape, np.nan)
    decimals = np.full(shape, UNKNOWN_DECIMALS, np.int16)
    state = np.full(shape, BLANK_STATE, np.int8)
    raw, cell = np.full(shape, None, dtype=object), np.full(shape, None, dtype=object)
    value[where] = records["value"].to_numpy(dtype=float)[kept]
    decimals[where] = records["decimals"].fillna(UNKNOWN_DECIMALS).to_numpy(dtype=np.int16)[kept]
    state[where] = pd.Categorical(records["state"], categories=STATES).codes[kept]
    raw[where] = _objects(records["raw"])[kept]
    cell[where] = _objects(records["cell"])[kept]
    return Columns(names, value, decimals, state, raw, cell)


def _objects(column: pd.Series[str]) -> NDArray[np.object_]:
    return column.astype(object).where(column.notna(), None).to_numpy(dtype=object)


def narrowed(wide: Wide, returns: NDArray[np.intp]) -> Wide:
    """Some of the returns, by place in ascending order, with their lines; the others are as if they had not come."""
    lists = {
        name: _lines_at(lines, np.flatnonzero(np.isin(lines.owner, returns))) for name, lines in wide.lists.items()
    }
    for lines in lists.values():
        lines.owner = np.searchsorted(returns, lines.owner)
    absent = {column: mask[returns] for column, mask in wide.absent.items()}
    printed = {name: points[returns] for name, points in wide.printed.items()}
    unmarked = {name: none[returns] for name, none in wide.unmarked.items()}
    place = {row: position for position, row in enumerate(returns.tolist())}
    extra = [replace(amount, row=place[amount.row]) for amount in wide.extra if amount.row in place]
    similar = {place[row]: labels for row, labels in wide.similar.items() if row in place}
    kept = wide.returns.iloc[returns].reset_index(drop=True)
    return Wide(wide.form, kept, _rows_at(wide.fixed, returns), lists, absent, printed, unmarked, extra, similar)


def _lines_at(lines: Lines, places: NDArray[np.intp]) -> Lines:
    return Lines(lines.owner[places], lines.line[places], _rows_at(lines.columns, places))


def _rows_at(columns: Columns, places: NDArray[np.intp]) -> Columns:
    return Columns(
        names=columns.names,
        value=columns.value[places],
        decimals=columns.decimals[places],
        state=columns.state[places],
        raw=columns.raw[places],
        cell=columns.cell[places],
        whole=None if columns.whole is None else columns.whole[places],
    )
