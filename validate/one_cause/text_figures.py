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


def text_figures(found: pd.DataFrame, figures: Figures) -> Iterator[Link]:
    """A tie of a table that differs by the sum of what it reads as text is said where the text is told."""
    texts = _cells_by_return(found[found["rule"].eq(AS_TEXT)])
    broken = found["verdict"].eq(DIFFERS) & found["layer"].eq(_WITHIN) & found["return_id"].isin(list(texts))
    if not (broken & found["difference"].notna()).any():
        return
    known = _values(figures(sorted(set(found.loc[broken, "return_id"]))))
    names = ("return_id", "verdict", "layer", "sheet", "cell", "related_cells", "difference")
    for row, unit, return_id, verdict, layer, sheet, cell, related, gap in rows_with(found, *names):
        if return_id in texts and verdict == DIFFERS and layer == _WITHIN and not pd.isna(gap) and gap:
            told, own = (
                texts[return_id],
                (place for text in (cell, related) for _, _, place in cells_of(unit, sheet, text)),
            )
            read = [place for place in dict.fromkeys(own) if place in told]
            total = sum((known.get((return_id, place), Decimal(0)) for place in read), Decimal(0))
            if read and total and abs(total) == abs(significant(gap)):
                yield Link(row, told[read[0]])


def _cells_by_return(found: pd.DataFrame) -> Mapping[Any, dict[str, int]]:
    """Return → cell → the row of the finding on it."""
    texts: dict[Any, dict[str, int]] = {}
    for row, return_id, related in zip(found.index, found["return_id"], found["related_cells"], strict=True):
        if isinstance(related, str) and isinstance(return_id, str):
            texts.setdefault(return_id, {}).update(dict.fromkeys(related.split(BETWEEN), int(row)))
    return texts


def _values(frame: pd.DataFrame) -> dict[tuple[str, str], Decimal]:
    filled = frame[frame["value"].notna() & frame["cell"].notna()]
    pairs = zip(filled["return_id"], filled["cell"], filled["value"], strict=True)
    return {(str(one), str(cell)): significant(value) for one, cell, value in pairs}
