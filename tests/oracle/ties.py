"""Every check of a form judged by hand, so to speak: our own expansion of `each`, our own arithmetic."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tests.oracle import arithmetic as a
from tests.oracle.arithmetic import Figure
from tests.oracle.forms import FormData
from tests.oracle.rules import Tree, calls, names, parse

ACROSS = ("表间", "跨年", "外部核对")
NOT_JUDGED = {"上年", "参照", "金额", "等次", "有", "无", "若"}
"""Functions of rules that this oracle leaves out: what they read is no figure of the return, or is text."""


@dataclass
class TableData:
    """One table of a unit: item → figure (lines as `line.column`), and list → its lines with their groups.

    `texts`: item → what is typed as text; `evidence`: figures of its 补充表.
    `instance`: its project, empty where the sheet does not tell; `sheet`: where it stands.
    """

    form: FormData
    instance: str
    sheet: str
    figures: dict[str, Figure]
    lines: dict[str, list[tuple[str, str | None]]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    evidence: dict[str, Figure] = field(default_factory=dict)


@dataclass(frozen=True)
class Place:
    """Where a check is repeated: a column, a row, or a line of a list."""

    column: str | None = None
    row: str | None = None
    line: tuple[str, str] | None = None


@dataclass(frozen=True)
class Judged:
    """What a check comes to, at the item where it is shown; `stated` and what may be `expected`, where known."""

    rule: str
    item: str
    verdict: str
    text: str
    stated: Decimal | None = None
    expected: tuple[Decimal, ...] = ()


def judge(table: TableData, unit: list[TableData]) -> Iterator[Judged]:
    """Every check of the form that reads figures only; `unit`: all tables of the unit."""
    for check in table.form.checks:
        tree = parse(check["rule"])
        if calls(tree) & NOT_JUDGED or tree[0] not in ("=", "≤", "≥"):
            continue
        for place in _places(check, tree, table):
            yield _Judge(check, tree, place, table, unit).judged()


def value_of(rate: str, table: TableData, unit: list[TableData]) -> Figure:
    """The figure that an expression of the form (a rate of its scoring) comes to."""
    return _Judge({"rule": rate}, parse(rate), Place(), table, unit).value()


def left_out(form: FormData) -> set[str]:
    """Ids of the checks that `judge` passes over."""
    trees = {check["id"]: parse(check["rule"]) for check in form.checks}
    return {name for name, tree in trees.items() if calls(tree) & NOT_JUDGED or tree[0] not in ("=", "≤", "≥")}


def _places(check: dict[str, Any], tree: Tree, table: TableData) -> Iterator[Place]:
    each = check.get("each")
    for repeated in each if isinstance(each, list) else [each]:
        yield from _place(repeated, tree, table)


def _place(each: str | None, tree: Tree, table: TableData) -> Iterator[Place]:
    form, words = table.form, set(names(tree))
    if each is None:
        yield Place()
    elif each == "金额列":
        grid = next(grid for grid in form.grids if words & set(grid.rows))
        yield from (Place(column=name) for name, kind in grid.columns.items() if kind == "amount")
    elif each == "每行":
        grid = next(grid for grid in form.grids if words <= set(grid.columns))
        yield from (Place(row=r) for r in grid.rows if all(f"{r}.{word}" in form.kinds for word in words))
    elif each in form.lists:
        yield from (Place(line=(each, line)) for line, _ in table.lines.get(each, []))
    elif each == form.scores_id:
        yield from (Place(row=name) for name in form.indicators)
    elif any(each in grid.rows for grid in form.grids):
        yield Place(row=each)
    else:
        yield Place(column=each)


class _Judge:
    def __init__(self, check: dict[str, Any], tree: Tree, place: Place, table: TableData, unit: list[TableData]):
        self.check, self.tree, self.place, self.table, self.unit = check, tree, place, table, unit

    def value(self) -> Figure:
        return self._value(self.tree)

    def judged(self) -> Judged:
        sign, left, right = self.tree
        stated = self._value(left)
        expected = [self._value(side) for side in (right[2:] if right[:2] == ("call", "任一") else (right,))]
        across = self.check.get("layer") in ACROSS
        whole = self._whole() if across else (False, False)
        verdict = _best([(figure, a.compare(sign, stated, figure, whole=whole)) for figure in expected])
        text = f"{stated} {sign} {' / '.join(map(str, expected))}"
        shown, others = (
            stated.value if stated.known else None,
            tuple(figure.value for figure in expected if figure.known),
        )
        return Judged(self.check["id"], self._shown_at(), verdict, text, shown, others)

    def _whole(self) -> tuple[bool, bool]:
        """Whether this table, and the others that the check reads, show whole 万元 throughout."""
        aliases = {name.partition(".")[0] for name in names(self.tree)} & self.table.form.uses.keys()
        return _whole(self.table), all(_whole(other) for alias in aliases for other in self._others(alias))

    def _shown_at(self) -> str:
        left = self.tree[1]
        if left[0] == "call" and left[1] == "合计":
            return str(left[2][1])
        return next(item for name in names(self.tree) if (item := self._item(name)) is not None)

    def _value(self, tree: Tree) -> Figure:
        match tree:
            case ("number", number):
                return a.exact(number)
            case ("ref", name):
                return self._named(name)
            case ("call", name, *parts):
                return self._called(name, parts)
            case ("+", _, _):
                parts = [self._value(part) for part in _summands(tree)]
                return a.add(parts, parts[0].kind)
            case (sign, left, right):
                return _OPERATIONS[sign](self._value(left), self._value(right))
        raise ValueError(tree)

    def _called(self, name: str, parts: list[Tree]) -> Figure:
        match name:
            case "合计":
                return self._total(parts[0][1])
            case "满分":
                return a.exact(Decimal(str(self.table.form.groups[parts[0][1]])), "points")
            case "最小":
                return a.least([self._value(part) for part in parts])
            case "舍入":
                inner = self._value(parts[0])
                return a.exact(a.half_up(inner.value, int(parts[1][1])), "points") if inner.known else inner
            case "绝对值":
                return a.magnitude(self._value(parts[0]))
        raise ValueError(name)

    def _named(self, name: str) -> Figure:
        if name == "满分" and self.place.row in self.table.form.indicators:
            return a.exact(Decimal(str(self.table.form.indicators[self.place.row]["points"])), "points")
        item = self._item(name)
        if item is not None:
            return self.table.figures.get(item, Figure(a.BLANK, kind=self._kind(item)))
        alias, _, rest = name.partition(".")
        if alias == "依据":
            return self._evidence(rest)
        if alias in self.table.form.uses:
            figures = [table.figures.get(rest, Figure(a.BLANK)) for table in self._others(alias)]
            return figures[0] if len(figures) == 1 else Figure(a.BLANK)
        if self.place.line is not None and alias in self.table.form.lists:  # the line of that name in another list
            line = self.place.line[1]
            return self.table.figures.get(f"{line}.{rest}", Figure(a.BLANK))
        raise ValueError(f"{name} in {self.check['rule']}")

    def _evidence(self, name: str) -> Figure:
        """A figure of the 补充表; one that cannot be (above the whole that it is part of, above its most) spoils."""
        figure, spec = self.table.evidence.get(name, Figure(a.BLANK)), self.table.form.evidence[name]
        limits = [self._limit(text) for text in (spec.get("part_of"), spec.get("most")) if text is not None]
        if any(a.compare("≤", figure, limit, whole=(False, False)) == a.DIFFERS for limit in limits):
            return Figure(a.BAD, kind=figure.kind)
        return figure

    def _limit(self, text: object) -> Figure:
        if str(text).rstrip("%").replace(".", "").isdigit():
            return self._value(parse(str(text)))
        parts = [self.table.evidence.get(name, Figure(a.BLANK)) for name in names(parse(str(text)))]
        return a.add(parts, parts[0].kind)

    def _item(self, name: str) -> str | None:
        """The item of the own form that a name stands for at this place."""
        place, form = self.place, self.table.form
        if place.line is not None and name in form.lists[place.line[0]]:
            return f"{place.line[1]}.{name}"
        shapes = (f"{name}.{place.column}", f"{place.row}.{name}", name)
        return next((shape for shape in shapes if shape in form.kinds), None)

    def _kind(self, item: str) -> str:
        return self.table.form.kinds.get(item, "number")

    def _others(self, alias: str) -> list[TableData]:
        """The unit's tables of another form; of those per project the one of this project, where this is one."""
        name = self.table.form.uses[alias].partition("@")[0]
        tables = [table for table in self.unit if table.form.name == name]
        same = [table for table in tables if table.instance and table.instance == self.table.instance]
        return same or tables

    def _total(self, name: str) -> Figure:
        form, (owner, _, column) = self.table.form, name.rpartition(".")
        if name in form.lists and self.place.column is not None:
            owner, column = name, self.place.column
        if owner in form.lists:
            return self._of_lines([line for line, _ in self.table.lines.get(owner, [])], column)
        if owner == form.scores_id:
            return self._of_lines(list(form.indicators), column)
        if owner in form.groups:
            return self._of_group(owner, column)
        alias, _, rest = name.partition(".")
        parts = [table.figures.get(rest, Figure(a.BLANK)) for table in self._others(alias)]
        return a.add(parts, parts[0].kind) if parts else Figure(a.BLANK)

    def _of_group(self, group: str, column: str) -> Figure:
        inside = self.table.form.inside[group]
        if inside[0] in self.table.form.indicators:
            return self._of_lines(inside, column)
        lines = [line for entries in self.table.lines.values() for line, under in entries if under in inside]
        return self._of_lines(lines, column)

    def _of_lines(self, lines: list[str], column: str) -> Figure:
        parts = [self.table.figures.get(f"{line}.{column}", Figure(a.BLANK)) for line in lines]
        kinds = [part.kind for part in parts if part.known]
        return a.add(parts, kinds[0] if kinds else "number")


def _best(tried: list[tuple[Figure, str]]) -> str:
    """One of the figures is to fit; what is blank is none of them, and what is unreadable might be the one."""
    open_ = any(figure.state not in (a.FILLED, a.BLANK) for figure, _ in tried)
    verdicts = [verdict for figure, verdict in tried if figure.known]
    if len(tried) == 1 or not verdicts:
        return tried[0][1]
    best = min(verdicts, key=[a.AGREES, a.ROUNDING, a.DIFFERS, a.UNCHECKED].index)
    return a.UNCHECKED if open_ and best != a.AGREES else best


def _whole(table: TableData) -> bool:
    amounts = [figure.value for figure in table.figures.values() if figure.known and figure.kind == "amount"]
    return all(value == value.to_integral_value() for value in amounts)


def _summands(tree: Tree) -> list[Tree]:
    return [*_summands(tree[1]), tree[2]] if tree[0] == "+" else [tree]


_OPERATIONS: dict[str, Callable[[Figure, Figure], Figure]] = {
    "−": a.subtract,
    "×": a.multiply,
    "/": a.divide,
}
