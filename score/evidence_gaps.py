"""S-08: indicators whose scores need figures that no table asks for, once per form, with what the bureau can do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from gouji.score.sheets.sheet_context import score_item
from gouji.score.wording import indicator_label
from gouji.templates.catalogue import Catalogue
from gouji.templates.form import Form
from gouji.templates.rules.nodes import refs
from gouji.templates.rules.scope import EVIDENCE
from gouji.templates.scoring.rated import Rated
from gouji.validate.findings import Finding, Origin, common
from gouji.validate.one_cause.links import UNASKED

ITEM = UNASKED


def evidence_gaps(parts: Sequence[pd.DataFrame], catalogue: Catalogue) -> Iterator[Finding]:
    """One finding per form of which self-scores could not be recomputed for this; `parts`: all that was found."""
    lacking = [part.loc[part["waits"].eq(UNASKED), ["form", "edition", "return_id", "item"]] for part in parts]
    of_forms = pd.concat(lacking).groupby(["form", "edition"])
    for (name, edition), rows in of_forms:
        form = catalogue.form(str(name), str(edition))
        examples = [_told(form, indicator) for indicator in _indicators(form, set(rows["item"]))]
        origin = Origin(form=form.name, edition=form.edition)
        tables = rows["return_id"].nunique()
        yield common("S-08", origin, item=ITEM, count=len(examples), tables=tables, examples="；".join(examples))


def _indicators(form: Form, items: set[str]) -> list[str]:
    """Those whose self-scores stand at these items, in print order."""
    return [
        indicator.id
        for indicator in form.scored_indicators
        if isinstance(indicator.rule, Rated) and score_item(indicator) in items
    ]


def _told(form: Form, indicator: str) -> str:
    """`预算完成率（上年结转、年初预算）`."""
    names = [form.evidence[ref.item].label for ref in refs(form.rates[indicator]) if ref.form == EVIDENCE]
    return f"{indicator_label(form, indicator)}（{'、'.join(dict.fromkeys(names))}）"
