"""Wide frames: one row per return and one column per item, for all returns of one form edition; lists stay long."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gouji.ingest.frames import COUNTED, EXTRA, LIKE, PRINTED, STATES
from gouji.templates.form import Form
from gouji.templates.rules.quantity import Quantity
from gouji.validate.findings import Origin
from gouji.validate.records import UNKNOWN_DECIMALS, Records

BLANK_STATE = STATES.index("blank")
FILLED_STATE = STATES.index("filled")
NOT_APPLICABLE_STATE = STATES.index("not_applicable")
ABSENT_STATE = STATES.index("absent")
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
    quantities: dict[tuple[str, str, int | None], Quantity] = field(default_factory=dict, repr=False, compare=False)
    """What was worked out of a column (`validate.figures.column_quantity`): several rules ask for each."""

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
    def origins(self) -> list[Origin]:
        """Whose the findings of each return are."""
        return list(map(Origin.of, self.rows))

    @cached_property
    def unit_key(self) -> NDArray[np.object_]:
        """What ties the tables of one unit and year together."""
        unit = self.returns["unit_code"].fillna(self.returns["unit"]).fillna(self.returns["return_id"])
        return (unit.astype(str) + "|" + self.returns["year"].astype("string").fillna("")).to_numpy(dtype=object)


def widen(form: Form, returns: pd.DataFrame, values: pd.DataFrame | Records) -> Wide:
    """The wide frames of one edition from `returns` (its rows only) and `values` (of the whole part)."""
    records = values if isinstance(values, Records) else Records(values)
    returns = returns.reset_index(drop=True)
    row_of = records.table.mapped({str(name): row for row, name in enumerate(returns["return_id"])})
    own = np.flatnonzero(row_of >= 0)
    in_list = records.list_id.code[own] >= 0
    single, size = own[~in_list], len(returns)
    items = records.item.mapped({name: place for place, name in enumerate(form.items)})
    fixed = _scatter(records, single, row_of[single], size, list(form.items), items[single])
    lists = {
        name: _lines(records, own, row_of, name, [*spec.levels, *spec.columns]) for name, spec in form.lists.items()
    }
    fixed.whole = _in_whole(form, records, own, row_of, size)
    for lines in lists.values():
        lines.columns.whole = fixed.whole[lines.owner]
    besides = single[items[single] < 0]
    beyond = records.frame.iloc[besides].assign(at=row_of[besides])
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


def _in_whole(
    form: Form, records: Records, own: NDArray[np.intp], row_of: NDArray[np.intp], size: int
) -> NDArray[np.bool_]:
    """Which returns hold nothing but whole 万元 in their amounts."""
    amounts: set[tuple[str | None, str]] = {(None, item.id) for item in form.items.values() if item.kind == "amount"}
    amounts |= {
        (name, column) for name, spec in form.lists.items() for column, item in spec.columns.items()
        if item.kind == "amount"
    }  # fmt: skip
    value = records.value[own]
    broken = own[abs(value - np.round(value)) > abs(value) * _BLUR]
    of_amounts = [
        ((None, records.item.texts[item]) if list_ < 0 else (records.list_id.texts[list_], records.column.texts[item]))
        in amounts
        for list_, item in zip(records.list_id.code[broken], records.item.code[broken], strict=True)
    ]
    return ~np.isin(np.arange(size), row_of[broken[np.array(of_amounts, bool)]])


def _lines(records: Records, own: NDArray[np.intp], row_of: NDArray[np.intp], name: str, columns: list[str]) -> Lines:
    """The lines of the list of this name, in the order in which they come."""
    number = records.list_id.number(name)
    mine = own[records.list_id.code[own] == number] if number >= 0 else own[:0]
    lines = records.line
    width = len(lines.texts) + 1
    keys, unique = pd.factorize(row_of[mine] * width + lines.code[mine] + 1)
    owner, line = unique // width, np.array([None, *lines.texts], dtype=object)[unique % width]
    places = records.column.mapped({column: place for place, column in enumerate(columns)})
    return Lines(owner.astype(np.intp), line, _scatter(records, mine, keys, len(unique), columns, places[mine]))


def _scatter(
    records: Records, chosen: NDArray[np.intp], rows: NDArray[np.intp], size: int, names: list[str],
    places: NDArray[np.intp],
) -> Columns:  # fmt: skip
    """The `chosen` records in their rows, and in the columns at these places (-1: in none)."""
    shape = (size, len(names))
    kept = places >= 0
    where, taken = (rows[kept], places[kept]), chosen[kept]
    value = np.full(shape, np.nan)
    decimals = np.full(shape, UNKNOWN_DECIMALS, np.int16)
    state = np.full(shape, BLANK_STATE, np.int8)
    raw, cell = np.full(shape, None, dtype=object), np.full(shape, None, dtype=object)
    value[where], decimals[where], state[where] = records.value[taken], records.decimals[taken], records.state[taken]
    raw[where], cell[where] = records.raw[taken], records.cell[taken]
    return Columns(names, value, decimals, state, raw, cell)


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
