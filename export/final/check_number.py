"""校验数: 32 digits that tie a stamped paper to its figures.

It is made of the figures themselves, not of the bytes: whoever saves the file again, or types the paper into another,
gets the same number; whoever changes one figure does not. 32 digits, because whoever makes both a paper and a file
could look for two sets of figures with the same shorter number.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pandas as pd

from gouji.export.records import records
from gouji.templates.addresses import with_sheet
from gouji.templates.catalogue import Catalogue
from gouji.templates.exact import figure, significant
from gouji.templates.form import Form
from gouji.templates.items import Item
from gouji.templates.labels import squeezed

_MADE = "gouji校验数1"
"""Begins what is hashed: another way of making the number would have another name."""
GROUPS, GROUP = 8, 4
_MEASURE = "measure"
_FILLED = "filled"
_UNSETTLED = {"error", "uncalculated", "ambiguous"}


def check_number(returns: pd.DataFrame, values: pd.DataFrame, catalogue: Catalogue) -> str:
    """The 校验数 of one file's tables, in groups: `0412 …`; empty where it has no table."""
    tables = [row for row in records(returns) if row["form"] is not None]
    if not tables:
        return ""
    own = _by_return(values)
    told = sorted(line for row in tables for line in _lines(row, own.get(row["return_id"], []), catalogue))
    digest = hashlib.sha256("\n".join([_MADE, *told]).encode()).digest()
    digits = str(int.from_bytes(digest, "big") % 10 ** (GROUPS * GROUP)).zfill(GROUPS * GROUP)
    return " ".join(digits[at : at + GROUP] for at in range(0, len(digits), GROUP))


def unsettled(returns: pd.DataFrame, values: pd.DataFrame, catalogue: Catalogue) -> list[str]:
    """Cells (`表!B7`) of figures that hold an error, or a formula without a result."""
    own = _by_return(values)
    return [
        with_sheet(row["sheet"], one["cell"] or one["item"])
        for row in records(returns)
        if (form := catalogue.known(row["form"], row["edition"])) is not None
        for one in own.get(row["return_id"], [])
        if one["state"] in _UNSETTLED and _counts(_item(form, one))
    ]


def _by_return(values: pd.DataFrame) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for one in records(values):
        found.setdefault(one["return_id"], []).append(one)
    return found


def _lines(row: dict[str, Any], values: list[dict[str, Any]], catalogue: Catalogue) -> Iterator[str]:
    """One line for the table and one for every figure of it: form, edition, unit, year, instance, item, value."""
    form = catalogue.known(row["form"], row["edition"])
    if form is None:
        return
    role = form.item_with_role("instance")
    instance = next((one["raw"] for one in values if role is not None and one["item"] == role.id), None)
    whose = [row["form"], row["edition"], _text(row["unit"]), row["year"], _text(instance)]
    yield _json([*whose, "", ""])
    for one in values:
        item = _item(form, one)
        if one["state"] == _FILLED and _counts(item) and (written := _written(form, item, one)):
            yield _json([*whose, one["item"], written])


def _item(form: Form, value: dict[str, Any]) -> Item | None:
    """The item of a row of values; None for what is about persons, or not known to the form."""
    if value["list_id"] is None:
        found = form.items.get(value["item"])
    else:
        spec = form.lists.get(value["list_id"])
        found = None if spec is None or spec.personal else spec.columns.get(value["item"].rpartition(".")[2])
    return None if found is None or found.personal else found


def _counts(item: Item | None) -> bool:
    return item is not None and (item.is_figure or item.kind == _MEASURE)


def _written(form: Form, item: Item | None, value: dict[str, Any]) -> str:
    """The figure exactly; one that the sheet computes as the paper shows it; a measure (≥95%) in its own words."""
    assert item is not None
    if item.kind == _MEASURE and value["raw"] is not None:
        text = _text(value["raw"])
        plain = figure(text)
        return text if plain is None else _plain(plain)
    if value["value"] is None:
        return ""
    exact = significant(value["value"])
    if item.id in form.computed and item.decimals is not None:
        exact = exact.quantize(Decimal(1).scaleb(-item.decimals), ROUND_HALF_UP)
    return _plain(exact)


def _plain(value: Decimal) -> str:
    """Without zeros at the end that change nothing: 3.40 → 3.4."""
    return "0" if value.is_zero() else f"{value.normalize():f}"


def _text(value: object) -> str:
    return "" if value is None else squeezed(unicodedata.normalize("NFKC", str(value)))


def _json(values: list[Any]) -> str:
    return json.dumps([None if value is None else str(value) for value in values], ensure_ascii=False)
