"""Rules tried on the results of a run: the verdict of each on every return, before it is in force."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gouji.export.stored import Stored
from gouji.ingest.frames import typed, values_schema
from gouji.parts import Given, divided, of_units, units_of
from gouji.templates.catalogue import Catalogue
from gouji.templates.checks import Check
from gouji.templates.form import Form
from gouji.templates.layer import Edition
from gouji.templates.rules.expand import Rule
from gouji.templates.rules.nodes import refs
from gouji.templates.supplement import SUPPLEMENT, supplement, supplement_edition
from gouji.templates.verdicts import DIFFERS, ROUNDING, WORST_FIRST
from gouji.validate.check import Judged, findings_at, is_asked, judged_levels, verdict_rows
from gouji.validate.earlier import earlier_tables
from gouji.validate.figures import Tables
from gouji.validate.findings import Finding
from gouji.validate.part import CHECKED
from gouji.validate.wide import ABSENT_STATE, Wide, widen

MOST = 10
"""Examples of a rule and a verdict, each of another return."""
_SHOWN = (DIFFERS, ROUNDING)


@dataclass(frozen=True)
class Trial:
    """`checks`: those that are tried, active or not, of the edition `key`; `editions`: those in whose place it is
    tried; `values`: the parquet file; `personal`: whether it holds what is personal.
    """

    catalogue: Catalogue
    key: Edition
    checks: tuple[Check, ...]
    editions: frozenset[str]
    values: Path
    personal: bool = False


@dataclass(frozen=True)
class TrialPart:
    """Whole units: their rows of the returns frame and what the rules compare them with."""

    trial: Trial
    returns: pd.DataFrame
    comparison: Given


@dataclass
class Outcome:
    """What the rules of one check say.

    `returns`: worst verdict (by WORST_FIRST) → how many returns; `times`: verdict → how often. `asked`: whether
    everything that it reads was available (last year's results, the bureau's table, personal items). `examples`: by
    verdict, the largest differences first.
    """

    returns: Counter[str] = field(default_factory=Counter)
    times: Counter[str] = field(default_factory=Counter)
    asked: bool = True
    examples: dict[str, list[Finding]] = field(default_factory=dict)

    def add(self, part: Outcome) -> None:
        """Adds the outcome of another part, which has other returns."""
        self.returns += part.returns
        self.times += part.times
        self.asked &= part.asked
        for verdict, findings in part.examples.items():
            self.examples[verdict] = _largest([*self.examples.get(verdict, []), *findings])


def trial_parts(trial: Trial, returns: pd.DataFrame, comparison: Given) -> Iterator[TrialPart]:
    """The returns by parts of whole units; those without a table of the form that is tried are left out."""
    for rows in divided(returns):
        if rows["form"].eq(trial.key[0]).any():
            yield TrialPart(trial, rows.reset_index(drop=True), of_units(comparison, set(units_of(rows))))


def try_part(part: TrialPart) -> dict[str, Outcome]:
    """Check → its outcome over the returns of a part; runs in a worker."""
    trial, comparison = part.trial, part.comparison
    form = trial_form(trial)
    tables = Tables(
        list(_wides(part, form)),
        previous=None if comparison.previous is None else earlier_tables(comparison.previous, trial.catalogue),
        reference=comparison.reference,
        suspended=frozenset() if comparison.roster is None else comparison.roster.suspended,
    )
    ids = {check.id for check in trial.checks}
    rules = [rule for rule in form.rules if rule.id in ids]
    outcomes = {check.id: Outcome() for check in trial.checks}
    lacking = frozenset() if trial.personal else _personal(form)
    for rule in rules:
        outcomes[rule.id].asked &= is_asked(rule, tables) and not _reads(rule, lacking)
    rules = [rule for rule in rules if outcomes[rule.id].asked]
    verdicts_by_rule: dict[str, list[tuple[NDArray[np.object_], NDArray[np.object_]]]] = {}
    for wide in tables.wides:
        if wide.form is not form:
            continue
        for level in judged_levels(wide, tables, rules):
            for judged in level:
                return_ids, _, _, verdicts, *_ = verdict_rows(wide, judged)
                code = judged.residual.rule.id
                verdicts_by_rule.setdefault(code, []).append((return_ids, verdicts))
                outcomes[code].add(Outcome(examples=dict(_examples(wide, tables, judged))))
    for code, pairs in verdicts_by_rule.items():
        counted = Outcome()
        _count(counted, pairs)
        outcomes[code].add(counted)
    return outcomes


def _personal(form: Form) -> frozenset[str]:
    """Personal items: results hold them only where the run was asked to keep them, so a blank means nothing."""
    columns = (item for spec in form.lists.values() if spec.personal for item in spec.columns.values())
    return frozenset({item.id for item in form.items.values() if item.personal} | {item.id for item in columns})


def _reads(rule: Rule, items: frozenset[str]) -> bool:
    return any(ref.form is None and ref.item in items for ref in refs(rule.node))


def trial_form(trial: Trial) -> Form:
    """The edition with the checks that are tried switched on."""
    form, tried = trial.catalogue.form(*trial.key), {check.id: check for check in trial.checks}
    switched_on = {code: check.model_copy(update={"active": True}) for code, check in tried.items()}
    return form.with_checks([switched_on.get(check.id, check) for check in form.definition.checks])


def _wides(part: TrialPart, form: Form) -> Iterator[Wide]:
    """The tables of a part, those of the tried form and their 评分依据补充表 as if they were of the tried edition."""
    trial = part.trial
    received = part.returns[part.returns["status"].isin(CHECKED)]
    stored = Stored.from_file(trial.values).frame(return_id=received["return_id"])
    values = typed(stored, values_schema)
    beside = supplement(form)
    for (name, edition), rows in received.groupby(["form", "edition"], sort=True):
        was = trial.catalogue.usable(str(name), str(edition))
        if name == form.name and edition in trial.editions:
            yield _as_of(form, was, rows, values)
        elif name == SUPPLEMENT and beside is not None and _is_supplement(trial, str(edition)):
            yield _as_of(beside, was, rows, values)
        elif was is not None:
            yield widen(was, rows, values)


def _is_supplement(trial: Trial, edition: str) -> bool:
    forms = (trial.catalogue.usable(trial.key[0], array) for array in trial.editions)
    return edition in {supplement_edition(form) for form in forms if form is not None}


def _as_of(form: Form, was: Form | None, rows: pd.DataFrame, values: pd.DataFrame) -> Wide:
    """Returns of one edition as returns of another one: an item that their sheets did not have is absent, not blank."""
    wide = widen(form, rows.assign(edition=form.edition), values)
    if was is None or was.key == form.key:
        return wide
    for name, item in form.items.items():
        if name not in was.items or was.items[name].kind != item.kind:
            wide.fixed.state[:, wide.fixed.place[name]] = ABSENT_STATE
    columns = was.scope.list_columns
    for spec in form.lists.values():
        for item in spec.columns.values():
            if item.id not in columns or columns[item.id].kind != item.kind:
                wide.absent[item.id] = np.ones(wide.size, bool)
    return wide


def _count(outcome: Outcome, pairs: Sequence[tuple[NDArray[np.object_], NDArray[np.object_]]]) -> None:
    """Counts the verdicts, and the returns by their worst verdict."""
    ids = np.concatenate([return_ids for return_ids, _ in pairs])
    verdicts = pd.Categorical(np.concatenate([judged for _, judged in pairs]), categories=WORST_FIRST)
    outcome.times = _counter(pd.Series(verdicts))
    worst = pd.Series(verdicts.codes).groupby(ids).min()
    outcome.returns = _counter(worst.map(dict(enumerate(WORST_FIRST))))


def _counter(verdicts: pd.Series[Any]) -> Counter[str]:
    return Counter({str(verdict): int(count) for verdict, count in verdicts.value_counts().items() if count})


def _examples(wide: Wide, tables: Tables, judged: Judged) -> Iterator[tuple[str, list[Finding]]]:
    ids, *_ = verdict_rows(wide, judged)
    for verdict in _SHOWN:
        places = np.flatnonzero(judged.verdict == verdict)
        size = np.nan_to_num(np.abs(judged.residual.difference[places]), nan=0.0)
        places = places[np.argsort(-size, kind="stable")]
        first_of_return = np.sort(np.unique(ids[places], return_index=True)[1])
        if len(places):
            yield verdict, _largest(findings_at(wide, tables, judged, places[first_of_return][:MOST]))


def _largest(findings: Iterable[Finding]) -> list[Finding]:
    """The largest differences, at most one per return."""
    largest: dict[str | None, Finding] = {}
    for finding in sorted(findings, key=lambda finding: -abs(finding.difference or 0.0)):
        largest.setdefault(finding.return_id, finding)
    return list(largest.values())[:MOST]
