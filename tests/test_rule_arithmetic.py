"""Every operation of rules, in columns and in formulas, against a third reckoning of single figures in `decimal`."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from xlsxwriter import Workbook

from gouji.templates.rules import quantity as q
from gouji.templates.rules.arithmetic import Arithmetic
from gouji.templates.selfcheck.arithmetic import Formulas
from gouji.templates.selfcheck.ledger import Figure, Ledger
from gouji.templates.selfcheck.names import LEDGER_SHEET
from gouji.validate.residuals import gap
from tests.oracle import arithmetic as oracle
from tests.recalculation import recalculated

Operands = Sequence[oracle.Figure]
STATES = {
    oracle.FILLED: q.OK, oracle.BLANK: q.BLANK, oracle.BOTH_ZERO: q.BOTH_ZERO, oracle.ZERO: q.ZERO, oracle.BAD: q.BAD,
}  # fmt: skip
"""The oracle's words for states as ours; of what spoils, the worst counts."""


def quotient(left: oracle.Figure, right: oracle.Figure) -> oracle.Figure:
    """Of two rounded figures no rounding explains one unit of the last place of the coarser one."""
    result = oracle.divide(left, right)
    if not result.known or left.unit is None or right.unit is None:
        return result
    most = max(left.unit, right.unit) * Decimal("0.999") / abs(right.value)
    return replace(result, low=max(result.low, result.value - most), high=min(result.high, result.value + most))


def most(parts: Operands) -> oracle.Figure:
    """最大 and 最小 keep the coarsest last place of their parts, since any of them may be the one."""
    negated = [replace(part, value=-part.value, low=-part.high, high=-part.low) for part in parts]
    result = least(negated)
    return replace(result, value=-result.value, low=-result.high, high=-result.low)


def least(parts: Operands) -> oracle.Figure:
    result = oracle.least(parts)
    return replace(result, unit=oracle.add(parts, "amount").unit) if result.known else result


def magnitude(part: oracle.Figure) -> oracle.Figure:
    result = oracle.magnitude(part)
    return replace(result, low=Decimal(0)) if part.low <= 0 <= part.high else result


def rounded(part: oracle.Figure) -> oracle.Figure:
    return replace(oracle.exact(part.value.quantize(Decimal("0.1"), ROUND_HALF_UP)), state=part.state)


def ranked(part: oracle.Figure) -> oracle.Figure:
    return replace(oracle.exact(Decimal(sum(part.value >= points for points in (60, 80, 90)))), state=part.state)


def nearest(stated: oracle.Figure, parts: Operands) -> oracle.Figure:
    """任一: the nearest of those that are known; a spoilt one leaves it open unless another equals what is stated."""
    known = [part for part in parts if part.known]
    worst = max(parts, key=lambda part: STATES[part.state])
    result = min(known, key=lambda part: abs(part.value - stated.value)) if known else worst
    equal = bool(known) and abs(result.value - stated.value) < Decimal("0.0000005")
    return result if equal or STATES[worst.state] <= q.BLANK else worst


OPERATIONS: dict[str, tuple[Callable[[Arithmetic[Any], Any, Any, Any], Any], Callable[..., oracle.Figure]]] = {
    "a + b + c": (lambda on, a, b, c: on.add([a, b, c]), lambda a, b, c: oracle.add([a, b, c], "amount")),
    "a - b": (lambda on, a, b, c: on.subtract(a, b), lambda a, b, c: oracle.subtract(a, b)),
    "a × b": (lambda on, a, b, c: on.multiply(a, b), lambda a, b, c: oracle.multiply(a, b)),
    "a ÷ b": (lambda on, a, b, c: on.divide(a, b), lambda a, b, c: quotient(a, b)),
    "b ÷ a": (lambda on, a, b, c: on.divide(b, a), lambda a, b, c: quotient(b, a)),
    "最大": (lambda on, a, b, c: on.extreme("最大", [a, b, c]), lambda a, b, c: most([a, b, c])),
    "最小": (lambda on, a, b, c: on.extreme("最小", [a, b, c]), lambda a, b, c: least([a, b, c])),
    "|a|": (lambda on, a, b, c: on.absolute(a), lambda a, b, c: magnitude(a)),
    "舍入": (lambda on, a, b, c: on.round_to(a, 1), lambda a, b, c: rounded(a)),
    "等次": (lambda on, a, b, c: on.ranked(a), lambda a, b, c: ranked(a)),
    "任一": (lambda on, a, b, c: on.nearest(a, [b, c], "amount"), lambda a, b, c: nearest(a, [b, c])),
    "任一 of three": (
        lambda on, a, b, c: on.nearest(a, [b, c, on.add([b, c])], "amount"),
        lambda a, b, c: nearest(a, [b, c, oracle.add([b, c], "amount")]),
    ),
    "(a - b) + c": (
        lambda on, a, b, c: on.add([on.subtract(a, b), c]),
        lambda a, b, c: oracle.add([oracle.subtract(a, b), c], "amount"),
    ),
    "(a + c) ÷ (b + c)": (
        lambda on, a, b, c: on.divide(on.add([a, c]), on.add([b, c])),
        lambda a, b, c: quotient(oracle.add([a, c], "amount"), oracle.add([b, c], "amount")),
    ),
    "|a - b|": (
        lambda on, a, b, c: on.absolute(on.subtract(a, b)),
        lambda a, b, c: magnitude(oracle.subtract(a, b)),
    ),
}


def operand(dice: random.Random) -> oracle.Figure:
    state = dice.choice([oracle.FILLED] * 8 + [oracle.BLANK] * 2 + [oracle.BAD])
    if state != oracle.FILLED:
        return oracle.Figure(state)
    figure = Decimal(dice.randint(-(10 ** dice.randint(1, 5)), 10 ** dice.randint(1, 7))).scaleb(-dice.randint(0, 3))
    value = dice.choice([Decimal(0), Decimal("0.01"), Decimal(100), *[figure] * 5])
    exact = dice.random() < 0.2
    return oracle.exact(value) if exact else oracle.rounded(value, dice.choice([0, 1, 2, 2, 2, 4]), "amount")


def cases(seed: int, size: int) -> list[list[oracle.Figure]]:
    """Three operands each; of some the second equals the first, as what is stated often does."""
    dice = random.Random(seed)
    rows = [[operand(dice) for _ in range(3)] for _ in range(size)]
    for row in rows:
        if dice.random() < 0.3:
            row[1] = row[0]
    return rows


def column(figures: Operands, *, exact: bool) -> q.Quantity:
    state = np.array([STATES[part.state] for part in figures], np.int8)
    value, low, high = (
        np.array([getattr(part, end) for part in figures], dtype=object) for end in ("value", "low", "high")
    )
    if exact:
        return q.exact(value, state)
    return q.Quantity(value, low, high, state, np.array([part.unit or Decimal(0) for part in figures], dtype=object))


def unrounded(figure: oracle.Figure) -> oracle.Figure:
    return replace(figure, low=figure.value, high=figure.value, unit=None)


@pytest.mark.parametrize("exact", [False, True])
@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_operation_in_columns_is_that_of_single_figures(operation: str, exact: bool) -> None:
    rows = cases(13, 300)
    if exact:
        rows = [[unrounded(part) for part in row] for row in rows]
    work, expect = OPERATIONS[operation]
    result = work(q.Columns(len(rows)), *(column(figures, exact=exact) for figures in zip(*rows, strict=True)))
    for number, row in enumerate(rows):
        expected = expect(*row)
        assert result.state[number] == STATES[expected.state], row
        if expected.known:
            stated = result.value[number], result.low[number], result.high[number], result.unit[number] or None
            assert stated == (expected.value, expected.low, expected.high, expected.unit), row


@pytest.mark.deep
@pytest.mark.libreoffice
def test_an_operation_in_formulas_is_that_of_single_figures(tmp_path: Path) -> None:
    rows, ledger = cases(14, 200), Ledger()
    made = [(row, name, work(Formulas(ledger), *(written(part, ledger) for part in row)))
            for row in rows for name, (work, _) in OPERATIONS.items()]  # fmt: skip
    with Workbook(str(tmp_path / "ledger.xlsx")) as workbook:
        workbook.add_worksheet("表")
        ledger.write(workbook)
    (tmp_path / "out").mkdir()
    path = recalculated([tmp_path / "ledger.xlsx"], tmp_path / "out")["ledger"]
    sheet = openpyxl.load_workbook(path, data_only=True)[LEDGER_SHEET]

    def calculated(term: str) -> float:
        return float(term) if term.replace(".", "").isdigit() else float(sheet[term].value)

    for row, name, figure in made:
        expected = OPERATIONS[name][1](*row)
        assert calculated(figure.state) == STATES[expected.state], (name, row)
        if expected.known:
            stated = [calculated(term) for term in (figure.value, figure.low, figure.high, figure.unit)]
            exact = [float(end) for end in (expected.value, expected.low, expected.high, expected.unit or 0)]
            assert stated == pytest.approx(exact, rel=1e-9, abs=1e-9), (name, row)


def written(figure: oracle.Figure, ledger: Ledger) -> Figure:
    """An operand as the cells of a form are: 0 throughout where it is not there."""
    ends = [f"{end:f}+0" for end in (figure.low, figure.high)]
    is_exact = figure.known and figure.unit is None
    return ledger.figure(
        f"{figure.value:f}+0", None if is_exact else ends[0], None if is_exact else ends[1],
        f"{STATES[figure.state]}+0", "0" if is_exact else f"{figure.unit or 0:f}+0",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("sign", "stated", "expected", "explained"),
    [
        ("≤", "1.004", "1.00", True),
        ("≤", "1.008", "1.00", False),
        ("≤", "1.00", "0.996", True),
        ("≤", "1.00", "0.992", False),
        ("≥", "0.996", "1.00", True),
        ("≥", "0.992", "1.00", False),
        ("≥", "1.00", "1.004", True),
        ("≥", "1.00", "1.008", False),
        ("=", "1.004", "1.00", True),
        ("=", "1.008", "1.00", False),
        ("=", "0.992", "1.00", False),
    ],
)
def test_rounding_explains_what_the_ends_of_unlike_decimals_reach(
    sign: str, stated: str, expected: str, explained: bool
) -> None:
    """1.00 is anything from 0.995 to 1.005: 1.004 may be no more than it, 1.008 is more, though by less than a unit."""
    sides = [_shown(figure) for figure in (stated, expected)]
    difference, excess = gap(sign, *sides, "amount")
    assert difference.tolist() == [Decimal(stated) - Decimal(expected)]
    assert excess.tolist() == [Decimal(0) if explained else abs(Decimal(stated) - Decimal(expected))]


def _shown(figure: str) -> q.Quantity:
    decimals = -int(Decimal(figure).as_tuple().exponent)
    return q.rounded(
        np.array([Decimal(figure)], dtype=object), np.array([q.OK], np.int8), np.array([decimals], np.int16)
    )
