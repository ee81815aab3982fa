"""A form edition ready for use: its definition, its items by name, its lists, and its rules parsed."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from gouji.templates.block_items import BlockItems, ListSpec
from gouji.templates.blocks import (
    GridBlock,
    ListBlock,
    PairsBlock,
    TitleBlock,
)
from gouji.templates.checks import Check
from gouji.templates.contradictions import contradictions
from gouji.templates.definition import Definition
from gouji.templates.errors import DefinitionError, FormNotFoundError, RuleError
from gouji.templates.items import Item
from gouji.templates.narrative import Spoken, spoken
from gouji.templates.rules.bounds import item_bounds
from gouji.templates.rules.expand import Rule, duplicate_keys, expanded
from gouji.templates.rules.nodes import Node
from gouji.templates.rules.parse import parse_rule
from gouji.templates.rules.scope import Scope
from gouji.templates.scores_block import Indicator, ScoresBlock
from gouji.templates.scoring.rated import Rated
from gouji.templates.taught import Taught, of_form


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
        for key, message in contradictions(self):
            raise self._error(key, message)
        _ = self.bounds, self.rules, self.rates, self.execution_rate, self.spending_rate, self.narrative

    def knowing(self, taught: Iterable[Taught]) -> Form:
        """The same edition, read with what people said of its labels."""
        own = of_form(taught, self.name, self.edition)
        if own == self.taught:
            return self
        other = copy.copy(self)
        other.taught = own
        return other

    def with_checks(self, checks: Iterable[Check]) -> Form:
        """The same edition with other checks. Raises DefinitionError where they do not fit it."""
        definition = self.definition.model_copy(update={"checks": list(checks)})
        return Form(definition, self.source, self.uses, self.taught)

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
    def block_items(self) -> BlockItems:
        """What builds the items and lists of a block."""
        return BlockItems(self.definition.decimals, self.definition.money_unit)

    @cached_property
    def items(self) -> dict[str, Item]:
        """Every fixed item by id."""
        return {item.id: item for block in self.definition.blocks for item in self.block_items.items(block)}

    @cached_property
    def lists(self) -> dict[str, ListSpec]:
        """Every list by id."""
        return {spec.id: spec for block in self.definition.blocks for spec in self.block_items.lists(block)}

    @cached_property
    def evidence(self) -> dict[str, Item]:
        """What the scoring rules need and no table of the edition holds (评分依据)."""
        return {name: self.block_items.evidence(name, figure) for name, figure in self.definition.evidence.items()}

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
        """Every active check, expanded and parsed. Raises DefinitionError naming the check, active or not."""
        rules: list[Rule] = []
        for check in self.definition.checks:
            try:
                parsed = self.expanded(check)
            except RuleError as error:
                raise self._error(f"checks.{check.id}", str(error)) from error
            rules += parsed if check.active else []
        for key in duplicate_keys(rules):
            raise self._error(f"checks.{key}", "同一编号的规则写了两次")
        return rules

    def expanded(self, check: Check) -> list[Rule]:
        """The rules that a check stands for here, active or not. Raises RuleError where it does not fit the form."""
        grids = [block for block in self.definition.blocks if isinstance(block, GridBlock | PairsBlock)]
        return expanded(check, self.scope, grids)

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
    def alerts(self) -> frozenset[str]:
        """Codes of the rules that raise a 自评预警, which is the bureau's own affair."""
        scoring, stated = self.definition.scoring, self.definition.stated_score
        parts = (stated,) if scoring is None else (scoring.sheet, scoring.project, stated)
        return frozenset(one.alert.id for one in parts if one is not None and one.alert is not None)

    @cached_property
    def execution_rate(self) -> Node | None:
        """Money spent over money budgeted (执行率) of a 自评表 or a form taken together by projects; else None."""
        project = self.definition.scoring.project if self.definition.scoring else None
        if project is not None:
            return self._expression(project.execution.rate, "scoring.project.execution")
        taken = self.definition.consolidation
        return None if taken is None else self._expression(taken.rate, "consolidation.rate")

    @cached_property
    def spending_rate(self) -> Node | None:
        """Money spent over money given, against which indicators without points or a score for all are held."""
        scoring = self.definition.scoring
        key, indicators = self.definition.indicators or ("", None)
        if indicators is not None and indicators.rate is not None:
            return self._expression(indicators.rate, f"{key}.rate")
        if scoring is not None and scoring.sheet is not None:
            rate = scoring.sheet.rate
            return None if rate is None else self._expression(rate, "scoring.sheet.rate")
        return self.execution_rate

    @cached_property
    def narrative(self) -> dict[str, Spoken]:
        """What sentences may state → what it is held against. Raises DefinitionError for a text that is no item."""
        told = self.definition.narrative
        if told is None:
            return {}
        if unknown := [text for text in told.texts if text not in self.items]:
            raise self._error("narrative.texts", f"表中没有项目“{unknown[0]}”")
        line = next(iter(self.lists), None) if self.definition.per == "bureau" else None
        scope = self.scope.at(line=line)

        def parsed(name: str, given: list[str]) -> Spoken:
            return spoken(given, lambda text: self._expression(text, f"narrative.figures.{name}", scope))

        return {name: parsed(name, given) for name, given in told.figures.items()}

    @property
    def measured_beside(self) -> bool:
        """Whether signs and units of the scored indicators stand in columns of their own (指标性质, 度量单位)."""
        project = self.definition.scoring.project if self.definition.scoring else None
        lists = [block for block in self.definition.blocks if isinstance(block, ListBlock)]
        scored = [block for block in lists if project is not None and block.list_id == project.lines]
        return any(any(block.beside_measures) for block in scored)

    @property
    def project_lines(self) -> ListSpec | None:
        """The indicators of a form filled per project, where they are taken together."""
        project = self.definition.scoring.project if self.definition.scoring else None
        taken = project or self.definition.consolidation
        return None if taken is None or self.definition.per != "project" else self.lists[taken.lines]

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

    def _expression(self, text: str, key: str, scope: Scope | None = None) -> Node:
        try:
            return parse_rule(text, scope or self.scope)
        except RuleError as error:
            raise self._error(key, str(error)) from error

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

    def _error(self, key: str, message: str) -> DefinitionError:
        return DefinitionError(self.source, key, message)
