"""A rule that most units break: hardly the fault of each of them (W-03)."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from gouji.templates.catalogue import Catalogue
from gouji.templates.rules.expand import Rule
from gouji.templates.rules.naming import rule_sentence
from gouji.validate.findings import Finding, Origin, common
from gouji.validate.whole_batch.aggregates import COUNTS

FEWEST = 10
"""Units for which the rule must have been checked."""
SHARE = 0.6
"""Of them, how many must break it."""
_WITHIN = "表内"
_HINT = "提示", "汇总"


def common_faults(counts: pd.DataFrame, year: int | None, catalogue: Catalogue) -> Iterator[Finding]:
    """One finding per rule: 表样问题 where a table's own arithmetic is concerned, else 提示."""
    most = counts[(counts["checked"] >= FEWEST) & (counts["broken"] >= SHARE * counts["checked"])]
    for name, edition, code, checked, broken in most[COUNTS].to_numpy(dtype=object).tolist():
        form = catalogue.form(name, edition)
        rule = next((candidate for candidate in (*form.bounds, *form.rules) if candidate.id == code), None)
        origin = Origin(form=form.name, edition=form.edition, year=year)
        label = f"规则 {code}" if rule is None else f"{code}：{rule_sentence(form, rule)}"
        finding = common("W-03", origin, item=code, label=label, count=checked, detail=broken)
        if not _is_forms(rule):
            finding.severity, finding.layer = _HINT
        yield finding


def _is_forms(rule: Rule | None) -> bool:
    return rule is not None and rule.layer == _WITHIN
