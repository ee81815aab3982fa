"""All rules of one edition over all its returns: verdicts, and a finding for every one that needs a person's eye."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gouji.ingest.frames import AMOUNTS_OPEN
from gouji.templates.model import SCORING
from gouji.templates.rules.evaluate import Figures
from gouji.templates.rules.expand import Rule
from gouji.templates.rules.nodes import Implies, marks, refs
from gouji.templates.rules.scope import PREVIOUS, REFERENCE
from gouji.templates.verdicts import AGREES, DIFFERS, ROUNDING, UNCHECKED
from gouji.validate.causes.gathering import causes_at
from gouji.validate.explaining import explained
from gouji.validate.figures import LineFigures, ReturnFigures, Tables
from gouji.validate.findings import Finding
from gouji.validate.frames import verdicts_schema
from gouji.validate.inputs import InputAt, inputs_of
from gouji.validate.judge import judge
from gouji.validate.other_edition import Beyond, judge_by_printed_rows, settled_by_extra_rows, softened
from gouji.validate.possible import PossibleFigures, scored_inputs
from gouji.validate.repeated_rows import repeated_rows
from gouji.validate.residuals import Residual, residual_of
from gouji.validate.typed_amounts import with_typed_amount
from gouji.validate.unread import UnreadFigures
from gouji.validate.wide import Wide


@dataclass(frozen=True)
class Checked:
    """`verdicts`: columns of `verdicts_schema`; of bounds, which hold for every figure, only what is broken.

    `findings`: in the order of the rules.
    """

    verdicts: pd.DataFrame
    findings: list[Finding]


@dataclass(frozen=True)
class Judged:
    """One rule over all its returns or lines: its residual and a verdict per row.

    `extra`: rows → amounts beside the form's; `repeated`: what was found of rows that stand among its parts twice.
    """

    residual: Residual
    verdict: NDArray[np.object_]
    extra: Mapping[int, Beyond] = field(default_factory=dict)
    repeated: Sequence[Finding] = ()


_VerdictRows = tuple[NDArray[Any], ...]
"""The columns of `Checked.verdicts`, for one rule."""


def check_rules(wide: Wide, tables: Tables) -> Checked:
    """Every bound and rule of the edition, judged for every return and line."""
    verdicts: list[_VerdictRows] = []
    findings: list[Finding] = []
    for level in judged_levels(wide, tables, [*wide.form.bounds, *wide.form.rules]):
        findings += [finding for judged in level for finding in judged.repeated]
        for judged in level:
            verdicts.append(verdict_rows(wide, judged))
            findings += _findings(wide, tables, judged)
    names = list(verdicts_schema.columns)
    columns = (np.concatenate(column) for column in zip(*verdicts, strict=True))
    return Checked(pd.DataFrame(dict(zip(names, columns, strict=False)), columns=names), findings)


def judged_levels(wide: Wide, tables: Tables, rules: Sequence[Rule]) -> Iterator[list[Judged]]:
    """Rules of the edition, judged for every return and line: those of returns together, then those of each list."""
    by_level = groupby(sorted(rules, key=lambda rule: rule.list_id or ""), lambda rule: rule.list_id)
    unread = UnreadFigures(wide)
    for level, of_level in by_level:
        figures: Figures = ReturnFigures(wide, tables) if level is None else LineFigures(wide, level, tables)
        if figures.size == 0:
            continue
        possible: Figures = PossibleFigures(wide, tables) if level is None else figures
        asked = [rule for rule in of_level if is_asked(rule, tables)]
        residuals = [residual_of(rule, possible if rule.layer == SCORING else figures) for rule in asked]
        for residual in residuals:
            _suspend(residual, wide, _apart(residual.rule, wide, tables))
            unread.withhold(residual, _owners(wide, residual.rule))
            if level is None:
                judge_by_printed_rows(residual, wide, tables)
        if not residuals:
            continue
        fixed = residuals if level is None else []
        repeated = {residual.rule.key: list(repeated_rows(residual, wide)) for residual in fixed}
        extra = {residual.rule.key: settled_by_extra_rows(residual, wide) for residual in fixed}
        verdicts = judge(residuals)
        yield [
            Judged(residual, verdicts[key], extra.get(key, {}), repeated.get(key, ()))
            for residual in residuals
            if (key := residual.rule.key)
        ]


def is_asked(rule: Rule, tables: Tables) -> bool:
    """Whether what the rule compares with was given at all: last year's results, the bureau's own table."""
    read = {ref.form for ref in refs(rule.node)}
    lacking = (PREVIOUS in read and tables.previous is None) or (REFERENCE in read and tables.reference is None)
    return not lacking


def _apart(rule: Rule, wide: Wide, tables: Tables) -> NDArray[np.bool_]:
    """The returns for which a rule compares what cannot be compared, which is no finding.

    跨年 of a merged, renamed or new unit; everything beyond its own figures of a table whose amounts are in no certain
    unit.
    """
    apart = np.zeros(wide.size, bool)
    if rule.layer == "跨年" and tables.suspended:
        apart |= wide.returns["unit_code"].isin(tables.suspended).to_numpy(dtype=bool)
    if any(ref.form is not None for ref in refs(rule.node)):
        apart |= wide.returns["status"].eq(AMOUNTS_OPEN).to_numpy(dtype=bool)
    return apart


def _suspend(residual: Residual, wide: Wide, returns: NDArray[np.bool_]) -> None:
    """What a rule says of these returns counts as not known and nothing to ask about."""
    if returns.any():
        apart = returns[_owners(wide, residual.rule)]
        residual.difference, residual.excess = (
            np.where(apart, np.nan, residual.difference),
            np.where(apart, np.nan, residual.excess),
        )
        residual.known, residual.idle = residual.known & ~apart, residual.idle | apart


def _points_unknown(rule: Rule, residual: Residual, row: int, operands: Sequence[InputAt]) -> bool:
    """Whether all that is missing are points (满分) that another edition divides otherwise and does not print."""
    return bool(marks(rule.node)) and row not in residual.unread and not any(operand.trouble for operand in operands)


def _owners(wide: Wide, rule: Rule) -> NDArray[np.intp]:
    return np.arange(wide.size) if rule.list_id is None else wide.lists[rule.list_id].owner


def verdict_rows(wide: Wide, judged: Judged) -> _VerdictRows:
    """The columns of `verdicts_schema` that a rule adds to them."""
    rule, verdict = judged.residual.rule, judged.verdict
    ids = wide.returns["return_id"].to_numpy(dtype=object)[_owners(wide, rule)]
    kept = (verdict == ROUNDING) | (verdict == DIFFERS) if rule.is_bound else np.ones(len(verdict), bool)
    rules = np.full(kept.sum(), rule.id, dtype=object)
    stated, expected = judged.residual.sides()
    return ids[kept], rules, judged_items(wide, rule)[kept], verdict[kept], stated[kept], expected[kept]


def judged_items(wide: Wide, rule: Rule) -> NDArray[np.object_]:
    """The item at which each row of a rule was judged."""
    if rule.list_id is None:
        return np.full(wide.size, rule.item, dtype=object)
    column = rule.item.rpartition(".")[2]
    return np.array([f"{line}.{column}" for line in wide.lists[rule.list_id].line], dtype=object)


def _findings(wide: Wide, tables: Tables, judged: Judged) -> Iterator[Finding]:
    rule, verdict = judged.residual.rule, judged.verdict
    silent = rule.optional or isinstance(rule.node, Implies)
    flagged = np.flatnonzero((verdict != AGREES) & ~(silent & (verdict == UNCHECKED)))
    return findings_at(wide, tables, judged, flagged)


def findings_at(wide: Wide, tables: Tables, judged: Judged, flagged: NDArray[np.intp]) -> Iterator[Finding]:
    """What is to be said of these rows of a rule, of which none agrees."""
    if not len(flagged):
        return
    residual, verdict, rule = judged.residual, judged.verdict, judged.residual.rule
    owner, items = _owners(wide, rule), judged_items(wide, rule)
    scores = rule.layer == SCORING and rule.list_id is None
    if scores:
        inputs = scored_inputs(wide, tables, rule.node)
    else:
        inputs = inputs_of(wide, tables, rule.node, owner, rule.list_id)
    causes = causes_at(wide, tables, residual, flagged[verdict[flagged] == DIFFERS])
    for row in flagged.tolist():
        idle = residual.idle[row] and row not in residual.unread
        nothing = idle or all(operand.nothing[row] for operand in inputs)
        if verdict[row] == UNCHECKED and nothing:
            continue
        origin = wide.origins[owner[row]]
        operands = [operand.at_row(row) for operand in inputs]
        if verdict[row] == UNCHECKED and any(operand.absent or operand.not_received for operand in operands):
            continue
        if verdict[row] == UNCHECKED and _points_unknown(rule, residual, row, operands):
            continue
        finding = explained(
            wide.form, residual, row, str(verdict[row]), origin, str(items[row]), operands, causes.get(row)
        )
        finding = with_typed_amount(finding, wide, int(owner[row]), operands)
        yield softened(finding, wide, int(owner[row]), operands, judged.extra.get(row))
