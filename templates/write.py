"""Typed writing into a workbook: text through the gate, figures as numbers, formulas with their cached value.

`Worksheet.write()` guesses (text that begins with `=` becomes a live formula, `http:` a link), so it is not
used anywhere: every cell is written by one of these functions. Rows and columns count from 0.
"""

from __future__ import annotations

import datetime
import math
import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from gouji.templates.addresses import quoted_sheet
from gouji.templates.live import LiveSheet
from gouji.templates.text import sheet_text

FONT = "宋体"
FONT_SIZE = 11
_OPTIONS: dict[str, Any] = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    # 72 pixels and 18 pixels are Excel's own column width and row height under 宋体 11.
    "default_format_properties": {"font_name": FONT, "font_size": FONT_SIZE, "font_scheme": False},
    "default_column_width": 72,
    "default_row_height": 18,
}
_CODE = re.compile("_x[0-9a-fA-F]{4}_")
_BLOCKS = 4
"""Memory of the packer: with little of it blocks are short, each with a code of its own, which suits sheets whose cells
differ from stretch to stretch (zlib's own choice is 8, 2 % more)."""
_AS_WRITTEN = r"_x005F\g<0>"
"""What Excel would read as the code of a sign, and how it reads it as it is written."""


def open_workbook(path: Path, created: datetime.datetime) -> Workbook:
    """A new workbook (close it to write the file). With a fixed `created`, equal contents are equal bytes."""
    workbook = Workbook(str(path), _OPTIONS)
    workbook.set_properties({"created": created})
    return workbook


@contextmanager
def workbook_by_rows(path: Path, created: datetime.datetime) -> Iterator[Workbook]:
    """As `open_workbook`, closed at the end, for sheets that are too long to be whole in memory.

    Finished rows wait beside `path`. Every sheet must be written from the top, each row with its height before the
    next one is begun.
    """
    with tempfile.TemporaryDirectory(prefix=".rows-", dir=path.parent) as folder:
        workbook = Workbook(str(path), _OPTIONS | {"constant_memory": True, "tmpdir": folder})
        workbook.set_properties({"created": created})
        try:
            yield workbook
            workbook.close()
        finally:
            for sheet in workbook.worksheets():
                sheet._opt_close()  # after an error its rows would stay open


def compress(path: Path) -> None:
    """Pack a closed workbook as small as zip can: it goes out by mail to every unit."""
    with zipfile.ZipFile(path) as archive:
        parts = [(info, archive.read(info)) for info in archive.infolist()]
    with zipfile.ZipFile(path, "w") as archive:
        for info, content in parts:
            info.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(info, "w") as member:
                member._compressor = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS, _BLOCKS)  # type: ignore[attr-defined]
                member.write(content)


def number_texts(workbook: Workbook, texts: Iterable[str]) -> None:
    """Give texts the first numbers in the workbook's table of texts: a sheet of only these is the same to the byte
    whatever stands on the others. To be called before anything is written."""
    for text in texts:
        workbook.str_table._get_shared_string_index(sheet_text(text))
    workbook.str_table.count = 0


def add_sheet(workbook: Workbook, name: str) -> LiveSheet:
    """A new sheet; `name` comes from `templates.text.sheet_name`."""
    sheet: LiveSheet = workbook.add_worksheet(name, worksheet_class=LiveSheet)
    return sheet


def write_text(sheet: Worksheet, row: int, column: int, text: str, style: Format | None = None) -> None:
    """Text, through the gate; empty text is a blank cell."""
    clean = sheet_text(text)
    if clean.startswith("<r>") and clean.endswith("</r>"):
        clean += " "  # else XlsxWriter takes it for rich text of its own and writes it into the file as it is
    if clean:
        sheet.write_string(row, column, clean, style)
    else:
        sheet.write_blank(row, column, None, style)


def write_figure(
    sheet: Worksheet, row: int, column: int, value: Decimal | int | float | None, style: Format | None = None
) -> None:
    """A number; None is a blank cell. Raises ValueError for NaN and infinity, which Excel cannot hold."""
    if value is None:
        sheet.write_blank(row, column, None, style)
        return
    number = float(value)
    if number != number or number in (float("inf"), float("-inf")):
        raise ValueError(f"not a figure that a cell can hold: {value}")
    sheet.write_number(row, column, number, style)


def write_formula(
    sheet: Worksheet, row: int, column: int, formula: str, cached: Decimal | int | float | str | None,
    style: Format | None = None,
) -> None:  # fmt: skip
    """A formula of our own making with the value that it has now; None stands for the empty text."""
    if isinstance(cached, str):
        cached = sheet_text(cached)
    elif cached is not None:
        cached = float(cached)
    sheet.write_formula(row, column, formula, style, "" if cached is None else cached)


def write_row(sheet: LiveSheet, row: int, height: float, cells: Sequence[str]) -> None:
    """A whole row, below all others, of a workbook that is written row by row.

    `cells`: from `text_cell`, `figure_cell`, `formula_cell` and `blank_cell`. For long tables: it is far faster.
    """
    sheet.add_row(row, height, cells)


def cell_style(style: Format) -> str:
    """What a cell of this format begins with, for the functions below."""
    return f' s="{style._get_xf_index()}"'


def text_cell(text: str, style: str) -> str:
    """As `write_text`, for `write_row`; `style`: of `cell_style`."""
    return style + inline_text(text)


def figure_cell(value: Decimal | int | float, style: str) -> str:
    """As `write_figure`, for `write_row`. Raises ValueError for NaN and infinity."""
    if not math.isfinite(value):
        raise ValueError(f"not a figure that a cell can hold: {value}")
    return f"{style}><v>{value:.16G}</v></c>"


def formula_cell(formula: str, cached: float | None, style: str) -> str:
    """As `write_formula`, for `write_row`."""
    shown = ' t="str"' if cached is None else ""
    value = "" if cached is None else f"{cached:.16G}"
    return f"{style}{shown}><f>{escape(formula.removeprefix('='))}</f><v>{value}</v></c>"


def blank_cell(style: str) -> str:
    """An empty cell, for `write_row`."""
    return f"{style}/>"


@lru_cache(maxsize=1 << 14)
def inline_text(text: str) -> str:
    """Text, through the gate, as the end of a `<c …` element that holds it; empty text is a blank cell."""
    clean = sheet_text(text)
    if not clean:
        return "/>"
    kept = ' xml:space="preserve"' if clean[0].isspace() or clean[-1].isspace() else ""
    return f' t="inlineStr"><is><t{kept}>{escape(_CODE.sub(_AS_WRITTEN, clean))}</t></is></c>'


def write_date(
    sheet: Worksheet, row: int, column: int, value: datetime.date | None, style: Format | None = None
) -> None:
    """A date; None is a blank cell. The style must hold a date format."""
    if value is None:
        sheet.write_blank(row, column, None, style)
    else:
        sheet.write_datetime(row, column, value, style)


def write_sheet_link(
    sheet: Worksheet,
    row: int,
    column: int,
    target: str,
    text: str,
    style: Format | None = None,
    cell: str = "A1",
) -> None:
    """A link to a cell of another sheet of this workbook."""
    sheet.write_url(row, column, f"internal:{quoted_sheet(target)}!{cell}", style, sheet_text(text))


def span_cells(sheet: LiveSheet, row: int, column: int, rows: int, columns: int) -> None:
    """Merge cells that are written by themselves: a sheet that is written row by row has no way back."""
    sheet.span(row, column, rows, columns)


def merge_cells(sheet: Worksheet, row: int, column: int, rows: int, columns: int, style: Format | None = None) -> None:
    """Merge a block of cells (nothing to do for a single one); write its value afterwards, top left."""
    if rows > 1 or columns > 1:
        sheet.merge_range(row, column, row + rows - 1, column + columns - 1, "", style)
