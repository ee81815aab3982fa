"""Returns that arrive wrongly: not at all, twice, damaged, empty, of last year, from a unit nobody knows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

from gouji.samples.generating.planted import Spot
from gouji.samples.generating.tables import UnitReturn


def _not_sent(unit: UnitReturn, random: Random) -> Spot:
    unit.delivery.sent = False
    return Spot(("R-03",), unit.base.form.name, exactly=("R-03",))


def _sheet_missing(unit: UnitReturn, random: Random) -> Spot:
    unit.delivery.left_out = frozenset({unit.sheet.form.name})
    return Spot(("R-03",), unit.sheet.form.name, exactly=("R-03",))


def _sent_twice(unit: UnitReturn, random: Random) -> Spot:
    unit.delivery.second = "changed"
    return Spot(("R-04",), exactly=("R-04",))


def _same_file_twice(unit: UnitReturn, random: Random) -> Spot:
    unit.delivery.second = "same"
    return Spot(("R-05",), exactly=())


def _off_roster(unit: UnitReturn, random: Random) -> Spot:
    unit.delivery.on_roster = False
    return Spot(("R-06",), exactly=("R-06",))


def _sheet_empty(unit: UnitReturn, random: Random) -> Spot:
    unit.sheet.filled = False
    return Spot(("R-07",), unit.sheet.form.name)


def _project_empty(unit: UnitReturn, random: Random) -> Spot:
    table = random.choice(unit.projects)
    table.filled = False
    return Spot(("R-07",), table.form.name, table.instance)


def _damaged(unit: UnitReturn, random: Random) -> Spot:
    unit.delivery.cut_short = True
    return Spot(("R-01",))


def _last_year(unit: UnitReturn, random: Random) -> Spot:
    """Last year's workbook, sent once more."""
    unit.year -= 1
    return Spot(("T-08",), unit.base.form.name, exactly=("T-08",))


DELIVERY_FAULTS: Mapping[str, Callable[[UnitReturn, Random], Spot]] = {
    "缺报": _not_sent,
    "缺少评分表": _sheet_missing,
    "重复报送": _sent_twice,
    "重复文件": _same_file_twice,
    "名册外单位": _off_roster,
    "评分表未填": _sheet_empty,
    "一个项目的自评表未填": _project_empty,
    "文件损坏": _damaged,
    "报成上年的表": _last_year,
}
"""Kind → how it is planted."""
