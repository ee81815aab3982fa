"""The definitions behind the results: forms by the names that stand in the frames."""

from __future__ import annotations

import re
from collections.abc import Iterable

from gouji.templates.catalogue import Catalogue
from gouji.templates.form import Form
from gouji.templates.items import Item

_SEPARATORS = re.compile(r"[\s;；,，、/]+")


def form_names(listed: object, catalogue: Catalogue) -> list[str]:
    """The full names of the forms listed in a roster cell (`基础数据表；自评表`), in their order."""
    if isinstance(listed, str):
        parts: Iterable[object] = _SEPARATORS.split(listed)
    else:
        parts = listed if isinstance(listed, Iterable) else ()
    names = (str(part).partition("@")[0].strip() for part in parts if str(part).strip())
    return list(dict.fromkeys(catalogue.full_name(name) or name for name in names))


def find_item(form: Form, item: str) -> Item | None:
    """The item of a finding or value, for a list (`line.column`) that of its column."""
    if item in form.items:
        return form.items[item]
    column = item.rpartition(".")[2]
    return next((spec.columns[column] for spec in form.lists.values() if column in spec.columns), None)


def figure_kind(catalogue: Catalogue, name: str | None, edition: str | None, item: str | None) -> str | None:
    """amount, count, quantity, rate or points; None where the item holds no typed figure."""
    form = catalogue.known(name, edition)
    definition = find_item(form, item) if form is not None and item else None
    return definition.kind if definition is not None and definition.is_figure else None
