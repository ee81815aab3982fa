"""What a name in a rule means: the own form's items, its lists and groups, other tables, the scoring evidence."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from gouji.templates.items import Item
from gouji.templates.rules.nodes import Number, Ref

EVIDENCE = "依据"
PREVIOUS = "上年"
"""The form of a Ref that means a figure in last year's results: the same form's, if it names no other."""
REFERENCE = "参照"
"""The alias of the bureau's own table (部门决算参照表), and the form of a Ref into it."""
FULL = "满分"


@dataclass(frozen=True)
class Scope:
    """The names of one form, and where in it the rule stands (one column, one row, or the lines of a list)."""

    items: Mapping[str, Item]
    list_columns: Mapping[str, Item]
    groups: Mapping[str, str]
    """Group of a list (成本指标) → that list (指标)."""
    full_marks: Mapping[str, Decimal]
    """Points printed for a group or an indicator."""
    evidence: Mapping[str, Item]
    rows: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """评分表 or one of its sections → its indicators, for sums over one of its columns."""
    others: Mapping[str, tuple[str, Scope]] = field(default_factory=dict)
    """Alias → (form, its scope)."""
    column: str | None = None
    row: str | None = None
    line: str | None = None

    def at(self, *, column: str | None = None, row: str | None = None, line: str | None = None) -> Scope:
        """The same names, seen from one column, one row or the lines of one list."""
        return replace(self, column=column, row=row, line=line)

    def resolve(self, name: str) -> Ref | Number | None:
        """A dotted name as an item, or None when nothing is called so."""
        if name == FULL and self.row in self.full_marks:
            return Number(self.full_marks[self.row or ""], "points", FULL)
        for candidate in self._candidates(name):
            if candidate in self.items:
                return _ref(self.items[candidate])
            ref = self._list_column(candidate)
            if ref is not None:
                return ref
        return self._elsewhere(name)

    def column_of(self, name: str) -> tuple[Ref, ...]:
        """The items of one column of a 评分表 or section (评分.得分, 投入.分值); empty when it is none."""
        block, _, column = name.rpartition(".")
        items = (self.items.get(f"{row}.{column}") for row in self.rows.get(block, ()))
        return tuple(_ref(item) for item in items if item is not None)

    def column_words(self, name: str) -> str:
        """`各指标得分之和` for the whole 评分表, `投入各指标分值之和` for one of its sections."""
        owner, _, column = name.rpartition(".")
        is_whole = any(item.block == owner for item in self.items.values())
        return f"{'' if is_whole else owner}各指标{column}之和"

    def reference(self, name: str) -> Ref | None:
        """A column of the bureau's own table, in which every unit has one line."""
        if REFERENCE not in self.others:
            return None
        columns = self.others[REFERENCE][1].list_columns.values()
        return next((Ref(name, item.kind, form=REFERENCE) for item in columns if item.column == name), None)

    def near(self, name: str) -> str | None:
        """The known name most like a wrong one."""
        names = {*self.items, *self.list_columns, *self.groups, *self.others}
        names |= {part for item in names for part in item.split(".")} | {f"{EVIDENCE}.{e}" for e in self.evidence}
        close = difflib.get_close_matches(name, sorted(names), n=1, cutoff=0.5)
        return close[0] if close else None

    def _candidates(self, name: str) -> list[str]:
        places = [
            f"{name}.{self.column}" if self.column else None,
            f"{self.row}.{name}" if self.row else None,
        ]
        places += [f"{self.line}.{name}" if self.line else None, name]
        return [place for place in places if place is not None]

    def _list_column(self, name: str) -> Ref | None:
        owner, _, column = name.rpartition(".")
        owning_list = self.groups.get(owner, owner)
        item = self.list_columns.get(f"{owning_list}.{column}")
        if item is None:
            return None
        return Ref(item.id, item.kind, list_id=owning_list, group=owner if owner in self.groups else None)

    def _elsewhere(self, name: str) -> Ref | Number | None:
        first, _, inner = name.partition(".")
        if first == EVIDENCE and inner in self.evidence:
            return _ref(self.evidence[inner], form=EVIDENCE)
        if first in self.others and inner:
            form, scope = self.others[first]
            ref = scope.resolve(inner)
            return replace(ref, form=form) if isinstance(ref, Ref) else None
        return None


def _ref(item: Item, form: str | None = None) -> Ref:
    return Ref(item.id, item.kind, form=form)
