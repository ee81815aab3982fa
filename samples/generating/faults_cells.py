"""Cells that do not hold what they should: blank, text, errors, formulas without a result, altered labels."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

from gouji.samples.fill import ErrorValue, Uncalculated
from gouji.samples.generating.arithmetic import OFFICE_COSTS, YEARS
from gouji.samples.generating.faults_figures import frozen
from gouji.samples.generating.planted import Spot
from gouji.samples.generating.tables import Table, UnitReturn


def _spot(table: Table, item: str, rule: str, *, exactly: bool = True) -> Spot:
    return Spot((rule,), table.form.name, table.instance, item, (rule,) if exactly else None)


def _blank(unit: UnitReturn, random: Random) -> Spot:
    table, item = random.choice(
        [
            (unit.base, "编制数"),
            (unit.base, "实际在职人数"),
            (unit.base, "填报单位"),
            (unit.projects[0], "预期目标"),
            (unit.projects[0], "主管部门"),
            (unit.projects[1], "项目支出名称"),
            (unit.sheet, "行政效能.得分"),
        ]
    )
    table.put(item, None)
    return _spot(table, item, "T-01")


def _block_blank(unit: UnitReturn, random: Random) -> Spot:
    """三公经费 left out altogether, instead of 0."""
    for row in ("公车购置", "公车运行维护", "出国经费", "公务接待"):
        unit.base.put_all({f"{row}.{column}": None for column in YEARS})
    return _spot(unit.base, "三公经费", "T-02")


def _as_text(unit: UnitReturn, random: Random, tail: str) -> Spot:
    """The total had been typed already, so that it is not the text that makes it wrong."""
    column = random.choice(YEARS)
    frozen(unit.base, f"公用经费.{column}")
    item = f"{random.choice(OFFICE_COSTS)}.{column}"
    unit.base.put(item, f"{unit.base.figure(item)}{tail}")
    return Spot(("T-03",), unit.base.form.name, exactly=())


def _number_as_text(unit: UnitReturn, random: Random) -> Spot:
    return _as_text(unit, random, random.choice(["", " ", "　"]))


def _unit_in_cell(unit: UnitReturn, random: Random) -> Spot:
    return _as_text(unit, random, "万元")


def _words(unit: UnitReturn, random: Random) -> Spot:
    item = f"{random.choice(OFFICE_COSTS)}.上年决算数"
    unit.base.put(item, random.choice(["详见附件", "见上年决算", "约三万元"]))
    return _spot(unit.base, item, "T-04")


def _error(unit: UnitReturn, random: Random) -> Spot:
    unit.base.typed_over["控制率"] = ErrorValue(random.choice(["#DIV/0!", "#REF!", "#VALUE!"]))
    return _spot(unit.base, "控制率", "T-05")


def _uncalculated(unit: UnitReturn, random: Random) -> Spot:
    table = random.choice(unit.projects)
    table.typed_over["总分.得分"] = Uncalculated()
    return _spot(table, "总分.得分", "T-06")


def _no_year(unit: UnitReturn, random: Random) -> Spot:
    table = random.choice(unit.projects)
    table.put("年度", "（    年度）")
    # The workbook's record tells the year: a mere 提示.
    return Spot(("T-01",), table.form.name, table.instance, "年度", exactly=())


def _printed_year_wrong(unit: UnitReturn, random: Random) -> Spot:
    table = random.choice(unit.projects)
    table.put("年度", f"（{unit.year - 1}年度）")
    return Spot(("T-08",), table.form.name, table.instance, exactly=("T-08",))


def _nameless(unit: UnitReturn, random: Random) -> Spot:
    line, _ = unit.base.lines["项目"][1]
    unit.base.put(f"{line}.项目名称", None)
    return Spot(("T-09",), unit.base.form.name, exactly=("T-09",))


def _label_changed(unit: UnitReturn, random: Random) -> Spot:
    changes = [(unit.base, "公用经费", "公用支出"), (unit.base, "2、出国经费", "2、出国（境）费")]
    table, old, new = random.choice([*changes, (unit.sheet, "行政效能", "工作效能")])
    table.labels[old] = new
    return Spot(("T-07",), table.form.name, exactly=("T-07",))


CELL_FAULTS: Mapping[str, Callable[[UnitReturn, Random], Spot]] = {
    "必填项空白": _blank,
    "三公经费整块空白": _block_blank,
    "数字存为文本": _number_as_text,
    "单位写进格内": _unit_in_cell,
    "金额栏填文字": _words,
    "错误值": _error,
    "公式未计算": _uncalculated,
    "年度空白": _no_year,
    "表头年度写错": _printed_year_wrong,
    "项目有数字无名称": _nameless,
    "表样标签被改": _label_changed,
}
"""Kind → how it is planted."""
