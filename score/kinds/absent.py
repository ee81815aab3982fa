"""Where a rate's inputs are stated to be nothing: filled with 0, 不适用 or 无. A blank states nothing."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gouji.score.arrays import Flags
from gouji.templates.rules.nodes import Node, Ref, refs
from gouji.templates.rules.scope import EVIDENCE
from gouji.validate.figures import Tables
from gouji.validate.wide import FILLED_STATE, NOT_APPLICABLE_STATE, Columns, Wide


def stated_absent(wide: Wide, tables: Tables, node: Node) -> Flags:
    """For which returns every input of `node` is stated to be nothing."""
    absent = [_absent(wide, tables, ref) for ref in dict.fromkeys(refs(node))]
    return np.logical_and.reduce(absent) if absent else np.zeros(wide.size, bool)


def _absent(wide: Wide, tables: Tables, ref: Ref) -> Flags:
    if ref.form == EVIDENCE:
        return np.zeros(wide.size, bool)
    if ref.form is None:
        return _nothing(wide.fixed, ref.item) if ref.item in wide.fixed.place else np.zeros(wide.size, bool)
    stated, otherwise = [], []
    for other in tables.of_form(ref.form):
        if ref.item in other.form.items:
            nothing = _nothing(other.fixed, ref.item)
            adopted = other.returns["adopted"].to_numpy(dtype=bool)
            stated.append(other.unit_key[nothing & adopted])
            otherwise.append(other.unit_key[~nothing & adopted])
    return _among(wide.unit_key, stated) & ~_among(wide.unit_key, otherwise)


def _nothing(columns: Columns, item: str) -> Flags:
    place = columns.place[item]
    state = columns.state[:, place]
    zero = (state == FILLED_STATE) & (columns.value[:, place] == 0)
    return np.asarray(zero | (state == NOT_APPLICABLE_STATE), bool)


def _among(keys: NDArray[np.object_], groups: list[NDArray[np.object_]]) -> Flags:
    if not groups:
        return np.zeros(len(keys), bool)
    known = set(np.concatenate(groups))
    return np.array([key in known for key in keys], bool)
