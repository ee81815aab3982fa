"""What Excel's formulas give for the figures typed: plain sums and quotients, worked out here for themselves.

Nothing is taken from the rule language, so that a fault in that is not repeated here. As on the issued sheet,
a sum of nothing is empty, and a quotient needs both figures and a divisor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_UP, Decimal

from gouji.samples.generating.tables import Table

YEARS = ["上年决算数", "本年预算数", "本年决算数"]
AMOUNTS = ["年初预算数", "全年预算数", "全年执行数"]
SOURCES = ["当年财政拨款", "上年结转资金", "其他资金"]
OFFICE_COSTS = ["办公经费", "水电差旅费", "会议培训费", "印刷及其他费"]
SPECIAL_COLUMNS = ["全年预算数", "全年执行数"]
SPECIAL_SOURCES = ["上级补助", "县级资金", "其他资金"]
FUNDS = ["计划安排资金", "实际到位资金", "实际支出"]
FUND_SOURCES = ["中央财政", "省财政", "市财政", "县级财政", "其它"]
BODY_TOTALS = {"收入机构": "收入汇总", "支出机构": "支出汇总", "三公机构": "三公汇总", "资产机构": "资产汇总"}
"""Lists of 部门整体支出绩效评价自评报告 → the row of their sums."""

_HUNDREDTH = Decimal("0.01")


def base_results(base: Table) -> dict[str, Decimal | None]:
    """The computed items of 基础数据表."""
    results = _Results(base)
    for column in YEARS:
        results.sum(f"公务用车.{column}", [f"公车购置.{column}", f"公车运行维护.{column}"])
        results.sum(f"三公经费.{column}", [f"{row}.{column}" for row in ("公务用车", "出国经费", "公务接待")])
        results.sum(f"项目支出.{column}", [f"{line}.{column}" for line, _ in base.lines["项目"]])
        results.sum(f"公用经费.{column}", [f"{row}.{column}" for row in OFFICE_COSTS])
    results.quotient("规模控制率", "实际规模", "批复规模")
    results.quotient("投资概算控制率", "实际投资", "预算投资")
    results.quotient("控制率", "实际在职人数", "编制数")
    return results.known


def project_results(table: Table) -> dict[str, Decimal | None]:
    """The computed items of a 自评表."""
    results = _Results(table)
    for column in AMOUNTS:
        results.sum(f"年度资金总额.{column}", [f"{source}.{column}" for source in SOURCES])
    for row in ["年度资金总额", *SOURCES]:
        results.quotient(f"{row}.执行率", f"{row}.全年执行数", f"{row}.全年预算数")
    spent, budget = (results.of(f"年度资金总额.{column}") for column in ("全年执行数", "全年预算数"))
    score = None if spent is None or not budget else to_hundredths(10 * min(Decimal(1), spent / budget))
    results.keep("年度资金总额.得分", score)
    lines = [line for line, _ in table.lines["指标"]]
    for column in ("分值", "得分"):
        results.sum(f"总分.{column}", [f"{row}.{column}" for row in ("年度资金总额", *lines)])
    return results.known


def special_results(table: Table) -> dict[str, Decimal | None]:
    """The computed items of a 专项资金绩效目标自评表."""
    results = _Results(table)
    for column in SPECIAL_COLUMNS:
        results.sum(f"年度资金总额.{column}", [f"{source}.{column}" for source in SPECIAL_SOURCES])
    for row in ["年度资金总额", *SPECIAL_SOURCES]:
        results.quotient(f"{row}.执行率", f"{row}.全年执行数", f"{row}.全年预算数")
    return results.known


def report_results(table: Table) -> dict[str, Decimal | None]:
    """The computed items of a 自评报告, the unit's or a project's."""
    return _whole_results(table) if "收入机构" in table.lines else _project_report_results(table)


def sheet_results(table: Table) -> dict[str, Decimal | None]:
    """The total of a 评分表 that has one."""
    results = _Results(table)
    if "总分.得分" in table.form.computed:
        results.sum("总分.得分", [f"{name}.得分" for name in table.form.indicators])
    return results.known


def results_of(table: Table) -> dict[str, Decimal | None]:
    """The computed items of any table; a form without lists is a 评分表 or has none."""
    return _BY_FORM.get(table.form.name, sheet_results)(table)


def _project_report_results(table: Table) -> dict[str, Decimal | None]:
    results = _Results(table)
    for column in FUNDS:
        results.sum(f"项目资金.{column}", [f"{source}.{column}" for source in FUND_SOURCES])
    for row in ["项目资金", *FUND_SOURCES]:
        results.difference(f"{row}.结余", f"{row}.实际到位资金", f"{row}.实际支出")
    results.sum("支出合计.实际支出数", [f"{line}.实际支出数" for line, _ in table.lines["支出明细"]])
    return results.known


def _whole_results(table: Table) -> dict[str, Decimal | None]:
    results = _Results(table)
    for list_id, total in BODY_TOTALS.items():
        for column in table.form.lists[list_id].columns:
            results.sum(f"{total}.{column}", [f"{line}.{column}" for line, _ in table.lines[list_id]])
    return results.known


def to_hundredths(value: Decimal) -> Decimal:
    """Two decimals, half up, without trailing zeros."""
    rounded = value.quantize(_HUNDREDTH, ROUND_HALF_UP)
    return rounded if rounded != rounded.to_integral_value() else Decimal(int(rounded))


class _Results:
    """Computed items one after another; what is typed over a formula counts for those that follow."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self.known: dict[str, Decimal | None] = {}

    def of(self, item: str) -> Decimal | None:
        if item in self._table.typed_over or item not in self.known:
            return self._table.typed(item)
        return self.known[item]

    def keep(self, item: str, value: Decimal | None) -> None:
        self.known[item] = value

    def sum(self, item: str, parts: Iterable[str]) -> None:
        figures = [figure for part in parts if (figure := self.of(part)) is not None]
        self.keep(item, sum(figures, Decimal(0)) if figures else None)

    def quotient(self, item: str, above: str, below: str) -> None:
        dividend, divisor = self.of(above), self.of(below)
        self.keep(item, None if dividend is None or not divisor else dividend / divisor)

    def difference(self, item: str, whole: str, part: str) -> None:
        minuend, subtrahend = self.of(whole), self.of(part)
        self.keep(item, None if minuend is None or subtrahend is None else minuend - subtrahend)


_BY_FORM: dict[str, Callable[[Table], dict[str, Decimal | None]]] = {
    "部门整体支出绩效评价基础数据表": base_results,
    "预算支出绩效自评表": project_results,
    "部门整体支出绩效自评表": project_results,
    "专项资金绩效目标自评表": special_results,
    "财政支出项目绩效评价自评报告": report_results,
    "部门整体支出绩效评价自评报告": report_results,
}
