"""Which table of another form belongs to a return: the unit's only one, or the one of the same project."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gouji.validate.wide import Wide

NONE, SEVERAL = -1, -2
"""No table of the unit, or no telling which of several."""

_BY_NUMBER = re.compile(r"第\d+张")


def partners(wide: Wide, others: Sequence[Wide]) -> NDArray[np.intp]:
    """For every return of `wide` the row of its partner in the returns of `others` one after another, or NONE, SEVERAL.

    Only adopted returns count. Between two forms that are filled per project, tables of the same project belong
    together; where a project is not named on one side, there must be but one table of the unit on each.
    """
    unit = np.concatenate([other.unit_key for other in others])
    adopted = np.concatenate([other.returns["adopted"].to_numpy(dtype=bool) for other in others])
    rows = np.flatnonzero(adopted)
    by_unit = _only(wide.unit_key, unit[rows], rows)
    if "unit" in (wide.form.definition.per, *(other.form.definition.per for other in others)):
        return by_unit
    return _by_project(wide, np.concatenate([_projects(other) for other in others]), unit, rows, by_unit)


def _by_project(
    wide: Wide,
    projects: NDArray[np.object_],
    unit: NDArray[np.object_],
    rows: NDArray[np.intp],
    by_unit: NDArray[np.intp],
) -> NDArray[np.intp]:
    project, is_named = _projects(wide), projects[rows] != ""
    same = _only(_joined(wide.unit_key, project), _joined(unit, projects)[rows[is_named]], rows[is_named])
    # A table about another project is no partner, even if it is the unit's only one.
    nameless = _only(wide.unit_key, unit[rows[~is_named]], rows[~is_named])
    left = np.where(project != "", nameless, by_unit)
    adopted = wide.returns["adopted"].to_numpy(dtype=bool)
    many = pd.Series(adopted).groupby(wide.unit_key).transform("sum").to_numpy() > 1
    left = np.where((left >= 0) & (many | (by_unit == SEVERAL)), SEVERAL, left)
    return np.where((project != "") & (same != NONE), same, left).astype(np.intp)


def _only(wanted: NDArray[np.object_], keys: NDArray[np.object_], rows: NDArray[np.intp]) -> NDArray[np.intp]:
    """The one row with each wanted key, NONE where there is none, SEVERAL where there are more."""
    codes, names = pd.factorize(np.concatenate([keys, wanted]))
    code = codes[: len(keys)]
    row, times = np.full(len(names), NONE, np.intp), np.bincount(code, minlength=len(names))
    row[code] = rows
    return np.where(times > 1, SEVERAL, row)[codes[len(keys) :]]


def _projects(wide: Wide) -> NDArray[np.object_]:
    """The project of every return, empty where it is only the n-th table of its form."""
    instances = wide.returns["instance"].fillna("").astype(str)
    return np.array(["" if _BY_NUMBER.fullmatch(name) else name for name in instances], dtype=object)


def _joined(unit: NDArray[np.object_], project: NDArray[np.object_]) -> NDArray[np.object_]:
    return np.array([f"{key}\t{name}" for key, name in zip(unit, project, strict=True)], dtype=object)
