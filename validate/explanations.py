"""The units' own words (单位说明) beside the findings that they explain."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ingest.batch import Explained
from ingest.frames import typed
from validate.frames import findings_schema


def explained_findings(findings: pd.DataFrame, told: Sequence[Explained]) -> pd.DataFrame:
    """`findings` with `explanation` filled in.

    A 说明 belongs to the finding of its rule at its cell; one without a cell, or the only one on its rule in a table,
    to all that the rule found there. A 说明 whose finding is gone explains nothing.
    """
    if not told:
        return findings
    given = pd.DataFrame([(one.return_id, one.rule, one.cell, one.text) for one in told], columns=_COLUMNS)
    at_cell = given[given["cell"] != ""].drop_duplicates(_AT_CELL, keep="last").set_index(_AT_CELL)["text"]
    counts = given.groupby(_OF_RULE)["cell"].transform("nunique")
    whole = (
        given[(given["cell"] == "") | (counts == 1)].drop_duplicates(_OF_RULE, keep="last").set_index(_OF_RULE)["text"]
    )
    exact = at_cell.reindex(pd.MultiIndex.from_frame(findings[_AT_CELL])).to_numpy()
    general = whole.reindex(pd.MultiIndex.from_frame(findings[_OF_RULE])).to_numpy()
    filled = pd.Series(exact, index=findings.index, dtype=object).fillna(pd.Series(general, index=findings.index))
    return typed(findings.assign(explanation=filled), findings_schema)


_AT_CELL, _OF_RULE = ["return_id", "rule", "cell"], ["return_id", "rule"]
_COLUMNS = [*_AT_CELL, "text"]
