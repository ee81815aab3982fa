"""The rows of a grid as entries: fixed rows with their closed cells, and lists where names are left open."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from ingest.drafting.bodies import Line
from ingest.drafting.desk import Desk
from ingest.drafting.entry import Entry, Value, quoted
from ingest.drafting.words import plain_name
from templates.labels import squeezed

_STEPS = [
    re.compile(r"^[一二三四五六七八九十]{1,3}[、.．]"),
    re.compile(r"^\([一二三四五六七八九十]{1,3}\)"),
    re.compile(r"^\d{1,2}[、.．)]"),
    re.compile(r"^(?:\(\d{1,2}\)|[①-⑳])"),
]
_OF_WHICH = re.compile(r"^其中")
_FIRST = re.compile(r"^\(?(?:一|1)[)、.．]|^①")
_MORE = re.compile(r"^(?:…+|\.{3,})$")
_SPACES_PER_INDENT = 2


def step(label: str) -> int:
    """How deep its numbering puts a label: 0 for none, 1 for 一、, 2 for （一）, 3 for 1、, 4 for （1）."""
    words = squeezed(label)
    return next((depth for depth, pattern in enumerate(_STEPS, 1) if pattern.match(words)), 0)


def is_of_which(label: str) -> bool:
    """其中：…"""
    return _OF_WHICH.match(squeezed(label)) is not None


def numbered_first(label: str) -> bool:
    """Whether a numbering begins here: 一、, 1、, （1）."""
    return _FIRST.match(squeezed(label)) is not None


def of_which_run(rows: Sequence[Entry], first: int) -> list[Entry]:
    """其中 at `first` and what follows: until a numbered row, a list, another 其中, or a row closed otherwise."""
    found = [rows[first]]
    for row in rows[first + 1 :]:
        told = "list" in row.values or is_of_which(row.printed) or step(row.printed)
        if told or row.values.get("closed") != rows[first].values.get("closed"):
            break
        found.append(row)
    return found


def rows(desk: Desk, lines: Sequence[Line], columns: Sequence[Entry], grid: str, head: str) -> list[Entry]:
    """One entry per fixed row, one per run of rows whose names the form leaves open."""
    found: list[Entry] = []
    for free, run in groupby(_freed(lines), key=lambda pair: pair[1]):
        run_lines = [line for line, _ in run]
        if free:
            found.append(_list(desk, run_lines, found, grid, head))
        else:
            found += [_row(desk, line, columns, grid) for line in run_lines]
    _indent(found, lines)
    return found


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


def _indent(found: Sequence[Entry], lines: Sequence[Line]) -> None:
    """By numbering and 其中, as the labels have them; deeper where the paper is indented."""
    deep: dict[int, int] = {}
    spaces = {line.label: line.stub[-1].indent if line.stub else 0 for line in lines}
    for number, entry in enumerate(found):
        label = entry.printed
        if "list" in entry.values:
            depth = 1 if number else 0
        elif is_of_which(label) and number:
            depth = _indent_of(found[number - 1]) + 1
        else:
            written = spaces.get(label, 0) // _SPACES_PER_INDENT
            depth = max(1 if step(label) > 2 else 0, written, deep.get(id(entry), 0))
        if depth:
            entry.values["indent"] = depth
        if is_of_which(label):
            for other in of_which_run(found, number)[1:]:
                deep[id(other)] = depth


def _indent_of(entry: Entry) -> int:
    value = entry.values.get("indent", 0)
    return value if isinstance(value, int) else 0
