"""评分表: every indicator recomputed from the unit's figures, every self-score tried against its criteria."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pandas as pd

from gouji.score.money_alert import MoneyAlert
from gouji.score.result import Piece, Scored
from gouji.score.sheets.attained import check_attained
from gouji.score.sheets.rated import score_rated
from gouji.score.sheets.sheet_context import SheetContext
from gouji.score.sheets.unrated import score_unrated
from gouji.score.totals import totals
from gouji.templates.rules import quantity as q
from gouji.templates.scoring.rated import Rated
from gouji.validate.figures import Tables
from gouji.validate.wide import Wide


def score_sheet(wide: Wide, tables: Tables) -> Scored:
    """Scores, totals, verdicts and findings of every return of a form that is scored as a 评分表.

    Raises ValueError for a form without sheet scoring.
    """
    scoring = wide.form.definition.scoring
    if scoring is None or scoring.sheet is None:
        raise ValueError(f"{wide.form.key} is not scored as a 评分表")
    context = SheetContext(wide, tables, scoring.sheet)
    piece, stated = Piece(), []
    for indicator in context.indicators:
        self_scores = context.self_scores(indicator)
        stated.append(self_scores)
        if isinstance(indicator.rule, Rated):
            piece.add(score_rated(context, indicator, indicator.rule, self_scores))
        else:
            piece.add(score_unrated(context, indicator, self_scores))
        piece.add(check_attained(context, indicator, self_scores))
    rows = _by_return(pd.concat(piece.scores, ignore_index=True), wide.size)
    full = sum((indicator.points for indicator in context.indicators), Decimal(0))
    raised = np.full(wide.size, None, dtype=object)
    if scoring.total is not None and scoring.sheet.alert is not None:
        alert = MoneyAlert(context, wide.form.items[scoring.total], scoring.sheet.alert)
        piece.add(alert.piece())
        raised = alert.raised.word
    return Scored(
        scores=rows,
        totals=totals(wide, rows, q.add(stated), raised, full),
        verdicts=pd.concat(piece.verdicts, ignore_index=True),
        findings=piece.findings,
    )


def _by_return(rows: pd.DataFrame, size: int) -> pd.DataFrame:
    """Indicator after indicator → return after return."""
    order = np.argsort(np.arange(len(rows)) % max(size, 1), kind="stable")
    return rows.iloc[order].reset_index(drop=True)
