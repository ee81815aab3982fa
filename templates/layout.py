"""Where everything stands on the issued sheet: the definition's blocks laid out row by row.

Rows and columns count from 0. The same layout writes the template, finds the values again by address, and
tells every report which cell an item has.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gouji.templates.block_items import TOTAL
from gouji.templates.blocks import (
    CaptionBlock,
    Column,
    FieldsBlock,
    GridBlock,
    HeaderField,
    HeadingBlock,
    LeafGroup,
    ListBlock,
    ListRow,
    NoteBlock,
    PairsBlock,
    Row,
    TitleBlock,
)
from gouji.templates.form import Form
from gouji.templates.labels import normalised
from gouji.templates.scores_block import SECTION_POINTS, Indicator, ScoresBlock
from gouji.templates.scoring.explanation import explanation

Position = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Box:
    """One cell or merged range: what it is (`role`), what is printed in it, which value it holds.

    Roles: title, caption, label, head, side, note, text (printed, left-aligned), points (printed for a section),
    closed, fixed, input, computed, name (a list line's own name).
    """

    row: int
    column: int
    rows: int
    columns: int
    role: str
    text: str = ""
    item: str | None = None
    slot: int | None = None
    indent: int = 0
    height: int = 1


@dataclass(frozen=True, slots=True)
class Slot:
    """Room for one line of a list: where its name and its columns stand, and under which indicator."""

    name: Position
    columns: dict[str, Position]
    group: str | None = None


@dataclass
class Layout:
    """The issued sheet of a form for one year. `positions`: item → cell; `slots`: list → its lines."""

    boxes: list[Box] = field(default_factory=list)
    positions: dict[str, Position] = field(default_factory=dict)
    slots: dict[str, list[Slot]] = field(default_factory=dict)
    height: int = 0

    def labels(self) -> dict[Position, str]:
        """The printed labels that must stand where they are for the sheet to count as unaltered."""
        told = ("title", "label", "head", "side")
        return {(box.row, box.column): normalised(box.text) for box in self.boxes if box.role in told and box.text}

    def fingerprint(self) -> str:
        """A hash over labels and places: equal for equal templates."""
        lines = [f"{place}:{text}" for place, text in sorted(self.labels().items())]
        lines += [f"{item}@{place}" for item, place in sorted(self.positions.items())]
        lines += [f"{name}/{len(slots)}" for name, slots in sorted(self.slots.items())]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def lay_out(form: Form, year: int, slots: Mapping[str, int] | None = None) -> Layout:
    """The issued layout; `slots` gives the number of lines per list or per indicator where it differs."""
    return _Drafting(form, year, dict(slots or {})).layout


def with_year(text: str, year: int) -> str:
    """A label with {年} and {上年} filled in."""
    return text.replace("{年}", str(year)).replace("{上年}", str(year - 1))


class _Drafting:
    def __init__(self, form: Form, year: int, slots: dict[str, int]) -> None:
        self.form = form
        self.year = year
        self.slots = slots
        self.layout = Layout()
        self.width = len(form.definition.page.widths)
        for block in form.definition.blocks:
            self._block(block)

    def _block(self, block: object) -> None:
        match block:
            case TitleBlock(title=title):
                self._line("title", title)
            case HeadingBlock(heading=heading):
                self._line("head", heading)
            case CaptionBlock(caption=caption):
                self._line("caption", with_year(caption.print, self.year), caption.id)
            case NoteBlock(note=note):
                self._line("note", note)
            case FieldsBlock():
                self._fields(block)
            case GridBlock():
                self._grid(block)
            case PairsBlock():
                self._pairs(block)
            case ListBlock():
                self._list(block)
            case ScoresBlock():
                self._scores(block)
            case _:
                raise TypeError(f"no layout for {type(block).__name__}")

    def _line(self, role: str, text: str, item: str | None = None) -> None:
        self._put(0, 1, self.width, role, text, item=item)
        self.layout.height += 1

    def _put(
        self, column: int, rows: int, columns: int, role: str, text: str = "", *, row: int | None = None,
        item: str | None = None, slot: int | None = None, indent: int = 0, height: int = 1,
    ) -> Position:  # fmt: skip
        top = self.layout.height if row is None else row
        text = with_year(text, self.year)
        self.layout.boxes.append(Box(top, column, rows, columns, role, text, item, slot, indent, height))
        if item is not None and slot is None:
            self.layout.positions[item] = (top, column)
        return top, column

    def _fields(self, block: FieldsBlock) -> None:
        column = 0
        for given in block.fields:
            if isinstance(given, HeaderField):
                self._put(column, 1, given.label_span, "label", given.label or given.id, height=given.height)
                column += given.label_span
                self._put(column, 1, given.span, self._role(given.id), item=given.id, height=given.height)
            else:
                self._put(column, 1, given.span, "text", given.print)
            column += given.span
        self.layout.height += 1

    def _grid(self, grid: GridBlock) -> None:
        first = self.layout.height
        left = grid.left
        if grid.header:
            if grid.stub_span:
                self._put(left, grid.head_rows, grid.stub_span, "head", grid.head or "")
            end = self._columns(grid.columns, grid.head_rows, left + grid.stub_span)
            if grid.closed_span:
                self._put(end, grid.head_rows, grid.closed_span, "head")
            self.layout.height += grid.head_rows
        if not grid.rows:
            self._cells(grid, None, left)
        for row in grid.rows:
            if isinstance(row, ListRow):
                self._list_rows(grid, row, left)
            else:
                self._put(left, 1, grid.stub_span, "label", row.label or row.id, indent=row.indent)
                self._cells(grid, row, left)
        if grid.side:
            self._put(0, self.layout.height - first, grid.left, "side", grid.side, row=first)

    def _columns(self, columns: Sequence[Column], rows: int, column: int) -> int:
        """The heads in their rows from a sheet column on, those printed above several span them; the column behind."""
        open_heads: dict[int, tuple[str, int]] = {}
        for given in columns:
            depth = len(given.under)
            text = given.label or given.id
            self._put(column, rows - depth, given.span, "head", text, row=self.layout.height + depth)
            for level in range(rows - 1):
                text = given.under[level] if level < depth else ""
                begun = open_heads.get(level)
                if begun is not None and begun[0] != text:
                    self._over(level, *open_heads.pop(level), column)
                if text and level not in open_heads:
                    open_heads[level] = text, column
            column += given.span
        for level, (text, first) in open_heads.items():
            self._over(level, text, first, column)
        return column

    def _over(self, level: int, text: str, first: int, end: int) -> None:
        self._put(first, 1, end - first, "head", text, row=self.layout.height + level)

    def _pairs(self, block: PairsBlock) -> None:
        width = block.label_span + block.span
        for number, row in enumerate(block.rows):
            for place, given in enumerate(block.columns):
                label = (given.label or given.id) if number == 0 else (row.label or row.id)
                self._put(place * width, 1, block.label_span, "label", label)
                item = f"{row.id}.{given.id}"
                self._put(place * width + block.label_span, 1, block.span, self._role(item), item=item)
            self.layout.height += 1

    def _cells(self, grid: GridBlock, row: Row | None, left: int) -> None:
        column = left + grid.stub_span
        for given in grid.columns:
            item = given.id if row is None else f"{row.id}.{given.id}"
            if item in self.form.items:
                self._put(column, 1, given.span, self._role(item), item=item, height=grid.height)
            else:
                self._put(column, 1, given.span, "closed", row.closed.get(given.id, "") if row else "")
            column += given.span
        if grid.closed_span:
            self._put(column, 1, grid.closed_span, "closed")
        self.layout.height += 1

    def _role(self, item: str) -> str:
        if item in self.form.computed:
            return "computed"
        return "input" if self.form.items[item].fixed is None else "fixed"

    def _list_rows(self, grid: GridBlock, row: ListRow, left: int) -> None:
        slots = self.layout.slots.setdefault(row.list_id, [])
        for number in range(self.slots.get(row.list_id, row.slots)):
            name = self._put(left, 1, grid.stub_span, "name", item=row.list_id, slot=number, indent=row.indent)
            places: dict[str, Position] = {}
            column = left + grid.stub_span
            for given in grid.columns:
                item = f"{row.list_id}.{given.id}"
                places[given.id] = self._put(column, 1, given.span, "input", item=item, slot=number)
                column += given.span
            slots.append(Slot(name, places))
            self.layout.height += 1

    def _list(self, block: ListBlock) -> None:
        first = self.layout.height
        left = column = block.left
        for _, label, span in block.level_heads:
            self._put(column, block.head_rows, span, "head", label)
            column += span
        self._columns(block.columns, block.head_rows, column)
        self.layout.height += block.head_rows
        for group in block.groups:
            top = self.layout.height
            for leaf in group.groups:
                self._leaf(block, leaf, left)
            points = "" if group.points is None else f"\n（{group.points:f}分）"
            rows = self.layout.height - top
            self._put(left, rows, block.level_spans[0], "label", f"{group.label or group.id}{points}", row=top)
        if block.side:
            self._put(0, self.layout.height - first, block.left, "side", block.side, row=first)

    def _leaf(self, block: ListBlock, leaf: LeafGroup, left: int) -> None:
        top = self.layout.height
        slots = self.slots.get(leaf.id, leaf.slots)
        lines = self.layout.slots.setdefault(block.list_id, [])
        first, second, third = block.level_spans
        for _ in range(slots):
            number = len(lines)
            column = left + first + second
            name = self._put(column, 1, third, "name", item=block.list_id, slot=number)
            column += third
            places: dict[str, Position] = {}
            for given in block.columns:
                item = f"{block.list_id}.{given.id}"
                places[given.id] = self._put(column, 1, given.span, "input", item=item, slot=number)
                column += given.span
            lines.append(Slot(name, places, leaf.id))
            self.layout.height += 1
        self._put(left + first, slots, second, "label", leaf.label or leaf.id, row=top)

    def _scores(self, block: ScoresBlock) -> None:
        for column, label in enumerate(block.heads):
            self._put(column, 1, 1, "head", label)
        self.layout.height += 1
        first = self.layout.height
        rows: list[tuple[str, ...]] = []
        for indicator in block.indicators:
            self._indicator(block, indicator)
            rows += [tuple(indicator.under)] * len(indicator.printed_labels)
        for level, name in enumerate(block.levels[:-1]):
            for top, count, section in _runs([row[: level + 1] for row in rows]):
                self._section(block, section, name, first + top, count)
        if block.total is not None:
            self._total(block)

    def _section(self, block: ScoresBlock, section: str, level: str, row: int, rows: int) -> None:
        """The label of a section, its points in brackets or in the column behind it."""
        points = f"{block.sections[section]:f}"
        beside = f"{level[:2]}分值"
        if beside in block.order:
            self._put(block.order.index(level), rows, 1, "label", section, row=row)
            self._put(block.order.index(beside), rows, 1, "points", points, row=row)
        else:
            self._put(block.order.index(level), rows, 1, "label", f"{section}\n（{points}分）", row=row)

    def _indicator(self, block: ScoresBlock, indicator: Indicator) -> None:
        span = len(indicator.printed_labels)
        top = self.layout.height
        points = f"\n（{indicator.points:f}分）" if block.points_in == "label" else ""
        for offset, label in enumerate(indicator.printed_labels):
            self._put(block.order.index(block.levels[-1]), 1, 1, "label", f"{label}{points}", row=top + offset)
        texts = {"评价标准": indicator.criterion, "指标说明": explanation(self.form, indicator), **indicator.printed}
        for column in block.columns:
            place = block.order.index(column.id)
            if column.id in texts:
                self._put(place, span, 1, "text", texts[column.id])
            elif (item := f"{indicator.id}.{column.id}") in self.form.items:
                self._put(place, span, 1, self._role(item), item=item)
        self.layout.height += span

    def _total(self, block: ScoresBlock) -> None:
        """The total row: its label over the levels, printed points (of sections too), the self-score."""
        total = block.total
        assert total is not None
        besides = [name for name in block.order if name in SECTION_POINTS]
        levels = block.order.index(besides[0] if besides else block.levels[-1]) + (0 if besides else 1)
        self._put(0, 1, levels, "label" if total.label else "closed", total.label)
        for place in range(levels, len(block.order)):
            item = f"{TOTAL}.{block.order[place]}"
            if item in self.form.items:
                self._put(place, 1, 1, self._role(item), item=item)
            elif block.order[place] in besides and total.points is not None:
                self._put(place, 1, 1, "points", f"{total.points:f}")
            else:
                self._put(place, 1, 1, "closed")
        self.layout.height += 1


def _runs(keys: list[tuple[str, ...]]) -> list[tuple[int, int, str]]:
    """Stretches of equal keys as (first, length, last part of the key)."""
    runs: list[tuple[int, int, str]] = []
    for place, key in enumerate(keys):
        if place and key == keys[place - 1]:
            first, count, name = runs[-1]
            runs[-1] = (first, count + 1, name)
        else:
            runs.append((place, 1, key[-1]))
    return runs
