"""Figures behind an item's name in a sentence that is not sure to be of it, but have the table's digits otherwise.

本年产生会议费4.3万元 against 3.4万元: that two digits changed places, or one of several is another, is no chance where
the name stands before the figure.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gouji.ingest.narrative import phrases as p
from gouji.ingest.narrative.phrases import phrases
from gouji.ingest.narrative.statement import COUNT, PLANNED, PROJECT_FUNDS, SPENT
from gouji.validate.findings import Finding
from gouji.validate.narrative.comparing import beyond
from gouji.validate.narrative.derived import Known
from gouji.validate.narrative.digits import is_slip
from gouji.validate.narrative.stated import Stated
from gouji.validate.narrative.tables import AGAINST_TABLE
from gouji.validate.narrative.told import contradiction

_ELSE = {p.GUARD, p.OTHERS, p.SINCE, p.RISE, p.FALL, p.DATE, p.YEAR, p.SHARE, p.COMPLETION}
"""What says that a figure is another one of the item, or of another year, or somebody else's."""


def slips(stated: Stated, known: Known) -> Iterator[Finding]:
    """The amounts and numbers of persons whose item stands before them and whose digits are those of its table."""
    frame, words = stated.frame, phrases()
    persons = {unit for units in words.counted.values() for unit in units}
    asked = (
        frame["item"].eq(COUNT).to_numpy() & frame["aspect"].eq("").to_numpy() & frame["exactness"].eq("").to_numpy()
    )
    asked &= frame["unit"].isin([*words.units, *persons]).to_numpy() & stated.own & stated.quantity.known
    for row in np.flatnonzero(asked).tolist():
        name = _called(stated.rows[row].label, stated.rows[row].unit, project=stated.passage(row).project)
        if name:
            yield from _held_against(stated, known, row, name)


def _called(label: str, unit: str, *, project: bool) -> str:
    """Item and aspect that the words before a figure name last; blank where they say that it is another one."""
    words, item, aspect = phrases(), "", ""
    own = words.of_projects if project else words.of_units
    for token in words.tokens.finditer(label):
        if token.lastgroup in _ELSE:
            return ""
        if token.lastgroup == p.ITEM:
            ahead = label[: token.start()]
            if item or ahead.endswith(words.institutions) or p.OF_POSTS.search(ahead):
                return ""
            item = own.get(token.group()) or words.words[p.ITEM].get(token.group(), "")
        elif token.lastgroup == p.ASPECT:
            aspect = words.words[p.ASPECT][token.group()]
    if item not in words.money:
        return item if unit in words.counted.get(item, ()) and not aspect else ""
    if unit not in words.units:
        return ""
    if item == PROJECT_FUNDS:
        return f"{item}.{aspect or PLANNED}"
    return item if aspect in ("", SPENT) else f"{item}.{aspect}"


def _held_against(stated: Stated, known: Known, row: int, name: str) -> Iterator[Finding]:
    operands = list(known.of_tables(row, name))
    figure, kind = stated.at(np.array([row], np.intp)), stated.kind(row)
    if not operands or any(beyond(figure, operand.quantity, "=", kind)[0] <= 0 for operand in operands):
        return
    value = stated.quantity.value[row]
    for operand in operands:
        due = operand.quantity.value[0]
        if is_slip(value, due, moved=False):
            yield contradiction(AGAINST_TABLE, stated, row, due, where=operand.words())
            return
