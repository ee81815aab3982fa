"""Slips of the pen planted in honest tables, one in each, and differences without any slip."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, Decimal
from functools import cache
from itertools import pairwise
from random import Random

from gouji.samples.generating.arithmetic import AMOUNTS, OFFICE_COSTS, SOURCES, YEARS, project_results, to_hundredths
from gouji.samples.generating.names import recipient
from gouji.samples.generating.tables import Table, UnitReturn
from gouji.samples.generating.units import honest_unit, known_figures
from gouji.templates.catalogue import built_in
from gouji.templates.form import Form
from tests.frames import Given

Figures = dict[str, Decimal]
_PAST, _NOW = YEARS[0], YEARS[2]
_RATE = Decimal("0.0001")


@dataclass
class Sheet:
    """A table as figures, where its lines are, and the sums in it: total → its parts."""

    form: Form
    figures: Figures
    lines: dict[str, list[str]]
    sums: dict[str, list[str]]
    rates: dict[str, tuple[str, str]]

    def names(self, item: str) -> str:
        """How a finding calls the item: its row's or line's name, in part."""
        return item.rpartition(".")[0] or item

    def fixed_items(self) -> dict[str, Given]:
        """The items that are in no list."""
        return {item: self.figures[item] for item in self.form.items if item in self.figures}

    def given_lines(self) -> dict[str, list[dict[str, Given]]]:
        """The lines of its lists."""
        return {
            name: [
                {"line": line}
                | {column: self.figures.get(f"{line}.{column}") for column in self.form.lists[name].columns}
                for line in lines
            ]
            for name, lines in self.lines.items()
        }


@dataclass
class Slip:
    """What was planted: at which item its rule is broken, and words of the cause that is right for it.

    Every group in `told` must have one of its words in the cause; empty where no slip was planted.
    """

    kind: str
    item: str
    told: tuple[tuple[str, ...], ...]


Plant = Callable[[Sheet, Random], Slip | None]


@cache
def honest_sheet(seed: int, number: int) -> Sheet:
    """基础数据表 or 自评表 of an honest unit, with formulas as their results; not to be changed."""
    random = Random(f"{seed}/{number}")
    unit = honest_unit(recipient(number, random), 2021, random)
    return _base(unit) if random.random() < 0.75 else _project(unit, random)


def _base(unit: UnitReturn) -> Sheet:
    lines = [line for line, _ in unit.base.lines["项目"]]
    sums = {f"公用经费.{column}": [f"{row}.{column}" for row in OFFICE_COSTS] for column in YEARS}
    sums |= {f"项目支出.{column}": [f"{line}.{column}" for line in lines] for column in YEARS}
    rows = ("公务用车", "出国经费", "公务接待")
    sums |= {f"三公经费.{column}": [f"{row}.{column}" for row in rows] for column in YEARS}
    rates = {"控制率": ("实际在职人数", "编制数")}
    return _sheet(unit.base, known_figures(unit.base), {"项目": lines}, sums, rates)


def _project(unit: UnitReturn, random: Random) -> Sheet:
    table = random.choice(unit.projects)
    typed = {item: value for item in table.cells if (value := table.typed(item)) is not None}
    results = {item: value for item, value in project_results(table).items() if value is not None}
    sums = {f"年度资金总额.{column}": [f"{row}.{column}" for row in SOURCES] for column in AMOUNTS}
    rates = {"年度资金总额.执行率": ("年度资金总额.全年执行数", "年度资金总额.全年预算数")}
    return _sheet(table, typed | results, {"指标": [line for line, _ in table.lines["指标"]]}, sums, rates)


def _sheet(
    table: Table,
    figures: Figures,
    lines: dict[str, list[str]],
    sums: dict[str, list[str]],
    rates: dict[str, tuple[str, str]],
) -> Sheet:
    shown = {rate: figures[rate].quantize(_RATE) for rate in rates if rate in figures}
    return Sheet(built_in().form(table.form.name, table.form.edition), figures | shown, lines, sums, rates)


def _sum(sheet: Sheet, random: Random) -> tuple[str, list[str]] | None:
    """A sum of at least two filled parts."""
    usable = {
        total: parts
        for total, parts in sheet.sums.items()
        if sum(bool(sheet.figures.get(part)) for part in parts) >= 2 and total in sheet.figures
    }
    total = random.choice(list(usable) or [""])
    return (total, [part for part in usable[total] if sheet.figures.get(part)]) if total else None


def _one_part(kind: str, words: str, change: Callable[[Decimal, Random], Decimal]) -> Plant:
    def plant(sheet: Sheet, random: Random) -> Slip | None:
        summed = _sum(sheet, random)
        if summed is None:
            return None
        total, parts = summed
        part = random.choice(parts)
        wrong = change(sheet.figures[part], random)
        if wrong == sheet.figures[part]:
            return None
        sheet.figures[part] = wrong
        return Slip(kind, total, ((words,), (_label(sheet, part),)))

    return plant


def _total(kind: str, words: str, change: Callable[[Decimal, Random], Decimal]) -> Plant:
    def plant(sheet: Sheet, random: Random) -> Slip | None:
        summed = _sum(sheet, random)
        if summed is None or not sheet.figures[summed[0]]:
            return None
        total, wrong = summed[0], change(sheet.figures[summed[0]], random)
        if wrong == sheet.figures[total]:
            return None
        sheet.figures[total] = wrong
        return Slip(kind, total, ((words,), (_label(sheet, total),)))

    return plant


def _label(sheet: Sheet, item: str) -> str:
    """Two characters that the row's printed label surely has, or the line's name."""
    row = sheet.names(item)
    return _ROWS.get(row, row)


_ROWS = {"水电差旅费": "水费", "会议培训费": "会议费", "印刷及其他费": "印刷费", "出国经费": "出国"}


def _point(value: Decimal, random: Random) -> Decimal:
    return value * random.choice([Decimal(10), Decimal(100), Decimal("0.1"), Decimal("0.01")])


def _swapped(value: Decimal, random: Random) -> Decimal:
    """Two neighbouring digits exchanged, be the point between them or not; the first stays a digit that counts."""
    text = f"{value:.2f}"
    places = [place for place, sign in enumerate(text) if sign.isdigit()]
    pairs = [
        (first, second)
        for first, second in pairwise(places)
        if text[first] != text[second] and (first or text[second] != "0")
    ]
    if len(places) < 4 or not pairs:
        return value
    first, second = random.choice(pairs)
    return Decimal(text[:first] + text[second] + text[first + 1 : second] + text[first] + text[second + 1 :])


def _left_out(sheet: Sheet, random: Random) -> Slip | None:
    return _counted(sheet, random, "漏加一项", -1, "漏加了")


def _twice(sheet: Sheet, random: Random) -> Slip | None:
    return _counted(sheet, random, "一项加了两次", 1, "重复加了")


def _counted(sheet: Sheet, random: Random, kind: str, times: int, words: str) -> Slip | None:
    summed = _sum(sheet, random)
    if summed is None:
        return None
    total, parts = summed
    part = random.choice(parts)
    sheet.figures[total] += times * sheet.figures[part]
    return Slip(kind, total, ((words,), (_label(sheet, part),)))


def _repeated(sheet: Sheet, random: Random) -> Slip | None:
    total = f"{random.choice(['公用经费', '项目支出', '三公经费'])}.{_NOW}"
    before = total.replace(_NOW, _PAST)
    if total not in sheet.sums or sheet.figures[before] == sheet.figures[total]:
        return None
    sheet.figures[total] = sheet.figures[before]
    return Slip("照抄上年数", total, (("照抄了上年数",), (_label(sheet, total),)))


def _whole(value: Decimal, _: Random) -> Decimal:
    return value.quantize(Decimal(1), ROUND_DOWN)


def _rate(kind: str, words: str, change: Callable[[Decimal], Decimal]) -> Plant:
    def plant(sheet: Sheet, random: Random) -> Slip | None:
        rate = random.choice(list(sheet.rates))
        value = sheet.figures.get(rate)
        if not value or abs(value - 1) < Decimal("0.02"):
            return None
        sheet.figures[rate] = change(value)
        return Slip(kind, rate, ((words,),))

    return plant


def _turned(sheet: Sheet, random: Random) -> Slip | None:
    rate = random.choice(list(sheet.rates))
    above, below = (sheet.figures.get(item) for item in sheet.rates[rate])
    if not above or not below or abs(above / below - 1) < Decimal("0.02"):
        return None
    sheet.figures[rate] = (below / above).quantize(_RATE)
    return Slip("分子分母颠倒", rate, (("分子和分母颠倒",),))


def _nothing(kind: str, change: Callable[[Decimal, Random], Decimal]) -> Plant:
    """A total that is off by something that is no slip of the pen."""

    def plant(sheet: Sheet, random: Random) -> Slip | None:
        summed = _sum(sheet, random)
        if summed is None:
            return None
        total = summed[0]
        wrong = change(sheet.figures[total], random)
        if abs(wrong - sheet.figures[total]) < Decimal("0.1"):
            return None
        sheet.figures[total] = wrong
        return Slip(kind, total, ())

    return plant


def _share(value: Decimal, random: Random) -> Decimal:
    return to_hundredths(value * (1 + Decimal(random.randint(-4000, 4000)) / 10_000))


def _cents(value: Decimal, random: Random) -> Decimal:
    return value + Decimal(random.randint(-1000, 1000)) / 100


def _round(value: Decimal, random: Random) -> Decimal:
    return value + random.choice(
        [Decimal(each) for each in ("0.5", "1", "2", "5", "10", "20", "50", "-1", "-3", "-10")]
    )


def _other(value: Decimal, random: Random) -> Decimal:
    return Decimal(random.randint(100, max(1000, int(value * 250)))) / 100


PLANTS: dict[str, Plant] = {
    "分项按元填": _one_part("分项按元填", "按元填列", lambda value, _: value * 10_000),
    "合计按元填": _total("合计按元填", "按元填列", lambda value, _: value * 10_000),
    "分项小数点错位": _one_part("分项小数点错位", "小数点", _point),
    "合计小数点错位": _total("合计小数点错位", "小数点", _point),
    "分项正负号写反": _one_part("分项正负号写反", "正负号", lambda value, _: -value),
    "分项数字颠倒": _one_part("分项数字颠倒", "数字颠倒", _swapped),
    "合计数字颠倒": _total("合计数字颠倒", "数字颠倒", _swapped),
    "漏加一项": _left_out,
    "一项加了两次": _twice,
    "照抄上年数": _repeated,
    "合计舍去小数": _total("合计舍去小数", "整数", _whole),
    "百分数填成小数": _rate("百分数填成小数", "漏写百分号", lambda value: (value * 100).normalize()),
    "小数填成百分数": _rate("小数填成百分数", "多写百分号", lambda value: (value / 100).quantize(Decimal("0.000001"))),
    "分子分母颠倒": _turned,
}
"""Kind → how it is planted."""

NOTHING: dict[str, Plant] = {
    "合计差几成": _nothing("合计差几成", _share),
    "合计差几万元": _nothing("合计差几万元", _cents),
    "合计差整数": _nothing("合计差整数", _round),
    "合计是别的数": _nothing("合计是别的数", _other),
}
"""Differences that no slip made."""


def planted(kind: str, count: int, seed: int) -> Iterator[tuple[Sheet, Slip]]:
    """`count` tables, each with one slip of the kind."""
    plant, made, number = (PLANTS | NOTHING)[kind], 0, 0
    while made < count:
        random = Random(f"{seed}/{kind}/{number}")
        honest = honest_sheet(seed, number)
        sheet = replace(honest, figures=dict(honest.figures))
        slip = plant(sheet, random)
        number += 1
        if slip is not None and _breaks(sheet, slip):
            made += 1
            yield sheet, slip


def _breaks(sheet: Sheet, slip: Slip) -> bool:
    """Whether the difference is more than rounding could make."""
    if slip.item in sheet.rates:
        return True
    parts = [sheet.figures[part] for part in sheet.sums[slip.item] if part in sheet.figures]
    return abs(sheet.figures[slip.item] - sum(parts, Decimal(0))) >= Decimal("0.1")
