"""What asks nothing of anybody, and is kept beside the findings."""

from __future__ import annotations

import pandas as pd

from gouji.templates.verdicts import DIFFERS, ROUNDING, UNCHECKED
from gouji.validate.one_cause.links import SETTLED, Cell, Link, cells_of, rows_with

_HINT = "提示"
_ALERTS = ("红色预警", "黄色预警")
_TYPED_OVER, _WITHIN = "T-13", "表内"
_IDLE = frozenset({_TYPED_OVER, "T-12", "T-14", "R-05", "R-20", "W-04"})
"""The figures were read and checked all the same; a file that was read already; what may well be true."""
_ASKS_THE_BUREAU = frozenset({"T-19"})


def idle(all_findings: pd.DataFrame) -> pd.Series[bool]:
    """尾差; what cannot be checked and nobody can mend on the sheet; alerts, which stand beside the scores; _IDLE."""
    hint = all_findings["severity"].eq(_HINT)
    unknown = all_findings["verdict"].eq(UNCHECKED) & ~all_findings["rule"].isin(_ASKS_THE_BUREAU)
    alert = all_findings["cause"].isin(_ALERTS)
    settled = all_findings["waits"].eq(SETTLED).fillna(False).astype(bool)
    return all_findings["verdict"].eq(ROUNDING) | hint & (unknown | alert | settled | all_findings["rule"].isin(_IDLE))


def typed_over(all_findings: pd.DataFrame) -> list[Link]:
    """Formulas typed over, of which one states a figure that is wrong: said by the finding on it."""
    wrong: dict[Cell, int] = {}
    for row, unit, layer, verdict, sheet, cell in rows_with(all_findings, "layer", "verdict", "sheet", "cell"):
        if verdict == DIFFERS and layer == _WITHIN:
            for place in cells_of(unit, sheet, cell):
                wrong.setdefault(place, row)
    links = []
    for row, unit, rule, sheet, related in rows_with(all_findings, "rule", "sheet", "related_cells"):
        if rule == _TYPED_OVER:
            parents = (wrong[place] for place in cells_of(unit, sheet, related) if place in wrong)
            links += [Link(row, parent) for parent in list(parents)[:1]]
    return links
