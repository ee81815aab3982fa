"""When something was begun and ended by a sentence, against the indicators of time.

From 7月15日 to 10月24日 is more than the 3个月 that a table says it took; what was finished on 3月20日 was not reached
in 2月. A sentence that speaks of plans, of a part or of several such things says nothing sure.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from gouji.ingest.figures.deadlines import in_time
from gouji.ingest.figures.measures import Measure
from gouji.ingest.narrative import phrases as p
from gouji.ingest.narrative.phrases import phrases
from gouji.ingest.narrative.statements import sentences
from gouji.templates.rules.naming import quoted
from gouji.validate.figures import Tables
from gouji.validate.findings import Finding
from gouji.validate.narrative.indicators import Line, beside_passage, lines_of
from gouji.validate.narrative.passages import Passage
from gouji.validate.narrative.told import in_words, on_sheet, where

TIMES = "L-10"
_TOLERANCE = 0.05
"""By how much of it a period may be longer: 三个月 are said of 92 days, and of 95."""
_DAY = re.compile(r"\d月\d{1,2}日", re.ASCII)
_MONTHS = {"个月": 1, "月": 1, "季度": 3, "年": 12}
_DAYS = {"天": 1, "日": 1, "周": 7}
_NAME = re.compile(r"[\d０-９]+|个月|工作日|小时|[天日月年周内≤≥<>＜＞（）()]", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Told:
    """From when to when, at which place of the sentence; `begun` None where it only says when it was ended."""

    begun: date | None
    ended: date
    span: tuple[int, int]
    written: tuple[str, str]


def times(passages: Sequence[Passage], tables: Tables) -> Iterator[Finding]:
    """The dates of sentences that an indicator of time of the same thing contradicts."""
    lines: dict[str, list[Line]] | None = None
    for passage in passages:
        for start, sentence in sentences(passage.text):
            told = _told(sentence, passage.year)
            if told is None:
                continue
            if lines is None:
                lines = {
                    unit: [line for line in of_unit if _of_time(line)] for unit, of_unit in lines_of(tables).items()
                }
            meant = [line for line in beside_passage(passage, lines) if _is_of(line, sentence)]
            if len(meant) == 1 and _contradicts(meant[0].reached, told):
                yield _finding(passage, passage.text[start : start + len(sentence)], told, meant[0])


def _told(sentence: str, year: int | None) -> _Told | None:
    if year is None or _DAY.search(sentence) is None:  # as most: the phrases need not be loaded
        return None
    words = phrases()
    ended, over = list(words.ended.finditer(sentence)), list(words.from_to.finditer(sentence))
    if not (ended or over) or words.partly.search(sentence):
        return None
    if any(token.lastgroup in (p.GUARD, p.OTHERS) for token in words.tokens.finditer(sentence)):
        return None
    begun = list(words.begun.finditer(sentence))
    if len(over) == 1 and not begun:
        return _period(over[0], "1", over[0], "2", year)
    if len(ended) != 1 or len(begun) > 1 or over:
        return None
    if not begun:
        end = _date(ended[0], "", year)
        return None if end is None else _Told(None, end, ended[0].span(), ("", ended[0].group("date")))
    return _period(begun[0], "", ended[0], "", year)


def _period(first: re.Match[str], of_first: str, last: re.Match[str], of_last: str, year: int) -> _Told | None:
    begun = _date(first, of_first, year)
    ended = _date(last, of_last, year if begun is None else begun.year)
    if begun is None or ended is None or ended <= begun:
        return None
    written = (first.group(f"date{of_first}"), last.group(f"date{of_last}"))
    return _Told(begun, ended, (first.start(), last.end()), written)


def _date(found: re.Match[str], number: str, year: int) -> date | None:
    written = found.group(f"year{number}")
    try:
        return date(int(written or year), int(found.group(f"month{number}")), int(found.group(f"day{number}")))
    except ValueError:
        return None


def _of_time(line: Line) -> bool:
    reached = line.reached
    if reached.number is None:
        return bool(re.search(r"20\d\d年\d{1,2}月|20\d\d[./-]\d{1,2}", reached.text))
    counted = reached.unit in _MONTHS or reached.unit in _DAYS
    return counted and not reached.change and reached.sign in ("", "≤", "<") and reached.number > 0


def _is_of(line: Line, sentence: str) -> bool:
    """Whether a sentence speaks of what an indicator is about: of all that its name says beside words of time."""
    rest = phrases().of_time.sub("", _NAME.sub("", line.name))
    return rest in sentence


def _contradicts(reached: Measure, told: _Told) -> bool:
    if reached.number is None:
        done = f"{told.ended.year}年{told.ended.month}月{told.ended.day}日"
        return in_time(reached.text, done) is False
    if told.begun is None:
        return False
    count = int(reached.number)
    if reached.unit in _DAYS:
        limit = count * _DAYS[reached.unit]
    else:
        limit = (_later(told.begun, count * _MONTHS[reached.unit]) - told.begun).days
    return (told.ended - told.begun).days > limit + max(1, round(limit * _TOLERANCE))


def _later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _finding(passage: Passage, sentence: str, told: _Told, line: Line) -> Finding:
    begun, ended = told.written
    sheet = str(line.wide.rows[line.row].sheet)
    period = f"从{begun}到{ended}" if begun else f"到{ended}才完成"
    return in_words(
        TIMES,
        passage,
        sentence,
        told.span,
        stated=f"{begun}至{ended}" if begun else ended,
        expected=line.reached.text,
        period=period,
        name=line.name,
        where=where(passage, quoted(line.wide.form.name), line.cell, sheet),
        reached=line.reached.text,
        related_cells=on_sheet(line.cell or "", sheet),
    )
