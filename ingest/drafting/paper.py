"""A blank sheet as a person sees it: merged cells as one, figures that mean nothing left out, no idle columns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

import numpy as np

from gouji.ingest.drafting.words import is_place_left
from gouji.ingest.grid import Kind, Sheet
from gouji.templates.text import sheet_text

MAX_COLUMNS = 60
MAX_ROWS = 1000
"""A form is smaller; what lies beyond was never part of it."""
DEFAULT_WIDTH = 9.0
_PADDING = 0.6
"""What a file states beyond the characters that fit."""

_LONGEST = 3000
"""Signs of a cell that are looked at: many times what is printed on a form."""
CLOSED = re.compile(r"[—\-－–/／×*＊\\一 ]{1,8}")
_FIGURE = re.compile(r"\d{1,12}(?:\.\d{1,6})?", re.ASCII)
_SPACE = re.compile(r"[ \t\u3000\u00a0]+")
_INVISIBLE = re.compile("[\u0085\u2028\u2029\ufeff\u200b]")

Area = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell or merged range, rows and columns inclusive and counted from 0.

    `text` is what is printed (figures too, as `figure` has them); `indent` counts the spaces in front of it.
    """

    row: int
    column: int
    bottom: int
    right: int
    text: str = ""
    figure: Decimal | None = None
    indent: int = 0

    @property
    def rows(self) -> int:
        return self.bottom - self.row + 1

    @property
    def columns(self) -> int:
        return self.right - self.column + 1

    @property
    def is_blank(self) -> bool:
        return not self.text

    @property
    def is_closed(self) -> bool:
        """A dash or stroke: the form asks for nothing here."""
        return CLOSED.fullmatch(self.text) is not None

    @property
    def is_words(self) -> bool:
        """Printed words: no blank, no figure, no dash."""
        return bool(self.text) and self.figure is None and not self.is_closed

    @property
    def is_open(self) -> bool:
        """Room for a value, blank or with words that only keep its place."""
        return not self.is_words or is_place_left(self.text)


@dataclass
class Paper:
    """The sheet in as few columns as it really has. `widths`: of each, in characters."""

    covers: dict[tuple[int, int], Cell]
    height: int
    widths: list[float]

    @property
    def width(self) -> int:
        return len(self.widths)

    @cached_property
    def cells(self) -> list[Cell]:
        """Every cell once, row by row from left to right."""
        return [cell for (row, column), cell in sorted(self.covers.items()) if (cell.row, cell.column) == (row, column)]

    def line(self, row: int, left: int = 0) -> list[Cell]:
        """The cells that a row runs through, from column `left` on; empty below the sheet."""
        if row >= self.height:
            return []
        cells: list[Cell] = []
        for column in range(left, self.width):
            cell = self.covers[row, column]
            if not cells or cells[-1] != cell:
                cells.append(cell)
        return cells

    def is_empty(self, row: int) -> bool:
        """Nothing printed and nothing merged: a row that only keeps distance."""
        return all(cell.is_blank and cell.columns == cell.rows == 1 for cell in self.line(row))

    def without(self, columns: set[int]) -> Paper:
        """The same paper with some columns taken out."""
        places = {old: new for new, old in enumerate(c for c in range(self.width) if c not in columns)}
        covers: dict[tuple[int, int], Cell] = {}
        for cell in self.cells:
            kept = [places[c] for c in range(cell.column, cell.right + 1) if c in places]
            if kept:
                _cover(covers, replace(cell, column=kept[0], right=kept[-1]))
        return Paper(covers, self.height, [width for c, width in enumerate(self.widths) if c not in columns])


def paper_of(sheet: Sheet) -> Paper:
    """The sheet's cells; figures of 0, errors and formulas are blanks, because a blank form states nothing."""
    merges = [area for merge in sheet.merges if (area := _clipped(merge)) is not None]
    printed = _printed(sheet, merges)
    bottom = max((cell.bottom for cell in printed), default=-1)
    right = max((cell.right for cell in printed), default=-1)
    bounds = sorted({at for cell in printed for at in (cell.column, cell.right + 1) if at <= right})
    top = min((cell.row for cell in printed if cell.text), default=0)
    covers: dict[tuple[int, int], Cell] = {}
    for cell in printed:
        if cell.row >= top:
            first, last = _interval(bounds, cell.column), _interval(bounds, cell.right)
            _cover(covers, replace(cell, row=cell.row - top, bottom=cell.bottom - top, column=first, right=last))
    height = max(bottom - top + 1, 0)
    for row in range(height):
        for column in range(len(bounds)):
            covers.setdefault((row, column), Cell(row, column, row, column))
    return Paper(covers, height, list(_widths(sheet, bounds, right)))


def _printed(sheet: Sheet, merges: list[Area]) -> list[Cell]:
    """Merged ranges and cells with text, those first that come first."""
    inside = np.zeros((MAX_ROWS, MAX_COLUMNS), dtype=bool)
    cells: list[Cell] = []
    for top, left, bottom, right in sorted(set(merges)):
        places = inside[top : bottom + 1, left : right + 1]
        if not places.any():
            places[:] = True
            cells.append(_cell(sheet, top, left, bottom, right))
    for row in range(min(sheet.height, MAX_ROWS)):
        for column in range(min(len(sheet.rows[row]), MAX_COLUMNS)):
            if not inside[row, column]:
                cell = _cell(sheet, row, column, row, column)
                cells += [cell] if cell.text else []
    return sorted(cells, key=lambda cell: (cell.row, cell.column))


def _cell(sheet: Sheet, top: int, left: int, bottom: int, right: int) -> Cell:
    raw = sheet.raw(top, left)
    match sheet.kind(top, left):
        case Kind.TEXT:
            text = _INVISIBLE.sub("", sheet_text(str(raw)[:_LONGEST]))
            spaces = len(text) - len(text.lstrip(" \u3000\u00a0"))
            words = _tidy(text)
            # A figure typed as text, as when it was pasted, is a figure all the same.
            figure = Decimal(words) if _FIGURE.fullmatch(words) else None
            return Cell(top, left, bottom, right, words, figure, spaces)
        case Kind.NUMBER if isinstance(raw, int | float) and raw:
            figure = Decimal(repr(raw))
            figure = figure.to_integral_value() if figure == figure.to_integral_value() else figure
            return Cell(top, left, bottom, right, f"{figure:f}", figure)
        case _:
            return Cell(top, left, bottom, right)


def _tidy(text: str) -> str:
    """Without padding at the ends of its lines; runs of spaces become one."""
    lines = (_SPACE.sub(" ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _clipped(area: Area) -> Area | None:
    top, left, bottom, right = area
    if top >= MAX_ROWS or left >= MAX_COLUMNS:
        return None
    return top, left, min(bottom, MAX_ROWS - 1), min(right, MAX_COLUMNS - 1)


def _cover(covers: dict[tuple[int, int], Cell], cell: Cell) -> None:
    for row in range(cell.row, cell.bottom + 1):
        for column in range(cell.column, cell.right + 1):
            covers[row, column] = cell


def _interval(bounds: list[int], column: int) -> int:
    """Which stretch between two bounds a sheet column lies in."""
    return max(place for place, bound in enumerate(bounds) if bound <= column)


def _widths(sheet: Sheet, bounds: list[int], right: int) -> Iterator[float]:
    for first, end in zip(bounds, [*bounds[1:], right + 1], strict=False):
        stated = (sheet.widths.get(column, DEFAULT_WIDTH) - _PADDING for column in range(first, end))
        yield max(round(sum(stated)), 1)
