"""Figures that do not tie: sums, quotients, slips of the pen, tables that contradict each other."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from random import Random

from gouji.samples.generating.arithmetic import (
    AMOUNTS,
    OFFICE_COSTS,
    YEARS,
    base_results,
    project_results,
    to_hundredths,
)
from gouji.samples.generating.planted import Spot
from gouji.samples.generating.scores import rated_scores
from gouji.samples.generating.tables import Table, UnitReturn
from gouji.samples.generating.units import known_figures

_TOTALS = {"三公经费": "G-01", "公务用车": "G-02", "项目支出": "G-03", "公用经费": "G-04"}


def frozen(table: Table, item: str) -> None:
    """The formula gives way to its present result, as when values are pasted over a form."""
    results = base_results(table) if "项目" in table.lines else project_results(table)
    table.put(item, results[item])


def _total_off(unit: UnitReturn, random: Random) -> Spot:
    row = random.choice(list(_TOTALS))
    item = f"{row}.上年决算数"
    total = base_results(unit.base)[item] or Decimal(0)
    unit.base.put(item, total + Decimal(random.choice(["0.5", "1", "10", "12.34", "-0.1"])))
    # A wrong 公务用车 is carried on by the formula of 三公经费, so only its own sum is wrong.
    return _base_spot(unit, _TOTALS[row], item)


def _base_spot(unit: UnitReturn, rule: str, item: str, *also: str) -> Spot:
    """`also`: rules that the same fault breaks elsewhere."""
    return Spot((rule,), unit.base.form.name, item=item, exactly=(rule, *also))


def _part(unit: UnitReturn, random: Random) -> tuple[str, str, Decimal]:
    """A part of 公用经费 whose total no longer follows: (part, total, the part's figure)."""
    column = random.choice(YEARS)
    part, total = f"{random.choice(OFFICE_COSTS)}.{column}", f"公用经费.{column}"
    frozen(unit.base, total)
    return part, total, unit.base.figure(part)


def _part_changed(unit: UnitReturn, random: Random) -> Spot:
    part, total, value = _part(unit, random)
    unit.base.put(part, value + random.choice([Decimal("0.8"), Decimal("3.5"), Decimal(20)]))
    return _base_spot(unit, "G-04", total)


def _yuan(unit: UnitReturn, random: Random) -> Spot:
    part, total, value = _part(unit, random)
    unit.base.put(part, value * 10000)
    return _base_spot(unit, "G-04", total, "R-12")


def _sign(unit: UnitReturn, random: Random) -> Spot:
    part, total, value = _part(unit, random)
    unit.base.put(part, -value)
    return _base_spot(unit, "G-04", total, "N-01")


def _decimal_point(unit: UnitReturn, random: Random) -> Spot:
    part, total, value = _part(unit, random)
    unit.base.put(part, value * random.choice([Decimal(10), Decimal(100), Decimal("0.1")]))
    return _base_spot(unit, "G-04", total)


def _swapped_digits(unit: UnitReturn, random: Random) -> Spot:
    column = random.choice(YEARS)
    line, _ = unit.base.lines["项目"][0]
    frozen(unit.base, f"项目支出.{column}")
    value = unit.base.figure(f"{line}.{column}")
    unit.base.put(f"{line}.{column}", swapped(value))
    other_table = () if column == YEARS[0] else ("X-03",)
    return _base_spot(unit, "G-03", f"项目支出.{column}", *other_table)


def swapped(value: Decimal) -> Decimal:
    """The figure with its first two unlike neighbouring digits exchanged; 7 becomes 70 where there are none."""
    text = format(value, "f")
    for place, (digit, other) in enumerate(pairwise(text)):
        if digit != other and digit.isdigit() and other.isdigit():
            return Decimal(text[:place] + other + digit + text[place + 2 :])
    return value * 10


def _funds_in_yuan(unit: UnitReturn, random: Random) -> Spot:
    table, column = random.choice(unit.projects), random.choice(AMOUNTS)
    frozen(table, f"年度资金总额.{column}")
    for row in ("年度资金总额", "当年财政拨款"):
        frozen(table, f"{row}.执行率")
    table.put(f"当年财政拨款.{column}", table.figure(f"当年财政拨款.{column}") * 10000)
    return Spot(("A-01",), table.form.name, table.instance, f"年度资金总额.{column}")


def _post_rate(unit: UnitReturn, random: Random) -> Spot:
    rate = base_results(unit.base)["控制率"] or Decimal(0)
    unit.base.put("控制率", (rate + random.choice([Decimal("0.05"), Decimal("-0.11")])).quantize(Decimal("0.0001")))
    return _base_spot(unit, "G-07", "控制率")


def _spending_rate(unit: UnitReturn, random: Random) -> Spot:
    table = random.choice(unit.projects)
    rate = project_results(table)["年度资金总额.执行率"] or Decimal(0)
    table.put("年度资金总额.执行率", rate.quantize(Decimal("0.0001")) - Decimal("0.03"))
    return Spot(("A-02",), table.form.name, table.instance, "年度资金总额.执行率", exactly=("A-02",))


def _too_many_people(unit: UnitReturn, random: Random) -> Spot:
    unit.base.typed_over.pop("控制率", None)
    unit.base.put("实际在职人数", unit.base.figure("编制数") + random.randint(1, 6))
    score = rated_scores(known_figures(unit.base))["在职人员控制率"]
    unit.sheet.put("在职人员控制率.得分", score)
    return _base_spot(unit, "G-08", "实际在职人数")


def _projects_apart(unit: UnitReturn, random: Random, column: str, rule: str) -> Spot:
    """The base table is right in itself and so are the 自评表; only together they are not."""
    line, _ = unit.base.lines["项目"][0]
    more = random.choice([Decimal("1.5"), Decimal("12.6"), Decimal(30)])
    unit.base.put(f"{line}.{column}", unit.base.figure(f"{line}.{column}") + more)
    return _base_spot(unit, rule, f"项目支出.{column}", "X-03")


def _budget_apart(unit: UnitReturn, random: Random) -> Spot:
    return _projects_apart(unit, random, "本年预算数", "X-01")


def _spending_apart(unit: UnitReturn, random: Random) -> Spot:
    return _projects_apart(unit, random, "本年决算数", "X-02")


def _cost_above_budget(unit: UnitReturn, random: Random) -> Spot:
    table = random.choice(unit.projects)
    line = next(name for name, group in table.lines["指标"] if group == "成本指标")
    budget = project_results(table)["年度资金总额.全年预算数"] or Decimal(0)
    cost = to_hundredths(budget * Decimal(random.choice(["1.04", "1.2", "2"])))
    table.put_all({f"{line}.年度指标值": f"{cost}万元", f"{line}.实际完成值": f"{cost}万元"})
    return Spot(("A-12",), table.form.name, table.instance, "成本指标.年度指标值", exactly=("A-12",))


def _half_spent(unit: UnitReturn, random: Random) -> Spot:
    """Everything was done and half of the money was left: both tables say so alike."""
    place = random.randrange(len(unit.projects))
    table, line = unit.projects[place], unit.base.lines["项目"][place][0]
    table.typed_over.clear()
    for source in ("当年财政拨款", "上年结转资金", "其他资金"):
        if table.typed(f"{source}.全年预算数"):
            half = to_hundredths(table.figure(f"{source}.全年预算数") / 2)
            table.put(f"{source}.全年执行数", half)
    unit.base.put(f"{line}.本年决算数", project_results(table)["年度资金总额.全年执行数"])
    return Spot(("A-S2",), table.form.name, table.instance, "年度资金总额.执行率", exactly=("A-S2",))


FIGURE_FAULTS = {
    "合计多计或少计": _total_off,
    "改了分项没改合计": _part_changed,
    "元当成万元": _yuan,
    "资金来源按元填": _funds_in_yuan,
    "正负号写反": _sign,
    "小数点错位": _decimal_point,
    "数字颠倒": _swapped_digits,
    "控制率算错": _post_rate,
    "执行率算错": _spending_rate,
    "超编": _too_many_people,
    "预算数表间不符": _budget_apart,
    "决算数表间不符": _spending_apart,
    "成本超预算": _cost_above_budget,
    "完成了但只花一半": _half_spent,
}
"""Kind → how it is planted."""
