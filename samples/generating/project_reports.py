"""An honest 财政支出项目绩效评价自评报告: funds by source, what they were spent on, targets that were reached."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from gouji.samples.generating.arithmetic import FUND_SOURCES, project_results, to_hundredths
from gouji.samples.generating.projects import share
from gouji.samples.generating.tables import Table, UnitReturn
from gouji.samples.places import FilledLine
from gouji.templates.form import Form
from gouji.templates.labels import identifier
from gouji.templates.recipient import Project

SPENT_ON = ["设备购置费", "材料费", "劳务费", "维修费", "培训费", "印刷费"]


def project_report(form: Form, project: Project, unit: UnitReturn, assessment: Table, random: Random) -> Table:
    """`assessment`: the project's 自评表, whose funds these are. Score and grade are the caller's."""
    report = Table(form, project.code)
    spent = _funds(report, assessment, random)
    _spending(report, spent, random)
    _targets(report, random)
    report.put_all({
        "项目起止时间": f"{unit.year}年1月至{unit.year}年12月",
        "评价类型": "项目实施过程评价",
        "预期目标": f"完成{project.name}年度任务",
        "实际完成": "年度任务按计划完成",
    })  # fmt: skip
    return report


def _funds(report: Table, assessment: Table, random: Random) -> Decimal:
    """Two sources, all that was planned received unless now and then a little is missing; what was spent in all."""
    whole = project_results(assessment)
    planned, spent = (whole[f"年度资金总额.{column}"] or Decimal(0) for column in ("全年预算数", "全年执行数"))
    late = random.random() < 0.2
    received = max(spent, to_hundredths(planned * share(random, 0.95, 0.999))) if late else planned
    part = share(random, 0.2, 0.7)
    source = random.choice(["中央财政", "省财政", "市财政"])
    nothing = random.choice([None, 0])
    for row in FUND_SOURCES:
        amounts = _amounts(row, source, part, (planned, received, spent))
        for column, amount in zip(("计划安排资金", "实际到位资金", "实际支出"), amounts, strict=True):
            report.put(f"{row}.{column}", nothing if amount is None else amount)
    return spent


def _amounts(row: str, source: str, part: Decimal, whole: tuple[Decimal, ...]) -> list[Decimal | None]:
    """A source's share: `source` has `part` of everything, the county the rest, the others nothing.

    Rounding down keeps spent ≤ received ≤ planned in both rows.
    """
    if row not in (source, "县级财政"):
        return [None] * len(whole)
    shares = [to_hundredths(amount * part) for amount in whole]
    return list(shares) if row == source else [amount - taken for amount, taken in zip(whole, shares, strict=True)]


def _spending(report: Table, spent: Decimal, random: Random) -> None:
    names = random.sample(SPENT_ON, random.randint(2, 5))
    report.lines["支出明细"] = [(identifier(name), None) for name in names]
    left = spent
    for place, name in enumerate(names, 1):
        amount = left if place == len(names) else to_hundredths(spent * share(random, 0.05, 0.19))
        report.put_all({
            f"{name}.支出内容": name, f"{name}.实际支出数": amount,
            f"{name}.会计凭证号": f"记{random.randint(1, 400)}号",
        })  # fmt: skip
        left -= amount


def _targets(report: Table, random: Random) -> None:
    count = random.randint(20, 200)
    lines: list[tuple[FilledLine, str, str]] = [
        (("服务次数", "数量指标"), f"{count}次", f"{count}次"),
        (("合格率", "质量指标"), "≥95%", "97%"),
        (("完成时间", "时效指标"), "12月底前", "12月底前"),
        (("群众满意度", "服务对象满意度指标"), "≥90%", "94%"),
    ]
    report.lines["定量目标"] = [line for line, _, _ in lines]
    for (name, _), target, actual in lines:
        values = {"指标内容": name, "指标目标值": target, "实际完成值": actual}
        report.put_all({f"{name}.{column}": value for column, value in values.items()})
