"""A rule on one sheet, or in one line of a list → its verdict, as a row of the calculation sheet.

The same verdicts as `validate.judge` gives for the returned file; docs/semantics.md is the table for both.
"""

from __future__ import annotations

from dataclasses import dataclass

from gouji.templates.model import ACROSS, SCORING
from gouji.templates.precision import WHOLE_FROM
from gouji.templates.rules.expand import Rule
from gouji.templates.rules.nodes import Compare, Filled, Node, alternatives, demanded
from gouji.templates.selfcheck.arithmetic import Formulas
from gouji.templates.selfcheck.ledger import NO_UNIT, VALUE, Figure, Record
from gouji.templates.selfcheck.table import Table
from gouji.templates.selfcheck.workbook import Sheets

AGREES, ROUNDING, DIFFERS, OPEN, IDLE, UNUSED, LEFT = range(7)
"""The codes of verdicts: 相符, 尾差, 不符, 无法核对 (待填), 无法核对 that asks nothing of the unit, nothing there to
judge, and what a formula cannot read and leaves to gouji."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One judgement: the rule's stated item (with `slot`, in that line of its list), the cell of its verdict code.

    `stated`, `expected`: the figures compared, None where the rule compares none; `kind`: what they are.
    """

    item: str
    slot: int | None
    record: Record
    stated: Figure | None = None
    expected: Figure | None = None
    kind: str | None = None

    @property
    def code(self) -> str:
        """The verdict's cell on the calculation sheet."""
        return self.record.part(VALUE)


def judged(rule: Rule, sheets: Sheets, table: Table, slot: int | None = None) -> Judged:
    """The verdict of a rule on a sheet, or in the line `slot` of its list."""
    conditions, demand = demanded(rule.node)
    unknown = UNUSED if rule.is_bound else IDLE if rule.optional or conditions else OPEN
    stated = expected = kind = None
    if isinstance(demand, Compare):
        scored = rule.layer == SCORING
        stated, *parts = (
            sheets.figure(side, table, rule.list_id, slot or 0, scored=scored)
            for side in (demand.left, *alternatives(demand.right))
        )
        formulas = Formulas(sheets.ledger)
        expected = parts[0] if len(parts) == 1 else formulas.nearest(stated, parts, demand.left.kind)
        whole = _whole(rule, demand, sheets, table, stated, expected)
        code, kind = _compared(rule, demand, stated, expected, unknown, whole, formulas), demand.left.kind
    else:
        code = _truth(demand, sheets, table, rule.list_id, slot or 0)
    if conditions:
        code = _where_met([_truth(condition, sheets, table, rule.list_id, slot or 0) for condition in conditions], code)
    if not rule.is_bound:
        exists = None if slot is None else table.exists[rule.list_id or ""][slot]
        code = in_use(code, table, exists, unknown)
    # A bound asks nothing of a blank, in use or not; without these conditions its formula is the same for all items.
    record = sheets.ledger.add(value=code)
    if rule.is_bound and slot is None:
        table.bounds.setdefault(rule.item, []).append(record.part(VALUE))
    return Judged(rule.item, slot, record, stated, expected, kind)


def in_use(code: str, table: Table, exists: str | None = None, unknown: int = OPEN) -> str:
    """The code where the table, and the line, is in use; a spare sheet that is not has no verdicts."""
    if exists is not None:
        return f"IF({exists}=0,{UNUSED},{code})"
    return f"IF({table.active}=0,{UNUSED if table.sheet.spare else unknown},{code})"


def _compared(
    rule: Rule, node: Compare, stated: Figure, expected: Figure, unknown: int, whole: list[str], formulas: Formulas
) -> str:
    _, agrees, near = formulas.comparison(node.sign, stated, expected, node.left.kind)
    if node.sign == "=":
        near = _equal_within(stated, expected, str(near), whole, formulas)
    # Nothing stated and 0 over 0: nothing was planned and nothing spent, there is no rate to state.
    idle = f"IF(AND({stated.state}=1,{expected.state}=2),{IDLE},{unknown})"
    known = f"MAX({stated.state},{expected.state})=0"
    holds = UNUSED if rule.is_bound else AGREES
    amiss = DIFFERS if near is None else f"IF({near},{ROUNDING},{DIFFERS})"
    return f"IF({known},IF({agrees},{holds},{amiss}),{idle if unknown == OPEN else unknown})"


def _equal_within(stated: Figure, expected: Figure, meets: str, whole: list[str], formulas: Formulas) -> str:
    """尾差: the intervals meet, the stated figure is the exact one cut off, or the whole 万元 of it across tables."""
    near = [meets]
    if stated.unit != NO_UNIT:
        near.append(formulas.is_cut_off(stated.value, expected.value, stated.unit))
    near += whole
    return near[0] if len(near) == 1 else f"OR({','.join(near)})"


def _whole(rule: Rule, node: Compare, sheets: Sheets, table: Table, stated: Figure, expected: Figure) -> list[str]:
    """Across tables, a whole 万元 that is the rounding of the other figure, where its table shows nothing finer."""
    if rule.layer not in ACROSS or node.left.kind != "amount" or node.sign != "=":
        return []
    pairs = ((node.left, stated, expected), (node.right, expected, stated))
    return [
        f"AND({sheets.whole(table, side)}=1,ABS({rounded.value})>={WHOLE_FROM},"
        f"ABS(ROUND({exact.value},0)-{rounded.value})<1E-9)"
        for side, rounded, exact in pairs
    ]


def _where_met(conditions: list[str], code: str) -> str:
    """若: kept where a condition is false; undecided where one is unknown, unless the demand holds anyway."""
    excluded = f"OR({','.join(f'({condition})=2' for condition in conditions)})"
    arises = f"AND({','.join(f'({condition})=0' for condition in conditions)})"
    return f"IF({excluded},{AGREES},IF({arises},{code},IF(({code})={AGREES},{AGREES},{IDLE})))"


def _truth(node: Node, sheets: Sheets, table: Table, list_id: str | None, slot: int) -> str:
    """A condition as a code: 0 true, 2 false, 3 cannot be told."""
    match node:
        case Filled(ref=ref, nothing=nothing):
            figure = sheets.figure(ref, table, list_id, slot)
            return f"IF({table.filled(figure)},{'2,0' if nothing else '0,2'})"
        case Compare(sign=sign, left=left, right=right):
            left_figure, right_figure = (sheets.figure(side, table, list_id, slot) for side in (left, right))
            formulas = Formulas(sheets.ledger)
            holds = formulas.compared(sign, formulas.settled(f"{left_figure.value}-{right_figure.value}", left.kind))
            return f"IF(MAX({left_figure.state},{right_figure.state})=0,IF({holds},0,2),3)"
        case _:
            raise TypeError(f"{type(node).__name__} is no condition")
