"""What stands on a form from top to bottom, but for the indicators of a 评分表 (`scores_block`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field, Tag

from gouji.templates.labels import label_key
from gouji.templates.measure_words import SIGN_HEADS, UNIT_HEADS
from gouji.templates.model import Bounded, Figure, Kind, Model, Role, Severity, told_by


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


class FieldsBlock(Model):
    fields: list[
        Annotated[Annotated[PrintedField, Tag("print")] | Annotated[HeaderField, Tag("id")], told_by("print", "id")]
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


def _head_rows(columns: Sequence[Column]) -> int:
    """The rows of heads: one, and one more for every head printed above another."""
    return 1 + max((len(column.under) for column in columns), default=0)


class GridBlock(Model):
    """Rows × columns. Without rows it is one unlabelled line of values."""

    grid: str
    side: str | None = None
    side_span: int = 1
    head: str | None = None
    stub: int | None = None
    closed_span: int = 0
    """Sheet columns at the right end that stay empty."""
    header: bool = True
    columns: list[Column]
    rows: list[Annotated[Annotated[ListRow, Tag("list")] | Annotated[Row, Tag("id")], told_by("list", "id")]] = Field(
        default_factory=list
    )
    group: str | None = None
    height: int = 1

    @property
    def head_rows(self) -> int:
        """How many rows the heads take: one, and one more for every head printed above another."""
        return _head_rows(self.columns) if self.header else 0

    @property
    def stub_span(self) -> int:
        return self.stub if self.stub is not None else (1 if self.rows else 0)

    @property
    def left(self) -> int:
        """Sheet columns that the label at the side takes."""
        return self.side_span if self.side else 0


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
    """A second-level indicator (二级指标) with room for third-level lines; `printed`: names that stand in the first."""

    id: str
    label: str | None = None
    also: list[str] = Field(default_factory=list)
    printed: list[str] = Field(default_factory=list)
    slots: int = 2


class Group(Model):
    """A first-level indicator (一级指标) with its printed points, where the form gives points."""

    id: str
    label: str | None = None
    points: Figure | None = None
    groups: list[LeafGroup]


class ListBlock(Model):
    """Lines of variable number under fixed first- and second-level indicators.

    `level_labels`: the printed heads of the levels where they differ from the names. `spans`: how many sheet columns
    each level takes (one each where not given). `headless`: levels over which the head of the level before them is
    printed.
    """

    list_id: str = Field(alias="list")
    side: str | None = None
    side_span: int = 1
    levels: list[str]
    level_labels: list[str] = Field(default_factory=list)
    spans: list[int] = Field(default_factory=list)
    headless: list[str] = Field(default_factory=list)
    columns: list[Column]
    groups: list[Group]

    @property
    def left(self) -> int:
        """Sheet columns that the label at the side takes."""
        return self.side_span if self.side else 0

    @property
    def head_rows(self) -> int:
        """How many rows the heads take, as in a grid."""
        return _head_rows(self.columns)

    @property
    def beside_measures(self) -> tuple[str | None, str | None]:
        """The columns that say the sign of the first measure, and the unit of all: 指标性质, 度量单位."""
        keys = {label_key(column.label or column.id): column.id for column in self.columns if column.kind == "text"}
        sign, unit = (
            next((keys[key] for head in heads if (key := label_key(head)) in keys), None)
            for heads in (SIGN_HEADS, UNIT_HEADS)
        )
        return sign, unit

    @property
    def level_spans(self) -> list[int]:
        return self.spans or [1] * len(self.levels)

    @property
    def level_heads(self) -> list[tuple[str, str, int]]:
        """Id, printed head and sheet columns of every level; a headless level widens the one before."""
        found: list[tuple[str, str, int]] = []
        labels = self.level_labels or self.levels
        for level, printed, span in zip(self.levels, labels, self.level_spans, strict=True):
            if level in self.headless:
                name, label, before = found.pop()
                found.append((name, label, before + span))
            else:
                found.append((level, printed, span))
        return found

    @property
    def heads(self) -> list[tuple[str, str, int]]:
        """The same of every level and column."""
        return self.level_heads + [(one.id, one.label or one.id, one.span) for one in self.columns]


class NoteBlock(Model):
    note: str
