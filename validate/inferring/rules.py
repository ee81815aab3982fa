"""Inferred ties as rules over the items of a form, where a filled table has both: for a draft of its definition."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from gouji.validate.inferring import columns, sums
from gouji.validate.inferring.tie import Tie

_SIGNS = {
    sums.CODE: ("=", " + "),
    columns.RATE: ("=", " / "),
    columns.LIMIT: ("≤", " + "),
    columns.BALANCE: ("=", " - "),
}
"""Code → how the stated side is compared, and what stands between the cells of the other one."""


class Proposal(NamedTuple):
    """A rule as a definition has it; `each`: the row or column for which it is meant, empty where it names cells."""

    rule: str
    each: str


def proposals(ties: Iterable[Tie], items: Mapping[str, str]) -> Iterator[Proposal]:
    """The ties that hold somewhere, one per instance. `items`: cell → item of the form; ties of other cells are none.

    Ties of points are none of these: what scores add up to is told by the labels of a blank already.
    """
    for tie in ties:
        if tie.code not in _SIGNS or not tie.holds.any():
            continue
        sign, between = _SIGNS[tie.code]
        for stated, others in zip(tie.cells, tie.related, strict=True):
            names = [items.get(cell, "") for cell in (stated, *others)]
            if all(names) and len(names) > 1:
                yield _lifted(names, sign, between)


def _lifted(names: Sequence[str], sign: str, between: str) -> Proposal:
    """Said of rows for one column, or of columns for one row, where all cells share it."""
    rows, own = ({name.rpartition(".")[place] for name in names} for place in (0, 2))
    if "" not in rows and len(own) == 1:
        return Proposal(_rule([name.rpartition(".")[0] for name in names], sign, between), own.pop())
    if "" not in rows and len(rows) == 1:
        return Proposal(_rule([name.rpartition(".")[2] for name in names], sign, between), rows.pop())
    return Proposal(_rule(names, sign, between), "")


def _rule(names: Sequence[str], sign: str, between: str) -> str:
    return f"{names[0]} {sign} {between.join(names[1:])}"
