"""Cell addresses: the only place where rows and columns become `B7` and back. Rows and columns count from 0."""

from __future__ import annotations

import re
from functools import lru_cache

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

ROWS_OF_A_SHEET = 1_048_576

_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?0*([1-9][0-9]*)")


@lru_cache(maxsize=65536)
def cell_name(row: int, column: int) -> str:
    """(6, 1) → `B7`."""
    return str(xl_rowcol_to_cell(row, column))


def cell_position(name: str) -> tuple[int, int]:
    """`B7` → (6, 1). Raises ValueError when it is no cell."""
    found = _CELL.fullmatch(name)
    if found is None:
        raise ValueError(f"no cell: {name!r}")
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]) - 1, column - 1


def on_sheet(sheet: str, cell: str) -> tuple[str, str]:
    """Where a cell of a table on `sheet` stands: `B7` there, `续表!B7` on the sheet 续表."""
    other, _, own = cell.rpartition("!")
    return other or sheet, own


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
