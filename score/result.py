"""What scoring hands back."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from gouji.validate.findings import Finding


@dataclass
class Scored:
    """`scores` and `totals` as in `score.frames`; `verdicts` as in `validate.frames`; `findings` without their ids."""

    scores: pd.DataFrame
    totals: pd.DataFrame
    verdicts: pd.DataFrame
    findings: list[Finding] = field(default_factory=list)


@dataclass
class Piece:
    """The part of it that comes from one indicator or one rule."""

    scores: list[pd.DataFrame] = field(default_factory=list)
    verdicts: list[pd.DataFrame] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def add(self, other: Piece) -> None:
        """Append what another piece holds."""
        self.scores += other.scores
        self.verdicts += other.verdicts
        self.findings += other.findings
