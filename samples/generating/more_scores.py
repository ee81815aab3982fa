"""Self-scores by the criteria of the four other 评分表, with the figures that they rest on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from gouji.samples.generating.arithmetic import project_results, report_results, to_hundredths
from gouji.samples.generating.projects import share
from gouji.samples.generating.scores import more_is_better, steps
from gouji.samples.generating.tables import Table

_ZERO, _WHOLE = Decimal(0), Decimal(100)


@dataclass(frozen=True, slots=True)
class SheetScores:
    """Indicator → self-score, and the figures of its 评分依据补充表."""

    scores: dict[str, Decimal]
    evidence: dict[str, Decimal]


def missing(points: int, actual: Decimal, plan: Decimal, *, per: int, deduct: int = 1) -> Decimal:
    """Full marks when the plan is reached, less `deduct` for each whole `per` points below it."""
    short = max(_ZERO, (plan - actual) * 100 / plan)
    return max(_ZERO, Decimal(points) - int(short / per) * deduct)


def _drawn(choices: Mapping[str, list[str]], random: Random) -> dict[str, Decimal]:
    """Mostly full marks (the first), now and then another score that the criterion allows."""
    return {
        name: Decimal(scores[0] if random.random() < 0.8 else random.choice(scores)) for name, scores in choices.items()
    }


_COMMON_FULL = {
    "项目立项规范性": "5", "绩效目标合理性": "5", "项目设计合理性": "5", "资金到位率": "3", "到位及时率": "2",
    "业务管理_管理制度健全性": "3", "制度执行有效性": "5", "项目质量可控性": "2", "财务管理_管理制度健全性": "5",
    "资金使用合规性": "10", "财务监控有效性": "5", "主要工作量完成率": "10", "完成及时率": "5", "工作质量达标率": "5",
    "成本节约率": "5", "社会效益": "15", "可持续影响": "10",
}  # fmt: skip
_COMMON_LESS = {"项目立项规范性": "4", "绩效目标合理性": "4", "制度执行有效性": "4", "主要工作量完成率": "9"}
"""Indicators that may lose one point."""


def common_scores(assessment: Table, random: Random) -> SheetScores:
    """项目支出绩效评价共性指标: as many points in all as the project's 自评表 gives."""
    results = project_results(assessment)
    lost = _WHOLE - (results["总分.得分"] or _ZERO)
    scores = {name: Decimal(points) for name, points in _COMMON_FULL.items()}
    for name in random.sample(list(_COMMON_LESS), int(min(lost, Decimal(random.randint(0, 2))))):
        scores[name] = Decimal(_COMMON_LESS[name])
        lost -= 1
    # 15 points less whatever is still to be lost: its criterion gives every score in between.
    scores["社会效益"] -= min(lost, Decimal(15))
    scores["可持续影响"] -= max(_ZERO, lost - 15)
    budget = results["年度资金总额.全年预算数"] or _ZERO
    return SheetScores(
        scores,
        {"实际到位资金": budget, "计划到位资金": budget, "到位推迟月数": Decimal(random.choice([0, 0, 1]))},
    )


_SYSTEM = {
    "目标内容": ["4", "3"], "决策依据": ["4", "3"], "决策程序": ["4", "3"], "分配办法": ["3", "2"],
    "分配结果": ["5", "3"], "到位时效": ["2", "1", "0.5"], "资金使用": ["7", "5"], "财务管理": ["3", "2"],
    "组织机构": ["1"], "支撑条件": ["1"], "项目实施": ["3", "2"], "管理制度": ["5", "3"], "产出时效": ["3"],
    "经济效益": ["8", "7", "6.5"], "社会效益": ["8", "7.5"], "环境效益": ["8", "7"], "可持续影响": ["8", "7.5"],
}  # fmt: skip


def system_scores(report: Table, random: Random) -> SheetScores:
    """项目支出绩效评价指标体系, from the project's 自评报告 and figures of its own."""
    funds = report_results(report)
    planned, received = funds["项目资金.计划安排资金"] or _ZERO, funds["项目资金.实际到位资金"] or _ZERO
    count, cost = Decimal(random.randint(40, 400)), to_hundredths(planned * share(random, 0.5, 0.9))
    done = count - random.choice([0, 0, 0, 1, 2])
    asked = Decimal(random.randint(50, 300))
    pleased = asked - int(asked * random.choice([2, 5, 15]) / 100)
    ratios = {
        "到位率": more_is_better(Decimal(3), planned, received),
        "产出数量": more_is_better(Decimal(5), count, done),
        "产出质量": Decimal(4),
        "产出成本": Decimal(3),
        "服务对象满意度": Decimal(8 if pleased * 10 >= asked * 9 else 6),
    }
    evidence = {
        "实际产出数": done, "计划产出数": count, "实际效果": Decimal(98), "预定效果": Decimal(95), "实际成本": cost,
        "计划成本": cost, "满意人数": pleased, "调查人数": asked,
    }  # fmt: skip
    return SheetScores(_drawn(_SYSTEM, random) | ratios, evidence)


_FRAMEWORK = {
    "绩效目标合理性": ["6", "4"], "绩效指标明确性": ["8", "6"], "预算管理_管理制度健全性": ["2", "1.5"],
    "资金使用合规性": ["2", "1.5"], "预决算信息公开性": ["2", "1.5"], "基础信息完善性": ["2", "1.5"],
    "资产管理_管理制度健全性": ["2", "1"], "资产管理安全性": ["2", "1.5"], "经济效益": ["5", "4.5"],
    "社会效益": ["5", "4.5"], "生态效益": ["5", "4"], "社会公众或服务对象满意度": ["5", "4.8"],
}  # fmt: skip


def framework_scores(base: Mapping[str, Decimal], whole: Table, random: Random) -> SheetScores:
    """部门整体支出绩效评价共性指标框架, from 基础数据表, 自评报告 and figures of its own."""
    totals = report_results(whole)
    evidence = _framework_evidence(base, totals, random)
    return SheetScores(_drawn(_FRAMEWORK, random) | _framework_rates(base, evidence), evidence)


def _framework_evidence(
    base: Mapping[str, Decimal], totals: Mapping[str, Decimal | None], random: Random
) -> dict[str, Decimal]:
    spent = totals["支出汇总.支出合计"] or _ZERO
    budget = to_hundredths(spent / share(random, 0.96, 1))
    kept = budget - spent
    works = Decimal(random.randint(120, 300))
    done = works - random.choice([0, 0, 1, 3])
    return {
        "上年三公预算": base["三公经费.本年预算数"] + random.choice([0, 1]),
        "重点预算支出": to_hundredths(budget * share(random, 0.55, 0.8)), "预算总支出": budget, "预算执行数": spent,
        "预算数": budget, "实际支付进度": share(random, 0.93, 1), "既定支付进度": Decimal(1), "结转结余总额": kept,
        "支出预算数": budget, "本年累计结转结余": kept, "上年累计结转结余": kept + Decimal(random.randint(0, 20)),
        "在用固定资产": totals["资产汇总.在用固定资产"] or _ZERO,
        "固定资产总额": totals["资产汇总.固定资产合计"] or _ZERO, "实际完成工作数": done, "计划工作数": works,
        "及时完成工作数": done - random.choice([0, 0, 1]), "质量达标工作数": done,
        "考核得分": Decimal(random.randint(900, 1000)) / 10, "考核总分": _WHOLE,
    }  # fmt: skip


def _framework_rates(f: Mapping[str, Decimal], e: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """The indicators that figures decide. `f`: 基础数据表; `e`: evidence."""
    bought = f["政府采购金额.本年决算数"], f["政府采购金额.本年预算数"]
    planned = e["计划工作数"]
    adjusted = abs(f["预算调整.本年决算数"]) * 100 / e["预算数"]
    return {
        "在职人员控制率": steps(2, f["实际在职人数"], f["编制数"], per=1, deduct="0.5"),
        "三公经费变动率": Decimal(2),
        "重点支出安排率": Decimal(2),
        "预算执行率": missing(5, e["预算执行数"], e["预算数"], per=1),
        "预算调整率": max(_ZERO, Decimal(3) - int(adjusted / 5)),
        "支付进度率": missing(3, e["实际支付进度"], e["既定支付进度"], per=5),
        "结转结余率": max(_ZERO, Decimal(3) - int(e["结转结余总额"] * 100 / e["支出预算数"] / 5)),
        "结转结余变动率": Decimal(3),
        "公用经费控制率": steps(3, f["公用经费.本年决算数"], f["公用经费.本年预算数"], per=1, deduct="1"),
        "三公经费控制率": steps(3, f["三公经费.本年决算数"], f["三公经费.本年预算数"], per=1, deduct="1"),
        "政府采购执行率": steps(3, *bought, per=5, deduct="1", both=True),
        "固定资产利用率": missing(2, e["在用固定资产"], e["固定资产总额"], per=5),
        "实际完成率": missing(5, e["实际完成工作数"], planned, per=1),
        "完成及时率": missing(5, e["及时完成工作数"], planned, per=1),
        "质量达标率": missing(5, e["质量达标工作数"], planned, per=1),
        "重点工作办结率": more_is_better(Decimal(5), e["考核总分"], e["考核得分"]),
    }


_BUDGET = {
    "依据充分性": ["2", "1"], "程序规范性": ["2", "1"], "绩效目标合理性": ["2", "1"], "绩效指标明确性": ["1", "0"],
    "预算编制科学性": ["2", "1"], "资金分配合理性": ["1"], "资金使用合规性": ["1"], "管理制度健全性": ["5", "2"],
    "制度执行有效性": ["5", "2"],
}  # fmt: skip


def budget_scores(projects: Sequence[Mapping[str, Decimal | None]], random: Random) -> SheetScores:
    """预算支出绩效评价共性指标体系框架, from the unit's 自评表 (their computed items) and figures of its own."""
    budget, spent = (
        sum((results[f"年度资金总额.{column}"] or _ZERO for results in projects), _ZERO)
        for column in ("全年预算数", "全年执行数")
    )
    planned = Decimal(random.randint(100, 300))
    made, days = planned - random.choice([0, 0, 1, 3]), Decimal(random.randint(60, 200))
    good = made - random.choice([0, 0, 2])
    pleased = Decimal(random.randint(91, 100)) / 100
    cost = to_hundredths(budget * share(random, 0.6, 0.9))
    rates = {
        "资金到位率": Decimal(3),
        "预算执行率": missing(3, spent, budget, per=5),
        "实际完成率": missing(10, made, planned, per=1),
        "质量达标率": missing(10, good, made, per=1),
        # The printed full marks are 5 where the label says 10 and 20: either is a reading of the form.
        "完成及时性": Decimal(random.choice([5, 10])),
        "成本节约率": Decimal(10),
        "实施效益": Decimal(random.choice([5, 20])),
        "社会公众或服务对象满意度": missing(10, pleased, Decimal(1), per=5, deduct=2),
    }
    evidence = {
        "实际到位资金": budget, "实际产出数": made, "计划产出数": planned, "质量达标产出数": good, "实际完成时间": days,
        "计划完成时间": days + random.choice([0, 5]), "实际成本": cost, "计划成本": cost, "效益目标完成率": Decimal(1),
        "满意率": pleased,
    }  # fmt: skip
    return SheetScores(_drawn(_BUDGET, random) | rates, evidence)
