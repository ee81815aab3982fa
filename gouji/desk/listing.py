"""问题 as a list: searched, filtered, sorted and cut into pages, from the frames of the results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import pandas as pd
from starlette.datastructures import QueryParams

from gouji.desk.address import Address, Cut, cut
from gouji.export.attendance import attendance
from gouji.export.parties import NOBODY, Parties
from gouji.export.records import records
from gouji.export.results import Results, once
from gouji.export.settled import settled
from gouji.export.sheets.findings import by_importance, with_decisions
from gouji.export.words import FORM_FAULT
from gouji.templates.review import OPINIONS
from gouji.validate.frames import SEVERITIES

PAGE = 50
UNDECIDED, UNSETTLED = "没有意见", "要再看"
"""Filters by opinion: none yet; one that no longer holds."""
SORTS = {
    "": "重要的在前", "unit": "单位", "form": "表", "rule": "规则", "severity": "严重程度",
    "difference": "差额大的在前",
}  # fmt: skip
_SEARCHED = ["unit", "unit_code", "form", "sheet", "cell", "message", "rule", "file", "instance", "item"]


@dataclass(frozen=True, kw_only=True)
class Narrowed(Address):
    """The filter and the order of the list."""

    text: str = ""
    severity: str = ""
    unit: str = ""
    form: str = ""
    rule: str = ""
    department: str = ""
    office: str = ""
    opinion: str = ""
    table: str = ""
    sort: str = ""

    @classmethod
    def of(cls, query: QueryParams) -> Self:
        """The filter of a query; an unknown order counts as the usual one."""
        asked = super().of(query)
        return asked if asked.sort in SORTS else replace(asked, sort="")

    def among(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The rows of `listed` that pass the filter, in its order."""
        keep = pd.Series(True, index=frame.index)
        for name in ("severity", "rule", "department", "office"):
            if asked := getattr(self, name):
                keep &= frame[name].eq(asked).fillna(False).astype(bool)
        if self.table:
            keep &= frame["return_id"].eq(self.table).fillna(False).astype(bool)
        if self.unit:
            keep &= frame["whose"].eq(self.unit)
        if self.form:
            keep &= frame["short"].eq(self.form)
        if self.opinion:
            keep &= _with_opinion(frame, self.opinion)
        for word in self.text.casefold().split():
            keep &= frame["searched"].str.contains(word, regex=False)
        return _ordered(frame[keep], self.sort)


@dataclass(frozen=True)
class Choices:
    """The choices of each filter."""

    severities: Sequence[str]
    units: Sequence[str]
    forms: Sequence[str]
    rules: Sequence[str]
    departments: Sequence[str]
    offices: Sequence[str]
    opinions: Sequence[str] = (UNDECIDED, *OPINIONS, UNSETTLED)


@once
def listed(results: Results) -> pd.DataFrame:
    """The units' findings, the most important first (closed ones too: what stands before and behind one must not change
    while people go through them), with the decisions on them (as `with_decisions`), `closed`, `whose` (name of the
    unit), `short` (of the form), department, office, and `searched`.
    """
    kept = _KEPT.get("last")
    if kept is None or kept[0] is not results.findings:
        kept = _KEPT["last"] = results.findings, _undecided(results)
    frame = kept[1].merge(results.decisions.rename(columns={"explanation": "noted"}), on="finding_id", how="left")
    closed = set(results.findings.loc[settled(results), "finding_id"])
    return frame.assign(closed=frame["finding_id"].isin(closed))


_KEPT: dict[str, tuple[pd.DataFrame, pd.DataFrame]] = {}
"""The last findings listed, without decisions: a new opinion need not repeat that work."""


def _undecided(results: Results) -> pd.DataFrame:
    """The columns of `listed` that do not depend on decisions."""
    findings = results.findings[results.findings["severity"] != FORM_FAULT]
    ordered = with_decisions(results, by_importance(findings))
    frame = ordered[[*findings.columns, "sha256"]].copy()
    units, places = attendance(results), Parties(results).places(frame)
    for name in ("department", "office"):
        values = [getattr(unit, name) or "" for unit in units]
        frame[name] = [values[place] if place != NOBODY else "" for place in places]
    frame["whose"] = frame["unit"].fillna(frame["unit_code"]).fillna("").astype("string")
    shorts = {name: results.catalogue.short_name(name) or "" for name in frame["form"].dropna().unique()}
    frame["short"] = frame["form"].map(shorts).fillna("").astype("string")
    texts = frame["short"]
    for name in _SEARCHED:
        texts = texts + "\n" + frame[name].astype("string").fillna("")
    frame["searched"] = texts.str.casefold()
    return frame


@once
def choices(results: Results) -> Choices:
    """The choices over all findings."""
    frame = listed(results)
    present = set(frame["severity"])
    names = ("whose", "short", "rule", "department", "office")
    columns = [sorted(set(frame[name].dropna().astype(str)) - {""}) for name in names]
    return Choices([severity for severity in SEVERITIES if severity in present], *columns)


def shown_page(frame: pd.DataFrame, number: int) -> tuple[list[dict[str, Any]], Cut]:
    """The rows of one page."""
    page = cut(len(frame), number, PAGE)
    return records(frame.iloc[page.part]), page


def _with_opinion(frame: pd.DataFrame, asked: str) -> pd.Series[bool]:
    if asked == UNDECIDED:
        return frame["opinion"].isna()
    if asked == UNSETTLED:
        return frame["state"].notna()
    return frame["opinion"].eq(asked).fillna(False).astype(bool)


def _ordered(frame: pd.DataFrame, sort: str) -> pd.DataFrame:
    if not sort:
        return frame
    if sort == "difference":
        return frame.loc[
            frame["difference"].abs().sort_values(ascending=False, kind="stable", na_position="last").index
        ]
    if sort == "severity":
        places = frame["severity"].map({name: place for place, name in enumerate(SEVERITIES)})
        return frame.loc[places.sort_values(kind="stable").index]
    column = {"unit": "whose", "form": "short"}.get(sort, sort)
    return frame.sort_values(column, kind="stable")
