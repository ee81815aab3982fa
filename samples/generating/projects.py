"""An honest 自评表: funds that add up, indicators scored by the printed rules, a reason for every point lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from gouji.samples.generating.arithmetic import AMOUNTS, to_hundredths
from gouji.samples.generating.scores import less_is_better, more_is_better
from gouji.samples.generating.tables import Table, Value
from gouji.templates.form import Form
from gouji.templates.labels import identifier
from gouji.templates.recipient import Project

REASONS = ["部分工作年底才完成", "设备到货较晚", "天气原因推迟", "人员调整影响进度"]
_COUNTED = [("培训人次", "人次"), ("更新设备", "台"), ("维修站点", "个"), ("服务群众", "人"), ("检查次数", "次")]
_QUALITY = ["验收合格率", "设备完好率", "服务达标率"]
_BENEFITS = {
    "经济效益指标": [("节约办公开支", "有所节约"), ("带动就近就业", "有所带动")],
    "社会效益指标": [("方便群众办事", "明显方便"), ("提高服务能力", "明显提高"), ("减少安全隐患", "明显减少")],
    "生态效益指标": [("改善环境卫生", "明显改善"), ("节约能源", "有所节约")],
    "可持续影响指标": [("长期发挥作用", "长期"), ("制度持续完善", "持续完善")],
}
_FILING_DAYS = (44595, 44635)
"""Serial numbers of days in February and March of 2022."""


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """One line of the indicator list as it is typed."""

    name: str
    group: str
    points: Decimal
    target: str
    actual: str
    score: Decimal
    reason: str | None = None


def project_table(form: Form, project: Project, random: Random) -> Table:
    """A filled 自评表, of a project or of a whole unit. Its 年度资金总额, rates and totals are left to the formulas."""
    table = Table(form, project.code)
    budget = _funds(table, random)
    lines = _indicators(budget, random)
    table.lines["指标"] = [(identifier(line.name), line.group) for line in lines]
    for line in lines:
        put_line(table, line)
    table.put_all({"预期目标": f"完成{project.name}年度任务", "实际完成情况": "年度任务按计划完成"})
    if "填报日期" in form.items:
        table.put("填报日期", random.randint(*_FILING_DAYS))
    return table


def put_line(table: Table, line: IndicatorLine) -> None:
    """Type one line; its place in the table's `lines` is the caller's."""
    line_id = identifier(line.name)
    typed: dict[str, Value] = {
        table.form.lists["指标"].name_column: line.name,
        "年度指标值": line.target,
        "实际完成值": line.actual,
        "分值": line.points,
        "得分": line.score,
        "偏差原因": line.reason,
    }
    table.put_all({f"{line_id}.{column}": value for column, value in typed.items()})


def _funds(table: Table, random: Random) -> Decimal:
    """Types the sources of funds; returns the year's whole budget in 万元."""
    decimals = random.choice([2, 2, 2, 4, 6])
    nothing = random.choice([None, 0])
    carried = random.random() < 0.3
    budgets = {
        "当年财政拨款": _amount(random, 20, 900, decimals),
        "上年结转资金": _amount(random, 1, 30, decimals) if carried else None,
        "其他资金": _amount(random, 1, 15, decimals) if random.random() < 0.15 else None,
    }
    whole_spent = random.random() < 0.4
    adjusted = random.random() < 0.2
    for source, budget in budgets.items():
        if budget is None:
            table.put_all({f"{source}.{column}": nothing for column in AMOUNTS})
            continue
        first = to_hundredths(budget * Decimal("0.93")) if adjusted and source == "当年财政拨款" else budget
        spent = budget if whole_spent else to_hundredths(budget * share(random, 0.91, 0.99))
        table.put_all(dict(zip([f"{source}.{column}" for column in AMOUNTS], (first, budget, spent), strict=True)))
    return sum((budget for budget in budgets.values() if budget is not None), Decimal(0))


def share(random: Random, low: float, high: float) -> Decimal:
    """A factor with three decimals."""
    return Decimal(str(round(random.uniform(low, high), 3)))


def _amount(random: Random, low: int, high: int, decimals: int) -> Decimal:
    return Decimal(random.randint(low * 10**decimals, high * 10**decimals)).scaleb(-decimals)


def _indicators(budget: Decimal, random: Random) -> list[IndicatorLine]:
    ten = Decimal(10)
    counted = random.sample(_COUNTED, 2)
    first = [_counted(*counted[0], ten, random), _counted(*counted[1], ten, random)]
    quantity = first if random.random() < 0.5 else [_counted(*counted[0], Decimal(20), random)]
    on_time: Callable[[Decimal, Random], IndicatorLine] = random.choice([_timely_share, _timely_days])
    return [
        *quantity,
        _percent(random.choice(_QUALITY), "质量指标", ten, random.choice([95, 98, 100]), random),
        on_time(ten, random),
        _cost(budget, ten, random),
        *_benefits(random),
        _percent("服务对象满意度", "服务对象满意度指标", ten, random.choice([90, 95]), random),
    ]


def _counted(name: str, unit: str, points: Decimal, random: Random) -> IndicatorLine:
    target = random.randint(40, 400)
    actual = _achieved(target, random)
    sign = random.choice(["", "≥"])
    return _more(name, "数量指标", points, target, actual, (f"{sign}{target}{unit}", f"{actual}{unit}"), random)


def _percent(name: str, group: str, points: Decimal, target: int, random: Random) -> IndicatorLine:
    actual = min(100, _achieved(target, random))
    sign = "" if target == 100 else "≥"
    return _more(name, group, points, target, actual, (f"{sign}{target}%", f"{actual}%"), random)


def _achieved(target: int, random: Random) -> int:
    """Mostly the target or a little more, now and then a little less."""
    factor = random.choice([1.0, 1.0, 1.0, random.uniform(1.0, 1.1), random.uniform(0.93, 0.99)])
    return round(target * factor)


def _more(
    name: str, group: str, points: Decimal, target: int, actual: int, texts: tuple[str, str], random: Random
) -> IndicatorLine:
    score = more_is_better(points, Decimal(target), Decimal(actual))
    return IndicatorLine(name, group, points, *texts, score, _reason(score, points, random))


def _timely_share(points: Decimal, random: Random) -> IndicatorLine:
    return _percent("支付及时率", "时效指标", points, 100, random)


def _timely_days(points: Decimal, random: Random) -> IndicatorLine:
    target = random.randint(20, 60)
    actual = random.choice([target, target, target - 1, target + 1])
    score = less_is_better(points, Decimal(target), Decimal(actual))
    texts = f"≤{target}天", f"{actual}天"
    return IndicatorLine("平均办结天数", "时效指标", points, *texts, score, _reason(score, points, random))


def _cost(budget: Decimal, points: Decimal, random: Random) -> IndicatorLine:
    target = to_hundredths(budget * share(random, 0.7, 0.98))
    actual = random.choice([target, to_hundredths(target * share(random, 0.95, 0.999))])
    sign = random.choice(["", "≤"])
    return IndicatorLine("项目成本", "成本指标", points, f"{sign}{target}万元", f"{actual}万元", points)


def _benefits(random: Random) -> list[IndicatorLine]:
    shapes = [
        ["社会效益指标", "社会效益指标", "可持续影响指标"],
        ["经济效益指标", "社会效益指标", "生态效益指标"],
        ["社会效益指标", "生态效益指标", "可持续影响指标"],
    ]
    groups, ten = random.choice(shapes), Decimal(10)
    lines = []
    for group in dict.fromkeys(groups):
        for name, word in random.sample(_BENEFITS[group], groups.count(group)):
            score = random.choice([ten] * 6 + [Decimal(9)])
            lines.append(IndicatorLine(name, group, ten, word, word, score, _reason(score, ten, random)))
    return lines


def _reason(score: Decimal, points: Decimal, random: Random) -> str | None:
    return random.choice(REASONS) if score < points else None
