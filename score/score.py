"""All scored forms of a part: scores, totals, verdicts and findings."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from gouji.ingest.frames import typed
from gouji.score.difference import with_differences
from gouji.score.frames import scores_schema, totals_schema
from gouji.score.projects.project import score_project
from gouji.score.reports.report import score_report
from gouji.score.result import Scored
from gouji.score.sheets.sheet import score_sheet
from gouji.validate.figures import Tables
from gouji.validate.frames import verdicts_schema


def score(tables: Tables) -> Scored:
    """Every return of every form that is scored; the frames are valid under their schemas.

    A returned table of whatever status is scored as it stands; which count is the caller's to say.
    """
    parts = list(_parts(tables))
    return Scored(
        scores=typed(
            with_differences(_joined([part.scores for part in parts]), ["self_score"], "score"), scores_schema
        ),
        totals=typed(
            with_differences(_joined([part.totals for part in parts]), ["self_total", "stated_total"], "score_total"),
            totals_schema,
        ),
        verdicts=typed(_joined([part.verdicts for part in parts]), verdicts_schema),
        findings=[finding for part in parts for finding in part.findings],
    )


def _parts(tables: Tables) -> Iterator[Scored]:
    for wide in tables.wides:
        scoring = wide.form.definition.scoring
        if wide.form.definition.indicators is not None and wide.size:
            yield score_report(wide, tables)
        if scoring is None or not wide.size:
            continue
        if scoring.sheet is not None:
            yield score_sheet(wide, tables)
        if scoring.project is not None:
            yield score_project(wide, tables)


def _joined(frames: list[pd.DataFrame]) -> pd.DataFrame:
    filled = [frame for frame in frames if len(frame)]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame()
