"""An honest unit: all its tables, with every sum, quotient, score and tie between tables right."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from gouji.samples.generating.arithmetic import OFFICE_COSTS, YEARS, base_results, project_results, to_hundredths
from gouji.samples.generating.projects import project_table, share
from gouji.samples.generating.scores import sheet_scores
from gouji.samples.generating.tables import Table, UnitReturn
from gouji.templates.catalogue import built_in
from gouji.templates.labels import identifier
from gouji.templates.recipient import Recipient

BASE = ("部门整体支出绩效评价基础数据表", "衡山县-2021")
SHEET = ("部门整体支出绩效评价指标评分表", "衡山县-2021")
PROJECT = ("预算支出绩效自评表", "湖南-2020")

_TOTALS = ("三公经费", "项目支出", "公用经费")
_TYPED_RATE = 0.12
"""How often a unit writes a rate as a rounded constant over the formula, as published returns do."""
_RATE_PLACES = Decimal("0.0001")


def honest_unit(recipient: Recipient, year: int, random: Random) -> UnitReturn:
    """One unit's return for one year."""
    projects = [project_table(built_in().form(*PROJECT), project, random) for project in recipient.projects]
    base = _base(recipient, projects, random)
    sheet = Table(built_in().form(*SHEET))
    for table in projects:
        _type_rates(table, project_results(table), ["年度资金总额.执行率", "当年财政拨款.执行率"], random)
    _type_rates(base, base_results(base), ["控制率"], random)
    for name, score in sheet_scores(known_figures(base), random).items():
        sheet.put(f"{name}.得分", score)
    return UnitReturn(recipient, year, base, sheet, projects)


def known_figures(base: Table) -> dict[str, Decimal]:
    """Every figure of 基础数据表, typed or computed."""
    typed = {item: value for item in base.cells if (value := base.typed(item)) is not None}
    return typed | {item: value for item, value in base_results(base).items() if value is not None}


def _base(recipient: Recipient, projects: list[Table], random: Random) -> Table:
    base = Table(built_in().form(*BASE))
    posts = random.randint(10, 120)
    base.put_all({"编制数": posts, "实际在职人数": posts - random.randint(0, posts // 7)})
    _official_costs(base, random)
    _project_lines(base, recipient, projects, random)
    _office_costs(base, random)
    _purchases(base, random)
    _building(base, random)
    base.put("厉行节约保障措施", "执行公务接待和用车审批制度")
    return base


def _years(base: Table, row: str, before: Decimal, plan: Decimal, spent: Decimal) -> None:
    base.put_all({f"{row}.{column}": value for column, value in zip(YEARS, (before, plan, spent), strict=True)})


def _cents(random: Random, low: float, high: float) -> Decimal:
    """An amount with two decimals, in 万元."""
    return Decimal(random.randint(int(low * 100), int(high * 100))) / 100


def leaps(base: Table) -> bool:
    """Whether a total changed so much from year to year (30 %, 1 万元) that the unit has to explain it."""
    results = base_results(base)

    def stands(item: str) -> Decimal | None:
        return results.get(item) if base.typed(item) is None else base.typed(item)

    return any(_leaps(stands(f"{row}.{YEARS[0]}"), stands(f"{row}.{YEARS[2]}")) for row in _TOTALS)


def _leaps(before: Decimal | None, now: Decimal | None) -> bool:
    if before is None or now is None or before <= 0:
        return False
    return abs(now - before) >= 1 and abs(now - before) > before * Decimal("0.3")


def _year_before(spent: Decimal, random: Random) -> Decimal:
    """What was spent a year ago: a change that nobody has to explain."""
    return to_hundredths(spent * share(random, 0.9, 1.1))


def _official_costs(base: Table, random: Random) -> None:
    """三公经费: within budget, now and then a little above it."""
    for row, high in (("公车运行维护", 12.0), ("公务接待", 6.0)):
        plan = _cents(random, 1, high)
        over = random.random() < 0.1
        spent = plan * (share(random, 1.0, 1.04) if over else share(random, 0.6, 1.0))
        _years(base, row, _year_before(spent, random), plan, to_hundredths(spent))
    bought = _cents(random, 12, 18) if random.random() < 0.1 else Decimal(0)
    _years(base, "公车购置", bought, bought, bought)
    _years(base, "出国经费", Decimal(0), Decimal(0), Decimal(0))


def _office_costs(base: Table, random: Random) -> None:
    over = random.random() < 0.15
    factor = share(random, 1.0, 1.05) if over else share(random, 0.85, 1.0)
    for row in OFFICE_COSTS:
        plan = _cents(random, 2, 40)
        _years(base, row, _year_before(plan, random), plan, to_hundredths(plan * factor))


def _project_lines(base: Table, recipient: Recipient, projects: list[Table], random: Random) -> None:
    """项目 lines that equal the 自评表 of the same project; their names were issued with the form."""
    base.lines["项目"] = [(identifier(project.name), None) for project in recipient.projects]
    for (line, _), table in zip(base.lines["项目"], projects, strict=True):
        total = project_results(table)
        base.put(f"{line}.上年决算数", _year_before(total["年度资金总额.全年执行数"] or Decimal(0), random))
        base.put(f"{line}.本年预算数", total["年度资金总额.全年预算数"])
        base.put(f"{line}.本年决算数", total["年度资金总额.全年执行数"])


def _purchases(base: Table, random: Random) -> None:
    plan = _cents(random, 5, 300)
    base.put_all(
        {"政府采购金额.本年预算数": plan, "政府采购金额.本年决算数": to_hundredths(plan * share(random, 0.88, 1.08))}
    )
    change = random.choice([Decimal(0), _cents(random, 1, 20), -_cents(random, 1, 20)])
    base.put_all({"预算调整.本年预算数": Decimal(0), "预算调整.本年决算数": change})


def _building(base: Table, random: Random) -> None:
    """楼堂馆所: most units build nothing and fill in 0, as the form asks."""
    if random.random() < 0.75:
        base.put_all(dict.fromkeys(("批复规模", "实际规模", "预算投资", "实际投资"), 0))
        return
    size, cost = Decimal(random.randint(300, 5000)), _cents(random, 80, 2000)
    base.put_all({"批复规模": size, "实际规模": to_hundredths(size * share(random, 0.95, 1.03))})
    base.put_all({"预算投资": cost, "实际投资": to_hundredths(cost * share(random, 0.9, 1.08))})


def _type_rates(table: Table, results: dict[str, Decimal | None], rates: list[str], random: Random) -> None:
    for item in rates:
        value = results[item]
        if value is not None and random.random() < _TYPED_RATE:
            table.put(item, random.choice([value.quantize(_RATE_PLACES), Decimal(format(value, ".15g"))]))
