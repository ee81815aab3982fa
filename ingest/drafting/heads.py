"""Head rows: words side by side with room for values beneath, perhaps with further heads above them."""

from __future__ import annotations

from collections.abc import Sequence

from gouji.ingest.drafting.desk import Head
from gouji.ingest.drafting.paper import Cell, Paper
from gouji.templates.labels import squeezed

_LONGEST = 40
_LEVEL = "级指标"


def heads_at(paper: Paper, row: int, left: int = 0) -> tuple[list[Head], int] | None:
    """The heads that begin in `row` from column `left` on, and the first row beneath them; None when it is no head."""
    top = paper.line(row, left)
    if not top or not _could_be_heads(top, row, left):
        return None
    end = row + 1
    while _goes_on(paper, row, end, left):
        end += 1
    heads = _leaves(paper, row, end, left)
    if any(_LEVEL in squeezed(head.text) for head in heads) or _has_room(paper, heads, end, left):
        return heads, end
    return None


def _could_be_heads(line: Sequence[Cell], row: int, left: int) -> bool:
    """All begin here; two or more are words; a blank one stands only at an end (or among levels)."""
    if any(cell.row != row or cell.column < left for cell in line):
        return False
    words = [cell for cell in line if cell.is_words]
    if len(words) < 2 or not all(_is_head(cell.text) for cell in words):
        return len(words) >= 2 and sum(_LEVEL in squeezed(cell.text) for cell in words) >= 2
    levels = any(_LEVEL in squeezed(cell.text) for cell in words)
    return levels or all(cell.is_words for cell in line[1:-1])


def _is_head(text: str) -> bool:
    """Short, and no label that waits for its value; 其中： stands above others."""
    return len(text) <= _LONGEST and ":" not in squeezed(text).removeprefix("其中:")


def _goes_on(paper: Paper, first: int, row: int, left: int) -> bool:
    """Whether `row` holds heads too: words only, each under a wider head, beside cells that reach down."""
    line = paper.line(row, left)
    begun = [cell for cell in line if cell.row == row]
    if len(begun) < 2 or not all(cell.is_words for cell in begun):
        return False
    return all(_above(paper, cell, first).columns > cell.columns for cell in begun)


def _above(paper: Paper, cell: Cell, first: int) -> Cell:
    return paper.covers[max(cell.row - 1, first), cell.column]


def _leaves(paper: Paper, first: int, end: int, left: int) -> list[Head]:
    heads: list[Head] = []
    for cell in paper.line(end - 1, left):
        above: list[Cell] = []
        for row in range(first, cell.row):
            over = paper.covers[row, cell.column]
            if over not in above:
                above.append(over)
        heads.append(Head(cell, tuple(above)))
    return heads


def _has_room(paper: Paper, heads: Sequence[Head], row: int, left: int) -> bool:
    """At least half of the columns behind the first have a cell for a value right below."""
    line = [cell for cell in paper.line(row, left) if cell.row == row]
    behind = [head for head in heads[1:] if head.text]
    below = [head.value_in(line) for head in behind]
    room = [cell for cell in below if cell is not None and cell.is_open]
    return bool(behind) and 2 * len(room) >= len(behind)
