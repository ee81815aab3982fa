"""Down the sheet from its title: which reading fits each row, block after block."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from gouji.ingest.drafting.desk import Desk, DraftedBlock, Head
from gouji.ingest.drafting.entry import Entry
from gouji.ingest.drafting.fields import caption, fields, note
from gouji.ingest.drafting.grids import grid, side_by_side, sided, total_row
from gouji.ingest.drafting.lists import indicator_list
from gouji.ingest.drafting.pairs import pairs
from gouji.ingest.drafting.paper import Paper
from gouji.ingest.drafting.scores import score_table
from gouji.ingest.drafting.words import latest_year
from gouji.templates.labels import one_line, squeezed

_ATTACHMENT = re.compile(r"附[件表][\d一二三四五六七八九十\-—－:：]*|(?:报表|表)?(?:编号|[代编]?号|代码)[:：].*")
_IS_ATTACHMENT = re.compile(r"\s*附[件表]")
_LONGEST_LABEL = 40


def blocks_of(paper: Paper) -> tuple[list[Entry], Desk]:
    """The blocks of the sheet; columns without a place in a definition are taken out and the rest drafted again."""
    short = [cell.text for cell in paper.cells if len(cell.text) <= _LONGEST_LABEL]
    desk = Desk(paper, latest_year(short))
    entries, idle = _walk(desk)
    if not idle or len(idle) >= paper.width:
        return entries, desk
    remarks = [remark for entry in entries if "scores" in entry.values for remark in entry.remarks]
    desk = Desk(paper.without(idle), desk.year)
    entries, _ = _walk(desk)
    for entry in entries:
        if "scores" in entry.values:
            entry.remarks = [*remarks, *entry.remarks]
    return entries, desk


def _walk(desk: Desk) -> tuple[list[Entry], set[int]]:
    entries: list[Entry] = []
    idle: set[int] = set()
    heads: list[Head] = []
    row = _title(desk, entries)
    while row < desk.paper.height:
        if desk.paper.is_empty(row):
            row += 1
            continue
        reading = _first(desk, row, heads, entries)
        if reading is None:
            row += 1
            continue
        entries += [reading.entry, *reading.beside]
        idle |= reading.idle
        heads = reading.heads
        row = max(reading.end, row + 1)
    _one_unit(entries)
    return entries, idle


def _one_unit(entries: Sequence[Entry]) -> None:
    """The first field that names the unit does; 项目实施单位 beside 填报单位 is a value as any other."""
    named = [field for entry in entries for field in entry.entries("fields") if field.values.get("role") == "unit"]
    for further in named[1:]:
        del further.values["role"]
        del further.values["required"]


def _first(desk: Desk, row: int, heads: Sequence[Head], before: Sequence[Entry]) -> DraftedBlock | None:
    """The first reading that fits; the order is from the most particular to the most general."""
    heading = before[-1].text("heading") if before else ""
    readings: list[Callable[[], DraftedBlock | None]] = [
        lambda: caption(desk, row),
        lambda: score_table(desk, row),
        lambda: indicator_list(desk, row),
        lambda: sided(desk, row),
        lambda: pairs(desk, row),
        lambda: side_by_side(desk, row),
        lambda: grid(desk, row, heading=heading),
        lambda: total_row(desk, row, heads),
        lambda: note(desk, row),
        lambda: fields(desk, row),
    ]
    return next((result for reading in readings if (result := _tried(desk, reading)) is not None), None)


def _tried(desk: Desk, reading: Callable[[], DraftedBlock | None]) -> DraftedBlock | None:
    """The result of a reading; names that it took are free again when it does not fit."""
    names, list_names = desk.names.copy(), desk.list_names.copy()
    result = reading()
    if result is None:
        desk.names, desk.list_names = names, list_names
    return result


def _title(desk: Desk, entries: list[Entry]) -> int:
    """The title, past 附件1 and blank rows above it. The row below."""
    for row in range(min(desk.paper.height, 4)):
        line = desk.paper.line(row)
        words = [cell for cell in line if cell.text]
        if not words or (len(words) == 1 and _ATTACHMENT.fullmatch(squeezed(words[0].text))):
            if words and not _IS_ATTACHMENT.match(words[0].text):
                entries.append(Entry({"note": desk.label(words[0].text)}))  # 报表编号：… stays on the form
            continue
        cell = words[0]
        # A title has its row to itself, either merged across or with nothing at all beside it.
        alone = len(words) == 1 and cell.row == row and not squeezed(cell.text).endswith(":")
        if not alone or (
            cell.columns < desk.paper.width and any(beside.columns > 1 for beside in line if beside is not cell)
        ):
            return 0
        text = one_line(cell.text)
        entries.append(Entry({"title": desk.label(text)}))
        return cell.bottom + 1
    return 0
