"""主管部门汇总: the projects of every 主管部门 taken together, and of all of them, year by year."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from gouji.export.book import Book
from gouji.export.department import department_of
from gouji.export.exact import number, share, total, weighted_mean
from gouji.export.records import records
from gouji.export.results import Results
from gouji.export.sheets.projects import project_parts
from gouji.export.table import Column, write_list
from gouji.export.wide import cells_of, figure

COLUMNS = [
    Column("年度", "number", least=6, align="center"),
    Column("主管部门", widest=36, least=22),
    Column("单位数", "count", least=7),
    Column("三公经费", "amount", least=11),
    Column("项目支出", "amount", least=11),
    Column("公用经费", "amount", least=11),
    Column("项目数", "count", least=7),
    Column("预算（到位）数", "amount", least=13),
    Column("执行（支出）数", "amount", least=13),
    Column("执行率", "rate", least=9),
    Column("自评得分", "points", least=9),
    Column("复算得分", "points", least=9),
]
UNSTATED, ALL = "（未注明主管部门）", "合计"
BASE = ("三公经费.本年决算数", "项目支出.本年决算数", "公用经费.本年决算数")
"""The totals of 基础数据表 that every edition has."""
NOTE = (
    "金额单位：万元，直接相加；三公经费、项目支出、公用经费是基础数据表的本年决算数，口径不同的版本不相加（留空）；执行率＝执行（支出）数÷预算（到位）数，得分按执行（支出）数加权平均，都只计两项都有的项目。"
    "一个单位的各张表都计入同一个主管部门：以名册为准，名册没有的以该单位多数表上所填为准。同一项目报了几种表的只计一次。"
)


@dataclass(slots=True)
class Department:
    """What stands under one department in one year: its projects, and its units' 基础数据表 by 口径."""

    projects: list[dict[str, Any]] = field(default_factory=list)
    bases: list[tuple[str, dict[str, float | None]]] = field(default_factory=list)
    units: set[str] = field(default_factory=set)

    def base(self, item: str) -> float | None:
        """Σ of an item of 基础数据表; blank where different 口径 would be added."""
        figures = [(scope, cells[item]) for scope, cells in self.bases if cells[item] is not None]
        return number(total(value for _, value in figures)) if len({scope for scope, _ in figures}) == 1 else None


def write_departments(book: Book, results: Results) -> None:
    """One row per year and 主管部门, and one per year for all of them."""
    rows = [_row(year, name, department) for year, name, department in _departments(results)]
    write_list(book, "主管部门汇总", NOTE, COLUMNS, rows, empty="没有收到可以汇总的表。", frozen=2, by="主管部门")


_SCORES = ("self_total", "score_total")


def _departments(results: Results) -> list[tuple[int, str, Department]]:
    """Year, department and what stands under it; after the departments of a year, all of them."""
    named = department_of(results)
    by_year: dict[int, dict[str, Department]] = {}

    def under(row: dict[str, Any]) -> list[Department]:
        name = named(row) or UNSTATED
        year = by_year.setdefault(row["year"] or 0, {})
        return [year.setdefault(name, Department()), year.setdefault(ALL, Department())]

    for money, rows in project_parts(results):
        for row in rows:
            cells = row["cells"]
            project = {name: row[name] for name in _SCORES}
            project |= {"budget": figure(cells.get(money.budget)), "executed": figure(cells.get(money.executed))}
            for department in under(row):
                department.projects.append(project)
                department.units.add(row["unit_code"] or row["unit"])
    for row, scope, cells in _bases(results):
        for department in under(row):
            department.bases.append((scope, cells))
            department.units.add(row["unit_code"] or row["unit"])
    names = {year: [*sorted(by_year[year].keys() - {ALL}), ALL] for year in sorted(by_year)}
    return [(year, name, by_year[year][name]) for year in names for name in names[year]]


def _bases(results: Results) -> Iterator[tuple[dict[str, Any], str, dict[str, float | None]]]:
    """The 基础数据表 that count: the return, its edition's 口径, and its totals."""
    counted = results.returns[results.returns["adopted"]]
    for (name, edition), part in counted.groupby(["form", "edition"], sort=True):
        form = results.catalogue.known(str(name), str(edition))
        if form is None or not form.items.keys() >= set(BASE):
            continue
        cells = cells_of(results.values, list(part["return_id"]), BASE)
        for row in records(part[["return_id", "unit_code", "unit", "year"]]):
            totals = cells[row["return_id"]]
            yield row, form.definition.scope or form.key, {item: figure(totals.get(item)) for item in BASE}


def _row(year: int, name: str, department: Department) -> tuple[Any, ...]:
    executed = [project["executed"] for project in department.projects]
    budgets = [project["budget"] for project in department.projects]
    return (
        year or None, name, len(department.units), *(department.base(item) for item in BASE), len(department.projects),
        number(total(budgets)), number(total(executed)), number(share(zip(executed, budgets, strict=True))),
        *(number(weighted_mean(zip((project[key] for project in department.projects), executed, strict=True)))
          for key in _SCORES),
    )  # fmt: skip
