"""A sum is judged only as far as its block was read: figures that may be parts of it make it 无法核对, never 不符."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from gouji.templates.addresses import place_in_table
from gouji.templates.rules.expand import Rule
from gouji.templates.rules.nodes import Compare, Node, Over, Ref, Sum, children, demanded, refs
from gouji.validate.figures import in_group
from gouji.validate.residuals import Residual
from gouji.validate.wide import Wide

Position = tuple[int, int]
BETWEEN = "；"


@dataclass
class UnreadFigures:
    """The unread figures of all returns of one edition that may belong to a block (`unread_cells` of the returns).

    Nearly all returns have none, so that only those that have are looked at, however many there are.
    """

    wide: Wide

    def withhold(self, residual: Residual, owner: NDArray[np.intp]) -> None:
        """Makes a sum unknown wherever its block holds such a figure. `owner`: the return of each of its rows."""
        summed = _summed(residual.rule)
        if not summed:
            return
        for row in np.flatnonzero(np.isin(owner, list(self._cells))).tolist():
            of = int(owner[row])
            inputs = self._inputs(residual.rule, row, of)
            first = self._first_row(residual.rule, summed, inputs, of)
            cells = self._tables[of].in_block(inputs, self._lines(summed, of), first)
            if cells:
                residual.unread[row] = "、".join(cells)
                residual.difference[row] = residual.excess[row] = np.nan
                residual.known[row] = False

    @cached_property
    def _cells(self) -> dict[int, dict[Position, str]]:
        unread = self.wide.returns["unread_cells"]
        rows = np.flatnonzero(unread.notna().to_numpy())
        return {int(row): {place_in_table(cell): cell for cell in str(unread.iloc[row]).split(BETWEEN)} for row in rows}

    @cached_property
    def _tables(self) -> dict[int, _Table]:
        return {row: _Table(cells, set(self._read(row))) for row, cells in self._cells.items()}

    def _read(self, row: int) -> Iterator[Position]:
        """Where every item and line of a return stands."""
        yield from _positions(self.wide.fixed.cell[row])
        for lines in self.wide.lists.values():
            yield from _positions(lines.columns.cell[lines.owner == row].ravel())

    def _inputs(self, rule: Rule, row: int, owner: int) -> list[Position]:
        """The cells that a rule reads in its own table; of a list its line, or all lines where they are added up."""
        positions: list[Position] = []
        for ref in refs(rule.node):
            if ref.form is not None:
                continue
            if ref.item in self.wide.fixed.place:
                positions += _positions([self.wide.fixed.cell[owner, self.wide.fixed.place[ref.item]]])
            elif ref.list_id is not None and ref.list_id == rule.list_id:
                columns = self.wide.lists[ref.list_id].columns
                positions += _positions([columns.cell[row, columns.place[ref.item.rpartition(".")[2]]]])
            else:
                positions += self._lines([ref], owner)
        return positions

    def _first_row(self, rule: Rule, summed: list[Ref], inputs: list[Position], owner: int) -> int:
        """Above which row no part of a sum down a column stands: its total, where that is on top, or its list."""
        node = demanded(rule.node)[1]
        stated = node.left if isinstance(node, Compare) and isinstance(node.left, Ref) else None
        if stated is not None and stated.form is None and stated.item in self.wide.fixed.place:
            total = _positions([self.wide.fixed.cell[owner, self.wide.fixed.place[stated.item]]])
            if total and all(total[0][0] <= row for row, _ in inputs):
                return total[0][0]
        lists = {ref.list_id or ref.item.rpartition(".")[0] for ref in summed} & self.wide.lists.keys()
        names = [self.wide.lists[name].columns.cell[self.wide.lists[name].owner == owner] for name in lists]
        return min((row for cells in names for row, _ in _positions(cells.ravel())), default=0)

    def _lines(self, summed: list[Ref], owner: int) -> list[Position]:
        """The cells of lists' columns over their lines."""
        positions: list[Position] = []
        for ref in summed:
            list_id = ref.list_id or ref.item.rpartition(".")[0]
            if list_id in self.wide.lists:
                lines = self.wide.lists[list_id]
                column = lines.columns.place[ref.item.rpartition(".")[2]]
                chosen = (lines.owner == owner) & in_group(self.wide, list_id, ref.group)
                positions += _positions(lines.columns.cell[chosen, column])
        return positions


@dataclass
class _Table:
    """One table: its unread figures, and where all that was read of it stands."""

    unread: dict[Position, str]
    read: set[Position]

    def in_block(self, inputs: list[Position], lines: list[Position], first: int) -> list[str]:
        """The unread figures that may be parts of a sum of these inputs, of which `lines` are lines of a list.

        `first`: the row from which on parts of a sum down a column may stand.
        """
        cells = self.unread.items()
        return [
            cell for position, cell in cells if self._beside(position, inputs, first) or self._below(position, lines)
        ]

    def _beside(self, position: Position, inputs: list[Position], first: int) -> bool:
        """Whether the sum runs down the column or along the row of a figure and reads what is next to it there."""
        return any(
            (not across or position[0] >= first)
            and len(along := [other for other in inputs if other[across] == position[across]]) > 1
            and bool(self._next(position, across) & set(along))
            for across in (1, 0)
        )

    def _next(self, position: Position, across: int) -> set[Position]:
        """What was read nearest to a figure on either side, in its column (`across` 1) or in its row (0)."""
        along = 1 - across
        line = [other for other in self.read if other[across] == position[across]]
        before = [other for other in line if other[along] < position[along]]
        behind = [other for other in line if other[along] > position[along]]
        return {*([max(before)] if before else []), *([min(behind)] if behind else [])}

    def _below(self, position: Position, lines: list[Position]) -> bool:
        """Whether a figure stands under the whole table in a column of the list: a line for which there was no room."""
        return position[0] > max(row for row, _ in self.read) and any(column == position[1] for _, column in lines)


def _summed(rule: Rule) -> list[Ref]:
    """What a rule adds up in its own table; nothing where it holds no sum."""
    sums = [node for node in _walk(rule.node) if isinstance(node, Sum | Over)]
    return [ref for node in sums for ref in refs(node) if ref.form is None]


def _walk(node: Node) -> Iterator[Node]:
    yield node
    for child in children(node):
        yield from _walk(child)


def _positions(cells: Iterable[str | None]) -> list[Position]:
    return [place_in_table(cell) for cell in cells if cell is not None]
