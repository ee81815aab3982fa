"""Tables of another year than the one that the batch was asked for: they have come, and are no receipt."""

from __future__ import annotations

import pandas as pd

from gouji.export.results import Results
from gouji.export.settled import ruled

_RULE, _ITEM = "T-08", "年度"


def wrong_year(results: Results) -> pd.Series[bool]:
    """Which rows of `results.returns` are of another year, unless an auditor has closed what is said of it (T-08)."""
    returns, year = results.returns, results.year
    if year is None:
        return pd.Series(False, index=returns.index)
    rulings = ruled(results, _RULE)
    closed = rulings[rulings["settled"] & rulings["item"].eq(_ITEM)]["return_id"]
    return returns["year"].ne(year).fillna(False).astype(bool) & ~returns["return_id"].isin(closed)
