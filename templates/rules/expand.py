"""A check as its author wrote it → the rules it stands for: one per amount column, row, or list."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from gouji.templates.blocks import GridBlock, PairsBlock, Row
from gouji.templates.checks import Check
from gouji.templates.errors import RepetitionError, RuleError
from gouji.templates.rules.nodes import BOOLEAN, Compare, Node, Ref, Sum, refs
from gouji.templates.rules.parse import FUNCTIONS, parse_rule
from gouji.templates.rules.scope import Scope

Grid = GridBlock | PairsBlock
AMOUNT_COLUMNS = "金额列"
ROWS = "每行"


@dataclass(frozen=True, slots=True)
class Rule:
    """One comparison to be judged for every return, or (with `list_id`) for every line of a list.

    `item` is the stated side, where the finding is shown; `key` is unique in its form.
    """

    id: str
    item: str
    node: Node
    severity: str
    layer: str
    fills: bool
    optional: bool
    list_id: str | None = None
    column: str | None = None
    row: str | None = None
    """The column (`each: 金额列`) or row (`每行`, the indicators of a 评分表) for which the rule was repeated."""
    words: str | None = None
    """What it says in general, where that is not made from the rule: of a bound, or in its author's own words."""
    basis: str | None = None
    """Why it is asked, where that is not what its form rests on."""
    is_bound: bool = False
    """Whether it holds for every figure of its kind (see `bounds`), so that it is told of only where it is broken."""

    @property
    def key(self) -> str:
        return f"{self.id}[{self.item}]"


def expanded(check: Check, scope: Scope, grids: list[Grid]) -> list[Rule]:
    """The rules of a check. Raises RuleError when the text or its `each` does not fit the form."""
    rules = [_rule(check, place, parse_rule(check.rule, place)) for place in _places(check, scope, grids)]
    if not rules:
        raise RepetitionError(check.rule, f"each: {check.each} 在这张表里没有对应的列或行")
    return rules


def _rule(check: Check, place: Scope, node: Node) -> Rule:
    if node.kind != BOOLEAN:
        raise RuleError(check.rule, "规则应是等式、不等式或 若(…)")
    if check.fills and not (isinstance(node, Compare) and node.sign == "=" and isinstance(node.left, Ref)):
        raise RuleError(check.rule, "自动计算（fills）要求规则写成“项目 = 算式”")
    return Rule(
        id=check.id,
        item=_shown_at(check, node),
        node=node,
        severity=check.severity,
        layer=check.layer,
        fills=check.fills,
        optional=check.optional,
        list_id=place.line,
        column=place.column,
        row=place.row,
        words=check.words,
        basis=check.basis,
    )


def _shown_at(check: Check, node: Node) -> str:
    """The item a finding is shown at: the first of the own form that the rule names.

    The total of a group (产出指标.分值) or of a section of a 评分表 (投入.分值) is shown under its own name. Raises
    RuleError where it names none.
    """
    if isinstance(node, Compare) and isinstance(node.left, Sum) and node.left.of is not None:
        return node.left.of
    stated = next((ref for ref in refs(node) if ref.form is None), None)
    if stated is None:
        raise RuleError(check.rule, "规则里应有本表的至少一个项目")
    return stated.item if stated.group is None else f"{stated.group}.{stated.item.rpartition('.')[2]}"


def _places(check: Check, scope: Scope, grids: list[Grid]) -> list[Scope]:
    match check.each:
        case None:
            return [scope]
        case [*named]:
            return [
                place
                for each in named
                for place in _place(check, scope, grids, each) or _named(check, grids, scope, each)
            ]
        case each:
            return _place(check, scope, grids, each)


def _place(check: Check, scope: Scope, grids: list[Grid], repetition: str) -> list[Scope]:
    if repetition == AMOUNT_COLUMNS:
        return _amount_columns(check, scope, grids)
    if repetition == ROWS:
        return _rows(check, scope, grids)
    return _lines_or_indicators(check, scope, repetition)


def _named(check: Check, grids: list[Grid], scope: Scope, name: str) -> list[Scope]:
    """A single row or column of a grid. Raises RepetitionError where it is neither."""
    if any(isinstance(row, Row) and row.id == name for grid in grids for row in grid.rows):
        return [scope.at(row=name)]
    if any(column.id == name for grid in grids for column in grid.columns):
        return [scope.at(column=name)]
    raise RepetitionError(check.rule, f"each: {name} 在这张表里没有对应的列或行")


def _words(check: Check) -> set[str]:
    separated = "".join(sign if sign.isidentifier() or sign.isdigit() else " " for sign in check.rule)
    return {word for word in separated.split() if not word.isdigit()} - FUNCTIONS


def _amount_columns(check: Check, scope: Scope, grids: list[Grid]) -> list[Scope]:
    words = _words(check)
    for grid in grids:
        if words & {row.id for row in grid.rows if isinstance(row, Row)}:
            return [scope.at(column=column.id) for column in grid.columns if column.kind == "amount"]
    return []


def _rows(check: Check, scope: Scope, grids: list[Grid]) -> list[Scope]:
    words = _words(check)
    for grid in grids:
        if words <= {column.id for column in grid.columns}:
            rows = [row.id for row in grid.rows if isinstance(row, Row)]
            asked = [scope.at(row=row) for row in rows if all(f"{row}.{word}" in scope.items for word in words)]
            if asked:
                return asked
    return []


def _lines_or_indicators(check: Check, scope: Scope, repetition: str) -> list[Scope]:
    if any(item.list_id == repetition for item in scope.list_columns.values()):
        return [scope.at(line=repetition)]
    return [scope.at(row=row) for row in scope.rows.get(repetition, ())]


def duplicate_keys(rules: list[Rule]) -> list[str]:
    """Keys that two rules share: they could not be told apart in the results."""
    keys = sorted(rule.key for rule in rules)
    return [first for first, second in pairwise(keys) if first == second]
