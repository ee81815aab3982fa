"""A unit's return in the making: what is typed into each table, which formulas are typed over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from gouji.samples.fill import Blank, Entry, Number, Text
from gouji.samples.places import FilledLine
from gouji.templates.form import Form
from gouji.templates.recipient import Recipient

Value = Decimal | int | str | None


@dataclass
class Table:
    """One table. `lines`: list → its lines in order; `cells`: item → what the unit typed, formulas aside.

    `typed_over`: computed item → what replaced its formula. `labels`: printed label → what the unit made of it.
    `filled` is False for a sheet that comes back as it was issued.
    """

    form: Form
    instance: str = ""
    lines: dict[str, list[FilledLine]] = field(default_factory=dict)
    cells: dict[str, Entry] = field(default_factory=dict)
    typed_over: dict[str, Entry] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    filled: bool = True

    def put(self, item: str, value: Value) -> None:
        """Type a value: text as text, None as nothing; into a computed item over its formula."""
        entry = _entry(value)
        (self.typed_over if item in self.form.computed else self.cells)[item] = entry

    def put_all(self, values: Mapping[str, Value]) -> None:
        for item, value in values.items():
            self.put(item, value)

    def typed(self, item: str) -> Decimal | None:
        """The number typed at an item; None for nothing, text and whatever is no number."""
        entry = self.typed_over.get(item) or self.cells.get(item)
        if isinstance(entry, Number):
            return entry.value
        fixed = self.form.items.get(item)
        return fixed.fixed if entry is None and fixed is not None else None

    def figure(self, item: str) -> Decimal:
        """The number typed at an item that must have one."""
        value = self.typed(item)
        if value is None:
            raise ValueError(f"{self.form.key} has no figure at {item}")
        return value


@dataclass
class Delivery:
    """How the return reaches the bureau. `second`: a second file, `same` bytes or `changed`."""

    sent: bool = True
    cut_short: bool = False
    second: str = ""
    on_roster: bool = True
    left_out: frozenset[str] = frozenset()


@dataclass
class UnitReturn:
    """All tables of a unit: `base` 基础数据表, `sheet` 评分表, `projects` one 自评表 per project.

    `more`: the tables of the other forms, where the batch has them.
    """

    recipient: Recipient
    year: int
    base: Table
    sheet: Table
    projects: list[Table]
    delivery: Delivery = field(default_factory=Delivery)
    more: list[Table] = field(default_factory=list)

    @property
    def tables(self) -> list[Table]:
        return [self.base, self.sheet, *self.projects, *self.more]

    def of(self, form: str) -> list[Table]:
        """The unit's tables of a form, in the order of its projects."""
        return [table for table in self.tables if table.form.name == form]


def _entry(value: Value) -> Entry:
    match value:
        case None:
            return Blank()
        case str():
            return Text(value)
        case _:
            return Number(Decimal(value))
