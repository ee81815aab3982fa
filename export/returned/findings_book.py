"""A workbook of our own that lists what was found in a file, where the file itself cannot be marked up."""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Sequence
from pathlib import Path

from gouji.export.book import Book, text_height
from gouji.export.returned.front import TITLE
from gouji.export.returned.marks import Mark, counted
from gouji.templates.live import LiveSheet
from gouji.templates.returned import HEADS, ISSUES_SHEET
from gouji.templates.write import figure_cell, text_cell, workbook_by_rows, write_row

_CREATED = datetime.datetime(2000, 1, 1)
"""A fixed time, so that equal findings are equal bytes."""
_WIDTHS = (5.5, 18.0, 9.0, 8.0, 10.0, 66.0, 15.0, 15.0, 8.5)
_SHADES = {"强制性": "bad", "核实性": "warn", "提示": ""}
_CENTRED = {0, 2, 3, 4, 8}
_HEAD_ROW = 4


def findings_book(marks: Sequence[Mark], file: str, unit: str, reason: str) -> bytes:
    """The findings in their order; `reason`: why they do not stand in the file itself."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book.xlsx"
        with workbook_by_rows(path, _CREATED) as workbook:
            book = Book(workbook)
            sheet = book.sheet(ISSUES_SHEET)
            for column, width in enumerate(_WIDTHS):
                sheet.set_column(column, column, width)
            _write(book, sheet, marks, file, unit, reason)
        return path.read_bytes()


def _write(book: Book, sheet: LiveSheet, marks: Sequence[Mark], file: str, unit: str, reason: str) -> None:
    heads = HEADS[: len(_WIDTHS)]
    widths = list(_WIDTHS)
    book.title(sheet, f"{unit}{TITLE}")
    book.note(sheet, 1, f"文件：{file}", widths)
    book.note(sheet, 2, f"{counted(marks)}。{reason}，所以没有在原文件上标注，只列出问题。", widths)
    book.note(sheet, 3, "请按下列问题在原文件上改好、保存后重新报送；本清单不用报送。", widths, shade="warn")
    write_row(sheet, _HEAD_ROW, 22, [text_cell(head, book.cell_style("text", "head")) for head in heads])
    for number, mark in enumerate(marks, 1):
        _line(book, sheet, _HEAD_ROW + number, number, mark)
    last = _HEAD_ROW + max(len(marks), 1)
    sheet.autofilter(_HEAD_ROW, 0, last, len(heads) - 1)
    sheet.freeze_panes(_HEAD_ROW + 1, 0)
    sheet.repeat_rows(_HEAD_ROW)


def _line(book: Book, sheet: LiveSheet, row: int, number: int, mark: Mark) -> None:
    texts = (
        mark.sheet or "（整个文件）", mark.cell or "", mark.severity, mark.verdict, mark.message, mark.stated or "",
        mark.expected or "", mark.rule,
    )  # fmt: skip
    cells = [figure_cell(number, book.cell_style("number", align="center"))]
    for column, text in enumerate(texts, 1):
        shade = _SHADES[mark.severity] if column == HEADS.index("程度") else ""
        cells.append(text_cell(text, book.cell_style("text", shade, "center" if column in _CENTRED else None)))
    height = max(text_height(text, _WIDTHS[column]) for column, text in enumerate(texts, 1))
    write_row(sheet, row, height, cells)
