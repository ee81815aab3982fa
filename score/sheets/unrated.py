"""Indicators without a rate: a person decides; the program knows only the range."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gouji.score.columns import figures
from gouji.score.result import Piece
from gouji.score.sheets.sheet_context import SheetContext
from gouji.score.wording import indicator_label
from gouji.templates.rules import quantity as q
from gouji.templates.scores_block import Indicator

REASON = "按自评材料由人评定，没有可以复算的比率"


def score_unrated(context: SheetContext, indicator: Indicator, stated: q.Quantity) -> Piece:
    """Score rows of one indicator: no score, the range of its criteria."""
    ranges = indicator.rule.possible_scores(indicator.points)
    low, high = ranges[0][0], ranges[-1][1]
    rows = pd.DataFrame(
        {
            "return_id": context.ids,
            "indicator": indicator.id,
            "label": indicator_label(context.form, indicator.id),
            "points": float(indicator.points),
            "self_score": figures(stated.value, stated.known),
            "score": np.nan,
            "low": float(low),
            "high": float(high),
            "kind": indicator.rule.kind,
            "reading": None,
            "reason": REASON,
            "trace": None,
        }
    )
    return Piece([rows])
