"""Residuals → verdicts by pandera: a column of differences and a named check per rule, over all returns at once.

The same schema serves a run and whoever checks a plain frame (`validate.plain`): its failure cases are what does not
tie, by rule, row and difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
import pandera.pandas as pa
from numpy.typing import NDArray

from gouji.templates.verdicts import AGREES, DIFFERS, ROUNDING, UNCHECKED
from gouji.validate.residuals import Residual


def rounding_column(key: str) -> str:
    """The column of what rounding explains of a rule's differences; what it does not stands under the rule's key."""
    return f"{key}·{ROUNDING}"


def rule_schema(keys: Iterable[str], *, rounding: bool = True) -> pa.DataFrameSchema:
    """A float64 column per rule key (`G-01[三公经费.本年决算数]`) with a check of that name: every difference is 0.

    NaN is neither right nor wrong: it cannot be told there. `rounding`: differences that rounding explains are asked
    for too, under names of their own.
    """
    return _schema(name for key in keys for name in ((key, rounding_column(key)) if rounding else (key,)))


def _schema(names: Iterable[str]) -> pa.DataFrameSchema:
    return pa.DataFrameSchema({name: pa.Column(float, _agrees(name), nullable=True) for name in names})


def _agrees(name: str) -> pa.Check:
    return pa.Check(lambda differences: differences == 0, name=name, ignore_na=True)


def residual_frame(residuals: Sequence[Residual]) -> pd.DataFrame:
    """The columns that `rule_schema` asks for, a row per return or line: 0 where a rule holds, else the difference."""
    return pd.DataFrame({name: column for residual in residuals for name, column in _columns(residual)})


def _columns(residual: Residual) -> list[tuple[str, NDArray[np.float64]]]:
    beyond, known = residual.excess != 0, ~np.isnan(residual.difference)
    difference = np.where(beyond & (residual.difference == 0), residual.excess, residual.difference)
    differs = np.where(beyond & known, difference, 0.0)
    rounded = np.where(beyond, 0.0, residual.difference)
    return [(residual.rule.key, np.where(known, differs, np.nan)), (rounding_column(residual.rule.key), rounded)]


def judge(residuals: Sequence[Residual], frame: pd.DataFrame | None = None) -> dict[str, NDArray[np.object_]]:
    """Rule key → one verdict per row. `frame` may replace the residuals' own frame (to judge altered residuals)."""
    shown = residual_frame(residuals) if frame is None else frame
    keys = [residual.rule.key for residual in residuals]
    failed = _failures(shown, keys)
    return {key: _verdicts(shown[key], failed.get(key, []), failed.get(rounding_column(key), [])) for key in keys}


def _verdicts(differences: pd.Series[float], differs: list[int], rounded: list[int]) -> NDArray[np.object_]:
    verdicts = np.full(len(differences), AGREES, dtype=object)
    verdicts[rounded] = ROUNDING
    verdicts[differs] = DIFFERS
    verdicts[differences.isna().to_numpy()] = UNCHECKED
    return verdicts


def _failures(frame: pd.DataFrame, keys: list[str]) -> dict[str, list[int]]:
    """Column → the rows at which pandera found it failing. A check that raises is a bug and is raised again.

    A check takes pandera a millisecond, however few the rows: what nothing breaks is not asked for.
    """
    unequal = ((frame != 0) & frame.notna()).any()
    asked = [name for key in keys for name in (key, rounding_column(key)) if unequal[name]]
    if not asked:
        return {}
    try:
        _schema(asked).validate(frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        cases = errors.failure_cases
        broken = cases[cases["index"].isna() | (cases["check"] != cases["column"])]
        if not broken.empty:
            raise AssertionError(f"residuals are malformed: {broken.to_dict('records')[:3]}") from errors
        return {str(name): rows.astype(int).tolist() for name, rows in cases.groupby("column")["index"]}
    return {}
