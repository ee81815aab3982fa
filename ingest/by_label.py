"""The slow path: a table found by its labels wherever it stands, as when it was pasted from Word.

Labels decide. A block's head row gives the columns, the labels at its left the rows; a value may stand in any
cell that its column's head spans, and in any row that its label spans.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from ingest.grid import Sheet
from ingest.located import Line, Located, Place
from templates.definition import (
    SECTION_POINTS,
    CaptionBlock,
    Column,
    FieldsBlock,
    GridBlock,
    HeaderField,
    HeadingBlock,
    ListBlock,
    ListRow,
    PairsBlock,
    Row,
    ScoresBlock,
    TitleBlock,
    TotalRow,
)
from templates.form import TOTAL, Form
from templates.labels import normalised, printed_years, squeezed

Columns = dict[str, tuple[int, int]]
"""Column id → first and last sheet column of its head."""

_ENOUGH_HEADS = 0.6


@dataclass
class Region:
    """The rows of a sheet in which one table is looked for, with its texts normalised once."""

    sheet: Sheet
    first: int
    last: int
    texts: dict[int, dict[int, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for row in range(self.first, self.last + 1):
            cells = {
                column: normalised(value)
                for column, value in enumerate(self.sheet.rows[row])
                if isinstance(value, str) and value.strip()
            }
            if cells:
                self.texts[row] = cells

    @cached_property
    def words(self) -> set[str]:
        """Every label in the region."""
        return {text for cells in self.texts.values() for text in cells.values()}

    @cached_property
    def _merges(self) -> dict[tuple[int, int], tuple[int, int]]:
        return {(top, left): (bottom, right) for top, left, bottom, right in self.sheet.merges}

    def end_of(self, row: int, column: int) -> tuple[int, int]:
        """Last row and column of the merged range that begins here, else the cell itself."""
        return self._merges.get((row, column), (row, column))


@lru_cache(maxsize=256)
def label_words(form: Form) -> frozenset[str]:
    """The labels by which a form is recognised, normalised."""
    found: set[str] = set()
    for block in form.definition.blocks:
        if isinstance(block, FieldsBlock):
            found |= {one.label or one.id for one in block.fields if isinstance(one, HeaderField) and one.required}
        elif not isinstance(block, HeadingBlock):
            found |= _block_words(block)
    return frozenset(normalised(_plain(text)) for text in found)


def _block_words(block: object) -> set[str]:
    """Every label that a block prints, as the definition has it."""
    match block:
        case HeadingBlock(heading=heading):
            return {heading}
        case FieldsBlock(fields=fields):
            return {one.label or one.id for one in fields if isinstance(one, HeaderField)}
        case GridBlock(header=header, columns=columns, rows=rows):
            heads = {column.label or column.id for column in columns} if header else set()
            return heads | {row.label or row.id for row in rows if isinstance(row, Row)}
        case PairsBlock(columns=columns, rows=rows):
            return {one.label or one.id for one in columns} | {one.label or one.id for one in rows[1:]}
        case ListBlock(heads=heads, groups=groups):
            leaves = {leaf.label or leaf.id for group in groups for leaf in group.groups}
            return {label for _, label, _ in heads} | leaves
        case ScoresBlock(indicators=indicators, heads=heads):
            return {*heads, *(text for one in indicators for text in one.printed_labels)}
        case _:
            return set()


def by_label(form: Form, region: Region, number: int) -> Located:
    """The table as far as its labels are there; `missing` names the labels that are not."""
    located = Located(form, region.sheet, number, "found", (region.first, region.last))
    words = label_words(form)
    located.missing = sorted(words - region.words)
    located.share = 1 - len(located.missing) / len(words)
    finder = _Finder(form, region, located)
    blocks = form.definition.blocks
    for place, block in enumerate(blocks):
        later = {normalised(_plain(text)) for other in blocks[place + 1 :] for text in _block_words(other)}
        finder.find(block, later)
    located.absent = [
        item.id
        for spec in form.lists.values()
        for column, item in spec.columns.items()
        if column not in finder.listed.get(spec.id, ())
    ]
    return located


def _plain(label: str) -> str:
    """A definition's label as any year prints it."""
    return label.replace("{年}", "2000").replace("{上年}", "1999")


def _leaves_room(label: str, column: int, right: int) -> bool:
    """A label over several columns that ends with a colon (`填报单位：`): its value was to stand behind it."""
    return right > column and squeezed(label).endswith(":")


class _Finder:
    """Walks the form's blocks down one region; `row` is the first row not yet used up."""

    def __init__(self, form: Form, region: Region, located: Located) -> None:
        self.form = form
        self.region = region
        self.located = located
        self.row = region.first
        self.columns: Columns = {}
        self.stub_end = 0
        self.later: set[str] = set()
        self.listed: dict[str, set[str]] = {}

    def find(self, block: object, later: set[str]) -> None:
        """Find what a block holds; `later` are the labels of the blocks behind it."""
        self.later = later
        match block:
            case TitleBlock(title=title) if "{年}" in title:
                self._title_year()
            case CaptionBlock(caption=caption):
                self._caption(caption.id)
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
                pass

    def _caption(self, item: str) -> None:
        for row, column, value in self._text_cells(self.region.first):
            if re.fullmatch(r"[(\[]?(?:\d{4})?年度?[)\]]?", squeezed(value)):
                self.located.places[item] = Place((row, column, row, column))
                return

    def _title_year(self) -> None:
        """The year in the title, with which the region begins."""
        told = [printed_years(value) for _, _, value in self._text_cells(self.region.first)][:1]
        if told and told[0]:
            self.located.printed_year = told[0][0]

    def _fields(self, block: FieldsBlock) -> None:
        given = [one for one in block.fields if isinstance(one, HeaderField)]
        labels = {one.id: squeezed(one.label or one.id).rstrip(":") for one in given}
        for item, label in labels.items():
            others = [other for other in labels.values() if other != label]
            place = self._beside(label) or self._within(label, others) or self._led(label)
            if place is not None:
                self.located.places[item] = place

    def _beside(self, label: str) -> Place | None:
        """A label in a cell of its own: the value stands in the next cell to its right."""
        for row, column, value in self._text_cells(self.row):
            if squeezed(value).rstrip(":") == label:
                bottom, right = self.region.end_of(row, column)
                end = self.region.end_of(row, right + 1)[1]
                follows = right + 1 < self.region.sheet.width
                if follows and not self._anything(row, right + 1, end) and (behind := self._behind(row, end + 1)):
                    return behind
                if follows and (self._anything(row, right + 1, end) or not _leaves_room(value, column, right)):
                    return Place((row, right + 1, bottom, end))
                return Place((row, column, row, column), after=label)
        return None

    def _behind(self, row: int, first: int) -> Place | None:
        """The next text in the row, if it is no label: a blank column may stand between a label and its value."""
        texts = self.region.texts.get(row, {})
        column = min((at for at in texts if at >= first), default=None)
        if column is None or texts[column] in label_words(self.form) or ":" in texts[column]:
            return None
        return Place((row, column, row, column))

    def _within(self, label: str, others: list[str]) -> Place | None:
        """A label and its value in one cell: 填报单位：某某局."""
        for row, column, value in self._text_cells(self.row):
            if f"{label}:" in squeezed(value):
                return Place((row, column, row, column), after=label, before=tuple(others))
        return None

    def _led(self, label: str) -> Place | None:
        """A label that leads its value in one cell with only a gap between them: 项目名称  某某项目."""
        led = re.compile(r"\s*".join(map(re.escape, label)) + r"\s+\S")
        for row, column, value in self._text_cells(self.row):
            if led.match(unicodedata.normalize("NFKC", value).strip()):
                return Place((row, column, row, column), after=label)
        return None

    def _text_cells(self, first: int) -> list[tuple[int, int, str]]:
        rows = self.region.texts
        return [
            (row, column, str(self.region.sheet.rows[row][column]))
            for row in rows
            if row >= first
            for column in rows[row]
        ]

    def _head(self, labels: list[tuple[str, str]], first: int, depth: int = 1) -> tuple[int, Columns] | None:
        """Where, from row `first` on, most heads stand (within `depth` rows), and the columns that they span.

        The row is the last one that the heads take.
        """
        best: tuple[int, Columns] | None = None
        for row in self.region.texts:
            if row < first:
                continue
            columns = self._matched(row, labels, depth)
            if len(columns) >= max(1, _ENOUGH_HEADS * len(labels)) and (best is None or len(columns) > len(best[1])):
                best = row + depth - 1, columns
                if len(columns) == len(labels):
                    break
        return best

    def _matched(self, row: int, labels: list[tuple[str, str]], depth: int = 1) -> Columns:
        """Heads found from one row down, in their order, so that two heads of one name are told apart by place."""
        found: Columns = {}
        rows = [(at, self.region.texts.get(at, {})) for at in range(row, row + depth)]
        free = sorted({column for _, cells in rows for column in cells})
        for name, label in labels:
            match = next(((at, c) for c in free for at, cells in rows if cells.get(c) == label), None)
            if match is not None:
                at, column = match
                free = [other for other in free if other > column]
                found[name] = (column, self.region.end_of(at, column)[1])
        return found

    def _note_year(self, row: int, columns: list[Column], found: Columns) -> None:
        for column in columns:
            label = column.label or ""
            if column.id in found and "{" in label:
                printed = printed_years(str(self.region.sheet.rows[row][found[column.id][0]]))
                if printed and self.located.printed_year is None:
                    self.located.printed_year = printed[0] + (1 if "{上年}" in label else 0)

    def _grid(self, grid: GridBlock) -> None:
        if grid.header:
            labels = [(column.id, normalised(_plain(column.label or column.id))) for column in grid.columns]
            head = self._head(labels, self.row, grid.head_rows)
            if head is None:
                return
            row, self.columns = head
            self.stub_end = min(first for first, _ in self.columns.values())
            self._note_year(row, grid.columns, self.columns)
            self.row = row + 1
        if grid.rows:
            self._labelled_rows(grid)
        else:
            self._unlabelled_row(grid)

    def _pairs(self, block: PairsBlock) -> None:
        """Label and value side by side: the heads of the first row tell where every value stands."""
        labels = [(column.id, normalised(column.label or column.id)) for column in block.columns]
        head = self._head(labels, self.row)
        if head is None:
            return
        row, heads = head
        starts = sorted(first for first, _ in heads.values())
        for name, (first, last) in heads.items():
            following = [start for start in starts if start > first]
            self.columns[name] = last + 1, min(following, default=last + 2) - 1
        self.stub_end = self.region.sheet.width
        for number, given in enumerate(block.rows):
            at = row if number == 0 else self._row_of(normalised(given.label or given.id), self.row)
            if at is not None:
                for column in heads:
                    self._place(f"{given.id}.{column}", at, at, column)
                self.row = at + 1

    def _unlabelled_row(self, grid: GridBlock) -> None:
        """The first row under the heads that holds anything in their columns, else the very next one."""
        spans = list(self.columns.values())
        limit = self._next_known_label(self.row)
        filled = (row for row in range(self.row, limit) if any(self._anything(row, *span) for span in spans))
        row = next(filled, self.row)
        for column in grid.columns:
            if column.id in self.columns:
                self._place(column.id, row, row, column.id)
        self.row = row + 1

    def _next_known_label(self, first: int) -> int:
        words = label_words(self.form)
        for row, cells in self.region.texts.items():
            if row >= first and any(text in words for text in cells.values()):
                return row
        return self.region.last + 1

    def _labelled_rows(self, grid: GridBlock) -> None:
        rows = grid.rows
        found: dict[int, int] = {-1: self.row - 1}
        for place, row in enumerate(rows):
            if isinstance(row, Row):
                at = self._row_of(normalised(row.label or row.id), self.row)
                if at is not None:
                    found[place] = at
                    self.row = at + 1
                    self._row_items(grid, row, at)
        for place, row in enumerate(rows):
            if isinstance(row, ListRow) and place - 1 in found:
                after = [at for other, at in found.items() if other > place]
                first = found[place - 1] + 1
                end = min(after) if after else self._end(first)
                self.listed[row.list_id] = set(self.columns)
                self._grid_lines(grid, row, first, end)
                self.row = max(self.row, end)

    def _row_of(self, label: str, first: int) -> int | None:
        for row, cells in self.region.texts.items():
            if row >= first and any(text == label and column < self.stub_end for column, text in cells.items()):
                return row
        return None

    def _row_items(self, grid: GridBlock, row: Row, at: int) -> None:
        for column in grid.columns:
            item = f"{row.id}.{column.id}"
            if item in self.form.items and column.id in self.columns:
                self._place(item, at, at, column.id)

    def _grid_lines(self, grid: GridBlock, row: ListRow, first: int, end: int) -> None:
        spec = self.form.lists[row.list_id]
        for at in range(first, end):
            columns = {column.id: self._span(at, at, column.id) for column in grid.columns if column.id in self.columns}
            name = Place((at, 0, at, max(self.stub_end - 1, 0)))
            self.located.lines.append(Line(spec.id, name, columns))

    def _list(self, block: ListBlock) -> None:
        labels = [(name, normalised(label)) for name, label, _ in block.heads]
        head = self._head(labels, self.row)
        if head is None:
            return
        row, self.columns = head
        self.listed[block.list_id] = set(self.columns)
        self.stub_end = self.columns.get(block.columns[0].id, (0, 0))[0]
        end = self._end(row + 1)
        self._list_lines(block, row + 1, end, labels)
        self.row = end

    def _end(self, first: int) -> int:
        """Where lines end: at the first label of a later block, alone or with its value behind a colon."""
        for row, cells in self.region.texts.items():
            if row >= first and any(
                text in self.later or text.partition(":")[0] in self.later for text in cells.values()
            ):
                return row
        return self.region.last + 1

    def _list_lines(self, block: ListBlock, first: int, end: int, labels: list[tuple[str, str]]) -> None:
        spec = self.form.lists[block.list_id]
        name_column = self.columns.get(block.levels[-1])
        if name_column is None:
            return
        leaves = {normalised(leaf.label or leaf.id): leaf.id for group in block.groups for leaf in group.groups}
        leaf = ""
        for row in range(first, end):
            cells = self.region.texts.get(row, {})
            if len(self._matched(row, labels)) >= _ENOUGH_HEADS * len(labels):
                continue
            above = [leaves[text] for column, text in cells.items() if text in leaves and column < name_column[0]]
            leaf = above[0] if above else leaf
            columns = {
                column.id: self._span(row, row, column.id) for column in block.columns if column.id in self.columns
            }
            levels = dict(zip(block.levels[:-1], (spec.groups.get(leaf, ""), leaf), strict=True))
            self.located.lines.append(Line(spec.id, Place((row, name_column[0], row, name_column[1])), columns, levels))

    def _scores(self, block: ScoresBlock) -> None:
        labels = [(name, normalised(head)) for name, head in zip(block.order, block.heads, strict=True)]
        head = self._head(labels, self.row)
        if head is None:
            return
        row, self.columns = head
        self.located.printed_columns += [self.columns[name] for name in SECTION_POINTS if name in self.columns]
        behind = block.order[block.order.index(block.levels[-1]) + 1 :]
        self.stub_end = min((self.columns[name][0] for name in behind if name in self.columns), default=0)
        self.row = row + 1
        for indicator in block.indicators:
            found = (self._row_of(normalised(text), self.row) for text in indicator.printed_labels)
            rows = [at for at in found if at is not None]
            if rows:
                self._row_places(indicator.id, min(rows), max(rows))
                self.row = max(rows) + 1
        if block.total is not None:
            self._score_total(block.total)

    def _score_total(self, total: TotalRow) -> None:
        if total.inline:
            place = self._within(squeezed(total.label).rstrip(":"), [])
            if place is not None:
                self.located.places[f"{TOTAL}.得分"] = place
            return
        at = self._row_of(normalised(total.label), self.row) if total.label else self._first_filled("得分")
        if at is not None:
            self._row_places(TOTAL, at, at)
            self.row = at + 1

    def _first_filled(self, column: str) -> int | None:
        """The first row from here on that holds anything in a column."""
        if column not in self.columns:
            return None
        rows = range(self.row, self.region.last + 1)
        return next((row for row in rows if self._anything(row, *self.columns[column])), None)

    def _row_places(self, name: str, first: int, last: int) -> None:
        """分值 and 得分 of an indicator or the total."""
        for column in ("分值", "得分"):
            if f"{name}.{column}" in self.form.items and column in self.columns:
                self._place(f"{name}.{column}", first, last, column)

    def _span(self, first: int, last: int, column: str) -> Place:
        left, right = self.columns[column]
        return Place((first, left, last, right))

    def _place(self, item: str, first: int, last: int, column: str) -> None:
        self.located.places[item] = self._span(first, last, column)

    def _anything(self, row: int, left: int, right: int) -> bool:
        return any(self.region.sheet.raw(row, column) is not None for column in range(left, right + 1))
