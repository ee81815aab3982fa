"""指标说明 as printed on an issued form: the rate's own formula, or where the score comes from."""

from __future__ import annotations

from functools import partial

from gouji.templates.form import Form
from gouji.templates.rules.nodes import Ref
from gouji.templates.rules.scope import EVIDENCE
from gouji.templates.rules.sentence import formula
from gouji.templates.scores_block import Indicator
from gouji.templates.scoring.rated import Rated


def explanation(form: Form, indicator: Indicator) -> str:
    """The note of one indicator."""
    if not isinstance(indicator.rule, Rated):
        return "根据自评材料评定。"
    words = formula(form.rates[indicator.id], partial(_short, form))
    return indicator.rule.explained(indicator.printed_labels[0], words)


def _short(form: Form, ref: Ref) -> str:
    """An item on a page that has little room: its row and column, without the table it stands in."""
    if ref.form == EVIDENCE:
        return form.evidence[ref.item].label
    return ref.item.replace("本年", "").replace(".", "")
