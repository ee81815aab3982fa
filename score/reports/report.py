"""A form with one score of its own (自评报告): its indicators and its money against the score and each other."""

from __future__ import annotations

import pandas as pd

from gouji.score.money_alert import MoneyAlert
from gouji.score.projects.completion import check_completion
from gouji.score.projects.not_recomputed import check_not_recomputed
from gouji.score.projects.over_target import check_over_target
from gouji.score.reports.full_marks import check_full_marks
from gouji.score.reports.report_context import ReportContext
from gouji.score.result import Scored
from gouji.templates.verdicts import DIFFERS
from gouji.validate.figures import Tables
from gouji.validate.wide import Wide


def score_report(wide: Wide, tables: Tables) -> Scored:
    """Verdicts and findings of every return of a form with a stated score; it has no scores of its own to recompute.

    Raises ValueError for a form without one.
    """
    rules = wide.form.definition.stated_score
    if rules is None:
        raise ValueError(f"{wide.form.key} states no score")
    context = ReportContext(wide, tables, rules)
    piece = check_full_marks(context)
    if rules.alert is not None:
        piece.add(MoneyAlert(context, context.item, rules.alert).piece())
    if rules.completion is not None:
        compared = check_completion(context, rules.completion)
        # What is blank has its own finding, and no score of such a form waits for it.
        compared.findings = [finding for finding in compared.findings if finding.verdict == DIFFERS]
        piece.add(compared)
    if rules.over_target is not None:
        piece.add(check_over_target(context, rules.over_target))
    piece.findings += check_not_recomputed(context)
    return Scored(pd.DataFrame(), pd.DataFrame(), pd.concat(piece.verdicts, ignore_index=True), piece.findings)
