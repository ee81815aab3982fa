"""Which checks of an edition are tried on results, and on which of their tables."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from gouji.templates.catalogue import Catalogue
from gouji.templates.checks import Check
from gouji.templates.form import Form

NEW, CHANGED, STOPPED, OFF, ANY = "新增", "改动", "停用", "没有启用", "现有"
_ASKED = ("rule", "each", "severity", "layer", "optional", "fills")
"""What of a check makes a verdict or what becomes of it; its words and its basis do not."""


class TrialError(Exception):
    """Rules cannot be tried on these results; the message is Chinese."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A check that is tried, and how it stands to those by which the results were judged."""

    check: Check
    state: str


def tried_editions(catalogue: Catalogue, form: Form, returns: pd.DataFrame) -> frozenset[str]:
    """The editions whose tables the rules of `form` are tried on: itself and those that it extends, else all of the
    form (last year's, a neighbour's). Raises TrialError where the results have no table of the form.
    """
    there = set(returns.loc[returns["form"] == form.name, "edition"].dropna().astype(str))
    if not there:
        raise TrialError(f"结果里没有《{form.name}》的表，没有可以试的。")
    own = {edition for _, edition in catalogue.lineage((form.name, form.edition))}
    return frozenset(there & own or there)


def tried_checks(catalogue: Catalogue, form: Form, editions: Collection[str], run: Mapping[str, Any]) -> list[Tried]:
    """Every check that is new, changed, switched off or not on, against all editions by which the results were judged.

    An edition of which only its present definition is known, and not that of the run, is no measure: all are tried.
    """
    known = [catalogue.usable(form.name, edition) for edition in sorted(editions)]
    altered = run.get("hashes", {}).get("definitions") != catalogue.version
    if any(one is None or (altered and one.key == form.key) for one in known):
        return [Tried(check, ANY if check.active else OFF) for check in form.definition.checks]
    judged = [{check.id: check for check in one.definition.checks} for one in known if one is not None]
    stands = ((check, _state(check, [one.get(check.id) for one in judged])) for check in form.definition.checks)
    return [Tried(check, state) for check, state in stands if state]


def _state(check: Check, before: list[Check | None]) -> str:
    """ "" for a check that is what it was."""
    was_on = [one for one in before if one is not None and one.active]
    if not check.active:
        return STOPPED if was_on else OFF
    if not was_on:
        return NEW
    same = len(was_on) == len(before) and all(_asks(one) == _asks(check) for one in was_on)
    return "" if same else CHANGED


def _asks(check: Check) -> tuple[Any, ...]:
    return tuple(getattr(check, name) for name in _ASKED)
