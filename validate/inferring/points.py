"""分值 and 得分: no score above its points, the totals of both, 100 points in all, the score of the fund row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from ingest.undefined import Block
from templates.labels import squeezed
from templates.rules import quantity as q
from validate.inferring.sums import label
from validate.inferring.tie import Matrix, Tie, joined

CODE = "U-03"
_FULL = re.compile(r"分值|权重|满分|标准分|应得分|参考分")
_DEDUCTED = re.compile(r"^扣减?分")
_SCORE = re.compile(r"得分|自评分|评分$")
_IN_ALL = re.compile(r"^(?:总分|合计|总计|总得分|综合得分)")
_SUBTOTAL = re.compile(r"小计")
_HUNDRED = Decimal(100)
_ENOUGH = 5
"""Lines with points from which a table counts as filled in."""


@dataclass(frozen=True)
class _Scored:
    """A block with a column of points and one of scores. `above`: columns of points of whole groups of lines."""

    matrix: Matrix
    full: int
    score: int
    above: tuple[int, ...] = ()

    @property
    def lines(self) -> list[int]:
        """The rows that count: no totals."""
        rows = self.matrix.block.rows
        return [at for at, row in enumerate(rows) if not _is(row.printed, _IN_ALL) and not _is(row.printed, _SUBTOTAL)]

    @property
    def total(self) -> int | None:
        """The row of the total."""
        rows = self.matrix.block.rows
        return next((at for at, row in enumerate(rows) if _is(row.printed, _IN_ALL)), None)


def point_ties(blocks: Sequence[Block]) -> Iterator[Tie]:
    """Everything about points in one table; its blocks share one total."""
    scored = [found for block in blocks if (found := _scored(block)) is not None]
    for one in scored:
        yield from _within_points(one)
        yield from _by_rate(one)
        yield from _less_deducted(one)
        yield from _groups(one)
    totals = [one for one in scored if one.total is not None]
    if len(totals) == 1:
        yield from _hundred(totals[0])
        yield from _in_all(scored, totals[0])


def _scored(block: Block) -> _Scored | None:
    matrix = Matrix(block)
    points = matrix.columns("points")
    full = [at for at in points if _is(block.heads[at].label, _FULL)]
    score = [at for at in points if at not in full and _is(block.heads[at].label, _SCORE)]
    if not full or len(score) != 1:
        return None
    filled = {at: sum(matrix.filled((row, at)) for row in range(len(block.rows))) for at in full}
    most = [at for at in full if filled[at] == max(filled.values())]
    if len(most) != 1:
        return None
    above = (at for at in full if at < most[0] and filled[at])
    return _Scored(matrix, most[0], score[0], tuple(above))


def _groups(one: _Scored) -> Iterator[Tie]:
    """The points of a group are those of its lines, down to where the next group begins."""
    heads, rows = one.matrix.block.heads, one.matrix.block.rows
    for column in one.above:
        starts = [at for at in one.lines if one.matrix.filled((at, column))]
        ends = [*starts[1:], (one.total if one.total is not None else len(rows))]
        groups = [[at for at in one.lines if start <= at < end] for start, end in zip(starts, ends, strict=True)]
        if not starts or any(not lines for lines in groups):
            continue
        sums = [q.add([one.matrix.quantity([(at, one.full)], "points") for at in lines]) for lines in groups]
        places = [(at, column) for at in starts]
        rule = f"{heads[column].label} = 所属各行{heads[one.full].label}之和"
        yield Tie(
            CODE, "points", "=", [f"{rule}（{label(rows[at].printed)}）" for at in starts],
            one.matrix.quantity(places, "points"), joined(sums), one.matrix.cells(places),
            [one.matrix.cells([(at, one.full) for at in lines]) for lines in groups],
        )  # fmt: skip


def _within_points(one: _Scored) -> Iterator[Tie]:
    rows = [at for at in range(len(one.matrix.block.rows)) if one.matrix.filled((at, one.score))]
    if rows:
        yield _tie(one.matrix, "≤", rows, one.score, one.full, sure=True)


def _tie(matrix: Matrix, sign: str, rows: Sequence[int], left: int, right: int, *, sure: bool) -> Tie:
    heads = matrix.block.heads
    stated, other = ([(at, column) for at in rows] for column in (left, right))
    rule = f"{heads[left].label} {sign} {heads[right].label}"
    return Tie(
        CODE, "points", sign, [f"{rule}（{label(matrix.block.rows[at].printed)}）" for at in rows],
        matrix.quantity(stated, "points"), matrix.quantity(other, "points"), matrix.cells(stated),
        [matrix.cells([place]) for place in other], sure=sure,
    )  # fmt: skip


def _by_rate(one: _Scored) -> Iterator[Tie]:
    """The row of the money: 得分 = 分值 × 执行率, no more than 分值."""
    block = one.matrix.block
    rate = [at for at in one.matrix.columns("rate") if "执行率" in squeezed(block.heads[at].label)]
    # 合计 has the only score where the money of each source is no indicator.
    every = range(len(block.rows))
    rows = [at for at in every if one.matrix.filled((at, one.score)) and one.matrix.filled((at, one.full))]
    if len(rate) != 1 or len(rows) != 1:
        return
    score, full, share = ([(rows[0], column)] for column in (one.score, one.full, rate[0]))
    points = one.matrix.quantity(full, "points")
    product = q.multiply(points, one.matrix.quantity(share, "rate"))
    heads = block.heads
    yield Tie(
        CODE, "points", "=", [f"{heads[one.score].label} = {heads[one.full].label} × {heads[rate[0]].label}"],
        one.matrix.quantity(score, "points"), q.extreme(np.minimum, [points, product]), one.matrix.cells(score),
        [one.matrix.cells([*full, *share])], sure=True,
    )  # fmt: skip


def _less_deducted(one: _Scored) -> Iterator[Tie]:
    """得分 = 标准分 − 扣分, deductions with or without a minus."""
    matrix, heads = one.matrix, one.matrix.block.heads
    columns = [at for at in matrix.columns("points") if _is(heads[at].label, _DEDUCTED)]
    if len(columns) != 1:
        return
    needed = (one.full, columns[0], one.score)
    rows = [at for at in one.lines if all(matrix.filled((at, column)) for column in needed)]
    if not rows:
        return
    full, less, score = ([(at, column) for at in rows] for column in needed)
    taken = matrix.quantity(less, "points")
    size = q.exact(abs(taken.value), taken.state)
    rule = f"{heads[one.score].label} = {heads[one.full].label} − {heads[columns[0]].label}"
    yield Tie(
        CODE, "points", "=", [f"{rule}（{label(matrix.block.rows[at].printed)}）" for at in rows],
        matrix.quantity(score, "points"), q.subtract(matrix.quantity(full, "points"), size), matrix.cells(score),
        [matrix.cells(list(places)) for places in zip(full, less, strict=True)],
    )  # fmt: skip


def _hundred(one: _Scored) -> Iterator[Tie]:
    """100 points in all, where the total states points (no share) and the table is filled in."""
    place = (one.total or 0, one.full)
    stated = one.matrix.quantity([place], "points")
    lines = sum(one.matrix.filled((at, one.full)) for at in one.lines)
    if one.matrix.filled(place) and (stated.value[0] > _HUNDRED or (lines >= _ENOUGH and stated.value[0] > 1)):
        rule = f"{label(one.matrix.block.rows[place[0]].printed)}的{one.matrix.block.heads[one.full].label} = 100"
        hundred = q.constant(_HUNDRED, 1)
        yield Tie(CODE, "points", "=", [rule], stated, hundred, one.matrix.cells([place]), [[]], sure=True)


def _in_all(scored: Sequence[_Scored], last: _Scored) -> Iterator[Tie]:
    """The total and its lines, for points and scores alike: that one of them adds up tells that the lines are all."""
    row = last.total or 0
    places = [(row, column) for column in (last.full, last.score) if last.matrix.filled((row, column))]
    sums = []
    for column in ("full", "score"):
        lines = [
            one.matrix.quantity([(at, getattr(one, column))], "points")
            for one in scored
            for at in one.lines
        ]  # fmt: skip
        if (row, getattr(last, column)) in places:
            sums.append(q.add(lines) if lines else q.blank(1))
    if places and sums:
        heads = last.matrix.block.heads
        total = label(last.matrix.block.rows[row].printed)
        yield Tie(
            CODE, "points", "=", [f"{total}的{heads[at].label} = 各行{heads[at].label}之和" for _, at in places],
            last.matrix.quantity(places, "points"), joined(sums), last.matrix.cells(places), [[] for _ in places],
        )  # fmt: skip


def _is(text: str, words: re.Pattern[str]) -> bool:
    return words.search(squeezed(text)) is not None
