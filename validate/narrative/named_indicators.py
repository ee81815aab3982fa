"""Counts and rates in sentences against the indicator of the same name: 培训干部120人次 against 培训干部人次.

Only a figure that the sentence calls exactly as the indicator is called, in the same unit, is held against it, and
only where the report states no other figure under that name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from gouji.ingest.narrative import phrases as p
from gouji.ingest.narrative.phrases import phrases
from gouji.ingest.narrative.statement import COUNT, RATE
from gouji.templates.labels import squeezed
from gouji.validate.findings import Finding
from gouji.validate.narrative.indicators import Indicator, beside, contradicted_by
from gouji.validate.narrative.stated import Stated

_LEAST_NAME = 4
"""Characters of a name that says enough."""
_BEFORE = 200
"""Characters of the sentence before a figure that may say of whom or when it is."""
_COUNTED = ("人次数", "人数", "人次", "次数", "数量", "数")
_LEAD = re.compile(r"^(?:[，、；：:,; ]|(?:19|20)\d\d年|共|全年|本年度?|年度|已|完成)+")
_TRAIL = re.compile(r"(?:[：: “”]|共计|共|为|达到|达|是|了|的)+$")
_ELSE = (p.GUARD, p.OTHERS, p.DATE, p.SOME, p.SINCE)
"""What says that a figure is a plan, of others, of a part of the year, or a part of something."""


def named_figures(stated: Stated, indicators: dict[str, list[Indicator]]) -> Iterator[Finding]:
    """The counts and rates that the indicator of the same name does not allow."""
    frame = stated.frame
    counts = frame["item"].eq(COUNT).to_numpy() & frame["aspect"].isin(["", RATE]).to_numpy()
    asked = counts & stated.own & stated.quantity.known & frame["exactness"].eq("").to_numpy()
    by_name: dict[tuple[tuple[int, int], str], list[int]] = {}
    longer: set[tuple[tuple[int, int], str]] = set()
    for row in np.flatnonzero(counts).tolist() if indicators else ():
        name = name_of(stated.rows[row].label)
        report = _report(stated, row)
        longer |= {(report, name[start:]) for start in range(1, len(name) - _LEAST_NAME + 1)}
        if asked[row] and len(name) >= _LEAST_NAME:
            by_name.setdefault((report, name), []).append(row)
    for (report, name), rows in by_name.items():
        if (report, name) in longer or len(set(stated.quantity.value[rows])) > 1:
            continue  # 培训干部50人次。另在党校培训干部70人次: each may be a part
        lines = [line for line in beside(stated, rows[0], indicators) if _name(line.name) == name]
        if len(lines) == 1 and not _allowed(stated, rows[0], lines[0]):
            yield contradicted_by(stated, rows[0], lines)


def _report(stated: Stated, row: int) -> tuple[int, int]:
    passage = stated.passage(row)
    return id(passage.wide), passage.row


def name_of(label: str) -> str:
    """What the words before a figure call it."""
    return _name(_TRAIL.sub("", _LEAD.sub("", label)))


def _name(text: str) -> str:
    """A name without what only says that it is counted."""
    plain = squeezed(text)
    counted = next((ending for ending in _COUNTED if plain.endswith(ending)), "")
    return plain.removesuffix(counted)


def _allowed(stated: Stated, row: int, line: Indicator) -> bool:
    unit = stated.rows[row].unit
    alike = line.reached.percent if unit == "%" else unit == line.reached.unit
    return (
        not alike
        or bool(line.reached.power)
        or line.allows(stated.quantity.low[row], stated.quantity.high[row])
        or of_something_else(stated, row)
    )


def of_something_else(stated: Stated, row: int) -> bool:
    """Whether the sentence before a figure speaks of plans, of others, of a part of the year or of something."""
    statement = stated.rows[row]
    sentence = stated.passage(row).text[statement.start : statement.end]
    label = sentence.find(statement.label)
    if label < 0:
        return True
    before = sentence[max(0, label - _BEFORE) : label + len(statement.label)]
    return any(token.lastgroup in _ELSE for token in phrases().tokens.finditer(before))
