"""The rows of 基础数据汇总: the units' tables, 小计 per edition, 合计 per year, and how many are filled in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from gouji.export.book import Part
from gouji.export.continued import Continued
from gouji.export.exact import number, share, total
from gouji.export.formulas import Rows, count_formula, ratio_formula, sum_formula
from gouji.export.records import records
from gouji.export.table import Column, Formula, add_row
from gouji.export.unit_figures import FigureColumn, standing_apart
from gouji.export.wide import Cells, figure
from gouji.templates.form import Form
from gouji.templates.live import LiveSheet

KEYS = [
    Column("序号", "number", least=5, align="center"),
    Column("单位编码", widest=14, least=9),
    Column("单位", widest=22, least=16),
    Column("年度", "number", least=6, align="center"),
    Column("版本（口径）", widest=12, least=10),
]
_UNIT = 2
"""The place of the unit among them."""
ABSENT, APART = "—", "口径不同"


@dataclass
class FigureRows:
    """The table as it grows downwards, from sheet to sheet.

    `begin` sets up the sheet that begins with a row, as far as its head; `next_row`: below what is written. `spans`,
    `ids`: per edition of the year at hand, its rows and returns. `names`: per sheet, what its first and last row are
    about.
    """

    whole: Continued
    columns: list[FigureColumn]
    cells: Cells
    widths: list[float]
    begin: Callable[[int], LiveSheet]
    next_row: int = 0
    sheets: list[LiveSheet] = field(default_factory=list)
    names: list[list[object]] = field(default_factory=list)
    spans: dict[str, tuple[int, int]] = field(default_factory=dict)
    ids: dict[str, list[str]] = field(default_factory=dict)

    @cached_property
    def heads(self) -> list[Column]:
        """The columns of the sheet."""
        return [*KEYS, *(Column(column.below, column.item.kind) for column in self.columns)]

    def write_year(self, year: int | None, returns: pd.DataFrame, editions: list[Form]) -> None:
        """The tables of one year by edition, with their totals. `returns` are those that count."""
        self.spans, self.ids = {}, {}
        for form in editions:
            items = set(form.items)
            self._write_edition(returns[returns["edition"] == form.edition], form)
            if len(editions) > 1:
                label = f"{form.edition} 小计"
                self._write([None, None, label, year, None, *self._totals([form.edition], items, set())], "sum")
        shared = set.intersection(*(set(form.items) for form in editions))
        sums = self._totals(list(self.spans), shared, standing_apart(editions))
        self._write([None, None, "合计" if year is not None else "合计（年度空白）", year, None, *sums], "sum")
        self._write_counts(year)

    def listed(self) -> list[Part]:
        """What the sheets hold, where there are several."""
        if len(self.sheets) < 2:
            return []
        firsts = range(0, self.next_row, self.whole.book.size.sheet)
        lasts = [*(first - 1 for first in firsts[1:]), self.next_row - 1]
        by = KEYS[_UNIT].head
        return [
            self.whole.listed(first, last, by, (start, end))
            for first, last, (start, end) in zip(firsts, lasts, self.names, strict=True)
        ]

    def _write(self, cells: Sequence[Any], shade: str = "") -> None:
        if self.whole.starts(self.next_row):
            self.sheets.append(self.begin(self.next_row))
            self.names.append([cells[_UNIT]] * 2)
        self.names[-1][1] = cells[_UNIT]
        row = self.whole.row(self.next_row)
        add_row(self.whole.book, self.sheets[-1], row, self.heads, cells, self.widths, shade)
        self.next_row += 1

    def _rows(self, editions: Iterable[str]) -> Rows:
        """The rows of these editions, for a total in the next row."""
        spans = (self.spans[edition] for edition in editions)
        return [stretch for first, last in spans for stretch in self.whole.stretches(first, last, self.next_row)]

    def _place(self, item: str) -> int:
        """The sheet column of an item."""
        return len(KEYS) + next(place for place, column in enumerate(self.columns) if column.item.id == item)

    def _write_edition(self, returns: pd.DataFrame, form: Form) -> None:
        first, before = self.next_row, sum(len(ids) for ids in self.ids.values())
        order = {name: returns[name].fillna("") for name in ("unit_code", "unit", "return_id")}
        ordered = returns.loc[pd.DataFrame(order).sort_values(list(order), kind="stable").index]
        for place, row in enumerate(records(ordered), before + 1):
            cells = self.cells[row["return_id"]]
            figures = (cells.get(c.item.id) if c.item.id in form.items else ABSENT for c in self.columns)
            self._write([*key_cells(place, row), *figures])
        self.spans[form.edition] = (first, self.next_row - 1)
        self.ids[form.edition] = list(ordered["return_id"])

    def _totals(self, editions: list[str], shared: set[str], apart: set[str]) -> list[Formula | str | None]:
        return [self._total(column, editions, shared, apart) for column in self.columns]

    def _total(
        self, column: FigureColumn, editions: list[str], shared: set[str], apart: set[str]
    ) -> Formula | str | None:
        item = column.item
        if item.id not in shared:
            return ABSENT
        if item.row in apart:
            return APART
        rows = self._rows(editions)
        tables = [self.cells[return_id] for edition in editions for return_id in self.ids[edition]]
        if item.kind != "rate":
            summed = total(figure(cells.get(item.id)) for cells in tables)
            return Formula(sum_formula(rows, self._place(item.id)), number(summed), item.kind)
        if column.ratio is None or not set(column.ratio) <= shared:
            return None
        part, whole = column.ratio
        value = share((figure(cells.get(part)), figure(cells.get(whole))) for cells in tables)
        return Formula(ratio_formula(rows, self._place(part), self._place(whole)), number(value), "rate")

    def _write_counts(self, year: int | None) -> None:
        """How many tables have a figure in each column: what a total does not cover must be seen."""
        rows, ids = (
            self._rows(self.spans),
            [return_id for edition_ids in self.ids.values() for return_id in edition_ids],
        )
        counts: list[Formula] = []
        for place, column in enumerate(self.columns, len(KEYS)):
            filled = sum(figure(self.cells[return_id].get(column.item.id)) is not None for return_id in ids)
            counts.append(Formula(count_formula(rows, place), filled, "count"))
        self._write([None, None, f"已填份数（共{len(ids)}份）", year, None, *counts], "quiet")


def key_cells(place: int, row: dict[str, Any]) -> tuple[Any, ...]:
    """The key columns of a return's row."""
    return place, row["unit_code"], row["unit"], row["year"], row["edition"]
