"""Last year's tables as this year's rules see them: under this year's unit codes, one year on."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from gouji.ingest.beside.previous import Previous
from gouji.templates.catalogue import Catalogue
from gouji.templates.form import Form
from gouji.templates.rules.nodes import refs
from gouji.templates.rules.scope import PREVIOUS
from gouji.validate.figures import Tables
from gouji.validate.units import Units
from gouji.validate.wide import widen


def as_this_years(previous: Previous, units: Units, catalogue: Catalogue, also: Iterable[Form] = ()) -> Previous:
    """The tables of the forms that some rule compares with last year, under this year's units, one year on.

    `also`: forms whose rules are asked beside those of the catalogue.
    """
    compared = {name for form in (*catalogue.forms, *catalogue.supplements, *also) for name in _looked_back_on(form)}
    returns = previous.returns[previous.returns["form"].isin(compared) & previous.returns["year"].notna()]
    return previous.only(_renamed(returns, units))


def earlier_tables(previous: Previous, catalogue: Catalogue) -> Tables:
    """The wide frames of tables that `as_this_years` gave.

    An edition that is no longer in the catalogue is left out: its figures cannot be told apart any more.
    """
    wides = []
    for (name, edition), rows in previous.returns.groupby(["form", "edition"], sort=True):
        form = catalogue.known(str(name), str(edition))
        if form is not None:
            wides.append(widen(form, rows, previous.values.frame(set(rows["return_id"]))))
    return Tables(wides)


def _renamed(returns: pd.DataFrame, units: Units) -> pd.DataFrame:
    known = [units.known_as(code, name) for code, name in zip(returns["unit_code"], returns["unit"], strict=True)]
    return returns.assign(
        unit_code=pd.Series([code for code, _ in known], index=returns.index, dtype="str"),
        unit=pd.Series([name for _, name in known], index=returns.index, dtype="str"),
        year=returns["year"] + 1,
    )


def _looked_back_on(form: Form) -> set[str]:
    """The forms whose last year's figures the rules of a form read."""
    read = (ref for rule in form.rules for ref in refs(rule.node))
    return {ref.last_year or form.name for ref in read if ref.form == PREVIOUS}
