"""基础数据汇总: one sheet for every form that units fill with figures, one row per unit's table."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pandas as pd

from gouji.export.attendance import attendance
from gouji.export.book import Book, text_height
from gouji.export.continued import Continued
from gouji.export.exact import number, total
from gouji.export.pages import SCALE, column_breaks, first_page
from gouji.export.records import records
from gouji.export.remarks import remarks
from gouji.export.results import Results
from gouji.export.sheets.figure_rows import KEYS, FigureRows, key_cells
from gouji.export.table import Column, Table, set_widths
from gouji.export.unit_figures import FigureColumn, edition_forms, figure_columns, is_unit_form
from gouji.export.wide import Cells, cells_of, figure
from gouji.templates.catalogue import Catalogue
from gouji.templates.live import LiveSheet
from gouji.templates.write import merge_cells, span_cells, write_text

_TOP = 4
"""The first row below the two lines of the head."""
_NOTE = "金额单位：万元。空白表示没有填报，不按 0 计；合计只加已填的数，比率按两项都填了的单位计算。"


def write_unit_figures(book: Book, results: Results) -> None:
    """One sheet for every such form that was received or asked for."""
    for name in unit_forms(results):
        _write_form(book, results, name)


def sheet_title(name: str, catalogue: Catalogue) -> str:
    """基础数据汇总 for the form whose short name is 基础数据表."""
    return f"{catalogue.short_name(name).removesuffix('表')}汇总"


def unit_forms(results: Results) -> list[str]:
    """The forms to consolidate; when nothing came and nothing was asked for, all that there are."""
    names = list(dict.fromkeys(form.name for form in results.catalogue.forms if is_unit_form(form)))
    asked = {form for unit in attendance(results) for form in unit.asked}
    used = [name for name in names if name in asked or bool((results.returns["form"] == name).any())]
    return used or names


def _write_form(book: Book, results: Results, name: str) -> None:
    returns = results.returns[results.returns["form"] == name]
    included = returns[returns["adopted"]]
    editions = (
        edition_forms(name, included, results.catalogue)
        or [form for form in results.catalogue.forms if form.name == name][:1]
    )
    columns = figure_columns(editions)
    cells = cells_of(results.values, list(included["return_id"]), {column.item.id for column in columns})
    widths = _widths(included, columns, cells)
    whole = Continued(book, sheet_title(name, results.catalogue), _TOP)
    rows = FigureRows(whole, columns, cells, widths, partial(_begun, whole, columns, widths))
    for year, part in _by_year(included):
        rows.write_year(year, part, [form for form in editions if form.edition in set(part["edition"])])
    groups = [(len(KEYS) + first, len(KEYS) + last) for first, last, _ in _runs(columns)]
    breaks = column_breaks(widths, len(KEYS), groups)
    sheets = rows.sheets or [_begun(whole, columns, widths, 0)]
    ends = [_TOP + book.size.sheet - 1] * (len(sheets) - 1)
    last_row = whole.row(rows.next_row - 1) + 1 if rows.next_row else _TOP
    for remark in remarks(results, name, editions):
        last_row += 1
        book.note(sheets[-1], last_row, remark, first_page(widths, breaks))
    for sheet, end in zip(sheets, [*ends, last_row], strict=True):
        _set_pages(sheet, breaks, end, len(widths) - 1)
    book.parts += rows.listed()


def _begun(whole: Continued, columns: list[FigureColumn], widths: list[float], index: int) -> LiveSheet:
    """The sheet that begins with a row, written as far as its head."""
    sheet = whole.add_sheet(index, pages_wide=0)
    set_widths(sheet, [*KEYS, *(Column(column.below) for column in columns)], widths)
    _write_top(whole.book, sheet, columns, widths)
    return sheet


def _by_year(included: pd.DataFrame) -> list[tuple[int | None, pd.DataFrame]]:
    years = sorted(int(year) for year in included["year"].dropna().unique())
    parts: list[tuple[int | None, pd.DataFrame]] = [(y, included[included["year"] == y]) for y in years]
    undated = included[included["year"].isna()]
    return parts if undated.empty else [*parts, (None, undated)]


def _widths(included: pd.DataFrame, columns: list[FigureColumn], cells: Cells) -> list[float]:
    """Wide enough for every figure and for the total of them all."""
    keys = [key_cells(place, row) for place, row in enumerate(records(included), 1)]
    widths = Table(KEYS, keys).widths()
    for column in columns:
        filled = [row.get(column.item.id) for row in cells.values()]
        added = [figure(cell) for cell in filled] if column.item.kind != "rate" else []
        head = Column(column.below, column.item.kind, least=9)
        widths += Table([head], [[cell] for cell in (*filled, number(total(added)))]).widths()
    return widths


def _write_top(book: Book, sheet: LiveSheet, columns: list[FigureColumn], widths: list[float]) -> None:
    """Title, note and the two lines of the head: rows of the form above, its columns below."""
    book.title(sheet, sheet.get_name())
    sheet.set_row(1, 20)
    write_text(sheet, 1, 0, _NOTE, book.style(font_color="#808080"))
    style = book.cell("text", "head")
    above, below = [], []
    for place, key in enumerate(KEYS):
        span_cells(sheet, 2, place, 2, 1)
        write_text(sheet, 2, place, key.head, style)
    for first, last, text in _runs(columns):
        place = len(KEYS) + first
        merge_cells(sheet, 2, place, 1, last - first + 1, style)
        write_text(sheet, 2, place, text, style)
        above.append(text_height(text, sum(widths[place : place + last - first + 1])))
    sheet.set_row(2, max(above, default=20))
    for place, text in enumerate([*("" for _ in KEYS), *(column.below for column in columns)]):
        write_text(sheet, 3, place, text, style)
        below.append(text_height(text, widths[place]))
    sheet.set_row(3, max(below, default=20))
    sheet.freeze_panes(_TOP, 3)


def _runs(columns: Sequence[FigureColumn]) -> list[tuple[int, int, str]]:
    """Neighbouring columns of one row of the form: first, last, its name."""
    runs: list[tuple[int, int, str]] = []
    for place, column in enumerate(columns):
        if runs and runs[-1][2] == column.above:
            runs[-1] = (runs[-1][0], place, column.above)
        else:
            runs.append((place, place, column.above))
    return runs


def _set_pages(sheet: LiveSheet, breaks: list[int], last_row: int, last_column: int) -> None:
    sheet.set_print_scale(SCALE)
    sheet.repeat_rows(0, _TOP - 1)
    sheet.repeat_columns(0, len(KEYS) - 1)
    sheet.set_v_pagebreaks(breaks)
    sheet.print_area(0, 0, last_row, last_column)
