"""A 决算取数 that the bureau has confirmed, as 部门决算参照表: only rows with 是 in 确认 count."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pandas as pd

from gouji.ingest.frames import returns_schema, typed
from gouji.ingest.grid import Sheet, Workbook
from gouji.ingest.register.batch import Batch, values_frame
from gouji.ingest.values import Values
from gouji.templates.catalogue import Catalogue
from gouji.templates.exact import significant
from gouji.templates.labels import identifier, numbered
from gouji.templates.published import (
    CODE,
    COLUMN,
    CONFIRMED,
    FIGURE,
    FORM,
    HEADS,
    LIST,
    MONEY,
    SHEET,
    SHOWN,
    UNIT,
    YEAR,
    YES,
)

_Confirmed = tuple[Decimal, int, str]
"""万元, the decimals to which it is known, its cell."""
_SHIFT = {"元": 4, "千元": 1}
_LEAST = 2


class ConfirmedError(Exception):
    """It cannot be used; the message is Chinese."""


def confirmed_sheet(book: Workbook) -> Sheet | None:
    """The sheet with the figures; None where the workbook is no 决算取数."""
    names = {head.name for head in HEADS}
    sheets = (sheet for sheet in book.sheets if sheet.name == SHEET and sheet.rows)
    return next((sheet for sheet in sheets if names <= {str(value).strip() for value in sheet.rows[0]}), None)


def confirmed_batch(sheet: Sheet, path: Path, data: bytes, catalogue: Catalogue) -> Batch:
    """The confirmed rows as a batch of one 部门决算参照表.

    Raises ConfirmedError where nothing is confirmed, a row lacks its unit or figure, names no column of the form, or is
    there twice, or where the years differ.
    """
    form = catalogue.form(*FORM)
    columns = form.lists[LIST].columns
    at = {str(value).strip(): number for number, value in enumerate(sheet.rows[0])}
    units: dict[tuple[str, str], dict[str, _Confirmed]] = {}
    years: set[int] = set()
    for row in range(1, sheet.height):
        texts = {head.name: sheet.raw(row, at[head.name]) for head in HEADS}
        if str(texts[CONFIRMED] or "").strip() not in YES:
            continue
        where = f"参照表 {path.name} 第 {row + 1} 行"
        column, figure = str(texts[COLUMN] or "").strip(), texts[FIGURE]
        unit = str(texts[UNIT] or "").strip()
        if not unit or column not in columns or isinstance(figure, bool) or not isinstance(figure, int | float):
            raise ConfirmedError(f"{where}已确认，但单位名称、项目或金额不完整，请补上或去掉“{CONFIRMED}”")
        figures = units.setdefault((unit, _code(texts[CODE])), {})
        if column in figures:
            raise ConfirmedError(f"{where}：“{unit}”的{column}确认了不止一次，请只留一行")
        value = significant(float(figure))
        decimals = _decimals(value, str(texts[SHOWN] or ""), str(texts[MONEY] or "").strip())
        figures[column] = value, decimals, sheet.address(row, at[FIGURE])
        years |= _years(texts[YEAR])
    if not units:
        raise ConfirmedError(f"参照表 {path.name} 里没有一行填了“{CONFIRMED}”：核对以后在“{CONFIRMED}”栏填“是”再运行")
    if len(years) > 1:
        raise ConfirmedError(f"参照表 {path.name} 里确认的数不是同一年度的，请分成两份")
    return _batch(units, next(iter(years), None), list(columns), path, data)


def _decimals(figure: Decimal, shown: str, money: str) -> int:
    """How precise a figure in 万元 is: as it was published, and in 万元 to two decimals, as all of them are."""
    written = len(shown.partition(".")[2]) if money else 0
    return max(-int(figure.as_tuple().exponent), _SHIFT.get(money, 0) + written, _LEAST)


def _code(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value or "").strip()


def _years(value: object) -> set[int]:
    text = str(value or "").strip().removesuffix(".0")
    return {int(text)} if text.isdecimal() else set()


def _batch(
    units: dict[tuple[str, str], dict[str, _Confirmed]], year: int | None, columns: Sequence[str], path: Path,
    data: bytes,
) -> Batch:  # fmt: skip
    values = Values()
    for line, ((unit, code), figures) in zip(
        numbered([identifier(name) for name, _ in units]), units.items(), strict=True
    ):
        _append(values, line, f"{line}.单位名称", raw=unit)
        for column in columns:
            if column == "单位编码":
                _append(values, line, f"{line}.{column}", raw=code or None)
            else:
                _append(values, line, f"{line}.{column}", confirmed=figures.get(column))
    known_as = f"{path.name}#{SHEET}#1"
    row = {
        "return_id": known_as, "file": path.name, "sha256": hashlib.sha256(data).hexdigest(), "sheet": SHEET,
        "form": FORM[0], "edition": FORM[1], "unit": "财政局", "unit_source": "标识页", "year": year,
        "year_source": "表头", "status": "已收", "layout": "found", "adopted": True,
    }  # fmt: skip
    return Batch(typed(pd.DataFrame([row]), returns_schema), values_frame([(known_as, SHEET, values)]), year)


def _append(
    values: Values, line: str, item: str, *, raw: str | None = None, confirmed: _Confirmed | None = None
) -> None:
    figure, decimals, cell = confirmed or (None, None, None)
    values.list_id.append(LIST)
    values.line.append(line)
    values.item.append(item)
    values.value.append(None if figure is None else float(figure))
    values.raw.append(raw)
    values.decimals.append(decimals)
    values.state.append("filled" if raw is not None or figure is not None else "blank")
    values.cell.append(cell)
