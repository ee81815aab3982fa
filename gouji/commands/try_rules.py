"""`gouji rules try`: what new and changed rules would say of results that are there, before they bind."""

from __future__ import annotations

import errno
import json
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
from rich.console import Console

from gouji.bureau_rules.trial import Outcome, Trial, trial_form, trial_parts, try_part
from gouji.bureau_rules.tried import ANY, Tried, tried_checks, tried_editions
from gouji.commands.catalogue import catalogue_with_run
from gouji.export.data_files import SCHEMAS, data_file
from gouji.export.stored import Stored
from gouji.export.trial_workbook import write_trial
from gouji.ingest.beside.previous import read_frame, read_previous
from gouji.ingest.beside.reference import read_reference
from gouji.ingest.roster import read_roster
from gouji.parts import Given
from gouji.screen import say, show_table
from gouji.statement import read_place, read_statement
from gouji.templates.form import Form
from gouji.templates.rule_workbook import words_of
from gouji.templates.rules.nodes import Compare, demanded
from gouji.templates.verdicts import DIFFERS, WORST_FIRST
from gouji.validate.earlier import as_this_years
from gouji.validate.findings import Finding
from gouji.validate.part import CHECKED
from gouji.validate.reference import reference_of
from gouji.validate.units import Units
from gouji.validate.wording import figure_text
from gouji.workers.chosen import chosen
from gouji.workers.handed_over import handed_over
from gouji.workers.tasks import Lost, PartLostError, Workers, in_order
from gouji.years import require_years

Rows = list[dict[str, Any]]
_EXAMPLE = ("verdict", "return_id", "unit_code", "unit", "file", "sheet", "cell", "item", "stated", "expected")


def try_rules(
    name: str, results: Path, out: Path | None, layers: Sequence[Path] = (), *, previous: Path | None,
    units: Path | None, reference: Path | None, jobs: int | None, as_json: bool,
) -> int:  # fmt: skip
    """Prints what the rules of the named edition would find in `results`; `out`: a workbook with the same.

    Raises FormNotFoundError, StatementError, PreviousError, RosterError, ReferenceTableError, TrialError,
    OtherYearError, FileExistsError, PartLostError, OSError.
    """
    if out is not None and os.path.lexists(out):
        raise FileExistsError(errno.EEXIST, "", str(out))
    run, catalogue = read_statement(results), catalogue_with_run(results, layers)
    form = catalogue.find(name)
    with chosen(jobs) as workers:
        returns = handed_over(workers, _returns, results)
        editions = tried_editions(catalogue, form, returns)
        tried = tried_checks(catalogue, form, editions, run)
        trial = Trial(
            catalogue, (form.name, form.edition), tuple(rule.check for rule in tried), editions,
            data_file(results, "values"), bool(run.get("parameters", {}).get("personal")),
        )  # fmt: skip
        comparison = _comparison(workers, trial, returns, run, previous, units, reference)
        outcomes = _tried(workers, trial, returns, comparison)
        before = handed_over(workers, partial(_before, form=form.name, editions=editions), results) if tried else {}
    judged = returns["form"].eq(form.name) & returns["edition"].isin(editions) & returns["status"].isin(CHECKED)
    tables = int(judged.sum())
    rows = [
        _row(trial_form(trial), rule, outcomes[rule.check.id], before.get(rule.check.id, Counter())) for rule in tried
    ]
    on = f"在 {tables} 张《{form.name}》（{'、'.join(sorted(editions))}）上试 {form.key}"
    if as_json:
        output = {"form": form.key, "editions": sorted(editions), "tables": tables, "rules": rows}
        print(json.dumps(output, ensure_ascii=False, indent=2))
    else:
        _show(Console(), on, rows)
    if out is not None:
        write_trial(rows, on, out)
        if not as_json:
            say(Console(), f"试的结果和例子：{out}")
    return 0


def _returns(results: Path) -> pd.DataFrame:
    return read_frame(results, "returns", SCHEMAS["returns"])


def _comparison(
    workers: Workers, trial: Trial, returns: pd.DataFrame, run: Mapping[str, Any], previous: Path | None,
    roster: Path | None, reference: Path | None,
) -> Given:  # fmt: skip
    """What the rules compare with: the files named now, else (last year's results, the roster) those of the run."""
    catalogue = trial.catalogue
    roster, previous = roster or _of_run(run, "roster"), previous or _of_run(run, "previous")
    listed = None if roster is None else handed_over(workers, partial(read_roster, catalogue=catalogue), roster)
    last_year = None if previous is None else handed_over(workers, read_previous, previous)
    table = None if reference is None else handed_over(workers, partial(read_reference, catalogue=catalogue), reference)
    require_years(returns, last_year, table)
    units = Units(returns, listed)
    return Given(
        catalogue, run.get("year"), listed,
        None if last_year is None else as_this_years(last_year, units, catalogue, [trial_form(trial)]),
        None if table is None else reference_of(table, units, catalogue),
    )  # fmt: skip


def _of_run(run: Mapping[str, Any], role: str) -> Path | None:
    """The file that the run read in this `role`, if it still exists."""
    places = [read_place(str(entry.get("place"))) for entry in run.get("given", []) if entry.get("role") == role]
    if not places or not isinstance(places[0], Path) or not places[0].is_file():
        return None
    return places[0].parents[1] if role == "previous" else places[0]


def _tried(workers: Workers, trial: Trial, returns: pd.DataFrame, comparison: Given) -> dict[str, Outcome]:
    outcomes = {check.id: Outcome() for check in trial.checks}
    if trial.checks:
        for _, part in in_order(workers, try_part, trial_parts(trial, returns, comparison)):
            if isinstance(part, Lost):
                raise PartLostError(f"一部分表没有试成：{part}")
            for code, outcome in part.items():
                outcomes[code].add(outcome)
    return outcomes


def _before(results: Path, form: str, editions: frozenset[str]) -> dict[str, Counter[str]]:
    """Rule → what the run said of every return, the worst of each; runs in a worker."""
    returns = _returns(results)
    return_ids = returns.loc[returns["form"].eq(form) & returns["edition"].isin(editions), "return_id"]
    worst: dict[tuple[str, str], int] = {}
    for rows in Stored.from_file(data_file(results, "verdicts")).batches(["return_id", "rule", "verdict"]):
        judged = rows[rows["return_id"].isin(return_ids)].drop_duplicates()
        for rule, return_id, verdict in zip(judged["rule"], judged["return_id"], judged["verdict"], strict=True):
            rank = WORST_FIRST.index(verdict)
            worst[rule, return_id] = min(rank, worst.get((rule, return_id), rank))
    counts: dict[str, Counter[str]] = {}
    for (rule, _), rank in worst.items():
        counts.setdefault(rule, Counter())[WORST_FIRST[rank]] += 1
    return counts


def _row(form: Form, tried: Tried, outcome: Outcome, before: Counter[str]) -> dict[str, Any]:
    demands = {rule.key: demanded(rule.node)[1] for rule in form.rules if rule.id == tried.check.id}
    compared = next((node.left.kind for node in demands.values() if isinstance(node, Compare)), None)
    return {
        "rule": tried.check.id,
        "state": tried.state,
        "words": words_of(tried.check, form),
        "severity": tried.check.severity,
        "asked": outcome.asked,
        "returns": {verdict: outcome.returns[verdict] for verdict in WORST_FIRST},
        "times": {verdict: outcome.times[verdict] for verdict in WORST_FIRST},
        "before": {verdict: before[verdict] for verdict in WORST_FIRST},
        "examples": [_example(finding, compared) for findings in outcome.examples.values() for finding in findings],
    }


def _example(finding: Finding, kind: str | None) -> dict[str, Any]:
    gap = finding.difference
    return {
        **{name: getattr(finding, name) for name in _EXAMPLE},
        "difference": gap,
        "gap": _gap(gap, kind),
        "message": finding.message,
    }


def _show(console: Console, on: str, rows: Rows) -> None:
    say(console, f"{on}，只用结果里的数据，没有改动任何结果。各列是表的张数。")
    shown = [row for row in rows if row["state"] != ANY or row["returns"] != row["before"]]
    if not rows:
        say(console, "没有新增、改动或没有启用的规则，没有要试的。")
        return
    if shown:
        heads = ["规则", "情况", "严重程度", *WORST_FIRST, "原来不符"]
        show_table(console, heads, [_counts(row) for row in shown])
    for row in shown:
        say(console, f"{row['rule']} {row['words']}")
        for example in row["examples"]:
            say(console, f"  {'  '.join(_example_words(example))}")
    if len(shown) < len(rows):
        unchanged = f"其余 {len(rows) - len(shown)} 条的结论与原来相同，没有列出"
        say(console, f"表样定义在这次核对以后改过，全部规则都试了；{unchanged}。")
    if any(not row["asked"] for row in shown):
        say(console, "“没有试”的规则要用上年的结果（--previous）、参照表（--reference），或结果里不保存的个人信息。")


def _counts(row: Mapping[str, Any]) -> list[str]:
    counts = [str(row["returns"][verdict]) if row["asked"] else "没有试" for verdict in WORST_FIRST]
    return [row["rule"], row["state"], row["severity"], *counts, str(row["before"][DIFFERS])]


def _example_words(example: Mapping[str, Any]) -> list[str]:
    """An example on one line."""
    unit = example["unit"] or example["unit_code"] or "（单位无法确定）"
    where = f"{example['file'] or ''} {example['sheet'] or ''}!{example['cell'] or ''}"
    words = (("填", "stated"), ("应", "expected"), ("差", "gap"))
    return [example["verdict"], unit, where, *(f"{word} {example[name]}" for word, name in words if example[name])]


def _gap(difference: float | None, kind: str | None) -> str | None:
    """The difference in words; None where it is too small for them."""
    words = None if difference is None or kind is None else figure_text(difference, kind)
    return words if words is not None and words.strip("-0.%分万元人个") else None
