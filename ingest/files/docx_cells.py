"""The cells of a table in a Word document as a grid of rows and columns, merges as they are drawn."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from gouji.ingest.files.docx_borders import open_labels, open_sides
from gouji.ingest.files.docx_text import Line, Texts
from gouji.ingest.files.docx_xml import attribute, child, inside, number, properties, switched, tag
from gouji.ingest.files.xml import Element
from gouji.ingest.refusal import Refused

Position = tuple[int, int]
Area = tuple[int, int, int, int]
_MOST_COLUMNS, _WORDS_COLUMNS = 512, 63
"""Columns of a table, and of one that Word makes itself."""
_MOST_ROWS = 65_536
_CHANGES = frozenset(("del", "ins", "cellDel", "cellIns", "cellMerge"))
SHORT = 2
"""Rows of a table that may be but a piece of one."""
_UNKNOWN = 1000
"""Width of a column that says none."""
_THIN = 113
"""Twentieths of a point, 2 mm: what is narrower between two borders is an unsteady hand and no column."""


@dataclass(slots=True)
class DocumentTable:
    """A table. `number`: which it is, from 1; `rows`: its texts; `merges`: inclusive areas; `unseen`: cells of which
    nothing is seen, `mixed`: those of which a part is not, with the text; `hidden_rows`: rows that are not shown.

    `boxed`: texts of text boxes that stand beside other text in a cell; `pictured`: cells with nothing but a picture;
    `struck`: cells in which something is crossed
    out, which counts only where there is nothing else, and as unsure then. `adjoins`: whether nothing stands between
    it and the table before but blank paragraphs, 续表 or the number of a page, and both have the same columns.
    `edges`: where its columns begin, and where the last one ends, in twentieths of a point from its left side.
    `cells`: the element of each, by where it begins.
    """

    number: int = 0
    rows: list[list[str]] = field(default_factory=list)
    merges: list[Area] = field(default_factory=list)
    unseen: set[Position] = field(default_factory=set)
    mixed: dict[Position, str] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    boxed: dict[Position, str] = field(default_factory=dict)
    pictured: set[Position] = field(default_factory=set)
    struck: set[Position] = field(default_factory=set)
    adjoins: bool = False
    edges: list[int] = field(default_factory=list)
    cells: dict[Position, Element] = field(default_factory=dict)

    @property
    def height(self) -> int:
        """Its rows."""
        return len(self.rows)

    @property
    def width(self) -> int:
        """Its columns."""
        return len(self.rows[0]) if self.rows else 0


@dataclass(slots=True)
class _Cell:
    """A cell: its first and the last column of the grid, its width if stated, whether it goes on from above;
    `lines`: whether it says that none stands above and below it."""

    element: Element
    row: int
    first: int
    last: int
    width: int | None
    continued: bool
    restarts: bool
    shaded: bool
    lines: tuple[bool, bool]


def read_cells(table: Element, texts: Texts, most: int) -> tuple[DocumentTable, list[tuple[Element, Position]]]:
    """A `<w:tbl>`, and its cells that hold further tables. `most`: how many cells it may have.

    Raises Refused: 范围过大.
    """
    stated = child(table, "tblGrid")
    grid = [] if stated is None else [number(one, "w") or 0 for one in stated if tag(one) == "gridCol"]
    found = DocumentTable()
    lines = list(_rows(table, texts, grid, found))
    borders, columns = _borders(lines, grid)
    width = max(len(borders), 1)
    if len(lines) > _MOST_ROWS or len(lines) * width > most:
        raise Refused("范围过大", "文档里的表格太大，不是一份正常的报告，未予读取。")
    found.rows = [[""] * width for _ in lines]
    found.edges = _edges(borders, grid)
    further: list[tuple[Element, Position]] = []
    for cell in (cell for line in lines for cell in line):
        right = columns.get(cell.last + 1, bisect_left(borders, cell.last + 1)) - 1
        cell.first = columns[cell.first]
        cell.last = max(cell.first, right)
        found.cells[cell.row, cell.first] = cell.element
        if _fill(found, cell, texts):
            further.append((cell.element, (cell.row, cell.first)))
    if any(any(cell.lines) for line in lines for cell in line):
        _close(found, lines)
    found.merges = list(_merges(lines))
    return found, further


def _close(found: DocumentTable, lines: list[list[_Cell]]) -> None:
    """Merge what no line parts: the label stands in the first of its cells then."""
    for chain in list(open_labels(lines, found.rows)):
        said = [cell for cell in chain if found.rows[cell.row][cell.first]]
        top = chain[0]
        if len(said) != 1 or any((cell.row, cell.first) in found.mixed for cell in chain):
            continue
        at = said[0].row, said[0].first
        label, found.rows[at[0]][at[1]] = found.rows[at[0]][at[1]], ""
        found.rows[top.row][top.first] = label
        found.cells[top.row, top.first] = found.cells[at]
        top.restarts = True
        for cell in chain[1:]:
            cell.continued = True


def _edges(borders: list[int], grid: list[int]) -> list[int]:
    """Where columns begin; without widths as if all were alike."""
    known = grid if all(grid) and borders and borders[-1] < len(grid) else [_UNKNOWN] * (max(borders, default=0) + 1)
    return [*(sum(known[:border]) for border in borders), sum(known)]


def aligned(first: DocumentTable, rest: DocumentTable) -> bool:
    """Give a table and what is torn off from it the same columns; whether those of one are all borders of the other."""
    few, many = sorted((first, rest), key=lambda table: len(table.edges))
    near = [min(many.edges, key=lambda edge: abs(edge - own), default=-_UNKNOWN) for own in few.edges]
    if any(abs(edge - own) >= _THIN for edge, own in zip(near, few.edges, strict=True)) or len(set(near)) < len(near):
        return False
    if len(few.edges) < len(many.edges):
        _widen(few, [many.edges.index(edge) for edge in near], len(many.edges) - 1)
        few.edges = many.edges
    return True


def spread(first: DocumentTable, rest: DocumentTable) -> bool:
    """Give two tables of the same width, one of them a row or two, the columns of both; whether they are such."""
    if min(first.height, rest.height) > SHORT or abs(first.edges[-1] - rest.edges[-1]) >= _THIN:
        return False
    every: list[int] = []
    for edge in sorted((*first.edges, *rest.edges)):
        if not every or edge - every[-1] >= _THIN:
            every.append(edge)
    if len(every) > _WORDS_COLUMNS + 1:
        return False
    for table in (first, rest):
        near = [min(range(len(every)), key=lambda at: abs(every[at] - own)) for own in table.edges]
        if len(set(near)) < len(near):
            return False
        _widen(table, near, len(every) - 1)
        table.edges = every
    return True


def _widen(table: DocumentTable, columns: list[int], width: int) -> None:
    """Put every column of a table where it begins among more of them; its cells reach as far as they did."""
    ends = {(top, left): (bottom, right) for top, left, bottom, right in table.merges}
    covered = {
        (row, column)
        for (top, left), (bottom, right) in ends.items()
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
    } - ends.keys()
    rows = [[""] * width for _ in table.rows]
    merges: list[Area] = []
    for row, texts in enumerate(table.rows):
        for column, text in enumerate(texts):
            rows[row][columns[column]] = text
            bottom, right = ends.get((row, column), (row, column))
            last = columns[right + 1] - 1
            if (row, column) not in covered and (bottom, last) != (row, columns[column]):
                merges.append((row, columns[column], bottom, last))
    table.rows, table.merges = rows, merges
    table.unseen = {(row, columns[column]) for row, column in table.unseen}
    table.mixed = {(row, columns[column]): text for (row, column), text in table.mixed.items()}
    table.struck = {(row, columns[column]) for row, column in table.struck}
    table.pictured = {(row, columns[column]) for row, column in table.pictured}
    table.boxed = {(row, columns[column]): text for (row, column), text in table.boxed.items()}
    table.cells = {(row, columns[column]): cell for (row, column), cell in table.cells.items()}


def _rows(table: Element, texts: Texts, grid: list[int], found: DocumentTable) -> Iterator[list[_Cell]]:
    row = 0
    for element in inside(table, texts.revisions):
        if tag(element) != "tr":
            continue
        about = properties(element, "trPr")
        if about and _is_deleted(about, texts):
            continue
        if switched(about.get("hidden")):
            found.hidden_rows.add(row)
        yield _fitted(list(_cells(element, row, about, texts)), about, grid)
        row += 1


def _is_deleted(about: Mapping[str, Element], texts: Texts) -> bool:
    """Whether a row or a cell was taken out by a change that nobody decided on; one that was put in is counted."""
    texts.revisions.count += bool(_CHANGES & about.keys())
    return "del" in about or "cellDel" in about


def _cells(row: Element, at: int, about: Mapping[str, Element], texts: Texts) -> Iterator[_Cell]:
    column = _bounded(number(about.get("gridBefore")) or 0)
    for element in inside(row, texts.revisions):
        if tag(element) != "tc":
            continue
        told = properties(element, "tcPr")
        if told and _is_deleted(told, texts):
            continue
        span = _bounded(max(number(told.get("gridSpan")) or 1, 1))
        wide = told.get("tcW")
        stated = number(wide, "w") if attribute(wide, "type") in ("dxa", None) else None
        down = told.get("vMerge")
        restarts = attribute(down, "val") == "restart"
        beside = told.get("hMerge")
        if beside is not None and attribute(beside, "val") != "restart":
            span = 0  # it belongs to the cell on its left, which is widened below
        shaded = attribute(told.get("shd"), "fill") not in (None, "auto", "FFFFFF", "ffffff")
        going_on = down is not None and not restarts
        yield _Cell(element, at, column, column + span - 1, stated, going_on, restarts, shaded, open_sides(told))
        column = _bounded(column + max(span, 1))


def _bounded(column: int) -> int:
    if column > _MOST_COLUMNS:
        raise Refused("范围过大", "文档里有表格的列数太多，不是一份正常的报告，未予读取。")
    return column


def _fitted(cells: list[_Cell], about: Mapping[str, Element], grid: list[int]) -> list[_Cell]:
    """Cells merged in the old way as one; cells of a row that has fewer columns than the grid by their widths."""
    kept: list[_Cell] = []
    for cell in cells:
        if cell.last < cell.first and kept:
            kept[-1].last = cell.first
        else:
            cell.last = max(cell.first, cell.last)
            kept.append(cell)
    after = number(about.get("gridAfter")) or 0
    widths = [cell.width for cell in kept]
    if not kept or kept[-1].last + 1 + after >= len(grid) or not all(grid) or not all(widths):
        return kept
    edges = [sum(grid[:n]) for n in range(len(grid) + 1)]
    left = edges[min(kept[0].first, len(grid))]
    for cell in kept:
        right = left + (cell.width or 0)
        cell.first, cell.last = _nearest(edges, left), max(_nearest(edges, right) - 1, _nearest(edges, left))
        left = right
    return kept


def _nearest(edges: list[int], at: int) -> int:
    return min(range(len(edges)), key=lambda n: abs(edges[n] - at))


def _borders(lines: list[list[_Cell]], grid: list[int]) -> tuple[list[int], dict[int, int]]:
    """The columns of the grid in which some cell begins, and of all of them the column that each is: what is as thin as
    an unsteady hand is the border before it."""
    used = sorted({cell.first for line in lines for cell in line})
    steady = not all(grid) or not used or used[-1] >= len(grid)
    alone = {(cell.first, cell.last) for line in lines for cell in line}
    kept: list[int] = []
    columns: dict[int, int] = {}
    for border in used:
        thin = bool(kept) and not steady and sum(grid[kept[-1] : border]) < _THIN
        if not thin or any(kept[-1] <= first and last < border for first, last in alone):
            kept.append(border)
        columns[border] = len(kept) - 1
    return kept, columns


def _fill(found: DocumentTable, cell: _Cell, texts: Texts) -> bool:
    """The texts of a cell into the grid; whether there are tables in it."""
    at = cell.row, cell.first
    lines: list[Line] = []
    tables = False
    for block in inside(cell.element, texts.revisions):
        name = tag(block)
        alone = _only_cell(block, texts) if name == "tbl" else None
        if name == "p" or alone is not None:
            paragraphs = [block] if alone is None else inside(alone, texts.revisions)
            lines += [texts.line(one, shaded=cell.shaded) for one in paragraphs if tag(one) == "p"]
        tables |= name == "tbl" and alone is None
    text = "".join(line.text + ("" if line.runs_on else "\n") for line in lines).strip("\n")
    struck = "\n".join(line.struck for line in lines if line.struck.strip())
    if struck:
        found.struck.add(at)
        if not text.strip():
            text = found.mixed[at] = struck
    boxes = [box for line in lines for box in line.boxes]
    boxed = _boxed(boxes, texts) if boxes else ""
    if boxed and text.strip():
        found.boxed[at] = boxed
    elif boxed:
        text = boxed
    found.rows[at[0]][at[1]] = text if text.strip() else ""
    if not text.strip() and any(line.pictured for line in lines):
        found.pictured.add(at)
    if any(line.hidden for line in lines):
        if any(line.seen for line in lines):
            found.mixed[at] = text
        else:
            found.unseen.add(at)
    return tables or any(tag(one) == "tbl" for box in boxes for one in box.iter())


def _only_cell(table: Element, texts: Texts) -> Element | None:
    """The cell of a table that has but one, and no table in it: a frame around what stands there."""
    rows = [one for one in inside(table, texts.revisions) if tag(one) == "tr"]
    cells = [one for row in rows[:2] for one in inside(row, texts.revisions) if tag(one) == "tc"]
    if len(rows) != 1 or len(cells) != 1 or any(tag(one) == "tbl" for one in inside(cells[0], texts.revisions)):
        return None
    return cells[0]


def _boxed(boxes: list[Element], texts: Texts) -> str:
    """The text in text boxes."""
    lines = (texts.line(block) for box in boxes for block in inside(box, texts.revisions) if tag(block) == "p")
    return "\n".join(text for line in lines if (text := line.text.strip()))


def _merges(lines: list[list[_Cell]]) -> Iterator[Area]:
    """The areas that are one cell: over columns, over rows, over both."""
    open_: dict[int, tuple[_Cell, int]] = {}

    def closed(first: int) -> Iterator[Area]:
        cell, bottom = open_.pop(first)
        if (cell.row, cell.first) != (bottom, cell.last):
            yield cell.row, cell.first, bottom, cell.last

    for row, line in enumerate(lines):
        going_on = {cell.first: cell for cell in line if cell.continued}
        for first in [one for one in open_ if one not in going_on]:
            yield from closed(first)
        for cell in line:
            if cell.first in open_ and cell.continued:
                open_[cell.first] = (open_[cell.first][0], row)
            elif cell.restarts:
                open_[cell.first] = (cell, row)
            elif cell.first != cell.last:
                yield row, cell.first, row, cell.last
    for first in list(open_):
        yield from closed(first)
