"""Small workbooks that a user of this job would send: a plain table that ties, and one thing changed in each.

`build_field(OUT)` writes those of cases.yaml; `write_book` writes sheets of other shapes in the same notation.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import column_index_from_string, get_column_letter, range_boundaries
from openpyxl.worksheet.worksheet import Worksheet
from ruamel.yaml import YAML

HERE = Path(__file__).parent
Value = str | int | float | None
Row = dict[str, Value]
"""Span (`A`, `A-C`, `A*5`) → what stands there."""

_LINE = Side(style="thin")
_SPAN = re.compile(r"([A-Z]+)(?:-([A-Z]+))?(?:\*(\d+))?")


@cache
def _loaded(name: str) -> Any:
    return YAML(typ="safe", pure=True).load(HERE / name)


def field_cases() -> list[str]:
    """The names of the workbooks, without suffix."""
    return list(_loaded("cases.yaml"))


def field_sheets(name: str) -> list[dict[str, Any]]:
    """The changed sheets of one of them."""
    return list(_loaded("cases.yaml")[name])


def build_field(out: Path) -> list[Path]:
    """Every workbook of cases.yaml, written into `out`."""
    out.mkdir(parents=True, exist_ok=True)
    return [build_case(name, out / f"{name}.xlsx") for name in field_cases()]


def build_case(name: str, path: Path) -> Path:
    """One workbook of cases.yaml, written to `path`."""
    return write_book(_loaded("cases.yaml")[name], name.partition("_")[2], path)


def write_book(sheets: Sequence[Mapping[str, Any]], unit: str, path: Path) -> Path:
    """A plain workbook of changed sheets (the notation of cases.yaml) of `unit`, written to `path`."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for change in sheets:
        base = _loaded("sheets.yaml")[change["of"]]
        sheet = book.create_sheet(change.get("sheet", base["sheet"]))
        for number, width in enumerate(base["widths"], start=1):
            sheet.column_dimensions[get_column_letter(number)].width = width
        _fill(sheet, changed_rows(base["rows"], change), unit)
    book.save(path)
    return path


def changed_rows(rows: Sequence[Row], change: Mapping[str, Any]) -> list[Row]:
    """The rows with the changes in them, which all count by the rows as they were."""
    changed = copy.deepcopy(list(rows))
    for area, factor in change.get("times", {}).items():
        for row, span in _inside(changed, area):
            value = row[span]
            row[span] = value * factor if isinstance(value, int | float) else value
    for area in change.get("blank", ()):
        for row, span in _inside(changed, area):
            row[span] = None
    for cell, value in change.get("cells", {}).items():
        ((row, span),) = [*_inside(changed, cell)] or [(changed[_row(cell)], re.sub(r"\d", "", cell))]
        row[span] = value
    return [row for place in _replaced(changed, change.get("instead", {})) for row in place]


def _replaced(rows: list[Row], instead: Mapping[str, list[Row]]) -> Iterator[list[Row]]:
    bounds = {int(area.partition("-")[0]): (area, new) for area, new in instead.items()}
    last = 0
    for number, row in enumerate(rows, start=1):
        if number in bounds:
            area, new = bounds[number]
            last = int(area.rpartition("-")[2])
            yield new
        elif number > last:
            yield [row]


def _inside(rows: list[Row], area: str) -> Iterator[tuple[Row, str]]:
    """The rows and spans whose first cell lies in the area."""
    first, top, last, bottom = range_boundaries(area)
    for row in rows[top - 1 : bottom]:
        for span in list(row):
            if first <= _columns(span)[0] <= last:
                yield row, span


def _row(cell: str) -> int:
    return int(re.sub(r"\D", "", cell)) - 1


def _columns(span: str) -> tuple[int, int, int]:
    """First column, last column, rows."""
    match = _SPAN.fullmatch(span)
    assert match is not None, span
    first = column_index_from_string(match[1])
    return first, column_index_from_string(match[2] or match[1]), int(match[3] or 1)


def _fill(sheet: Worksheet, rows: Sequence[Row], unit: str) -> None:
    for number, row in enumerate(rows, start=1):
        for span, value in row.items():
            first, last, deep = _columns(span)
            text = value.replace("{单位}", unit) if isinstance(value, str) else value
            sheet.cell(number, first, text).font = Font(name="宋体", size=16 if number == 1 else 10, bold=number == 1)
            if last > first or deep > 1:
                sheet.merge_cells(
                    start_row=number, end_row=number + deep - 1, start_column=first, end_column=last
                )  # fmt: skip
    heads = len([*takewhile(lambda row: len(row) == 1, rows)])
    for line in sheet.iter_rows():
        for cell in line:
            cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
            if cell.row > heads:
                cell.border = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
