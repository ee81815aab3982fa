"""A published table as it stood in Word: its printed cells, merged and broken as in the report.

This is no issued layout. It follows the form's definition for what stands on the table, and the published
print for how: labels as printed, sections torn at page breaks, empty rows, label and value in one paragraph.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from gouji.samples.figures import Line, Table, Unit
from gouji.templates.block_items import TOTAL
from gouji.templates.blocks import (
    Caption,
    CaptionBlock,
    Column,
    FieldsBlock,
    GridBlock,
    Group,
    HeaderField,
    HeadingBlock,
    ListBlock,
    ListRow,
    NoteBlock,
    PairsBlock,
    PrintedField,
    Row,
    TitleBlock,
)
from gouji.templates.definition import Block
from gouji.templates.scores_block import SECTION_POINTS, Indicator, ScoresBlock, TotalRow
from gouji.templates.scoring.explanation import explanation


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


@dataclass(frozen=True, slots=True)
class Drawn:
    """Every cell of a table, from its own top left corner; `breaks`: the rows with which a new page began."""

    patches: list[Patch]
    breaks: list[int]


def word_table(unit: Unit, table: Table) -> Drawn:
    """A table as it was published."""
    page = _Page(unit, table)
    for block in table.definition.definition.blocks:
        _draw(page, block)
    return Drawn(page.patches, page.breaks)


class _Page:
    """The table being written, row after row."""

    def __init__(self, unit: Unit, table: Table) -> None:
        self.unit = unit
        self.table = table
        self.form = table.definition
        self.width = len(self.form.definition.page.widths)
        self.patches: list[Patch] = []
        self.breaks: list[int] = []
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
            for line in page.label(title, title).split("\n"):
                page.put(0, page.width, line)
                page.row += 1
        case HeadingBlock(heading=heading):
            page.put(0, page.width, page.label(heading, heading))
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
        case PairsBlock():
            _pairs(page, block)
        case ListBlock():
            _list(page, block)
        case ScoresBlock():
            _scores(page, block)


def _caption(page: _Page, caption: Caption) -> None:
    text = caption.print.replace("{年}", page.table.values.get(caption.id, ""))
    page.put(0, page.width, text, caption.id)
    page.row += 1


def _fields(page: _Page, fields: Sequence[HeaderField | PrintedField]) -> None:
    ids = [field.id for field in fields if isinstance(field, HeaderField)]
    if set(ids) & set(page.table.paste.omit):
        return
    if set(ids) <= set(page.table.paste.paragraphs):
        _paragraph(page, fields, ids)
    else:
        _field_cells(page, fields)
    page.row += 1


def _paragraph(page: _Page, fields: Sequence[HeaderField | PrintedField], ids: list[str]) -> None:
    """Running text: all labels and values in the first cell, what is merely printed at the far end."""
    printed = [page.label(field.print, field.print) for field in fields if isinstance(field, PrintedField)]
    named = [field for field in fields if isinstance(field, HeaderField)]
    texts = [page.label(field.id, field.label) + page.table.values.get(field.id, "") for field in named]
    rest = len(printed)
    page.put(0, page.width - rest, " ".join(texts), *ids)
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
    stub = grid.left
    left = stub + grid.stub_span
    if grid.header:
        top = page.row
        _heads(page, left, grid.columns, grid.head_rows)
        if grid.stub_span:
            page.put(stub, grid.stub_span, grid.head or "", first=top)
        page.row += 1
    for row in grid.rows:
        if isinstance(row, ListRow):
            _grid_lines(page, grid, row, left)
        else:
            _grid_row(page, grid, row, stub, left)
    if not grid.rows:
        _grid_row(page, grid, None, stub, left)
    if grid.side:
        _span(page, 0, page.label(grid.grid, grid.side), first, grid.left)


def _heads(page: _Page, left: int, columns: Sequence[Column], rows: int) -> None:
    """Every head on the first row that none stands above, the last row written being the lowest."""
    top = page.row
    page.row += rows - 1
    for column in columns:
        page.put(left, column.span, page.label(column.id, column.label), first=top + len(column.under))
        left += column.span
    bottom = page.row
    for level in range(rows - 1):
        page.row = top + level
        _upper_heads(page, left - sum(column.span for column in columns), columns, level)
    page.row = bottom


def _upper_heads(page: _Page, left: int, columns: Sequence[Column], level: int) -> None:
    """The heads of one level above others, each over the neighbours that share it."""
    for text, run in groupby(columns, lambda column: column.under[level] if level < len(column.under) else None):
        width = sum(column.span for column in run)
        if text is not None:
            page.put(left, width, text)
        left += width


def _pairs(page: _Page, block: PairsBlock) -> None:
    """Label and value side by side; the first row is labelled by the columns."""
    for number, row in enumerate(block.rows):
        left = 0
        for column in block.columns:
            named = column if number == 0 else row
            page.put(left, block.label_span, page.label(named.id, named.label))
            page.value(left + block.label_span, block.span, f"{row.id}.{column.id}")
            left += block.label_span + block.span
        page.row += 1


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
    left = side = block.left
    first = page.row
    for name, label, span in block.heads:
        page.put(left, span, page.label(name, label))
        left += span
    page.row += 1
    lines = list(zip(page.table.line_ids(block.list_id), page.table.lines[block.list_id], strict=True))
    for group in block.groups:
        page.begin(group.id)
        top = page.row
        for leaf in group.groups:
            if leaf.id in page.table.paste.page_breaks:
                top, first = _torn(page, block, group, top, first), page.row
            page.begin(leaf.id)
            _leaf(page, block, leaf.id, [(name, line) for name, line in lines if line.group == leaf.id], side)
        _span(page, side, page.label(group.id, group.label or group.id), top, block.level_spans[0])
    if block.side:
        _span(page, 0, page.label(block.list_id, block.side), first, block.left)


def _torn(page: _Page, block: ListBlock, group: Group, top: int, first: int) -> int:
    """Where the page ends the labels of group and side end too; Word prints them again on the next one."""
    if page.row > top:
        _span(page, block.left, page.label(group.id, group.label or group.id), top, block.level_spans[0])
    if block.side:
        _span(page, 0, page.label(block.list_id, block.side), first, block.left)
    page.breaks.append(page.row)
    return page.row


def _leaf(page: _Page, block: ListBlock, leaf: str, lines: list[tuple[str, Line]], side: int) -> None:
    top = page.row
    first, second, third = block.level_spans
    left = side + first + second
    for line_id, line in lines:
        page.put(left, third, line.name, f"{line_id}.{block.levels[-1]}")
        _line(page, line_id, line, left + third, block.columns)
    _span(page, side + first, page.label(leaf, _printed(block, leaf)), top, second)


def _printed(block: ListBlock, leaf: str) -> str:
    return next(
        subgroup.label or subgroup.id for group in block.groups for subgroup in group.groups if subgroup.id == leaf
    )


def _span(page: _Page, column: int, text: str, first: int, columns: int = 1) -> None:
    """A label merged down from `first` to the last row written."""
    page.row -= 1
    page.put(column, columns, text, first=first)
    page.row += 1


def _scores(page: _Page, block: ScoresBlock) -> None:
    """The heads and sections begin anew after every page break, as Word repeats them."""
    for number, indicators in enumerate(_pages(block.indicators, page.table.paste.page_breaks)):
        page.breaks += [page.row] if number else []
        for place, head in enumerate(block.heads):
            page.put(place, 1, page.label(head, head))
        page.row += 1
        for torn, part in enumerate(_pages(indicators, page.table.paste.torn)):
            page.breaks += [page.row] if torn else []
            _sections(page, block, part)
    if block.total is not None:
        _total(page, block, block.total)


def _pages(indicators: Sequence[Indicator], breaks: Sequence[str]) -> list[list[Indicator]]:
    pages: list[list[Indicator]] = [[]]
    for indicator in indicators:
        if indicator.id in breaks:
            pages.append([])
        pages[-1].append(indicator)
    return pages


def _sections(page: _Page, block: ScoresBlock, indicators: list[Indicator]) -> None:
    opened: list[tuple[str, int]] = []
    for indicator in indicators:
        page.begin(indicator.id)
        shared = _shared([name for name, _ in opened], indicator.under)
        _close(page, block, opened, shared)
        opened += [(name, page.row) for name in indicator.under[len(opened) :]]
        _indicator(page, block, indicator)
    _close(page, block, opened, 0)


def _shared(before: list[str], now: list[str]) -> int:
    """How many of the upper sections go on."""
    level = 0
    while level < min(len(before), len(now)) and before[level] == now[level]:
        level += 1
    return level


def _close(page: _Page, block: ScoresBlock, opened: list[tuple[str, int]], keep: int) -> None:
    """The label of every section that ends here, and its points where they have a column behind it."""
    while len(opened) > keep:
        name, first = opened.pop()
        column = block.order.index(block.levels[len(opened)])
        _span(page, column, page.label(name, name), first)
        if block.order[column + 1] in SECTION_POINTS:
            _span(page, column + 1, f"{block.sections[name]:f}", first)


def _indicator(page: _Page, block: ScoresBlock, indicator: Indicator) -> None:
    """With two printed labels 分值 stands on the first row and 得分 on the last, as the return has it."""
    first, column_of = page.row, block.order.index
    if block.has("分值"):
        page.value(column_of("分值"), 1, f"{indicator.id}.分值")
    for label in indicator.printed_labels:
        page.put(column_of(block.levels[-1]), 1, page.label(indicator.id, label))
        page.row += 1
    page.row -= 1
    page.put(column_of("评价标准"), 1, indicator.criterion, first=first)
    page.put(column_of("指标说明"), 1, explanation(page.form, indicator), first=first)
    page.value(column_of("得分"), 1, f"{indicator.id}.得分")
    page.row += 1


def _total(page: _Page, block: ScoresBlock, total: TotalRow) -> None:
    """One line of text, or a row of its own with the points of every column that has points."""
    label = page.label(TOTAL, total.label)
    if f"{TOTAL}.得分" in page.table.paste.paragraphs:
        page.put(0, page.width, label + page.table.values.get(f"{TOTAL}.得分", ""), f"{TOTAL}.得分")
        page.row += 1
        return
    columns = [place for place, name in enumerate(block.order) if name in ("分值", "得分", *SECTION_POINTS)]
    page.put(0, columns[0], label)
    for place in range(columns[0], page.width):
        name = block.order[place]
        if name in SECTION_POINTS:
            page.put(place, 1, f"{total.points:f}" if total.points is not None else "")
        elif place in columns:
            page.value(place, 1, f"{TOTAL}.{name}")
        else:
            page.put(place, 1, "")
    page.row += 1
