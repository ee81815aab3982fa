"""Residual columns → verdicts by pandera column checks: one validation per edition and level, however many returns.

Every rule is two columns of one frame: its difference, which must be 0, and its excess over what rounding
explains, which must be 0 as well. The failure cases of these column checks are the verdicts; nothing else is.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pandera.pandas as pa
from numpy.typing import NDArray

from templates.verdicts import AGREES, DIFFERS, ROUNDING, UNCHECKED
from validate.residuals import Residual

DIFFERENCE, EXCESS = "差额", "超差"


def residual_frame(residuals: Sequence[Residual]) -> pd.DataFrame:
    """float64 columns `<rule key>|差额` and `<rule key>|超差`, one row per return or line; NaN = cannot be checked."""
    columns = {}
    for one in residuals:
        columns[f"{one.rule.key}|{DIFFERENCE}"] = one.difference
        columns[f"{one.rule.key}|{EXCESS}"] = one.excess
    return pd.DataFrame(columns)


def residual_schema(residuals: Sequence[Residual]) -> pa.DataFrameSchema:
    """The column checks of these rules."""
    is_zero = pa.Check(lambda column: column == 0, name="zero", ignore_na=True)
    names = [f"{one.rule.key}|{part}" for one in residuals for part in (DIFFERENCE, EXCESS)]
    return pa.DataFrameSchema({name: pa.Column(float, is_zero, nullable=True) for name in names}, strict=True)


def judge(residuals: Sequence[Residual], frame: pd.DataFrame | None = None) -> dict[str, NDArray[np.object_]]:
    """Rule key → one verdict per row. `frame` may replace the residuals' own frame (to judge altered residuals)."""
    shown = residual_frame(residuals) if frame is None else frame
    failed = _failures(residual_schema(residuals), shown)
    verdicts = {}
    for one in residuals:
        difference, excess = f"{one.rule.key}|{DIFFERENCE}", f"{one.rule.key}|{EXCESS}"
        verdict = np.full(len(shown), AGREES, dtype=object)
        verdict[failed.get(difference, [])] = ROUNDING
        verdict[failed.get(excess, [])] = DIFFERS
        verdict[shown[difference].isna().to_numpy()] = UNCHECKED
        verdicts[one.rule.key] = verdict
    return verdicts


def _failures(schema: pa.DataFrameSchema, frame: pd.DataFrame) -> dict[str, list[int]]:
    """Column → the rows at which pandera found it failing. A check that raises is a bug and is raised again."""
    if frame.empty:
        return {}
    try:
        schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        cases = errors.failure_cases
        broken = cases[cases["index"].isna() | (cases["check"] != "zero")]
        if not broken.empty:
            raise AssertionError(f"residuals are malformed: {broken.to_dict('records')[:3]}") from errors
        return {str(name): rows.astype(int).tolist() for name, rows in cases.groupby("column")["index"]}
    return {}
