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
"""The parts of a check that determine a verdict or its consequence; words and basis do not."""


class TrialError(Exception):
    """Rules cannot be tried on these results; the message is Chinese."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A check that is tried, and its `state` compared with the checks by which the results were judged."""

    check: Check
    state: str


def tried_editions(catalogue: Catalogue, form: Form, returns: pd.DataFrame) -> frozenset[str]:
    """The editions whose tables the rules of `form` are tried on: itself and those that it extends, else all of the
    form (last year's, a neighbour's). Raises TrialError where the results have no table of the form.
    """
    received = set(returns.loc[returns["form"] == form.name, "edition"].dropna().astype(str))
    if not received:
        raise TrialError(f"结果里没有《{form.name}》的表，没有可以试的。")
    lineage = {edition for _, edition in catalogue.lineage((form.name, form.edition))}
    return frozenset(received & lineage or received)


def tried_checks(catalogue: Catalogue, form: Form, editions: Collection[str], run: Mapping[str, Any]) -> list[Tried]:
    """Every check that is new, changed, switched off or not on, compared with the editions by which the results were
    judged.

    Where only the present definition of an edition is known, not that of the run, all checks are tried.
    """
    forms = [catalogue.usable(form.name, edition) for edition in sorted(editions)]
    altered = run.get("hashes", {}).get("definitions") != catalogue.version
    if any(definition is None or (altered and definition.key == form.key) for definition in forms):
        return [Tried(check, ANY if check.active else OFF) for check in form.definition.checks]
    judged = [
        {check.id: check for check in definition.definition.checks} for definition in forms if definition is not None
    ]
    stands = ((check, _state(check, [checks.get(check.id) for checks in judged])) for check in form.definition.checks)
    return [Tried(check, state) for check, state in stands if state]


def _state(check: Check, before: list[Check | None]) -> str:
    """One of the states above; "" for an unchanged check."""
    was_on = [earlier for earlier in before if earlier is not None and earlier.active]
    if not check.active:
        return STOPPED if was_on else OFF
    if not was_on:
        return NEW
    unchanged = len(was_on) == len(before) and all(_asks(earlier) == _asks(check) for earlier in was_on)
    return "" if unchanged else CHANGED


def _asks(check: Check) -> tuple[Any, ...]:
    return tuple(getattr(check, name) for name in _ASKED)
