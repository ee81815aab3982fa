"""主管部门汇总: the projects of every 主管部门 taken together, and of all of them, year by year."""

from __future__ import annotations

from typing import Any

from export.book import Book
from export.exact import number, share, total, weighted_mean
from export.records import records
from export.results import Results
from export.sheets.projects import project_parts
from export.table import Column, Table, write_list
from export.wide import figure

COLUMNS = [
    Column("年度", "number", least=6, align="center"),
    Column("主管部门", widest=36, least=22),
    Column("单位数", "count", least=7),
    Column("项目数", "count", least=7),
    Column("预算（到位）数", "amount", least=13),
    Column("执行（支出）数", "amount", least=13),
    Column("执行率", "rate", least=9),
    Column("自评得分", "points", least=9),
    Column("复算得分", "points", least=9),
]
UNSTATED, ALL = "（未注明主管部门）", "合计"
NOTE = (
    "金额单位：万元，直接相加；执行率＝执行（支出）数÷预算（到位）数，得分按执行（支出）数加权平均，都只计两项都有的项目。"
    "主管部门以名册为准，名册没有的以表上所填为准。"
)

Project = dict[str, Any]


def write_departments(book: Book, results: Results) -> None:
    """One row per year and 主管部门, and one per year for all of them."""
    rows = [_row(year, name, projects) for year, name, projects in _departments(results)]
    write_list(
        book, "主管部门汇总", "主管部门汇总", NOTE, Table(COLUMNS, rows), empty="没有收到可以汇总的项目表。", frozen=2
    )


def _departments(results: Results) -> list[tuple[int, str, list[Project]]]:
    """Year, department and its projects; after the departments of a year, all of them."""
    known = _by_roster(results)
    found: dict[int, dict[str, list[Project]]] = {}
    for money, rows in project_parts(results):
        for row in rows:
            department = known.get(row["unit_code"]) or row["department"] or UNSTATED
            cells = row["cells"]
            project = row | {"budget": figure(cells.get(money.budget)), "executed": figure(cells.get(money.executed))}
            found.setdefault(row["year"] or 0, {}).setdefault(department, []).append(project)
    listed: list[tuple[int, str, list[Project]]] = []
    for year in sorted(found):
        listed += [(year, name, found[year][name]) for name in sorted(found[year])]
        listed.append((year, ALL, [one for projects in found[year].values() for one in projects]))
    return listed


def _by_roster(results: Results) -> dict[str, str]:
    if results.roster is None:
        return {}
    named = results.roster[results.roster["department"].notna()]
    return {row["unit_code"]: row["department"] for row in records(named[["unit_code", "department"]])}


def _row(year: int, name: str, projects: list[Project]) -> tuple[Any, ...]:
    executed = [one["executed"] for one in projects]
    return (
        year or None, name, len({one["unit_code"] or one["unit"] for one in projects}), len(projects),
        number(total(one["budget"] for one in projects)), number(total(executed)),
        number(share((one["executed"], one["budget"]) for one in projects)),
        *(number(weighted_mean(zip((one[key] for one in projects), executed, strict=True)))
          for key in ("self_total", "score_total")),
    )  # fmt: skip
