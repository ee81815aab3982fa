"""An example return of any edition: figures that tie under the checks of its definition, whatever they are.

Nothing is known of the form but its definition. Every input cell gets a plain figure; then each check that does not
hold moves one figure of its own, until all hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from gouji.samples.fill import Entry, Number, Result, Text
from gouji.templates.block_items import ListSpec
from gouji.templates.blocks import ListBlock
from gouji.templates.issuing.plan import IssuedSheet
from gouji.templates.items import Item
from gouji.templates.layout import Position, Slot
from gouji.templates.rules import quantity as q
from gouji.templates.rules.evaluate import evaluate, truth
from gouji.templates.rules.expand import Rule
from gouji.templates.rules.nodes import (
    Binary,
    Compare,
    Filled,
    Implies,
    Node,
    Over,
    Ref,
    Sum,
    alternatives,
    children,
    refs,
)
from gouji.templates.rules.single import OneForm, computed_values

_ROUNDS = 40
"""How often all checks are gone through; totals of totals settle in a few."""
_FULL = re.compile("分值|权重|满分|标准分")
_SHARE = Decimal("0.01")
_TARGET, _NATURE, _UNIT = "≥90%", re.compile("性质|方向|符号"), re.compile("单位")
_FIGURES = {"amount": Decimal(20), "count": Decimal(20), "quantity": Decimal(100), "rate": Decimal(1)}
_GIVEN = {"unit", "department", "instance", "year"}
"""Roles that the issued workbook states itself."""
Line = dict[str, Decimal | str | None]


class CannotFillError(Exception):
    """Checks that no figures were found for. The message names them, in Chinese."""


def example_entries(sheet: IssuedSheet) -> dict[Position, Entry]:
    """What is typed into an issued sheet so that its checks hold, and what its formulas then give.

    Checks against other tables or other years are left aside. Raises CannotFillError where the checks contradict one
    another.
    """
    return _Example(sheet).entries()


class _Example:
    """One sheet in the making. `figures`: item → figure; `texts`: item → words; `lines`: list → its lines."""

    def __init__(self, sheet: IssuedSheet) -> None:
        self.sheet, self.form = sheet, sheet.form
        self.figures: dict[str, Decimal | None] = {}
        self.texts: dict[str, str] = {}
        self.lines: dict[str, list[Line]] = {}
        self._slots: dict[str, list[Slot]] = {}
        for item in self.form.items.values():
            self._begin(item)
        for spec in self.form.lists.values():
            self._begin_lines(spec)
        self._share_points()
        stated = self.form.definition.stated_score
        if stated is not None:
            self.figures[stated.item] = Decimal(100)
        self._settle()

    def _begin(self, item: Item) -> None:
        if item.is_figure:
            if item.fixed is None and item.id not in self.form.computed:
                self.figures[item.id] = self._full_marks(item) or _figure(item)
        elif item.role not in _GIVEN:
            self.texts[item.id] = _words(item)

    def _full_marks(self, item: Item) -> Decimal | None:
        """The points of an indicator, which its score has in the example."""
        found = self.form.indicators.get(item.row or "")
        return None if found is None else found[0].indicators[found[1]].points

    def _begin_lines(self, spec: ListSpec) -> None:
        """One line under every second-level indicator and for every printed name; elsewhere two."""
        names = self.sheet.names.get(spec.id, [])
        printed = {number for number, name in enumerate(names) if name}
        slots = self.sheet.layout.slots.get(spec.id, [])
        groups: set[str | None] = set()
        for number, slot in enumerate(slots):
            fresh = slot.group not in groups if slot.group is not None else number < max(2, len(printed))
            if number not in printed and not fresh:
                continue
            groups.add(slot.group)
            name = names[number] if number in printed else f"示例{spec.name_column.removesuffix('名称')}{number + 1}"
            line: Line = {spec.name_column: name}
            if slot.group is not None:
                line[spec.levels[-2]] = slot.group
            for column, item in spec.columns.items():
                line[column] = _figure(item) if item.is_figure else _words(item)
            _as_measured(spec, line)
            self.lines.setdefault(spec.id, []).append(line)
            self._slots.setdefault(spec.id, []).append(slot)

    def _share_points(self) -> None:
        """Points of the lines: those printed for their group in equal shares, else what is left of 100."""
        for block in self.form.definition.blocks:
            if not isinstance(block, ListBlock) or block.list_id not in self.lines:
                continue
            columns = [one.id for one in block.columns if one.kind == "points"]
            lines, spec = self.lines[block.list_id], self.form.lists[block.list_id]
            stated = {group.id: group.points for group in block.groups}
            owners = [spec.groups[str(line[spec.levels[-2]])] for line in lines]
            for owner in dict.fromkeys(owners):
                members = [line for line, own in zip(lines, owners, strict=True) if own == owner]
                whole = stated[owner]
                share = whole if whole is not None else self._left() * len(members) / len(lines)
                for line, points in zip(members, _parts(share, len(members)), strict=True):
                    line.update(dict.fromkeys(columns, points))

    def _left(self) -> Decimal:
        """Of 100 points what the cells outside the lists leave."""
        single = (one for one in self.form.items.values() if one.kind == "points" and one.row and one.fixed)
        return Decimal(100) - sum((one.fixed or 0 for one in single if one.fixed != 100), Decimal(0))

    # ---- checks -------------------------------------------------------------------------------

    def _settle(self) -> None:
        every = (*self.form.rules, *self.form.bounds, *self._all_spent())
        rules = [rule for rule in every if all(map(self._is_own, refs(rule.node)))]
        for _ in range(_ROUNDS):
            if not [rule for rule in rules for line in self._broken(rule) if self._mend(rule.node, line)]:
                break
        broken = [rule.id for rule in rules if rule.severity == "强制性" and any(True for _ in self._broken(rule))]
        if broken:
            raise CannotFillError(f"没有找到能同时满足核对 {'、'.join(dict.fromkeys(broken))} 的数")

    def _all_spent(self) -> Iterator[Rule]:
        """What was done in full was paid for in full: the rates that scores are held against are 1."""
        for rate in (self.form.execution_rate, self.form.spending_rate):
            if isinstance(rate, Binary) and rate.sign == "/":
                yield Rule("", "", Compare("=", rate.left, rate.right), "核实性", "逻辑", fills=False, optional=True)

    def _is_own(self, ref: Ref) -> bool:
        """Whether the figure stands in this table; a grade (优) is the best one and stays."""
        item = self.form.items.get(ref.item)
        here = item.kind != "choice" if item is not None else ref.list_id is not None
        return ref.form is None and ref.last_year is None and here

    def _broken(self, rule: Rule) -> Iterator[Line | None]:
        """The lines (None: the table itself) for which a rule does not hold."""
        for line in self.lines.get(rule.list_id, []) if rule.list_id else [None]:
            if truth(rule.node, self._seen(line))[0] == 0:
                yield line

    def _seen(self, line: Line | None) -> OneForm:
        """The figures as a rule sees them: formulas worked out, words as something that stands there."""
        known = {**self.figures, **computed_values(self.form, self.figures, self.lines)}
        known |= {item: Decimal(0) for item, text in self.texts.items() if text}
        place = next((number for lines in self.lines.values() for number, one in enumerate(lines) if one is line), None)
        if place is None:
            return OneForm(self.form, known, self.lines)
        for owner, lines in self.lines.items():
            # Lines of another list are those of the same name, which here stand in the same place.
            beside = lines[place] if place < len(lines) else {}
            for column in self.form.lists[owner].columns:
                value = beside.get(column)
                known[f"{owner}.{column}"] = value if isinstance(value, Decimal) else Decimal(0) if value else None
        return OneForm(self.form, known, self.lines)

    def _mend(self, node: Node, line: Line | None) -> bool:
        """Moves one figure so that the rule holds; whether there was one to move."""
        match node:
            case Implies(demand=demand):
                return self._mend(demand, line)
            case Filled(ref=ref, nothing=nothing):
                return self._put(ref, None if nothing else "示例说明", line)
            case Compare(left=left, right=right):
                value = evaluate(alternatives(right)[0], self._seen(line))
                if isinstance(left, Ref) and value.state[0] == q.OK and self._put(left, value.value[0], line):
                    return True
                return self._balance(node, line)
            case _:
                return False

    def _balance(self, node: Compare, line: Line | None) -> bool:
        """Where the stated side cannot be typed: one part of the other one takes up the difference."""
        seen = self._seen(line)
        stated, expected = node.left, alternatives(node.right)[0]
        left, right = evaluate(stated, seen), evaluate(expected, seen)
        if left.state[0] != q.OK or right.state[0] != q.OK:
            return False
        over = right.value[0] - left.value[0]
        # Figures grow rather than shrink, so that two totals that are to be equal do not pull one figure to and fro.
        for amount, side in sorted([(-over, expected), (over, stated)], key=lambda move: move[0], reverse=True):
            for ref in reversed(list(self._added(side))):
                if self._add(ref, amount, line):
                    return True
        return False

    def _added(self, node: Node) -> Iterator[Ref]:
        """What adds to the value of an expression with its full amount, through formulas."""
        match node:
            case Ref(item=item) if item in self.form.computed:
                yield from self._added(self.form.computed[item])
            case Ref():
                yield node
            case Sum():
                for part in children(node):
                    yield from self._added(part)
            case Over(part=Ref() as ref):
                yield ref

    def _add(self, ref: Ref, amount: Decimal, line: Line | None) -> bool:
        lines = self.lines.get(ref.list_id or "", [])
        column = ref.item.rpartition(".")[2]
        into = line if line is not None else lines[-1] if lines else None
        now = into.get(column) if ref.list_id is not None and into is not None else self.figures.get(ref.item)
        changed = now + amount if isinstance(now, Decimal) else None
        return changed is not None and changed >= 0 and self._put(ref, changed, into)

    def _put(self, ref: Ref, value: Decimal | str | None, line: Line | None) -> bool:
        if ref.list_id is not None:
            if line is None:
                return False
            line[ref.item.rpartition(".")[2]] = value
            return True
        item = self.form.items[ref.item]
        if item.id in self.form.computed or item.fixed is not None:
            return False
        if item.is_figure:
            self.figures[item.id] = value if isinstance(value, Decimal) else None if value is None else Decimal(10)
        else:
            self.texts[item.id] = value if isinstance(value, str) else ""
        return True

    # ---- cells --------------------------------------------------------------------------------

    def entries(self) -> dict[Position, Entry]:
        places = self.sheet.layout.positions
        found: dict[Position, Entry] = {places[item]: Text(text) for item, text in self.texts.items() if text}
        found |= {places[item]: Number(value) for item, value in self.figures.items() if value is not None}
        results = computed_values(self.form, self.figures, self.lines)
        found |= {places[item]: Result(value) for item, value in results.items()}
        for list_id, lines in self.lines.items():
            spec = self.form.lists[list_id]
            for line, slot in zip(lines, self._slots[list_id], strict=True):
                found[slot.name] = Text(str(line[spec.name_column]))
                for column, at in slot.columns.items():
                    value = line.get(column)
                    if isinstance(value, Decimal):
                        found[at] = Number(value)
                    elif value:
                        found[at] = Text(value)
        return found


def _figure(item: Item) -> Decimal:
    """What a cell of its kind holds at first; 结余, 调整 and 变动 are none."""
    return Decimal(0) if item.signed else _FIGURES.get(item.kind, Decimal(10))


def _words(item: Item) -> str:
    match item.kind:
        case "measure":
            return _TARGET.removeprefix("≥") if item.actual else _TARGET
        case "choice":
            return item.choices[0]
        case "date":
            return "2022-01-31"
        case _:
            return "示例"


def _as_measured(spec: ListSpec, line: Line) -> None:
    """Sign and unit in columns of their own: the target is then a bare figure."""
    nature = next(
        (name for name, item in spec.columns.items() if item.kind == "text" and _NATURE.search(item.label)), ""
    )
    unit = next((name for name, item in spec.columns.items() if item.kind == "text" and _UNIT.search(item.label)), "")
    measures = [name for name, item in spec.columns.items() if item.kind == "measure"]
    if nature:
        line[nature] = "≥"
    if unit:
        line[unit] = "%"
    if nature or unit:
        line.update(dict.fromkeys(measures, "90"))


def _parts(whole: Decimal, count: int) -> list[Decimal]:
    """A whole in equal shares of two decimals, the last with what is left."""
    share = (whole / count).quantize(_SHARE)
    return [*[share] * (count - 1), whole - share * (count - 1)]
