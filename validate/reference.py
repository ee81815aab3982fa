"""部门决算参照表 as the rules see it: one row per unit, under the keys of the units' own tables."""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from gouji.ingest.beside.reference import ReferenceTableError
from gouji.ingest.register.batch import Batch
from gouji.templates.catalogue import Catalogue
from gouji.templates.issuing.plan import UNIT_CODES
from gouji.validate.figures import column_quantity
from gouji.validate.lookup import Keys, Reference
from gouji.validate.units import Units
from gouji.validate.wide import Wide, widen


def reference_of(batch: Batch, units: Units, catalogue: Catalogue) -> Reference:
    """What the rules look up (`参照(公用经费)`), from the table as it was read.

    Raises ReferenceTableError when a unit is listed twice: which row counts cannot be told.
    """
    row = next(batch.returns.itertuples(index=False))
    form = catalogue.form(str(row.form), str(row.edition))
    wide = widen(form, batch.returns, batch.values)
    list_id, spec = next(iter(form.lists.items()))
    columns = wide.lists[list_id].columns
    figures = {name: item for name, item in spec.columns.items() if item.is_figure}
    return Reference(
        form=form.name,
        keys=_keys(wide, list_id, units),
        figures={name: column_quantity(columns, name, item) for name, item in figures.items()},
        cells={name: _cells(form.name, columns.cell[:, columns.place[name]]) for name in figures},
    )


def _cells(form: str, cells: NDArray[np.object_]) -> NDArray[np.object_]:
    return np.array([f"{form}!{cell}" if cell else None for cell in cells] or [], dtype=object)


def _keys(wide: Wide, list_id: str, units: Units) -> Keys:
    """`单位编码|年度` of every row, as `Wide.unit_key` has it."""
    columns, spec = wide.lists[list_id].columns, wide.form.lists[list_id]
    names = columns.raw_of(spec.name_column)
    codes = columns.raw_of(UNIT_CODES) if UNIT_CODES in columns.place else [None] * len(names)
    known = [units.known_as(code, name) for code, name in zip(codes, names, strict=True)]
    year = wide.returns["year"].astype("string").fillna("").iloc[0]
    keys = [f"{code or name}|{year}" for code, name in known]
    count = Counter(keys)
    twice = [name or code for (code, name), key in zip(known, keys, strict=True) if count[key] > 1]
    if twice:
        raise ReferenceTableError(f"参照表里“{twice[0]}”有不止一行，请只留一行")
    return np.array(keys or [], dtype=object)
