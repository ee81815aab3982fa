"""What a form definition may say: the models that every `templates/forms/<form>/<edition>.yaml` is read into.

The models only describe what stands on the form. What follows from it (items, expanded rules, cells) is
worked out in `templates.form`, `templates.rules` and `templates.layout`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, Tag

from gouji.templates.blocks import (
    CaptionBlock,
    FieldsBlock,
    GridBlock,
    HeadingBlock,
    ListBlock,
    NoteBlock,
    Page,
    PairsBlock,
    TitleBlock,
)
from gouji.templates.checks import Check, Evidence, ProjectTies
from gouji.templates.model import Model, told_by
from gouji.templates.narrative import Narrative
from gouji.templates.scores_block import ScoresBlock
from gouji.templates.scoring.parameters import Consolidation, Indicators, Scoring, StatedScore, Unscored


def _listed(given: Any) -> Any:
    return [given] if isinstance(given, dict) else given


Block = Annotated[
    Annotated[TitleBlock, Tag("title")]
    | Annotated[HeadingBlock, Tag("heading")]
    | Annotated[CaptionBlock, Tag("caption")]
    | Annotated[FieldsBlock, Tag("fields")]
    | Annotated[GridBlock, Tag("grid")]
    | Annotated[PairsBlock, Tag("pairs")]
    | Annotated[ListBlock, Tag("list")]
    | Annotated[ScoresBlock, Tag("scores")]
    | Annotated[NoteBlock, Tag("note")],
    told_by("title", "heading", "caption", "fields", "grid", "pairs", "list", "scores", "note"),
]

MoneyUnit = Literal["万元", "元"]


class Definition(Model):
    """A form edition as its file states it, inheritance already carried out."""

    form: str
    edition: str
    serves: list[str] = Field(default_factory=list)
    also_titled: list[str] = Field(default_factory=list)
    short: str
    basis: str
    money_unit: MoneyUnit = "万元"
    """In which amounts are filled in; they are read, compared and told in 万元."""
    decimals: int = 2
    scope: str | None = None
    per: Literal["unit", "project", "bureau"] = "unit"
    """Who fills one: every unit, every project of a unit, or the bureau itself for all units together."""
    page: Page
    uses: dict[str, str] = Field(default_factory=dict)
    evidence: dict[str, Evidence] = Field(default_factory=dict)
    evidence_checks: list[Check] = Field(default_factory=list)
    """Rules of the 评分依据补充表 itself, over its own items (上年结转.数值), 上年(…) and 参照(…)."""
    blocks: list[Block]
    checks: list[Check] = Field(default_factory=list)
    projects: Annotated[list[ProjectTies], BeforeValidator(_listed)] = Field(default_factory=list)
    consolidation: Consolidation | None = None
    faults: dict[str, str] = Field(default_factory=dict)
    """Item → what the printed form itself has wrong there, in free words (S-06)."""
    scoring: Scoring | None = None
    stated_score: StatedScore | None = None
    unscored: Unscored | None = None
    narrative: Narrative | None = None

    @property
    def indicators(self) -> tuple[str, Indicators] | None:
        """What is asked of indicators without points, behind its key; None where nothing is."""
        asked = (("stated_score", self.stated_score), ("unscored", self.unscored))
        return next(((key, rules) for key, rules in asked if rules is not None), None)
