"""Sums over a unit's tables of a form of which one is empty, missing, or in an uncertain unit of money."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from gouji.templates.verdicts import DIFFERS
from gouji.validate.one_cause.links import BETWEEN, Link, rows_with

_NOT_THERE = ("R-03", "R-07", "R-12")


def missing_table(all_findings: pd.DataFrame) -> Iterator[Link]:
    """A sum that differs while one of its tables does not count is said by the finding on that table."""
    lacking: dict[tuple[str, str], int] = {}
    for row, unit, rule, form in rows_with(all_findings, "rule", "form"):
        if rule in _NOT_THERE:
            lacking.setdefault((unit, str(form)), row)
    for row, unit, verdict, adds in rows_with(all_findings, "verdict", "adds"):
        if verdict == DIFFERS and isinstance(adds, str):
            parents = (lacking[unit, form] for form in adds.split(BETWEEN) if (unit, form) in lacking)
            yield from (Link(row, parent) for parent in list(parents)[:1])
