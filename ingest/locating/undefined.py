"""A table that no definition describes, read by its layout: heads, rows with labels, figures where they meet.

Only plain figures are taken: under a head and behind a label, or behind the label in one cell (`基本支出：900.47`).
The ties between these figures are inferred in `validate/inferring/`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import repeat

from gouji.ingest.drafting.paper import MAX_COLUMNS, MAX_ROWS
from gouji.ingest.drafting.words import kind_of
from gouji.ingest.figures.cleaning import emptiness
from gouji.ingest.figures.numbers import parse_number
from gouji.ingest.grid import Kind, Sheet
from gouji.ingest.locating.figure_cells import is_figure
from gouji.ingest.locating.located import Position
from gouji.ingest.locating.printed import is_serial
from gouji.templates.labels import normalised, one_line, squeezed

_FIGURES = frozenset({"amount", "count", "rate", "points", "quantity"})
_LONGEST_HEAD = 24
_LEAST_HEADS = 2
"""Heads that tell what kind of figure stands below, from which a row is one of heads. One is enough in a list (序号,
内容, 金额, 备注) whose others are all heads too."""
_BESIDE = re.compile(r"([^:：\d]{2,24})[:：]\s*([^:：]{0,24})")
"""基本支出：900.47, perhaps with nothing behind the colon."""
_YEARS = re.compile(r"(?:19|20)\d{2}")
_OF_WHICH = re.compile(r"^其中\s*[:：]\s*")
_COLON = ":：\u3000 \n"
_LEAST_POINTS = 3
_POINTS_BEHIND = re.compile(r"^(.{2,20})[(（](\d{1,3}(?:\.\d)?)分[)）]$")
_INDENT = re.compile(r"^[\s\u3000\u00a0]*")


@dataclass(slots=True)
class Head:
    """A column of a block: its label with those above it, the kind of its figures, its sheet columns (inclusive)."""

    label: str
    over: str
    kind: str
    first: int
    last: int


@dataclass(slots=True)
class BodyRow:
    """A row of a block as its label tells it (`ingest.parts.LabelledRow`)."""

    printed: str
    indent: int
    row: int
    is_list: bool = False
    closed: bool = False


@dataclass(slots=True)
class Figure:
    """What stands where a row and a column of a block meet; `row`, `column`: their places in the block.

    `value`: rates as fractions, None for what is no figure.
    """

    row: int
    column: int
    value: float | None
    decimals: int
    cell: str


@dataclass(slots=True)
class Block:
    """Heads and the rows beneath them. `beside`: no heads, figures stand in or beside the cells of their labels."""

    heads: list[Head]
    rows: list[BodyRow]
    figures: list[Figure] = field(default_factory=list)
    beside: bool = False


@dataclass(slots=True)
class Undefined:
    """The blocks of one table on a sheet, in their order.

    `unread`: of a table that has a definition, the cells whose figures it did not read: only they are asked about.
    """

    sheet: str
    blocks: list[Block]
    unread: list[str] = field(default_factory=list)


def read_undefined(sheet: Sheet, first: int, last: int) -> Undefined:
    """What the layout of these rows (inclusive) tells."""
    return Undefined(sheet.name, list(_Layout(sheet, first, min(last, first + MAX_ROWS - 1)).blocks()))


class _Layout:
    def __init__(self, sheet: Sheet, first: int, last: int) -> None:
        self.sheet = sheet
        self.rows = range(first, min(last + 1, sheet.height))
        self.width = min(sheet.width, MAX_COLUMNS)

    @cached_property
    def _ends(self) -> dict[Position, Position]:
        """First cell of a merged range → its last cell."""
        return {(top, left): (bottom, right) for top, left, bottom, right in self.sheet.merges}

    def _text(self, row: int, column: int) -> str | None:
        raw = self.sheet.raw(row, column)
        return raw if isinstance(raw, str) and squeezed(raw) else None

    def blocks(self) -> Iterator[Block]:
        """Every block with a figure in it, and every column of labels with their figures in or beside the same cell."""
        used: set[int] = set()
        starts = [row for row in self.rows if self._is_head(row)]
        for at, start in enumerate(starts):
            if at and starts[at - 1] == start - 1:
                continue  # the lower half of a head in two rows
            body = start + 1
            while body in starts:
                body += 1
            end = next((row for row in starts if row >= body), self.rows.stop)
            block = self._block(start, body, end)
            if block.figures:
                used |= {row.row for row in block.rows}
                yield block
        yield from self._beside()
        yield from self._pairs(used)

    def _is_head(self, row: int) -> bool:
        """Labels side by side of which two tell a kind of figure or measure, and no figure among them."""
        texts = [text for column in range(self.width) if (text := self._text(row, column)) is not None]
        if any(self.sheet.kind(row, column) is Kind.NUMBER for column in range(self.width)):
            return False
        kinds = [_head_kind(text) if _could_be_head(text) else None for text in texts]
        telling = sum(kind in {*_FIGURES, "measure"} for kind in kinds)
        of_a_list = telling == 1 and len(texts) > _LEAST_HEADS and all(kinds)
        return (telling >= _LEAST_HEADS or of_a_list) and not any(_label_and_figure(text) for text in texts)

    def _block(self, start: int, body: int, end: int) -> Block:
        all_heads = self._heads(start, body)
        heads = [head for head in all_heads if head.kind in _FIGURES and self._filled(head, body, end)]
        stub = min((head.first for head in all_heads if head in heads or head.kind == "measure"), default=self.width)
        rows: list[BodyRow] = []
        figures: list[Figure] = []
        for row in range(body, end):
            if self._something_else(row, heads):
                break
            rated = kind_of(self._label(row, stub, beside=False) or "") == "rate"
            kinds = ["rate" if rated and head.kind == "amount" else head.kind for head in heads]
            places = [(len(rows), place) for place in range(len(heads))]
            cells = map(self._figure, repeat(row), heads, kinds, places)
            row_figures = [figure for figure in cells if figure is not None]
            label = self._label(row, stub, beside=not row_figures)
            if label is None and not row_figures:
                continue
            printed = label or ""
            rows.append(BodyRow(one_line(printed), _indent(printed), row))
            figures += row_figures
        block = Block(heads, rows, figures)
        self._add_printed_points(block, stub)
        return block

    def _heads(self, start: int, body: int) -> list[Head]:
        """The columns of a block: the lowest label of each, and what stands over it."""
        heads: list[Head] = []
        for row in range(start, body):
            for column in range(self.width):
                text = self._text(row, column)
                bottom, last = self._ends.get((row, column), (row, column))
                if text is None or bottom >= body:
                    continue  # nothing, or a label beside the rows
                first = column
                over = [head for head in heads if head.first <= first and last <= head.last]
                heads = [head for head in heads if head not in over]
                heads.append(Head(one_line(text), "".join(head.label for head in over), "", first, last))
        for head in heads:
            head.kind = _head_kind(head.label) or _head_kind(head.over) or "text"
        return sorted(heads, key=lambda head: head.first)

    def _filled(self, head: Head, body: int, end: int) -> bool:
        """Whether a figure stands below a head: 资金来源 sounds like money and has names below."""
        columns = range(head.first, head.last + 1)
        return any(is_figure(self.sheet.raw(row, column)) for row in range(body, end) for column in columns)

    def _something_else(self, row: int, heads: list[Head]) -> bool:
        """Whether words stand where figures should, and no figure: the block has ended above."""
        under = [(row, column) for head in heads for column in range(head.first, head.last + 1)]
        texts = [text for at in under if (text := self._text(*at)) is not None]
        words = any(emptiness(squeezed(text)) is None and not re.search(r"\d", text) for text in texts)
        return words and not any(is_figure(self.sheet.raw(*at)) for at in under)

    def _label(self, row: int, stub: int, *, beside: bool) -> str | None:
        """The label nearest to the figures that begins in this row.

        `beside`: one that ends with a colon has its figure behind it, and it is none of the block's.
        """
        texts = [text for column in range(stub) if (text := self._text(row, column)) is not None]
        cells = [(text, _label_and_figure(text)) for text in texts]
        labels = [text for text, match in cells if match is None or not (beside or match[2])]
        return labels[-1].rstrip(_COLON) if labels else None

    def _add_printed_points(self, block: Block, stub: int) -> None:
        """Points printed behind the names of indicators (目标合理性（6分）), the innermost, as their own column."""
        if sum(head.kind == "points" for head in block.heads) != 1:
            return
        points = []
        for number, row in enumerate(block.rows):
            texts = [(column, squeezed(self._text(row.row, column) or "")) for column in range(stub)]
            printed = [(column, match) for column, text in texts if (match := _POINTS_BEHIND.search(text)) is not None]
            if printed:
                column, match = printed[-1]
                row.printed = one_line(match[1])
                points.append(Figure(number, len(block.heads), float(match[2]), 1, self.sheet.address(row.row, column)))
        if len(points) >= _LEAST_POINTS:
            block.heads.append(Head("分值", "", "points", stub, stub))
            block.figures += points

    def _figure(self, row: int, head: Head, kind: str, place: Position) -> Figure | None:
        """The first thing that stands in a row under a head, read as a figure of this kind."""
        for column in range(head.first, head.last + 1):
            cell = self.sheet.address(row, column)
            if (row, column) in self.sheet.special:
                return Figure(*place, None, 0, cell)
            if (raw := self.sheet.raw(row, column)) is not None:
                return _figure(raw, kind, self.sheet.number_format(row, column), place, cell)
        return None

    def _beside(self) -> Iterator[Block]:
        """Cells that hold label and figure, those beneath each other together."""
        columns: dict[int, Block] = {}
        for row in self.rows:
            for column in range(self.width):
                text = self._text(row, column)
                match = _label_and_figure(text) if text else None
                if text is None or match is None:
                    continue
                block = columns.setdefault(column, Block([Head("", "", "amount", column, column)], [], beside=True))
                figure = _figure(match[2], "amount", None, (len(block.rows), 0), self.sheet.address(row, column))
                block.rows.append(BodyRow(one_line(match[1]), _indent(text), row))
                block.figures += [figure] if figure is not None else []
        yield from (block for block in columns.values() if any(figure.value is not None for figure in block.figures))

    def _pairs(self, used: set[int]) -> Iterator[Block]:
        """Runs of labels beneath each other with a figure in the next cell of each, 其中 among them."""
        runs: dict[int, Block] = {}
        for row in self.rows:
            pairs = {} if row in used else self._row_pairs(row)
            for column in [at for at in runs if at not in pairs]:
                yield from self._with_parts(runs.pop(column))
            for column, (text, at) in pairs.items():
                block = runs.setdefault(column, Block([Head("", "", "amount", column, at)], [], beside=True))
                raw, number_format = self.sheet.raw(row, at), self.sheet.number_format(row, at)
                figure = _figure(raw, "amount", number_format, (len(block.rows), 0), self.sheet.address(row, at))
                block.rows.append(BodyRow(one_line(text).rstrip(_COLON), _indent(text), row))
                block.figures += [figure] if figure is not None else []
        for block in runs.values():
            yield from self._with_parts(block)

    def _row_pairs(self, row: int) -> dict[int, tuple[str, int]]:
        """Column of a label → the label and the column of the figure beside it."""
        pairs = {}
        for column in range(self.width):
            text = self._text(row, column)
            at = self._ends.get((row, column), (row, column))[1] + 1
            if text is not None and not is_figure(text) and is_figure(self.sheet.raw(row, at)):
                pairs[column] = text, at
        return pairs

    @staticmethod
    def _with_parts(block: Block) -> Iterator[Block]:
        if len(block.rows) > 1 and any(_OF_WHICH.match(row.printed) for row in block.rows[1:]):
            yield block


def _label_and_figure(text: str) -> re.Match[str] | None:
    return _BESIDE.fullmatch(_OF_WHICH.sub("其中", text.strip()))


def _figure(raw: object, kind: str, number_format: str | None, place: Position, cell: str) -> Figure | None:
    parsed = parse_number(raw, kind, number_format)
    if parsed.state == "unreadable":
        return Figure(*place, None, 0, cell)
    if parsed.value is None or parsed.decimals is None:
        return None
    return Figure(*place, float(parsed.value), parsed.decimals, cell)


def _could_be_head(text: str) -> bool:
    """Short, and without digits but those of a year, of numbering or of points: 养护10公里 is no head."""
    return len(text) <= _LONGEST_HEAD and not re.search(r"\d", _YEARS.sub("", normalised(text)))


def _head_kind(label: str) -> str | None:
    return "serial" if is_serial(label) else kind_of(label, measures=True)


def _indent(text: str) -> int:
    match = _INDENT.match(text)
    return len(match[0]) if match else 0
