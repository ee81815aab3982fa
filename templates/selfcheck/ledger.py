"""The hidden calculation sheet: short formulas, each of which later ones may refer to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal

from xlsxwriter import Workbook

from gouji.templates.addresses import cell_name, column_name, quoted_sheet
from gouji.templates.blanks import NO_NAME, NOT_APPLICABLE, OTHER_SHAPES, SIGNS
from gouji.templates.exact import plain
from gouji.templates.live import write_live_column
from gouji.templates.selfcheck.names import LEDGER_SHEET
from gouji.templates.units import PLAIN
from gouji.templates.write import add_sheet, number_texts, write_text

VALUE, LOW, HIGH, STATE, UNIT, TEXT, RAW, FLAG = range(8)
"""The parts of a record, one column each. What they mean is `templates.rules.quantity.Quantity`; STATE has its codes.
TEXT: words. RAW: a cell of a form as it stands, the empty text for a blank. Only these look into other sheets.
FLAG: how the cell of a form is to be coloured."""
_PARTS = {"value": VALUE, "low": LOW, "high": HIGH, "state": STATE, "unit": UNIT, "text": TEXT, "raw": RAW}
_WIDTH = 8
"""Columns of a record."""

_BRACKETS = (("", ""), ("(", ")"), ("（", "）"))
_NOT_APPLICABLE_WORDS = (
    *(f"{left}{word}{right}" for word in NOT_APPLICABLE for left, right in _BRACKETS),
    *(f"{word}。" for word in NOT_APPLICABLE),
)
_HEAD = (("".join(dict.fromkeys(SIGNS + OTHER_SHAPES)),), _NOT_APPLICABLE_WORDS, NO_NAME, PLAIN)
"""The first rows: signs of a blank, words for 不适用, what stands before a line without a name, units."""


NO_UNIT = "0"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure as formula parts: cells of the calculation sheet, or literals.

    `low` and `high` are the ends of its rounding interval, equal to `value` where it is exact. `unit`: one unit of the
    last place that it shows, 0 where it has none. `derived`: worked out from others; its value may be
    anything where its state is not 0, that of a cell is 0 there.
    """

    value: str
    low: str
    high: str
    state: str
    unit: str = NO_UNIT
    derived: bool = False

    @property
    def exact(self) -> bool:
        """Whether it stands for itself only."""
        return self.low == self.value == self.high


def literal(value: Decimal) -> Figure:
    """A figure of the rule itself."""
    return Figure(plain(value), plain(value), plain(value), "0")


BLANK = Figure("0", "0", "0", "1")
"""What stands where there is no such cell."""


@dataclass(frozen=True, slots=True)
class Record:
    """A place for the parts of one figure, verdict or text: `first` is the column of its value."""

    row: int
    first: int

    def part(self, part: int) -> str:
        """The cell of one part."""
        return cell_name(self.row, self.first + part)

    def below(self, rows: int) -> Record:
        """The record so many rows further down."""
        return Record(self.row + rows, self.first)


@dataclass
class Ledger:
    """Records, each in a row of its own or, for the lines of a list, side by side in the row of their line."""

    cells: dict[tuple[int, int], str] = field(default_factory=dict)
    _next_row: int = len(_HEAD)
    _line: Record | None = None
    _used: dict[int, int] = field(default_factory=dict)

    @property
    def next(self) -> Record:
        """Where the next record will stand."""
        return self._line or Record(self._next_row, 0)

    def add(self, **parts: str | None) -> Record:
        """One more record, its parts by name (value, low, high, state, unit, text, raw)."""
        record = self.next
        for name, formula in parts.items():
            self.put(record, _PARTS[name], formula)
        if self._line is None:
            self._next_row += 1
        else:
            self._used[record.row] = record.first + _WIDTH
            self._line = Record(record.row, self._used[record.row])
        return record

    def put(self, record: Record, part: int, formula: str | None) -> None:
        """One part of a record that is already there."""
        if formula is not None:
            self.cells[record.row, record.first + part] = formula

    def figure(self, value: str, low: str | None, high: str | None, state: str, unit: str = NO_UNIT) -> Figure:
        """A figure in a record of its own; exact where no ends are given."""
        exact = low is None or high is None
        printed = is_literal(unit)
        record = self.add(value=value, low=low, high=high, state=state, unit=None if printed else unit)
        return Figure(
            value=record.part(VALUE),
            low=record.part(VALUE if exact else LOW),
            high=record.part(VALUE if exact else HIGH),
            state=record.part(STATE),
            unit=unit if printed else record.part(UNIT),
        )

    @contextmanager
    def line(self, row: int) -> Iterator[None]:
        """Records for a line of a list: side by side in its row, behind those already there."""
        self._line = Record(row, self._used.get(row, 0))
        try:
            yield
        finally:
            self._line = None

    def rows(self, count: int) -> int:
        """Room for the lines of a list; returns the first row."""
        first = self._next_row
        self._next_row += count
        return first

    @staticmethod
    def prepare(workbook: Workbook) -> None:
        """To be called before anything is written: the sheet is to be the same for all units."""
        number_texts(workbook, (word for words in _HEAD for word in words))

    def write(self, workbook: Workbook) -> None:
        """Add the sheet, very hidden; only a program can show it."""
        sheet = add_sheet(workbook, LEDGER_SHEET)
        for row, words in enumerate(_HEAD):
            for column, word in enumerate(words):
                write_text(sheet, row, column, word)
        columns: dict[int, dict[int, str]] = {}
        for (row, column), formula in self.cells.items():
            columns.setdefault(column, {})[row] = formula
        for column, formulas in columns.items():
            write_live_column(sheet, column, formulas)
        sheet.protect("")
        sheet.very_hidden()


def outside(cell: str) -> str:
    """A cell of the calculation sheet, as the formulas of other sheets write it."""
    return f"{quoted_sheet(LEDGER_SHEET)}!{cell}"


def joined(cells: list[str]) -> str:
    """Cells as the arguments of a function, neighbours below one another as ranges."""
    runs: list[list[str]] = []
    for cell in cells:
        if runs and _follows(runs[-1][-1], cell):
            runs[-1].append(cell)
        else:
            runs.append([cell])
    return ",".join(run[0] if len(run) == 1 else f"{run[0]}:{run[-1]}" for run in runs)


_CELL = re.compile(r"([A-Z]+)([0-9]+)")
_LITERAL = re.compile(r"[0-9.]+")


def _follows(above: str, below: str) -> bool:
    upper, lower = _CELL.fullmatch(above), _CELL.fullmatch(below)
    return upper is not None and lower is not None and upper[1] == lower[1] and int(lower[2]) == int(upper[2]) + 1


def is_literal(formula: str) -> bool:
    """Whether a formula is nothing but a number."""
    return _LITERAL.fullmatch(formula) is not None


def chosen(figures: Sequence[Figure], number: str) -> Figure:
    """The figure of that number, counted from 1, among figures whose records stand one below another."""

    def part(name: str) -> str:
        first, last = (str(getattr(figure, name)) for figure in (figures[0], figures[-1]))
        return first if is_literal(first) else f"INDEX({first}:{last},{number})"

    return Figure(part("value"), part("low"), part("high"), part("state"), part("unit"))


def count(cells: list[str], criterion: str, *, from_outside: bool = False) -> str:
    """How many cells meet a criterion, range by range (COUNTIF takes one range)."""
    areas = joined(cells).split(",")
    return "+".join(f"COUNTIF({outside(area) if from_outside else area},{criterion})" for area in areas)


def among(text: str, words: Iterable[str]) -> str:
    """Whether a text is one of some words; in a fixed order, so that equal workbooks are equal bytes."""
    return f"SUMPRODUCT(--({text}={{{','.join(map(quoted_text, sorted(words)))}}}))>0"


def quoted_text(text: str) -> str:
    """A text inside a formula."""
    return '"' + text.replace('"', '""') + '"'


NOT_APPLICABLE_WORDS = f"$A$2:${column_name(len(_NOT_APPLICABLE_WORDS) - 1)}$2"
"""Where the words for 不适用 stand."""


UNITS = f"$A$4:${column_name(len(PLAIN) - 1)}$4"
"""Where the units of measures stand."""


def is_not_applicable(text: str) -> str:
    """Whether a text is a word for 不适用."""
    return f"SUMPRODUCT(--({text}={NOT_APPLICABLE_WORDS}))>0"


def is_no_name(text: str) -> str:
    """Whether a text in front of a line is no name."""
    return f"SUMPRODUCT(--({text}=$A$3:${column_name(len(NO_NAME) - 1)}$3))>0"


def is_placeholder(text: str) -> str:
    """Whether a text is nothing but signs of a blank, or empty."""
    # Programs differ on whether an empty text is found in another: only the signs that are there are looked up.
    strange = f"SUMPRODUCT(ISERROR(FIND(MID({text},ROW($1:$40),1),$A$1))*(ROW($1:$40)<=LEN({text})))"
    return f'AND({strange}=0,LEN({text})<=40,{text}<>".")'


def identifier(text: str) -> str:
    """A line's name without numbering and punctuation, as `templates.labels.identifier` has it."""
    named = text
    for length in (3, 2, 1):
        before = "".join(f"*ISNUMBER(FIND(MID({text},{place},1),{_NUMERALS}))" for place in range(1, length + 1))
        mark = f"ISNUMBER(FIND(MID({text},{length + 1},1),{quoted_text('、.．)）')}))"
        named = f"IF(AND(LEN({text})>{length},({mark}{before})=1),MID({text},{length + 2},99),{named})"
    for sign in "（）()、，,。.“”·-—：:":
        named = f"SUBSTITUTE({named},{quoted_text(sign)},{_NOTHING})"
    return named


_NUMERALS = quoted_text("0123456789一二三四五六七八九十(（")
_NOTHING = quoted_text("")


def squeezed(cell: str) -> str:
    """What stands in a cell, as text without white space of any kind."""
    text = cell
    for blank in ('" "', '"\u3000"', '"\u00a0"', "CHAR(10)"):
        text = f'SUBSTITUTE({text},{blank},"")'
    return text
