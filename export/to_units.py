"""What of the findings a unit is told: not 自评预警, 表样问题 and comparisons between units, the bureau's own."""

from __future__ import annotations

import pandas as pd

from gouji.export.results import Results
from gouji.export.settled import outstanding
from gouji.export.words import FORM_FAULT
from gouji.templates.catalogue import Catalogue
from gouji.templates.review import REJECTED, SENT_BACK
from gouji.validate.catalogue import as_told_to_units, of_bureau, without_codes


def asked_of_units(results: Results) -> pd.DataFrame:
    """What units are told and have to do something about: not what they have explained and nobody has refused."""
    shared = told_to_units(outstanding(results), results.catalogue)
    return shared[shared["explanation"].isna() | shared["finding_id"].isin(refused(results))]


def refused(results: Results) -> frozenset[str]:
    """Ids of the findings that an auditor has sent back, whatever their units have said (退回修改, 不予采纳)."""
    decisions = results.decisions
    return frozenset(decisions.loc[decisions["opinion"].isin([SENT_BACK, REJECTED]), "finding_id"])


def told_to_units(findings: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    """These findings without the bureau's own, each in the words for its unit."""
    shared = findings[~of_the_bureau(findings, catalogue)]
    causes = shared["cause"].map(without_codes, na_action="ignore")
    return shared.assign(message=shared["message"].map(as_told_to_units).astype("str"), cause=causes)


def of_the_bureau(findings: pd.DataFrame, catalogue: Catalogue) -> pd.Series[bool]:
    """Which findings no unit is told."""
    rules = findings["rule"].drop_duplicates()
    editions = findings[["form", "edition"]].dropna().drop_duplicates().itertuples(index=False)
    forms = (catalogue.known(str(form), str(edition)) for form, edition in editions)
    bureau_rules = {code for form in forms if form is not None for code in form.alerts} | {*filter(of_bureau, rules)}
    return findings["rule"].isin(bureau_rules) | findings["severity"].eq(FORM_FAULT)
