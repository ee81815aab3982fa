"""The leaves of rules as columns of exact figures: own items, lines of lists, the unit's other tables, evidence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gouji.ingest.figures.measures import money_in_wan, parse_measure
from gouji.templates.exact import places, significant
from gouji.templates.form import Form
from gouji.templates.grades import rank_of_words
from gouji.templates.items import Item
from gouji.templates.precision import EXACT, least
from gouji.templates.rules import quantity as q
from gouji.templates.rules.evaluate import Truth
from gouji.templates.rules.nodes import Call, Node, Ref, refs
from gouji.templates.rules.scope import EVIDENCE, PREVIOUS, REFERENCE
from gouji.templates.supplement import SUPPLEMENT, supplement_edition, supplement_item
from gouji.validate.lookup import Keys, Reference, looked_up, picked, stacked
from gouji.validate.pairing import SEVERAL, partners
from gouji.validate.wide import (
    ABSENT_STATE,
    BLANK_STATE,
    FILLED_STATE,
    NOT_APPLICABLE_STATE,
    Columns,
    Lines,
    Wide,
)

_STATE = np.full(8, q.BAD, np.int8)
_STATE[[FILLED_STATE, BLANK_STATE, NOT_APPLICABLE_STATE]] = q.OK, q.BLANK, q.BLANK


@dataclass
class Tables:
    """All wide frames of a part: what a rule may reach beyond its own table.

    `previous`: last year's tables, their years counted as this year's, or None where no results were given;
    `reference`: the bureau's own table of 部门决算. `suspended`: codes of units whose figures cannot be compared
    with last year's (合并、更名、新设).
    """

    wides: list[Wide] = field(default_factory=list)
    previous: Tables | None = None
    reference: Reference | None = None
    suspended: frozenset[str] = frozenset()

    def of_form(self, form: str) -> list[Wide]:
        """The wide frames of every edition of a form."""
        return [wide for wide in self.wides if wide.form.name == form]

    def holding(self, ref: Ref, form: Form) -> list[Wide]:
        """The wide frames in which an item of another table stands; evidence in the supplement of its own form."""
        if ref.form == EVIDENCE:
            edition = supplement_edition(form)
            return [wide for wide in self.of_form(SUPPLEMENT) if wide.form.edition == edition]
        if ref.form == PREVIOUS:
            last_year = [] if self.previous is None else self.previous.of_form(ref.last_year or form.name)
            return [wide for wide in last_year if ref.item in wide.form.items]
        return [wide for wide in self.of_form(ref.form or "") if ref.item in wide.form.items]


@dataclass
class ReturnFigures:
    """Figures for every return of one edition (see `templates.rules.evaluate.Figures`)."""

    wide: Wide
    tables: Tables

    @property
    def size(self) -> int:
        return self.wide.size

    def quantity(self, ref: Ref) -> q.Quantity:
        if ref.form is None and ref.kind == "choice":
            return grade_quantity(self.wide.fixed, ref.item)
        if ref.form is None:
            return self.column(self.wide, ref.item)
        return self._partner(ref)

    def column(self, wide: Wide, item: str) -> q.Quantity:
        """An item of this table or of another one, over all its returns."""
        return column_quantity(wide.fixed, item, wide.form.items[item])

    def total(self, part: Node) -> q.Quantity:
        ref = next(refs(part))
        if ref.list_id is None:
            return self._elsewhere(ref)
        lines = self.wide.lists[ref.list_id]
        item = self.wide.form.scope.list_columns[ref.item]
        column = ref.item.rpartition(".")[2]
        figures = (
            money_quantity(lines.columns, column)
            if isinstance(part, Call)
            else column_quantity(lines.columns, column, item)
        )
        chosen = in_group(self.wide, ref.list_id, ref.group)
        total = q.total_by(lines.owner[chosen], self.size, picked(figures, chosen))
        absent = self.wide.absent.get(item.id)
        return total if absent is None else replace(total, state=np.where(absent, q.BAD, total.state).astype(np.int8))

    def full_mark(self, name: str, value: Decimal) -> q.Quantity:
        """As the sheet prints it, else as the form does; not known where it is a sheet that prints none."""
        printed = self.wide.printed.get(name, np.full(self.size, np.nan))
        marks = decimal_array(np.where(np.isnan(printed), float(value), printed))
        unmarked = self.wide.unmarked.get(name, np.zeros(self.size, bool))
        return q.exact(marks, np.where(unmarked, q.BAD, q.OK).astype(np.int8))

    def filled(self, ref: Ref) -> Truth:
        return _filled(self.wide.fixed.state_of(ref.item))

    def money(self, ref: Ref) -> q.Quantity:
        return money_quantity(self.wide.fixed, ref.item)

    def _partner(self, ref: Ref) -> q.Quantity:
        """An item of the one table of another form that belongs to a return (see `validate.pairing`)."""
        if ref.form == REFERENCE:
            reference = self.tables.reference
            return q.blank(self.size) if reference is None else reference.quantity(ref.item, self.wide.unit_key)
        others = self.tables.holding(ref, self.wide.form)
        if not others:
            return q.blank(self.size)
        item = outer_item(ref)
        figures = stacked([self.column(other, item) for other in others])
        partner_rows = partners(self.wide, others)
        paired = picked(stacked([figures, q.blank(1)]), np.where(partner_rows >= 0, partner_rows, -1))
        state = np.where(partner_rows == SEVERAL, q.BAD, paired.state).astype(np.int8)
        return replace(paired, state=state)

    def _elsewhere(self, ref: Ref) -> q.Quantity:
        """An item of the unit's tables of another form added up."""
        keys = pd.Index(self.wide.unit_key)
        unique = pd.Index(keys.unique())
        owners: list[NDArray[np.intp]] = []
        columns: list[q.Quantity] = []
        item = outer_item(ref)
        for other in self.tables.holding(ref, self.wide.form):
            positions = unique.get_indexer(pd.Index(other.unit_key))
            mine = (positions >= 0) & other.returns["adopted"].to_numpy(dtype=bool)
            owners.append(positions[mine])
            columns.append(picked(self.column(other, item), mine))
        if not columns:
            return q.blank(self.size)
        owner, figures = np.concatenate(owners), stacked(columns)
        total = q.total_by(owner, len(unique), figures)
        return picked(total, unique.get_indexer(keys))


@dataclass
class LineFigures:
    """Figures for every line of one list.

    Items of the return itself are repeated for its lines; a column of another list is that of its line of the same
    name (the same 机构 in 收入 and 支出), blank where there is none.
    """

    wide: Wide
    list_id: str
    tables: Tables

    @property
    def lines(self) -> Lines:
        return self.wide.lists[self.list_id]

    @property
    def size(self) -> int:
        return len(self.lines.owner)

    def quantity(self, ref: Ref) -> q.Quantity:
        if ref.form == PREVIOUS and ref.list_id is not None:
            last_year = list(last_years_lines(self.wide, ref, self.tables))
            return looked_up(line_keys(self.wide, self.list_id), last_year)
        if ref.list_id is not None and ref.list_id != self.list_id:
            return self._namesake(ref)
        if ref.form is None and ref.item in self.wide.form.scope.list_columns:
            item = self.wide.form.scope.list_columns[ref.item]
            return column_quantity(self.lines.columns, ref.item.rpartition(".")[2], item)
        return picked(ReturnFigures(self.wide, self.tables).quantity(ref), self.lines.owner)

    def _namesake(self, ref: Ref) -> q.Quantity:
        item = self.wide.form.scope.list_columns[ref.item]
        other = self.wide.lists[ref.list_id or ""].columns
        figures = column_quantity(other, ref.item.rpartition(".")[2], item)
        positions = namesakes(self.wide, self.list_id, ref.list_id or "")
        return picked(stacked([figures, q.blank(1)]), positions)

    def total(self, part: Node) -> q.Quantity:
        return picked(ReturnFigures(self.wide, self.tables).total(part), self.lines.owner)

    def full_mark(self, name: str, value: Decimal) -> q.Quantity:
        return picked(ReturnFigures(self.wide, self.tables).full_mark(name, value), self.lines.owner)

    def filled(self, ref: Ref) -> Truth:
        return _filled(self.lines.columns.state_of(ref.item.rpartition(".")[2]))

    def money(self, ref: Ref) -> q.Quantity:
        return money_quantity(self.lines.columns, ref.item.rpartition(".")[2])


def _filled(state: NDArray[np.int8]) -> Truth:
    return np.where(state == ABSENT_STATE, -1, state != BLANK_STATE).astype(np.int8)


def line_keys(wide: Wide, list_id: str) -> Keys:
    """Unit, year and name of every line of a list."""
    lines = wide.lists[list_id]
    pairs = zip(wide.unit_key[lines.owner], lines.line, strict=True)
    return np.array([f"{unit}|{line}" for unit, line in pairs] or [], dtype=object)


def last_years_lines(wide: Wide, ref: Ref, tables: Tables) -> Iterator[tuple[Keys, q.Quantity]]:
    """The lines of the same list in last year's tables: their keys and the figures of the column."""
    list_id, _, column = ref.item.rpartition(".")
    for earlier in tables.previous.of_form(wide.form.name) if tables.previous is not None else []:
        if ref.item in earlier.form.scope.list_columns:
            lines = earlier.lists[list_id]
            counted = earlier.returns["adopted"].to_numpy(dtype=bool)[lines.owner]
            figures = column_quantity(lines.columns, column, earlier.form.scope.list_columns[ref.item])
            yield line_keys(earlier, list_id)[counted], picked(figures, counted)


def outer_item(ref: Ref) -> str:
    """The item's name in the other table in which it stands."""
    return supplement_item(ref.item) if ref.form == EVIDENCE else ref.item


def column_quantity(columns: Columns, name: str, item: Item) -> q.Quantity:
    """One column as exact figures with the interval that their rounding leaves open; not to be changed in place."""
    key = (name, item.kind, item.decimals)
    if key not in columns.quantities:
        columns.quantities[key] = _column_quantity(columns, name, item)
    return columns.quantities[key]


def _column_quantity(columns: Columns, name: str, item: Item) -> q.Quantity:
    place = columns.place[name]
    state = _STATE[columns.state[:, place]]
    value = columns.value[:, place]
    state = np.where((state == q.OK) & np.isnan(value), q.BAD, state).astype(np.int8)
    figures = decimal_array(np.where(state == q.OK, value, 0.0))
    match item.kind:
        case "count" | "points":
            return q.exact(figures, state)
        case _:
            counted = np.maximum(columns.decimals[:, place], least(item.kind, item.decimals))
            rounded = q.rounded(figures, state, np.where(state == q.OK, counted, EXACT))
            return replace(rounded, whole=columns.whole) if item.kind == "amount" else rounded


def grade_quantity(columns: Columns, name: str) -> q.Quantity:
    """A column of 评价等次 as ranks; words that are no grade are unreadable."""
    ranks = [rank_of_words(text) for text in columns.raw_of(name)]
    state = _STATE[columns.state_of(name)]
    state = np.where((state == q.OK) & np.array([rank is None for rank in ranks], bool), q.BAD, state)
    return q.exact(np.array([Decimal(rank or 0) for rank in ranks], dtype=object), state.astype(np.int8))


def namesakes(wide: Wide, list_id: str, other: str) -> NDArray[np.intp]:
    """For every line of a list the place of the line of that name in another list of its return, else -1."""
    lines, others = wide.lists[list_id], wide.lists[other]
    place = {key: row for row, key in enumerate(zip(others.owner.tolist(), others.line, strict=True))}
    return np.array([place.get(key, -1) for key in zip(lines.owner.tolist(), lines.line, strict=True)], np.intp)


def money_quantity(columns: Columns, name: str) -> q.Quantity:
    """The measures of a column that are amounts of money, in 万元; everything else is blank."""
    raw = columns.raw_of(name)
    parsed = {text: money_in_wan(parse_measure(text)) for text in set(raw) if text is not None}
    amounts = [parsed.get(text) for text in raw]
    value = np.array([Decimal(0) if amount is None else amount for amount in amounts] or [], dtype=object)
    state = np.array([q.BLANK if amount is None else q.OK for amount in amounts], np.int8)
    shown = [EXACT if amount is None else max(places(amount), least("amount", None)) for amount in amounts]
    return q.rounded(value, state, np.array(shown, np.int16))


def decimal_array(value: NDArray[np.float64]) -> q.Decimals:
    """Floats as decimals of 15 significant digits."""
    numbers = value.tolist()
    exact = {number: significant(number) for number in set(numbers)}
    return np.array([exact[number] for number in numbers], dtype=object)


def in_group(wide: Wide, list_id: str, group: str | None) -> NDArray[np.bool_]:
    """Which lines of a list stand under an indicator of the first or second level."""
    lines = wide.lists[list_id]
    if group is None:
        return np.ones(len(lines.owner), bool)
    spec = wide.form.lists[list_id]
    if group in spec.groups:
        return np.isin(lines.columns.raw_of(spec.levels[-2]).astype(str), [group])
    leaves = [leaf for leaf, parent in spec.groups.items() if parent == group]
    above = lines.columns.raw_of(spec.levels[0]).astype(str)
    below = np.isin(lines.columns.raw_of(spec.levels[-2]).astype(str), leaves)
    return np.isin(above, [group]) | (np.isin(above, ["None", ""]) & below)
