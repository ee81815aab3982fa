"""满意度 in sentences against what the satisfaction indicators of the unit's tables say was reached.

Reports speak of several satisfactions, so little is held against a table. A figure that is nobody's in particular must
be that of one of the indicators. One of a group (回访满意率) contradicts a figure of everybody only where the table
says that all are satisfied (100%), or at least so many (≥95%), and fewer of the group are.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from gouji.ingest.narrative.phrases import phrases
from gouji.ingest.narrative.statement import SATISFACTION
from gouji.validate.findings import Finding
from gouji.validate.narrative.indicators import Indicator, beside, contradicted_by, tables_of
from gouji.validate.narrative.stated import Stated

_ABOUT = "满意"
_ALL = Decimal(1)


def satisfactions(stated: Stated, indicators: dict[str, list[Indicator]]) -> Iterator[Finding]:
    """The statements of 满意度 that no indicator allows."""
    asked = stated.frame["item"].eq(SATISFACTION).to_numpy() & stated.frame["aspect"].eq("").to_numpy()
    rows = np.flatnonzero(asked & stated.own & stated.quantity.known)
    if not len(rows):
        return
    shares = {unit: [line for line in lines if _is_share(line)] for unit, lines in indicators.items()}
    several = _several(stated, rows)
    for row in rows.tolist():
        label = stated.rows[row].label
        if any(word in label for word in phrases().other_satisfaction):
            continue
        lines = beside(stated, row, shares)
        called = [line for line in lines if _is_called(line, label)]
        if len(called) == 1:
            lines = called
        of_group = len(called) != 1 and (stated.key[row] in several or _of_group(label))
        if of_group and tables_of(lines) > 1:
            continue  # each may be about other people
        low, high = stated.quantity.low[row], stated.quantity.high[row]
        if lines and not any(_allows(line, low, high, of_group=of_group) for line in lines):
            yield contradicted_by(stated, row, lines)


def _is_called(line: Indicator, label: str) -> bool:
    """Whether the words before a figure name those whom an indicator asks (渔民对工作的满意程度, 受访渔民
    are of 受益渔民满意度)."""
    name = line.name.partition(_ABOUT)[0]
    asked = phrases().everybody.sub("", name)
    return bool(asked) and (name in label or _whose(label.rpartition(_ABOUT)[0]) == asked)


def _is_share(line: Indicator) -> bool:
    others = any(word in line.words for word in phrases().other_satisfaction)
    return line.reached.percent and _ABOUT in line.words and not others


def _allows(line: Indicator, low: Decimal, high: Decimal, *, of_group: bool) -> bool:
    if line.quantity == _ALL:
        return high >= _ALL
    return line.allows(low, high) or (of_group and not line.least)


def _several(stated: Stated, rows: NDArray[np.intp]) -> set[object]:
    """The units whose reports state different satisfactions: each is of a group, whatever it is called."""
    first: dict[object, Decimal] = {}
    return {
        key
        for key, value in zip(stated.key[rows], stated.quantity.value[rows], strict=True)
        if first.setdefault(key, value) != value
    }


def _of_group(label: str) -> bool:
    return bool(_whose(label))


def _whose(label: str) -> str:
    """The words before a figure without those that are nobody's in particular."""
    words = phrases()
    return words.neutral.sub("", words.everybody.sub("", label)).strip("，、；（）(),; ")
