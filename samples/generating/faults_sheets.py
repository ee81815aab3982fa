"""Faults in the four 评分表 beside that of 衡山县: the same ones in each, at indicators of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from random import Random

from gouji.samples.generating.arithmetic import sheet_results
from gouji.samples.generating.more_keys import COMMON, FRAME, FRAMEWORK, SYSTEM
from gouji.samples.generating.planted import Spot
from gouji.samples.generating.tables import Table, UnitReturn
from gouji.templates.supplement import supplement_item

Fault = Callable[[UnitReturn, Random], Spot]


@dataclass(frozen=True, slots=True)
class SheetSpec:
    """What differs between the forms. `tie`: the rule that ties the total to another table.

    `above`: indicator → its full marks; `unreachable`: indicator → scores that no reading gives; `rated`: an
    indicator, evidence, and self-scores of which only that indicator's does not follow from it; `section`: an
    indicator whose 分值 is raised and the rules on its sections, where the form has a column for 分值.
    """

    prefix: str
    form: str
    above: Mapping[str, int]
    unreachable: Mapping[str, list[str]]
    rated: tuple[str, Mapping[str, int], Mapping[str, int]]
    tie: str = ""
    section: tuple[str, ...] = ()

    @property
    def ties(self) -> tuple[str, ...]:
        return (self.tie,) if self.tie else ()


_SPECS = {
    "项目共性指标": SheetSpec(
        "B", COMMON[0],
        {"财务监控有效性": 5, "项目质量可控性": 2},
        {"财务管理_管理制度健全性": ["4", "2"], "工作质量达标率": ["2", "1"], "财务监控有效性": ["1", "4"]},
        ("资金到位率", {"实际到位资金": 950000, "计划到位资金": 1000000}, {"资金到位率": 1}),
        "B-07", ("项目质量可控性", "B-05"),
    ),
    "项目指标体系": SheetSpec(
        "E", SYSTEM[0],
        {"组织机构": 1, "产出时效": 3},
        {"分配结果": ["4", "1"], "资金使用": ["6"]},
        ("产出数量", {"实际产出数": 100, "计划产出数": 100}, {"产出数量": 3}),
        "E-07", ("组织机构", "E-05", "E-13"),
    ),
    "整体共性指标": SheetSpec(
        "H", FRAMEWORK[0],
        {"绩效目标合理性": 6, "经济效益": 5},
        {"绩效目标合理性": ["5", "3"], "绩效指标明确性": ["7"], "资金使用合规性": ["1.2"]},
        ("固定资产利用率", {"在用固定资产": 80, "固定资产总额": 100}, {"固定资产利用率": 2}),
    ),
    "预算支出共性指标": SheetSpec(
        "I", FRAME[0],
        {"依据充分性": 2, "制度执行有效性": 5},
        {"依据充分性": ["1.5"], "管理制度健全性": ["4", "3"], "制度执行有效性": ["4", "1"]},
        (
            "实际完成率", {"实际产出数": 80, "计划产出数": 100, "质量达标产出数": 80},
            {"实际完成率": 10, "质量达标率": 10},
        ),
    ),
}  # fmt: skip


def _table(spec: SheetSpec, unit: UnitReturn, random: Random) -> Table:
    """One of the unit's tables of the form."""
    return random.choice(unit.of(spec.form))


def _spot(table: Table, item: str, *exactly: str) -> Spot:
    return Spot(exactly[:1], table.form.name, table.instance, item, exactly)


def _above(spec: SheetSpec, unit: UnitReturn, random: Random) -> Spot:
    table = _table(spec, unit, random)
    name, full = random.choice(list(spec.above.items()))
    table.put(f"{name}.得分", full + random.choice([1, 2]))
    return _spot(table, f"{name}.得分", f"{spec.prefix}-01", *spec.ties)


def _unreachable(spec: SheetSpec, unit: UnitReturn, random: Random) -> Spot:
    table = _table(spec, unit, random)
    name, scores = random.choice(list(spec.unreachable.items()))
    table.put(f"{name}.得分", Decimal(random.choice(scores)))
    return _spot(table, f"{name}.得分", f"{spec.prefix}-S2", *spec.ties)


def _rated(spec: SheetSpec, unit: UnitReturn, random: Random) -> Spot:
    """The figures and a score that they do not give."""
    table = _table(spec, unit, random)
    name, evidence, scores = spec.rated
    _supplement(table, unit).put_all({supplement_item(item): value for item, value in evidence.items()})
    table.put_all({f"{scored}.得分": score for scored, score in scores.items()})
    return _spot(table, f"{name}.得分", f"{spec.prefix}-S1", *spec.ties)


def _supplement(table: Table, unit: UnitReturn) -> Table:
    """The supplement is made right after its 评分表."""
    return unit.more[next(place for place, candidate in enumerate(unit.more) if candidate is table) + 1]


def _total(spec: SheetSpec, unit: UnitReturn, random: Random) -> Spot:
    table = _table(spec, unit, random)
    right = sheet_results(table)["总分.得分"] or Decimal(0)
    stated = right + random.choice([Decimal("1.5"), Decimal(-2), Decimal("0.7")])
    table.put("总分.得分", stated)
    above_all = ("N-04",) if stated > 100 else ()
    return _spot(table, "总分.得分", f"{spec.prefix}-02", *spec.ties, *above_all)


def _blank(spec: SheetSpec, unit: UnitReturn, random: Random) -> Spot:
    table = _table(spec, unit, random)
    item = f"{random.choice(list(spec.above))}.得分"
    table.put(item, None)
    return _spot(table, item, "T-01", *spec.ties)


def _words(spec: SheetSpec, unit: UnitReturn, random: Random) -> Spot:
    table = _table(spec, unit, random)
    item = f"{random.choice(list(spec.above))}.得分"
    table.put(item, random.choice(["满分", "优", "见说明"]))
    return _spot(table, item, "T-04", *spec.ties)


def _section(spec: SheetSpec, unit: UnitReturn, random: Random) -> Spot:
    """The 分值 of an indicator changed: its section and the whole have more points than printed."""
    table = _table(spec, unit, random)
    name, *rules = spec.section
    table.put(f"{name}.分值", 4)
    return Spot((f"{spec.prefix}-03",), table.form.name, table.instance, "总分.分值", (f"{spec.prefix}-03", *rules))


def _other_total(spec: SheetSpec, unit: UnitReturn, random: Random) -> Spot:
    """A score less, which the criterion allows: only the other table of the project does not follow."""
    table = _table(spec, unit, random)
    table.put("社会效益.得分", table.figure("社会效益.得分") - 1)
    return _spot(table, "总分.得分", spec.tie)


def _of(name: str, spec: SheetSpec) -> dict[str, Fault]:
    made: dict[str, Fault] = {
        f"{name}得分高于满分": partial(_above, spec),
        f"{name}得分取不到": partial(_unreachable, spec),
        f"{name}得分与依据不符": partial(_rated, spec),
        f"{name}总分错": partial(_total, spec),
        f"{name}得分空白": partial(_blank, spec),
        f"{name}得分填文字": partial(_words, spec),
    }
    if spec.section:
        made[f"{name}分值被改"] = partial(_section, spec)
    if spec.tie:
        made[f"{name}总分表间不符"] = partial(_other_total, spec)
    return made


SHEET_FAULTS: Mapping[str, Mapping[str, Fault]] = {spec.form: _of(name, spec) for name, spec in _SPECS.items()}
"""Form → kind → how it is planted."""
