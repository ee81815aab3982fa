"""Scores that the criteria do not give, totals that do not add up, points lost or won without ground."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from random import Random

from gouji.samples.generating.arithmetic import project_results, to_hundredths
from gouji.samples.generating.planted import Spot
from gouji.samples.generating.tables import Table, UnitReturn
from gouji.samples.generating.units import known_figures

_SATISFIED = "服务对象满意度"


def _line(table: Table, group: str) -> str:
    return next(name for name, line_group in table.lines["指标"] if line_group == group)


def _put(table: Table, line: str, **values: Decimal | int | str | None) -> None:
    table.put_all({f"{line}.{column}": value for column, value in values.items()})


def _spot(table: Table, item: str, *rules: str, exactly: tuple[str, ...] | None = None) -> Spot:
    return Spot(rules, table.form.name, table.instance, item, exactly)


def _above_points(unit: UnitReturn, random: Random) -> Spot:
    table = random.choice(unit.projects)
    _put(table, _SATISFIED, 得分=12)
    return _spot(table, f"{_SATISFIED}.得分", "A-10")


def _total_wrong(unit: UnitReturn, random: Random) -> Spot:
    table = random.choice(unit.projects)
    total = project_results(table)["总分.得分"] or Decimal(0)
    table.put("总分.得分", total + random.choice([Decimal("1.5"), Decimal(-2), Decimal("0.3")]))
    return _spot(table, "总分.得分", "A-05", exactly=("A-05",))


def _points_not_100(unit: UnitReturn, random: Random) -> Spot:
    table = random.choice(unit.projects)
    _put(table, _SATISFIED, 年度指标值="≥90%", 实际完成值="95%", 分值=8, 得分=8, 偏差原因=None)
    return _spot(table, "总分.分值", "A-06", exactly=("A-06", "A-09"))


def _spending_score(unit: UnitReturn, random: Random) -> Spot:
    table = random.choice(unit.projects)
    right = project_results(table)["年度资金总额.得分"] or Decimal(0)
    table.put("年度资金总额.得分", right - random.choice([Decimal("1.5"), Decimal("0.6"), Decimal(3)]))
    return _spot(table, "年度资金总额.得分", "A-03", exactly=("A-03",))


def _full_marks_missed(unit: UnitReturn, random: Random) -> Spot:
    table = random.choice(unit.projects)
    _put(table, _SATISFIED, 年度指标值="≥95%", 实际完成值=f"{random.randint(70, 88)}%", 分值=10, 得分=10, 偏差原因=None)
    return _spot(table, f"{_SATISFIED}.得分", "A-S1", exactly=("A-S1",))


def _too_low_for_result(unit: UnitReturn, random: Random) -> Spot:
    """A score below what the criterion gives, with a reason: 虚低 is a wrong score too."""
    table = random.choice(unit.projects)
    _put(table, _SATISFIED, 年度指标值="≥90%", 实际完成值="95%", 得分=random.randint(5, 8), 偏差原因="从严评分")
    return _spot(table, f"{_SATISFIED}.得分", "A-S1", exactly=("A-S1",))


def _full_marks_blank(unit: UnitReturn, random: Random) -> Spot:
    table = random.choice(unit.projects)
    _put(table, _SATISFIED, 实际完成值=None, 得分=10, 偏差原因=None)
    return _spot(table, f"{_SATISFIED}.得分", "A-14", exactly=("A-14",))


def _lost_blank(unit: UnitReturn, random: Random) -> Spot:
    table = random.choice(unit.projects)
    _put(table, _SATISFIED, 实际完成值=None, 得分=8, 偏差原因="调查未完成")
    return _spot(table, f"{_SATISFIED}.得分", "A-15", exactly=("A-15",))


def _no_reason(unit: UnitReturn, random: Random) -> Spot:
    table = random.choice(unit.projects)
    target, actual = 95, random.randint(85, 94)
    score = to_hundredths(Decimal(actual) / target * 10)
    _put(table, _SATISFIED, 年度指标值=f"≥{target}%", 实际完成值=f"{actual}%", 得分=score, 偏差原因=None)
    return _spot(table, f"{_SATISFIED}.得分", "A-13", exactly=("A-13",))


def _points_without_score(unit: UnitReturn, random: Random) -> Spot:
    table = random.choice(unit.projects)
    _put(table, _SATISFIED, 得分=None)
    return _spot(table, f"{_SATISFIED}.分值", "A-16", exactly=("A-16",))


def _far_above_target(unit: UnitReturn, random: Random) -> Spot:
    table = random.choice(unit.projects)
    line = _line(table, "数量指标")
    target = random.randint(40, 200)
    points = table.figure(f"{line}.分值")
    actual = target * random.choice([15, 20, 30]) // 10
    _put(table, line, 年度指标值=f"≥{target}个", 实际完成值=f"{actual}个", 得分=points, 偏差原因=None)
    return _spot(table, f"{line}.实际完成值", "A-S5", exactly=("A-S5",))


def _interval(unit: UnitReturn, random: Random) -> Spot:
    table = random.choice(unit.projects)
    _put(table, _SATISFIED, 年度指标值="≥90%", 实际完成值=random.choice(["≥90%", "≥95%"]), 得分=10, 偏差原因=None)
    return _spot(table, f"{_SATISFIED}.实际完成值", "T-10", exactly=())


def _office_costs_over(unit: UnitReturn, random: Random) -> Spot:
    return _over(unit, "公用经费.本年预算数", "办公经费.本年决算数", "公用经费控制率.得分", 8)


def _official_costs_over(unit: UnitReturn, random: Random) -> Spot:
    return _over(unit, "三公经费.本年预算数", "公务接待.本年决算数", "三公经费控制率.得分", 7)


def _over(unit: UnitReturn, plan: str, part: str, score: str, full: int) -> Spot:
    """Twice the budget is spent, and full marks are taken all the same."""
    budget = known_figures(unit.base)[plan]
    unit.base.put(part, budget * 2)
    unit.sheet.put(score, full)
    return _spot(unit.sheet, score, "F-S1", exactly=("F-S1",))


def _posts_low(unit: UnitReturn, random: Random) -> Spot:
    """Points lost that the criterion does not take: 虚低."""
    unit.sheet.put("在职人员控制率.得分", random.choice([Decimal("4.5"), Decimal(3)]))
    return _spot(unit.sheet, "在职人员控制率.得分", "F-S1", exactly=("F-S1",))


_UNREACHABLE: Mapping[str, list[str]] = {
    "管理制度健全性": ["7", "5", "3"],
    "行政效能": ["5", "4", "1"],
    "社会公众或服务对象满意度": ["5", "3"],
    "预算控制率": ["3.5", "1"],
    "资金使用合规性": ["5.5"],
    "预决算信息公开性": ["4.5"],
}


def _unreachable(unit: UnitReturn, random: Random) -> Spot:
    name = random.choice(list(_UNREACHABLE))
    unit.sheet.put(f"{name}.得分", Decimal(random.choice(_UNREACHABLE[name])))
    return _spot(unit.sheet, f"{name}.得分", "F-S2", exactly=("F-S2",))


def _sheet_above_points(unit: UnitReturn, random: Random) -> Spot:
    name, full = random.choice([("行政效能", 6), ("管理制度健全性", 8), ("经济效益和社会效益", 10)])
    unit.sheet.put(f"{name}.得分", full + random.choice([1, 2]))
    return _spot(unit.sheet, f"{name}.得分", "F-01", exactly=("F-01",))


def _sheet_points_changed(unit: UnitReturn, random: Random) -> Spot:
    name, full = random.choice([("管理制度健全性", 8), ("经济效益和社会效益", 10)])
    unit.sheet.put(f"{name}.分值", full + 2)
    return _spot(unit.sheet, f"{name}.分值", "F-02", exactly=("F-02",))


SCORE_FAULTS: Mapping[str, Callable[[UnitReturn, Random], Spot]] = {
    "得分高于分值": _above_points,
    "总分算错": _total_wrong,
    "分值合计不为100": _points_not_100,
    "执行率得分错误": _spending_score,
    "未达目标得满分": _full_marks_missed,
    "达到目标却少计分": _too_low_for_result,
    "满分无完成值": _full_marks_blank,
    "扣分无完成值": _lost_blank,
    "扣分无偏差原因": _no_reason,
    "有分值无得分": _points_without_score,
    "完成值远超目标": _far_above_target,
    "完成值写成区间": _interval,
    "公用经费超支得满分": _office_costs_over,
    "三公经费超支得满分": _official_costs_over,
    "控制率达标却少计分": _posts_low,
    "自评得分取不到": _unreachable,
    "评分表得分高于分值": _sheet_above_points,
    "评分表分值被改": _sheet_points_changed,
}
"""Kind → how it is planted."""
