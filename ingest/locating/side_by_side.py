"""Several small tables side by side on one sheet: each is read as a sheet of its own that keeps its cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import pairwise

from gouji.ingest.grid import Sheet
from gouji.ingest.locating.figure_cells import figure_cells, is_figure
from gouji.ingest.locating.which_form import is_title
from gouji.templates.labels import label_key

Band = tuple[int, int]
"""First and last column of a table."""

_ALIKE = 0.6
"""Share of the labels of the smaller of two tables that the other one has too: one form, filled in twice."""
_FEWEST = 4
"""Labels from which a table can be compared with the one beside it."""


def side_by_side(sheet: Sheet) -> list[Sheet]:
    """The tables that stand beside each other from the left, each with its own columns only; the sheet if it is one.

    They are two where titles stand beside each other, or where the same labels come twice with a blank column between.
    """
    bands = _Columns(sheet).bands()
    if len(bands) < 2:
        return [sheet]
    tables = [_alone(sheet, band, 0) for band in bands]
    shared = max(map(_first_row, tables))
    return [_alone(sheet, band, shared) for band in bands]


def _alone(sheet: Sheet, band: Band, shared: int) -> Sheet:
    """The sheet with the cells of some columns only; the texts of the first rows (`shared`) are said of all tables."""
    left, right = band

    def in_band(row: int, column: int) -> bool:
        return left <= column <= right or (row < shared and not is_figure(sheet.raw(row, column)))

    rows = [
        [cell if in_band(at, column) else "" for column, cell in enumerate(line)] for at, line in enumerate(sheet.rows)
    ]
    return replace(
        sheet,
        rows=rows,
        special={at: content for at, content in sheet.special.items() if in_band(*at)},
        formulas={at for at in sheet.formulas if in_band(*at)},
        merges=[merge for merge in sheet.merges if in_band(*merge[:2])],
    )


def _first_row(sheet: Sheet) -> int:
    return next((at for at, line in enumerate(sheet.rows) if any(cell != "" for cell in line)), sheet.height)


class _Columns:
    """The columns of a sheet: which are blank, which cannot be parted, where titles stand."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet

    def bands(self) -> list[Band]:
        """The columns of each table; all of them where there is one table."""
        undivided = [(0, self.sheet.width - 1)]
        if len(titled := self._by_titles()) > 1 and self._filled(titled):
            return titled
        if not self._gaps:
            return undivided
        choices = [self._gaps, *([gap] for gap in self._gaps if len(self._gaps) > 1)]
        return next((bands for cuts in choices if self._repeated(bands := self._cut_at(cuts))), undivided)

    @cached_property
    def _gaps(self) -> list[int]:
        """Blank columns between others that no merged cell crosses, one of each run."""
        held = {column for line in self.sheet.rows for column, cell in enumerate(line) if cell != ""}
        blank = [column for column in range(min(held, default=0), max(held, default=0)) if column not in held]
        free = [column for column in blank if self._may_part(column)]
        return [column for column in free if column + 1 not in free]

    def _may_part(self, column: int) -> bool:
        """Whether no merged cell reaches into a column from its left, but for a title over all tables."""
        across = [merge for merge in self.sheet.merges if merge[1] < column <= merge[3]]
        return all(is_title(str(self.sheet.raw(top, left) or "")) for top, left, _, _ in across)

    def _by_titles(self) -> list[Band]:
        """Bands that begin at titles in one row, or behind the blank column before the title."""
        columns = self._titles()
        cuts = []
        for before, column in pairwise(columns):
            between = [gap for gap in self._gaps if before < gap < column]
            if not between and not self._may_part(column):
                return []
            cuts.append(between[-1] if between else column - 1)
        return self._cut_at(cuts) if cuts else []

    def _titles(self) -> list[int]:
        """The columns in which titles stand, in the first row that holds several and nothing else."""
        for line in self.sheet.rows:
            texts = [(column, cell) for column, cell in enumerate(line) if cell != ""]
            if len(texts) > 1 and all(isinstance(cell, str) and is_title(cell) for _, cell in texts):
                return [column for column, _ in texts]
        return []

    def _cut_at(self, ends: Sequence[int]) -> list[Band]:
        starts = [0, *(end + 1 for end in ends)]
        return list(zip(starts, [*ends, self.sheet.width - 1], strict=True))

    def _filled(self, bands: Sequence[Band]) -> bool:
        """Whether figures stand in every one of them."""
        columns = {column for _, column in figure_cells(self.sheet, 0, self.sheet.height - 1)}
        return all(any(left <= column <= right for column in columns) for left, right in bands)

    def _repeated(self, bands: Sequence[Band]) -> bool:
        """Whether all hold figures under the same labels."""
        labels = [self._labels(band) for band in bands]
        first = labels[0]
        return all(_similar(first, band_labels) for band_labels in labels[1:]) and self._filled(bands)

    def _labels(self, band: Band) -> set[str]:
        return set(self._keys(band))

    def _keys(self, band: Band) -> Iterator[str]:
        for line in self.sheet.rows:
            for cell in line[band[0] : band[1] + 1]:
                if isinstance(cell, str) and cell.strip() and not is_figure(cell):
                    yield label_key(cell)


def _similar(first: set[str], second: set[str]) -> bool:
    fewer = min(len(first), len(second))
    return fewer >= _FEWEST and len(first & second) >= _ALIKE * fewer
