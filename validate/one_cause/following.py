"""A tie that fails because of its own part: by the same amount as another finding on a figure that it reads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pandas as pd

from gouji.templates.exact import significant
from gouji.templates.verdicts import DIFFERS
from gouji.validate.one_cause.links import Cell, Link, cells_of, rows_with

_BOUNDS = ("N-01",)
"""A figure below 0 puts its total out by twice its amount."""
_SUMS = frozenset({"表内", "表间"})


def following(all_findings: pd.DataFrame) -> Iterator[Link]:
    """The finding nearer to the fault comes first: whose stated cell another one reads as a part, else the one that
    reads fewer cells."""
    readers: dict[Cell, list[int]] = defaultdict(list)
    gaps: dict[int, object] = {}
    stated: dict[int, set[Cell]] = {}
    read: dict[int, set[Cell]] = {}
    names = ("rule", "verdict", "layer", "sheet", "cell", "related_cells", "difference")
    for row, unit, rule, verdict, layer, sheet, cell, related, gap in rows_with(all_findings, *names):
        if verdict != DIFFERS or layer not in _SUMS or pd.isna(gap) or not gap:
            continue
        gaps[row] = abs(significant(gap)) * (2 if rule in _BOUNDS else 1)
        stated[row] = set(cells_of(unit, sheet, cell))
        read[row] = stated[row] | set(cells_of(unit, sheet, related))
        for place in read[row]:
            readers[place].append(row)
    for row, size in gaps.items():
        others = {other for place in read[row] for other in readers[place] if other != row and gaps[other] == size}
        nearer = [other for other in others if _nearer(other, row, stated, read)]
        if nearer:
            yield Link(row, min(nearer, key=lambda near: (len(read[near]), near)))


def _nearer(row: int, other: int, stated: dict[int, set[Cell]], read: dict[int, set[Cell]]) -> bool:
    """Whether `row` is nearer to the fault than `other`."""
    part, whole = bool(stated[row] & (read[other] - stated[other])), bool(stated[other] & (read[row] - stated[row]))
    if part != whole:
        return part
    return (len(read[row]), row) < (len(read[other]), other)
