"""The units' own words (单位说明) beside the findings that they explain."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from gouji.ingest.register.batch import Explained


def explained_findings(findings: pd.DataFrame, explanations: Sequence[Explained]) -> pd.DataFrame:
    """`findings` with `explanation` filled in.

    A 说明 that answers a finding of its own file belongs to it. Else a 说明 belongs to the finding of its rule at its
    cell; one without a cell, or the only one on its rule in a table, to all that the rule found there. A 说明 whose
    finding is gone explains nothing.
    """
    if not explanations:
        return findings
    frame = pd.DataFrame(
        [(explanation.return_id, explanation.rule, explanation.cell, explanation.text) for explanation in explanations],
        columns=_COLUMNS,
    )
    at_cell = frame[frame["cell"] != ""].drop_duplicates(_AT_CELL, keep="last").set_index(_AT_CELL)["text"]
    counts = frame.groupby(_OF_RULE)["cell"].transform("nunique")
    whole = (
        frame[(frame["cell"] == "") | (counts == 1)].drop_duplicates(_OF_RULE, keep="last").set_index(_OF_RULE)["text"]
    )
    answers = {
        (explanation.file, explanation.finding): explanation.text for explanation in explanations if explanation.finding
    }
    keys = zip(findings["file"], findings["finding_id"], strict=True)
    filled = pd.Series([answers.get(key) for key in keys], index=findings.index, dtype=object)
    for column, texts in ((_AT_CELL, at_cell), (_OF_RULE, whole)):
        more = texts.reindex(pd.MultiIndex.from_frame(findings[column])).to_numpy()
        filled = filled.fillna(pd.Series(more, index=findings.index, dtype=object))
    return findings.assign(explanation=filled.astype(findings["explanation"].dtype))


_AT_CELL, _OF_RULE = ["return_id", "rule", "cell"], ["return_id", "rule"]
_COLUMNS = [*_AT_CELL, "text"]
