"""The hidden calculation sheet: rows of short formulas, each of which later rows may refer to."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from xlsxwriter import Workbook

from templates.addresses import cell_name, column_name, quoted_sheet
from templates.blanks import NO_NAME, NOT_APPLICABLE, OTHER_SHAPES, SIGNS
from templates.rules.sentence import plain
from templates.write import add_sheet, write_live_column, write_text

LEDGER_SHEET = "_自查"

VALUE, LOW, HIGH, STATE, DECIMALS, TEXT, RAW = range(7)
"""The columns. What they mean is `templates.rules.quantity.Quantity`; STATE has its codes. TEXT: words for people.
RAW: a cell of a form as it stands, the empty text for a blank; nothing but RAW and words looks into other sheets."""

_BRACKETED = tuple(
    f"{left}{word}{right}" for word in NOT_APPLICABLE for left, right in (("", ""), ("(", ")"), ("（", "）"))
)
_WORDS = (
    ("".join(dict.fromkeys(SIGNS + OTHER_SHAPES)),),
    (*_BRACKETED, *(f"{word}。" for word in NOT_APPLICABLE)),
    NO_NAME,
)
"""The first rows: signs of a blank, words for 不适用, what stands before a line without a name."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure as formula parts: cells of the calculation sheet, or literals.

    `low` and `high` are the ends of its rounding interval, equal to `value` where it is exact. `decimals`: at which
    decimal it counts as rounded, None where it does not stand in a cell of a form (see `Quantity.decimals`).
    """

    value: str
    low: str
    high: str
    state: str
    decimals: str | None = None

    @property
    def exact(self) -> bool:
        """Whether it stands for itself only."""
        return self.low == self.value == self.high


def literal(value: Decimal) -> Figure:
    """A figure of the rule itself."""
    return Figure(plain(value), plain(value), plain(value), "0")


BLANK = Figure("0", "0", "0", "1")
"""What stands where there is no such cell."""


@dataclass
class Ledger:
    """Rows of formulas; every row is added once and never moved."""

    rows: list[dict[int, str]] = field(default_factory=list)

    @property
    def next_row(self) -> int:
        """The row (from 0) that the next addition gets."""
        return len(_WORDS) + len(self.rows)

    def add(self, **columns: str | None) -> int:
        """One more row, its columns by name (value, low, high, state, decimals, text, raw); returns its number."""
        row = self.next_row
        self.rows.append({_COLUMNS[name]: formula for name, formula in columns.items() if formula is not None})
        return row

    def say(self, row: int, text: str) -> None:
        """The words of a row that is already there."""
        self.rows[row - len(_WORDS)][TEXT] = text

    def about(self, row: int, cell: str) -> None:
        """The cell of a form that a row is about."""
        self.rows[row - len(_WORDS)][RAW] = f'IF({cell}="","",{cell})'

    def set_state(self, row: int, state: str) -> None:
        """The state of a row that is already there."""
        self.rows[row - len(_WORDS)][STATE] = state

    def figure(self, value: str, low: str | None, high: str | None, state: str, decimals: str | None = None) -> Figure:
        """A figure in a row of its own; exact where no ends are given."""
        row = self.add(value=value, low=low, high=high, state=state, decimals=decimals)
        exact = low is None or high is None
        return Figure(
            value=at(row, VALUE),
            low=at(row, VALUE if exact else LOW),
            high=at(row, VALUE if exact else HIGH),
            state=at(row, STATE),
            decimals=None if decimals is None else at(row, DECIMALS),
        )

    def write(self, workbook: Workbook) -> None:
        """Add the sheet, very hidden; only a program can show it."""
        sheet = add_sheet(workbook, LEDGER_SHEET)
        for row, words in enumerate(_WORDS):
            for column, word in enumerate(words):
                write_text(sheet, row, column, word)
        for column in _COLUMNS.values():
            write_live_column(sheet, len(_WORDS), column, [row.get(column) for row in self.rows])
        sheet.protect("")
        sheet.very_hidden()


_COLUMNS = {"value": VALUE, "low": LOW, "high": HIGH, "state": STATE, "decimals": DECIMALS, "text": TEXT, "raw": RAW}


def at(row: int, column: int) -> str:
    """A cell of the calculation sheet, as its own formulas write it."""
    return cell_name(row, column)


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


def _follows(above: str, below: str) -> bool:
    one, other = above[1:], below[1:]
    return (
        above[0].isalpha()
        and above[0] == below[0]
        and one.isdecimal()
        and other.isdecimal()
        and int(other) == int(one) + 1
    )


def count(cells: list[str], criterion: str) -> str:
    """How many cells meet a criterion, range by range (COUNTIF takes one range)."""
    return "+".join(f"COUNTIF({area},{criterion})" for area in joined(cells).split(","))


def quoted_text(text: str) -> str:
    """A text inside a formula."""
    return '"' + text.replace('"', '""') + '"'


def is_among(text: str, words: int) -> str:
    """Whether a text is one of the words in a first row: 1 for 不适用, 2 for no name."""
    last = column_name(len(_WORDS[words]) - 1)
    return f"SUMPRODUCT(--({text}=$A${words + 1}:${last}${words + 1}))>0"


def is_placeholder(text: str) -> str:
    """Whether a text is nothing but signs of a blank, or empty."""
    strange = f"SUMPRODUCT(--ISERROR(FIND(MID({text},ROW($1:$40),1),$A$1)))"
    return f'AND({strange}=0,LEN({text})<=40,{text}<>".")'


def squeezed(cell: str) -> str:
    """What stands in a cell, as text without white space of any kind."""
    text = cell
    for blank in ('" "', '"\u3000"', '"\u00a0"', "CHAR(10)"):
        text = f'SUBSTITUTE({text},{blank},"")'
    return text
