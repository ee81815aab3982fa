"""Figures that nobody fills in: serial numbers, years and dates, points of a section, telephone numbers."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property

from gouji.ingest.grid import Sheet
from gouji.ingest.locating.figure_cells import is_figure
from gouji.ingest.locating.located import Position
from gouji.templates.labels import normalised, squeezed

_SERIAL = frozenset({"序号", "行次", "栏次", "行号", "编号", "顺序号", "项次"})
_NAMED = ("电话", "手机", "邮编", "邮政编码", "编码", "代码", "账号", "帐号", "证号", "传真", "文号")
_YEARS = range(1990, 2100)
_COLUMN = frozenset("甲乙丙丁")
_DATED = frozenset({"年", "月", "日", "年度", "年度)"})
_NO_DIGIT = re.compile(r"\D")
_RUN = 3
"""1, 2, 3 are serial numbers; fewer may be figures."""


def is_serial(label: str) -> bool:
    """Whether a head says that numbers of lines stand below it."""
    return squeezed(label) in _SERIAL


class Printed:
    """What is printed in some rows of a sheet. Figures of a table stand in `figure_rows`, from column `left` on.

    `columns`: first and last column under heads of printed figures; `issued`: place → figure as it was issued.
    """

    def __init__(
        self, sheet: Sheet, rows: tuple[int, int], *, figure_rows: Collection[int] = (), left: int | None = None,
        columns: Sequence[tuple[int, int]] = (), issued: Mapping[Position, str] | None = None,
    ) -> None:  # fmt: skip
        self._sheet = sheet
        self._rows = range(rows[0], min(rows[1] + 1, sheet.height))
        self._figure_rows = figure_rows
        self._first_figure = min(figure_rows, default=rows[1] + 1)
        self._left = sheet.width if left is None else left
        self._columns = columns
        self._issued = issued or {}
        self._numbered: dict[int, set[int]] = {}

    def holds(self, at: Position) -> bool:
        """Whether the figure in a cell is a printed one."""
        if at in self._issued:
            return squeezed(str(self._sheet.raw(*at)).removesuffix(".0")) == self._issued[at]
        if any(left <= at[1] <= right for left, right in self._columns):
            return True
        return at in self._serials or self._under_serial(at) or self._dated(at) or self._named(at)

    def _under_serial(self, at: Position) -> bool:
        """Under a head that says that numbers are printed below it."""
        row, column = at
        if column not in self._numbered:
            self._numbered[column] = self._rows_under_serial(column)
        return row in self._numbered[column]

    def _rows_under_serial(self, column: int) -> set[int]:
        """The rows of a column whose nearest label above is such a head: one pass, however many rows there are."""
        rows_under: set[int] = set()
        under = False
        for row in self._rows:
            if under:
                rows_under.add(row)
            value = self._sheet.raw(row, column)
            if isinstance(value, str) and not is_figure(value):
                under = normalised(value) in _SERIAL
        return rows_under

    def _dated(self, at: Position) -> bool:
        """A year in the head, or part of a date: 2021 | 年 | 3 | 月."""
        row, column = at
        value, behind = self._sheet.raw(row, column), self._sheet.raw(row, column + 1)
        if isinstance(behind, str) and squeezed(behind) in _DATED:
            return True
        in_head = row < self._first_figure or "年" in self._label(at)[-2:]
        return in_head and isinstance(value, int | float) and value in _YEARS

    def _named(self, at: Position) -> bool:
        """Behind a label that asks for a number which counts nothing."""
        return any(word in self._label(at) for word in _NAMED)

    def _label(self, at: Position) -> str:
        """The text that stands next to a cell at its left, if it is one."""
        row, column = at
        values = (self._sheet.raw(row, left) for left in range(column - 1, -1, -1))
        nearest = next((value for value in values if value is not None), None)
        return squeezed(nearest) if isinstance(nearest, str) else ""

    @cached_property
    def _serials(self) -> set[Position]:
        """Runs of 1, 2, 3 … across a row without figures of the table (栏次), or down the first column."""
        cells: set[Position] = set()
        for row in self._rows:
            if row not in self._figure_rows and self._unlabelled(row):
                across = [(row, column) for column, value in enumerate(self._sheet.rows[row]) if is_figure(value)]
                cells |= self._run(across)
        for column in range(self._left):
            cells |= self._run([(row, column) for row in self._rows if is_figure(self._sheet.raw(row, column))])
        return cells

    def _unlabelled(self, row: int) -> bool:
        """Whether no text stands in a row but what stands in front of the numbers of columns: 栏次, 甲."""
        texts = [value for value in self._sheet.rows[row] if isinstance(value, str) and value.strip()]
        return all(is_figure(text) or squeezed(text) in _SERIAL or squeezed(text) in _COLUMN for text in texts)

    def _run(self, cells: list[Position]) -> set[Position]:
        counted = [_NO_DIGIT.sub("", str(self._sheet.raw(*at)).removesuffix(".0")) for at in cells]
        if len(cells) < _RUN or counted != [str(number) for number in range(1, len(cells) + 1)]:
            return set()
        return set(cells)
