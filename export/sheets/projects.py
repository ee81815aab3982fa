"""项目绩效汇总: one row per 自评表 that counts; amounts added, scores and rates weighted by 全年执行数."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from gouji.export.book import Book
from gouji.export.continued import Continued
from gouji.export.department import department_of
from gouji.export.exact import number, share, total, weighted_mean
from gouji.export.formulas import Rows, Stretch, mean_formula, ratio_formula, sum_formula
from gouji.export.pages import on_first_page
from gouji.export.project_names import with_project_names
from gouji.export.projects import Money, counted_elsewhere, money_of
from gouji.export.records import records
from gouji.export.results import Results, once
from gouji.export.score_words import grade_words
from gouji.export.table import Column, Formula, Table, add_row, set_paper, set_widths, write_head
from gouji.export.wide import cells_of, figure
from gouji.export.words import ALERTS
from gouji.templates.live import LiveSheet

KEYS = [
    Column("序号", "number", least=5, align="center"),
    Column("单位编码", widest=14, least=9),
    Column("单位", widest=24, least=16),
    Column("主管部门", widest=20, least=10),
    Column("项目", widest=30, least=18),
    Column("年度", "number", least=6, align="center"),
]
_UNIT = 2
"""The place of the unit among them."""
_FROZEN = 5
"""Columns that stay, on the screen and on every page."""
SCORES = [
    Column("自评得分", "points", least=7),
    Column("复算得分", "points", least=7),
    Column("复算最低", "points", least=7),
    Column("复算最高", "points", least=7),
]
TAIL = [
    Column("自评等次", widest=6, align="center"),
    Column("复算等次", widest=12, least=6, align="center"),
    Column("预警", widest=10, least=9, align="center", shades=ALERTS),
    Column("计入合计", widest=18, least=8, align="center"),
]
_RETURN = ["return_id", "unit_code", "unit", "form", "edition", "year", "instance"]
"""All that is shown of a return: the rows of all projects stand in memory."""
SCORE_NAMES = ["self_total", "score_total", "low", "high"]
TOP = 3
"""The first row below the head."""
NOTE = (
    "金额单位：万元，直接相加。合计行的执行率＝执行（支出）数合计÷预算（到位）数合计，得分按执行数加权平均，都只计两项都有的项目。"
    "空白表示没有填报或不能复算，不按 0 计。同一项目报了几种表的，只按一种计入合计，其余列在最后。"
)


def write_projects(book: Book, results: Results) -> None:
    """One table over all projects, with a total for every form edition's own money columns and year."""
    whole = Continued(book, "项目绩效汇总", TOP)
    parts, again = project_parts(results), _parts(results, elsewhere=True)
    labels = list(dict.fromkeys(item.rpartition(".")[2] for money, _ in [*parts, *again] for item in money.amounts))
    columns = _columns(labels)
    rows = _rows(parts, labels, whole)
    rows += _listed_only(again, labels, whole, len(rows))
    widths = Table(columns, [cells for cells, _ in rows]).widths()
    for start in range(0, max(len(rows), 1), book.size.sheet):
        sheet = _begun(whole, start, columns, widths)
        here = rows[start : start + book.size.sheet]
        for index, (cells, shade) in enumerate(here, start):
            add_row(book, sheet, whole.row(index), columns, cells, widths, shade)
        if len(here) < len(rows):
            names = here[0][0][_UNIT], here[-1][0][_UNIT]
            book.parts.append(whole.listed(start, start + len(here) - 1, KEYS[_UNIT].head, names))
        sheet.print_area(0, 0, TOP + max(len(here), 1) - 1, len(columns) - 1)
    if not parts:
        book.note(sheet, TOP, "没有收到可以汇总的项目自评表。", widths, shade="")


def _begun(whole: Continued, start: int, columns: list[Column], widths: list[float]) -> LiveSheet:
    """The sheet that begins with a row, written as far as its head."""
    book, sheet = whole.book, whole.add_sheet(start)
    set_widths(sheet, columns, widths)
    book.title(sheet, sheet.get_name())
    book.note(sheet, 1, NOTE, on_first_page(widths, _FROZEN))
    write_head(book, sheet, TOP - 1, columns, widths)
    sheet.freeze_panes(TOP, _FROZEN)
    sheet.repeat_rows(TOP - 1)
    set_paper(sheet, columns, widths, _FROZEN)
    return sheet


def project_rows(results: Results) -> pd.DataFrame:
    """The returns that count in the consolidation, with their totals, in the order of units and projects."""
    counted = results.returns.loc[results.returns["adopted"], _RETURN].merge(results.totals, on="return_id", how="left")
    order = {name: counted[name].fillna("") for name in ("unit_code", "unit", "instance", "return_id")}
    keys = pd.DataFrame(order | {"_row": counted.index})
    return counted.loc[keys.sort_values(list(order), kind="stable")["_row"]]


def _columns(labels: list[str]) -> list[Column]:
    amounts = [Column(label, "amount", least=10) for label in labels]
    rates = [Column("执行率（填报）", "rate", least=8), Column("执行率（复算）", "rate", least=8)]
    return [*KEYS, *amounts, *rates, *SCORES, *TAIL]


Part = tuple[Money, list[dict[str, Any]]]


@once
def project_parts(results: Results) -> list[Part]:
    """The projects by year and by the money columns of their form, each once and with its cells under `cells`."""
    return _parts(results, elsewhere=False)


def _parts(results: Results, *, elsewhere: bool) -> list[Part]:
    """As `project_parts`, or the tables whose project counts by another form (its name under `counted_by`)."""
    again, named = counted_elsewhere(results), department_of(results)
    rows = project_rows(results)
    rows = rows[rows["return_id"].isin(list(again)) == elsewhere]
    parts: dict[tuple[int, Money], list[dict[str, Any]]] = {}
    for (name, edition), group in rows.groupby(["form", "edition"], sort=True):
        form = results.catalogue.known(str(name), str(edition))
        money = money_of(form) if form is not None else None
        if form is None or money is None:
            continue
        wanted = {*money.amounts, *([money.stated_rate] if money.stated_rate else [])}
        cells = cells_of(results.values, list(group["return_id"]), wanted)
        for row in records(with_project_names(results, group)):
            row |= {"cells": cells[row["return_id"]], "department": named(row)}
            row["counted_by"] = again.get(row["return_id"])
            parts.setdefault((row["year"] or 0, money), []).append(row)
    return [(money, parts[year, money]) for year, money in sorted(parts, key=lambda key: key[0])]


def _rows(parts: list[Part], labels: list[str], whole: Continued) -> list[tuple[list[Any], str]]:
    """The cells of every row with its shade: each part's projects and then its total."""
    rows: list[tuple[list[Any], str]] = []
    for money, projects in parts:
        first = len(rows)
        places = {item: len(KEYS) + offset for offset, item in enumerate(_by_label(money, labels))}
        for number_, project in enumerate(projects, 1):
            sheet_row = whole.row(len(rows))
            rows.append((_project(number_, project, money, labels, sheet_row, places), ""))
        span = whole.stretches(first, len(rows) - 1, len(rows))
        rows.append((_totals(projects, money, labels, span, places), "sum"))
    return rows


def _listed_only(parts: list[Part], labels: list[str], whole: Continued, first: int) -> list[tuple[list[Any], str]]:
    """The tables about projects that are counted already, from that row on."""
    rows: list[tuple[list[Any], str]] = []
    for money, projects in parts:
        places = {item: len(KEYS) + offset for offset, item in enumerate(_by_label(money, labels))}
        for number_, project in enumerate(projects, len(rows) + 1):
            sheet_row = whole.row(first + len(rows))
            rows.append((_project(number_, project, money, labels, sheet_row, places), "quiet"))
    return rows


def _project(
    place: int, row: dict[str, Any], money: Money, labels: list[str], sheet_row: int, places: dict[str, int]
) -> list[Any]:
    cells = row["cells"]
    rate = share([(figure(cells.get(money.executed)), figure(cells.get(money.budget)))])
    formula = ratio_formula([Stretch(sheet_row, sheet_row)], places[money.executed], places[money.budget])
    return [
        place, row["unit_code"], row["unit"], row["department"], row["instance"], row["year"],
        *(cells.get(item) for item in _by_label(money, labels)),
        cells.get(money.stated_rate) if money.stated_rate else None,
        Formula(formula, number(rate), "rate"),
        *(row[name] for name in SCORE_NAMES),
        row["self_grade"], grade_words(row["grade"], row["lowest_grade"], row["highest_grade"]), row["alert"],
        f"否（已按{row['counted_by']}计入）" if row["counted_by"] else "是",
    ]  # fmt: skip


def _by_label(money: Money, labels: list[str]) -> list[str]:
    named = {item.rpartition(".")[2]: item for item in money.amounts}
    return [named.get(label, "") for label in labels]


def _totals(
    rows: list[dict[str, Any]], money: Money, labels: list[str], span: Rows, places: dict[str, int]
) -> list[Any]:
    executed = [figure(row["cells"].get(money.executed)) for row in rows]
    budgets = [figure(row["cells"].get(money.budget)) for row in rows]
    amounts = [total(figure(row["cells"].get(item)) for row in rows) for item in _by_label(money, labels)]
    first_score, weights = len(KEYS) + len(labels) + 2, places[money.executed]
    means = [
        Formula(mean_formula(span, column, weights), number(weighted_mean(_pairs(rows, name, executed))), "points")
        for column, name in enumerate(SCORE_NAMES, first_score)
    ]
    rate = ratio_formula(span, weights, places[money.budget])
    return [
        None, None, f"合计（{len(rows)}个项目）", None, None, rows[0]["year"],
        *(Formula(sum_formula(span, len(KEYS) + offset), number(a), "amount") for offset, a in enumerate(amounts)),
        None,
        Formula(rate, number(share(zip(executed, budgets, strict=True))), "rate"),
        *means,
        None, None, None, None,
    ]  # fmt: skip


def _pairs(
    rows: list[dict[str, Any]], name: str, weights: list[float | None]
) -> Iterator[tuple[float | None, float | None]]:
    return zip((row[name] for row in rows), weights, strict=True)
