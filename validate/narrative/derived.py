"""Rates, shares, balances and changes of which a sentence does not have both figures.

They are worked out from the figures of the tables, of the sentence and of the rest of the report; where any of these
explains what is stated, nothing is said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property, partial
from itertools import product

import numpy as np
from numpy.typing import NDArray

from gouji.ingest.narrative.phrases import phrases
from gouji.ingest.narrative.statement import (
    AGAINST_PLAN,
    CHANGE,
    COMPLETION,
    COUNT,
    EXECUTION,
    GROWTH,
    LACKING,
    LAST_YEAR,
    LEFT,
    PLANNED,
    PROJECT_FUNDS,
    RECEIPT,
    RECEIVED,
    SHARE,
    SPENT,
    STAFFING,
)
from gouji.templates.form import Form
from gouji.templates.rules import quantity as q
from gouji.templates.rules.evaluate import evaluate
from gouji.templates.rules.naming import quoted
from gouji.templates.rules.nodes import Node, refs
from gouji.validate.figures import ReturnFigures, Tables
from gouji.validate.findings import Finding
from gouji.validate.inputs import inputs_of
from gouji.validate.lookup import picked
from gouji.validate.narrative.comparing import beyond
from gouji.validate.narrative.passages import Passage
from gouji.validate.narrative.stated import NOT_ASKED, WRONG, Stated
from gouji.validate.narrative.told import contradiction, label, where
from gouji.validate.wide import Wide

WORKED_OUT = "L-05"
_Operation = Callable[[q.Quantity, q.Quantity], q.Quantity]
_LEAST_RATE = Decimal("0.0005")
"""By how much a rate is off that is worked out from figures elsewhere, which may be rounded otherwise."""
_LEFT_OVER = re.compile(r"[，,]?(?:剩余|结余|尚余|节余|结转结余)(?:资金)?[为有]?")
_MOST = 64
"""Ways to work out one figure."""


@dataclass(frozen=True, slots=True)
class Operand:
    """A figure of an item, and how a finding calls it."""

    quantity: q.Quantity
    words: Callable[[], str]


@dataclass
class Known:
    """What is known of an item's figures: from the unit's tables, the bureau's table, and the report itself."""

    stated: Stated
    tables: Tables
    reference: Form | None
    asked: NDArray[np.int8]
    _columns: dict[tuple[int, str], list[q.Quantity]] = field(default_factory=dict)
    _rows: dict[int, dict[str, int]] = field(default_factory=dict)

    def operands(self, row: int, name: str) -> list[Operand]:
        """The figures that `name` may have beside the statement `row`."""
        if not self.settles(row):
            return list(self._said(row, name, only_here=True))
        return [*self.of_tables(row, name), *self._said(row, name)]

    def of_tables(self, row: int, name: str) -> Iterator[Operand]:
        """Those that the unit's tables and the bureau's have."""
        passage = self.stated.passage(row)
        yield from self._of_unit(passage, name)
        yield from self._of_reference(row, passage, name)

    def of_statement(self, row: int) -> Operand:
        """The figure of a statement itself."""
        return Operand(self.stated.at(np.array([row], np.intp)), partial(_worded, self.stated, [row]))

    def settles(self, row: int) -> bool:
        """Whether it is sure what a statement is of: what has no name in the report of a unit is of all its money only
        beside an amount that its tables know."""
        one = self.stated.rows[row]
        return (
            not one.implied
            or self.stated.passage(row).project
            or any(
                self.asked[other] != NOT_ASKED and self.stated.rows[other].item == one.item
                for other in range(max(0, row - _MOST), row)
                if self.stated.rows[other].passage == one.passage
            )
        )

    def _of_unit(self, passage: Passage, name: str) -> Iterator[Operand]:
        for number, wide in enumerate(self.tables.wides):
            spoken = wide.form.narrative.get(name) if wide.size else None
            place = self._place(number, wide, passage)
            if spoken is None or spoken.sign != "=" or place < 0:
                continue
            if (number, name) not in self._columns:
                figures = ReturnFigures(wide, self.tables)
                self._columns[number, name] = [evaluate(node, figures) for node in spoken.nodes]
            at = np.array([place], np.intp)
            for node, column in zip(spoken.nodes, self._columns[number, name], strict=True):
                figure = picked(column, at)
                if figure.known[0]:
                    yield Operand(figure, partial(self._cell, wide, node, at, passage, name))

    def _cell(self, wide: Wide, node: Node, at: NDArray[np.intp], passage: Passage, name: str) -> str:
        inputs = inputs_of(wide, self.tables, node, at, None)
        cells = "；".join(cell for operand in inputs if (cell := operand.at_row(0).cells))
        sheet = str(wide.rows[int(at[0])].sheet)
        return f"{where(passage, quoted(wide.form.name), cells, sheet)}的{name.replace('.', '')}"

    def _place(self, number: int, wide: Wide, passage: Passage) -> int:
        """The row of a table beside a passage: its own, else in a unit's report that of the unit's one table."""
        if passage.wide is wide:
            return passage.row
        if passage.project or wide.form.definition.per == "project":
            return -1
        if number not in self._rows:
            counts = wide.returns["adopted"].to_numpy(dtype=bool)
            self._rows[number] = {key: row for row, key in enumerate(wide.unit_key) if counts[row]}
        return self._rows[number].get(passage.key, -1)

    def _of_reference(self, row: int, passage: Passage, name: str) -> Iterator[Operand]:
        table = self.tables.reference
        if table is None or self.reference is None or passage.project or name not in self.reference.narrative:
            return
        column = next(refs(self.reference.narrative[name].nodes[0])).item.rpartition(".")[2]
        figure = table.quantity(column, self.stated.key[row : row + 1])
        if figure.known[0]:
            words = f"{quoted(self.reference.name)}的{name.replace('.', '')}"
            yield Operand(figure, lambda: words)

    def _said(self, row: int, name: str, *, only_here: bool = False) -> Iterator[Operand]:
        """What the report says of it: in the same sentence, else wherever it says one thing only."""
        one, (here, elsewhere) = self.stated.rows[row], self._places
        rows = here.get((one.passage, one.start, name), [])
        if not rows and not only_here:
            rows = elsewhere.get((_whose(self.stated.passage(row)), name), [])
            rows = rows[:1] if len({self.stated.quantity.value[other] for other in rows}) == 1 else []
        for other in rows:
            figure = self.stated.at(np.array([other], np.intp))
            yield Operand(figure, partial(_worded, self.stated, [other]))

    @cached_property
    def _places(self) -> tuple[dict[tuple[int, int, str], list[int]], dict[tuple[object, str], list[int]]]:
        """The statements by sentence and name, and by report and name those that may speak for the whole report; of a
        name that stands very often only so many as tell that."""
        here: dict[tuple[int, int, str], list[int]] = {}
        elsewhere: dict[tuple[object, str], list[int]] = {}
        own = self.stated.own & self.stated.quantity.known & self.stated.frame["funds"].eq("").to_numpy()
        for row in np.flatnonzero(own).tolist():
            one, name = self.stated.rows[row], str(self.stated.name[row])
            passage = self.stated.passage(row)
            here.setdefault((one.passage, one.start, name), []).append(row)
            same = elsewhere.setdefault((_whose(passage), name), [])
            if self.asked[row] != WRONG and (passage.project or not one.implied) and len(same) < _MOST:
                same.append(row)
        return here, elsewhere


def derived(stated: Stated, known: Known, asked: NDArray[np.int8]) -> Iterator[Finding]:
    """The statements that none of the figures from which they can be worked out explains."""
    frame = stated.frame
    of, against = frame["of"].to_numpy(dtype=np.intp), frame["against"].to_numpy(dtype=np.intp)
    of_all = stated.own & stated.quantity.known & frame["funds"].eq("").to_numpy()
    ratio = frame["aspect"].isin([SHARE, COMPLETION, EXECUTION]).to_numpy() & (of >= 0) & (against >= 0)
    changed = set(of[frame["aspect"].eq(CHANGE).to_numpy() & (of >= 0)].tolist())
    ratio |= frame["aspect"].eq(GROWTH).to_numpy() & np.isin(of, list(changed))  # told of the sentence itself
    against_plan = [AGAINST_PLAN + CHANGE, AGAINST_PLAN + GROWTH]
    derivable = [SHARE, COMPLETION, EXECUTION, RECEIPT, LEFT, LACKING, CHANGE, GROWTH, *against_plan]
    known_item = frame["item"].ne(COUNT) | frame["aspect"].eq(SHARE)
    wanted = ((frame["aspect"].isin(derivable) & known_item) | frame["item"].eq(STAFFING)).to_numpy()
    for row in np.flatnonzero(wanted & ~ratio & of_all & (asked == NOT_ASKED)).tolist():
        yield from _held_against(stated, row, _ways(known, row))
    yield from _parts(stated, known, asked)
    yield from _left_of_spent(stated, known)


def _left_of_spent(stated: Stated, known: Known) -> Iterator[Finding]:
    """全年发放救助金297万元，剩余13万元: what is left behind the amount that is all that a project spent."""
    for row in np.flatnonzero(np.equal(stated.name, COUNT) & stated.own & stated.quantity.known).tolist():
        one, spent = stated.rows[row], row - 1
        if _LEFT_OVER.fullmatch(one.label) is None or spent < 0 or not stated.passage(row).project:
            continue
        if not _same_sentence(stated, spent, row) or stated.rows[spent].unit != one.unit or one.exactness:
            continue
        figure = stated.at(np.array([spent], np.intp))
        money = f"{PROJECT_FUNDS}."
        of_all = list(known.of_tables(row, money + SPENT))
        if not any(beyond(figure, operand.quantity, "=", "amount")[0] <= 0 for operand in of_all):
            continue
        wholes = [operand for name in (PLANNED, RECEIVED) for operand in known.of_tables(row, money + name)]
        ways = ((q.Columns(1).subtract(whole.quantity, figure), whole, known.of_statement(spent)) for whole in wholes)
        yield from _held_against(stated, row, ways)


def _ways(known: Known, row: int) -> Iterator[tuple[q.Quantity, Operand, Operand]]:
    """What a statement should be, by every two figures from which it can be worked out."""
    one = known.stated.rows[row]
    item, columns = one.item, q.Columns(1)
    spent, last = [item, f"{item}.{SPENT}"], [f"{item}.{LAST_YEAR}"]
    planned, received = [f"{item}.{PLANNED}"], [f"{item}.{RECEIVED}"]
    divide, subtract = columns.divide, columns.subtract
    formulas: dict[str, list[tuple[_Operation, list[str], list[str]]]] = {
        EXECUTION: [(divide, spent, planned), (divide, spent, received)],
        COMPLETION: [(divide, spent, planned)],
        RECEIPT: [(divide, received, planned)],
        SHARE: [(divide, [item], _wholes(str(one.whole)))] if one.whole else [],
        LEFT: [(subtract, planned, spent), (subtract, received, spent)],
        LACKING: [(subtract, planned, received)],
        AGAINST_PLAN + CHANGE: [(subtract, [item], planned)],
        AGAINST_PLAN + GROWTH: [(_growth, [item], planned)],
        CHANGE: [(subtract, [item], last)],
        GROWTH: [(_growth, [item], last), (divide, [f"{item}.{CHANGE}"], last), (_grown, [f"{item}.{CHANGE}"], [item])],
    }
    staffing = [(divide, ["在职人数"], ["编制数"])]
    for operation, above, below in staffing if item == STAFFING else formulas[str(one.aspect)]:
        first = [operand for name in above for operand in known.operands(row, name)]
        if one.aspect == SHARE and one.of >= 0:
            first = [known.of_statement(int(one.of))]  # 工程款已拨付141万元，占项目资金的94%
        second = [operand for name in below for operand in known.operands(row, name)]
        for left, right in product(first, second):
            if one.aspect == EXECUTION and left.quantity.value[0] == right.quantity.value[0]:
                continue  # 预算总支出168万元，执行率91%: what is called a budget is what was spent
            yield operation(left.quantity, right.quantity), left, right


def _wholes(whole: str) -> list[str]:
    """The figures of which a share may be meant: of a project's money any that it has."""
    return [f"{whole}.{aspect}" for aspect in (PLANNED, RECEIVED, SPENT)] if whole == PROJECT_FUNDS else [whole]


def _growth(now: q.Quantity, last: q.Quantity) -> q.Quantity:
    columns = q.Columns(1)
    return columns.divide(columns.subtract(now, last), last)


def _grown(change: q.Quantity, now: q.Quantity) -> q.Quantity:
    columns = q.Columns(1)
    return columns.divide(change, columns.subtract(now, change))


def _held_against(stated: Stated, row: int, ways: Iterator[tuple[q.Quantity, Operand, Operand]]) -> Iterator[Finding]:
    found = [way for _, way in zip(range(_MOST), ways, strict=False) if way[0].known[0]]
    if not found:
        return
    figure, kind = stated.at(np.array([row], np.intp)), stated.kind(row)
    excess = [beyond(figure, expected, "=", kind)[0] for expected, _, _ in found]
    if min(excess) > (_LEAST_RATE if kind == "rate" else 0):
        expected, left, right = found[excess.index(min(excess))]
        yield contradiction(WORKED_OUT, stated, row, expected.value[0], one=left.words(), other=right.words())


# ---- parts whose whole stands elsewhere ----------------------------------------------------------------


def _parts(stated: Stated, known: Known, asked: NDArray[np.int8]) -> Iterator[Finding]:
    """A sentence with all parts of a whole, of which the whole stands in a table or in another sentence."""
    sentences: dict[tuple[int, int], dict[str, list[int]]] = {}
    rows = zip(stated.frame["passage"], stated.frame["start"], stated.name, stated.own, strict=True)
    for row, (passage, start, name, is_own) in enumerate(rows):
        if is_own and name in phrases().money and stated.quantity.known[row] and not stated.rows[row].funds:
            sentences.setdefault((passage, start), {}).setdefault(str(name), []).append(row)
    for by_name in sentences.values():
        for whole, names in phrases().all_parts:
            parts = [by_name.get(name, []) for name in names]
            if whole in by_name or any(len(named) != 1 for named in parts):
                continue
            yield from _whole_elsewhere(stated, known, whole, [named[0] for named in parts], asked)


def _whole_elsewhere(
    stated: Stated, known: Known, whole: str, parts: list[int], asked: NDArray[np.int8]
) -> Iterator[Finding]:
    if (asked[parts] == WRONG).any() or (asked[parts] != NOT_ASKED).all():
        return
    blamed = [row for row in parts if asked[row] == NOT_ASKED][-1]
    others = [row for row in parts if row != blamed]
    places = np.array(others, np.intp)
    rest = q.total_by(np.zeros(len(others), np.intp), 1, stated.at(places))
    ways = (
        (q.Columns(1).subtract(operand.quantity, rest), operand, Operand(rest, partial(_worded, stated, others)))
        for operand in known.operands(blamed, whole)
    )
    yield from _held_against(stated, blamed, ways)


def _worded(stated: Stated, rows: Sequence[int]) -> str:
    return "、".join(f"{label(stated, row)}{stated.rows[row].printed}" for row in rows)


def _whose(passage: Passage) -> object:
    return (id(passage.wide), passage.row) if passage.project else passage.key


def _same_sentence(stated: Stated, first: int, second: int) -> bool:
    one, other = stated.rows[first], stated.rows[second]
    return bool((one.passage, one.start) == (other.passage, other.start))
