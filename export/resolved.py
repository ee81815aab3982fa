"""已修改: findings of the run before that are there no more, with the figure that stands at their place now."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from gouji.export.catalogue import figure_kind
from gouji.export.records import records
from gouji.export.results import Results
from gouji.ingest.frames import typed
from gouji.templates.verdicts import AGREES, DIFFERS, ROUNDING
from gouji.validate.catalogue import COMMON_RULES
from gouji.validate.frames import decisions_schema, resolved_schema
from gouji.validate.review.log import DECISION, Entry
from gouji.validate.review.rounds import compared
from gouji.validate.wording import figure_text

CORRECTED, PASSED, UNSEEN, UNJUDGED, SENT, RIGHT_YEAR, CHOSEN, STILL, GONE = (
    "已修改", "填报数未变，核对已通过", "本次没有收到这张表，不能确认", "本次没有核对这一项，不能确认", "已补报",
    "已报本年度的表", "已确定用哪一份", "仍不相符，并入别的问题", "本次不再出现",
)  # fmt: skip
"""What became of a finding. 已修改: the same tie was judged again and agrees, or what reads figures found nothing there
any more, and another figure stands there."""
OPEN = (UNSEEN, UNJUDGED)
"""What leaves open whether anything was mended; it is looked at again in every run."""
_MISSING_RULE, _VERSIONS_RULE = "R-03", "R-04"
_OF_READING = ("完整性", "规范性", "表内")
"""Layers of the common rules that look at a figure whenever a table is read."""
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
    beside = results.asides.frame(["finding_id"])["finding_id"]
    gone = gone[~gone["finding_id"].isin(beside)]  # still there, beside another finding
    decided = {entry.finding_id: entry.written for entry in log if entry.kind == DECISION}
    back = carried["finding_id"].isin([*results.findings["finding_id"], *gone["finding_id"]])
    again = ~back & carried["outcome"].isin(OPEN)
    findings = [*records(gone), *records(carried[again])]
    rows = [_row(finding, now, decided) for finding, now in _with_figures(results, findings)]
    fresh, kept = typed(pd.DataFrame(rows, columns=_COLUMNS), resolved_schema), carried[~back & ~again]
    return typed(pd.concat([fresh, kept], ignore_index=True) if len(kept) else fresh, resolved_schema)


def _row(finding: dict[str, Any], now: tuple[str | None, str], decided: Mapping[str, tuple[str, ...]]) -> list[Any]:
    figure, outcome = now
    written = decided.get(finding["finding_id"], ("",) * len(_WRITTEN))
    fields = finding | dict(zip(_WRITTEN, (word or None for word in written), strict=True))
    return [{"now": figure, "outcome": outcome}.get(name, fields.get(name)) for name in _COLUMNS]


def _with_figures(
    results: Results, gone: Sequence[dict[str, Any]]
) -> Iterator[tuple[dict[str, Any], tuple[str | None, str]]]:
    """Every finding with the figure that its cell holds now, and what became of it."""
    counted = results.returns[results.returns["adopted"] & results.returns["form"].notna()]
    of_these = counted["unit_code"].fillna(counted["unit"]).isin(list(_units(gone)))
    counted = counted[of_these | counted["unit_code"].isna()]
    tables = {_table(row): row for row in records(counted)}
    now = _Now(
        results, {(row["unit_code"], row["form"]) for row in tables.values()},
        {_whose(row) for row in tables.values() if row["year"] == results.year},
    )  # fmt: skip
    wanted = [(finding, tables.get(_table(finding))) for finding in gone]
    asked = [(table["return_id"], finding["item"]) for finding, table in wanted if table]
    now.figures, now.verdicts = _figures(results, asked), _verdicts(results, asked)
    for finding, table in wanted:
        yield finding, now.outcome(finding, table)


@dataclass
class _Now:
    """What there is now: (单位编码, form) that came, (unit, form) of the year that was asked for, the figures and
    verdicts that earlier findings were about."""

    results: Results
    sent: Collection[tuple[Any, Any]]
    of_the_year: Collection[tuple[Any, Any]]
    figures: Mapping[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    verdicts: Mapping[tuple[str, str, str], str] = field(default_factory=dict)

    def outcome(self, finding: dict[str, Any], table: dict[str, Any] | None) -> tuple[str | None, str]:
        """The figure that stands there now, and what became of the finding."""
        rule, year = finding["rule"], finding["year"]
        if rule == _MISSING_RULE:
            return None, SENT if (finding["unit_code"], finding["form"]) in self.sent else GONE
        if rule == _VERSIONS_RULE:
            return None, CHOSEN
        if finding["form"] is None:
            return None, GONE
        if self.results.year is not None and year not in (None, self.results.year):
            return None, RIGHT_YEAR if _whose(finding) in self.of_the_year else UNSEEN
        if table is None:
            return None, UNSEEN
        key = table["return_id"], finding["item"] or ""
        row, verdict = self.figures.get(key), self.verdicts.get((key[0], rule, key[1]))
        figure = None if row is None else self._shown(table, row)
        if (common := COMMON_RULES.get(rule)) is not None:
            judged = row is not None and common.layer in _OF_READING
            return figure, self._by_figure(finding, figure) if judged else GONE
        return figure, self._by_verdict(finding, figure, verdict)

    def _shown(self, table: dict[str, Any], row: dict[str, Any]) -> str | None:
        kind = figure_kind(self.results.catalogue, table["form"], table["edition"], row["item"])
        shown: str | None = figure_text(row["value"], kind) if kind else row["raw"]
        return shown

    @staticmethod
    def _by_figure(finding: dict[str, Any], figure: str | None) -> str:
        return PASSED if figure == finding["stated"] else CORRECTED

    def _by_verdict(self, finding: dict[str, Any], figure: str | None, verdict: str | None) -> str:
        if verdict in (AGREES, ROUNDING):
            return self._by_figure(finding, figure)
        return STILL if verdict == DIFFERS else UNJUDGED


def _units(gone: Sequence[dict[str, Any]]) -> set[str]:
    """By their code, or by their name where they have none: of a batch only their tables are looked at."""
    return {str(name) for finding in gone for name in (finding["unit_code"], finding["unit"]) if name}


def _whose(row: Mapping[str, Any]) -> tuple[Any, Any]:
    return row["unit_code"] or row["unit"], row["form"]


def _verdicts(results: Results, asked: Sequence[tuple[str, str | None]]) -> dict[tuple[str, str, str], str]:
    """(return_id, rule, item) → what the tie came to."""
    if not asked:
        return {}
    rows = results.verdicts.frame(return_id={return_id for return_id, _ in asked})
    rows = rows[rows["item"].isin({item for _, item in asked if item})]
    return {(row["return_id"], row["rule"], row["item"]): row["verdict"] for row in records(rows)}


def _table(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return (row["unit_code"] or row["unit"], *(row[name] for name in _TABLE))


def _figures(results: Results, asked: Sequence[tuple[str, str | None]]) -> dict[tuple[str, str], dict[str, Any]]:
    """(return_id, item) → its row of `values`."""
    if not asked:
        return {}
    columns = ["return_id", "item", "value", "raw", "state"]
    rows = results.values.frame(columns, return_id={return_id for return_id, _ in asked})
    return {(row["return_id"], row["item"]): row for row in records(rows[rows["item"].isin({i for _, i in asked})])}
