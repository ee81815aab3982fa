"""One issued form sheet as rules read it: every cell that they read as a record of the calculation sheet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from gouji.templates.addresses import cell_name, quoted_sheet, range_name
from gouji.templates.form import Form
from gouji.templates.grades import NAMES, words_of
from gouji.templates.identity import instance_code_cell
from gouji.templates.issuing.plan import IssuedSheet
from gouji.templates.issuing.styles import number_format
from gouji.templates.items import Item
from gouji.templates.layout import Position
from gouji.templates.precision import span
from gouji.templates.rules.nodes import refs
from gouji.templates.selfcheck.ledger import (
    NO_UNIT,
    NOT_APPLICABLE_WORDS,
    RAW,
    STATE,
    TEXT,
    UNIT,
    VALUE,
    Figure,
    Ledger,
    Record,
    among,
    count,
    identifier,
    is_no_name,
    is_not_applicable,
    is_placeholder,
    joined,
    quoted_text,
    squeezed,
)

_TOO_LARGE = "1E+20"
_BROKEN = 2
"""The verdict code of a bound that is broken (`templates.selfcheck.verdicts.DIFFERS`)."""
_FEN = 2
"""Decimals of an amount in 元."""
_ANYTHING = '"<>1"'


@dataclass(frozen=True, slots=True)
class _Cell:
    """What can be asked of a cell beside its figure: its record, and two conditions.

    `filled`: it holds anything but 不适用; `noted`: it holds 不适用 ("" where that is a text like any other).
    """

    record: Record
    filled: str
    noted: str = ""


class Table:
    """A sheet's cells on the calculation sheet.

    `items`: figures, and what else rules read, by item. Of the lists that rules read: `lines`: list → column → one
    figure per line; `exists`: whether each line is one (it holds anything); `names`: the texts in front of its lines
    (as VALUE what ties them to those of other lists); `rows`: the row of its first line. `active`: whether the unit
    filled in anything at all; `key`: which project the sheet is about ("" unknown). `bounds`: item → the verdicts of
    its bounds, once they are made.
    """

    def __init__(self, ledger: Ledger, sheet: IssuedSheet, number: int) -> None:
        self.sheet = sheet
        self.form = sheet.form
        self._ledger = ledger
        self._cells: dict[str, _Cell] = {}
        self.bounds: dict[str, list[str]] = {}
        self._possible: dict[str, Figure] = {}
        read = {ref.item for rule in sheet.form.rules for ref in refs(rule.node) if ref.form is None}
        self.items = {
            item.id: self._leaf(item, self.cell(sheet.layout.positions[item.id]))
            for item in sheet.form.items.values()
            if item.is_figure or item.id in read
        }
        self.lines: dict[str, dict[str, list[Figure]]] = {}
        self.exists: dict[str, list[str]] = {}
        self.names: dict[str, list[Record]] = {}
        self.rows: dict[str, int] = {}
        for list_id in _lists_read(sheet.form):
            self._list(list_id)
        self.active = ledger.add(value=self._anything()).part(VALUE)
        self.key = ledger.add(text=self._project(number)).part(TEXT)

    def place(self, item: str, slot: int | None = None) -> Position:
        """Where an item, or the column of a list's line, stands on the sheet."""
        if slot is None:
            return self.sheet.layout.positions[item]
        list_id, _, column = item.rpartition(".")
        return self.sheet.layout.slots[list_id][slot].columns[column]

    def cell(self, place: Position) -> str:
        """A cell of the sheet as formulas write it."""
        return self._on_sheet(cell_name(*place))

    def _on_sheet(self, area: str) -> str:
        return f"{quoted_sheet(self.sheet.name)}!{area}"

    def possible(self, item: str) -> Figure:
        """A figure as a score may read it: spoilt where it breaks a bound."""
        figure = self.items[item]
        if item not in self.bounds:
            return figure
        if item not in self._possible:
            broken = ",".join(f"{code}={_BROKEN}" for code in self.bounds[item])
            state = self._ledger.add(state=f"IF(OR({broken}),4,{figure.state})").part(STATE)
            self._cells[state] = self._cells[figure.state]
            self._possible[item] = replace(figure, state=state)
        return self._possible[item]

    def filled(self, figure: Figure) -> str:
        """有(): whether something stands there, 不适用 included."""
        cell = self._cells[figure.state]
        return f"OR({cell.filled},{cell.noted})" if cell.noted else cell.filled

    def holds(self, figure: Figure) -> str:
        """Whether something stands there that is not 不适用."""
        return self._cells[figure.state].filled

    def missing(self) -> list[tuple[Position, str]]:
        """Every required cell that is neither computed nor printed, and whether it is blank."""
        cells = []
        for item in self.form.items.values():
            if item.required and item.fixed is None and item.id not in self.form.computed and item.role != "year":
                place = self.sheet.layout.positions[item.id]
                figure = self.items.get(item.id)
                text = "" if figure is not None else self._text(self.cell(place)).part(TEXT)
                cells.append((place, f"LEN({text})=0" if figure is None else f"NOT({self.filled(figure)})"))
        return cells

    @cached_property
    def whole(self) -> str:
        """1 where all amounts on the sheet are whole 万元, else 0; its formula is written when first asked for."""
        places = {self.place(item.id) for item in self.form.items.values() if item.kind == "amount"}
        places |= {
            place
            for list_id, slots in self.sheet.layout.slots.items()
            for slot in slots
            for column, place in slot.columns.items()
            if self.form.lists[list_id].columns[column].kind == "amount"
        }
        down = sorted(places, key=lambda place: (place[1], place[0]))
        areas = joined([cell_name(*place) for place in down]).split(",")
        finer = "+".join(f"SUMPRODUCT(--ISNUMBER(FIND({quoted_text('.')},{self._on_sheet(area)})))" for area in areas)
        return self._ledger.add(value=f"IF({finer}=0,1,0)").part(VALUE)

    def absent(self, item: str) -> str:
        """Whether an item is stated to be nothing: 0 or 不适用; a blank states nothing."""
        figure = self.items[item]
        noted = self._cells[figure.state].noted or "FALSE"
        return f"OR(AND({figure.state}=0,{figure.value}=0),{noted})"

    def _line_cell(self, list_id: str, places: list[Position]) -> str:
        """The cell of a column that stands beside the row of the calculation sheet in which it is asked for.

        The same formula in every line, which costs the file next to nothing.
        """
        area = range_name(*places[0], *places[-1], fixed=True)
        return f"INDEX({quoted_sheet(self.sheet.name)}!{area},ROW()-{self.rows[list_id]})"

    def _leaf(self, item: Item, cell: str) -> Figure:
        if item.is_figure:
            return self._figure(item, cell)
        return self._choice(cell) if item.kind == "choice" else self._words(item, cell)

    def _figure(self, item: Item, cell: str) -> Figure:
        record = self._ledger.next
        value, state, raw = (record.part(part) for part in (VALUE, STATE, RAW))
        text = squeezed(raw)
        is_exact, half = item.kind in ("count", "points"), f"{record.part(UNIT)}/2"
        figure = self._ledger.figure(
            value=f"IF({state}=0,{raw},0)",
            low=None if is_exact else f"{value}-{half}",
            high=None if is_exact else f"{value}+{half}",
            state=(
                f"IF(ISNUMBER({raw}),IF(ABS({raw})<{_TOO_LARGE},0,4),IF(ISTEXT({raw}),"
                f"IF({is_placeholder(text)},1,IF({is_not_applicable(text)},1,4)),4))"
            ),
            unit=_unit(item, value, state, cell, in_yuan=self.form.definition.money_unit == "元"),
        )
        self._ledger.put(record, RAW, f'IF({cell}="","",{cell})')
        noted = f"IF({state}=1,{is_not_applicable(text)},FALSE)"
        self._cells[figure.state] = _Cell(record, f"{state}<>1", noted)
        return figure

    def _choice(self, cell: str) -> Figure:
        """A grade in words as its rank; other words cannot be read."""
        record = self._text(cell)
        text, state = record.part(TEXT), record.part(STATE)
        words = [(word, rank) for rank, name in enumerate(NAMES) for word in words_of(name)]
        array = ",".join(quoted_text(word) for word, _ in words)
        ranks = ",".join(str(rank) for _, rank in words)
        readable = among(text, [word for word, _ in words])
        self._ledger.put(record, VALUE, f"SUMPRODUCT(({text}={{{array}}})*{{{ranks}}})")
        self._ledger.put(record, STATE, f"IF(LEN({text})=0,1,IF({readable},0,4))")
        self._cells[state] = _Cell(record, f"{state}<>1")
        return Figure(record.part(VALUE), record.part(VALUE), record.part(VALUE), state)

    def _words(self, item: Item, cell: str) -> Figure:
        """A text or measure, of which only is asked whether something stands there; its state is never a figure's."""
        record = self._text(cell)
        text = record.part(TEXT)
        if item.kind != "measure":
            self._cells[text] = _Cell(record, f"LEN({text})>0")
        else:
            noted = is_not_applicable(text)
            self._cells[text] = _Cell(record, f"NOT(OR({is_placeholder(text)},{noted}))", noted)
        return Figure("0", "0", "0", text)

    def _text(self, cell: str) -> Record:
        """The text of a cell without white space, in a record of its own; an error is text of some kind."""
        return self._ledger.add(text=f'IF(ISERROR({cell}),"#",{squeezed(cell)})')

    def _list(self, list_id: str) -> None:
        spec, slots = self.form.lists[list_id], self.sheet.layout.slots.get(list_id, [])
        self.lines[list_id] = {column: [] for column in spec.columns}
        self.names[list_id], self.exists[list_id] = [], []
        paired = _paired(self.form)
        self.rows[list_id] = self._ledger.rows(len(slots))
        for number in range(len(slots)):
            with self._ledger.line(self.rows[list_id] + number):
                name = self._text(self._line_cell(list_id, [line.name for line in slots]))
                self._ledger.put(name, VALUE, identifier(name.part(TEXT)) if list_id in paired else None)
                self.names[list_id].append(name)
                for column, item in spec.columns.items():
                    places = [line.columns[column] for line in slots]
                    self.lines[list_id][column].append(self._leaf(item, self._line_cell(list_id, places)))
                self.exists[list_id].append(self._ledger.add(value=self._exists(list_id, number)).part(VALUE))

    def _exists(self, list_id: str, slot: int) -> str:
        """A line is one when a column holds anything, or when it has a name and 不适用 in a column."""
        cells = [self._cells[figures[slot].state] for figures in self.lines[list_id].values()]
        filled = ",".join(cell.filled for cell in cells)
        noted = ",".join(cell.noted for cell in cells if cell.noted)
        named = f"NOT({is_no_name(self.names[list_id][slot].part(TEXT))})"
        return f"IF(OR({filled}{f',AND({named},OR({noted}))' if noted else ''}),1,0)"

    def _anything(self) -> str:
        """Whether the unit filled in any figure or line; what is printed or computed does not count."""
        inputs = [
            figure
            for item, figure in self.items.items()
            if self.form.items[item].is_figure
            and self.form.items[item].fixed is None
            and item not in self.form.computed
        ]
        conditions = []
        if inputs:
            conditions.append(f"{count([figure.state for figure in inputs], _ANYTHING)}>0")
            raws = joined([self._cells[figure.state].record.part(RAW) for figure in inputs])
            conditions += [
                f"SUMPRODUCT(--ISNUMBER(MATCH({squeezed(area)},{NOT_APPLICABLE_WORDS},0)))>0"
                for area in raws.split(",")
            ]
        conditions += [f"SUM({joined(lines)})>0" for lines in self.exists.values() if lines]
        conditions += [f"COUNTA({area})>0" for area in self._unread()]
        return f"IF(OR({','.join(conditions)}),1,0)" if conditions else "0"

    def _unread(self) -> list[str]:
        """The cells of lists that no rule reads."""
        areas = []
        for list_id, slots in self.sheet.layout.slots.items():
            if list_id not in self.lines and slots:
                for column in self.form.lists[list_id].columns:
                    first, last = slots[0].columns[column], slots[-1].columns[column]
                    areas.append(f"{quoted_sheet(self.sheet.name)}!{range_name(*first, *last)}")
        return areas

    def _project(self, number: int) -> str:
        """The code that the identity sheet has, else the name; the codes themselves are no part of the formula, so that
        the calculation sheet is the same for all units with as many projects."""
        item, name = self.form.item_with_role("instance"), '""'
        if item is not None:
            cell = self.cell(self.sheet.layout.positions[item.id])
            name = f'IF(ISERROR({cell}),"",TRIM({cell}&""))'
        if self.sheet.project is None:
            return name
        code = instance_code_cell(number)
        return f"IF(LEN({code})>0,{code},{name})"


def _lists_read(form: Form) -> list[str]:
    """The lists of a form that its own rules and bounds read."""
    rules = [*form.bounds, *form.rules]
    read = {ref.list_id for rule in rules for ref in refs(rule.node) if ref.list_id}
    read |= {rule.list_id for rule in rules if rule.list_id}
    return [list_id for list_id in form.lists if list_id in read]


def _paired(form: Form) -> set[str]:
    """The lists whose lines a rule ties to the lines of the same name of another list."""
    lists: set[str] = set()
    for rule in form.rules:
        read = {ref.list_id for ref in refs(rule.node) if ref.list_id}
        if rule.list_id is not None and read - {rule.list_id}:
            lists |= read | {rule.list_id}
    return lists


def _unit(item: Item, value: str, state: str, cell: str, *, in_yuan: bool) -> str:
    """One unit of the last place at which a figure counts, by its issued cell's number format; of 元 the last typed.

    A file whose formats were pasted over is read with its own.
    """
    if item.kind in ("count", "points"):
        return NO_UNIT
    least, most = span(item.kind, item.decimals, number_format(item.kind))
    if in_yuan and item.kind == "amount":
        least, most = 0, _FEN
    unit = f"10^-{_own_decimals(value, range(least, most + 1))}"
    # A program that does not know the function takes the figure for a typed one.
    unit = f"IF(IFERROR(_xlfn.ISFORMULA({cell}),FALSE),0,{unit})" if item.kind == "rate" else unit
    return f"IF({state}=0,{unit},0)"


def _own_decimals(value: str, tried: Iterable[int]) -> str:
    """The first number of decimals at which the value is all there, at 14 significant digits; else the last."""
    *before, formula = [str(places) for places in tried]
    for places in reversed(before):
        formula = f"IF(ABS({value}-ROUND({value},{places}))<=ABS({value})*1E-14,{places},{formula})"
    return formula
