"""A published table as it stood in Word: its printed cells, merged and broken as in the report.

This is no issued layout. It follows the form's definition for what stands on the table, and the published
print for how: labels as printed, sections torn at page breaks, empty rows, label and value in one paragraph.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from samples.figures import Line, Table, Unit
from templates.criteria import criterion, explanation
from templates.definition import (
    Block,
    Caption,
    CaptionBlock,
    Column,
    FieldsBlock,
    GridBlock,
    HeaderField,
    Indicator,
    ListBlock,
    ListRow,
    NoteBlock,
    PrintedField,
    Row,
    ScoresBlock,
    TitleBlock,
)


@dataclass(frozen=True, slots=True)
class Patch:
    """One cell or merged range, rows and columns counted from 0; `items` are the values that it holds."""

    row: int
    column: int
    rows: int
    columns: int
    text: str
    items: tuple[str, ...] = ()

    def moved(self, rows: int, columns: int) -> Patch:
        """The same patch further down and to the right."""
        return replace(self, row=self.row + rows, column=self.column + columns)


def word_table(unit: Unit, table: Table) -> list[Patch]:
    """Every cell of a table, from its own top left corner."""
    page = _Page(unit, table)
    for block in table.definition.definition.blocks:
        _draw(page, block)
    return page.patches


class _Page:
    """The table being written, row after row."""

    def __init__(self, unit: Unit, table: Table) -> None:
        self.unit = unit
        self.table = table
        self.form = table.definition
        self.width = len(self.form.definition.page.widths)
        self.patches: list[Patch] = []
        self.row = 0

    def put(self, column: int, columns: int, text: str, *items: str, first: int | None = None) -> None:
        """A cell on the present row, or one that reaches from row `first` down to it."""
        top = self.row if first is None else first
        self.patches.append(Patch(top, column, self.row - top + 1, columns, text, items))

    def value(self, column: int, columns: int, item: str) -> None:
        self.put(column, columns, self.table.values.get(item, ""), item)

    def label(self, name: str, default: str | None) -> str:
        """A label in this table's print, years filled in."""
        text = self.unit.label(self.table, name, name if default is None else default)
        return text.replace("{上年}", str(self.unit.year - 1)).replace("{年}", str(self.unit.year))

    def begin(self, *names: str) -> None:
        """An empty row slips in where one of the names is about to begin."""
        self.row += any(name in self.table.paste.blank_before for name in names)


def _draw(page: _Page, block: Block) -> None:
    match block:
        case TitleBlock(title=title):
            page.put(0, page.width, title)
            page.row += 1
        case NoteBlock(note=note):
            page.put(0, page.width, note)
            page.row += 1
        case CaptionBlock(caption=caption):
            _caption(page, caption)
        case FieldsBlock(fields=fields):
            _fields(page, fields)
        case GridBlock():
            _grid(page, block)
        case ListBlock():
            _list(page, block)
        case ScoresBlock():
            _scores(page, block)


def _caption(page: _Page, caption: Caption) -> None:
    text = caption.print.replace("{年}", page.table.values.get(caption.id, ""))
    page.put(0, page.width, text, caption.id)
    page.row += 1


def _fields(page: _Page, fields: Sequence[HeaderField | PrintedField]) -> None:
    own = [field.id for field in fields if isinstance(field, HeaderField)]
    if set(own) & set(page.table.paste.omit):
        return
    if set(own) <= set(page.table.paste.paragraphs):
        _paragraph(page, fields, own)
    else:
        _field_cells(page, fields)
    page.row += 1


def _paragraph(page: _Page, fields: Sequence[HeaderField | PrintedField], own: list[str]) -> None:
    """Running text: all labels and values in the first cell, what is merely printed at the far end."""
    printed = [page.label(field.print, field.print) for field in fields if isinstance(field, PrintedField)]
    named = [field for field in fields if isinstance(field, HeaderField)]
    told = [page.label(field.id, field.label) + page.table.values.get(field.id, "") for field in named]
    rest = len(printed)
    page.put(0, page.width - rest, " ".join(told), *own)
    for place, text in enumerate(printed):
        page.put(page.width - rest + place, 1, text)


def _field_cells(page: _Page, fields: Sequence[HeaderField | PrintedField]) -> None:
    column = 0
    for field in fields:
        if isinstance(field, PrintedField):
            page.put(column, field.span, page.label(field.print, field.print))
            column += field.span
            continue
        page.put(column, field.label_span, page.label(field.id, field.label))
        page.value(column + field.label_span, field.span, field.id)
        column += field.label_span + field.span


def _grid(page: _Page, grid: GridBlock) -> None:
    first = page.row
    stub = 1 if grid.side else 0
    left = stub + grid.stub_span
    if grid.header:
        if grid.stub_span:
            page.put(stub, grid.stub_span, grid.head or "")
        _heads(page, left, grid.columns)
        page.row += 1
    for row in grid.rows:
        if isinstance(row, ListRow):
            _grid_lines(page, grid, row, left)
        else:
            _grid_row(page, grid, row, stub, left)
    if not grid.rows:
        _grid_row(page, grid, None, stub, left)
    if grid.side:
        _span(page, 0, page.label(grid.grid, grid.side), first)


def _heads(page: _Page, left: int, columns: Sequence[Column]) -> None:
    for column in columns:
        page.put(left, column.span, page.label(column.id, column.label))
        left += column.span


def _grid_row(page: _Page, grid: GridBlock, row: Row | None, stub: int, left: int) -> None:
    if row is not None:
        page.begin(row.id)
        page.put(stub, grid.stub_span, page.label(row.id, row.label))
    for column in grid.columns:
        item = column.id if row is None else f"{row.id}.{column.id}"
        if item in page.form.items:
            page.value(left, column.span, item)
        else:
            closed = row.closed.get(column.id, "") if row is not None else ""
            page.put(left, column.span, page.label(item, closed))
        left += column.span
    page.row += 1


def _grid_lines(page: _Page, grid: GridBlock, row: ListRow, left: int) -> None:
    for line_id, line in zip(page.table.line_ids(row.list_id), page.table.lines[row.list_id], strict=True):
        page.put(left - grid.stub_span, grid.stub_span, line.name, f"{line_id}.{row.names}")
        _line(page, line_id, line, left, grid.columns)


def _line(page: _Page, line_id: str, line: Line, left: int, columns: Sequence[Column]) -> None:
    for column in columns:
        page.put(left, column.span, line.values.get(column.id, ""), f"{line_id}.{column.id}")
        left += column.span
    page.row += 1


def _list(page: _Page, block: ListBlock) -> None:
    side = 1 if block.side else 0
    first = page.row
    left = side + len(block.levels)
    for place, level in enumerate(block.levels):
        page.put(side + place, 1, page.label(level, level))
    _heads(page, left, block.columns)
    page.row += 1
    lines = list(zip(page.table.line_ids(block.list_id), page.table.lines[block.list_id], strict=True))
    for group in block.groups:
        page.begin(group.id)
        top = page.row
        for leaf in group.groups:
            page.begin(leaf.id)
            _leaf(page, block, leaf.id, [(name, line) for name, line in lines if line.group == leaf.id], side)
        _span(page, side, page.label(group.id, group.id), top)
    if block.side:
        _span(page, 0, page.label(block.list_id, block.side), first)


def _leaf(page: _Page, block: ListBlock, leaf: str, lines: list[tuple[str, Line]], side: int) -> None:
    top = page.row
    for line_id, line in lines:
        page.put(side + len(block.levels) - 1, 1, line.name, f"{line_id}.{block.levels[-1]}")
        _line(page, line_id, line, side + len(block.levels), block.columns)
    _span(page, side + 1, page.label(leaf, leaf), top)


def _span(page: _Page, column: int, text: str, first: int) -> None:
    """A label merged down from `first` to the last row written."""
    page.row -= 1
    page.put(column, 1, text, first=first)
    page.row += 1


def _scores(page: _Page, block: ScoresBlock) -> None:
    """The heads and sections begin anew after every page break, as Word repeats them."""
    for indicators in _pages(block.indicators, page.table.paste.page_breaks):
        for place, head in enumerate([*block.levels, "分值", "评价标准", "指标说明", "得分"]):
            page.put(place, 1, page.label(head, head))
        page.row += 1
        _sections(page, indicators, len(block.levels) - 1)


def _pages(indicators: Sequence[Indicator], breaks: Sequence[str]) -> list[list[Indicator]]:
    pages: list[list[Indicator]] = [[]]
    for indicator in indicators:
        if indicator.id in breaks:
            pages.append([])
        pages[-1].append(indicator)
    return pages


def _sections(page: _Page, indicators: list[Indicator], levels: int) -> None:
    opened: list[tuple[str, int]] = []
    for indicator in indicators:
        page.begin(indicator.id)
        shared = _shared([name for name, _ in opened], indicator.under)
        _close(page, opened, shared)
        opened += [(name, page.row) for name in indicator.under[len(opened) :]]
        _indicator(page, indicator, levels)
    _close(page, opened, 0)


def _shared(before: list[str], now: list[str]) -> int:
    """How many of the upper sections go on."""
    level = 0
    while level < min(len(before), len(now)) and before[level] == now[level]:
        level += 1
    return level


def _close(page: _Page, opened: list[tuple[str, int]], keep: int) -> None:
    while len(opened) > keep:
        name, first = opened.pop()
        _span(page, len(opened), page.label(name, name), first)


def _indicator(page: _Page, indicator: Indicator, left: int) -> None:
    """With two printed labels 分值 stands on the first row and 得分 on the last, as the return has it."""
    first = page.row
    page.value(left + 1, 1, f"{indicator.id}.分值")
    for label in indicator.printed_labels:
        page.put(left, 1, label)
        page.row += 1
    page.row -= 1
    page.put(left + 2, 1, criterion(indicator), first=first)
    page.put(left + 3, 1, explanation(page.form, indicator), first=first)
    page.value(left + 4, 1, f"{indicator.id}.得分")
    page.row += 1
