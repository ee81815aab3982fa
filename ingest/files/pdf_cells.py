"""The tables of a page: cells between drawn lines, each with the text inside it, and the lines of text around them."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gouji.ingest.files.pdf_text import Char, TextLine, fills, joined_lines, text_lines

if TYPE_CHECKING:
    from pdfplumber.page import Page

Box = tuple[float, float, float, float]
"""x0, top, x1, bottom, from the upper left corner of the page, in points."""
_NEAR = 2.0
"""Points within which two borders are one."""
_LINE = 4.0
"""Points: what is drawn thicker without a border of its own is a ground, and no line."""
_BEYOND = 0.2
"""Share of a character's width that may lie beyond the border of its cell."""
_TWICE = 0.25
"""Share of a character's size within which the same one is drawn again."""
_TOUCHING = 0.15
"""Share of a character's size up to which the next one goes on with its word."""
_COLUMNS, _ROWS = 3, 3
"""Parts of a line, and such lines one below the other, from which text stands in columns."""
_APART = 1.5
"""Characters between two parts of a line."""
_WHITE = frozenset(((1,), (1.0,), (1, 1, 1), (0, 0, 0, 0)))
_MOST_CELLS = 20_000


@dataclass(slots=True)
class PageCell:
    """A cell: its borders from left to right, its rows (inclusive), its text.

    `full`: its last line had no room for more. `unsure`: its text is not all that was written, or more than that;
    `unseen`: all of it, `partly`: some of it is white on white; `pictured`: whether a picture stands in it.
    """

    x0: float
    x1: float
    first: int
    last: int
    text: str = ""
    full: bool = False
    unsure: bool = False
    unseen: bool = False
    partly: bool = False
    pictured: bool = False


@dataclass(slots=True)
class PageTable:
    """A table as far as it stands on a page: its place, the borders of its rows, its cells by row and from the left."""

    box: Box
    borders: list[float]
    cells: list[PageCell] = field(default_factory=list)

    @property
    def height(self) -> int:
        """Rows."""
        return len(self.borders) - 1

    def row(self, number: int) -> list[PageCell]:
        """The cells that begin in a row."""
        return [cell for cell in self.cells if cell.first == number]


@dataclass(slots=True)
class PageContent:
    """What stands on a page, from above: tables, and lines of text outside of them. `columns`: whether text stands in
    columns without lines between them; `outside`: whether text of a table stands in none of its cells."""

    width: float
    height: float
    content: list[PageTable | TextLine] = field(default_factory=list)
    columns: bool = False
    outside: bool = False


def page_content(page: Page) -> PageContent:
    """What stands on a page."""
    chars = list(_once(char for char in page.chars if _within(char, page.bbox)))
    grids = [grid for cells in _cells(page, chars) if (grid := _Grid(cells)).boxes]
    grids.sort(key=lambda grid: (grid.box[2] - grid.box[0]) * (grid.box[3] - grid.box[1]))
    rest: list[Char] = []
    placed: defaultdict[tuple[int, int], list[Char]] = defaultdict(list)
    unsure: set[tuple[int, int]] = set()
    result = PageContent(float(page.width), float(page.height))
    for run in _runs(chars):
        places = [_place(grids, char) for char in run]
        inside = {place for place in places if place is not None}
        if len(set(places)) > 1:
            unsure |= inside  # a word over a border: cut off, or written over the next cell
        for char, place in zip(run, places, strict=True):
            if place is None:
                rest.append(char)
                result.outside |= bool(char["text"].strip()) and any(_within(char, grid.box) for grid in grids)
                continue
            placed[place].append(char)
            if char["text"].strip() and _crosses(char, grids[place[0]].boxes[place[1]]):
                unsure.add(place)
    pictured = {_place(grids, image) for image in page.images if _is_in_a_cell(grids, image)}
    grounds = [rect for rect in page.rects if rect.get("fill") and not _is_white(rect.get("non_stroking_color"))]
    for number, grid in enumerate(grids):
        table = grid.table()
        for own, cell in enumerate(table.cells):
            _fill(cell, placed[number, own], grounds)
            cell.unsure |= (number, own) in unsure
            cell.pictured = (number, own) in pictured
        table.cells.sort(key=lambda cell: (cell.first, cell.x0))
        result.content.append(table)
    lines = text_lines(char for char in rest if not _is_white(char["non_stroking_color"]))
    result.columns = _in_columns(lines)
    result.content = sorted([*result.content, *lines], key=_top)
    return result


def _top(one: PageTable | TextLine) -> float:
    return one.box[1] if isinstance(one, PageTable) else one.top


def _within(char: Char, box: Box) -> bool:
    x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
    return bool(box[0] <= x <= box[2] and box[1] <= y <= box[3])


def _once(chars: Iterable[Char]) -> Iterator[Char]:
    """Characters without those drawn a second time at a slight distance, to look bold."""
    drawn: defaultdict[tuple[str, int], list[Char]] = defaultdict(list)
    for char in chars:
        text, row = char["text"], round(char["top"])
        same = (one for above in (-1, 0, 1) for one in drawn[text, row + above])
        if not any(_is_twice(one, char) for one in same):
            drawn[text, row].append(char)
            yield char


def _is_twice(first: Char, char: Char) -> bool:
    width, height = first["x1"] - first["x0"], first["bottom"] - first["top"]
    apart = abs(first["x0"] - char["x0"]), abs(first["top"] - char["top"])
    return bool(apart[0] < _TWICE * width and apart[1] < _TWICE * height)


def _is_white(colour: object) -> bool:
    return isinstance(colour, tuple | list) and tuple(colour) in _WHITE


def _cells(page: Page, chars: Sequence[Char]) -> list[list[Box]]:
    """The cells of every table, by their boxes. A side that is left open (by the end of a page, in the fashion of
    many printed tables) is closed where text stands behind it."""
    lined = page.filter(_draws_a_line)
    tables = lined.find_tables()
    sides = [side for table in tables for side in _open_sides(lined, table.cells, chars)]
    if sides:
        across = [side for side in sides if side["orientation"] == "h"]
        down = [side for side in sides if side["orientation"] == "v"]
        tables = lined.find_tables({"explicit_vertical_lines": down, "explicit_horizontal_lines": across})
    return [table.cells for table in tables if 1 < len(table.cells) <= _MOST_CELLS]


def _draws_a_line(shape: Char) -> bool:
    if shape["object_type"] == "rect" and not shape.get("stroke"):
        return bool(min(shape["width"], shape["height"]) < _LINE)
    return bool(shape["object_type"] != "curve")


def _open_sides(page: Page, cells: Sequence[Box], chars: Sequence[Char]) -> list[Char]:
    """The outer sides of a table as far as its lines reach; none where all text inside them is in a cell."""
    x0, top, x1, bottom = _around(cells)
    across = [edge for edge in page.horizontal_edges if _meets(edge, (x0, top, x1, bottom))]
    down = [edge for edge in page.vertical_edges if _meets(edge, (x0, top, x1, bottom))]
    box = _around([(edge["x0"], edge["top"], edge["x1"], edge["bottom"]) for edge in (*across, *down)] + [*cells])
    grid = _Grid(cells)
    lost = (char for char in chars if char["text"].strip() and _within(char, box) and grid.holder(char) is None)
    return [] if next(lost, None) is None else list(_sides(box))


def _meets(edge: Char, box: Box) -> bool:
    across = edge["x0"] <= box[2] + _NEAR and edge["x1"] >= box[0] - _NEAR
    return bool(across and edge["top"] <= box[3] + _NEAR and edge["bottom"] >= box[1] - _NEAR)


def _around(boxes: Iterable[Box]) -> Box:
    left, top, right, bottom = zip(*boxes, strict=True)
    return min(left), min(top), max(right), max(bottom)


def _sides(box: Box) -> Iterator[Char]:
    x0, top, x1, bottom = box
    for orientation, side in (
        ("v", (x0, top, x0, bottom)), ("v", (x1, top, x1, bottom)),
        ("h", (x0, top, x1, top)), ("h", (x0, bottom, x1, bottom)),
    ):  # fmt: skip
        yield {
            "object_type": "line", "orientation": orientation, "x0": side[0], "top": side[1], "x1": side[2],
            "bottom": side[3], "width": side[2] - side[0], "height": side[3] - side[1], "doctop": side[1],
        }  # fmt: skip


class _Grid:
    """The boxes of a table's cells on the borders that they share."""

    def __init__(self, boxes: Iterable[Box]) -> None:
        given = list(boxes)
        self.x = _borders(edge for box in given for edge in (box[0], box[2]))
        self.y = _borders(edge for box in given for edge in (box[1], box[3]))
        self.boxes: list[Box] = []
        self._areas: list[tuple[int, int, int, int]] = []
        self._holder: dict[tuple[int, int], int] = {}
        for box in sorted(given, key=lambda one: (one[1], one[0])):
            self._add(box)

    def _add(self, box: Box) -> None:
        left, right = _nearest(self.x, box[0]), _nearest(self.x, box[2])
        top, bottom = _nearest(self.y, box[1]), _nearest(self.y, box[3])
        places = [(row, column) for row in range(top, bottom) for column in range(left, right)]
        if not places or any(place in self._holder for place in places):
            return
        self._holder.update(dict.fromkeys(places, len(self.boxes)))
        self.boxes.append(box)
        self._areas.append((top, left, bottom, right))

    @property
    def box(self) -> Box:
        """Where it stands."""
        return self.x[0], self.y[0], self.x[-1], self.y[-1]

    def holder(self, char: Char) -> int | None:
        """The cell in which the middle of a character lies."""
        column = bisect_right(self.x, (char["x0"] + char["x1"]) / 2) - 1
        row = bisect_right(self.y, (char["top"] + char["bottom"]) / 2) - 1
        return self._holder.get((row, column))

    def table(self) -> PageTable:
        """Its cells without their texts, in the order of `boxes`."""
        cells = [PageCell(self.x[left], self.x[right], top, bottom - 1) for top, left, bottom, right in self._areas]
        return PageTable(self.box, self.y, cells)


def _borders(edges: Iterable[float]) -> list[float]:
    kept: list[float] = []
    for edge in sorted(edges):
        if not kept or edge - kept[-1] > _NEAR:
            kept.append(edge)
    return kept


def _nearest(borders: Sequence[float], edge: float) -> int:
    return min(range(len(borders)), key=lambda n: abs(borders[n] - edge))


def _place(grids: Sequence[_Grid], char: Char) -> tuple[int, int] | None:
    """The table and the cell in which a character stands, of tables within tables the inner one."""
    for number, grid in enumerate(grids):
        if (cell := grid.holder(char)) is not None:
            return number, cell
    return None


def _is_in_a_cell(grids: Sequence[_Grid], image: Char) -> bool:
    """Whether a picture stands in one cell as a figure would; a seal lies over several."""
    place = _place(grids, image)
    if place is None:
        return False
    x0, top, x1, bottom = grids[place[0]].boxes[place[1]]
    beside = image["x0"] >= x0 - _NEAR and image["x1"] <= x1 + _NEAR
    return bool(beside and image["top"] >= top - _NEAR and image["bottom"] <= bottom + _NEAR)


def _crosses(char: Char, box: Box) -> bool:
    """Whether a character reaches over a border: to its sides, or so far up or down that it is cut."""
    beyond = _BEYOND * (char["x1"] - char["x0"])
    middle, core = (char["top"] + char["bottom"]) / 2, (char["bottom"] - char["top"]) / 8
    over = char["x0"] < box[0] - beyond or char["x1"] > box[2] + beyond
    return bool(over or middle - core < box[1] - 1 or middle + core > box[3] + 1)


def _runs(chars: Iterable[Char]) -> Iterator[list[Char]]:
    """Characters that were written one after another, each touching the one before."""
    run: list[Char] = []
    for char in chars:
        if run and not _goes_on(run[-1], char):
            yield run
            run = []
        run.append(char)
    if run:
        yield run


def _goes_on(before: Char, char: Char) -> bool:
    if before["text"].isspace() or char["text"].isspace():
        return False
    apart = char["x0"] - before["x1"]
    near = -_BEYOND * before["size"] < apart < _TOUCHING * before["size"]
    return bool(near and abs(char["bottom"] - before["bottom"]) < _TOUCHING * before["size"])


def _fill(cell: PageCell, chars: Sequence[Char], grounds: Sequence[Char]) -> None:
    lines = text_lines(chars)
    if not lines:
        return
    cell.text = joined_lines(lines, cell.x0, cell.x1)
    cell.full = fills(lines[-1], cell.x0, cell.x1)
    cell.unsure = any(line.unsure for line in lines)
    white = [char for char in chars if char["text"].strip() and _is_white(char["non_stroking_color"])]
    white = [char for char in white if not any(_within(char, _box(ground)) for ground in grounds)]
    shown = sum(not char["text"].isspace() for char in chars)
    cell.unseen, cell.partly = bool(white) and len(white) == shown, 0 < len(white) < shown


def _box(shape: Char) -> Box:
    return shape["x0"], shape["top"], shape["x1"], shape["bottom"]


def _in_columns(lines: Sequence[TextLine]) -> bool:
    """Whether lines one below the other have figures in columns that no line parts."""
    count = 0
    for line in lines:
        apart = _APART * line.size
        parts = 1 + sum(
            char["x0"] - before["x1"] > apart for before, char in zip(line.chars, line.chars[1:], strict=False)
        )
        has_figures = any(char["text"].isdecimal() for char in line.chars)
        count = count + 1 if parts >= _COLUMNS and has_figures else 0
        if count >= _ROWS:
            return True
    return False
