"""What a form definition may say: the models that every `templates/forms/<form>/<edition>.yaml` is read into.

The models only describe what stands on the form. What follows from it (items, expanded rules, cells) is
worked out in `templates.form`, `templates.rules` and `templates.layout`.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

Kind = Literal["amount", "count", "quantity", "rate", "points", "text", "measure", "date", "choice"]
"""amount 金额（万元）, count 人数个数, quantity 其他数量（㎡）, rate 比率, points 分, measure 指标值."""

FIGURES: frozenset[str] = frozenset({"amount", "count", "quantity", "rate", "points"})
"""The kinds whose cells hold one figure."""

Role = Literal["unit", "department", "instance", "year"]
Severity = Literal["强制性", "核实性", "提示"]
Layer = Literal["规范性", "完整性", "表内", "表间", "跨年", "得分重算", "逻辑", "外部核对"]
ACROSS: frozenset[str] = frozenset({"表间", "跨年", "外部核对"})
"""The layers that compare figures of different tables."""
SCORING = "得分重算"
"""The layer of rules that work out a score: an impossible figure earns none."""


def _percent(given: Any) -> Any:
    """`90%` → 0.90; anything else is left to Decimal."""
    if isinstance(given, str) and given.strip().endswith("%"):
        try:
            return Decimal(given.strip()[:-1]) / 100
        except InvalidOperation:
            return given
    return str(given) if isinstance(given, float) else given


Share = Annotated[Decimal, BeforeValidator(_percent)]
"""A fraction of one, written as a percentage."""
Figure = Annotated[Decimal, BeforeValidator(lambda given: str(given) if isinstance(given, float) else given)]
"""An exact decimal, whatever YAML made of it."""


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Page(Model):
    """Page set-up: orientation and the widths of the sheet's columns in characters."""

    orientation: Literal["portrait", "landscape"] = "portrait"
    widths: list[float]


class TitleBlock(Model):
    """The printed title; it may begin with {年}年度."""

    title: str


class HeadingBlock(Model):
    """A line over the whole width that begins a part of the form: 一、部门基本概况."""

    heading: str


class Caption(Model):
    """A printed line that holds one value, such as （2020年度）."""

    id: str
    print: str
    role: Role
    required: bool = False


class CaptionBlock(Model):
    caption: Caption


class Bounded(Model):
    """What a figure may be (see `templates.rules.bounds`): never below 0 unless `signed`.

    `part_of`: what it is a part of and may not exceed, a name or a sum. `most`: the most that it may be.
    """

    signed: bool = False
    part_of: str | None = None
    most: Share | None = None


class HeaderField(Bounded):
    """A labelled value outside every grid: 填报单位, 项目支出名称, 主管部门."""

    id: str
    label: str | None = None
    also: list[str] = Field(default_factory=list)
    kind: Kind = "text"
    role: Role | None = None
    required: bool = False
    severity: Severity | None = None
    personal: bool = False
    choices: list[str] = Field(default_factory=list)
    label_span: int = 1
    span: int = 1
    height: int = 1


class PrintedField(Model):
    """Fixed words in a line of fields: 单位：万元."""

    print: str
    span: int = 1


def _told_by(*keys: str) -> Discriminator:
    """Which model of a union is meant is told by which of `keys` is there; none of them is an error of its own."""

    def tag(given: Any) -> str | None:
        for key in keys:
            if key in given if isinstance(given, dict) else hasattr(given, "list_id" if key == "list" else key):
                return key
        return None

    return Discriminator(
        tag, custom_error_type="no_such_part", custom_error_message=f"应有 {'、'.join(keys)} 之一，请检查拼写"
    )


class FieldsBlock(Model):
    fields: list[
        Annotated[Annotated[PrintedField, Tag("print")] | Annotated[HeaderField, Tag("id")], _told_by("print", "id")]
    ]


class Column(Bounded):
    """A column of a grid or list. Labels may use {年} and {上年}; `also`: other wordings of it."""

    id: str
    label: str | None = None
    also: list[str] = Field(default_factory=list)
    kind: Kind
    unit: str | None = None
    span: int = 1
    under: list[str] = Field(default_factory=list)
    """Heads printed above this one, from the top: 其中：, 基本支出."""
    required: bool = False
    personal: bool = False
    only: list[str] = Field(default_factory=list)
    fixed: Figure | None = None
    choices: list[str] = Field(default_factory=list)
    actual: bool = False
    """Whether what was really achieved stands here (完成值): a range is no actual."""
    yuan_against: str | None = None
    """In a list of money: the item in 万元 that the lines make up. Lines without a unit whose sum is 10⁴ × that
    item are in 元."""


class Row(Bounded):
    id: str
    label: str | None = None
    also: list[str] = Field(default_factory=list)
    indent: int = 0
    required: bool = False
    group: str | None = None
    closed: dict[str, str] = Field(default_factory=dict)


class ListRow(Model):
    """Rows of variable number among the fixed rows of a grid: the projects under 项目支出.

    `printed`: names that already stand in the first lines. `personal`: its lines are about persons.
    """

    list_id: str = Field(alias="list")
    names: str
    printed: list[str] = Field(default_factory=list)
    personal: bool = False
    slots: int = 4
    spare: int = 2
    indent: int = 0


class GridBlock(Model):
    """Rows × columns. Without rows it is one unlabelled line of values."""

    grid: str
    side: str | None = None
    head: str | None = None
    stub: int | None = None
    closed_span: int = 0
    """Sheet columns at the right end that stay empty."""
    header: bool = True
    columns: list[Column]
    rows: list[Annotated[Annotated[ListRow, Tag("list")] | Annotated[Row, Tag("id")], _told_by("list", "id")]] = Field(
        default_factory=list
    )
    group: str | None = None
    height: int = 1

    @property
    def head_rows(self) -> int:
        """How many rows the heads take: one, and one more for every head printed above another."""
        return 1 + max((len(column.under) for column in self.columns), default=0) if self.header else 0

    @property
    def stub_span(self) -> int:
        return self.stub if self.stub is not None else (1 if self.rows else 0)


class PairsBlock(Model):
    """Label and value side by side, once for every column: the funds of a project by source.

    The first row is labelled by the columns, every other row by its own label in front of each value.
    """

    pairs: str
    columns: list[Column]
    rows: list[Row]
    label_span: int = 1
    span: int = 1


class LeafGroup(Model):
    """A second-level indicator (二级指标) with room for third-level lines."""

    id: str
    label: str | None = None
    also: list[str] = Field(default_factory=list)
    slots: int = 2


class Group(Model):
    """A first-level indicator (一级指标) with its printed points, where the form gives points."""

    id: str
    label: str | None = None
    points: Figure | None = None
    groups: list[LeafGroup]


class ListBlock(Model):
    """Lines of variable number under fixed first- and second-level indicators.

    `spans`: how many sheet columns each level takes (one each where not given). `headless`: levels over which the
    head of the level before them is printed.
    """

    list_id: str = Field(alias="list")
    side: str | None = None
    levels: list[str]
    spans: list[int] = Field(default_factory=list)
    headless: list[str] = Field(default_factory=list)
    columns: list[Column]
    groups: list[Group]

    @property
    def level_spans(self) -> list[int]:
        return self.spans or [1] * len(self.levels)

    @property
    def heads(self) -> list[tuple[str, str, int]]:
        """Id, printed head and sheet columns of every level and column; a headless level widens the one before."""
        found: list[tuple[str, str, int]] = []
        for level, span in zip(self.levels, self.level_spans, strict=True):
            if level in self.headless:
                name, label, before = found.pop()
                found.append((name, label, before + span))
            else:
                found.append((level, level, span))
        return found + [(one.id, one.label or one.id, one.span) for one in self.columns]


def _contradiction(message: str) -> PydanticCustomError:
    """Keys that are right one by one and do not fit together; the author reads the message as it stands."""
    return PydanticCustomError("contradiction", message)


class ChecklistItem(Model):
    """One point of a checklist; `options` are the points it may be given where it is not all or nothing (2, 1, 0)."""

    text: str
    points: Figure
    options: list[Figure] | None = None

    @model_validator(mode="after")
    def _options_fit(self) -> Self:
        if self.options is not None and (max(self.options, default=None) != self.points or min(self.options) < 0):
            raise _contradiction("options 中最高的应等于 points，且不能有负数")
        return self


class Rated(Model):
    """What every rule with a rate says: the rate, and when it is full without one."""

    rate: str
    zero_over_zero: Literal["full"] | None = None
    full_when_absent: bool = False
    printed_full: Figure | None = None


Bad = Literal["above", "below", "both"]


class Meant(Model):
    """What a rule printed the wrong way round evidently means; its step and points stay as printed."""

    threshold: Share
    bad: Bad


class StepRule(Rated):
    """Full marks at the threshold; each whole `per` units beyond it cost `deduct` points.

    `unit`: what a step counts; with 个月 the rate is a plain number of months. `strict`: the threshold itself is
    printed as not enough (＞50%). `meant`: the direction evidently meant where the form prints another.
    """

    kind: Literal["step"]
    threshold: Share
    bad: Bad
    per: Figure = Field(gt=0)
    deduct: Figure = Field(gt=0)
    unit: Literal["百分点", "个月"] = "百分点"
    strict: bool = False
    meant: Meant | None = None

    @model_validator(mode="before")
    @classmethod
    def _months_without_percent(cls, given: Any) -> Any:
        if isinstance(given, dict) and given.get("unit") == "个月":
            meant = given.get("meant")
            thresholds = [given.get("threshold"), meant.get("threshold") if isinstance(meant, dict) else None]
            if any(str(one).strip().endswith("%") for one in thresholds):
                raise _contradiction("unit 是个月时，threshold 写月数，不带 %")
        return given

    @model_validator(mode="after")
    def _directions_fit(self) -> Self:
        if self.strict and self.bad == "both":
            raise _contradiction("strict 只能与 bad: above 或 bad: below 一起用")
        if self.meant is not None and (self.meant.threshold, self.meant.bad) == (self.threshold, self.bad):
            raise _contradiction("meant 与表上印的 threshold、bad 相同，应删去或改正")
        return self


class Band(Model):
    """A stretch of rates and its points: `at` alone, or a lower end, an upper end, or both.

    `from` (含) or `over` (不含) below, `upto` (含) or `below` (不含) above.
    """

    at: Share | None = None
    from_: Share | None = Field(default=None, alias="from")
    over: Share | None = None
    upto: Share | None = None
    below: Share | None = None
    points: Figure

    @model_validator(mode="after")
    def _ends_fit(self) -> Self:
        lows = [end for end in (self.from_, self.over) if end is not None]
        highs = [end for end in (self.upto, self.below) if end is not None]
        if len(lows) > 1 or len(highs) > 1 or (self.at is None) == (not lows and not highs):
            raise _contradiction("每档应写 at，或 from、over 之一和（或）upto、below 之一")
        is_open = self.over is not None or self.below is not None
        if lows and highs and (lows[0] > highs[0] or (lows[0] == highs[0] and is_open)):
            raise _contradiction("这一档的下限应低于上限")
        return self


class BandRule(Rated):
    """Points by the band into which the rate falls; bands may leave gaps or overlap, as printed."""

    kind: Literal["band"]
    bands: list[Band]

    @model_validator(mode="after")
    def _full_marks_fit(self) -> Self:
        if not self.bands:
            raise _contradiction("bands 至少要有一档")
        if self.printed_full is not None and self.printed_full != max(band.points for band in self.bands):
            raise _contradiction("printed_full 应等于 bands 中最高的 points")
        return self


class RatioRule(Rated):
    """points × min(1, rate); `reverse`: points × (1 − rate), the rate being what lies beyond the target (超支比例)."""

    kind: Literal["ratio"]
    reverse: bool = False


class ChecklistRule(Model):
    kind: Literal["checklist"]
    items: list[ChecklistItem]


class DeductEvent(Model):
    """What costs points: the rule's `each` per case, or `least` to `most` points once (`most` as `least` if left out).

    A plain text in `events` is an event without points of its own.
    """

    text: str
    least: Figure | None = Field(default=None, gt=0)
    most: Figure | None = None

    @property
    def cost(self) -> tuple[Decimal, Decimal] | None:
        """Fewest and most points, None where it costs the rule's `each`."""
        return None if self.least is None else (self.least, self.least if self.most is None else self.most)

    @model_validator(mode="after")
    def _cost_fits(self) -> Self:
        if self.most is not None and (self.least is None or self.least > self.most):
            raise _contradiction("most 要与 least 一起写，且不小于 least")
        return self


def _event(given: Any) -> Any:
    return {"text": given} if isinstance(given, str) else given


Event = Annotated[DeductEvent, BeforeValidator(_event, json_schema_input_type=str | DeductEvent)]


class DeductRule(Model):
    """Points off for every event found, down to 0.

    `missed`: the events are things that should be there, each of which can be missing once (每缺一项扣).
    """

    kind: Literal["deduct"]
    each: Figure | None = Field(default=None, gt=0)
    events: list[Event]
    missed: bool = False

    @model_validator(mode="after")
    def _costs_fit(self) -> Self:
        if not self.events:
            raise _contradiction("events 至少要有一项")
        if (self.each is None) == any(event.cost is None for event in self.events):
            raise _contradiction("没有写 least 的情形按 each 扣分：有这样的情形时要写 each，没有时不写")
        return self


class QualitativeRule(Model):
    kind: Literal["qualitative"]
    options: dict[str, Figure]


class PointRange(Model):
    """Points that a person may give, in words where the form has them: `at` one figure, or `from`..`upto`, both 含."""

    text: str | None = None
    at: Figure | None = Field(default=None, ge=0)
    from_: Figure | None = Field(default=None, alias="from", ge=0)
    upto: Figure | None = None

    @property
    def ends(self) -> tuple[Decimal, Decimal]:
        """Fewest and most points."""
        low = self.at if self.from_ is None else self.from_
        high = self.at if self.upto is None else self.upto
        assert low is not None and high is not None
        return low, high

    @model_validator(mode="after")
    def _ends_fit(self) -> Self:
        if (self.from_ is None) != (self.upto is None) or (self.at is None) == (self.from_ is None):
            raise _contradiction("应写 at，或 from 和 upto 两个都写")
        low, high = self.ends
        if low > high:
            raise _contradiction("from 不能大于 upto")
        return self


class JudgeRule(Model):
    """A person decides: between 0 and the points, in steps of `step`, or within the `ranges`, as printed."""

    kind: Literal["judge"]
    step: Figure | None = Field(default=None, gt=0)
    ranges: list[PointRange] = Field(default_factory=list)

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if self.step is not None and self.ranges:
            raise _contradiction("step 与 ranges 只能写一个")
        return self


ScoringRule = Annotated[
    StepRule | BandRule | RatioRule | ChecklistRule | DeductRule | QualitativeRule | JudgeRule,
    Field(discriminator="kind"),
]


class Indicator(Model):
    """One line of a 评分表: its place, points (分值) and the rule by which it is scored.

    `stale_year` and `faults` record what is wrong with the printed form itself; `faults` in free words.
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

    @property
    def printed_labels(self) -> list[str]:
        return self.labels or [self.label or self.id]


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


class NoteBlock(Model):
    note: str


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
    _told_by("title", "heading", "caption", "fields", "grid", "pairs", "list", "scores", "note"),
]


class Check(Model):
    """A rule as its author writes it; `each` repeats it over amount columns, rows or the lines of a list."""

    id: str
    rule: str
    each: str | list[str] | None = None
    severity: Severity
    layer: Layer = "表内"
    fills: bool = False
    optional: bool = False


def _several(given: Any) -> Any:
    return (given,) if isinstance(given, str) else given


def _listed(given: Any) -> Any:
    return [given] if isinstance(given, dict) else given


Several = Annotated[tuple[str, ...], BeforeValidator(_several, json_schema_input_type=str | list[str])]
"""Names, of which a single one may be written as it is."""


class ProjectTies(Model):
    """The lines of a list that are the projects of another form, and which figures of theirs are the same.

    `form`: alias of that form in `uses`. `columns`: column of the list → item of that form, or several of which one is
    to fit; all amounts. `parts`: the tables hold a part of their line's money, are found by code or name only, and none
    of them need be there.
    """

    list_id: str = Field(alias="list")
    form: str
    columns: dict[str, Several] = Field(min_length=1)
    parts: bool = False

    @property
    def items(self) -> tuple[str, ...]:
        """All items of that form."""
        return tuple(dict.fromkeys(item for items in self.columns.values() for item in items))


class Evidence(Bounded):
    """A figure that a scoring rule needs and no table of the edition holds (评分依据)."""

    kind: Kind
    label: str | None = None


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


class StatedScore(Model):
    """The one score that a form states for all (自评报告), which is not recomputed.

    `full`: the rule that full marks need every indicator of `lines` to have reached its target (columns `target`,
    `actual`), which `over_target` asks about where it was set low. Where the money spent over the money given is known
    (`rate`, else the form's 执行率): `completion`, that it is near to what the indicators reached; `alert`, that the
    score does not outrun it.
    """

    item: str
    full: str
    lines: str
    target: str
    actual: str
    lower_is_better: list[str] = Field(default_factory=list)
    rate: str | None = None
    over_target: OverTarget | None = None
    completion: Completion | None = None
    alert: Alert | None = None


class Consolidation(Model):
    """How the tables of a form filled per project are taken together where it is not scored as a 自评表.

    `rate`: money spent over the money that it is measured by; `lines`: the list of its indicators.
    """

    rate: str
    lines: str


class Definition(Model):
    """A form edition as its file states it, inheritance already carried out."""

    form: str
    edition: str
    serves: list[str] = Field(default_factory=list)
    also_titled: list[str] = Field(default_factory=list)
    short: str
    basis: str
    money_unit: Literal["万元"] = "万元"
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
