"""An honest unit's tables of the other forms: reports, 专项自评表, 整体自评表, four 评分表 and 评分依据."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from random import Random

from gouji.samples.generating.arithmetic import project_results, sheet_results
from gouji.samples.generating.more_keys import COMMON, DEPARTMENT, FRAME, FRAMEWORK, REPORT, SPECIAL, SYSTEM, WHOLE
from gouji.samples.generating.more_scores import (
    SheetScores,
    budget_scores,
    common_scores,
    framework_scores,
    system_scores,
)
from gouji.samples.generating.project_reports import project_report
from gouji.samples.generating.projects import project_table
from gouji.samples.generating.special_funds import special_table
from gouji.samples.generating.tables import Table, UnitReturn
from gouji.samples.generating.units import known_figures
from gouji.samples.generating.whole_reports import whole_report
from gouji.templates.catalogue import built_in
from gouji.templates.form import Form
from gouji.templates.recipient import Project
from gouji.templates.supplement import supplement, supplement_item


def add_more_forms(unit: UnitReturn, random: Random) -> None:
    """Adds the tables of the eight other forms to an honest unit; they tie to those that it has already."""
    reports = []
    for project, assessment in zip(unit.recipient.projects, unit.projects, strict=True):
        report = project_report(built_in().form(*REPORT), project, unit, assessment, random)
        system = _scored(SYSTEM, system_scores(report, random), project.code)
        total = sheet_results(system[0])["总分.得分"]
        put_score(report, total or Decimal(0))
        special = special_table(built_in().form(*SPECIAL), project, assessment, random)
        unit.more += [report, *system, special, *_scored(COMMON, common_scores(assessment, random), project.code)]
        reports.append(report)
    whole = whole_report(built_in().form(*WHOLE), unit, reports, random)
    unit.more.append(whole)
    unit.more += _scored(FRAMEWORK, framework_scores(known_figures(unit.base), whole, random))
    spent = [project_results(assessment) for assessment in unit.projects]
    unit.more += _scored(FRAME, budget_scores(spent, random))
    unit.more.append(project_table(built_in().form(*DEPARTMENT), Project("", unit.recipient.unit), random))


def put_score(report: Table, total: Decimal) -> None:
    """The score of a report and the grade that it has by the printed limits."""
    report.put_all({"绩效自评综合得分": total, "评价等次": grade(total)})


def grade(total: Decimal) -> str:
    """≥ 90 优秀, ≥ 80 良好, ≥ 60 中等, below 较差."""
    limits = ((90, "优秀"), (80, "良好"), (60, "中等"))
    return next((word for least, word in limits if total >= least), "较差")


def _scored(key: tuple[str, str], basis_scores: SheetScores, instance: str = "") -> list[Table]:
    """The 评分表 and the supplement with the figures that its scores rest on."""
    table, basis = Table(built_in().form(*key), instance), Table(_supplement(built_in().form(*key)), instance)
    table.put_all({f"{name}.得分": score for name, score in basis_scores.scores.items()})
    basis.put_all(_evidence(basis_scores.evidence))
    return [table, basis]


def _evidence(figures: Mapping[str, Decimal]) -> dict[str, Decimal]:
    return {supplement_item(name): value for name, value in figures.items()}


def _supplement(form: Form) -> Form:
    basis_form = supplement(form)
    if basis_form is None:
        raise ValueError(f"{form.key} needs no figures beyond its tables")
    return basis_form
