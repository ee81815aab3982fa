"""The cells of a published table: labels, figures, and the heads that stand over each column."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cached_property
from itertools import pairwise

from gouji.ingest.grid import Kind, Sheet
from gouji.templates.exact import significant
from gouji.templates.labels import squeezed

_FIGURE = re.compile(r"-?(?:\d{1,15}|\d{1,3}(?:,\d{3})+)(?:\.\d+)?")
_NOTHING = re.compile(r"[-—–―－_/\\]*|无|空")
"""What stands in a cell in which there is nothing."""
_OF_MONEY = re.compile(r"\((?:单位:)?(?:人民币)?[亿万千百]?元\)$")
_NUMBERED = re.compile(
    r"^(?:其中[:：]?)?(?:[一二三四五六七八九十]+、|[(（][一二三四五六七八九十\d]+[)）]|\d+[.．、])?(?:其中[:：])?"
)
_QUOTES = re.compile("[“”\"'‘’＂]")
_ORDER = frozenset(("行次", "序号", "行号"))
_COLUMNS = "栏次"
_LEAST_NUMBERED = 3
Place = tuple[int, int]


def figure_of(value: object) -> Decimal | None:
    """A number, or a text that is plainly one, in whatever width; None for everything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return significant(float(value))
    text = unicodedata.normalize("NFKC", value).strip() if isinstance(value, str) else ""
    return Decimal(text.replace(",", "")) if _FIGURE.fullmatch(text) else None


class PublishedGrid:
    """A table by labels, heads and figures; `first`: the first row below its title and the line of its unit."""

    def __init__(self, sheet: Sheet, first: int) -> None:
        self.sheet, self.first = sheet, first
        self.labels: dict[Place, str] = {
            (row, column): text
            for row in range(first, sheet.height)
            for column in range(sheet.width)
            if (text := label_of(sheet.raw(row, column)))
        }
        self._areas = {area[:2]: area for area in sheet.merges}
        self._labelled: dict[int, list[int]] = {}
        for row, column in self.labels:
            self._labelled.setdefault(row, []).append(column)

    @cached_property
    def body(self) -> int:
        """The first row of figures: behind the row of 栏次, else the first that holds figures other than 1, 2, 3 …"""
        lettered = next((row for (row, _), text in self.labels.items() if text == _COLUMNS), None)
        if lettered is not None:
            return lettered + 1
        rows = range(self.first, self.sheet.height)
        return next((row for row in rows if (told := self._row(row)) and not _counts_up(told)), self.sheet.height)

    @cached_property
    def stacks(self) -> list[tuple[str, ...]]:
        """For every column the heads over it, from the top; blank cells of a head that is not merged are its own."""
        width = self.sheet.width
        stacks: list[tuple[str, ...]] = [()] * width
        parents: list[tuple[Place, ...]] = [()] * width
        below: dict[int, tuple[Place, str]] = {}
        for row in range(self.first, self.body):
            heads = [self._head(row, column, below) for column in range(width)]
            for column in range(1, width):
                if heads[column] is None and heads[column - 1] is not None and parents[column] == parents[column - 1]:
                    heads[column] = heads[column - 1]
            for column, head in enumerate(heads):
                if head is not None and (not parents[column] or parents[column][-1] != head[0]):
                    parents[column] = (*parents[column], head[0])
                    stacks[column] = (*stacks[column], head[1])
        return stacks

    def _head(self, row: int, column: int, below: dict[int, tuple[Place, str]]) -> tuple[Place, str] | None:
        """The head cell that covers a place: its own, or one merged over it."""
        if (text := self.labels.get((row, column))) is not None and text != _COLUMNS:
            area = self._areas.get((row, column), (row, column, row, column))
            for at in range(column, area[3] + 1):
                below[at] = (row, column), text
            return (row, column), text
        over = below.get(column)
        if over is not None:
            (top, left), _ = over
            area = self._areas.get((top, left), (top, left, top, left))
            if area[0] <= row <= area[2] and area[1] <= column <= area[3]:
                return over
        return None

    @cached_property
    def counting(self) -> frozenset[int]:
        """The columns that number the rows, whatever stands over them."""
        columns = (column for column in range(self.sheet.width) if self._numbers_rows(column))
        return frozenset(columns)

    def _numbers_rows(self, column: int) -> bool:
        if any(head in _ORDER for head in self.stacks[column]):
            return True
        figures = [told for row in range(self.body, self.sheet.height) if (told := self._at(row, column)) is not None]
        return len(figures) >= _LEAST_NUMBERED and _follow(figures)

    def figures(self, row: int, left: int = 0, right: int | None = None) -> Iterator[int]:
        """The columns of a row, from `left` up to `right`, that hold figures and do not number it."""
        for column in range(left, self.sheet.width if right is None else right):
            if column not in self.counting and self._at(row, column) is not None:
                yield column

    def figure(self, place: Place) -> Decimal:
        """The figure of a place that holds one."""
        figure = self._at(*place)
        assert figure is not None
        return figure

    def behind(self, label: Place) -> range:
        """The columns behind a label, before the next label of its row."""
        row, column = label
        following = (at for at in self._labelled.get(row, ()) if at > column)
        return range(column + 1, min(following, default=self.sheet.width))

    def right_of(self, label: Place) -> list[int]:
        """Those of them with figures that do not number the row."""
        columns = self.behind(label)
        return list(self.figures(label[0], columns.start, columns.stop))

    def rows(self) -> range:
        """The rows that hold figures."""
        return range(self.body, self.sheet.height)

    def label_before(self, row: int, column: int) -> str:
        """The label that a figure of a row belongs to."""
        before = [at for at in self._labelled.get(row, ()) if at < column]
        return self.labels[row, max(before)] if before else ""

    def total_row(self) -> int | None:
        """The row of 合计, or the only row with figures; None where there are several or none."""
        filled = [row for row in self.rows() if any(True for _ in self.figures(row))]
        totals = [
            row
            for row in filled
            if any(self.labels.get((row, at)) in ("合计", "总计") for at in range(self.sheet.width))
        ]
        if totals:
            return totals[0] if len(totals) == 1 else None
        return filled[0] if len(filled) == 1 else None

    def _row(self, row: int) -> list[Decimal]:
        return [told for column in range(self.sheet.width) if (told := self._at(row, column)) is not None]

    def _at(self, row: int, column: int) -> Decimal | None:
        if self.sheet.kind(row, column) not in (Kind.NUMBER, Kind.TEXT):
            return None
        return figure_of(self.sheet.raw(row, column))


def label_of(value: object) -> str:
    """A text that is no figure and says something, without blanks, quotation marks, its numbering and its unit."""
    if not isinstance(value, str) or figure_of(value) is not None:
        return ""
    text = _QUOTES.sub("", squeezed(value))
    if _NOTHING.fullmatch(text):
        return ""
    return _OF_MONEY.sub("", _NUMBERED.sub("", text, count=1)) or text


def _counts_up(figures: Sequence[Decimal]) -> bool:
    """Whether figures are the numbers of columns: 1, 2, 3 …"""
    return len(figures) > 1 and figures[0] == 1 and _follow(figures)


def _follow(figures: Sequence[Decimal]) -> bool:
    return all(one == one.to_integral_value() for one in figures) and all(
        later - before == 1 for before, later in pairwise(figures)
    )
