"""Exit status of a run: 0 nothing mandatory is wrong, 1 something is, 2 it could not be done at all."""

from __future__ import annotations

import pandas as pd

NOTHING_DONE = 2


def exit_status(findings: pd.DataFrame) -> int:
    """1 when any finding is 强制性 and 不符, else 0."""
    wrong = (findings["severity"] == "强制性") & (findings["verdict"] == "不符")
    return int(bool(wrong.any()))
