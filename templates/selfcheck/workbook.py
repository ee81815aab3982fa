"""All form sheets of one workbook, and where a rule on one of them finds its figures."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from gouji.templates.form import Form
from gouji.templates.rules.evaluate import worked_out
from gouji.templates.rules.nodes import Call, Node, Over, Ref, children, refs
from gouji.templates.rules.scope import EVIDENCE, PREVIOUS, REFERENCE
from gouji.templates.selfcheck.arithmetic import Formulas
from gouji.templates.selfcheck.ledger import (
    BLANK,
    HIGH,
    LOW,
    TEXT,
    VALUE,
    Figure,
    Ledger,
    Record,
    chosen,
    is_literal,
    joined,
    literal,
)
from gouji.templates.selfcheck.table import Table
from gouji.templates.supplement import SUPPLEMENT, supplement_edition, supplement_item


@dataclass(frozen=True, slots=True)
class _Family:
    """The tables of one form: rows one below another with active (VALUE), adopted (LOW), number (HIGH), project (TEXT).

    A table is adopted when it is the only one of its project: two of them are 重复报送, and neither counts.
    """

    tables: list[Table]
    first: Record

    def column(self, column: int) -> str:
        """One column of all tables."""
        return f"{self.first.part(column)}:{self.first.below(len(self.tables) - 1).part(column)}"

    def adopted(self, number: int) -> str:
        """Whether one table counts."""
        return self.first.below(number).part(LOW)


@dataclass
class Sheets:
    """The tables of one workbook on its calculation sheet; the figures of rules that reach across them."""

    ledger: Ledger
    tables: list[Table]
    _families: dict[tuple[int, ...], _Family] = field(default_factory=dict)
    _copies: dict[tuple[Record, str, bool], list[Figure]] = field(default_factory=dict)
    _partners: dict[tuple[int, Record], tuple[str, str]] = field(default_factory=dict)
    _whole: dict[Record, str] = field(default_factory=dict)
    _worked_out: dict[tuple[int, str | None, int, bool, Node], Figure] = field(default_factory=dict)

    def tells(self, form: Form, node: Node) -> bool:
        """Whether this workbook holds everything that an expression of a form's rules reads."""
        return live(node) and all(ref.form is None or self._holding(form, ref) for ref in refs(node))

    def figure(
        self, node: Node, table: Table, list_id: str | None = None, slot: int = 0, *, scored: bool = False
    ) -> Figure:
        """The value of an expression on one sheet, or in one line of a list on it; equal ones share their rows.

        `scored`: as a score is worked out from it, for which an impossible figure is none.
        """
        key = (id(table), list_id, slot, scored, node)
        if key not in self._worked_out:
            self._worked_out[key] = worked_out(node, _Place(self, table, list_id, slot, scored), Formulas(self.ledger))
        return self._worked_out[key]

    def item(self, table: Table, ref: Ref, *, scored: bool = False) -> Figure:
        """An item of the table itself, or of the one table of another form that belongs to it."""
        if ref.form is None:
            return table.possible(ref.item) if scored else table.items[ref.item]
        family = self._family(self._holding(table.form, ref))
        number, state = self._partner(table, family)
        copies = self._copied(family, _outer(ref), scored=scored)
        return self._if(f"{state}=0", chosen(copies, number), state)

    def parts(self, table: Table, ref: Ref, *, scored: bool = False) -> list[Figure]:
        """What 合计 adds up: the lines of a list (of one indicator), or an item of the tables of another form."""
        if ref.list_id is None:
            return self._copied(self._family(self._holding(table.form, ref)), _outer(ref), scored=scored)
        groups = table.form.lists[ref.list_id].groups
        groups_meant = {leaf for leaf, parent in groups.items() if ref.group in (leaf, parent)}
        slots = table.sheet.layout.slots.get(ref.list_id, [])
        figures = table.lines[ref.list_id][ref.item.rpartition(".")[2]]
        return [
            figure
            for figure, slot in zip(figures, slots, strict=True)
            if ref.group is None or slot.group in groups_meant
        ]

    def namesake(self, table: Table, ref: Ref, list_id: str, slot: int) -> Figure:
        """A column of another list, at its line of the same name (the n-th of that name for the n-th)."""
        source = ref.list_id or ""
        figures = table.lines[source][ref.item.rpartition(".")[2]]
        if not figures:
            return BLANK
        names, own_names = ([name.part(VALUE) for name in table.names[name_list]] for name_list in (source, list_id))
        exists, own_exists = table.exists[source], table.exists[list_id]
        nth = f"SUMPRODUCT(({own_names[0]}:{own_names[slot]}={own_names[slot]})*({own_exists[0]}:{own_exists[slot]}=1))"
        places = [
            f"IF(AND({name}={own_names[slot]},{exists[line]}=1,"
            f"SUMPRODUCT(({names[0]}:{name}={name})*({exists[0]}:{exists[line]}=1))={nth}),{line + 1},0)"
            for line, name in enumerate(names)
        ]
        matching_line = self.ledger.add(value="+".join(places)).part(VALUE)
        return self._if(f"{matching_line}>0", chosen(figures, f"MAX({matching_line},1)"), "1")

    def _if(self, condition: str, figure: Figure, state: str) -> Figure:
        """A figure where the condition holds, else nothing, with another state."""
        value, low, high = (f"IF({condition},{end},0)" for end in (figure.value, figure.low, figure.high))
        is_exact = figure.exact
        unit = figure.unit if is_literal(figure.unit) else f"IF({condition},{figure.unit},0)"
        return self.ledger.figure(
            value,
            None if is_exact else low,
            None if is_exact else high,
            f"IF({condition},{figure.state},{state})",
            unit,
        )

    def whole(self, table: Table, node: Node) -> str:
        """1 where a figure, or all that it adds up, stands in tables of nothing but whole 万元, else 0."""
        match node:
            case Ref(form=None):
                return table.whole
            case Over(part=Ref(list_id=None) as ref):
                return f"MIN({self._in_whole(self._family(self._holding(table.form, ref)))})"
            case Call(name="任一", parts=parts):
                return f"MIN({','.join(dict.fromkeys(self.whole(table, part) for part in parts))})"
            case _:
                return "0"

    def _in_whole(self, family: _Family) -> str:
        """For every table of a form whether it is such a table; one that does not count breaks nothing."""
        if family.first not in self._whole:
            column = [
                self.ledger.add(value=f"IF({family.adopted(number)}=1,{table.whole},1)").part(VALUE)
                for number, table in enumerate(family.tables)
            ]
            self._whole[family.first] = joined(column)
        return self._whole[family.first]

    def absent(self, table: Table, node: Node) -> str:
        """Whether everything that a rate reads is stated to be nothing; evidence never is."""
        return f"AND({','.join(self._stated_absent(table, ref) for ref in dict.fromkeys(refs(node)))})"

    def _stated_absent(self, table: Table, ref: Ref) -> str:
        if ref.form == EVIDENCE:
            return "FALSE"
        if ref.form is None:
            return table.absent(ref.item)
        family = self._family(self._holding(table.form, ref))
        counts = [f"{family.adopted(number)}=1" for number in range(len(family.tables))]
        nothing = [
            f"OR(NOT({counted}),{sibling.absent(ref.item)})"
            for counted, sibling in zip(counts, family.tables, strict=True)
        ]
        return f"AND(OR({','.join(counts)}),{','.join(nothing)})"

    def _holding(self, form: Form, ref: Ref) -> list[Table]:
        """The tables in which an item of another form stands."""
        if ref.form in (PREVIOUS, REFERENCE):
            return []
        if ref.form == EVIDENCE:
            edition = supplement_edition(form)
            return [table for table in self.tables if table.form.name == SUPPLEMENT and table.form.edition == edition]
        return [table for table in self.tables if table.form.name == ref.form and ref.item in table.items]

    def _family(self, tables: list[Table]) -> _Family:
        key = tuple(id(table) for table in tables)
        if key not in self._families:
            first = self.ledger.next
            family = _Family(tables, first)
            active, keys = family.column(VALUE), family.column(TEXT)
            for number, table in enumerate(tables, 1):
                own_key = first.below(number - 1).part(TEXT)
                alone = f"SUMPRODUCT(({keys}={own_key})*({active}=1))=1"
                self.ledger.add(
                    value=table.active, low=f"IF(AND({table.active}=1,OR({own_key}=\"\",{alone})),1,0)",
                    high=str(number), text=table.key,
                )  # fmt: skip
            self._families[key] = family
        return self._families[key]

    def _copied(self, family: _Family, item: str, *, scored: bool = False) -> list[Figure]:
        """An item of all tables of a form, one below another, blank where the table does not count."""
        key = (family.first, item, scored)
        if key not in self._copies:
            figures = [table.possible(item) if scored else table.items[item] for table in family.tables]
            self._copies[key] = [
                self._if(f"{family.adopted(number)}=1", figure, "1") for number, figure in enumerate(figures)
            ]
        return self._copies[key]

    def _partner(self, table: Table, family: _Family) -> tuple[str, str]:
        """Which table of a form belongs to this one: its number, and 0, or 1 where none does, 4 where several might.

        The same answer as `validate.pairing.partners`: between two forms filled per project, tables of the same
        project belong together; where a project is not named on one side, there must be but one table on each.
        """
        key = (id(table), family.first)
        if key in self._partners:
            return self._partners[key]
        adopted, number = family.column(LOW), family.column(HIGH)
        everyone = f"SUM({adopted})", f"SUMPRODUCT({adopted}*{number})"
        if "unit" in (table.form.definition.per, family.tables[0].form.definition.per):
            row = self.ledger.add(value=_only(everyone[0]), low=everyone[1])
            result = row.part(LOW), row.part(VALUE)
        else:
            result = self._by_project(table, family, everyone)
        self._partners[key] = result
        return result

    def _by_project(self, table: Table, family: _Family, everyone: tuple[str, str]) -> tuple[str, str]:
        adopted, number, keys = (family.column(column) for column in (LOW, HIGH, TEXT))
        own_family = self._family([sibling for sibling in self.tables if sibling.form.key == table.form.key])
        counts = [
            (f"SUMPRODUCT(({keys}={project})*{adopted})", f"SUMPRODUCT(({keys}={project})*{adopted}*{number})")
            for project in (table.key, '""')
        ]
        rows = [self.ledger.add(value=_only(counted[0]), low=counted[1]) for counted in (*counts, everyone)]
        same_project, nameless, anyone = ((row.part(VALUE), row.part(LOW)) for row in rows)
        several = f"OR(SUM({own_family.column(LOW)})>1,{anyone[0]}=4)"
        named = f'{table.key}<>""'
        remaining = self.ledger.add(
            value=f"IF({named},{nameless[0]},{anyone[0]})", low=f"IF({named},{nameless[1]},{anyone[1]})"
        )
        doubtful = f"IF(AND({remaining.part(VALUE)}=0,{several}),4,{remaining.part(VALUE)})"
        chosen = self.ledger.add(
            value=f"IF(AND({named},{same_project[0]}<>1),{same_project[0]},{doubtful})",
            low=f"IF(AND({named},{same_project[0]}<>1),{same_project[1]},{remaining.part(LOW)})",
        )
        return chosen.part(LOW), chosen.part(VALUE)


@dataclass(frozen=True)
class _Place:
    """The leaves of a rule on one sheet, or in one line of one of its lists."""

    sheets: Sheets
    table: Table
    list_id: str | None
    slot: int
    scored: bool

    def quantity(self, ref: Ref) -> Figure:
        if ref.form is None and ref.list_id is not None:
            if ref.list_id != self.list_id:
                return self.sheets.namesake(self.table, ref, self.list_id or "", self.slot)
            return self.table.lines[ref.list_id][ref.item.rpartition(".")[2]][self.slot]
        return self.sheets.item(self.table, ref, scored=self.scored)

    def total(self, part: Node) -> Figure:
        if not isinstance(part, Ref):
            raise TypeError(f"合计 of {type(part).__name__} has no figure in a workbook")
        return Formulas(self.sheets.ledger).add(self.sheets.parts(self.table, part, scored=self.scored))

    def full_mark(self, name: str, value: Decimal) -> Figure:
        """An issued workbook prints the full marks of its form."""
        return literal(value)

    def money(self, ref: Ref) -> Figure:
        raise TypeError("金额() has no figure in a workbook")


def _only(count: str) -> str:
    return f"IF({count}=1,0,IF({count}=0,1,4))"


def _outer(ref: Ref) -> str:
    return supplement_item(ref.item) if ref.form == EVIDENCE else ref.item


def live(node: Node) -> bool:
    """Whether a formula can say it: 金额() reads amounts out of free text, which no formula does reliably."""
    return not any(isinstance(part, Call) and part.name == "金额" for part in _walk(node))


def _walk(node: Node) -> list[Node]:
    return [node, *(part for child in children(node) for part in _walk(child))]
