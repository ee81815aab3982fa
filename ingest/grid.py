"""A sheet as it stands in the file: values, what kind each is, and nothing about what it means."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from gouji.ingest.figures.quotients import Quotient
from gouji.templates.addresses import TableRows, cell_name, cell_position, on_sheet, with_sheet

PICTURE = "（图片）"
"""What is said of a cell in which nothing but a picture stands."""
_DATES = (datetime.date, datetime.time, datetime.timedelta)


class Kind(StrEnum):
    """What stands in a cell."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    BOOLEAN = "boolean"
    ERROR = "error"
    UNCALCULATED = "uncalculated"
    BLANK = "blank"
    # Looks blank, but may be an error or a formula without a value; or is 0 where "" may be meant.
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Further:
    """Rows of a view that stand on another sheet: from `first` on, where row `origin` of that sheet is. `naming`: how
    that sheet calls its cells, as in `Sheet`."""

    first: int
    sheet: str
    origin: int
    naming: TableRows | None = None


@dataclass(slots=True)
class Sheet:
    """One worksheet. All positions are 0-based (row, column), counted from A1.

    `rows[r][c]` is the cell at (r, c): `""` where calamine found nothing. `special` holds the cells that look blank
    there and are not (ERROR with its text, UNCALCULATED with its formula), `formats` the number format codes of
    numeric cells other than General, `merges` inclusive (first row, first column, last row, last column), `widths`
    the column widths that are stated, in characters, `formulas` the cells that hold one, `quotients` those of them
    that divide, `contradicted` those whose stored result is another figure than they yield, with what they yield,
    `validated` the places of entry rules, `hidden_rows` and `hidden_columns` what is not shown, by whatever means;
    `unseen` the cells whose style shows nothing of their value, `blank_zeros` whether zeros are shown as blanks.
    `told` is False where errors and formulas without a value could not be told from blanks, nor formulas from figures:
    a blank is UNKNOWN then. `further`: where rows of the view stand that are another sheet's. `naming`: how the cells
    of a table in a document are called; None: by letters and numbers. `adjoins`: whether nothing stands between it and
    the table before.
    """

    name: str
    hidden: bool
    rows: list[list[object]]
    special: dict[tuple[int, int], tuple[Kind, str]] = field(default_factory=dict)
    formats: dict[tuple[int, int], str] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    told: bool = True
    widths: dict[int, float] = field(default_factory=dict)
    formulas: set[tuple[int, int]] = field(default_factory=set)
    quotients: dict[tuple[int, int], Quotient] = field(default_factory=dict)
    validated: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    unseen: set[tuple[int, int]] = field(default_factory=set)
    blank_zeros: bool = False
    further: tuple[Further, ...] = ()
    naming: TableRows | None = None
    adjoins: bool = False
    contradicted: dict[tuple[int, int], Decimal] = field(default_factory=dict)

    @property
    def height(self) -> int:
        """Number of rows, from row 1 to the last one that holds anything."""
        return len(self.rows)

    @property
    def width(self) -> int:
        """Number of columns, from column A to the last one that holds anything."""
        return len(self.rows[0]) if self.rows else 0

    def raw(self, row: int, column: int) -> object:
        """The value at (row, column); None when it is blank, empty text, or outside the sheet."""
        if row < 0 or column < 0 or row >= len(self.rows):
            return None
        line = self.rows[row]
        if column >= len(line):
            return None
        value = line[column]
        return None if value == "" else value

    def kind(self, row: int, column: int) -> Kind:
        """What stands at (row, column)."""
        told = self.special.get((row, column))
        if told is not None:
            return told[0]
        value = self.raw(row, column)
        if value is None:
            return Kind.BLANK if self.told else Kind.UNKNOWN
        if isinstance(value, str):
            return Kind.TEXT
        if isinstance(value, bool):  # before the numbers: a bool is an int to Python
            return Kind.BOOLEAN
        return Kind.DATE if isinstance(value, _DATES) else Kind.NUMBER

    def address(self, row: int, column: int) -> str:
        """What a cell is called: `B7`, or `续表!B7` where it stands on another sheet than the first row."""
        if not self.further or row < self.further[0].first:
            return _called(row, column, self.naming)
        part = next(one for one in reversed(self.further) if one.first <= row)
        return with_sheet(part.sheet, _called(row - part.first + part.origin, column, part.naming))

    def position(self, address: str) -> tuple[int, int]:
        """The reverse of `address`."""
        sheet, cell = on_sheet("", address)
        row, column = cell_position(cell)
        part = next((one for one in self.further if one.sheet == sheet), None)
        naming = self.naming if part is None else part.naming
        row = row if naming is None else naming.row(row)
        return (row if part is None else row - part.origin + part.first), column

    @property
    def hides_anything(self) -> bool:
        """Whether some cell of it may not be shown, by whatever means."""
        return bool(self.hidden or self.hidden_rows or self.hidden_columns or self.unseen or self.blank_zeros)

    def hides(self, row: int, column: int) -> bool:
        """Whether nobody sees what stands at (row, column)."""
        if self.hidden or row in self.hidden_rows or column in self.hidden_columns or (row, column) in self.unseen:
            return True
        return self.blank_zeros and self.raw(row, column) == 0

    def number_format(self, row: int, column: int) -> str | None:
        """The number format code of a numeric cell; None for General or when the file cannot tell."""
        return self.formats.get((row, column))


@dataclass(slots=True)
class Workbook:
    """The worksheets of one file in their order; chart and macro sheets are left out.

    `file_kind` is what the content is: xlsx, xls, ods, et, xlsb, docx or pdf. `notes` are Chinese remarks about
    the file as a whole (macros present, extension that does not fit, …). `paragraphs`: those with text outside of
    tables, in their order; a workbook has none.
    """

    sheets: list[Sheet]
    file_kind: str
    notes: list[str] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)


def _called(row: int, column: int, naming: TableRows | None) -> str:
    return cell_name(row, column) if naming is None else naming.name(row, column)


def tells_unread(note: str) -> bool:
    """Whether a remark on a file says that something of it was not read."""
    return "没有读取" in note or "未读" in note
