"""The rows beneath a head: a label and one cell exactly under every column, until something else begins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from gouji.ingest.drafting.desk import Head
from gouji.ingest.drafting.heads import heads_at
from gouji.ingest.drafting.paper import Cell, Paper
from gouji.ingest.drafting.words import is_place_left, plain_name
from gouji.templates.labels import squeezed

_PLACEHOLDER = re.compile(r"[×Xx]{2,}|^某|^项目$")
_SIGNING = re.compile(
    r"填表人|填报人|制表人|经办人|负责人|联系电话|联系人|审核人|签字|签章|盖章|填报日期|报送日期"
    r"|^说明|^注|^备注:|(?:原因|措施|意见|说明):?$"
)


@dataclass(frozen=True)
class Line:
    """One row: its label cells from left to right, and the cells under the columns."""

    row: int
    stub: tuple[Cell, ...]
    values: tuple[Cell, ...]

    @property
    def label(self) -> str:
        return next((cell.text for cell in reversed(self.stub) if cell.is_words), "")

    @property
    def over(self) -> str:
        """A label over several rows, in front of the row's own."""
        first = self.stub[0] if len(self.stub) > 1 else None
        return first.text if first is not None and first.is_words and first.text != self.label else ""

    @property
    def is_free(self) -> bool:
        """Room for a name that the form leaves to its user: blank, only a number, ……, ××项目, 任务1."""
        placeholder = _PLACEHOLDER.search(squeezed(self.label)) is not None
        return not plain_name(self.label) or placeholder or is_place_left(self.label)

    @property
    def is_merged(self) -> bool:
        return any(cell.columns > 1 for cell in (*self.stub, *self.values))


def lines(paper: Paper, heads: Sequence[Head], first: int, left: int, limit: int) -> list[Line]:
    """The body of a table below its heads, down to row `limit` (not included); the columns are all of `heads`."""
    body: list[Line] = []
    for row in range(first, limit):
        line = _line(paper, heads, row, left)
        if line is None and body and _keeps_distance(paper, row, left):
            continue
        if line is None or (row > first and _something_else(paper, line, left)):
            break
        body.append(line)
    return body if limit < paper.height else _without_gap(body)


def _keeps_distance(paper: Paper, row: int, left: int) -> bool:
    """A blank row that is not parted into the table's columns, as Word leaves them between the others."""
    begun = [cell for cell in paper.line(row, left) if cell.row == row]
    return bool(begun) and all(cell.is_blank for cell in begun)


def _line(paper: Paper, heads: Sequence[Head], row: int, left: int) -> Line | None:
    cells = paper.line(row, left)
    begin = heads[0].first
    stub = tuple(cell for cell in cells if cell.column < begin)
    if any(cell.right >= begin or cell.column < left for cell in stub):
        return None
    values = [head.value_in(cells) for head in heads]
    if not all(cell is not None and cell.is_open and cell.row == row and cell.rows == 1 for cell in values):
        return None
    if stub and (stub[-1].rows > 1 or stub[-1].row != row) and not _labels_heads_too(stub[-1], heads, row):
        return None
    return Line(row, stub, tuple(cell for cell in values if cell is not None))


def _labels_heads_too(label: Cell, heads: Sequence[Head], row: int) -> bool:
    """Whether one label stands beside the heads and beside the only row beneath them."""
    return label.is_words and label.row <= heads[0].cell.row and label.bottom == row and heads[0].cell.bottom + 1 == row


def _something_else(paper: Paper, line: Line, left: int) -> bool:
    """A signature line, an explanation, or the next table."""
    if _SIGNING.search(squeezed(line.label)):
        return True
    if heads_at(paper, line.row, left) is not None:
        return True
    begin = paper.covers[line.row, left]
    return begin.rows > 1 and begin.row == line.row and heads_at(paper, line.row, left + 1) is not None


def _without_gap(body: list[Line]) -> list[Line]:
    """Without an unmerged blank row at the end, which only keeps distance; a body of blank rows stays."""
    while len(body) > 1 and _is_gap(body[-1]) and not _is_gap(body[-2]):
        body.pop()
    return body


def _is_gap(line: Line) -> bool:
    return not line.label and not line.is_merged and all(cell.is_blank for cell in line.values)
