"""A rate unlike those of the other units of the same 主管部门 (W-04): for information only."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from gouji.ingest.roster import Roster
from gouji.templates.catalogue import Catalogue
from gouji.templates.rules.naming import item_label
from gouji.validate.findings import Finding, Origin, common
from gouji.validate.wording import figure_text

FEWEST = 8
"""Units of the department beside the one that is looked at."""
FAR = 6
"""How many times the usual deviation a rate must lie from the median."""
_USUAL = 1.4826
"""The median absolute deviation of normal figures times this is their standard deviation."""
_LEAST = 0.03
"""The usual deviation counts as three points at least: where nearly all are at 100 %, 98 % is no outlier."""
_PEERS = ["form", "edition", "year", "item", "department"]
_COMPARED = ["return_id", "form", "edition", "year", "unit_code"]
"""What is asked of every return: only of outliers all of it."""


def outliers(
    returns: pd.DataFrame, rates: pd.DataFrame, roster: Roster | None, catalogue: Catalogue
) -> Iterator[Finding]:
    """The first outlying rate of every table, in the order of its form, against the median of its peers."""
    if roster is None or rates.empty:
        return
    departments = roster.frame[["unit_code", "department"]].dropna().drop_duplicates("unit_code")
    rated = rates.merge(returns[_COMPARED], on="return_id").merge(departments, on="unit_code")
    if rated.empty:
        return
    rated = rated.assign(**_measured(rated))
    far = rated[(rated["peers"] > FEWEST) & (rated["distance"] > FAR * rated["usual"])].drop_duplicates("return_id")
    far = far[[*rates.columns, "department", "middle", "peers"]].merge(returns, on="return_id")
    numbers = far[["value", "middle", "peers"]].to_numpy(dtype=float).tolist()
    for row, (value, middle, peers) in zip(far.itertuples(index=False), numbers, strict=True):
        form, origin = catalogue.form(str(row.form), str(row.edition)), Origin.of(row)
        item = form.items[str(row.item)]
        yield common(
            "W-04", origin, item=item.id, cell=row.cell, label=item_label(form, item, origin.year), count=int(peers),
            stated=figure_text(value, item.kind), expected=figure_text(middle, item.kind), detail=str(row.department),
        )  # fmt: skip


def _measured(rated: pd.DataFrame) -> dict[str, pd.Series[float]]:
    """Per rate: how many units its peers are (itself included), their median, its distance from it, what is usual."""
    groups = rated.groupby(_PEERS, dropna=False)
    middle = groups["value"].transform("median")
    distance = (rated["value"] - middle).abs()
    usual = distance.groupby([rated[name] for name in _PEERS], dropna=False).transform("median") * _USUAL
    return {
        "peers": groups["unit_code"].transform("nunique"),
        "middle": middle,
        "distance": distance,
        "usual": usual.clip(lower=_LEAST),
    }
