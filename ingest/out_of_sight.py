"""Values that nobody sees who opens the workbook.

They are on hidden sheets, in hidden or flat rows and columns, under formats that show nothing, in the colour of the
paper, or under merges.
"""

from __future__ import annotations

from gouji.ingest.locating.input_cells import figures, holds
from gouji.ingest.locating.located import Located

_LARGEST_MERGE = 1_000
"""Cells of a merge that are looked under; those of a form are far smaller."""


def hidden(located: Located) -> list[str]:
    """Cells of figures and of measures that hold something where it is not shown. It counts all the same."""
    sheet = located.sheet
    if not sheet.hides_anything:
        return []
    return [sheet.address(*at) for at, _ in figures(located) if sheet.hides(*at) and holds(located, at)]


def covered(located: Located) -> list[str]:
    """Cells under a merge that hold something, while its first cell is what is shown and read."""
    found, rows = [], located.sheet.rows
    for top, left, bottom, right in located.sheet.merges:
        # Of huge merges there may be many; nobody's form has one.
        if (bottom - top + 1) * (right - left + 1) > _LARGEST_MERGE:
            continue
        for row in range(top, min(bottom + 1, len(rows))):
            first = left + (row == top)
            under = rows[row][first : right + 1]
            if under.count("") < len(under):
                cells = [column for column, value in enumerate(under, first) if value not in ("", None)]
                found += [located.sheet.address(row, column) for column in cells]
    return found
