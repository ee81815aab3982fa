"""A project that stands in several forms counts once, a unit stands under one department, and every score is listed."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from openpyxl import load_workbook

from gouji.export.consolidation import untied
from gouji.export.department import department_of
from gouji.export.indicators import together
from gouji.export.projects import counted_elsewhere
from gouji.export.reported import reported_totals
from gouji.export.results import Results
from gouji.export.stored import Stored
from gouji.export.summary import write_summary
from gouji.ingest.frames import returns_schema, typed, values_schema
from tests.test_export import RETURNS, VALUES, figures, line, results, return_row

SPECIAL, REPORT, WHOLE = "专项资金绩效目标自评表", "财政支出项目绩效评价自评报告", "部门整体支出绩效评价自评报告"
"""J, D and C."""


def text(return_id: str, item: str, raw: str) -> dict[str, Any]:
    return {"return_id": return_id, "item": item, "raw": raw, "state": "filled", "sheet": "Sheet1", "cell": "C4"}


def table(return_id: str, form: str, edition: str, instance: str | None, **columns: Any) -> dict[str, Any]:
    whose = {"unit_code": "01", "unit": "甲局", "year": 2021}
    return return_row(return_id, form=form, edition=edition, instance=instance, **(whose | columns))


MORE = [
    table("j", SPECIAL, "衡山县-2021", "项 目 一"),
    table("k", SPECIAL, "衡山县-2021", "项目四"),
    table("l", SPECIAL, "衡山县-2021", "第1张", unit_code="02", unit="乙局"),
    table("m", SPECIAL, "衡山县-2021", "项目二", year=2020),
    table("n", REPORT, "汨罗市-2018", "P4"),
    table("s", WHOLE, "汨罗市-2018", None),
]
MORE_VALUES = [
    *figures("j", 年度资金总额__全年预算数=200, 年度资金总额__全年执行数=150, 年度资金总额__执行率=0.75),
    *figures("k", 年度资金总额__全年预算数=20, 年度资金总额__全年执行数=10, 年度资金总额__执行率=0.5),
    *figures("l", 年度资金总额__全年预算数=2, 年度资金总额__全年执行数=1, 年度资金总额__执行率=0.5),
    *figures("m", 年度资金总额__全年预算数=3, 年度资金总额__全年执行数=3, 年度资金总额__执行率=1),
    *figures("n", 项目资金__实际到位资金=20, 项目资金__实际支出=10, 绩效自评综合得分=96),
    *figures("s", 绩效自评综合得分=88),
    *[row for row in line("j", "办件量", "数量指标", "100件", "120件", 10, 10) if "分" not in row["item"]],
    text("k", "专项资金名称", "项目四"), text("k", "县级主管部门", "甲 部"), text("n", "项目名称", "项目四"),
    text("j", "县级主管部门", "乙部"), text("n", "主管部门", "甲部"), text("n", "评价等次", "优秀"),
    text("s", "评价等次", "良好"),
]  # fmt: skip


@pytest.fixture(scope="module")
def whole() -> Results:
    return results(
        returns=typed(pd.DataFrame([*RETURNS, *MORE]), returns_schema),
        values=Stored.of(typed(pd.DataFrame([*VALUES, *MORE_VALUES]), values_schema)),
        roster=None,
    )


@pytest.fixture(scope="module")
def sheets(whole: Results, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[Any, ...]]]:
    path = tmp_path_factory.mktemp("summary") / "汇总.xlsx"
    write_summary(whole, path)
    assert untied(whole, path) == []
    book = load_workbook(path, data_only=True)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def test_a_project_counts_by_its_first_form_only(whole: Results) -> None:
    """By name and by the name beside a code; not across years, and not by number."""
    assert counted_elsewhere(whole) == {"j": "自评表", "n": "专项自评表"}


def test_its_money_and_its_indicators_are_added_once(whole: Results, sheets: dict[str, list[tuple[Any, ...]]]) -> None:
    grid = sheets["项目绩效汇总"]
    sums = [row for row in grid[3:] if str(row[2] or "").startswith("合计（")]
    spent = [row[grid[2].index("全年执行数")] for row in sums]
    assert sorted(figure for figure in spent if figure is not None) == [3, 11, 300]
    kept = {(row[4].replace(" ", ""), row[5], row[-1]) for row in grid[3:] if row[4]}
    assert {("项目一", 2021, "否（已按自评表计入）"), ("项目四（P4）", 2021, "否（已按专项自评表计入）")} <= kept
    assert {("项目四", 2021, "是"), ("项目二", 2021, "是"), ("项目二", 2020, "是")} <= kept
    (counted,) = [indicator for indicator in together(whole) if indicator.name == "办件量"]
    assert (counted.target, counted.actual) == (150, 160)


def test_all_tables_of_a_unit_stand_under_its_one_department(
    whole: Results, sheets: dict[str, list[tuple[Any, ...]]]
) -> None:
    """甲局 says 上级局 once, 乙部 once and 甲部 twice, in two spellings."""
    named = department_of(whole)
    assert named({"unit_code": "01", "unit": "甲局"}) == "甲 部"
    assert named({"unit_code": "02", "unit": "乙局"}) is None
    rows = {row[1]: row for row in sheets["主管部门汇总"][3:] if row[0] == 2021}
    assert set(rows) == {"甲 部", "（未注明主管部门）", "合计"}
    assert (rows["甲 部"][2:4], rows["甲 部"][6]) == ((1, 0.1), 3)
    assert rows["合计"][6] == 5


def test_scores_of_reports_are_listed(whole: Results, sheets: dict[str, list[tuple[Any, ...]]]) -> None:
    reported = reported_totals(whole).set_index("return_id")
    assert dict(reported["stated_total"]) == {"n": 96.0, "s": 88.0}
    assert dict(reported["self_grade"]) == {"n": "优", "s": "良"}
    rows = {row[3]: row for row in sheets["单位得分"][3:] if row[3] in ("项目自评报告", "整体自评报告")}
    assert rows["项目自评报告"][7:] == (None, 96, None, None, "优", None, None, None, None)
    assert rows["整体自评报告"][8] == 88
