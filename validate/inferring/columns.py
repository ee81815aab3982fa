"""What ties the columns of a block: rates and the figures that make them, 执行 and 预算, 结余."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

import numpy as np

from gouji.ingest.locating.undefined import Block
from gouji.templates.labels import squeezed
from gouji.templates.rules import quantity as q
from gouji.validate.inferring.sums import label
from gouji.validate.inferring.tie import Matrix, Tie

RATE, LIMIT, BALANCE = "U-02", "U-04", "U-05"
_RATES = re.compile(r"执行率|完成率|支付率|控制率|到位率|支出率")
_DONE = re.compile(r"执行|支出|决算|完成|实际|到位|支付|在职")
_PLANNED = re.compile(r"预算|计划|编制|批复|核定|目标|下达")
_IN_FORCE = re.compile(r"全年预算|调整后?预算|调整后")
_EXECUTED = re.compile(r"执行")
_REST, _RECEIVED, _SPENT = (
    re.compile(r"^结余|^结转结余"),
    re.compile(r"到位"),
    re.compile(r"实际支出|支出数|支出$|使用"),
)


def is_measured(label: str) -> bool:
    """Whether a label names what is planned, what is done, or the rate of both."""
    return any(words.search(squeezed(label)) for words in (_RATES, _DONE, _PLANNED, _REST))


def rates(block: Block) -> Iterator[Tie]:
    """执行率 and its like, and the pair of columns that makes it: where several may, the one that does in most rows.

    A rate that any other pair explains (支出 ÷ 到位 for 支出 ÷ 计划) is not wrong in its row.
    """
    matrix = Matrix(block)
    for rate in matrix.columns("rate"):
        if not _RATES.search(squeezed(block.heads[rate].label)):
            continue
        rows = [row for row in range(len(block.rows)) if matrix.filled((row, rate))]
        ties = [_rate(matrix, rate, rows, *pair) for pair in _pairs(block)] if rows else []
        if not ties:
            continue
        best = max(ties, key=lambda tie: int(tie.holds.sum()))
        others = [_rate(matrix, rate, rows, *pair) for pair in _other_pairs(block)]
        if best.holds.any() or len(ties) == 1:
            explained = np.any([tie.holds for tie in (*ties, *others)], axis=0)
            yield replace(best, disputed=explained & ~best.holds)


def _pairs(block: Block) -> list[tuple[int, int]]:
    """Done over planned, as far as the heads tell."""
    heads = block.heads
    figures = [column for column, head in enumerate(heads) if head.kind in {"amount", "count", "quantity"}]
    done = [column for column in figures if _is(block, column, _DONE) and not _is(block, column, _PLANNED)]
    planned = [column for column in figures if _is(block, column, _PLANNED)]
    return [
        (top, bottom) for top, bottom in product(done, planned) if block.heads[top].kind == block.heads[bottom].kind
    ]


def _other_pairs(block: Block) -> list[tuple[int, int]]:
    """What is done over any column before it that the heads do not call planned: 支出数 ÷ 到位数."""
    known = set(_pairs(block))
    figures = [column for column, head in enumerate(block.heads) if head.kind in {"amount", "count", "quantity"}]
    done = [column for column in figures if _is(block, column, _DONE)]
    pairs = [(top, bottom) for top in done for bottom in figures if bottom < top]
    return [pair for pair in pairs if pair not in known and len({block.heads[column].kind for column in pair}) == 1]


def _rate(matrix: Matrix, rate: int, rows: Sequence[int], top: int, bottom: int) -> Tie:
    block, kind = matrix.block, matrix.block.heads[top].kind
    over, under = ([(row, column) for row in rows] for column in (top, bottom))
    rule = f"{block.heads[rate].label} = {block.heads[top].label} ÷ {block.heads[bottom].label}"
    stated = [(row, rate) for row in rows]
    return Tie(
        RATE, "rate", "=", [f"{rule}（{label(block.rows[row].printed)}）" for row in rows],
        matrix.quantity(stated, "rate"), q.divide(matrix.quantity(over, kind), matrix.quantity(under, kind)),
        matrix.cells(stated), [matrix.cells([above, below]) for above, below in zip(over, under, strict=True)],
        sure=len(_pairs(block)) == 1,
    )  # fmt: skip


def limits(block: Block) -> Iterator[Tie]:
    """执行数 ≤ the budget in force (全年预算数, 调整后预算数)."""
    matrix = Matrix(block)
    amounts = matrix.columns("amount")
    spent = [column for column in amounts if _is(block, column, _EXECUTED) and not _is(block, column, _PLANNED)]
    budget = [column for column in amounts if _is(block, column, _IN_FORCE)]
    if len(spent) == len(budget) == 1:
        yield from _compared(matrix, LIMIT, "≤", spent[0], budget, sure=True)


def balances(block: Block) -> Iterator[Tie]:
    """结余 = 到位 − 支出."""
    matrix = Matrix(block)
    amounts = matrix.columns("amount")
    columns = [[column for column in amounts if _is(block, column, words)] for words in (_REST, _RECEIVED, _SPENT)]
    if all(len(candidates) == 1 for candidates in columns) and len(
        {column for candidates in columns for column in candidates}
    ) == len(columns):
        (rest,), (received,), (spent,) = columns
        yield from _compared(matrix, BALANCE, "=", rest, [received, spent], sure=False)


def _compared(matrix: Matrix, code: str, sign: str, left: int, right: Sequence[int], *, sure: bool) -> Iterator[Tie]:
    """A column against another, or against the first of several less the others, in every row."""
    block = matrix.block
    rows = [row for row in range(len(block.rows)) if matrix.filled((row, left))]
    if not rows:
        return
    stated = [(row, left) for row in rows]
    terms = [[(row, column) for row in rows] for column in right]
    expected = matrix.quantity(terms[0], "amount")
    for places in terms[1:]:
        expected = q.subtract(expected, matrix.quantity(places, "amount"))
    rule = f"{block.heads[left].label} {sign} {' − '.join(block.heads[column].label for column in right)}"
    yield Tie(
        code, "amount", sign, [f"{rule}（{label(block.rows[row].printed)}）" for row in rows],
        matrix.quantity(stated, "amount"), expected, matrix.cells(stated),
        [matrix.cells([places[number] for places in terms]) for number in range(len(rows))], sure=sure,
    )  # fmt: skip


def _is(block: Block, column: int, words: re.Pattern[str]) -> bool:
    head = block.heads[column]
    return words.search(squeezed(head.label)) is not None
