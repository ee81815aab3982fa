"""Self-scores and grades of forms without indicators (自评报告): stated, and not to be recomputed."""

from __future__ import annotations

import pandas as pd

from gouji.export.projects import texts_of
from gouji.export.results import Results
from gouji.export.wide import cells_of, figure
from gouji.ingest.frames import typed
from gouji.score.frames import totals_schema
from gouji.templates.form import Form
from gouji.templates.grades import NAMES, rank_of_words


def reported_totals(results: Results) -> pd.DataFrame:
    """One row as in `totals` for every table that states a score or a grade of its own and is not scored."""
    rows = []
    for (name, edition), part in results.returns.groupby(["form", "edition"], sort=True):
        form = results.catalogue.known(str(name), str(edition))
        items = _stated_items(form) if form is not None else None
        if items is None:
            continue
        score, grade = items
        scores = cells_of(results.values, list(part["return_id"]), {score})
        grades = texts_of(results.values, {grade})
        for return_id, cells in scores.items():
            stated = {"stated_total": figure(cells.get(score)), "self_grade": _grade(grades.get((return_id, grade)))}
            if any(value is not None for value in stated.values()):
                rows.append({"return_id": return_id, **stated})
    return typed(pd.DataFrame(rows), totals_schema)


def _stated_items(form: Form) -> tuple[str, str] | None:
    """The items of the score and of the grade: one field of points and one choice among grades, on an unscored form."""
    if form.definition.scoring is not None:
        return None
    fields = [item for item in form.items.values() if item.row is None and item.column is None]
    scores = [item.id for item in fields if item.kind == "points"]
    grades = [
        item.id for item in fields if item.choices and all(rank_of_words(choice) is not None for choice in item.choices)
    ]
    return (scores[0], grades[0]) if len(scores) == len(grades) == 1 else None


def _grade(said: str | None) -> str | None:
    """优 for 优秀; other words as they stand."""
    rank = rank_of_words(said)
    return said if rank is None else NAMES[rank]
