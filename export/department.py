"""The one 主管部门 of a unit, under which all its tables stand: by the roster, else by most of its tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from gouji.export.projects import texts_of
from gouji.export.records import records
from gouji.export.results import Results, once
from gouji.templates.labels import identifier


@once
def department_of(results: Results) -> Callable[[dict[str, Any]], str | None]:
    """The department of a row's unit, from its unit_code and unit; None where neither roster nor tables name one.

    Where tables name several, the one named most often; of equals the first in the order of the returns.
    """
    listed, said = _by_roster(results), _by_tables(results)
    return lambda row: listed.get(row["unit_code"]) or said.get(row["unit_code"] or row["unit"])


def _by_roster(results: Results) -> dict[str, str]:
    if results.roster is None:
        return {}
    named = results.roster[results.roster["department"].notna()]
    return {row["unit_code"]: row["department"] for row in records(named[["unit_code", "department"]])}


def _by_tables(results: Results) -> dict[str, str]:
    """Unit → its department as most tables write it; spelling counts only as far as it tells names apart."""
    counts: dict[str, Counter[str]] = {}
    spelt: dict[str, str] = {}
    for unit, text in _stated(results):
        name = identifier(text)
        spelt.setdefault(name, text)
        counts.setdefault(unit, Counter())[name] += 1
    return {unit: spelt[names.most_common(1)[0][0]] for unit, names in counts.items()}


def _stated(results: Results) -> Iterator[tuple[str, str]]:
    """Unit and department of every adopted table that names one, in the order of the returns."""
    counted = results.returns[results.returns["adopted"]]
    named: dict[tuple[str, str], str] = {}
    for name, edition in counted[["form", "edition"]].dropna().drop_duplicates().itertuples(index=False):
        form = results.catalogue.known(str(name), str(edition))
        item = form.item_with_role("department") if form is not None else None
        if item is not None:
            named[str(name), str(edition)] = item.id
    texts = texts_of(results.values, set(named.values()))
    for row in records(counted[["return_id", "unit_code", "unit", "form", "edition"]]):
        unit = row["unit_code"] or row["unit"]
        text = texts.get((row["return_id"], named.get((row["form"], row["edition"]), "")))
        if unit and text and identifier(text):
            yield unit, text
