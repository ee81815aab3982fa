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
        columns = [column for column in self.beside if _is(self.matrix.block.heads[column].label, words)]
        return columns[0] if len(columns) == 1 else None

    @property
    def lines(self) -> list[int]:
        """The rows that count: no totals."""
        rows = self.matrix.block.rows
        return [
            place for place, row in enumerate(rows) if not _is(row.printed, _IN_ALL) and not _is(row.printed, _SUBTOTAL)
        ]

    @property
    def total(self) -> int | None:
        """The row of the total: the last of those that are called so."""
        return max(self._called(_IN_ALL), default=None)

    def _called(self, words: re.Pattern[str]) -> list[int]:
        return [place for place, row in enumerate(self.matrix.block.rows) if _is(row.printed, words)]

    @property
    def subtotals(self) -> dict[int, list[int]]:
        """Row of a 小计, or of a 合计 above the total → the lines above it, down from the one before."""
        places = sorted({*self._called(_SUBTOTAL), *self._called(_IN_ALL)} - {self.total})
        return {
            place: [line for line in self.lines if before < line < place]
            for before, place in zip([-1, *places], places, strict=False)
        }


def point_ties(blocks: Sequence[Block]) -> Iterator[Tie]:
    """Everything about points in one table; its blocks share one total."""
    scored = [candidate for block in blocks if (candidate := _scored(block)) is not None]
    for part in scored:
        yield from _within_points(part)
        yield from _by_rate(part)
        yield from _less_deducted(part)
        yield from _groups(part)
        yield from _subtotals(part)
    totals = [part for part in scored if part.total is not None]
    if len(totals) == 1:
        yield from _hundred(totals[0])
        yield from _in_all(scored, totals[0])


def _scored(block: Block) -> _Scored | None:
    matrix = Matrix(block)
    points = matrix.columns("points")
    full = [column for column in points if _is(block.heads[column].label, _FULL)]
    score = [column for column in points if column not in full and _is(block.heads[column].label, _SCORE)]
    if len(score) > 1:  # 自评得分 and 复核得分
        score = [column for column in score if _is(block.heads[column].label, _OWN)]
    if not full or len(score) != 1:
        return None
    filled = {column: sum(matrix.filled((row, column)) for row in range(len(block.rows))) for column in full}
    most = [column for column in full if filled[column] == max(filled.values())]
    if len(most) != 1:
        return None
    above = (column for column in full if column < most[0] and filled[column])
    beside = (column for column in points if column not in full and column != score[0])
    return _Scored(matrix, most[0], score[0], tuple(above), tuple(beside))


def _groups(scored: _Scored) -> Iterator[Tie]:
    """The points of a group are those of its lines, down to where the next group begins."""
    heads, rows = scored.matrix.block.heads, scored.matrix.block.rows
    for column in scored.above:
        starts = [line for line in scored.lines if scored.matrix.filled((line, column))]
        ends = [*starts[1:], (scored.total if scored.total is not None else len(rows))]
        groups = [
            [line for line in scored.lines if start <= line < end] for start, end in zip(starts, ends, strict=True)
        ]
        if not starts or any(not lines for lines in groups):
            continue
        sums = [q.add([scored.matrix.quantity([(line, scored.full)], "points") for line in lines]) for lines in groups]
        places = [(line, column) for line in starts]
        rule = f"{heads[column].label} = 所属各行{heads[scored.full].label}之和"
        yield Tie(
            CODE, "points", "=", [f"{rule}（{label(rows[line].printed)}）" for line in starts],
            scored.matrix.quantity(places, "points"), joined(sums), scored.matrix.cells(places),
            [scored.matrix.cells([(line, scored.full) for line in lines]) for lines in groups],
        )  # fmt: skip


def _within_points(scored: _Scored) -> Iterator[Tie]:
    rows = [row for row in range(len(scored.matrix.block.rows)) if scored.matrix.filled((row, scored.score))]
    if rows and scored.column(_ADDED) is None:
        yield _tie(scored.matrix, "≤", rows, scored.score, scored.full, sure=True)


def _tie(matrix: Matrix, sign: str, rows: Sequence[int], left: int, right: int, *, sure: bool) -> Tie:
    heads = matrix.block.heads
    stated, other = ([(row, column) for row in rows] for column in (left, right))
    rule = f"{heads[left].label} {sign} {heads[right].label}"
    return Tie(
        CODE, "points", sign, [f"{rule}（{label(matrix.block.rows[row].printed)}）" for row in rows],
        matrix.quantity(stated, "points"), matrix.quantity(other, "points"), matrix.cells(stated),
        [matrix.cells([place]) for place in other], sure=sure,
    )  # fmt: skip


def _by_rate(scored: _Scored) -> Iterator[Tie]:
    """The row of the money: 得分 = 分值 × 执行率, no more than 分值."""
    block = scored.matrix.block
    rate = [column for column in scored.matrix.columns("rate") if "执行率" in squeezed(block.heads[column].label)]
    # 合计 has the only score where the money of each source is no indicator.
    every = range(len(block.rows))
    rows = [
        row for row in every if scored.matrix.filled((row, scored.score)) and scored.matrix.filled((row, scored.full))
    ]
    if len(rate) != 1 or len(rows) != 1:
        return
    score, full, share = ([(rows[0], column)] for column in (scored.score, scored.full, rate[0]))
    points = scored.matrix.quantity(full, "points")
    product = q.multiply(points, scored.matrix.quantity(share, "rate"))
    heads = block.heads
    yield Tie(
        CODE, "points", "=", [f"{heads[scored.score].label} = {heads[scored.full].label} × {heads[rate[0]].label}"],
        scored.matrix.quantity(score, "points"), q.extreme("最小", [points, product]), scored.matrix.cells(score),
        [scored.matrix.cells([*full, *share])], sure=True,
    )  # fmt: skip


def _less_deducted(scored: _Scored) -> Iterator[Tie]:
    """得分 = 标准分 (+ 加分) − 扣分, deductions with or without a minus."""
    matrix, heads = scored.matrix, scored.matrix.block.heads
    added, deducted = scored.column(_ADDED), scored.column(_DEDUCTED)
    if deducted is None:
        return
    needed = (scored.full, *(() if added is None else (added,)), deducted)
    rows = [row for row in scored.lines if all(matrix.filled((row, column)) for column in (*needed, scored.score))]
    if not rows:
        return
    columns = {column: matrix.quantity([(row, column) for row in rows], "points") for column in needed}
    taken = columns.pop(deducted)
    right = q.subtract(q.add(list(columns.values())), q.exact(abs(taken.value), taken.state))
    stated = [(row, scored.score) for row in rows]
    rule = (
        f"{heads[scored.score].label} = {' + '.join(heads[column].label for column in columns)}"
        f" − {heads[deducted].label}"
    )
    yield Tie(
        CODE, "points", "=", [f"{rule}（{label(matrix.block.rows[row].printed)}）" for row in rows],
        matrix.quantity(stated, "points"), right, matrix.cells(stated),
        [matrix.cells([(row, column) for column in needed]) for row in rows],
    )  # fmt: skip


def _subtotals(scored: _Scored) -> Iterator[Tie]:
    """小计 and the lines above it, for points and scores: one that adds up tells that the others should."""
    matrix, rows = scored.matrix, scored.matrix.block.rows
    columns = (scored.full, scored.score)
    groups = {
        (row, column): [(line, column) for line in lines]
        for row, lines in scored.subtotals.items()
        for column in columns
        if len(lines) > 1 and matrix.filled((row, column))
    }
    if groups:
        names = {column: head.label for column, head in enumerate(matrix.block.heads)}
        yield Tie(
            CODE, "points", "=",
            [f"{label(rows[row].printed)}的{names[column]} = 各行{names[column]}之和" for row, column in groups],
            matrix.quantity(list(groups), "points"),
            joined([q.add([matrix.quantity([place], "points") for place in places]) for places in groups.values()]),
            matrix.cells(list(groups)), [matrix.cells(places) for places in groups.values()],
        )  # fmt: skip


def _hundred(scored: _Scored) -> Iterator[Tie]:
    """100 points in all, where the total states points (no share) and the table is filled in."""
    place = (scored.total or 0, scored.full)
    stated = scored.matrix.quantity([place], "points")
    lines = sum(scored.matrix.filled((row, scored.full)) for row in scored.lines)
    if scored.matrix.filled(place) and (stated.value[0] > _HUNDRED or (lines >= _ENOUGH and stated.value[0] > 1)):
        rule = (
            f"{label(scored.matrix.block.rows[place[0]].printed)}的{scored.matrix.block.heads[scored.full].label} = 100"
        )
        hundred = q.constant(_HUNDRED, 1)
        yield Tie(CODE, "points", "=", [rule], stated, hundred, scored.matrix.cells([place]), [[]], sure=True)


def _in_all(scored: Sequence[_Scored], last: _Scored) -> Iterator[Tie]:
    """The total and its lines, for points and scores alike: that one of them adds up tells that the lines are all."""
    row, matrix = last.total or 0, last.matrix
    sums = {}
    for name, column in (("full", last.full), ("score", last.score)):
        if matrix.filled((row, column)):
            lines = [
                part.matrix.quantity([(line, getattr(part, name))], "points") for part in scored for line in part.lines
            ]
            sums[column] = q.add(lines) if lines else q.blank(1)
    for column in last.beside if len(scored) == 1 else ():
        if matrix.filled((row, column)) and all(matrix.filled((line, column)) for line in last.lines):
            sums[column] = q.add([matrix.quantity([(line, column)], "points") for line in last.lines])
    if sums:
        heads, total = matrix.block.heads, label(matrix.block.rows[row].printed)
        places = [(row, column) for column in sums]
        yield Tie(
            CODE, "points", "=", [f"{total}的{heads[summed].label} = 各行{heads[summed].label}之和" for summed in sums],
            matrix.quantity(places, "points"), joined(list(sums.values())), matrix.cells(places), [[] for _ in places],
        )  # fmt: skip


def _is(text: str, words: re.Pattern[str]) -> bool:
    return words.search(squeezed(text)) is not None
