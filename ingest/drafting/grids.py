"""Grids: heads with labelled rows, with one unlabelled row, with rows whose names are left open; and total rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from gouji.ingest.drafting.bodies import Line, lines
from gouji.ingest.drafting.columns import columns, mentions_money
from gouji.ingest.drafting.desk import Desk, DraftedBlock, Head
from gouji.ingest.drafting.entry import Entry, Value, quoted
from gouji.ingest.drafting.heads import heads_at
from gouji.ingest.drafting.paper import Cell, Paper
from gouji.ingest.drafting.rows import rows
from gouji.ingest.drafting.words import Names, is_place_left, kind_of, plain_name
from gouji.templates.labels import squeezed
from gouji.templates.model import FIGURES

_NUMBERS = {"序号", "编号"}
_TOTAL = re.compile("总分|合计|总计|小计|得分")


def sided(desk: Desk, row: int) -> DraftedBlock | None:
    """A grid behind a label that runs down its whole height."""
    side = desk.paper.covers[row, 0]
    if side.row != row or side.rows < 2 or not side.is_words:
        return None
    # Below the grid there may be lines of another kind beside the same label.
    return grid(desk, row, side.right + 1, side)


def side_by_side(desk: Desk, row: int) -> DraftedBlock | None:
    """Two tables beside each other with the same heads, one below the other in the draft."""
    begun = heads_at(desk.paper, row)
    cut = 0 if begun is None else _second_stub(desk.paper, *begun)
    if not cut:
        return None
    every = set(range(desk.paper.width))
    halves = [desk.paper.without({c for c in every if c >= cut}), desk.paper.without({c for c in every if c < cut})]
    parts = [grid(replace(desk, paper=half), row) for half in halves]
    first, second = parts
    if first is None or second is None:
        return None
    for half, part in zip(halves, (first, second), strict=True):
        part.entry.values["closed_span"] = desk.paper.width - half.width
    second.entry.remarks.append("表上与前一张表左右并列，这里排在它下面")
    return DraftedBlock(first.entry, max(first.end, second.end), beside=[second.entry])


def _second_stub(paper: Paper, heads: Sequence[Head], first: int) -> int:
    """Where a second table begins: the column of a head that stands there again, with labels of rows beneath."""
    for place in range(2, len(heads) - 1):
        head = heads[place]
        again = squeezed(head.text) == squeezed(heads[0].text) and head.text
        below = [head.value_in(paper.line(first + number)) for number in range(2)]
        if again and all(cell is not None and cell.is_words for cell in below):
            return head.first
    return 0


def grid(desk: Desk, row: int, left: int = 0, side: Cell | None = None, heading: str = "") -> DraftedBlock | None:
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
    named = any(line.label and not is_place_left(line.label) for line in stubbed)
    labelled = named or not kept[0].text or len(stubbed) > 1
    body = stubbed if labelled else bare
    if not body:
        return None
    values = _values(desk, row, kept, labelled, body, side, heading, shared)
    closed = 0 if heads[-1].text else heads[-1].cell.columns
    if closed:
        values["closed_span"] = closed
    return DraftedBlock(Entry(values), body[-1].row + 1, kept[1:] if labelled else kept)


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
        remark = f"，印着{quoted(printed, len(printed))}" if printed else ""
        entry.values |= {"only": [f"@{body[0].row}"]}
        entry.remarks.append(f"表上各行合用一格{remark}；这里填在第一行")
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
    names = desk.list_names if has_list else Names() if labelled else desk.names
    indicators = labelled and "指标" in stub.text
    entries = columns(desk, described, names, name, money=money, measures=indicators)
    values: dict[str, Value] = {"grid": name}
    if side is not None:
        values["side"] = desk.label(side.text)
        if side.columns > 1:
            values["side_span"] = side.columns
    if labelled:
        if stub.text and stub.cell.bottom < body[0].row:
            values["head"] = desk.label(stub.text)
        if stub.cell.columns > 1:
            values["stub"] = stub.cell.columns
        _printed_points(body, entries)
    once = list(_shared_columns(desk, shared, names, name, body)) if labelled else []
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


def total_row(desk: Desk, row: int, heads: Sequence[Head]) -> DraftedBlock | None:
    """One labelled row under a table that has ended: 总分 with its cells under 分值 and 得分; others stay closed."""
    line = [cell for cell in desk.paper.line(row) if cell.row == row]
    label = line[0] if line else None
    if label is None or not label.is_words or not _TOTAL.search(label.text):
        return None
    cells = line[1:]
    over = [_head_over(heads, cell) for cell in cells]
    figures = [place for place, head in enumerate(over) if head is not None and kind_of(head.text) in FIGURES]
    between = not figures or any(cell.is_words for cell in cells) or any(cell.text for cell in cells[figures[-1] + 1 :])
    if between or any(head.first <= label.right for head in over if head is not None):
        return None
    name = desk.names.take("合计", "合计")
    total = desk.names.take("总分", "总分", name)
    entry = Entry({"id": total} if total == label.text else {"id": total, "label": desk.label(label.text)})
    # A label beside rows above gives its room to the one of this row.
    stub = label.right + 1
    values: dict[str, Value] = {"grid": name, "header": False}
    if stub > 1:
        values["stub"] = stub
    behind = sum(cell.columns for cell in cells[figures[-1] + 1 :])
    if behind:
        values["closed_span"] = behind
    kept = list(zip(cells, over, strict=True))[: figures[-1] + 1]
    values["columns"] = _total_columns(desk, kept, entry)
    values["rows"] = [entry]
    return DraftedBlock(Entry(values), row + 1, list(heads))


def _head_over(heads: Sequence[Head], cell: Cell) -> Head | None:
    """The head that stands exactly over a cell."""
    return next((head for head in heads if (head.first, head.last) == (cell.column, cell.right)), None)


def _total_columns(desk: Desk, cells: Sequence[tuple[Cell, Head | None]], row: Entry) -> list[Entry]:
    """The columns of a total row; where no figure stands above, the row is closed."""
    names = Names()
    entries: list[Entry] = []
    closed: dict[str, Value] = {}
    for cell, head in cells:
        if head is not None and kind_of(head.text) in FIGURES:
            (entry,) = columns(desk, [head], names)
            if cell.figure is not None:
                entry.values["fixed"] = cell.figure
            if cell.is_closed:
                closed[entry.text("id")] = cell.text
        else:
            entry = Entry({"id": names.take("空格", "空格"), "kind": "text"})
            if cell.columns > 1:
                entry.values["span"] = cell.columns
            closed[entry.text("id")] = cell.text
        entries.append(entry)
    if closed:
        row.values["closed"] = closed
    return entries
