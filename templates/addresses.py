"""Cell addresses: the only place where rows and columns become `B7` and back. Rows and columns count from 0."""

from __future__ import annotations

from functools import lru_cache

from openpyxl.utils import column_index_from_string
from openpyxl.utils.cell import coordinate_from_string
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

ROWS_OF_A_SHEET = 1_048_576


@lru_cache(maxsize=65536)
def cell_name(row: int, column: int) -> str:
    """(6, 1) → `B7`."""
    return str(xl_rowcol_to_cell(row, column))


def cell_position(name: str) -> tuple[int, int]:
    """`B7` → (6, 1). Raises ValueError when it is no cell."""
    letters, number = coordinate_from_string(name)
    return number - 1, column_index_from_string(letters) - 1


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
