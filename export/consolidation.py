"""汇总 checked against its sources (C-01): the totals that stand in 汇总.xlsx are read back from the file and compared
with sums made anew from the values of the returns that count. Nothing here uses what wrote them but the heads.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pandas as pd
from python_calamine import CalamineWorkbook

from gouji.export.projects import counted_elsewhere, money_of
from gouji.export.records import plain
from gouji.export.results import Results
from gouji.export.sheets.unit_figures import sheet_title, unit_forms
from gouji.export.stored import Stored
from gouji.export.unit_figures import ADDED, edition_forms, figure_columns
from gouji.templates.addresses import cell_name
from gouji.templates.catalogue import Catalogue
from gouji.templates.exact import significant
from gouji.validate.findings import Finding, Origin, common
from gouji.validate.wording import figure_text

RULE = "C-01"
TOTAL, SUBTOTAL, PROJECTS = "合计", "小计", "项目绩效汇总"
_LABEL, _YEAR, _FIRST = 2, 3, 5
_PROJECT_YEAR, _PROJECT_FIRST = 5, 6
_OF_EDITION = f" {SUBTOTAL}"
_TOP, _PROJECT_TOP = 4, 3
"""The first rows below the heads."""

Row = Sequence[object]


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What is asked of a sheet: its first rows, as far as the first below the head, and its totals, each with its row.
    The rows of a batch are not kept."""

    top: Sequence[Row]
    totals: Sequence[tuple[int, Row]]

    @classmethod
    def of(cls, rows: Iterable[Row]) -> _Sheet:
        """From all rows of the sheet, one after the other."""
        top: list[Row] = []
        totals: list[tuple[int, Row]] = []
        for place, row in enumerate(rows):
            if len(top) <= _TOP:
                top.append(row)
            if len(row) > _LABEL and _is_total(row[_LABEL]):
                totals.append((place, row))
        return cls(top, totals)


Sheets = dict[str, _Sheet]
"""The sheets of one table, by name."""
Sums = dict[tuple[int | None, str, str], Decimal]
"""(year, edition, item) → total."""


@dataclass(frozen=True, slots=True)
class _Stated:
    """A total as it stands in the workbook: whose, and where."""

    sheet: str
    cell: str
    label: str
    year: int | None
    value: object

    @property
    def figure(self) -> Decimal | None:
        """The figure; None where the total is empty."""
        return significant(self.value) if isinstance(self.value, int | float) else None

    @property
    def words(self) -> bool:
        """Whether words stand there: 口径不同, — (no total is meant)."""
        return isinstance(self.value, str) and self.value != ""


def untied(results: Results, path: Path) -> list[Finding]:
    """One finding per total of the workbook at `path` that is not the sum of the units' figures; none if all tie."""
    findings: list[Finding] = []
    with CalamineWorkbook.from_path(str(path)) as book:
        for name in unit_forms(results):
            findings += _unit_totals(results, name, _sheets(book, sheet_title(name, results.catalogue)))
        findings += _project_totals(results, _sheets(book, PROJECTS))
    return findings


def _sheets(book: CalamineWorkbook, title: str) -> Sheets:
    """The sheets over which a table goes on."""
    names = [name for name in book.sheet_names if name == title or name.startswith(f"{title}（续")]
    return {name: _Sheet.of(book.get_sheet_by_name(name).iter_rows()) for name in names}


def _unit_totals(results: Results, name: str, sheets: Sheets) -> Iterator[Finding]:
    """基础数据汇总: 合计 of a year, and 小计 of each edition."""
    counted = results.returns[results.returns["adopted"] & (results.returns["form"] == name)]
    columns = [
        column
        for column in figure_columns(edition_forms(name, counted, results.catalogue))
        if column.item.kind in ADDED
    ]
    sums = _sums(results.values, counted)
    for sheet, read in sheets.items():
        heads = _heads(read.top)
        totals = [(sheet_row, row, str(row[_LABEL])) for sheet_row, row in read.totals if sheet_row >= _TOP]
        for column in columns:
            place = heads.get((_one_line(column.above), _one_line(column.below)))
            if place is None:
                continue
            for sheet_row, row, label in totals:
                stated = _Stated(sheet, cell_name(sheet_row, place), label, _year(row[_YEAR]), row[place])
                chosen = None if label.startswith(TOTAL) else label.removesuffix(_OF_EDITION)
                expected = _added(sums, stated.year, [column.item.id], chosen)
                yield from _compared(name, chosen, column.item.id, stated, expected)


def _is_total(label: object) -> bool:
    return isinstance(label, str) and (label.startswith(TOTAL) or label.endswith(_OF_EDITION))


def _project_totals(results: Results, sheets: Sheets) -> Iterator[Finding]:
    """项目绩效汇总: the totals of a year over all forms per project, by the label of the amount; every project once."""
    counted = results.returns[results.returns["adopted"]]
    counted = counted[~counted["return_id"].isin(list(counted_elsewhere(results)))]
    labels = _amounts(counted, results.catalogue)
    sums = _sums(results.values, counted[counted["form"].isin({form for form, _ in labels})])
    first: Sequence[Row] = next((read.top for read in sheets.values()), [])
    heads = [_one_line(str(head)) for head in first[_PROJECT_TOP - 1]] if len(first) > _PROJECT_TOP else []
    totals = [
        (sheet, sheet_row, row)
        for sheet, read in sheets.items()
        for sheet_row, row in read.totals
        if str(row[_LABEL] or "").startswith(f"{TOTAL}（")
    ]
    for label in dict.fromkeys(label for _, label in labels):
        if label not in heads[_PROJECT_FIRST:]:
            continue
        place = heads.index(label, _PROJECT_FIRST)
        items = sorted({item for (_, amount), ids in labels.items() if amount == label for item in ids})
        for year in dict.fromkeys(_year(row[_PROJECT_YEAR]) for *_, row in totals):
            mine = [
                (sheet, sheet_row, row[place]) for sheet, sheet_row, row in totals if _year(row[_PROJECT_YEAR]) == year
            ]
            filled = [significant(value) for *_, value in mine if isinstance(value, int | float)]
            value = float(sum(filled, Decimal(0))) if filled else None
            sheet, sheet_row, _ = mine[-1]
            stated = _Stated(sheet, cell_name(sheet_row, place), f"{TOTAL}（{label}）", year, value)
            yield from _compared(None, None, label, stated, _added(sums, year, items, None))


def _amounts(returns: pd.DataFrame, catalogue: Catalogue) -> dict[tuple[str, str], list[str]]:
    """(form, label of an amount) → its items."""
    by_label: dict[tuple[str, str], list[str]] = {}
    for name, edition in returns[["form", "edition"]].dropna().drop_duplicates().itertuples(index=False):
        form = catalogue.known(str(name), str(edition))
        money = money_of(form) if form is not None else None
        for item in money.amounts if money is not None else ():
            by_label.setdefault((str(name), item.rpartition(".")[2]), []).append(item)
    return by_label


def _sums(values: Stored, returns: pd.DataFrame) -> Sums:
    """Exact sums of what the returns hold."""
    sums: Sums = {}
    for rows in values.batches(["return_id", "list_id", "item", "value"]):
        fixed = rows[rows["list_id"].isna() & rows["value"].notna()]
        merged = fixed.merge(returns[["return_id", "year", "edition"]], on="return_id")
        columns = (plain(merged[name]) for name in ("year", "edition", "item", "value"))
        for year, edition, item, value in zip(*columns, strict=True):
            sums[year, edition, item] = sums.get((year, edition, item), Decimal(0)) + significant(value)
    return sums


def _added(sums: Sums, year: int | None, items: Sequence[str], edition: str | None) -> Decimal | None:
    chosen = [
        total
        for (of_year, of_edition, item), total in sums.items()
        if of_year == year and item in items and edition in (None, of_edition)
    ]
    return sum(chosen, Decimal(0)) if chosen else None


def _compared(
    form: str | None, edition: str | None, item: str, stated: _Stated, expected: Decimal | None
) -> Iterator[Finding]:
    if stated.words or _same(stated.figure, expected):
        return
    shown, due = (figure_text(figure, "quantity") or "空白" for figure in (stated.figure, expected))
    detail = (
        f"“{stated.sheet}”{stated.cell}的{stated.label}（{item.replace('.', '的')}）是 {shown}，"
        f"按已采用的报表逐份相加应为 {due}。这是程序的差错，请不要使用这个汇总数，并与技术人员联系。"
    )
    origin = Origin(form=form, edition=edition, year=stated.year, instance=edition, sheet=stated.sheet)
    gap = None if stated.figure is None or expected is None else float(stated.figure - expected)
    yield common(
        RULE, origin, item=item, cell=stated.cell, stated=shown, expected=due, difference=gap, detail=detail
    )  # fmt: skip


def _same(stated: Decimal | None, expected: Decimal | None) -> bool:
    """Equal as the spreadsheet holds them, at 15 significant digits."""
    if stated is None or expected is None:
        return stated is expected
    return stated == significant(float(expected))


def _heads(rows: Sequence[Row]) -> dict[tuple[str, str], int]:
    """(row of the form, its column) as printed in the two lines of the head → column of the sheet."""
    columns: dict[tuple[str, str], int] = {}
    above = ""
    for place in range(_FIRST, len(rows[2]) if len(rows) > _TOP else 0):
        above = _one_line(str(rows[2][place] or "")) or above
        columns.setdefault((above, _one_line(str(rows[3][place] or ""))), place)
    return columns


def _one_line(text: str) -> str:
    return "".join(text.split())


def _year(cell: object) -> int | None:
    return int(cell) if isinstance(cell, int | float) else None
