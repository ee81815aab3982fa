"""What a sample is drawn from: every table that counts and has a self-score, each project once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import pandas as pd

from gouji.export.project_names import with_project_names
from gouji.export.projects import counted_elsewhere, money_of
from gouji.export.records import plain, records
from gouji.export.reported import reported_totals
from gouji.export.results import Results
from gouji.export.wide import cells_of, figure
from gouji.templates.exact import plain as plain_figure
from gouji.templates.exact import significant

COLUMNS = [
    "return_id", "unit_code", "unit", "form", "year", "instance", "money", "own", "score", "low", "high", "difference",
]  # fmt: skip
_HASHED = ["return_id", "own", "low", "difference", "money"]
"""By what a table is drawn."""


@dataclass(frozen=True)
class Population:
    """`tables`: a row per table with COLUMNS, by return_id (`money`: 预算数 in 万元, NaN where the form or the table
    tells none; `own`: 自评得分; `score`, or `low` to `high`, and `difference` as in `totals`). `left_out`: sentences on
    tables that are none of it.
    """

    tables: pd.DataFrame
    left_out: tuple[str, ...]

    @property
    def sha256(self) -> str:
        """The same for whoever draws from the same tables, scores and amounts."""
        columns = [[_text(value) for value in plain(self.tables[name])] for name in _HASHED]
        lines = ("\t".join(row) for row in zip(*columns, strict=True))
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def population(results: Results) -> Population:
    """The population of these results."""
    totals = [frame for frame in (results.totals, reported_totals(results)) if len(frame)]
    scored = pd.concat(totals, ignore_index=True) if totals else results.totals
    counted = results.returns[results.returns["adopted"]].merge(scored, on="return_id")
    counted["own"] = counted["self_total"].fillna(counted["stated_total"])
    twice, blank = counted["return_id"].isin(list(counted_elsewhere(results))), counted["own"].isna()
    excluded = [
        (int((blank & ~twice).sum()), "没有填自评得分的"),
        (int(twice.sum()), "同一项目另有一张表计入的"),
    ]
    kept = counted[~blank & ~twice].rename(columns={"score_total": "score"})
    kept = with_project_names(results, kept)
    kept = kept.assign(money=pd.Series(_money(results, kept), kept.index, dtype=float)).sort_values(
        "return_id", kind="stable"
    )
    left_out = tuple(f"{words}{number}张表不在总体之内" for number, words in excluded if number)
    return Population(kept[COLUMNS].reset_index(drop=True), left_out)


def _money(results: Results, tables: pd.DataFrame) -> list[float | None]:
    """The budget of every table's project; None where there is none to read."""
    budgets: dict[str, float | None] = {}
    for (name, edition), part in tables.groupby(["form", "edition"], sort=False):
        form = results.catalogue.known(str(name), str(edition))
        money = money_of(form) if form is not None else None
        if money is not None:
            cells = cells_of(results.values, list(part["return_id"]), {money.budget})
            budgets |= {return_id: figure(row_cells.get(money.budget)) for return_id, row_cells in cells.items()}
    return [budgets.get(row["return_id"]) for row in records(tables[["return_id"]])]


def _text(value: Any) -> str:
    if value is None:
        return ""
    return plain_figure(significant(value)) if isinstance(value, float) else str(value)
