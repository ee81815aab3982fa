"""Faults in 专项资金绩效目标自评表."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from random import Random

from gouji.samples.generating.arithmetic import SPECIAL_COLUMNS, special_results
from gouji.samples.generating.faults_reports import freeze, raise_by, spot
from gouji.samples.generating.more_keys import SPECIAL
from gouji.samples.generating.planted import Spot
from gouji.samples.generating.tables import Table, UnitReturn
from gouji.samples.generating.units import known_figures


def _table(unit: UnitReturn, random: Random) -> Table:
    return random.choice(unit.of(SPECIAL[0]))


def _total(unit: UnitReturn, random: Random) -> Spot:
    """Too low rather than too high, so that the unit's 项目支出 still covers it."""
    table, item = _table(unit, random), f"年度资金总额.{random.choice(SPECIAL_COLUMNS)}"
    raise_by(table, item, Decimal(random.choice(["-0.5", "-1.2", "-3"])))
    return spot(table, item, "J-01")


def _rate(unit: UnitReturn, random: Random) -> Spot:
    table, item = _table(unit, random), f"{random.choice(['年度资金总额', '县级资金'])}.执行率"
    rate = special_results(table)[item] or Decimal(0)
    table.put(item, rate.quantize(Decimal("0.0001")) - Decimal("0.04"))
    return spot(table, item, "J-02")


def _blank(unit: UnitReturn, random: Random) -> Spot:
    table, item = _table(unit, random), random.choice(["年初设定目标", "全年实际完成情况", "专项资金名称"])
    table.put(item, None)
    return spot(table, item, "T-01")


def _words(unit: UnitReturn, random: Random) -> Spot:
    """The totals and rates had been typed already, so that it is not the words that make them wrong."""
    table, column = _table(unit, random), random.choice(SPECIAL_COLUMNS)
    freeze(table, f"年度资金总额.{column}", "县级资金.执行率")
    table.put(f"县级资金.{column}", "见资金文件")
    return spot(table, f"县级资金.{column}", "T-04")


def _no_reason(unit: UnitReturn, random: Random) -> Spot:
    table = _table(unit, random)
    line, _ = random.choice(table.lines["指标"])
    table.put_all({f"{line}.年度指标值": "≥10次", f"{line}.全年完成值": "9次", f"{line}.未完成原因": None})
    return spot(table, f"{line}.未完成原因", "J-S1")


def _no_actual(unit: UnitReturn, random: Random) -> Spot:
    table = _table(unit, random)
    line, _ = random.choice(table.lines["指标"])
    table.put_all({f"{line}.年度指标值": "≥10次", f"{line}.全年完成值": None})
    return spot(table, f"{line}.年度指标值", "J-04")


def _above_base(unit: UnitReturn, random: Random) -> Spot:
    """The special funds come to more than their project, and than all 项目支出 of 基础数据表, has."""
    table, base = _table(unit, random), known_figures(unit.base)
    table.put("县级资金.全年预算数", base["项目支出.本年预算数"] + 5)
    table.put("县级资金.全年执行数", base["项目支出.本年决算数"] + 5)
    item = "项目支出.本年预算数"
    return Spot(("X-07",), unit.base.form.name, item=item, exactly=("X-06", "X-07", "X-08", "X-09", "X-10"))


SPECIAL_FAULTS: Mapping[str, Callable[[UnitReturn, Random], Spot]] = {
    "专项自评表资金合计错": _total,
    "专项自评表执行率错": _rate,
    "专项自评表必填项空白": _blank,
    "专项自评表金额栏填文字": _words,
    "专项自评表未写未完成原因": _no_reason,
    "专项自评表没有完成值": _no_actual,
    "专项资金超过项目支出": _above_base,
}
"""Kind → how it is planted."""
