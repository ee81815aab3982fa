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


def outstanding(results: Results) -> pd.DataFrame:
    """The findings that are not closed; as `findings_schema`."""
    return results.findings[~settled(results)]
