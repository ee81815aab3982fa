"""Values that nobody sees who opens the workbook.

They are on hidden sheets, in hidden or flat rows and columns, under formats that show nothing, in the colour of the
paper, or under merges.
"""

from __future__ import annotations

from ingest.input_cells import figures, holds
from ingest.located import Located, Position

_LARGEST_MERGE = 1_000
"""Cells of a merge that are looked under; those of a form are far smaller."""


def hidden(located: Located) -> list[str]:
    """Cells of figures and of measures that hold something where it is not shown. It counts all the same."""
    sheet = located.sheet
    if not (sheet.hidden or sheet.hidden_rows or sheet.hidden_columns or sheet.unseen or sheet.blank_zeros):
        return []
    return [sheet.address(*at) for at, _ in figures(located) if _unseen(located, at) and holds(located, at)]


def _unseen(located: Located, at: Position) -> bool:
    sheet = located.sheet
    if sheet.hidden or at[0] in sheet.hidden_rows or at[1] in sheet.hidden_columns or at in sheet.unseen:
        return True
    return sheet.blank_zeros and sheet.raw(*at) == 0


def covered(located: Located) -> list[str]:
    """Cells under a merge that hold something, while its first cell is what is shown and read."""
    found = []
    for top, left, bottom, right in located.sheet.merges:
        # Of huge merges there may be many; nobody's form has one.
        if (bottom - top + 1) * (right - left + 1) > _LARGEST_MERGE:
            continue
        inside = ((row, column) for row in range(top, bottom + 1) for column in range(left, right + 1))
        found += [located.sheet.address(*at) for at in inside if at != (top, left) and holds(located, at)]
    return found
