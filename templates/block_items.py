"""The items and lists that stand in the blocks of a form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from gouji.templates.blocks import (
    CaptionBlock,
    Column,
    FieldsBlock,
    GridBlock,
    HeaderField,
    ListBlock,
    ListRow,
    PairsBlock,
    Row,
)
from gouji.templates.checks import Evidence
from gouji.templates.items import DECIMALS, Item
from gouji.templates.model import FIGURES
from gouji.templates.scores_block import ScoresBlock

TOTAL = "总分"
"""The row of a 评分表 in which its total stands, whatever it is called there."""
FULL_MARKS = Decimal(100)
"""The most that a total may be, also where a form's points do not add up to it."""
MUST, ASK = "强制性", "核实性"


@dataclass(frozen=True, slots=True)
class ListSpec:
    """A list: its columns, the names of the levels above a line, and the group that each group belongs to.

    `columns` maps column id → Item (`list.column`); `groups` maps a leaf group → its parent group.
    """

    id: str
    columns: dict[str, Item]
    levels: tuple[str, ...]
    groups: dict[str, str] = field(default_factory=dict)
    slots: int = 0
    personal: bool = False

    @property
    def name_column(self) -> str:
        """What stands in front of a line: 项目名称, 三级指标."""
        return self.levels[-1]


@dataclass(frozen=True, slots=True)
class BlockItems:
    """What the blocks of one form hold. `decimals`: of its amounts; `money_unit`: in which they are."""

    decimals: int
    money_unit: str

    def items(self, block: object) -> Iterator[Item]:
        match block:
            case CaptionBlock(caption=caption):
                yield Item(
                    id=caption.id, block=caption.id, kind="text", label=caption.print, role=caption.role,
                    required=caption.required, severity=MUST,
                )  # fmt: skip
            case FieldsBlock(fields=fields):
                yield from (self._field(given) for given in fields if isinstance(given, HeaderField))
            case GridBlock():
                yield from self._grid_items(block)
            case PairsBlock(rows=rows, columns=columns):
                yield from (self._cell(block.pairs, column, row) for row in rows for column in columns)
            case ScoresBlock():
                yield from self._score_items(block)
            case _:
                pass

    def _field(self, given: HeaderField) -> Item:
        is_key = given.role in ("unit", "instance", "year") or given.kind in FIGURES
        return Item(
            id=given.id,
            block=given.id,
            kind=given.kind,
            label=given.label or given.id,
            decimals=self._decimals(given.kind),
            required=given.required,
            severity=given.severity or (MUST if is_key else ASK),
            role=given.role,
            personal=given.personal,
            signed=given.signed,
            part_of=given.part_of,
            most=given.most,
            choices=tuple(given.choices),
        )

    def _grid_items(self, grid: GridBlock) -> Iterator[Item]:
        rows = [row for row in grid.rows if isinstance(row, Row)]
        if not grid.rows:
            yield from (self._cell(grid.grid, column, None, grid.group) for column in grid.columns)
        for row in rows:
            for column in grid.columns:
                if column.id not in row.closed and (not column.only or row.id in column.only):
                    yield self._cell(grid.grid, column, row)

    def _cell(self, block: str, column: Column, row: Row | None, group: str | None = None) -> Item:
        # Of a row that must be filled its figures are asked for, and no remark (原因) in it.
        required = column.required or (row is not None and row.required and column.kind not in {"rate", "text"})
        return Item(
            id=column.id if row is None else f"{row.id}.{column.id}",
            block=block,
            kind=column.kind,
            label=column.label or column.id,
            row=None if row is None else row.id,
            column=column.id,
            group=group if row is None else row.group,
            decimals=self._decimals(column.kind),
            unit=column.unit or (self.money_unit if column.kind == "amount" else None),
            required=required and column.fixed is None,
            severity=MUST if column.kind in FIGURES else ASK,
            signed=column.signed or (row is not None and row.signed),
            part_of=column.part_of if row is None else row.part_of or column.part_of,
            most=column.most if row is None or row.most is None else row.most,
            personal=column.personal,
            fixed=column.fixed,
            choices=tuple(column.choices),
        )

    def _score_items(self, block: ScoresBlock) -> Iterator[Item]:
        # A 分值 that is gone shows in the total of the column; where none is printed, it is asked for itself.
        summed = block.total is not None and block.total.points is not None
        for indicator in block.indicators:
            if block.has("分值"):
                yield self._points(block, indicator.id, "分值", indicator.points, required=not summed)
            yield self._points(block, indicator.id, "得分", None)
        if block.total is not None:
            if block.total.points is not None and block.has("分值"):
                yield self._points(block, TOTAL, "分值", block.total.points)
            yield self._points(block, TOTAL, "得分", None, FULL_MARKS)

    def _points(
        self, block: ScoresBlock, row: str, column: str, fixed: Decimal | None, most: Decimal | None = None, *,
        required: bool = False,
    ) -> Item:  # fmt: skip
        return Item(
            id=f"{row}.{column}", block=block.scores, kind="points", label=column, row=row, column=column,
            decimals=DECIMALS["points"], required=required or fixed is None, severity=MUST, fixed=fixed, most=most,
        )  # fmt: skip

    def lists(self, block: object) -> Iterator[ListSpec]:
        match block:
            case GridBlock():
                for row in block.rows:
                    if isinstance(row, ListRow):
                        yield ListSpec(
                            row.list_id,
                            self._list_items(row.list_id, block.columns),
                            (row.names,),
                            slots=row.slots,
                            personal=row.personal,
                        )
            case ListBlock():
                groups = {leaf.id: group.id for group in block.groups for leaf in group.groups}
                columns = self._list_items(block.list_id, block.columns)
                yield ListSpec(block.list_id, columns, tuple(block.levels), groups)
            case _:
                pass

    def _list_items(self, name: str, columns: list[Column]) -> dict[str, Item]:
        return {
            column.id: Item(
                id=f"{name}.{column.id}", block=name, kind=column.kind, label=column.label or column.id,
                column=column.id, list_id=name, decimals=self._decimals(column.kind),
                unit=column.unit or (self.money_unit if column.kind == "amount" else None),
                severity=MUST if column.kind in FIGURES else ASK, choices=tuple(column.choices),
                signed=column.signed, part_of=column.part_of, most=column.most,
                personal=column.personal, actual=column.actual,
            )
            for column in columns
        }  # fmt: skip

    def evidence(self, name: str, figure: Evidence) -> Item:
        """A figure that scoring needs and no table holds (评分依据)."""
        return Item(
            id=name, block="依据", kind=figure.kind, label=figure.label or name, signed=figure.signed,
            part_of=figure.part_of, most=figure.most, decimals=self._decimals(figure.kind),
        )  # fmt: skip

    def _decimals(self, kind: str) -> int | None:
        return self.decimals if kind == "amount" else DECIMALS.get(kind)
