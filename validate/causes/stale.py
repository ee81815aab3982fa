"""A formula of ours whose stored value is not its result: the file was not calculated again, or the formula changed."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from gouji.ingest.register.notes import Note
from gouji.templates.catalogue import Catalogue
from gouji.templates.form import Form
from gouji.templates.verdicts import DIFFERS
from gouji.validate.causes.naming import worded

STALE = worded(["单元格是公式，没有重新计算或公式被改动"])
_TYPED_OVER, _UNTOLD = "overwritten", "formulas_untold"


def with_stale(
    findings: pd.DataFrame, returns: pd.DataFrame, notes: Sequence[Note], catalogue: Catalogue
) -> pd.DataFrame:
    """`findings` with the cause of those that stand at a formula of an issued sheet, where no other is known.

    On such a sheet every computed cell is a formula that says what the rule says, unless it was typed over.
    """
    issued = returns.loc[returns["layout"] == "issued", "return_id"]
    untold = {note.return_id for note in notes if note.kind == _UNTOLD}
    open_ = findings["verdict"].eq(DIFFERS) & findings["cause"].isna() & findings["cell"].notna()
    asked = findings[open_ & findings["return_id"].isin(issued) & ~findings["return_id"].isin(untold)]
    if asked.empty:
        return findings
    over = {(note.return_id, cell) for note in notes if note.kind == _TYPED_OVER for cell in note.cells}
    keys = zip(*(asked[name] for name in ("form", "edition", "rule", "item", "return_id", "cell")), strict=True)
    computed = [
        f"{rule}[{item}]" in _filling(catalogue.form(str(form), str(edition))) and (return_id, cell) not in over
        for form, edition, rule, item, return_id, cell in keys
    ]
    cause = findings["cause"].copy()
    cause.loc[asked.index[computed]] = STALE
    return findings.assign(cause=cause)


def _filling(form: Form) -> set[str]:
    """The rules that fill in a cell of their form."""
    return {rule.key for rule in form.rules if rule.fills}
