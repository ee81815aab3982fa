"""Residuals → verdicts by pandera column checks: one validation per edition and level, however many rules and returns.

A row of the judged frame is one rule of one return or line: its difference, which must be 0, and its excess over what
rounding explains, which must be 0 as well. The failure cases of these two checks are the verdicts; nothing else is.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pandera.pandas as pa
from numpy.typing import NDArray

from gouji.templates.verdicts import AGREES, DIFFERS, ROUNDING, UNCHECKED
from gouji.validate.residuals import Residual

DIFFERENCE, EXCESS = "差额", "超差"

_is_zero = pa.Check(lambda column: column == 0, name="zero", ignore_na=True)
residual_schema = pa.DataFrameSchema(
    {name: pa.Column(float, _is_zero, nullable=True) for name in (DIFFERENCE, EXCESS)}, strict=True
)
"""NaN: the rule cannot be checked there."""


def residual_frame(residuals: Sequence[Residual]) -> pd.DataFrame:
    """float64 columns 差额 and 超差: all rows (returns or lines) of the first rule, then those of the next."""
    differences, excesses = ([getattr(one, name) for one in residuals] for name in ("difference", "excess"))
    return pd.DataFrame({DIFFERENCE: _joined(differences), EXCESS: _joined(excesses)})


def judge(residuals: Sequence[Residual], frame: pd.DataFrame | None = None) -> dict[str, NDArray[np.object_]]:
    """Rule key → one verdict per row. `frame` may replace the residuals' own frame (to judge altered residuals)."""
    shown = residual_frame(residuals) if frame is None else frame
    failed = _failures(shown)
    verdicts = np.full(len(shown), AGREES, dtype=object)
    verdicts[failed.get(DIFFERENCE, [])] = ROUNDING
    verdicts[failed.get(EXCESS, [])] = DIFFERS
    verdicts[shown[DIFFERENCE].isna().to_numpy()] = UNCHECKED
    keys = [one.rule.key for one in residuals]
    return dict(zip(keys, np.split(verdicts, len(keys)), strict=True)) if keys else {}


def _joined(columns: list[NDArray[np.float64]]) -> NDArray[np.float64]:
    return np.concatenate(columns) if columns else np.empty(0)


def _failures(frame: pd.DataFrame) -> dict[str, list[int]]:
    """Column → the rows at which pandera found it failing. A check that raises is a bug and is raised again."""
    if frame.empty:
        return {}
    try:
        residual_schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        cases = errors.failure_cases
        broken = cases[cases["index"].isna() | (cases["check"] != "zero")]
        if not broken.empty:
            raise AssertionError(f"residuals are malformed: {broken.to_dict('records')[:3]}") from errors
        return {str(name): rows.astype(int).tolist() for name, rows in cases.groupby("column")["index"]}
    return {}
