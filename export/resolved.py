"""已修改: findings of the run before that are there no more, with the figure that stands at their place now."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from gouji.export.catalogue import figure_kind
from gouji.export.records import records
from gouji.export.results import Results
from gouji.ingest.frames import typed
from gouji.templates.catalogue import Catalogue
from gouji.validate.frames import decisions_schema, resolved_schema
from gouji.validate.review.log import DECISION, Entry
from gouji.validate.review.rounds import compared
from gouji.validate.wording import figure_text

CORRECTED, PASSED, UNSEEN, SENT, GONE = (
    "已修改", "填报数未变，核对已通过", "本次没有收到这张表，不能确认", "已补报", "本次不再出现",
)  # fmt: skip
"""What became of a finding. Only the third leaves open whether anything was mended."""
_MISSING_RULE = "R-03"
_TABLE = ["form", "year", "instance"]
_COLUMNS = list(resolved_schema.columns)
_WRITTEN = [name for name in decisions_schema.columns if name not in ("finding_id", "state")]


def resolved(
    results: Results, earlier: pd.DataFrame, carried: pd.DataFrame, log: Sequence[Entry]
) -> pd.DataFrame:  # fmt: skip
    """The `resolved` frame of a run.

    `earlier`: the findings of the run before; `carried`: its own `resolved` frame, whose rows stay until their
    findings come back.
    """
    gone = compared(earlier, results.findings).gone
    decided = {entry.finding_id: entry.written for entry in log if entry.kind == DECISION}
    rows = [_row(finding, now, decided) for finding, now in _with_figures(results, gone)]
    found = typed(pd.DataFrame(rows, columns=_COLUMNS), resolved_schema)
    back = carried["finding_id"].isin([*results.findings["finding_id"], *found["finding_id"]])
    kept = carried[~back]
    return typed(pd.concat([found, kept], ignore_index=True) if len(kept) else found, resolved_schema)


def _row(finding: dict[str, Any], now: tuple[str | None, str], decided: Mapping[str, tuple[str, ...]]) -> list[Any]:
    figure, outcome = now
    written = decided.get(finding["finding_id"], ("",) * len(_WRITTEN))
    told = finding | dict(zip(_WRITTEN, (word or None for word in written), strict=True))
    return [{"now": figure, "outcome": outcome}.get(name, told.get(name)) for name in _COLUMNS]


def _with_figures(results: Results, gone: pd.DataFrame) -> Iterator[tuple[dict[str, Any], tuple[str | None, str]]]:
    """Every finding with the figure that its cell holds now, and what became of it."""
    counted = results.returns[results.returns["adopted"] & results.returns["form"].notna()]
    tables = {_table(row): row for row in records(counted)}
    sent = {(row["unit_code"], row["form"]) for row in tables.values()}
    wanted = [(finding, tables.get(_table(finding))) for finding in records(gone)]
    figures = _figures(results, [(table["return_id"], finding["item"]) for finding, table in wanted if table])
    for finding, table in wanted:
        yield finding, _outcome(results.catalogue, finding, table, figures, sent)


def _table(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return (row["unit_code"] or row["unit"], *(row[name] for name in _TABLE))


def _figures(results: Results, asked: Sequence[tuple[str, str | None]]) -> dict[tuple[str, str], dict[str, Any]]:
    """(return_id, item) → its row of `values`."""
    if not asked:
        return {}
    columns = ["return_id", "item", "value", "raw", "state"]
    rows = results.values.frame(columns, return_id={return_id for return_id, _ in asked})
    return {(row["return_id"], row["item"]): row for row in records(rows[rows["item"].isin({i for _, i in asked})])}


def _outcome(
    catalogue: Catalogue,
    finding: dict[str, Any],
    table: dict[str, Any] | None,
    figures: Mapping[tuple[str, str], dict[str, Any]],
    sent: Collection[tuple[Any, Any]],
) -> tuple[str | None, str]:
    if finding["rule"] == _MISSING_RULE:
        return None, SENT if (finding["unit_code"], finding["form"]) in sent else GONE
    if finding["form"] is None:
        return None, GONE
    if table is None:
        return None, UNSEEN
    row = figures.get((table["return_id"], finding["item"] or ""))
    if row is None:
        return None, GONE
    kind = figure_kind(catalogue, table["form"], table["edition"], finding["item"])
    now = figure_text(row["value"], kind) if kind else row["raw"]
    return now, PASSED if now == finding["stated"] else CORRECTED
