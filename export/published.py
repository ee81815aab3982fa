"""决算取数.xlsx: figures of published 部门决算, each with its source and room for somebody to confirm it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from pathlib import Path

from gouji.ingest.beside.published import Published
from gouji.templates.published import CONFIRMED, HEADS, LEFT_SHEET, SHEET
from gouji.templates.write import add_sheet, open_workbook, write_figure, write_text

_CREATED = datetime.datetime(2000, 1, 1)
_A4 = 9
_TOLD = "对照公开的文件核对，一致的在“确认”栏填“是”；只有确认了的数用来核对各单位的报表"


def write_published(path: Path, figures: Iterable[Published], left: Sequence[str], columns: Sequence[str]) -> None:
    """The figures by unit and by the `columns` of the form; `left`: what was not taken, a line each."""
    book = open_workbook(path, _CREATED)
    head = book.add_format({"bold": True, "bg_color": "#D9E1F2", "border": 1, "text_wrap": True, "valign": "vcenter"})
    plain = book.add_format({"border": 1, "text_wrap": True, "valign": "vcenter"})
    money = book.add_format({"border": 1, "num_format": "#,##0.00####", "valign": "vcenter"})
    fill = book.add_format({"border": 1, "bg_color": "#FFF2CC", "align": "center", "valign": "vcenter"})
    sheet = add_sheet(book, SHEET)
    for column, (name, width) in enumerate(HEADS):
        sheet.set_column(column, column, width)
        write_text(sheet, 0, column, name, head)
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    ordered = sorted(figures, key=lambda one: (one.unit, one.file, columns.index(one.column)))
    for row, one in enumerate(ordered, 1):
        texts = (one.unit, "", "" if one.year is None else str(one.year), one.column)
        for column, text in enumerate(texts):
            write_text(sheet, row, column, text, plain)
        write_figure(sheet, row, 4, one.figure, money)
        for column, text in enumerate((one.shown, one.money, one.file, one.table, one.place), 5):
            write_text(sheet, row, column, text, plain)
        write_text(sheet, row, 10, "", fill)
        write_text(sheet, row, 11, one.note, plain)
    confirming = [name for name, _ in HEADS].index(CONFIRMED)
    sheet.data_validation(1, confirming, max(len(ordered), 1), confirming, {"validate": "list", "source": ["是", "否"]})
    sheet.autofilter(0, 0, max(len(ordered), 1), len(HEADS) - 1)
    rest = add_sheet(book, LEFT_SHEET)
    rest.set_column(0, 0, 110)
    write_text(rest, 0, 0, _TOLD, head)
    for row, text in enumerate(left, 1):
        write_text(rest, row, 0, text, plain)
    book.close()
