"""Units of money that stand around the figures of a table, and which figures each of them governs.

What is printed at a column, a row or a block governs that; a statement of its own (单位：元, a title or heading with
its unit in brackets) governs what follows it, to the next one. The nearest counts.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from gouji.ingest.grid import Sheet
from gouji.ingest.locating.located import Located, Position
from gouji.templates.labels import normalised, squeezed
from gouji.templates.units import MONEY

_MONEY = "|".join(sorted(MONEY, key=len, reverse=True))
_OTHERS = r"(?:(?:人|个|辆|户|项|次|台|套|平方米|㎡|%)[、,，/ ]\s*)*"
_UNIT = rf"(?:人民币|RMB)?\s*({_MONEY}|万|亿)"
_END = r"(?![\w]|\s*/\s*人)"
_STATED = re.compile(rf"单位\s*[:：为是]?\s*[\(\[]?\s*{_OTHERS}{_UNIT}{_END}(?:\s*[\(/、,或]\s*{_UNIT}{_END})?")
_BRACKETED = re.compile(
    rf"[\(\[【]\s*(?:\w*单位\s*[:：]?)?\s*{_OTHERS}{_UNIT}\s*(?:[、,，]\s*[^\d\)\]】]{{1,6}})?[\)\]】]"
)
_CHOICE = re.compile(rf"[\(\[【]\s*(?:\w*单位\s*[:：]?)?\s*{_UNIT}\s*[/、,或]\s*{_UNIT}\s*[\)\]】]")
_BEHIND = re.compile(rf"[^\d\W][:：/,，]\s*{_UNIT}$")
_ALONE = re.compile(rf"[\(\[【]?\s*(?:\w*单位\s*[:：])?\s*{_UNIT}\s*[\)\]】]?")
_ONLY_LABEL = re.compile(r"(?:金额|货币|计量|资金|计价)?单位\s*[:：]?")
_LONGEST_LABEL = 60


class NamedUnits(NamedTuple):
    """The units of money that a text names; `standalone`: a statement of its own, not behind a label; `bare`: alone."""

    units: tuple[str, ...]
    standalone: bool
    bare: bool = False


_NOTHING = NamedUnits((), False)


@lru_cache(maxsize=65536)
def named_units(text: str) -> NamedUnits:
    """单位：元 → 元, standalone; 项目资金（元） → 元; 单位：元/万元 → both."""
    line = " ".join(unicodedata.normalize("NFKC", text).split())
    if alone := _ALONE.fullmatch(line):
        return NamedUnits((_full(alone[1]),), True, "单位" not in line)
    if len(line) <= _LONGEST_LABEL and (choice := _CHOICE.search(line)):
        return NamedUnits(_full_units(choice.groups()), False)
    stated = _STATED.search(_BRACKETED.sub("", line))
    if stated:
        return NamedUnits(_full_units(stated.groups()), True)
    if len(line) > _LONGEST_LABEL:
        return _NOTHING
    behind = _BRACKETED.search(line) or _BEHIND.search(line)
    return NamedUnits((_full(behind[1]),), False) if behind else _NOTHING


def _full(unit: str) -> str:
    return unit if unit in MONEY else f"{unit}元"


def _full_units(units: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_full(unit) for unit in units if unit))


@dataclass(frozen=True, slots=True)
class Statement:
    """A cell that names units of money: its first and last row and column, and its text."""

    top: int
    left: int
    bottom: int
    right: int
    named: NamedUnits
    text: str
    cell: str


@dataclass
class Governed:
    """Amount cells by the statement that governs them, and pairs of statements between which nothing decides."""

    by: dict[Position, Statement] = field(default_factory=dict)
    unclear: list[tuple[Statement, ...]] = field(default_factory=list)


def statements(located: Located) -> list[Statement]:
    """Every cell of the table outside its values that names a unit of money, from the top."""
    first, last = located.rows
    named = [statement for row in range(first, last + 1) for statement in _row_statements(located.sheet, row)]
    if not named:
        return []
    values = _value_cells(located)
    units = _unit_cells(located)
    bare = {statement for statement in named if statement.named.bare and (statement.top, statement.left) in units}
    return [statement for statement in named if (statement.top, statement.left) not in values or statement in bare]


def _row_statements(sheet: Sheet, row: int) -> Iterator[Statement]:
    values = sheet.rows[row]
    # Nothing that names a unit of money, nor asks for it, is without one of these.
    texts = "\n".join([value for value in values if isinstance(value, str)])
    if "元" not in texts and "单" not in texts:
        return
    label = ""  # 单位： in a cell of its own, the unit in the next one
    for column, value in enumerate(values):
        if not isinstance(value, str) or not value:
            continue
        named = named_units(value) if "元" in value or "单位" in value or label else _NOTHING
        if named.units:
            yield _statement(sheet, row, column, named._replace(bare=named.bare and not label), label + value)
        asked = _is_label if len(value) <= _LONGEST_LABEL else _is_label.__wrapped__
        label = value if asked(value) else ""


@lru_cache(maxsize=16384)
def _is_label(text: str) -> bool:
    return _ONLY_LABEL.fullmatch(squeezed(text)) is not None


def _statement(sheet: Sheet, row: int, column: int, named: NamedUnits, text: str) -> Statement:
    merged = next((merge for merge in sheet.merges if merge[:2] == (row, column)), None)
    bottom, right = (merged[2], merged[3]) if merged else (row, column)
    return Statement(row, column, bottom, right, named, "".join(text.split()), sheet.address(row, column))


def _value_cells(located: Located) -> set[Position]:
    """The cells in which a unit writes, labels that share a cell with their value left out."""
    spans = [place.span for place in located.places.values() if not place.after]
    spans += [place.span for line in located.lines for place in (line.name, *line.columns.values())]
    return {
        (row, column)
        for top, left, bottom, right in spans
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
    }


def _unit_cells(located: Located) -> set[Position]:
    """The cells behind the name of a line, left of its figures: a column of units (元) may stand there."""
    spans = [line.name.span for line in located.lines]
    return {(row, at) for row, left, _, right in spans for at in range(left + 1, right + 1)}


def governed(located: Located, stated: list[Statement], amounts: Mapping[Position, str]) -> Governed:
    """Which statement governs each of the amount cells (position → the unit that stands in the cell, else empty)."""
    table = _Table(located, stated, sorted(amounts))
    governing = Governed()
    for place in table.amounts:
        if not amounts[place]:
            table.govern(place, governing)
    table.contradict(governing)
    return governing


class _Table:
    """The statements of one table, sorted by what they govern."""

    def __init__(self, located: Located, stated: list[Statement], amounts: list[Position]) -> None:
        self.sheet = located.sheet
        self.values = _value_cells(located)
        self.amounts = amounts
        self.places = frozenset(amounts)
        self.rows = {row for row, _ in self.values.union(amounts)}
        self.units = {statement.named.units for statement in stated}
        self.in_row = Counter(statement.top for statement in stated)
        self.standalone: list[Statement] = []
        self.headings: list[Statement] = []
        self.labels: list[Statement] = []
        titles = [normalised(title) for title in located.form.titles]
        bare = Counter(statement.top for statement in stated if statement.named.bare)
        for statement in stated:
            if self._in_row(statement) or bare[statement.top] > 1:
                self.labels.append(statement)
            elif statement.named.standalone or any(title in normalised(statement.text) for title in titles):
                self.standalone.append(statement)
            else:
                (self.headings if self._is_heading(statement.top, statement.left) else self.labels).append(statement)

    def govern(self, place: Position, governing: Governed) -> None:
        """The nearest label governs, else the heading above, else the standalone statement."""
        columns = [statement for statement in self.labels if self._heads_column(statement, place)]
        rows = [statement for statement in self.labels if statement not in columns and self._leads(statement, place)]
        nearest = self._nearest(columns), self._nearest(rows)
        labels = [statement for statement in nearest if statement is not None]
        if len(labels) == 2 and labels[0].named != labels[1].named and self._is_row_label(labels[1]):
            governing.unclear.append(tuple(labels))
            return
        above = self._heading(place[0]) or self._statement(place[0])
        chosen = labels[0] if labels else above or self._followed(place)
        if chosen is not None:
            if len(chosen.named.units) > 1:
                governing.unclear.append((chosen,))
            else:
                governing.by[place] = chosen

    def contradict(self, governing: Governed) -> None:
        """Notes as unclear standalone statements that differ before the same figures, or one that governs none."""
        before: dict[int, list[Statement]] = {}
        rows = sorted({row for row, _ in self.amounts})
        for statement in self.standalone:
            before.setdefault(next((row for row in rows if row > statement.bottom), -1), []).append(statement)
        head = before.pop(-1, []) if rows else []
        groups = list(before.values())
        if groups and head:  # a note under the table speaks of the whole of it
            groups = [[*group, *head] for group in groups]
        elif head:
            groups = [head]
        for group in groups:
            if len({statement.named.units for statement in group}) > 1:
                governing.unclear.append(tuple(group))
        in_force = set(governing.by.values())
        units = {statement.named.units for statement in in_force}
        for statement in self.standalone:
            if in_force and statement not in in_force and units.isdisjoint({statement.named.units}):
                governing.unclear.append(
                    (statement, next(iter(sorted(in_force, key=lambda governor: (governor.top, governor.left)))))
                )

    def _in_row(self, statement: Statement) -> bool:
        """Whether amounts stand in the rows of a statement: then it is the label of a row."""
        return any(statement.top <= row <= statement.bottom for row, _ in self.amounts)

    def _beside_figures(self, label: Statement) -> bool:
        """Whether any figure stands in the rows of a label, be it read or not: then it is no head."""
        rows = self.sheet.rows[label.top : label.bottom + 1]
        return any(isinstance(value, int | float) for row in rows for value in row)

    def _is_text(self, row: int, column: int) -> bool:
        return isinstance(self.sheet.raw(row, column), str) and (row, column) not in self.values

    def _heads_column(self, label: Statement, place: Position) -> bool:
        row, column = place
        if not label.left <= column <= label.right or label.bottom >= row or self._beside_figures(label):
            return False
        return not self._cut(label, row, range(label.left, label.right + 1), column)

    def _cut(self, statement: Statement, row: int, columns: range, column: int) -> bool:
        """Whether another head begins between the figures that follow a statement and the row that is asked about."""
        below = [at for at, c in self.amounts if at > statement.bottom and c in columns]
        first = min(below, default=row)
        return any(self._is_text(at, column) for at in range(first, row))

    def _leads(self, label: Statement, place: Position) -> bool:
        row, column = place
        if label.named.standalone and self._in_row(label):
            return label.top <= row <= label.bottom
        if column <= label.right or row < label.top:
            return False
        if label.top <= row <= label.bottom:
            return not self._labelled_again(label, row, column)
        if self._beside_figures(label) or any(
            label.left <= c <= label.right for at, c in self.amounts if at > label.bottom
        ):
            return False
        end = self._end_of_side(label)
        if end is not None:
            return row < end
        return not self._cut(label, row, range(label.right + 1, self.sheet.width), column)

    def _labelled_again(self, label: Statement, row: int, column: int) -> bool:
        """Whether another label stands between the first figure of the row and the figure in `column`."""
        first = min((c for at, c in self.amounts if at == row and c > label.right), default=column)
        between = (
            at for at in range(first, column) if (row, at) not in self.places
        )  # an amount may share its label's cell
        return any(self._is_text(row, at) for at in between)

    def _end_of_side(self, label: Statement) -> int | None:
        """Where a label at the side ends whose merge is lost: at the next text below it, if figures come before."""
        below = range(label.bottom + 1, self.sheet.height)
        end = next((at for at in below if self.sheet.raw(at, label.left) is not None), self.sheet.height)
        covers = any(label.bottom < row < end and column > label.right for row, column in self.amounts)
        return end if covers else None

    def _is_row_label(self, label: Statement) -> bool:
        return self._in_row(label) and label.top == label.bottom

    def _followed(self, place: Position) -> Statement | None:
        """The label to the left, in a row above, whose rows go on down to the figure: parts below a total that has
        the unit beside it. Only where the table names one unit of money and no other; one row's label is its own.
        """
        if len(self.units) != 1:
            return None
        row, column = place
        return self._nearest(
            [
                label
                for label in self.labels
                if label.right < column
                and label.bottom < row
                and (not self._is_row_label(label) or self.in_row[label.top] > 1)
                and self.rows.issuperset(range(label.bottom + 1, row))
            ]
        )

    @staticmethod
    def _nearest(candidates: list[Statement]) -> Statement | None:
        return max(candidates, key=lambda statement: (statement.top, statement.left), default=None)

    def _heading(self, row: int) -> Statement | None:
        """The heading above, unless another heading, without a unit, stands between."""
        heading = self._nearest([heading for heading in self.headings if heading.bottom < row])
        if heading is None:
            return None
        between = (at for at in range(heading.bottom + 1, row) if not any(at == r for r, _ in self.amounts))
        return None if any(self._is_heading(at, heading.left) for at in between) else heading

    def _is_heading(self, row: int, column: int) -> bool:
        cells = [at for at in range(self.sheet.width) if self.sheet.raw(row, at) is not None]
        return cells == [column] and self._is_text(row, column)

    def _statement(self, row: int) -> Statement | None:
        """The standalone statement above, else the one under the table."""
        above = self._nearest([statement for statement in self.standalone if statement.bottom < row])
        return above or self._nearest([statement for statement in self.standalone if statement.top > row])
