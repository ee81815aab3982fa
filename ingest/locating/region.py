"""The part of a sheet in which one table is looked for, with its texts made comparable once."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from gouji.ingest.grid import Sheet
from gouji.ingest.locating.parts import unexplained
from gouji.templates.labels import label_key, normalised, squeezed

_MERGED_ROWS = 3
_LONGEST_FIGURE = 30
_WRITTEN = re.compile(r"(?!(?:19|20)\d\d$)[-¥]?\d{1,3}(?:\d*|(?:,\d{3})*)(?:\.\d+)?(?:[百千万亿]*元)?")


@lru_cache(maxsize=65536)
def _is_written(text: str) -> bool:
    """Whether a text is an amount (1,234.50, １２万元) and no year."""
    return len(text) <= _LONGEST_FIGURE and _WRITTEN.fullmatch(squeezed(text)) is not None


@dataclass
class Region:
    """Rows `first` to `last` of a sheet. `texts`: row → column → normalised text; `keys`: the same as label keys."""

    sheet: Sheet
    first: int
    last: int
    texts: dict[int, dict[int, str]] = field(default_factory=dict)
    keys: dict[int, dict[int, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for row in range(self.first, self.last + 1):
            cells = {
                column: value
                for column, value in enumerate(self.sheet.rows[row])
                if isinstance(value, str) and value.strip()
            }
            if cells:
                self.texts[row] = {column: normalised(value) for column, value in cells.items()}
                self.keys[row] = {column: label_key(unexplained(value)) for column, value in cells.items()}

    @cached_property
    def words(self) -> set[str]:
        """The key of every label in the region, also of those with their value behind a colon in the same cell."""
        keys = {key for cells in self.keys.values() for key in cells.values()}
        leading = (text.partition(":") for cells in self.texts.values() for text in cells.values() if ":" in text)
        return keys | {label_key(label) for label, _, value in leading if value}

    @cached_property
    def _merges(self) -> dict[tuple[int, int], tuple[int, int]]:
        return {(top, left): (bottom, right) for top, left, bottom, right in self.sheet.merges}

    def end_of(self, row: int, column: int) -> tuple[int, int]:
        """Last row and column of the merged range that begins here, else the cell itself."""
        return self._merges.get((row, column), (row, column))

    @cached_property
    def _merged_lines(self) -> dict[int, list[tuple[int, int]]]:
        """Row → the first and last column of what is merged in it; no value of a table is merged over more rows."""
        lines: dict[int, list[tuple[int, int]]] = {}
        for top, left, bottom, right in dict.fromkeys(self.sheet.merges):
            if bottom - top < _MERGED_ROWS:
                for row in range(top, bottom + 1):
                    lines.setdefault(row, []).append((left, right))
        return lines

    def start_of(self, row: int, column: int) -> int:
        """The column in which the merged range begins that covers the cell, else the cell's own."""
        merged = self._merged_lines.get(row, ())
        return next((left for left, right in merged if left <= column <= right), column)

    def anything(self, row: int, left: int, right: int) -> bool:
        """Whether any cell of a row holds anything between two columns."""
        return any(
            self.sheet.raw(row, column) is not None or (row, column) in self.sheet.special
            for column in range(left, right + 1)
        )

    def figures(self, row: int, left: int, right: int) -> bool:
        """Whether a number stands there, be it as text."""
        cells = (self.sheet.raw(row, column) for column in range(left, right + 1))
        return any(
            _is_written(value)
            if isinstance(value, str)
            else isinstance(value, int | float) and not isinstance(value, bool)
            for value in cells
        )
