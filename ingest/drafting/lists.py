"""Indicators with room for lines of their own: fixed first and second levels, the third left open."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from gouji.ingest.drafting.columns import columns
from gouji.ingest.drafting.desk import Desk, DraftedBlock, Head
from gouji.ingest.drafting.entry import Entry, Value
from gouji.ingest.drafting.heads import heads_at
from gouji.ingest.drafting.paper import Cell
from gouji.ingest.drafting.words import is_place_left, kind_of
from gouji.templates.labels import one_line, squeezed

_POINTS = re.compile(r"\s*(?:[(（\[【]\s*(\d+(?:\.\d+)?)\s*分?\s*[)）\]】]|(?<!\d)(\d+(?:\.\d+)?)\s*分)\s*$")
_LONGEST_POINTS = 40
"""Signs at the end of a text in which points are looked for."""
_LEVEL = re.compile(r"[一二三四]级指标|^(?:评价|绩效|指标)内容$|^指标名称$|^具体指标$")
_LEVELS = 3


@dataclass(frozen=True)
class _Level:
    """One level in the body: its name, its columns, and whether it has no head of its own."""

    name: str
    first: int
    last: int
    headless: bool

    @property
    def span(self) -> int:
        return self.last - self.first + 1


@dataclass
class _Leaf:
    text: str
    slots: int = 0
    printed: list[str] = field(default_factory=list)


@dataclass
class _Group:
    text: str
    leaves: list[_Leaf] = field(default_factory=list)


def level_heads(heads: Sequence[Head]) -> list[Head]:
    """The heads of the levels at the left."""
    levels: list[Head] = []
    for head in heads:
        if not _LEVEL.search(squeezed(head.text)):
            break
        levels.append(head)
    return levels


def split_points(text: str) -> tuple[str, Decimal | None]:
    """`产出指标\\n（50分）`, `产出指标（50）` → 产出指标, 50."""
    stripped = text.rstrip()
    match = _POINTS.search(stripped, max(0, len(stripped) - _LONGEST_POINTS))
    return (text, None) if match is None else (text[: match.start()].strip(), Decimal(match[1] or match[2]))


def indicator_list(desk: Desk, row: int) -> DraftedBlock | None:
    """A list of indicators whose heads begin in `row`, perhaps behind a label at its side."""
    begin = desk.paper.covers[row, 0]
    side = begin if begin.rows > 1 and begin.is_words and not _LEVEL.search(squeezed(begin.text)) else None
    left = 0 if side is None else begin.right + 1
    begun = heads_at(desk.paper, row, left)
    if begun is None:
        return None
    heads, first = begun
    named = level_heads(heads)
    behind = heads[len(named) :]
    levels = _levels(desk, named, first)
    limit = desk.paper.height if side is None else side.bottom + 1
    if len(levels) != _LEVELS or not behind:
        return None
    groups, end = _groups(desk, levels, behind, first, limit)
    if not groups:
        return None
    name = desk.names.take("指标", "指标")
    values: dict[str, Value] = {"list": name}
    if side is not None:
        values["side"] = desk.label(side.text)
        if side.columns > 1:
            values["side_span"] = side.columns
    titles: list[Value] = [desk.list_names.take(level.name, "级", name) for level in levels]
    values["levels"] = titles
    if titles != [level.name for level in levels]:
        values["level_labels"] = [level.name for level in levels]
    if any(level.span > 1 for level in levels):
        values["spans"] = [level.span for level in levels]
    if any(level.headless for level in levels):
        values["headless"] = [title for title, level in zip(titles, levels, strict=True) if level.headless]
    values["columns"] = columns(desk, [Head(head.cell) for head in behind], desk.list_names, name, measures=True)
    values["groups"] = [_group(desk, group) for group in groups]
    entry = Entry(values)
    if _points_are_printed(desk, behind, first, end):
        entry.remarks.append("表上各行印有分值，没有写进草稿")
    return DraftedBlock(entry, end, behind)


def _points_are_printed(desk: Desk, behind: Sequence[Head], first: int, end: int) -> bool:
    """Whether points stand in the lines: a list has no place for those of a line."""
    full = [head for head in behind if kind_of(head.text) == "points"]
    return any(desk.paper.covers[row, head.first].figure is not None for row in range(first, end) for head in full)


def _levels(desk: Desk, named: Sequence[Head], first: int) -> list[_Level]:
    """Where the levels stand below their heads; a head over two of them names the first."""
    levels: list[_Level] = []
    for head in named:
        for cell in desk.paper.line(first, head.first):
            if cell.right > head.last:
                break
            headless = cell.column > head.first
            name = squeezed(head.text)
            levels.append(_Level(f"{name}分类" if headless else name, cell.column, cell.right, headless))
    return levels


def _groups(
    desk: Desk, levels: Sequence[_Level], behind: Sequence[Head], first: int, limit: int
) -> tuple[list[_Group], int]:
    """Groups and leaves with their numbers of lines; heads repeated after a page break are passed over."""
    groups: list[_Group] = []
    row = end = first
    beside = desk.paper.covers[first, 0].text
    while row < limit or _torn(desk, row, beside, levels):
        again = heads_at(desk.paper, row, levels[0].first)
        if again is not None and [head.text for head in again[0]][-len(behind) :] == [head.text for head in behind]:
            row = again[1]
            continue
        cells = [desk.paper.covers[row, level.first] for level in levels]
        if _is_line(desk, levels, behind, cells, row):
            _note_line(groups, cells)
            end = row + 1
        elif any(cell.text for cell in desk.paper.line(row) if cell.row == row):
            break
        row += 1
    return [group for group in groups if group.leaves], end


def _torn(desk: Desk, row: int, beside: str, levels: Sequence[_Level]) -> bool:
    """Whether the label at the side is printed once more, on the next page."""
    if row >= desk.paper.height or levels[0].first == 0:
        return False
    return squeezed(desk.paper.covers[row, 0].text) == squeezed(beside)


def _is_line(desk: Desk, levels: Sequence[_Level], behind: Sequence[Head], cells: list[Cell], row: int) -> bool:
    """Levels in their own columns, the third open, and room under the columns."""
    if any((cell.column, cell.right) != (level.first, level.last) for cell, level in zip(cells, levels, strict=True)):
        return False
    named = any(kind_of(head.text, measures=True) == "measure" for head in behind)
    if cells[2].is_words and not is_place_left(cells[2].text) and not named:
        return False
    line = desk.paper.line(row)
    values = [head.value_in(line) for head in behind]
    return all(cell is not None and cell.is_open for cell in values)


def _note_line(groups: list[_Group], cells: list[Cell]) -> None:
    """A blank level goes on with the one above."""
    first, second, third = (cell.text for cell in cells)
    if first and (not groups or squeezed(groups[-1].text) != squeezed(first)):
        groups.append(_Group(first))
    if not groups:
        return
    leaves = groups[-1].leaves
    if not leaves or (second and squeezed(leaves[-1].text) != squeezed(second)):
        leaves.append(_Leaf(second))
    leaves[-1].slots += 1
    if cells[2].is_words and not is_place_left(third):
        leaves[-1].printed.append(one_line(third))


def _group(desk: Desk, group: _Group) -> Entry:
    label, points = split_points(group.text)
    named = desk.named(label, "指标组")
    values: dict[str, Value] = dict(named)
    if points is not None:
        values["points"] = points
    parent = str(named["id"])
    values["groups"] = [_leaf(desk, leaf, label, parent) for leaf in group.leaves]
    return Entry(values)


def _leaf(desk: Desk, leaf: _Leaf, group: str, parent: str) -> Entry:
    label = split_points(leaf.text)[0]
    entry = Entry(desk.named(label or group, "指标", parent))
    if not label:
        entry.remarks.append("表上二级指标由单位填写，这里与一级指标同名")
    if leaf.printed:
        entry.values["printed"] = list(leaf.printed)
    entry.values["slots"] = leaf.slots
    return entry
