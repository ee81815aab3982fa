"""项目绩效汇总 worked out: which columns a 自评表 has for money, and by which of its tables a project counts."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from gouji.export.records import records
from gouji.export.results import Results, once
from gouji.export.stored import Stored
from gouji.templates.form import Form
from gouji.templates.labels import identifier
from gouji.templates.rules.nodes import Binary, Ref

_BY_NUMBER = re.compile(r"第\d+张")


@dataclass(frozen=True, slots=True)
class Money:
    """The items of the row on which the execution rate stands: its amounts in order, and the stated rate."""

    amounts: tuple[str, ...]
    budget: str
    executed: str
    stated_rate: str | None


def money_of(form: Form) -> Money | None:
    """The money of a form whose projects are taken together (自评表, 专项自评表, 项目自评报告); None for any other."""
    match form.execution_rate if form.definition.per == "project" else None:
        case Binary(
            sign="/",
            left=Ref(form=None, list_id=None) as executed,
            right=Ref(form=None, list_id=None) as budget,
        ):
            row = form.items[executed.item].row
            beside = [item for item in form.items.values() if item.row == row]
            rates = [item.id for item in beside if item.kind == "rate"]
            amounts = tuple(item.id for item in beside if item.kind == "amount")
            return Money(amounts, budget.item, executed.item, rates[0] if rates else None)
        case _:
            return None


@once
def counted_elsewhere(results: Results) -> dict[str, str]:
    """return_id → the short name of the form by which its project counts already.

    One project may stand in a 自评表, a 专项自评表 and a 自评报告: its money and its indicators are added once, as the
    table says that is scored, else the one that states a rate. Equal 项目编码 or names of one unit and year are one
    project; tables that are only the n-th of their form are nobody's double.
    """
    seen: dict[tuple[str, int | None, str], str] = {}
    counted_by: dict[str, str] = {}
    for form, row, text in _project_tables(results):
        names = {identifier(name) for name in (row["instance"], text) if name and not _BY_NUMBER.fullmatch(name)}
        unit = row["unit_code"] or row["unit"]
        keys = [(unit, row["year"], name) for name in sorted(names)] if unit else []
        before = next((seen[key] for key in keys if seen.get(key, form.name) != form.name), None)
        if before is not None:
            counted_by[row["return_id"]] = results.catalogue.short_name(before)
        else:
            seen |= dict.fromkeys(keys, form.name)
    return counted_by


def texts_of(values: Stored, items: Collection[str], **among: Collection[str]) -> dict[tuple[str, str], str]:
    """(return_id, item) → the text of these items where they are filled in; read once for all of them.

    `among`: of these rows only, as in `Stored.frame`.
    """
    frame = values.frame(["return_id", "item", "raw"], item=items, **among)
    return {(row["return_id"], row["item"]): row["raw"] for row in records(frame) if row["raw"] is not None}


def _project_tables(results: Results) -> Iterator[tuple[Form, dict[str, Any], str | None]]:
    """The adopted tables about projects with their form and the project's name; the forms that say most first."""
    counted = results.returns[results.returns["adopted"]]
    parts = []
    for (name, edition), part in counted.groupby(["form", "edition"], sort=True):
        form = results.catalogue.known(str(name), str(edition))
        money = money_of(form) if form is not None else None
        if form is not None and money is not None:
            scoring = form.definition.scoring
            parts.append(((scoring is None or scoring.project is None, money.stated_rate is None), form, part))
    named = {form.key: item.id for _, form, _ in parts if (item := form.item_with_role("instance")) is not None}
    texts = texts_of(results.values, set(named.values()))
    for _, form, part in sorted(parts, key=lambda entry: entry[0]):
        for row in records(part):
            yield form, row, texts.get((row["return_id"], named.get(form.key, "")))
