"""Cell addresses: the only place where rows and columns become `B7` and back. Rows and columns count from 0.

A table of a Word document has no letters: its cells are called 第3行第2列, the lines around it 上方第1行, 下方第1行.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

ROWS_OF_A_SHEET = 1_048_576

_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?0*([1-9][0-9]*)")


_IN_TABLE = re.compile(r"第([1-9]\d{0,6})行第([1-9]\d{0,4})列", re.ASCII)
_BESIDE = re.compile(r"(上方|下方)第([1-9]\d{0,6})行", re.ASCII)
BODY = "正文"
"""What stands for a sheet's name around the tables of a document; its cells are paragraphs, 第7段."""
_TABLE = re.compile(rf"第[1-9]\d{{0,6}}个表|{BODY}", re.ASCII)
_PARAGRAPH = re.compile(r"第([1-9]\d{0,6})段", re.ASCII)
_BELOW = 500_000
"""The row of the first line below a table, whatever rows it has: more than any has."""


@dataclass(frozen=True, slots=True)
class TableRows:
    """How a view of a table in a document counts: so many lines stand `above` it, and it has so many `rows`."""

    above: int
    rows: int

    def name(self, row: int, column: int) -> str:
        """What a cell is called."""
        own = row - self.above
        if own < 0:
            return f"上方第{-own}行"
        return f"下方第{own - self.rows + 1}行" if own >= self.rows else f"第{own + 1}行第{column + 1}列"

    def row(self, position: int) -> int:
        """The row of the view, by the one that `cell_position` tells."""
        return self.above + (position - _BELOW + self.rows if position >= _BELOW else position)


def table_name(number: int) -> str:
    """What stands for a sheet's name: 第2个表."""
    return f"第{number}个表"


def paragraph_name(number: int) -> str:
    """What a paragraph of a document is called: 第7段."""
    return f"第{number}段"


def is_table(sheet: str) -> bool:
    """Whether it is a table of a document, or what stands around its tables."""
    return _TABLE.fullmatch(sheet) is not None


def is_cell(name: str) -> bool:
    """Whether it is a cell of a worksheet (`B7`), whatever that is called: one may be called 正文."""
    return _CELL.fullmatch(name) is not None


def sheet_in_words(sheet: str) -> str:
    """`工作表“自评表”`, or `第2个表`."""
    return sheet if is_table(sheet) else f"工作表“{sheet}”"


@lru_cache(maxsize=65536)
def cell_name(row: int, column: int) -> str:
    """(6, 1) → `B7`."""
    return str(xl_rowcol_to_cell(row, column))


def cell_position(name: str) -> tuple[int, int]:
    """`B7` → (6, 1), as `第7行第2列`; what stands above a table has rows below 0. Raises ValueError for no cell."""
    found = _CELL.fullmatch(name)
    if found is None:
        if (told := _IN_TABLE.fullmatch(name)) is not None:
            return int(told[1]) - 1, int(told[2]) - 1
        if (told := _PARAGRAPH.fullmatch(name)) is not None:
            return int(told[1]) - 1, 0
        if (told := _BESIDE.fullmatch(name)) is not None:
            return (-int(told[2]) if told[1] == "上方" else _BELOW + int(told[2]) - 1), 0
        raise ValueError(f"no cell: {name!r}")
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]) - 1, column - 1


def on_sheet(sheet: str, cell: str) -> tuple[str, str]:
    """Where a cell of a table on `sheet` stands: `B7` there, `续表!B7` on 续表, `第2个表第3行第1列` in that table."""
    other, parted, own = cell.rpartition("!")
    if not parted and (told := _TABLE.match(cell)) is not None:
        return told[0], cell[told.end() :]
    return other or sheet, own


def with_sheet(sheet: str, cell: str) -> str:
    """A cell with the sheet that it stands on: `自评表!B7`, `第2个表第3行第1列`; one that names its sheet stays so."""
    if on_sheet("", cell)[0]:
        return cell
    return f"{sheet}{cell}" if is_table(sheet) and not is_cell(cell) else f"{sheet}!{cell}"


def place_in_table(cell: str) -> tuple[int, int]:
    """The position of a table's cell, comparable within the table: what stands on a further sheet comes below."""
    other, own = on_sheet("", cell)
    row, column = cell_position(own)
    return row + (ROWS_OF_A_SHEET if other else 0), column


def column_name(column: int) -> str:
    """1 → `B`."""
    return str(xl_col_to_name(column))


def range_name(first_row: int, first_column: int, last_row: int, last_column: int, *, fixed: bool = False) -> str:
    """(0, 0, 1, 2) → `A1:C2`, or `$A$1:$C$2`; a single cell is just that cell."""
    corners = ((first_row, first_column), (last_row, last_column))
    first, last = (str(xl_rowcol_to_cell(*corner, fixed, fixed)) for corner in corners)
    return first if first == last else f"{first}:{last}"


def quoted_sheet(name: str) -> str:
    """A sheet's name as formulas and links write it: `'自评表 1'`."""
    return "'" + name.replace("'", "''") + "'"
