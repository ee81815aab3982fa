"""A filled workbook as somebody would have written it in Word: the same tables, figure by figure."""

from __future__ import annotations

from decimal import Decimal

from gouji.ingest.grid import Kind, Sheet, Workbook
from gouji.ingest.read import read_workbook
from gouji.samples.document import document_bytes, paragraph, table
from gouji.samples.word_table import Patch
from gouji.templates.exact import significant
from gouji.templates.identity import IDENTITY_SHEET
from gouji.templates.issuing.guide import GUIDE_SHEET
from gouji.templates.number_format import is_percentage
from gouji.templates.selfcheck.names import LEDGER_SHEET, SELF_CHECK_SHEET

_OURS = {IDENTITY_SHEET, GUIDE_SHEET, LEDGER_SHEET, SELF_CHECK_SHEET}
_DECIMALS = 10
"""More than anybody writes: an exact quotient is written with the decimals that are seen."""
_SPARE = "备用"
"""What the names of sheets say that nobody need fill in."""


def in_word(data: bytes, name: str = "某.xlsx") -> bytes:
    """The bytes of a workbook as those of a document."""
    return document_bytes(body_of(read_workbook(data, name)))


def body_of(book: Workbook) -> str:
    """The tables of a workbook's sheets, each under the lines that stand over it."""
    return "".join(_sheet(sheet) for sheet in book.sheets if sheet.name not in _OURS and _SPARE not in sheet.name)


def _sheet(sheet: Sheet) -> str:
    patches = list(_patches(sheet))
    width = max(patch.column + patch.columns for patch in patches)
    first = min((patch.row for patch in patches if patch.columns < width), default=0)
    lines = "".join(paragraph(patch.text) for patch in patches if patch.row < first)
    return paragraph("") + lines + table([patch for patch in patches if patch.row >= first])


def _patches(sheet: Sheet) -> list[Patch]:
    ends = {(top, left): (bottom, right) for top, left, bottom, right in sheet.merges}
    covered = {
        (row, column)
        for (top, left), (bottom, right) in ends.items()
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
    } - ends.keys()
    texts = [
        (row, column) for row in range(sheet.height) for column in range(sheet.width) if text_of(sheet, row, column)
    ]
    width = max((column for _, column in texts), default=0) + 1
    return [
        Patch(row, column, bottom - row + 1, right - column + 1, text_of(sheet, row, column))
        for row in range(sheet.height)
        for column in range(width)
        if (row, column) not in covered
        for bottom, right in [ends.get((row, column), (row, column))]
    ]


def text_of(sheet: Sheet, row: int, column: int) -> str:
    """What stands in a cell, with all its digits."""
    if (row, column) in sheet.special:
        kind, text = sheet.special[row, column]
        return text if kind is Kind.ERROR else ""
    value = sheet.raw(row, column)
    if isinstance(value, float | int) and not isinstance(value, bool):
        figure = round(significant(float(value)), _DECIMALS).normalize()
        percent = is_percentage(sheet.number_format(row, column))
        shown = f"{(Decimal(figure) * 100).normalize():f}%" if percent else f"{figure:f}"
        return shown if "." not in shown or "%" in shown else shown.rstrip("0").rstrip(".")
    return "" if value is None else str(value)
