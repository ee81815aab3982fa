"""An honest 专项资金绩效目标自评表: a part of a project's funds, with the project's own targets."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from gouji.samples.fill import Text
from gouji.samples.generating.arithmetic import SPECIAL_COLUMNS, project_results, to_hundredths
from gouji.samples.generating.projects import share
from gouji.samples.generating.tables import Table
from gouji.templates.form import Form
from gouji.templates.recipient import Project


def special_table(form: Form, project: Project, assessment: Table, random: Random) -> Table:
    """`assessment`: the project's 自评表, of whose funds these are never more than nine tenths."""
    table = Table(form, project.code)
    _funds(table, assessment, random)
    _lines(table, assessment)
    table.put_all({"年初设定目标": f"用好{project.name}", "全年实际完成情况": "资金按计划使用"})
    return table


def _funds(table: Table, assessment: Table, random: Random) -> None:
    whole = project_results(assessment)
    part = share(random, 0.4, 0.9)
    budget, spent = (
        to_hundredths((whole[f"年度资金总额.{column}"] or Decimal(0)) * part) for column in SPECIAL_COLUMNS
    )
    higher = share(random, 0.1, 0.6)
    from_above = [to_hundredths(amount * higher) for amount in (budget, spent)]
    nothing = random.choice([None, 0])
    for number, column in enumerate(SPECIAL_COLUMNS):
        table.put(f"上级补助.{column}", from_above[number])
        table.put(f"县级资金.{column}", (budget, spent)[number] - from_above[number])
        table.put(f"其他资金.{column}", nothing)


def _lines(table: Table, assessment: Table) -> None:
    """The indicators of the 自评表 that stand under a group of this form too."""
    groups = table.form.lists["指标"].groups
    table.lines["指标"] = [(line, group) for line, group in assessment.lines["指标"] if group in groups]
    for line, _ in table.lines["指标"]:
        for mine, theirs in (("三级指标", "三级指标"), ("年度指标值", "年度指标值"), ("全年完成值", "实际完成值"),
                             ("未完成原因", "偏差原因")):  # fmt: skip
            entry = assessment.cells[f"{line}.{theirs}"]
            table.put(f"{line}.{mine}", entry.text if isinstance(entry, Text) else None)
