"""An honest 部门整体支出绩效评价自评报告: income, spending, 三公经费 and assets of the unit and one body under it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from random import Random

from gouji.samples.generating.arithmetic import report_results, to_hundredths
from gouji.samples.generating.projects import share
from gouji.samples.generating.tables import Table, UnitReturn
from gouji.samples.generating.units import known_figures
from gouji.templates.form import Form

HEAD, BODY = "局机关", "二级机构1"
"""The first two of the three names that the form prints."""
_LISTS = ("收入机构", "支出机构", "三公机构", "资产机构")
_OFFICIAL = {
    "公务接待费": "公务接待",
    "公务用车运维费": "公车运行维护",
    "公务用车购置费": "公车购置",
    "因公出国费": "出国经费",
}


def whole_report(form: Form, unit: UnitReturn, reports: Sequence[Table], random: Random) -> Table:
    """`reports`: the unit's 项目自评报告, whose spending is its 项目支出."""
    report = Table(form)
    bodies = [HEAD, BODY] if random.random() < 0.4 else [HEAD]
    for list_id in _LISTS:
        report.lines[list_id] = [(name, None) for name in bodies]
    parts = [Decimal(1)] if len(bodies) == 1 else [share(random, 0.5, 0.8)]
    base = known_figures(unit.base)
    projects = sum(
        (report_results(project_report)["项目资金.实际支出"] or Decimal(0) for project_report in reports), Decimal(0)
    )
    staff = to_hundredths(base["实际在职人数"] * share(random, 7, 14))
    money = {"人员支出": staff, "公用支出": base["公用经费.本年决算数"], "项目支出": projects}
    official = {column: base[f"{row}.本年决算数"] for column, row in _OFFICIAL.items()}
    assets = _assets(staff, random)
    for name, (own_money, own_official, own_assets) in zip(bodies, _split(parts, money, official, assets), strict=True):
        _line(report, name, own_money, own_official, own_assets, random)
    _head(report, unit, base, random)
    return report


Figures = dict[str, Decimal]


def _split(parts: list[Decimal], *figures: Figures) -> list[list[Figures]]:
    """The figures of the first body, and of a second one what is left."""
    first = [{column: to_hundredths(value * parts[0]) for column, value in amounts.items()} for amounts in figures]
    if parts[0] == 1:
        return [list(map(dict, figures))]
    rest = [
        {column: amounts[column] - mine[column] for column in amounts}
        for amounts, mine in zip(figures, first, strict=True)
    ]
    return [first, rest]


def _line(report: Table, name: str, money: Figures, official: Figures, assets: Figures, random: Random) -> None:
    basic = money["人员支出"] + money["公用支出"]
    spent = basic + money["项目支出"]
    over = random.choice([Decimal(0), to_hundredths(spent * share(random, 0.001, 0.03))])
    carried = random.choice([Decimal(0), to_hundredths(spent * share(random, 0.01, 0.05))])
    grant = spent + over - carried
    rows = {
        "收入合计": spent + over, "上年结转": carried, "公共财政拨款": grant, "政府基金拨款": 0, "非税收入拨款": 0,
        "其他收入": 0, "支出合计": spent, "基本支出": basic, **money, "结余": over,
        "三公经费合计": sum(official.values()), **official, "会议费": to_hundredths(spent * Decimal("0.002")),
        "固定资产合计": sum(assets.values()), **assets,
    }  # fmt: skip
    report.put_all({f"{name}.{column}": value for column, value in rows.items()})


def _assets(staff: Decimal, random: Random) -> Figures:
    used = to_hundredths(staff * share(random, 1, 3))
    rented = random.choice([Decimal(0), to_hundredths(used * share(random, 0.01, 0.06))])
    return {"在用固定资产": used, "出租固定资产": rented, "其他固定资产": Decimal(0)}


def _head(report: Table, unit: UnitReturn, base: Figures, random: Random) -> None:
    score = Decimal(random.randint(8200, 9900)) / 100
    report.put_all({
        "人员编制": base["编制数"], "实有人数": base["实际在职人数"],
        "职能职责概述": "负责本部门职责范围内的公共服务", "年度主要工作内容": "完成年度工作任务",
        "总体运行情况": "经费保障到位，运行平稳", "预期目标": "完成年度任务", "实际完成": "按计划完成",
        "绩效自评综合得分": score, "评价等次": "优秀" if score >= 90 else "良好",
    })  # fmt: skip
