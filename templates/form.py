"""A form edition ready for use: its definition, its items by name, its lists, and its rules parsed."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from graphlib import CycleError, TopologicalSorter

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
    TitleBlock,
)
from gouji.templates.definition import Definition
from gouji.templates.errors import DefinitionError, FormNotFoundError, RuleError
from gouji.templates.items import DECIMALS, Item
from gouji.templates.model import FIGURES
from gouji.templates.rules.bounds import item_bounds
from gouji.templates.rules.expand import Rule, duplicate_keys, expanded
from gouji.templates.rules.nodes import Binary, Node, refs
from gouji.templates.rules.parse import parse_rule
from gouji.templates.rules.scope import Scope
from gouji.templates.scores_block import Indicator, ScoresBlock
from gouji.templates.scoring.rated import Rated
from gouji.templates.taught import Taught, of_form

MUST = "强制性"
TOTAL = "总分"
"""The row of a 评分表 in which its total stands, whatever it is called there."""
FULL_MARKS = Decimal(100)
"""The most that a total may be, also where a form's points do not add up to it."""
ASK = "核实性"


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


@dataclass(eq=False)
class Form:
    """One edition of one form. Raises DefinitionError when the definition contradicts itself.

    `taught`: what people said that other labels mean on sheets of this edition (表样对照).
    """

    definition: Definition
    source: str
    uses: Callable[[str], Form]
    taught: tuple[Taught, ...] = ()

    def __post_init__(self) -> None:
        self._check_ids()
        self._check_columns()
        self._check_spans()
        self._check_indicators()
        self._check_projects()
        self._check_named()
        _ = self.bounds, self.rules, self.rates, self.execution_rate, self.spending_rate
        self._check_cycles()

    def knowing(self, taught: Iterable[Taught]) -> Form:
        """The same edition, read with what people said of its labels."""
        own = of_form(taught, self.name, self.edition)
        if own == self.taught:
            return self
        other = copy.copy(self)
        other.taught = own
        return other

    @property
    def name(self) -> str:
        return self.definition.form

    @property
    def edition(self) -> str:
        return self.definition.edition

    @property
    def key(self) -> str:
        """`form@edition`."""
        return f"{self.name}@{self.edition}"

    @property
    def known_names(self) -> set[str]:
        return {self.name, self.definition.short, *self.definition.also_titled}

    @property
    def known_editions(self) -> set[str]:
        return {self.edition, *self.definition.serves}

    @property
    def titles(self) -> list[str]:
        """The titles under which the form is printed, without the year that some begin with."""
        blocks = [block for block in self.definition.blocks if isinstance(block, TitleBlock)]
        printed = [block.title.removeprefix("{年}年度") for block in blocks]
        return [*printed, *self.definition.also_titled]

    @cached_property
    def items(self) -> dict[str, Item]:
        """Every fixed item by id."""
        return {item.id: item for block in self.definition.blocks for item in self._block_items(block)}

    @cached_property
    def lists(self) -> dict[str, ListSpec]:
        """Every list by id."""
        return {spec.id: spec for block in self.definition.blocks for spec in self._block_lists(block)}

    @cached_property
    def evidence(self) -> dict[str, Item]:
        """What the scoring rules need and no table of the edition holds (评分依据)."""
        return {
            name: Item(
                id=name, block="依据", kind=given.kind, label=given.label or name, signed=given.signed,
                part_of=given.part_of, most=given.most, decimals=self._decimals(given.kind),
            )
            for name, given in self.definition.evidence.items()
        }  # fmt: skip

    @cached_property
    def indicators(self) -> dict[str, tuple[ScoresBlock, int]]:
        """Every indicator of the 评分表 by id: its block and its place in it."""
        return {
            indicator.id: (block, place)
            for block in self.definition.blocks
            if isinstance(block, ScoresBlock)
            for place, indicator in enumerate(block.indicators)
        }

    @cached_property
    def scored_indicators(self) -> list[Indicator]:
        """The indicators of the 评分表 that is scored, in print order; none where no 评分表 is."""
        scoring = self.definition.scoring
        if scoring is None or scoring.sheet is None:
            return []
        found = [(block, block.indicators[place]) for block, place in self.indicators.values()]
        return [indicator for block, indicator in found if block.scores == scoring.sheet.table]

    @cached_property
    def groups(self) -> dict[str, list[Item]]:
        """The blocks of items that may be left blank together (如无此项请填 0)."""
        found: dict[str, list[Item]] = {}
        for item in self.items.values():
            if item.group is not None and item.is_figure and item.fixed is None:
                found.setdefault(item.group, []).append(item)
        return found

    @cached_property
    def scope(self) -> Scope:
        """The names that a rule of this form may use."""
        columns = {item.id: item for spec in self.lists.values() for item in spec.columns.values()}
        others = {alias: self._used(alias, key) for alias, key in self.definition.uses.items()}
        return Scope(
            items=self.items,
            list_columns=columns,
            groups={group: spec.id for spec in self.lists.values() for group in (*spec.groups, *spec.groups.values())},
            full_marks=self._full_marks(),
            evidence=self.evidence,
            rows=self._score_rows(),
            others={alias: (form.name, form.scope) for alias, form in others.items()},
        )

    @cached_property
    def rules(self) -> list[Rule]:
        """Every check, expanded and parsed. Raises DefinitionError naming the check."""
        grids = [block for block in self.definition.blocks if isinstance(block, GridBlock | PairsBlock)]
        rules: list[Rule] = []
        for check in self.definition.checks:
            try:
                rules += expanded(check, self.scope, grids)
            except RuleError as error:
                raise self._error(f"checks.{check.id}", str(error)) from error
        for key in duplicate_keys(rules):
            raise self._error(f"checks.{key}", "同一编号的规则写了两次")
        return rules

    @cached_property
    def bounds(self) -> list[Rule]:
        """What no figure of the form may be, as rules. Raises DefinitionError for a part of what is not there."""
        columns = (item for spec in self.lists.values() for item in spec.columns.values())
        rules: list[Rule] = []
        for item in (*self.items.values(), *columns):
            try:
                rules += item_bounds(item, self.scope, computed=item.id in self.computed)
            except RuleError as error:
                raise self._error(f"{item.id}.part_of", str(error)) from error
        return sorted(rules, key=lambda rule: rule.id)

    @cached_property
    def rates(self) -> dict[str, Node]:
        """The parsed rate of every indicator that is scored from figures."""
        found = {}
        for name, (block, place) in self.indicators.items():
            rule = block.indicators[place].rule
            if isinstance(rule, Rated):
                key = f"indicators.{name}.rule.rate"
                found[name] = self._expression(rule.rate, key)
                months = getattr(rule, "unit", "") == "个月"
                if (found[name].kind == "rate") == months:
                    raise self._error(key, "以个月计的应是个数，不是比率" if months else "应是比率（两个同类的数相除）")
        return found

    @cached_property
    def execution_rate(self) -> Node | None:
        """Money spent over money budgeted (执行率) of a form filled per project; None where it has none."""
        project = self.definition.scoring.project if self.definition.scoring else None
        if project is not None:
            return self._expression(project.execution.rate, "scoring.project.execution")
        taken = self.definition.consolidation
        return None if taken is None else self._expression(taken.rate, "consolidation.rate")

    @cached_property
    def spending_rate(self) -> Node | None:
        """Money spent over money given, which a score stated for all is held against; 执行率 if it names no other."""
        stated, scoring = self.definition.stated_score, self.definition.scoring
        if stated is not None and stated.rate is not None:
            return self._expression(stated.rate, "stated_score.rate")
        if scoring is not None and scoring.sheet is not None:
            rate = scoring.sheet.rate
            return None if rate is None else self._expression(rate, "scoring.sheet.rate")
        return self.execution_rate

    @property
    def project_lines(self) -> ListSpec | None:
        """The indicators of a form filled per project, where they are taken together."""
        project = self.definition.scoring.project if self.definition.scoring else None
        taken = project or self.definition.consolidation
        return None if taken is None else self.lists[taken.lines]

    @cached_property
    def computed(self) -> dict[str, Node]:
        """Item id → the expression that fills it on the issued sheet."""
        return {rule.item: rule.node.right for rule in self.rules if rule.fills}  # type: ignore[union-attr]

    def item_with_role(self, role: str) -> Item | None:
        """The item that names the unit, department, instance or year."""
        return next((item for item in self.items.values() if item.role == role), None)

    def _used(self, alias: str, key: str) -> Form:
        try:
            return self.uses(key)
        except FormNotFoundError as error:
            raise self._error(f"uses.{alias}", str(error)) from error

    def _expression(self, text: str, key: str) -> Node:
        try:
            return parse_rule(text, self.scope)
        except RuleError as error:
            raise self._error(key, str(error)) from error

    def _decimals(self, kind: str) -> int | None:
        return self.definition.decimals if kind == "amount" else DECIMALS.get(kind)

    def _block_items(self, block: object) -> Iterator[Item]:
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
        required = column.required or (row is not None and row.required and column.kind != "rate")
        return Item(
            id=column.id if row is None else f"{row.id}.{column.id}",
            block=block,
            kind=column.kind,
            label=column.label or column.id,
            row=None if row is None else row.id,
            column=column.id,
            group=group if row is None else row.group,
            decimals=self._decimals(column.kind),
            unit=column.unit or (self.definition.money_unit if column.kind == "amount" else None),
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

    def _block_lists(self, block: object) -> Iterator[ListSpec]:
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
                unit=column.unit or (self.definition.money_unit if column.kind == "amount" else None),
                severity=MUST if column.kind in FIGURES else ASK, choices=tuple(column.choices),
                signed=column.signed, part_of=column.part_of, most=column.most,
                personal=column.personal, actual=column.actual,
            )
            for column in columns
        }  # fmt: skip

    def _full_marks(self) -> dict[str, Decimal]:
        marks: dict[str, Decimal] = {}
        for block in self.definition.blocks:
            if isinstance(block, ListBlock):
                marks |= {group.id: group.points for group in block.groups if group.points is not None}
            if isinstance(block, ScoresBlock):
                marks |= block.sections | {indicator.id: indicator.points for indicator in block.indicators}
        return marks

    def _score_rows(self) -> dict[str, tuple[str, ...]]:
        """评分表 or one of its sections → the indicators in it."""
        found: dict[str, tuple[str, ...]] = {}
        for block in self.definition.blocks:
            if isinstance(block, ScoresBlock):
                found[block.scores] = tuple(one.id for one in block.indicators)
                for section in block.sections:
                    found[section] = tuple(one.id for one in block.indicators if section in one.under)
        return found

    def _check_ids(self) -> None:
        seen: set[str] = set()
        for block in self.definition.blocks:
            names = [item.id for item in self._block_items(block)] + [spec.id for spec in self._block_lists(block)]
            for name in names:
                if name in seen:
                    raise self._error(name, "这个名称用了两次，请改成不同的名称")
                if not all(part.isidentifier() for part in name.split(".")):
                    raise self._error(name, "名称只能用汉字、字母、数字和下划线，且不能以数字开头")
                seen.add(name)

    def _check_columns(self) -> None:
        """A value of a list is told by its line and column alone, so that no column may belong to two lists."""
        seen: dict[str, str] = {}
        for spec in self.lists.values():
            for column in (*spec.levels, *spec.columns):
                if column in seen:
                    raise self._error(f"{spec.id}.{column}", f"清单“{seen[column]}”已有这一栏，请改成不同的名称")
                seen[column] = spec.id

    def _check_spans(self) -> None:
        width = len(self.definition.page.widths)
        for block in self.definition.blocks:
            for name, span in _spans(block):
                if span != width:
                    raise self._error(name, f"各栏合计占 {span} 列，page.widths 是 {width} 列")

    def _check_indicators(self) -> None:
        for name, (block, place) in self.indicators.items():
            indicator = block.indicators[place]
            if len(indicator.under) != len(block.levels) - 1:
                raise self._error(f"indicators.{name}.under", f"应写 {len(block.levels) - 1} 级上级指标")
            unknown = [section for section in indicator.under if section not in block.sections]
            if unknown:
                raise self._error(f"indicators.{name}.under", f"sections 里没有“{unknown[0]}”")

    def _check_named(self) -> None:
        """Items that are named outside rules must be there."""
        grids = [block for block in self.definition.blocks if isinstance(block, GridBlock)]
        against = [(f"{grid.grid}.{one.id}", one.yuan_against) for grid in grids for one in grid.columns]
        for key, item in [*(("faults", item) for item in self.definition.faults), *against]:
            if item is not None and item not in self.items:
                raise self._error(key, f"表中没有“{item}”")
        stated = self.definition.stated_score
        if stated is not None:
            lines = self.lists.get(stated.lines)
            if stated.item not in self.items or self.items[stated.item].kind != "points":
                raise self._error("stated_score.item", f"表中没有得分“{stated.item}”")
            if lines is None or not {stated.target, stated.actual} <= lines.columns.keys():
                raise self._error("stated_score.lines", f"没有清单“{stated.lines}”，或其中没有这两栏")
            if stated.completion is not None:
                self._check_spending("stated_score.completion")
            if stated.alert is not None:
                self._check_spending("stated_score.alert")
        scoring = self.definition.scoring
        if scoring is not None and scoring.sheet is not None and scoring.sheet.alert is not None:
            self._check_spending("scoring.sheet.alert")

    def _check_spending(self, key: str) -> None:
        """Whoever holds a score against the money needs to know of which."""
        if not isinstance(self.spending_rate, Binary):
            raise self._error(key, "没有写明执行率（rate）")

    def _check_cycles(self) -> None:
        """No computed item may need itself, by whatever way round."""
        needed = {item: {ref.item for ref in refs(node)} & self.computed.keys() for item, node in self.computed.items()}
        try:
            TopologicalSorter(needed).prepare()
        except CycleError as error:
            way = " → ".join(error.args[1])
            rule = next(rule for rule in self.rules if rule.fills and rule.item == error.args[1][0])
            raise self._error(f"checks.{rule.id}", f"算式绕回到了自己：{way}") from error

    def _check_projects(self) -> None:
        for ties in self.definition.projects:
            if ties.list_id not in self.lists:
                raise self._error("projects.list", f"表里没有清单“{ties.list_id}”")
            if ties.form not in self.scope.others:
                raise self._error("projects.form", f"uses 里没有“{ties.form}”")
            columns, items = self.lists[ties.list_id].columns, self.scope.others[ties.form][1].items
            for column, tied in ties.columns.items():
                if column not in columns or columns[column].kind != "amount":
                    raise self._error(f"projects.columns.{column}", f"清单“{ties.list_id}”没有金额栏“{column}”")
                for item in tied:
                    if item not in items or items[item].kind != "amount":
                        raise self._error(f"projects.columns.{column}", f"“{ties.form}”没有金额“{item}”")

    def _error(self, key: str, message: str) -> DefinitionError:
        return DefinitionError(self.source, key, message)


def _spans(block: object) -> Iterator[tuple[str, int]]:
    """How many sheet columns the parts of a block take."""
    match block:
        case FieldsBlock(fields=fields):
            widths = [f.label_span + f.span if isinstance(f, HeaderField) else f.span for f in fields]
            first = next((f.id for f in fields if isinstance(f, HeaderField)), "fields")
            yield first, sum(widths)
        case GridBlock():
            side = 1 if block.side else 0
            yield (
                block.grid,
                side + block.stub_span + sum(column.span for column in block.columns) + block.closed_span,
            )
        case PairsBlock():
            yield block.pairs, len(block.columns) * (block.label_span + block.span)
        case ListBlock():
            yield block.list_id, (1 if block.side else 0) + sum(span for _, _, span in block.heads)
        case ScoresBlock():
            yield block.scores, len(block.order)
        case _:
            pass
