"""Findings that an auditor's decision has closed: they ask nothing of anybody any more, and count as 已审."""

from __future__ import annotations

import pandas as pd

from gouji.export.results import Results
from gouji.templates.review import ACCEPTED, MISJUDGED

CLOSING = (ACCEPTED, MISJUDGED)
"""审核意见 after which a finding stays on record (问题清单, 意见处理, 审核记录) and in no letter, 退回 or count."""


def settled(results: Results) -> pd.Series[bool]:
    """Which findings are closed; by the index of `results.findings`."""
    decisions = results.decisions
    closing = decisions.loc[decisions["opinion"].isin(CLOSING), "finding_id"]
    return results.findings["finding_id"].isin(closing)


def ruled(results: Results, rule: str) -> pd.DataFrame:
    """The findings of a rule, and those that other findings stand for, with `settled`: whether a decision closed them,
    or the finding that stands for them."""
    closed = set(results.findings.loc[settled(results), "finding_id"])
    direct = results.findings[results.findings["rule"] == rule]
    beside = results.asides.frame(rule={rule})
    rows = (
        pd.concat([direct.assign(of=direct["finding_id"]), beside])
        if len(beside)
        else direct.assign(of=direct["finding_id"])
    )
    return rows.assign(settled=rows["of"].isin(closed)).drop(columns="of")


def outstanding(results: Results) -> pd.DataFrame:
    """The findings that are not closed; as `findings_schema`."""
    return results.findings[~settled(results)]
