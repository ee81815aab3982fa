"""分值 and 得分: no score above its points, the totals of both, 100 points in all, the score of the fund row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from gouji.ingest.locating.undefined import Block
from gouji.templates.labels import squeezed
from gouji.templates.rules import quantity as q
from gouji.validate.inferring.sums import label
from gouji.validate.inferring.tie import Matrix, Tie, joined

CODE = "U-03"
_FULL = re.compile(r"分值|权重|满分|标准分|应得分|参考分")
_DEDUCTED = re.compile(r"^扣减?分")
_ADDED = re.compile(r"^(?:加|奖励|附加)分")
_OWN = re.compile("自评")
_SCORE = re.compile(r"得分|自评分|评分$")
_IN_ALL = re.compile(r"^(?:总分|合计|总计|总得分|综合得分)")
_SUBTOTAL = re.compile(r"小计")
_HUNDRED = Decimal(100)
_ENOUGH = 5
"""Lines with points from which a table counts as filled in."""


@dataclass(frozen=True)
class _Scored:
    """A block with a column of points and one of scores.

    `above`: columns of points of whole groups of lines; `beside`: other columns of points per line (复核得分, 扣分).
    """

    matrix: Matrix
    full: int
    score: int
    above: tuple[int, ...] = ()
    beside: tuple[int, ...] = ()

    def column(self, words: re.Pattern[str]) -> int | None:
        """The one column of points beside those of every table that is called so."""
        found = [at for at in self.beside if _is(self.matrix.block.heads[at].label, words)]
        return found[0] if len(found) == 1 else None

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

    @property
    def subtotals(self) -> dict[int, list[int]]:
        """Row of a 小计 → the lines above it, down from the one before."""
        rows = self.matrix.block.rows
        places = [at for at, row in enumerate(rows) if _is(row.printed, _SUBTOTAL)]
        return {
            at: [line for line in self.lines if before < line < at]
            for before, at in zip([-1, *places], places, strict=False)
        }


def point_ties(blocks: Sequence[Block]) -> Iterator[Tie]:
    """Everything about points in one table; its blocks share one total."""
    scored = [found for block in blocks if (found := _scored(block)) is not None]
    for one in scored:
        yield from _within_points(one)
        yield from _by_rate(one)
        yield from _less_deducted(one)
        yield from _groups(one)
        yield from _subtotals(one)
    totals = [one for one in scored if one.total is not None]
    if len(totals) == 1:
        yield from _hundred(totals[0])
        yield from _in_all(scored, totals[0])


def _scored(block: Block) -> _Scored | None:
    matrix = Matrix(block)
    points = matrix.columns("points")
    full = [at for at in points if _is(block.heads[at].label, _FULL)]
    score = [at for at in points if at not in full and _is(block.heads[at].label, _SCORE)]
    if len(score) > 1:  # 自评得分 and 复核得分
        score = [at for at in score if _is(block.heads[at].label, _OWN)]
    if not full or len(score) != 1:
        return None
    filled = {at: sum(matrix.filled((row, at)) for row in range(len(block.rows))) for at in full}
    most = [at for at in full if filled[at] == max(filled.values())]
    if len(most) != 1:
        return None
    above = (at for at in full if at < most[0] and filled[at])
    beside = (at for at in points if at not in full and at != score[0])
    return _Scored(matrix, most[0], score[0], tuple(above), tuple(beside))


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
    if rows and one.column(_ADDED) is None:
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
        one.matrix.quantity(score, "points"), q.extreme("最小", [points, product]), one.matrix.cells(score),
        [one.matrix.cells([*full, *share])], sure=True,
    )  # fmt: skip


def _less_deducted(one: _Scored) -> Iterator[Tie]:
    """得分 = 标准分 (+ 加分) − 扣分, deductions with or without a minus."""
    matrix, heads = one.matrix, one.matrix.block.heads
    added, deducted = one.column(_ADDED), one.column(_DEDUCTED)
    if deducted is None:
        return
    needed = (one.full, *(() if added is None else (added,)), deducted)
    rows = [at for at in one.lines if all(matrix.filled((at, column)) for column in (*needed, one.score))]
    if not rows:
        return
    columns = {column: matrix.quantity([(at, column) for at in rows], "points") for column in needed}
    taken = columns.pop(deducted)
    right = q.subtract(q.add(list(columns.values())), q.exact(abs(taken.value), taken.state))
    stated = [(at, one.score) for at in rows]
    rule = f"{heads[one.score].label} = {' + '.join(heads[at].label for at in columns)} − {heads[deducted].label}"
    yield Tie(
        CODE, "points", "=", [f"{rule}（{label(matrix.block.rows[at].printed)}）" for at in rows],
        matrix.quantity(stated, "points"), right, matrix.cells(stated),
        [matrix.cells([(at, column) for column in needed]) for at in rows],
    )  # fmt: skip


def _subtotals(one: _Scored) -> Iterator[Tie]:
    """小计 and the lines above it, for points and scores: one that adds up tells that the others should."""
    matrix, rows = one.matrix, one.matrix.block.rows
    columns = (one.full, one.score)
    groups = {
        (at, column): [(line, column) for line in lines]
        for at, lines in one.subtotals.items()
        for column in columns
        if len(lines) > 1 and matrix.filled((at, column))
    }
    if groups:
        names = {at: head.label for at, head in enumerate(matrix.block.heads)}
        yield Tie(
            CODE, "points", "=",
            [f"{label(rows[at].printed)}的{names[column]} = 各行{names[column]}之和" for at, column in groups],
            matrix.quantity(list(groups), "points"),
            joined([q.add([matrix.quantity([place], "points") for place in places]) for places in groups.values()]),
            matrix.cells(list(groups)), [matrix.cells(places) for places in groups.values()],
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
    row, matrix = last.total or 0, last.matrix
    sums = {}
    for name, column in (("full", last.full), ("score", last.score)):
        if matrix.filled((row, column)):
            lines = [one.matrix.quantity([(at, getattr(one, name))], "points") for one in scored for at in one.lines]
            sums[column] = q.add(lines) if lines else q.blank(1)
    for column in last.beside if len(scored) == 1 else ():
        if matrix.filled((row, column)) and all(matrix.filled((at, column)) for at in last.lines):
            sums[column] = q.add([matrix.quantity([(at, column)], "points") for at in last.lines])
    if sums:
        heads, total = matrix.block.heads, label(matrix.block.rows[row].printed)
        places = [(row, column) for column in sums]
        yield Tie(
            CODE, "points", "=", [f"{total}的{heads[at].label} = 各行{heads[at].label}之和" for at in sums],
            matrix.quantity(places, "points"), joined(list(sums.values())), matrix.cells(places), [[] for _ in places],
        )  # fmt: skip


def _is(text: str, words: re.Pattern[str]) -> bool:
    return words.search(squeezed(text)) is not None
