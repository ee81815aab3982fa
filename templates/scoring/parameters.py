"""How a form's scores are made: the parameters of a 自评表, a 评分表, a stated score."""

from __future__ import annotations

from pydantic import Field

from gouji.templates.model import Figure, Model, Share


class Execution(Model):
    rate: str
    points: str


class OverTarget(Model):
    id: str
    hint: Share
    explain: Share


class Completion(Model):
    id: str
    groups: list[str]
    gap: Figure


class Alert(Model):
    id: str
    red: Share
    yellow: Share


class ProjectScoring(Model):
    """How a 自评表 is scored: 执行率, the lines of a list, completion against execution, alerts."""

    id: str
    execution: Execution
    lines: str
    over_target: OverTarget
    lower_is_better: list[str]
    completion: Completion
    alert: Alert


class SheetScoring(Model):
    """How a 评分表 is scored: `id` recomputes, `attainable` asks whether any reading yields the self-score.

    `alert`: that the total does not outrun the money spent, which is `rate` of the money given.
    """

    id: str
    attainable: str
    table: str
    rate: str | None = None
    alert: Alert | None = None


class Scoring(Model):
    project: ProjectScoring | None = None
    sheet: SheetScoring | None = None
    total: str | None = None


class Indicators(Model):
    """What is asked of the indicators of a list that have no points of their own.

    `target`, `actual`: its columns. `over_target` asks about targets that were set low. Where the money spent over the
    money given is known (`rate`, else the form's 执行率), `completion` holds it against what the indicators reached.
    """

    lines: str
    target: str
    actual: str
    lower_is_better: list[str] = Field(default_factory=list)
    rate: str | None = None
    over_target: OverTarget | None = None
    completion: Completion | None = None


class StatedScore(Indicators):
    """The one score that a form states for all (自评报告), which is not recomputed.

    `full`: the rule that full marks need every indicator to have reached its target; `alert`: that the score does not
    outrun the money spent.
    """

    item: str
    full: str
    alert: Alert | None = None


class Unscored(Indicators):
    """The indicators of a form that scores nothing (专项资金绩效目标自评表).

    `missed`: the rule that an indicator short of its target says why, in the column `reason`; a percentage below
    `partly` beside a target in words is short of it where the form asks for such a share.
    """

    reason: str
    missed: str
    partly: Share | None = None


class Consolidation(Model):
    """How the tables of a form filled per project are taken together where it is not scored as a 自评表.

    `rate`: money spent over the money that it is measured by; `lines`: the list of its indicators.
    """

    rate: str
    lines: str
