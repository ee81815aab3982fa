"""The indicators of a 评分表: where each stands, its points, and the rule by which it is scored."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from gouji.templates.model import Figure, Model
from gouji.templates.scoring.band import BandRule
from gouji.templates.scoring.checklist import ChecklistRule
from gouji.templates.scoring.deduct import DeductRule
from gouji.templates.scoring.judge import JudgeRule
from gouji.templates.scoring.qualitative import QualitativeRule
from gouji.templates.scoring.ratio import RatioRule
from gouji.templates.scoring.step import StepRule

ScoringRule = Annotated[
    StepRule | BandRule | RatioRule | ChecklistRule | DeductRule | QualitativeRule | JudgeRule,
    Field(discriminator="kind"),
]


class Indicator(Model):
    """One line of a 评分表: its place, points (分值) and the rule by which it is scored.

    `printed`: the official wording of its criterion and note, which is then issued as it stands; without one they are
    worded from the rule. `stale_year`, `faults` and `gaps` record what is wrong with the printed form: in words
    `faults` of the official wording alone, `gaps` of the rule, whoever words it.
    """

    id: str
    label: str | None = None
    labels: list[str] = Field(default_factory=list)
    also: list[str] = Field(default_factory=list)
    under: list[str]
    points: Figure
    rule: ScoringRule
    stale_year: int | None = None
    faults: list[str] = Field(default_factory=list)
    gaps: list[str] = Field(default_factory=list)
    printed: dict[Literal["评价标准", "指标说明"], str] = Field(default_factory=dict)

    @property
    def printed_labels(self) -> list[str]:
        return self.labels or [self.label or self.id]

    @property
    def criterion(self) -> str:
        """评价标准 as printed on an issued form."""
        return self.rule.criterion(self.points)


ScoreColumnId = Literal["分值", "评价标准", "指标说明", "得分", "一级分值", "二级分值"]

SECTION_POINTS = {"一级分值": 0, "二级分值": 1}
"""Columns with the points of sections → the level behind which they stand."""


class ScoreColumn(Model):
    """A column of a 评分表: its meaning, and its label as printed (评分及标准, 自评分)."""

    id: ScoreColumnId
    label: str | None = None

    @property
    def printed(self) -> str:
        return self.label or ("分值" if self.id in SECTION_POINTS else self.id)


class TotalRow(Model):
    """The total row of a 评分表. `inline`: its figure stands behind the label in one cell (总分：98)."""

    label: str = ""
    inline: bool = False
    points: Figure | None = None


class ScoresBlock(Model):
    """The indicators of a 评分表 with their printed section points.

    `columns` are those behind the levels; 一级分值 and 二级分值 stand behind their own level. `points_in`: where the
    points of an indicator are printed, in a column of their own or in its label.
    """

    scores: str
    levels: list[str]
    columns: list[ScoreColumn] = Field(
        default_factory=lambda: [ScoreColumn(id=name) for name in ("分值", "评价标准", "指标说明", "得分")]
    )
    points_in: Literal["column", "label"] = "column"
    sections: dict[str, Figure]
    indicators: list[Indicator]
    total: TotalRow | None = None

    @property
    def order(self) -> list[str]:
        """Levels and columns from left to right, by their ids."""
        found: list[str] = []
        for place, level in enumerate(self.levels):
            found += [level, *(one.id for one in self.columns if SECTION_POINTS.get(one.id) == place)]
        return found + [one.id for one in self.columns if one.id not in SECTION_POINTS]

    @property
    def heads(self) -> list[str]:
        """What is printed above them."""
        printed: dict[str, str] = {one.id: one.printed for one in self.columns}
        return [printed.get(name, name) for name in self.order]

    def has(self, column: ScoreColumnId) -> bool:
        """Whether the form prints that column."""
        return any(one.id == column for one in self.columns)
