"""Two rounds of one batch compared: what was corrected, what is still open, what is new, what cannot be told."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from templates.verdicts import DIFFERS, UNCHECKED

_FORM_FAULT = "表样问题"


@dataclass(frozen=True)
class Compared:
    """Findings of two runs by their ids: `gone` of the first, `open` in both (rows of the second), `new`."""

    gone: pd.DataFrame
    open: pd.DataFrame
    new: pd.DataFrame


def compared(earlier: pd.DataFrame, current: pd.DataFrame) -> Compared:
    """`findings` frames of two runs; what needs no mending (尾差, 表样问题) is left out."""
    before, now = _to_mend(earlier), _to_mend(current)
    again = now["finding_id"].isin(before["finding_id"])
    return Compared(before[~before["finding_id"].isin(now["finding_id"])], now[again], now[~again])


def _to_mend(findings: pd.DataFrame) -> pd.DataFrame:
    return findings[findings["verdict"].isin([DIFFERS, UNCHECKED]) & (findings["severity"] != _FORM_FAULT)]
