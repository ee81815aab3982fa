"""What of the findings a unit is told: not 自评预警, 表样问题 and comparisons between units, the bureau's own."""

from __future__ import annotations

import pandas as pd

from gouji.export.words import FORM_FAULT
from gouji.templates.catalogue import Catalogue
from gouji.validate.catalogue import as_told_to_units, of_bureau


def told_to_units(findings: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    """These findings without the bureau's own, each in the words for its unit."""
    told = findings[~of_the_bureau(findings, catalogue)]
    return told.assign(message=told["message"].map(as_told_to_units).astype("str"))


def of_the_bureau(findings: pd.DataFrame, catalogue: Catalogue) -> pd.Series[bool]:
    """Which findings no unit is told."""
    rules = findings["rule"].drop_duplicates()
    editions = findings[["form", "edition"]].dropna().drop_duplicates().itertuples(index=False)
    forms = (catalogue.known(str(form), str(edition)) for form, edition in editions)
    own = {code for form in forms if form is not None for code in form.alerts} | {*filter(of_bureau, rules)}
    return findings["rule"].isin(own) | findings["severity"].eq(FORM_FAULT)
