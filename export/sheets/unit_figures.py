"""基础数据汇总: one row per unit's table, 小计 per edition (口径) and 合计 per year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from xlsxwriter.worksheet import Worksheet

from export.attendance import attendance
from export.book import LINE, Book
from export.exact import number, share, total
from export.formulas import count_formula, ratio_formula, sum_formula
from export.measure import lines_needed
from export.pages import SCALE, column_breaks, first_page
from export.records import records
from export.remarks import remarks
from export.results import Results
from export.table import Column, Formula, Table, set_widths, write_row
from export.unit_figures import FigureColumn, edition_forms, figure_columns, is_unit_form, standing_apart
from export.wide import Cells, cells_of, figure
from templates.form import Form
from templates.library import all_forms
from templates.write import merge_cells, write_text

KEYS = [
    Column("序号", "number", least=5, align="center"),
    Column("单位编码", widest=14, least=9),
    Column("单位", widest=26, least=18),
    Column("年度", "number", least=6, align="center"),
    Column("版本（口径）", widest=14, least=10),
]


@dataclass
class _Drafting:
    """The sheet as it grows: where rows went, which the totals then run over."""

    book: Book
    sheet: Worksheet
    columns: list[FigureColumn]
    cells: Cells
    row: int = 4
    rows: dict[str, tuple[int, int]] = field(default_factory=dict)
    ids: dict[str, list[str]] = field(default_factory=dict)

    def places(self) -> dict[str, int]:
        """Item → sheet column."""
        return {column.item.id: len(KEYS) + place for place, column in enumerate(self.columns)}


def write_unit_figures(book: Book, results: Results) -> None:
    """One sheet for every form that units fill with figures and that was received or asked for."""
    for name in unit_forms(results):
        _write_form(book, results, name)


def sheet_title(name: str) -> str:
    """基础数据汇总 for the form whose short name is 基础数据表."""
    form = next(form for form in all_forms() if form.name == name)
    return f"{form.definition.short.removesuffix('表')}汇总"


def unit_forms(results: Results) -> list[str]:
    """The forms to consolidate; when nothing came and nothing was asked for, all that there are."""
    names = list(dict.fromkeys(form.name for form in all_forms() if is_unit_form(form)))
    asked = {form for unit in attendance(results) for form in unit.asked}
    used = [name for name in names if name in asked or bool((results.returns["form"] == name).any())]
    return used or names


def _write_form(book: Book, results: Results, name: str) -> None:
    returns = results.returns[results.returns["form"] == name]
    included = returns[returns["adopted"]]
    editions = edition_forms(name, included) or [form for form in all_forms() if form.name == name][:1]
    columns = figure_columns(editions)
    cells = cells_of(results.values, list(included["return_id"]), {column.item.id for column in columns})
    title = sheet_title(name)
    sheet = book.sheet(title, pages_wide=0)
    widths = _widths(included, columns, cells)
    _write_top(book, sheet, title, columns, widths)
    drafting = _Drafting(book, sheet, columns, cells)
    for year, part in _by_year(included):
        _write_year(drafting, year, part, [form for form in editions if form.edition in set(part["edition"])])
    _write_remarks(drafting, remarks(results, name, editions), widths)
    _set_pages(drafting, widths)


def _by_year(included: pd.DataFrame) -> list[tuple[int | None, pd.DataFrame]]:
    years = sorted(int(year) for year in included["year"].dropna().unique())
    parts: list[tuple[int | None, pd.DataFrame]] = [(year, included[included["year"] == year]) for year in years]
    undated = included[included["year"].isna()]
    return parts if undated.empty else [*parts, (None, undated)]


def _widths(included: pd.DataFrame, columns: list[FigureColumn], cells: Cells) -> list[float]:
    """Wide enough for every figure and for the total of them all."""
    keys = [list(_keys(place, row)) for place, row in enumerate(records(included), 1)] + [[None] * len(KEYS)]
    widths = Table(KEYS, keys).widths()
    for column in columns:
        given = [one.get(column.item.id) for one in cells.values()]
        summed = number(total(figure(cell) for cell in given)) if column.item.kind != "rate" else None
        kind = Column(column.below, column.item.kind, least=9)
        widths += Table([kind], [[cell] for cell in (*given, summed)]).widths()
    return widths


def _keys(place: int, row: dict[str, Any]) -> tuple[Any, ...]:
    return place, row["unit_code"], row["unit"], row["year"], row["edition"]


def _write_top(book: Book, sheet: Worksheet, title: str, columns: list[FigureColumn], widths: list[float]) -> None:
    """Title, note and the two lines of the head: rows of the form above, its columns below."""
    heads = [*KEYS, *(Column(column.below, column.item.kind) for column in columns)]
    set_widths(sheet, heads, widths)
    book.title(sheet, title)
    note = "金额单位：万元。空白表示没有填报，不按 0 计；合计只加已填的数，比率按两项都填了的单位计算。"
    write_text(sheet, 1, 0, note, book.style(font_color="#808080"))
    style = book.cell("text", "head")
    for place, key in enumerate(KEYS):
        merge_cells(sheet, 2, place, 2, 1, style)
        write_text(sheet, 2, place, key.head, style)
    for first, last, above in _runs(columns):
        merge_cells(sheet, 2, len(KEYS) + first, 1, last - first + 1, style)
        write_text(sheet, 2, len(KEYS) + first, above, style)
    for place, column in enumerate(columns, len(KEYS)):
        write_text(sheet, 3, place, column.below, style)
    spans = [(above, sum(widths[len(KEYS) + first : len(KEYS) + last + 1])) for first, last, above in _runs(columns)]
    sheet.set_row(2, _head_height(spans))
    sheet.set_row(3, _head_height([(c.below, w) for c, w in zip(columns, widths[len(KEYS) :], strict=True)]))
    sheet.freeze_panes(4, 3)


def _head_height(texts: list[tuple[str, float]]) -> float:
    return LINE * max((lines_needed(text, width - 2) for text, width in texts), default=1) + 6


def _runs(columns: Sequence[FigureColumn]) -> list[tuple[int, int, str]]:
    runs: list[tuple[int, int, str]] = []
    for place, column in enumerate(columns):
        if runs and runs[-1][2] == column.above:
            runs[-1] = (runs[-1][0], place, column.above)
        else:
            runs.append((place, place, column.above))
    return runs


def _write_year(drafting: _Drafting, year: int | None, part: pd.DataFrame, editions: list[Form]) -> None:
    drafting.rows, drafting.ids = {}, {}
    for form in editions:
        _write_edition(drafting, part[part["edition"] == form.edition], form)
        if len(editions) > 1:
            own = {item.id for item in form.items.values()}
            _write_total(drafting, f"{form.edition} 小计", year, [form.edition], own, set())
    shared = set.intersection(*({item.id for item in form.items.values()} for form in editions))
    label = "合计" if year is not None else "年度空白的合计"
    _write_total(drafting, label, year, list(drafting.rows), shared, standing_apart(editions))
    _write_counts(drafting, year, list(drafting.rows))


def _write_edition(drafting: _Drafting, part: pd.DataFrame, form: Form) -> None:
    first = drafting.row
    ordered = part.assign(_code=part["unit_code"].fillna(""), _unit=part["unit"].fillna(""))
    ordered = ordered.sort_values(["_code", "_unit", "return_id"], kind="stable")
    heads = [*KEYS, *(Column(column.below, column.item.kind) for column in drafting.columns)]
    own = {item.id for item in form.items.values()}
    for row in records(ordered):
        given = drafting.cells[row["return_id"]]
        figures = [given.get(c.item.id) if c.item.id in own else "—" for c in drafting.columns]
        place = sum(len(ids) for ids in drafting.ids.values()) + drafting.row - first + 1
        write_row(drafting.book, drafting.sheet, drafting.row, heads, [*_keys(place, row), *figures])
        drafting.row += 1
    drafting.rows[form.edition] = (first, drafting.row - 1)
    drafting.ids[form.edition] = list(ordered["return_id"])


def _write_total(
    drafting: _Drafting, label: str, year: int | None, editions: list[str], shared: set[str], apart: set[str]
) -> None:
    heads = [*KEYS, *(Column(column.below, column.item.kind) for column in drafting.columns)]
    figures = [_total(drafting, column, editions, shared, apart) for column in drafting.columns]
    cells = [None, None, label, year, None, *figures]
    write_row(drafting.book, drafting.sheet, drafting.row, heads, cells, "sum")
    drafting.row += 1


def _total(
    drafting: _Drafting, column: FigureColumn, editions: list[str], shared: set[str], apart: set[str]
) -> Formula | str | None:
    if column.item.id not in shared:
        return "—"
    if column.item.row in apart:
        return "口径不同"
    rows = [drafting.rows[edition] for edition in editions]
    given = [drafting.cells[one] for edition in editions for one in drafting.ids[edition]]
    place = drafting.places()
    if column.item.kind != "rate":
        summed = total(figure(one.get(column.item.id)) for one in given)
        return Formula(sum_formula(rows, place[column.item.id]), number(summed), column.item.kind)
    if column.ratio is None or not set(column.ratio) <= shared:
        return None
    part, whole = column.ratio
    value = share((figure(one.get(part)), figure(one.get(whole))) for one in given)
    return Formula(ratio_formula(rows, place[part], place[whole]), number(value), "rate")


def _write_counts(drafting: _Drafting, year: int | None, editions: list[str]) -> None:
    """How many tables have a figure in each column: what a total does not cover must be seen."""
    rows = [drafting.rows[edition] for edition in editions]
    ids = [one for edition in editions for one in drafting.ids[edition]]
    cells: list[Any] = [None, None, f"已填份数（共{len(ids)}份）", year, None]
    for item, place in drafting.places().items():
        filled = sum(figure(drafting.cells[one].get(item)) is not None for one in ids)
        cells.append(Formula(count_formula(rows, place), filled, "count"))
    heads = [*KEYS, *(Column(column.below, column.item.kind) for column in drafting.columns)]
    write_row(drafting.book, drafting.sheet, drafting.row, heads, cells, "quiet")
    drafting.row += 1


def _write_remarks(drafting: _Drafting, said: list[str], widths: list[float]) -> None:
    drafting.row += 1
    for remark in said:
        drafting.book.note(drafting.sheet, drafting.row, remark, first_page(widths, len(KEYS)))
        drafting.row += 1


def _set_pages(drafting: _Drafting, widths: list[float]) -> None:
    sheet = drafting.sheet
    sheet.set_print_scale(SCALE)
    sheet.repeat_rows(0, 3)
    sheet.repeat_columns(0, len(KEYS) - 1)
    sheet.set_v_pagebreaks(column_breaks(widths, len(KEYS)))
    sheet.print_area(0, 0, drafting.row - 1, len(widths) - 1)
