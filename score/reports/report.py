"""A form whose indicators have no points: these and its money against its one score, its reasons and each other."""

from __future__ import annotations

import pandas as pd

from gouji.score.money_alert import MoneyAlert
from gouji.score.projects.completion import check_completion
from gouji.score.projects.not_recomputed import UNSCORED, check_not_recomputed, open_figures
from gouji.score.projects.over_target import check_over_target
from gouji.score.reports.full_marks import check_full_marks
from gouji.score.reports.missed_targets import check_missed_targets
from gouji.score.reports.report_context import ReportContext, StatedContext, UnscoredContext
from gouji.score.result import Piece, Scored
from gouji.templates.verdicts import DIFFERS
from gouji.validate.figures import Tables
from gouji.validate.wide import Wide


def score_report(wide: Wide, tables: Tables) -> Scored:
    """Verdicts and findings of every return of a form with indicators without points, which has no scores to recompute.

    Raises ValueError for a form of which nothing of the kind is asked.
    """
    stated, unscored = wide.form.definition.stated_score, wide.form.definition.unscored
    if stated is not None:
        piece = _of_stated(StatedContext(wide, tables, stated))
    elif unscored is not None:
        piece = _of_unscored(UnscoredContext(wide, tables, unscored))
    else:
        raise ValueError(f"{wide.form.key} asks nothing of indicators without points")
    return Scored(pd.DataFrame(), pd.DataFrame(), pd.concat(piece.verdicts, ignore_index=True), piece.findings)


def _of_stated(context: StatedContext) -> Piece:
    piece = check_full_marks(context)
    if context.rules.alert is not None:
        piece.add(MoneyAlert(context, context.item, context.rules.alert).piece())
    piece.add(_of_all(context))
    piece.findings += check_not_recomputed(context, open_figures(context))
    return piece


def _of_unscored(context: UnscoredContext) -> Piece:
    piece = check_missed_targets(context)
    piece.add(_of_all(context))
    piece.findings += check_not_recomputed(context, open_figures(context) & ~context.explained, UNSCORED)
    return piece


def _of_all(context: ReportContext) -> Piece:
    """What is asked alike of all indicators without points."""
    rules, piece = context.rules, Piece()
    if rules.completion is not None:
        compared = check_completion(context, rules.completion)
        # What is blank has its own finding, and no score of such a form waits for it.
        compared.findings = [finding for finding in compared.findings if finding.verdict == DIFFERS]
        piece.add(compared)
    if rules.over_target is not None:
        piece.add(check_over_target(context, rules.over_target))
    return piece
