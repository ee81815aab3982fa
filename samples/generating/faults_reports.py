"""Faults in the two 自评报告, the unit's and a project's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from random import Random

from gouji.samples.generating.arithmetic import results_of, sheet_results
from gouji.samples.generating.more_forms import grade, put_score
from gouji.samples.generating.more_keys import REPORT, SYSTEM, WHOLE
from gouji.samples.generating.planted import Spot
from gouji.samples.generating.tables import Table, UnitReturn
from gouji.samples.generating.whole_reports import HEAD

_SOME = ["0.6", "1.2", "10", "36"]


def spot(table: Table, item: str, rule: str, *also: str) -> Spot:
    """A fault that breaks `rule` at the item and `also` elsewhere, and nothing more."""
    return Spot((rule,), table.form.name, table.instance, item, (rule, *also))


def raise_by(table: Table, item: str, more: Decimal) -> None:
    """Types a higher figure, over the formula of a computed item too."""
    results = results_of(table)
    value = results[item] if item in results else table.typed(item)
    table.put(item, (value or Decimal(0)) + more)


def freeze(table: Table, *items: str) -> None:
    """The formulas give way to their present results."""
    results = results_of(table)
    table.put_all({item: results[item] for item in items})


def _some(random: Random) -> Decimal:
    return Decimal(random.choice(_SOME))


def _whole(unit: UnitReturn) -> Table:
    return unit.of(WHOLE[0])[0]


def _report(unit: UnitReturn, random: Random) -> Table:
    return random.choice(unit.of(REPORT[0]))


def _whole_total(unit: UnitReturn, random: Random) -> Spot:
    table, (row, column, rule, also) = _whole(unit), random.choice(_WHOLE_TOTALS)
    raise_by(table, f"{row}.{column}", _some(random))
    return spot(table, f"{row}.{column}", rule, *also)


_WHOLE_TOTALS = [
    ("资产汇总", "固定资产合计", "C-16", ("C-11",)),
    ("三公汇总", "三公经费合计", "C-15", ("C-09",)),
    ("收入汇总", "收入合计", "C-13", ("C-01", "C-07")),
    ("支出汇总", "支出合计", "C-14", ("C-03", "C-07")),
]


def _line_total(unit: UnitReturn, random: Random, column: str, rule: str, *also: str) -> Spot:
    """A sum of one body; the row of sums carries it on."""
    table = _whole(unit)
    raise_by(table, f"{HEAD}.{column}", _some(random))
    return spot(table, f"{HEAD}.{column}", rule, *also)


def _whole_income(unit: UnitReturn, random: Random) -> Spot:
    return _line_total(unit, random, "收入合计", "C-02", "C-01", "C-07", "C-08")


def _whole_basic(unit: UnitReturn, random: Random) -> Spot:
    return _line_total(unit, random, "基本支出", "C-06", "C-03", "C-04", "C-05")


def _whole_official(unit: UnitReturn, random: Random) -> Spot:
    return _line_total(unit, random, "三公经费合计", "C-10", "C-09")


def _whole_balance(unit: UnitReturn, random: Random) -> Spot:
    return _line_total(unit, random, "结余", "C-08", "C-07")


def _whole_blank(unit: UnitReturn, random: Random) -> Spot:
    table, item = _whole(unit), random.choice(["人员编制", "职能职责概述", "总体运行情况", "预期目标"])
    table.put(item, None)
    return spot(table, item, "T-01")


def _whole_words(unit: UnitReturn, random: Random) -> Spot:
    table, item = _whole(unit), f"{HEAD}.{random.choice(['政府基金拨款', '其他收入'])}"
    table.put(item, "详见附件")
    return spot(table, item, "T-04")


def _whole_tie(unit: UnitReturn, random: Random) -> Spot:
    """More 项目支出 than the projects report, carried through every sum of the table."""
    table, more = _whole(unit), _some(random)
    for column in ("项目支出", "支出合计", "收入合计", "公共财政拨款"):
        raise_by(table, f"{HEAD}.{column}", more)
    return spot(table, "支出汇总.项目支出", "C-19")


def _whole_grade(unit: UnitReturn, random: Random) -> Spot:
    return _other_grade(_whole(unit), "C-18", random)


def _other_grade(table: Table, rule: str, random: Random) -> Spot:
    correct = grade(table.figure("绩效自评综合得分"))
    table.put("评价等次", random.choice([word for word in ("优秀", "良好", "中等", "较差") if word != correct]))
    return spot(table, "评价等次", rule)


def _whole_people(unit: UnitReturn, random: Random) -> Spot:
    table = _whole(unit)
    table.put("实有人数", table.figure("人员编制") + random.randint(1, 9))
    return spot(table, "实有人数", "C-17")


def _funds_total(unit: UnitReturn, random: Random) -> Spot:
    """Planned funds: the share received, and with it a score of 项目支出绩效评价指标体系, may change too."""
    table, item = _report(unit, random), "项目资金.计划安排资金"
    raise_by(table, item, _some(random))
    return Spot(("D-01",), table.form.name, table.instance, item)


def _funds_balance(unit: UnitReturn, random: Random) -> Spot:
    table, item = _report(unit, random), "县级财政.结余"
    raise_by(table, item, _some(random))
    return spot(table, item, "D-02", "D-03")


def _funds_overspent(unit: UnitReturn, random: Random) -> Spot:
    """Spending, its details and the sums all rise alike, beyond what was received."""
    table = _report(unit, random)
    line = table.lines["支出明细"][0][0]
    more = table.figure("县级财政.实际到位资金") - table.figure("县级财政.实际支出") + _some(random)
    raise_by(table, "县级财政.实际支出", more)
    raise_by(table, f"{line}.实际支出数", more)
    return Spot(("D-04",), table.form.name, table.instance, "县级财政.实际支出")


def _details_total(unit: UnitReturn, random: Random) -> Spot:
    table, item = _report(unit, random), "支出合计.实际支出数"
    raise_by(table, item, _some(random))
    return spot(table, item, "D-06", "D-07")


def _details_short(unit: UnitReturn, random: Random) -> Spot:
    """One line of the details too low; the formula of their sum carries it on."""
    table = _report(unit, random)
    line = table.lines["支出明细"][0][0]
    table.put(f"{line}.实际支出数", table.figure(f"{line}.实际支出数") / 2)
    return spot(table, "支出合计.实际支出数", "D-07")


def _report_blank(unit: UnitReturn, random: Random) -> Spot:
    table, item = _report(unit, random), random.choice(["项目起止时间", "预期目标", "实际完成"])
    table.put(item, None)
    return spot(table, item, "T-01")


def _report_words(unit: UnitReturn, random: Random) -> Spot:
    """The sums had been typed already, so that it is not the words that make them wrong."""
    table = _report(unit, random)
    freeze(table, "支出合计.实际支出数")
    line = table.lines["支出明细"][0][0]
    table.put(f"{line}.实际支出数", random.choice(["详见凭证", "见附表"]))
    return spot(table, f"{line}.实际支出数", "T-04")


def _report_grade(unit: UnitReturn, random: Random) -> Spot:
    return _other_grade(_report(unit, random), "D-08", random)


def _report_score(unit: UnitReturn, random: Random) -> Spot:
    """The report gives another score than 项目支出绩效评价指标体系 of the same project."""
    place = random.randrange(len(unit.projects))
    table, system = unit.of(REPORT[0])[place], unit.of(SYSTEM[0])[place]
    put_score(table, (sheet_results(system)["总分.得分"] or Decimal(0)) - random.choice([1, 2, 5]))
    return spot(system, "总分.得分", "E-07")


Fault = Callable[[UnitReturn, Random], Spot]

WHOLE_FAULTS: Mapping[str, Fault] = {
    "整体报告汇总数错": _whole_total,
    "整体报告收入合计错": _whole_income,
    "整体报告基本支出错": _whole_basic,
    "整体报告三公合计错": _whole_official,
    "整体报告结余错": _whole_balance,
    "整体报告必填项空白": _whole_blank,
    "整体报告金额栏填文字": _whole_words,
    "整体报告与项目报告不符": _whole_tie,
    "整体报告等次不符": _whole_grade,
    "整体报告超编": _whole_people,
}
"""Kind → how it is planted."""

REPORT_FAULTS: Mapping[str, Fault] = {
    "项目报告资金合计错": _funds_total,
    "项目报告结余错": _funds_balance,
    "项目报告支出大于到位": _funds_overspent,
    "项目报告支出合计错": _details_total,
    "项目报告支出明细少列": _details_short,
    "项目报告必填项空白": _report_blank,
    "项目报告金额栏填文字": _report_words,
    "项目报告等次不符": _report_grade,
    "项目报告得分与指标体系不符": _report_score,
}
"""Kind → how it is planted."""
