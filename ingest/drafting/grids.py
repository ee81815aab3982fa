"""Grids: heads with labelled rows, with one unlabelled row, with rows whose names are left open; and total rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from gouji.ingest.drafting.bodies import Line, lines
from gouji.ingest.drafting.columns import columns, mentions_money
from gouji.ingest.drafting.desk import Desk, Found, Head
from gouji.ingest.drafting.entry import Entry, Value, quoted
from gouji.ingest.drafting.heads import heads_at
from gouji.ingest.drafting.paper import Cell, Paper
from gouji.ingest.drafting.rows import rows
from gouji.ingest.drafting.words import Names, kind_of, plain_name
from gouji.templates.labels import squeezed
from gouji.templates.model import FIGURES

_NUMBERS = {"序号", "编号"}
_TOTAL = re.compile("总分|合计|总计|小计|得分")


def sided(desk: Desk, row: int) -> Found | None:
    """A grid behind a label that runs down its whole height."""
    side = desk.paper.covers[row, 0]
    if side.row != row or side.rows < 2 or not side.is_words or side.columns != 1:
        return None
    # Below the grid there may be lines of another kind beside the same label.
    return grid(desk, row, 1, side)


def grid(desk: Desk, row: int, left: int = 0, side: Cell | None = None, heading: str = "") -> Found | None:
    """A grid whose heads begin in `row`; `side` is the label beside it, `heading` the words printed above."""
    begun = heads_at(desk.paper, row, left)
    if begun is None:
        return None
    heads, first = begun
    limit = desk.paper.height if side is None else side.bottom + 1
    kept = heads[:-1] if not heads[-1].text else heads
    if len(kept) < 2:
        return None
    if len(kept) > 2 and squeezed(kept[0].text) in _NUMBERS:
        # 序号 has no place of its own: it shares the one of the names behind it.
        kept = [Head(replace(kept[1].cell, column=kept[0].first)), *kept[2:]]
    kept, shared = _parted(desk.paper, kept, first)
    if len(kept) < 2:
        return None
    stubbed = lines(desk.paper, kept[1:], first, left, limit)
    bare = lines(desk.paper, kept, first, left, limit)
    labelled = any(line.label for line in stubbed) or not kept[0].text or len(stubbed) > 1
    body = stubbed if labelled else bare
    if not body:
        return None
    values = _values(desk, row, kept, labelled, body, side, heading, shared)
    closed = 0 if heads[-1].text else heads[-1].cell.columns
    if closed:
        values["closed_span"] = closed
    return Found(Entry(values), body[-1].row + 1, kept[1:] if labelled else kept)


def _parted(paper: Paper, heads: list[Head], first: int) -> tuple[list[Head], list[Head]]:
    """The heads with a cell in every row, and those at the end beneath which the rows share one cell."""
    place = len(heads)
    while place > 2 and _is_shared(paper.covers.get((first, heads[place - 1].first)), heads[place - 1], first):
        place -= 1
    return heads[:place], heads[place:]


def _is_shared(cell: Cell | None, head: Head, first: int) -> bool:
    return cell is not None and cell.rows > 1 and (cell.row, cell.column, cell.right) == (first, head.first, head.last)


def _shared_columns(
    desk: Desk, heads: Sequence[Head], names: Names, owner: str, body: Sequence[Line]
) -> Iterator[Entry]:
    """They are filled in once: in the first row."""
    for entry, head in zip(columns(desk, heads, names, owner), heads, strict=True):
        printed = desk.paper.covers[body[0].row, head.first].text
        said = f"，印着{quoted(printed, len(printed))}" if printed else ""
        entry.values |= {"only": [f"@{body[0].row}"]}
        entry.remarks.append(f"表上各行合用一格{said}；这里填在第一行")
        yield entry


def _values(
    desk: Desk, row: int, heads: Sequence[Head], labelled: bool, body: Sequence[Line], side: Cell | None, heading: str,
    shared: Sequence[Head],
) -> dict[str, Value]:  # fmt: skip
    stub = heads[0]
    name = _name(desk, side, stub if labelled else None, heading, row)
    money = mentions_money(heading, side.text if side else "")
    described = heads[1:] if labelled else heads
    has_list = labelled and any(line.is_free for line in body)
    own = desk.list_names if has_list else Names() if labelled else desk.names
    entries = columns(desk, described, own, name, money=money)
    values: dict[str, Value] = {"grid": name}
    if side is not None:
        values["side"] = desk.label(side.text)
    if labelled:
        if stub.text and stub.cell.row == stub.cell.bottom:
            values["head"] = desk.label(stub.text)
        if stub.cell.columns > 1:
            values["stub"] = stub.cell.columns
        _printed_points(body, entries)
    once = list(_shared_columns(desk, shared, own, name, body)) if labelled else []
    values["columns"] = [*entries, *once]
    if labelled:
        values["rows"] = rows(desk, body, entries, name, desk.label(stub.text))
        _name_rows(values, body, [*entries, *once])
    return values


def _name(desk: Desk, side: Cell | None, stub: Head | None, heading: str, row: int) -> str:
    """After the label beside, the corner of the heads, or the words above."""
    words = [side.text if side else "", heading, stub.text if stub else ""]
    spoken = next((desk.label(text) for text in words if plain_name(text)), "")
    name = plain_name(spoken).removeprefix("本年") or f"表{row + 1}"
    return desk.names.take(name, f"表{row + 1}")


def _printed_points(body: Sequence[Line], entries: Sequence[Entry]) -> None:
    """Points printed in one row only are fixed there, and no other row has points."""
    for place, entry in enumerate(entries):
        printed = [line for line in body if line.values[place].figure is not None]
        if entry.text("kind") == "points" and len(printed) == 1:
            figure = printed[0].values[place].figure
            if figure is not None:
                entry.values |= {"only": [f"@{printed[0].row}"], "fixed": figure}
    fixed = next((entry.values["only"] for entry in entries if "only" in entry.values), None)
    if fixed is not None:
        for entry in entries:
            if entry.text("kind") == "points" and "only" not in entry.values:
                entry.values["only"] = fixed
                entry.remarks.append("是否只有印着分值的那一行要填")


def _name_rows(values: dict[str, Value], body: Sequence[Line], entries: Sequence[Entry]) -> None:
    """The row of printed points by its id, now that it has one."""
    fixed = [entry for entry in Entry(values).entries("rows") if "id" in entry.values]
    by_label = {entry.printed: entry.text("id") for entry in fixed}
    ids = {f"@{line.row}": by_label.get(line.label) for line in body}
    for entry in entries:
        only = entry.values.get("only")
        if isinstance(only, list):
            named = [name for mark in only if (name := ids.get(str(mark))) is not None]
            if named:
                entry.values["only"] = list(named)
            else:
                entry.values.pop("only")
                entry.values.pop("fixed", None)


def total_row(desk: Desk, row: int, heads: Sequence[Head]) -> Found | None:
    """One labelled row under a table that has ended: 总分 with its cells under 分值 and 得分.

    Columns behind the last figure stay closed.
    """
    line = desk.paper.line(row)
    figures = [head for head in heads if kind_of(head.text) in FIGURES]
    label = line[0] if line else None
    if label is None or not figures or label.row != row or label.right + 1 != figures[0].first:
        return None
    if not label.is_words or not _TOTAL.search(label.text):
        return None
    covered = [head for head in heads if figures[0].first <= head.first <= figures[-1].first]
    cells = [head.value_in(line) for head in covered]
    behind = [cell for cell in line if cell.column > figures[-1].last]
    if len(covered) < 2 or not all(cell is not None and cell.is_open for cell in cells) or any(c.text for c in behind):
        return None
    name = desk.names.take("合计", "合计")
    values: dict[str, Value] = {"grid": name, "header": False}
    if label.columns > 1:
        values["stub"] = label.columns
    if behind:
        values["closed_span"] = sum(cell.columns for cell in behind)
    values["columns"] = entries = columns(desk, [Head(head.cell) for head in covered], Names())
    for entry, cell in zip(entries, cells, strict=True):
        if cell is not None and cell.figure is not None:
            entry.values["fixed"] = cell.figure
    total = desk.names.take("总分", "总分", name)
    values["rows"] = [Entry({"id": total} if total == label.text else {"id": total, "label": desk.label(label.text)})]
    return Found(Entry(values), row + 1, list(heads))
