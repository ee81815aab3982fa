"""What projects are called: by their name wherever it is known, their 项目编码 behind it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from gouji.export.projects import texts_of
from gouji.export.records import plain, records
from gouji.export.results import Results, once

_Key = tuple[str | None, str]
"""A unit's code (its name where it has none) and what tells the project apart in the `returns` frame."""


@dataclass(frozen=True, slots=True)
class ProjectNames:
    """The names of the projects whose instance is a code."""

    names: dict[_Key, str]

    def shown(self, unit_code: str | None, unit: str | None, instance: str | None) -> str | None:
        """`环境整治专项经费（001-02）`; the instance itself where no other name is known."""
        if instance is None:
            return None
        name = self.names.get((unit_code or unit, instance))
        return instance if name is None or name == instance else f"{name}（{instance}）"


@once
def project_names(results: Results) -> ProjectNames:
    """From the roster, else as the project's own table says."""
    names = _listed(results.roster)
    for row, name in _stated(results, names):
        names.setdefault(row, name)
    return ProjectNames(names)


def _listed(roster: pd.DataFrame | None) -> dict[_Key, str]:
    if roster is None or not {"project_code", "project_name"} <= set(roster.columns):
        return {}
    both = roster[roster["project_code"].notna() & roster["project_name"].notna()]
    return {(row["unit_code"] or row["unit"], row["project_code"]): row["project_name"] for row in records(both)}


def _stated(results: Results, known: dict[_Key, str]) -> list[tuple[_Key, str]]:
    """What tables say of projects that the roster does not name; those that count come first."""
    named = {form.key: item.id for form in results.catalogue.forms if (item := form.item_with_role("instance"))}
    returns = results.returns[results.returns["instance"].notna() & results.returns["form"].notna()]
    keys = returns["unit_code"].fillna(returns["unit"]).astype(object), returns["instance"].astype(object)
    new = [key not in known for key in zip(*keys, strict=True)]
    returns = returns[pd.Series(new, index=returns.index, dtype=bool)]
    returns = returns.sort_values("adopted", ascending=False, kind="stable")
    if returns.empty:
        return []
    items = set(named.values())
    texts = texts_of(results.values, items, return_id=returns["return_id"])
    stated = []
    for row in records(returns):
        text = texts.get((row["return_id"], named.get(f"{row['form']}@{row['edition']}", "")))
        if text:
            stated.append(((row["unit_code"] or row["unit"], row["instance"]), text))
    return stated


def with_project_names(results: Results, frame: pd.DataFrame) -> pd.DataFrame:
    """A frame with unit_code, unit and instance whose instance says what people call the project."""
    names = project_names(results)
    whose = zip(plain(frame["unit_code"]), plain(frame["unit"]), plain(frame["instance"]), strict=True)
    return frame.assign(instance=pd.Series([names.shown(*key) for key in whose], index=frame.index, dtype=object))
