"""The definitions behind the results: forms by the names that stand in the frames."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from gouji.templates.errors import FormNotFoundError
from gouji.templates.form import Form
from gouji.templates.items import Item
from gouji.templates.library import all_forms, get_form

_SEPARATORS = re.compile(r"[\s;；,，、/]+")


@cache
def known_form(name: str | None, edition: str | None) -> Form | None:
    """The edition, or None where the return was of no known form."""
    if name is None or edition is None:
        return None
    try:
        return get_form(name, edition)
    except FormNotFoundError:
        return None


@cache
def short_name(name: str | None) -> str:
    """基础数据表 for 部门整体支出绩效评价基础数据表; the name itself where the form is not known."""
    return next((form.definition.short for form in all_forms() if form.name == name), name or "")


@cache
def full_name(wanted: str) -> str:
    """The name of the form that goes by `wanted` (full, short, as titled, with @edition or without)."""
    name = wanted.partition("@")[0].strip()
    return next((form.name for form in all_forms() if name in form.known_names), name)


def form_names(given: object) -> list[str]:
    """The full names of the forms listed in a roster cell (`基础数据表；自评表`), in their order."""
    if isinstance(given, str):
        parts: Iterable[object] = _SEPARATORS.split(given)
    else:
        parts = given if isinstance(given, Iterable) else ()
    return list(dict.fromkeys(full_name(str(part)) for part in parts if str(part).strip()))


def find_item(form: Form, item: str) -> Item | None:
    """The item of a finding or value, for a list (`line.column`) that of its column."""
    if item in form.items:
        return form.items[item]
    column = item.rpartition(".")[2]
    return next((spec.columns[column] for spec in form.lists.values() if column in spec.columns), None)


def figure_kind(name: str | None, edition: str | None, item: str | None) -> str | None:
    """amount, count, quantity, rate or points; None where the item holds no typed figure."""
    form = known_form(name, edition)
    found = find_item(form, item) if form is not None and item else None
    return found.kind if found is not None and found.is_figure else None
