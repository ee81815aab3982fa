"""Formulas that whatever opens the file works out: written without a stored value, and once where they are alike."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.url import Url
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from gouji.templates.addresses import cell_name

_letters = cache(xl_col_to_name)
_MOST_LINKS = 65_000


class LiveSheet(Worksheet):  # type: ignore[misc]
    """A worksheet whose formulas may have the empty text as their cached value, or none at all.

    XlsxWriter leaves the type out for an empty result, and such a cell reads as never calculated.
    """

    def __init__(self) -> None:
        super().__init__()
        self._shared: dict[str, str] = {}
        self._groups = 0
        self.measured = False
        """Whether the heights of rows are kept, as a chart that stands beside them needs it."""

    def share(self, cells: Sequence[str]) -> None:
        """Cells of one column, from the top, that hold one formula, each seen from its own row."""
        if len(cells) < 2:
            return
        told = f' t="shared" si="{self._groups}"'
        self._groups += 1
        self._shared |= {**dict.fromkeys(cells, told), cells[0]: f' ref="{cells[0]}:{cells[-1]}"{told}'}

    def span(self, row: int, column: int, rows: int, columns: int) -> None:
        """Merge a block without writing its cells."""
        self.merge.append([row, column, row + rows - 1, column + columns - 1])

    def add_row(self, row: int, height: float, cells: Sequence[str]) -> None:
        """A whole row, below all others, of a sheet that is written row by row; nothing may be added to it.

        XlsxWriter would write the same, but needs several times as long to take it cell by cell. `cells`: each as it
        stands in the file, without its address.
        """
        self._write_single_row(row)
        self._check_dimensions(row, 0)
        self._check_dimensions(row, len(cells) - 1)
        pixels = int(height * 4 / 3 + 0.5)
        if self.measured:
            self.row_sizes[row] = [pixels, False]
        placed = [f'<c r="{_letters(place)}{row + 1}"{cell}' for place, cell in enumerate(cells)]
        self.fh.write(f'<row r="{row + 1}" ht="{pixels * 0.75:g}" customHeight="1">{"".join(placed)}</row>')

    def height_of(self, first: int, end: int) -> int:
        """Pixels of the rows from `first` to before `end`, of a sheet that is `measured`."""
        return sum(int(self._size_row(row)) for row in range(first, end))

    def width_of(self, column: int) -> int:
        """Pixels of a column."""
        return int(self._size_col(column))

    def link(self, row: int, column: int, target: str) -> bool:
        """Make a link of a cell that is written otherwise; False where the sheet can hold no more (Excel's limit)."""
        if self.hlink_count >= _MOST_LINKS:
            return False
        self.hlink_count += 1
        url = Url(target)
        # XlsxWriter writes backslashes, which only Windows takes for what they are meant to be.
        url._relationship_link = url._relationship_link.replace("\\", "/")
        self.hyperlinks[row][column] = url
        return True

    def _calculate_spans(self) -> None:
        """No hints about which columns a row uses: programs do without, and every byte is sent to every unit."""
        self.row_spans: dict[int, str] = {}

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        """As given: XlsxWriter would search each for a hundred functions newer than Excel 2010; none is used here."""
        return formula.lstrip("=")

    def _xml_formula_element(self, formula: str, result: Any, attributes: list[tuple[str, Any]]) -> None:
        if result is None:
            shown = "".join(f' {key}="{value}"' for key, value in attributes)
            told = self._shared.get(dict(attributes)["r"], "")
            inner = f">{self._escape_data(formula)}</f>" if not told or "ref=" in told else "/>"
            self.fh.write(f"<c{shown}><f{told}{inner}</c>")
            return
        if result == "":
            attributes = [*attributes, ("t", "str")]
        super()._xml_formula_element(formula, result, attributes)


def write_live(sheet: Worksheet, row: int, column: int, formula: str, style: Format | None = None) -> None:
    """A formula of our own making without a cached value: whatever opens the file works it out at once.

    Excel and WPS do so for every formula (fullCalcOnLoad), LibreOffice for one that has no value. A value that might
    be stale would be kept by LibreOffice.
    """
    sheet.write_formula(row, column, f"={formula}", style, None)


def write_live_column(sheet: Worksheet, column: int, formulas: Mapping[int, str]) -> None:
    """Formulas of one column by row, as `write_live` writes them; whole numbers as figures.

    Those that say the same of their own rows are stored as one shared formula, which is what keeps a sheet of
    thousands of formulas small. One that looks into another sheet is never shared.
    """
    alike: dict[str, list[str]] = {}
    for row, formula in sorted(formulas.items()):
        if formula.isdecimal():
            sheet.write_number(row, column, int(formula))
            continue
        write_live(sheet, row, column, formula)
        if "!" not in formula:
            alike.setdefault(_relative(row, formula), []).append(cell_name(row, column))
    for cells in alike.values():
        sheet.share(cells)


_REFERENCE = re.compile(r'"[^"]*"|(?<![A-Za-z$])(\$?)([A-Z]{1,3})(\$?)([1-9][0-9]*)(?![0-9(])')


def _relative(row: int, formula: str) -> str:
    """A formula as it looks from its own row."""

    def seen(found: re.Match[str]) -> str:
        if found[2] is None or found[3]:
            return found[0]
        return f"{found[1]}{found[2]}[{int(found[4]) - 1 - row}]"

    return _REFERENCE.sub(seen, formula)
