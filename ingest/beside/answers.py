"""What a unit wrote (单位说明) on the sheet 问题 of a copy that was returned to it."""

from __future__ import annotations

from gouji.ingest.beside.explanations import MOST, Explanation
from gouji.ingest.grid import Sheet
from gouji.templates.returned import HEADS, ID_HEAD, Record, is_issues

_SHEET, _CELL, _RULE, _ANSWER = (HEADS.index(head) for head in ("工作表", "单元格", "规则", "单位说明"))


def read_answers(sheet: Sheet, record: Record | None) -> list[Explanation] | None:
    """Every 说明 on the sheet, in whatever order its rows and columns stand; None for any other sheet.

    Such a sheet is no table and needs no remark. `record`: the record of the workbook as a returned copy.
    """
    number = is_issues(sheet.rows, named=record is not None and record.issues == sheet.name)
    if number is None:
        return None
    places = {_text(head): place for place, head in enumerate(sheet.rows[number])}
    answers = (_answer(line, places) for line in sheet.rows[number + 1 :])
    return [answer for answer in answers if answer is not None]


def _answer(line: list[object], places: dict[str, int]) -> Explanation | None:
    sheet, cell, rule, text, finding = (
        _text(line[places[head]]) if head in places and places[head] < len(line) else ""
        for head in (HEADS[_SHEET], HEADS[_CELL], HEADS[_RULE], HEADS[_ANSWER], ID_HEAD)
    )
    return Explanation(sheet, rule, cell, text[:MOST], finding) if rule and text else None


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()
