"""What a letter says: from and to whom, of which day and by when, and the findings in two parts, table by table."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any

from gouji.export.attendance import MISSING_RULE, Unit, attendance, today
from gouji.export.parties import NOBODY, Parties, title
from gouji.export.project_names import project_names
from gouji.export.records import records_by
from gouji.export.results import Results
from gouji.export.states import owed_words
from gouji.export.to_units import asked_of_units
from gouji.export.words import ASK, MUST
from gouji.templates.addresses import sheet_in_words
from gouji.templates.verdicts import DIFFERS, UNCHECKED

MOST_ROWS = 200
"""Findings that one part of a letter lists; a longer list would not be read."""
_SEVERAL = "R-04"
_Copies = Mapping[str, Mapping[str, str]]
"""File → what the run says of its copy."""
_OPEN_DAY = "____年__月__日"


@dataclass(frozen=True, slots=True)
class Group:
    """The findings of one table: its name, and rows of 位置, 填报数, 应为, 问题和要求."""

    name: str
    rows: list[list[str]]


@dataclass(frozen=True, slots=True)
class Part:
    """The findings of one severity: how many there are, and those that are listed."""

    count: int
    groups: list[Group]

    @property
    def left_out(self) -> int:
        """Findings beyond the list."""
        return self.count - sum(len(group.rows) for group in self.groups)


@dataclass(frozen=True, slots=True)
class Letter:
    """A unit's letter: the year, the bureau (None: its name is filled in by hand), the day on which it was `sent` and
    that of the `reply`, the tables that are still `owed`, what to mend and what to explain, and the files that go with
    it: the unit's own with the faults `marked`, and (file, our list) where they could only be `listed`.

    `choosing`: whether nothing is asked but which of two files counts; `only_owed`: whether it speaks of nothing but
    what is owed, whatever else has come.
    """

    unit: Unit
    year: int | None
    bureau: str | None
    sent: str
    reply: str
    owed: list[str]
    must: Part
    ask: Part
    marked: tuple[str, ...] = ()
    listed: tuple[tuple[str, str], ...] = ()
    choosing: bool = False
    only_owed: bool = False

    @property
    def name(self) -> str:
        """Whom it is for."""
        return title(self.unit)

    @property
    def reminds(self) -> bool:
        """Whether it speaks of nothing but what is owed; so does that of a unit of which nothing has come."""
        return self.only_owed or (bool(self.owed) and not (self.unit.sent or self.must.count or self.ask.count))


def letters(results: Results) -> Iterator[Letter]:
    """One for every unit that owes a table, or has something 强制性 or 核实性 that is 不符 or 无法核对 and
    neither closed nor explained.

    They come in the units' order.
    """
    parties = Parties(results)
    findings = asked_of_units(results)
    asking = findings["severity"].isin([MUST, ASK]) & findings["verdict"].isin([DIFFERS, UNCHECKED])
    named = findings[asking & findings["rule"].ne(MISSING_RULE)]  # what is owed the units themselves tell
    own = records_by(named.assign(place=parties.places(named)), "place")
    own.pop(NOBODY, None)
    owing = {place for place, unit in enumerate(parties.units) if not unit.complete}
    copies = {one["file"]: one for one in results.run.get("returned", {}).get("copies", ())}
    for place in sorted(owing | own.keys()):
        yield _letter(results, place, parties.units[place], own.get(place, []), copies)


def reminders(results: Results, places: Iterable[int]) -> Iterator[Letter]:
    """催报通知 for those of these units that owe a table, in the units' order; of what they sent nothing is said."""
    units = attendance(results)
    for place in sorted(set(places)):
        if not units[place].complete:
            yield replace(_letter(results, place, units[place], [], {}), only_owed=True)


def _letter(results: Results, place: int, unit: Unit, rows: list[dict[str, Any]], copies: _Copies) -> Letter:
    """`rows`: the findings that are the unit's."""
    years = Counter(row["year"] for row in rows if row["year"] is not None)
    year = results.year if results.year is not None else min(years, key=lambda one: (-years[one], one), default=None)
    must = [row for row in rows if row["severity"] == MUST]
    ask = [row for row in rows if row["severity"] == ASK]
    bureau, days, sent = results.terms.bureau, results.terms.reply_days, today(results)
    # A letter is dated where the bureau has said within how many days it is answered; else both are filled in by hand.
    reply = None if days is None or sent is None else sent + datetime.timedelta(days)
    parts = _part(must, results), _part(ask, results)
    day_sent = day(sent if reply else None)
    marked, listed = _enclosed(copies, rows)
    choosing = bool(rows) and all(row["rule"] == _SEVERAL for row in rows)
    owed = owed_words(results, place)
    return Letter(unit, year, bureau, day_sent, day(reply), owed, *parts, marked, listed, choosing)


def _enclosed(copies: _Copies, rows: list[dict[str, Any]]) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """The unit's files that go back to it: names of marked copies, and (its file, our list) where there is a list."""
    own = [copies[file] for file in dict.fromkeys(row["file"] for row in rows) if file in copies]
    names = [(PurePosixPath(one["file"].replace("\\", "/")).name, PurePosixPath(one["copy"]).name) for one in own]
    told = list(zip(own, names, strict=True))
    marked = tuple(copy for one, (_, copy) in told if "reason" not in one)
    return marked, tuple(both for one, both in told if "reason" in one)


def _part(rows: Sequence[dict[str, Any]], results: Results) -> Part:
    groups: dict[str, list[list[str]]] = {}
    for row in rows[:MOST_ROWS]:
        groups.setdefault(_table(row, results), []).append(_row(row))
    return Part(len(rows), [Group(name, found) for name, found in groups.items()])


def _table(row: dict[str, Any], results: Results) -> str:
    form = results.catalogue.short_name(row["form"]) or "报送的文件"
    name = project_names(results).shown(row["unit_code"], row["unit"], row["instance"])
    project = f"：{name}" if name else ""
    sheet = f"，{sheet_in_words(row['sheet'])}" if row["sheet"] not in (None, form) else ""
    return f"{form}{project}{sheet}"


def _row(row: dict[str, Any]) -> list[str]:
    cause = f"可能的原因：{row['cause']}。" if row["cause"] else ""
    own = f"你单位已说明：{row['explanation']}（未予采纳）" if row["explanation"] else ""
    return [row["cell"] or "—", row["stated"] or "—", row["expected"] or "—", f"{row['message']}{cause}{own}"]


def day(given: datetime.date | None) -> str:
    """`2022年3月31日`; to be filled in by hand where none is given."""
    return f"{given.year}年{given.month}月{given.day}日" if given else _OPEN_DAY
