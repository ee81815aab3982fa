"""What cannot be checked for want of figures for which other findings ask."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from gouji.templates.verdicts import DIFFERS, UNCHECKED
from gouji.validate.one_cause.links import INPUTS, Cell, Link, cells_of, rows_with

_ASKING = frozenset({"T-01", "T-02", "T-04", "T-05", "T-06", "T-18"})
"""Their cells hold no figure; other findings that ask for figures say so in `wants`."""


def waiting(all_findings: pd.DataFrame) -> Iterator[Link]:
    """A check that lacks figures, each of them asked for by another finding, is said by the first of these."""
    asked: dict[Cell, int] = {}
    names = ("rule", "verdict", "sheet", "cell", "related_cells", "wants")
    for row, unit, rule, verdict, sheet, cell, related, wants in rows_with(all_findings, *names):
        if verdict == DIFFERS:
            for text in (cell, related) if rule in _ASKING else (wants,):
                for place in cells_of(unit, sheet, text):
                    asked.setdefault(place, row)
    for row, unit, verdict, sheet, waits in rows_with(all_findings, "verdict", "sheet", "waits"):
        if verdict == UNCHECKED and isinstance(waits, str):
            parents = [
                next((asked[cell] for cell in cells_of(unit, sheet, cells) if cell in asked), None)
                for cells in waits.split(INPUTS)
            ]
            if None not in parents:
                yield Link(row, parents[0] or 0)
