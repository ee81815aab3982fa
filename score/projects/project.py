"""自评表: 执行率 and every indicator line recomputed, completion against execution, alerts, over-achievement."""

from __future__ import annotations

import pandas as pd

from gouji.score.projects.alert import alerts, check_alerts
from gouji.score.projects.completion import check_completion
from gouji.score.projects.execution import execution_rows
from gouji.score.projects.line_findings import check_lines
from gouji.score.projects.line_rows import line_rows
from gouji.score.projects.not_recomputed import check_not_recomputed, open_figures
from gouji.score.projects.over_target import check_over_target
from gouji.score.projects.project_context import ProjectContext
from gouji.score.result import Piece, Scored
from gouji.score.totals import totals
from gouji.templates.rules import quantity as q
from gouji.validate.figures import Tables
from gouji.validate.wide import Wide


def score_project(wide: Wide, tables: Tables) -> Scored:
    """Scores, totals, verdicts and findings of every return of a form that is scored as a 自评表.

    Raises ValueError for a form without project scoring.
    """
    scoring = wide.form.definition.scoring
    if scoring is None or scoring.project is None:
        raise ValueError(f"{wide.form.key} is not scored as a 自评表")
    context = ProjectContext(wide, tables, scoring.project)
    raised = alerts(context)
    piece = Piece()
    for part in (
        check_lines(context),
        check_completion(context, scoring.project.completion),
        check_alerts(context, raised),
        check_over_target(context, scoring.project.over_target),
    ):
        piece.add(part)
    piece.findings += check_not_recomputed(context, open_figures(context))
    rows = _by_return(context, execution_rows(context), line_rows(context))
    self_total = q.add([context.execution_score, context.line_score])
    return Scored(
        scores=rows,
        totals=totals(wide, rows, self_total, raised.word, context.line_points + context.execution_points),
        verdicts=pd.concat(piece.verdicts, ignore_index=True),
        findings=piece.findings,
    )


def _by_return(context: ProjectContext, execution: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """执行率 and then the lines, return after return."""
    place = {return_id: row for row, return_id in enumerate(context.ids)}
    rows = pd.concat([execution, lines], ignore_index=True) if len(lines) else execution
    order = rows["return_id"].map(place).sort_values(kind="stable").index
    return rows.loc[order].reset_index(drop=True)
