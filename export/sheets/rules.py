"""审核规则: every rule in words, and how often it ended in which verdict."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pandas as pd

from gouji.export.book import Book
from gouji.export.records import plain
from gouji.export.results import Results
from gouji.export.rulebook import RuleWords, rulebook
from gouji.export.table import Column, write_list
from gouji.templates.catalogue import Catalogue
from gouji.templates.form import Form
from gouji.validate.frames import VERDICTS

COLUMNS = [
    Column("规则", least=8, align="center"),
    Column("表", widest=16, least=12),
    Column("版本", widest=16, least=12),
    Column("内容", widest=64, least=40),
    Column("严重程度", widest=14, least=10, align="center"),
    Column("类别", widest=10, least=9, align="center"),
    *(Column(verdict, "count", least=8) for verdict in VERDICTS),
]

Key = tuple[str | None, str | None, str]
Counts = dict[Key, Counter[str]]


def write_rules(book: Book, results: Results) -> None:
    """Counts are of checks carried out; for what is only ever found (T, R, S) they are of findings."""
    counts = rule_counts(results)
    rows = [_row(rule, counts, results.catalogue) for rule in _listed(results, counts)]
    note = (
        "各列数字是核对次数：一张表的一处核对算一次。T、R、S 三类规则和 X-04、X-05、C-01 只记发现的问题数。"
        "尾差按所填数字的小数位数推算，不另设比例。"
    )
    write_list(book, "审核规则", note, COLUMNS, rows, empty="没有使用任何规则。", frozen=1, by="规则")


def rule_counts(results: Results) -> Counts:
    """(form, edition, rule) → verdict → how often; common rules under (None, None, rule)."""
    forms = results.returns[["return_id", "form", "edition"]]
    form_rules, counts = _own_rules(results.catalogue), Counts()
    for rows in results.verdicts.batches(["return_id", "rule", "verdict"]):
        # Counted before they are joined: a return has many verdicts of one rule.
        times = rows.groupby(["return_id", "rule", "verdict"], sort=False).size().reset_index(name="times")
        for key, verdict_counts in _counted(times.merge(forms, on="return_id", how="left"), form_rules).items():
            counts.setdefault(key, Counter()).update(verdict_counts)
    for key, verdict_counts in _counted(results.findings.assign(times=1), form_rules).items():
        # A rule with verdicts has its findings among them already.
        counts.setdefault(key, verdict_counts)
    return counts


def _counted(frame: pd.DataFrame, form_rules: set[str]) -> Counts:
    """The times of every verdict of every rule; those of a rule that is not one form's own (`form_rules`) together."""
    grouped = frame.groupby(["form", "edition", "rule", "verdict"], dropna=False, sort=False)["times"].sum()
    flat = grouped.reset_index()
    counts: Counts = {}
    for form, edition, rule, verdict, times in zip(*(plain(flat[name]) for name in flat.columns), strict=True):
        key = (form, edition, rule) if rule in form_rules else (None, None, rule)
        counts.setdefault(key, Counter())[verdict] += times
    return counts


def _own_rules(catalogue: Catalogue) -> set[str]:
    """The rules that belong to one form; the others are common to all."""
    return {rule.id for rule in rulebook(catalogue.forms) if rule.form is not None}


def _listed(results: Results, counts: Counts) -> list[RuleWords]:
    """The rules of the forms that came, the common ones, and any other that was counted."""
    listed = rulebook(_forms(results))
    known = {(rule.form, rule.edition, rule.id) for rule in listed}
    others = sorted((key for key in counts if key not in known), key=lambda key: tuple(part or "" for part in key))
    return listed + [RuleWords(*key, words="", severity="", layer="") for key in others]


def _forms(results: Results) -> list[Form]:
    used = results.returns[["form", "edition"]].drop_duplicates()
    keys = set(zip(plain(used["form"]), plain(used["edition"]), strict=True))
    known = [results.catalogue.known(form, edition) for form, edition in keys]
    return sorted((form for form in known if form is not None), key=lambda form: form.key)


def _row(rule: RuleWords, counts: Counts, catalogue: Catalogue) -> tuple[Any, ...]:
    by_verdict = counts.get((rule.form, rule.edition, rule.id), Counter())
    times = (by_verdict[verdict] or None for verdict in VERDICTS)
    form = catalogue.short_name(rule.form) if rule.form else "各表"
    return rule.id, form, rule.edition or "—", rule.words, rule.severity, rule.layer, *times
