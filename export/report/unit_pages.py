"""单位: what came from a unit, what it says, how it was scored. Made for some units at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from gouji.export.project_names import with_project_names
from gouji.export.records import records_by
from gouji.export.report.bounds import Bounds
from gouji.export.report.figures import VALUE_COLUMNS, FigureTables
from gouji.export.results import Results
from gouji.export.score_words import difference_cell, due_cell, grade_words, range_words
from gouji.export.words import ADOPTED, KINDS, LAYOUTS, said
from gouji.templates.catalogue import Catalogue
from gouji.validate.wording import figure_text

_AT_ONCE = 200
_RETURN = [
    "return_id", "unit_code", "unit", "file", "sheet", "form", "edition", "year", "instance", "status", "reason",
    "layout", "adopted",
]  # fmt: skip


def unit_pages(
    results: Results, places: pd.Series[int], wanted: Sequence[int], bounds: Bounds
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Place and contents of every wanted unit's page; `places`: whose each of the returns is."""
    returns = results.returns.loc[places.isin(list(wanted)), _RETURN].assign(place=places)
    tables = records_by(with_project_names(results, returns), "place")
    shown_by: dict[tuple[Any, Any], FigureTables] = {}
    for form, edition in {(row["form"], row["edition"]) for rows in tables.values() for row in rows}:
        shown_by[form, edition] = FigureTables(results.catalogue.known(form, edition), bounds)
    for start in range(0, len(wanted), _AT_ONCE):
        here = wanted[start : start + _AT_ONCE]
        shown = [row for place in here for row in tables.get(place, [])[: bounds.tables]]
        ids = {row["return_id"] for row in shown if row["form"]}
        scores = records_by(results.scores.frame(return_id=ids), "return_id")
        totals = records_by(results.totals[results.totals["return_id"].isin(ids)], "return_id")
        figures = records_by(results.values.frame(VALUE_COLUMNS, return_id=ids), "return_id")
        for place in here:
            rows = tables.get(place, [])
            page = [_table(row, scores, totals, figures, shown_by, results.catalogue) for row in rows[: bounds.tables]]
            yield place, {"tables": page, "more": len(rows) - len(page)}


def _table(
    row: dict[str, Any], scores: dict[Any, list[dict[str, Any]]], totals: dict[Any, list[dict[str, Any]]],
    figures: dict[Any, list[dict[str, Any]]], shown_by: dict[tuple[Any, Any], FigureTables], catalogue: Catalogue,
) -> dict[str, Any]:  # fmt: skip
    return_id = row["return_id"]
    total = next(iter(totals.get(return_id, [])), None)
    return {
        "form": catalogue.short_name(row["form"]) or "未识别的表", "edition": row["edition"], "file": row["file"],
        "sheet": row["sheet"], "year": row["year"], "instance": row["instance"], "status": row["status"],
        "reason": row["reason"], "adopted": ADOPTED[bool(row["adopted"])], "layout": said(LAYOUTS, row["layout"]),
        "total": None if total is None else _total(total),
        "scores": [_score(score) for score in scores.get(return_id, [])],
        "figures": shown_by[row["form"], row["edition"]].of(figures.get(return_id, [])),
    }  # fmt: skip


def _total(total: dict[str, Any]) -> dict[str, Any]:
    return {
        "self": _points(total["self_total"]), "stated": _points(total["stated_total"]),
        "score": _points(total["score_total"]), "range": range_words(total["low"], total["high"]),
        "gap": _shown(difference_cell(total["difference"], total["score_total"])), "self_grade": total["self_grade"],
        "grade": grade_words(total["grade"], total["lowest_grade"], total["highest_grade"]), "alert": total["alert"],
    }  # fmt: skip


def _score(row: dict[str, Any]) -> list[Any]:
    score = row["score"]
    return [
        row["label"], _points(row["points"]), _points(row["self_score"]),
        _shown(due_cell(score, row["low"], row["high"])), _shown(difference_cell(row["difference"], score)),
        said(KINDS, row["kind"]), row["trace"] or row["reason"], row["reading"], score is not None,
    ]  # fmt: skip


def _shown(cell: float | str | None) -> str | None:
    return cell if isinstance(cell, str) else _points(cell)


def _points(value: float | None) -> str | None:
    return figure_text(value, "quantity")
