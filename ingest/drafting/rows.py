"""The rows of a grid as entries: fixed rows with their closed cells, and lists where names are left open."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import groupby, takewhile

from gouji.ingest.drafting.bodies import Line
from gouji.ingest.drafting.desk import Desk
from gouji.ingest.drafting.entry import Entry, Value, quoted
from gouji.ingest.drafting.words import plain_name
from gouji.ingest.locating.parts import is_of_which, of_which_run, step
from gouji.templates.labels import squeezed

_MORE = re.compile(r"^(?:…+|\.{3,})$")
_SPACES_PER_INDENT = 2


def rows(desk: Desk, lines: Sequence[Line], columns: Sequence[Entry], grid: str, head: str) -> list[Entry]:
    """One entry per fixed row, one per run of rows whose names the form leaves open."""
    entries: list[Entry] = []
    for free, run in groupby(_freed(lines), key=lambda pair: pair[1]):
        run_lines = [line for line, _ in run]
        if free:
            entries.append(_list(desk, run_lines, entries, grid, head))
        else:
            entries += [_row(desk, line, columns, grid) for line in run_lines]
    _indent(entries, lines)
    return entries


def _freed(lines: Sequence[Line]) -> list[tuple[Line, bool]]:
    """Whether each line is free; numbered examples in front of …… are free as well."""
    free = [line.is_free for line in lines]
    for place, line in enumerate(lines):
        if _MORE.match(squeezed(line.label)):
            back = place - 1
            depth = step(lines[back].label) if back >= 0 else 0
            while back >= 0 and depth and step(lines[back].label) == depth and not free[back]:
                free[back] = True
                back -= 1
    return list(zip(lines, free, strict=True))


def _row(desk: Desk, line: Line, columns: Sequence[Entry], grid: str) -> Entry:
    entry = Entry(desk.named(line.label, "行", line.over or grid))
    if line.over:
        entry.remarks.append(f"左边还有一级行名{quoted(line.over)}，定义里只有一级，请并入这一行的 label")
    closed: dict[str, Value] = {}
    for column, cell in zip(columns, line.values, strict=True):
        if cell.is_closed:
            closed[column.text("id")] = cell.text
        elif cell.figure is not None and column.text("kind") != "points":
            entry.remarks.append(f"{quoted(column.printed)}一格印有 {cell.text}，请定是固定数还是示例")
    if closed:
        entry.values["closed"] = closed
    return entry


def _list(desk: Desk, lines: Sequence[Line], before: Sequence[Entry], grid: str, head: str) -> Entry:
    """Named after the row above (项目支出 → 项目), else after what the names are called."""
    above = before[-1].printed if before else ""
    about = "项目" if "项目" in above else head or above or grid
    names = "项目名称" if about == "项目" else head or "名称"
    list_id = desk.names.take(about if about != head or not head.endswith("名称") else head[:-2], "明细", grid)
    entry = Entry({"list": list_id, "names": desk.list_names.take(names, "名称", list_id)})
    printed: list[Value] = [line.label for line in lines if plain_name(line.label) and not line.is_free]
    if printed:
        entry.values["printed"] = printed
    entry.values["slots"] = len(lines)
    entry.remarks.append("每行的名称由填报单位填写；请核对名称（names）和行数（slots）")
    return entry


def _indent(entries: Sequence[Entry], lines: Sequence[Line]) -> None:
    """By numbering and 其中, as the labels have them; deeper where the paper is indented."""
    deep: dict[int, int] = {}
    spaces = {line.label: line.stub[-1].indent if line.stub else 0 for line in lines}
    for number, entry in enumerate(entries):
        label = entry.printed
        if "list" in entry.values:
            depth = 1 if number else 0
        elif is_of_which(label) and number:
            depth = entries[number - 1].indent + 1
        elif id(entry) in deep:
            depth = deep[id(entry)]
        else:
            depth = max(1 if step(label) > 2 else 0, spaces.get(label, 0) // _SPACES_PER_INDENT)
        if is_of_which(label):
            # Where 其中 is indented, a label that begins further to the left is no part of it.
            within = partial(_begins_behind, spaces, spaces.get(label, 0))
            deep |= {id(part): depth for part in takewhile(within, of_which_run(entries, number)[1:])}
        if depth:
            entry.values["indent"] = depth


def _begins_behind(spaces: Mapping[str, int], least: int, row: Entry) -> bool:
    return spaces.get(row.printed, 0) >= least
