"""Every figure in the rows of a located table is accounted for: read into an item, printed, or not read.

Nothing is searched or read here: the figures that locating and reading left over are classified. So no figure vanishes,
whichever way its table was located.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from gouji.ingest.grid import Sheet
from gouji.ingest.locating.figure_cells import figure_cells, is_figure
from gouji.ingest.locating.lacking_blocks import LackingBlocks
from gouji.ingest.locating.located import Located, Place, Position
from gouji.ingest.locating.own_columns import OwnColumns
from gouji.ingest.locating.parts import is_of_which, is_sum_row
from gouji.ingest.locating.printed import Printed
from gouji.ingest.values import Values
from gouji.templates.selfcheck.names import flag_columns

MOST_NAMED = 200
"""Cells that are named of one table: nobody reads more, and the count is reported as well."""


@dataclass(slots=True)
class Account:
    """The figures of one table, classified: counts, and the cells of figures that were not read.

    `read` + `printed` + `unread` are all its figure cells. `in_block`: unread ones that may belong to a block of the
    table (a row or a column that the form does not have); `crowded`: unread ones in a field of which another cell was
    read, as when a merge was taken apart; `extra`: in columns that the form does not have, as their heads say
    (`extra_heads`); `beside`: all further unread figures. `asked`: figures of `in_block` and `beside` that may be what
    the form asks for, since their block lacks a row or a column. `absent`: figure items whose place was not found.
    """

    read: int = 0
    printed: int = 0
    unread: int = 0
    absent: int = 0
    in_block: list[str] = field(default_factory=list)
    crowded: list[str] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)
    extra_heads: list[str] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


def account(located: Located, values: Values, covered: Collection[str]) -> Account:
    """The account of a table whose values were collected; fields with another figure in them become `ambiguous`.

    `covered`: cells under merges. Nobody sees them, so they are no second figure; they are named apart (T-16).
    """
    figures = figure_cells(located.sheet, *located.rows)
    read_cells = set(values.cell)
    remaining = [at for at in figures if located.sheet.address(*at) not in read_cells]
    result = Account(read=len(figures) - len(remaining), absent=_absent(located))
    if not remaining:
        return result
    remainder = _Rest(located, values)
    # A calculated 自查 has hundreds of flags, which are told at once; what is printed has to be looked for.
    unread = [at for at in remaining if not (_live(located, at) or remainder.printed.holds(at))]
    result.printed, result.unread = len(remaining) - len(unread), len(unread)
    fields, under, columns = remainder.fields, set(covered), OwnColumns(located)
    for at in unread:
        name = located.sheet.address(*at)
        if name in under:
            continue
        if at in fields:
            values.state[fields[at]] = "ambiguous"
            _add(result.crowded, name)
        elif head := columns.head(at):
            _add(result.extra, name)
            result.extra_heads += [head] if head not in result.extra_heads else []
        else:
            _add(result.in_block if remainder.may_belong(at) else result.beside, name)
            if remainder.lacking.may_stand_in(at[0]):
                _add(result.asked, name)
    return result


def figures_elsewhere(located: Located) -> bool:
    """Whether figures stand in the rows of a table in which nothing was filled in, beside those that were printed."""
    item_cells = {place.span[:2] for place in located.places.values()}
    printed = {} if located.issued is None else located.issued.figures
    figures = (at for at in figure_cells(located.sheet, *located.rows) if not _live(located, at))
    return any(at not in item_cells and at not in printed for at in figures)


def _live(located: Located, at: Position) -> bool:
    """Whether the figure is a flag of the live 自查 beside an issued table, once a program has calculated it."""
    if located.issued is None:
        return False
    return at[1] in flag_columns(len(located.form.definition.page.widths))


def unread_rows(sheet: Sheet, first: int, last: int) -> Account:
    """The account of rows in which no table was found; no cells are named."""
    figures = figure_cells(sheet, first, last)
    printed = Printed(sheet, (first, last))
    unread = sum(not printed.holds(at) for at in figures)
    return Account(printed=len(figures) - unread, unread=unread)


def _add(names: list[str], name: str) -> None:
    if len(names) < MOST_NAMED:
        names.append(name)


def _absent(located: Located) -> int:
    if located.issued is not None:
        return 0
    fixed = sum(item.is_figure and item.id not in located.places for item in located.form.items.values())
    return fixed + len(located.absent)


class _Rest:
    """What a table has around the figures that were not read: its fields, its rows and columns, its labels."""

    def __init__(self, located: Located, values: Values) -> None:
        self.located = located
        self.sheet: Sheet = located.sheet
        self.values = values
        self._first_labels: dict[int, int] = {}

    @cached_property
    def printed(self) -> Printed:
        located = self.located
        return Printed(
            self.sheet,
            located.rows,
            figure_rows={place.span[0] for place in self._figures},
            left=min((place.span[1] for place in self._figures), default=None),
            columns=located.printed_columns,
            issued=None if located.issued is None else located.issued.figures,
        )

    @cached_property
    def _figures(self) -> list[Place]:
        """The places of all figures, blank ones too."""
        located, form = self.located, self.located.form
        fixed = [place for item, place in located.places.items() if form.items[item].is_figure]
        return fixed + [
            place
            for line in located.lines
            for column, place in line.columns.items()
            if form.lists[line.list_id].columns[column].is_figure
        ]

    @cached_property
    def fields(self) -> dict[Position, int]:
        """Cell of a figure's field → the index of the value that was read from another cell of it."""
        index = {cell: at for at, cell in enumerate(self.values.cell) if cell is not None}
        return {
            (row, column): index[read]
            for place in self._fields()
            if (read := self._read_in(place, index)) is not None
            for row, column in _cells(place)
            if self.sheet.address(row, column) != read
        }

    def _fields(self) -> Iterable[Place]:
        """The whole fields of figures: on an issued sheet as they were merged."""
        issued = self.located.issued
        if issued is None:
            return self._figures
        return [Place(issued.spans.get(place.span[:2], place.span)) for place in self._figures]

    def _read_in(self, place: Place, index: dict[str, int]) -> str | None:
        top, left, bottom, right = place.span
        if (top, left) == (bottom, right):
            return None
        return next((name for at in _cells(place) if (name := self.sheet.address(*at)) in index), None)

    @cached_property
    def lacking(self) -> LackingBlocks:
        """Where what the form asks for was not found."""
        return LackingBlocks(self.located)

    @cached_property
    def _rows(self) -> set[int]:
        return {row for place in self._figures for row in range(place.span[0], place.span[2] + 1)}

    @cached_property
    def _line_rows(self) -> set[int]:
        """The rows of lines, also of lists without figures: any further cell there belongs to the lines."""
        return {line.name.span[0] for line in self.located.lines}

    @cached_property
    def _columns(self) -> set[int]:
        return {column for place in self._fields() for column in range(place.span[1], place.span[3] + 1)}

    @cached_property
    def _first_rows(self) -> dict[int, int]:
        """Column → the first row in which a field of figures stands there."""
        first: dict[int, int] = {}
        for place in self._fields():
            for column in range(place.span[1], place.span[3] + 1):
                first[column] = min(first.get(column, place.span[0]), place.span[0])
        return first

    def may_belong(self, at: Position) -> bool:
        """Whether a figure may belong to a block: in a row of its own under known heads, or in a column of its own."""
        row, column = at
        if self._part_behind_all(row) or self._sums_up(row):
            return False
        if self.located.issued is not None:
            return row >= self.located.issued.height and column in self._columns and self._labelled(row)
        if row in self._rows:
            return column not in self._columns and self._headed(row, column)
        if row in self._line_rows:
            return False
        if column not in self._columns or self._over_the_heads(row, column):
            return False
        return self._labelled(row) or min(self._rows) < row < max(self._rows)

    def _over_the_heads(self, row: int, column: int) -> bool:
        """Whether a figure stands above all that was read in its column, and a head of that beneath it."""
        between = range(row + 1, self._first_rows.get(column, row))
        return any(_is_label(self.sheet.raw(below, column)) for below in between if self.sheet.raw(below, column))

    def _part_behind_all(self, row: int) -> bool:
        """Whether a row below all rows that were read is labelled as a part of the rows above: 其中：产出小计."""
        texts = (value for value in self.sheet.rows[row] if _is_label(value) and str(value).strip())
        return row > max(self._rows, default=row) and is_of_which(str(next(texts, "")))

    def _sums_up(self, row: int) -> bool:
        """Whether the label of a row is that of a subtotal (产出指标小计): it can be no part of the total."""
        return any(_is_label(value) and is_sum_row(str(value)) for value in self.sheet.rows[row])

    def _labelled(self, row: int) -> bool:
        return any(isinstance(value, str) and value.strip() and not is_figure(value) for value in self.sheet.rows[row])

    def _headed(self, row: int, column: int) -> bool:
        """Whether a text stands above in the column, within the table and among its columns."""
        if not self._columns or not min(self._columns) < column < max(self._columns):
            return False
        if column not in self._first_labels:
            rows = range(self.located.rows[0], self.located.rows[1] + 1)
            texts = (above for above in rows if _is_label(self.sheet.raw(above, column)))
            self._first_labels[column] = next(texts, self.sheet.height)
        return self._first_labels[column] < row


def _is_label(value: object) -> bool:
    return isinstance(value, str) and not is_figure(value)


def _cells(place: Place) -> Iterator[Position]:
    top, left, bottom, right = place.span
    return ((row, column) for row in range(top, bottom + 1) for column in range(left, right + 1))
