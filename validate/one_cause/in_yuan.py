"""What figures in 元 among 万元 put out of order: all that reads them is said where they are told (R-12)."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from gouji.templates.verdicts import DIFFERS
from gouji.validate.one_cause.links import Cell, Link, cells_of, rows_with

_RULE = "R-12"
_JUDGED = frozenset({"表内", "表间", "跨年", "得分重算", "逻辑", "外部核对"})


def in_yuan(all_findings: pd.DataFrame) -> Iterator[Link]:
    """Every judgement that reads a figure which R-12 names, or a total of it."""
    doubted: dict[Cell, int] = {}
    for row, unit, rule, sheet, cell, related in rows_with(all_findings, "rule", "sheet", "cell", "related_cells"):
        for text in (cell, related) if rule == _RULE else ():
            doubted.update(dict.fromkeys(cells_of(unit, sheet, text), row))
    names = ("verdict", "layer", "sheet", "cell", "related_cells")
    for row, unit, verdict, layer, sheet, cell, related in rows_with(all_findings, *names) if doubted else ():
        if verdict == DIFFERS and layer in _JUDGED:
            read = [place for text in (cell, related) for place in cells_of(unit, sheet, text)]
            yield from (Link(row, doubted[place]) for place in read if place in doubted)
