"""The consolidated workbook: its formats, and sheets set up for reading on the screen and on A4."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from gouji.export.measure import lines_needed
from gouji.templates.live import LiveSheet
from gouji.templates.text import sheet_name
from gouji.templates.write import FONT, add_sheet, cell_style, merge_cells, write_text

NUMBER_FORMATS = {
    "amount": "#,##0.00####",
    "quantity": "#,##0.00##",
    "count": "#,##0",
    "rate": "0.00%",
    "points": "0.00",
    "number": "0",
}
SIZE = 10
"""Points of the text."""
TEXT = {"font_name": FONT, "font_size": SIZE, "valign": "vcenter"}
_SIDE = 0.3
"""Inches left and right of a page."""
LANDSCAPE = (11.69 - 2 * _SIDE) * 72
"""Points across a page of A4, between its margins."""
GRID = {"border": 1, "border_color": "#BFBFBF"}
# Yellow is where people write, and nothing else.
SHADES: dict[str, dict[str, Any]] = {
    "": {},
    "bad": {"bg_color": "#FBE3E1", "font_color": "#8C1D18"},
    "warn": {"bg_color": "#FBDFC4", "font_color": "#7A4100"},
    "good": {"font_color": "#2E6B3A"},
    "quiet": {"font_color": "#808080"},
    "sum": {"bg_color": "#EEF1F5", "bold": True},
    "head": {"bg_color": "#DCE4EE", "bold": True, "align": "center"},
    "ask": {"bg_color": "#FFFCEB"},
    "ask_head": {"bg_color": "#FBE5A3", "bold": True, "align": "center"},
    "link": {"font_color": "#1F4E9E", "underline": 1},
}
LINE = 14.5
"""Height of one line of 10-point text, in points."""
LOWEST, HIGHEST = 18.0, 409.0
"""Heights of a row: what one line needs at least, and Excel's own limit."""


@lru_cache(maxsize=1 << 14)
def text_height(text: str, width: float) -> float:
    """Points that 10-point text needs when wrapped in a cell `width` characters of the default font wide."""
    return min(max(LOWEST, LINE * lines_needed(text, width * 1.06 - 1) + 4), HIGHEST)


@dataclass(frozen=True, slots=True)
class Size:
    """How much of a long table the workbook shows, so that a spreadsheet program can still open it.

    `sheet`: rows on one sheet; a longer table goes on on the next one. `table`: rows of a table that data/ holds as
    well; of a longer one only the first are shown.
    """

    sheet: int = 100_000
    table: int = 300_000


@dataclass(frozen=True, slots=True)
class Part:
    """A sheet that holds some of the rows of a longer table, and what they are, in words."""

    sheet: str
    rows: str


@dataclass
class Book:
    """A workbook in the making, written row by row; its formats made once each.

    `parts`: the sheets of the tables that one sheet could not hold.
    """

    workbook: Workbook
    size: Size = Size()
    parts: list[Part] = field(default_factory=list)
    formats: dict[tuple[tuple[str, Any], ...], Format] = field(default_factory=dict)
    cells: dict[tuple[str, str, str | None], Format] = field(default_factory=dict)
    styles: dict[tuple[str, str, str | None], str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)

    def style(self, **properties: Any) -> Format:
        """A format with the book's font and these properties."""
        key = tuple(sorted(properties.items()))
        if key not in self.formats:
            self.formats[key] = self.workbook.add_format(TEXT | properties)
        return self.formats[key]

    def cell(self, kind: str, shade: str = "", align: str | None = None) -> Format:
        """The format of a table cell: text wraps, figures have their kind's number format."""
        key = (kind, shade, align)
        cell_format = self.cells.get(key)
        if cell_format is None:
            properties: dict[str, Any] = GRID | SHADES[shade] | ({"align": align} if align else {})
            shown = {"num_format": NUMBER_FORMATS[kind]} if kind in NUMBER_FORMATS else {"text_wrap": True}
            cell_format = self.cells[key] = self.style(**(properties | shown))
        return cell_format

    def cell_style(self, kind: str, shade: str = "", align: str | None = None) -> str:
        """The same for cells that are written by the row; numbers of formats follow the order of their first cells."""
        key = (kind, shade, align)
        known = self.styles.get(key)
        if known is None:
            known = self.styles[key] = cell_style(self.cell(kind, shade, align))
        return known

    def sheet(self, name: str, *, landscape: bool = True, pages_wide: int = 1) -> LiveSheet:
        """A new sheet for A4: page numbers in the footer, as many pages long as it takes."""
        wanted = sheet_name(name, self.names)
        self.names.add(wanted)
        sheet = add_sheet(self.workbook, wanted)
        sheet.set_paper(9)
        if landscape:
            sheet.set_landscape()
        sheet.set_margins(left=_SIDE, right=_SIDE, top=0.6, bottom=0.6)
        sheet.center_horizontally()
        if pages_wide:
            sheet.fit_to_pages(pages_wide, 0)
        sheet.set_footer(f'&L&"{FONT},Regular"&9&A&R&"{FONT},Regular"&9第 &P 页，共 &N 页')
        sheet.hide_gridlines(2)
        return sheet

    def title(self, sheet: LiveSheet, text: str, row: int = 0) -> None:
        """The sheet's title: it may run over the empty cells beside it."""
        sheet.set_row(row, 26)
        write_text(sheet, row, 0, text, self.style(bold=True, font_size=16, font_color="#1F3A5F"))

    def note(self, sheet: LiveSheet, row: int, text: str, widths: list[float], *, shade: str = "quiet") -> None:
        """A wrapped line of explanation over the columns of `widths`, high enough for its text."""
        style = self.style(text_wrap=True, **SHADES[shade])
        merge_cells(sheet, row, 0, 1, len(widths), style)
        sheet.set_row(row, text_height(text, sum(widths)))
        write_text(sheet, row, 0, text, style)

    def section(self, sheet: LiveSheet, row: int, text: str, columns: int) -> None:
        """The heading of a part of a sheet."""
        style = self.style(bold=True, font_size=12, font_color="#1F3A5F", bottom=1, bottom_color="#1F3A5F")
        sheet.set_row(row, 22)
        for column in range(columns):
            write_text(sheet, row, column, text if column == 0 else "", style)
