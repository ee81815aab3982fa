"""What a unit wrote beside its findings (单位说明) on the 自查 of its workbook."""

from __future__ import annotations

from dataclasses import dataclass

from gouji.ingest.grid import Sheet
from gouji.templates.selfcheck.names import EXPLANATION_HEAD, KEY_HEAD, RULE_HEAD, SHEET_HEAD

_HEADS_WITHIN = 12
"""Rows in which the heads are looked for."""
MOST = 2000
"""Characters of a 说明 that are kept."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """A 说明 on one rule of one sheet; `cell` is empty where it is about all that the rule finds there.

    `finding`: the id of the finding that it answers, where the unit was told one.
    """

    sheet: str
    rule: str
    cell: str
    text: str
    finding: str = ""


def read_explanations(sheet: Sheet) -> list[Explanation]:
    """Every 说明 on a sheet 自查, in whatever order its rows stand; none when its heads are gone."""
    for number, row in enumerate(sheet.rows[:_HEADS_WITHIN]):
        places = {_text(head): place for place, head in enumerate(row)}
        if {SHEET_HEAD, RULE_HEAD, EXPLANATION_HEAD} <= places.keys():
            return [
                explanation
                for line in sheet.rows[number + 1 :]
                if (explanation := _explanation(line, places)) is not None
            ]
    return []


def _explanation(row: list[object], places: dict[str, int]) -> Explanation | None:
    text = _text(row[places[EXPLANATION_HEAD]])
    if not text:
        return None
    sheet, rule = (_text(row[places[head]]) for head in (SHEET_HEAD, RULE_HEAD))
    cell = _text(row[places[KEY_HEAD]]) if KEY_HEAD in places else ""
    return Explanation(sheet, rule, cell, text[:MOST]) if sheet and rule else None


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()
