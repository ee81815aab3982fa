"""Sums that leave out figures which stand as text: a formula does not add what is no number."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from decimal import Decimal
from typing import Any

import pandas as pd

from gouji.templates.exact import significant
from gouji.templates.verdicts import DIFFERS
from gouji.validate.one_cause.links import BETWEEN, Link, cells_of, rows_with

AS_TEXT = "T-03"
_WITHIN = "表内"
Figures = Callable[[Collection[str]], pd.DataFrame]
"""Returns by their ids → the columns return_id, cell, value of their `values`."""


def text_figures(all_findings: pd.DataFrame, figures: Figures) -> Iterator[Link]:
    """A tie of a table that differs by the sum of what it reads as text is said where the text is told."""
    texts = _cells_by_return(all_findings[all_findings["rule"].eq(AS_TEXT)])
    broken = (
        all_findings["verdict"].eq(DIFFERS)
        & all_findings["layer"].eq(_WITHIN)
        & all_findings["return_id"].isin(list(texts))
    )
    if not (broken & all_findings["difference"].notna()).any():
        return
    known = _values(figures(sorted(set(all_findings.loc[broken, "return_id"]))))
    names = ("return_id", "verdict", "layer", "sheet", "cell", "related_cells", "difference")
    for row, unit, return_id, verdict, layer, sheet, cell, related, gap in rows_with(all_findings, *names):
        if return_id in texts and verdict == DIFFERS and layer == _WITHIN and not pd.isna(gap) and gap:
            by_cell, places = (
                texts[return_id],
                (place for text in (cell, related) for _, _, place in cells_of(unit, sheet, text)),
            )
            read = [place for place in dict.fromkeys(places) if place in by_cell]
            total = sum((known.get((return_id, place), Decimal(0)) for place in read), Decimal(0))
            if read and total and abs(total) == abs(significant(gap)):
                yield Link(row, by_cell[read[0]])


def _cells_by_return(all_findings: pd.DataFrame) -> Mapping[Any, dict[str, int]]:
    """Return → cell → the row of the finding on it."""
    texts: dict[Any, dict[str, int]] = {}
    for row, return_id, related in zip(
        all_findings.index, all_findings["return_id"], all_findings["related_cells"], strict=True
    ):
        if isinstance(related, str) and isinstance(return_id, str):
            texts.setdefault(return_id, {}).update(dict.fromkeys(related.split(BETWEEN), int(row)))
    return texts


def _values(frame: pd.DataFrame) -> dict[tuple[str, str], Decimal]:
    filled = frame[frame["value"].notna() & frame["cell"].notna()]
    pairs = zip(filled["return_id"], filled["cell"], filled["value"], strict=True)
    return {(str(return_id), str(cell)): significant(value) for return_id, cell, value in pairs}
