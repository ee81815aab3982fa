"""问题: the units' findings as rows of the page's table, those with most at stake first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from gouji.export.parties import Parties
from gouji.export.project_names import with_project_names
from gouji.export.records import records
from gouji.export.report.bounds import Bounds, shortened
from gouji.export.results import Results
from gouji.export.settled import outstanding
from gouji.export.sheets.findings import by_importance
from gouji.export.words import FORM_FAULT, MUST
from gouji.templates.catalogue import Catalogue
from gouji.templates.verdicts import DIFFERS
from gouji.validate.frames import SEVERITIES
from gouji.validate.wording import figure_text

NAMES = [
    "rank", "severity", "verdict", "place", "unit", "form", "year", "instance", "sheet", "cell", "stated", "expected",
    "difference", "size", "impact", "message", "cause", "explanation", "basis", "rule", "layer", "file", "related",
    "id",
]  # fmt: skip

_KINDS = {"%": "rate", "万元": "amount", "分": "points"}
_MOST_DECIMALS = 6
_POINTS = 2


@dataclass(frozen=True)
class Problems:
    """`frame`: all findings about units that no decision has closed, with `place`; `rows`: what the page shows, those
    with most at stake first."""

    frame: pd.DataFrame
    rows: list[list[Any]]
    left_out: dict[str, int]
    """Severity → findings that the page does not show."""


def problems(results: Results, parties: Parties, bounds: Bounds) -> Problems:
    """Where there are more than the page holds, the severer ones are shown."""
    findings = outstanding(results)
    about_units = findings[findings["severity"] != FORM_FAULT]
    frame = about_units.assign(place=parties.places(about_units))
    order = by_importance(frame).index
    # Stable: within a severity they stay in that order.
    shown = _severity(frame)[order].sort_values(kind="stable").index[: bounds.findings]
    rows = records(with_project_names(results, frame.loc[order[order.isin(shown)]]))
    counts = frame["severity"].drop(shown).value_counts()
    left_out = {str(severity): int(count) for severity, count in counts.items()}
    return Problems(
        frame, [_row(rank, finding, results.catalogue, bounds) for rank, finding in enumerate(rows, 1)], left_out
    )


def counted(frame: pd.DataFrame) -> Mapping[int, dict[str, Any]]:
    """Place of a unit → how many findings of each severity it has, how many must be mended, what its score risks."""
    weighed = frame.assign(
        must=(frame["severity"] == MUST) & (frame["verdict"] == DIFFERS), impact=frame["score_impact"].abs().fillna(0)
    )
    sums = weighed.groupby("place")[["must", "impact"]].sum()
    severities = frame.groupby(["place", "severity"]).size().unstack(fill_value=0)
    joined = sums.join(severities.reindex(columns=SEVERITIES[:3], fill_value=0))
    return {int(place): dict(row) for place, row in zip(joined.index, records(joined), strict=True)}


def _severity(findings: pd.DataFrame) -> pd.Series[int]:
    return findings["severity"].map({name: place for place, name in enumerate(SEVERITIES)})


def _row(rank: int, finding: dict[str, Any], catalogue: Catalogue, bounds: Bounds) -> list[Any]:
    cut = {name: shortened(finding[name], bounds.signs) for name in ("stated", "expected", "related_cells")}
    return [
        rank, finding["severity"], finding["verdict"], finding["place"], finding["unit"] or finding["unit_code"],
        catalogue.short_name(finding["form"]), finding["year"], finding["instance"], finding["sheet"], finding["cell"],
        cut["stated"], cut["expected"], _difference(finding), abs(finding["difference"] or 0),
        _points(finding["score_impact"]),
        finding["message"], finding["cause"], finding["explanation"], finding["basis"], finding["rule"],
        finding["layer"], finding["file"], cut["related_cells"], finding["finding_id"],
    ]  # fmt: skip


def _points(impact: float | None) -> float | None:
    """As points are written: a third of one has no end."""
    return None if impact is None else round(impact, _POINTS)


def _difference(finding: dict[str, Any]) -> str | None:
    """As people read it, in the unit of the figures themselves; of percentages in percentage points."""
    if finding["difference"] is None:
        return None
    shown = finding["expected"] or finding["stated"] or ""
    kind = next((kind for sign, kind in _KINDS.items() if shown.endswith(sign)), "quantity")
    if kind != "rate":
        return figure_text(finding["difference"], kind)
    texts = (figure_text(finding["difference"], kind, places) for places in (2, _MOST_DECIMALS))
    return next((text.replace("%", "个百分点") for text in texts if text and text != "0%"), None)
