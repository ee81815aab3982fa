"""合计 and its parts: down the rows of a block, across its columns, and among cells that hold label and figure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from gouji.ingest.drafting.words import kind_of
from gouji.ingest.locating.parts import is_average, is_of_which, is_total, parts, step
from gouji.ingest.locating.undefined import Block, BodyRow
from gouji.templates.labels import squeezed, unnumbered
from gouji.templates.rules import quantity as q
from gouji.validate.inferring.tie import Matrix, Tie, joined

CODE = "U-01"
_SUMMED = ("amount", "count", "quantity")
_BREAKDOWN = re.compile(r"^按.{1,12}分$")
"""按支出性质分：the whole once more, by its kinds."""


def row_sums(block: Block) -> Iterator[Tie]:
    """A row and those that make it up, in every column of amounts or counts."""
    matrix = Matrix(block)
    for place, row in enumerate(block.rows):
        made_of = [block.rows.index(part) for part in parts(block.rows, place)]
        if not made_of or not row.printed:
            continue
        columns = [column for column in matrix.columns(*_SUMMED) if matrix.filled((place, column))]
        columns = [column for column in columns if any((part, column) in matrix.by_place for part in made_of)]
        if columns:
            yield _best([_row_sum(matrix, place, extent, columns) for extent in _extents(block, made_of)])


def _extents(block: Block, made_of: Sequence[int]) -> list[Sequence[int]]:
    """How far the parts may go: nothing says where a 其中 ends that no numbering follows.

    Rows set in may be parts of the ones above them, or set in by chance.
    """
    if not is_of_which(block.rows[made_of[0]].printed):
        outer = [part for part in made_of if not block.rows[part].indent]
        return [made_of] if len(outer) in (0, len(made_of)) else [made_of, outer]
    return [made_of[:end] for end in range(len(made_of), min(len(made_of), 2) - 1, -1)]


def _best(ties: Sequence[Tie]) -> Tie:
    """The tie that holds most often; the longest of those."""
    return max(ties, key=lambda tie: int(tie.holds.sum()))


def _row_sum(matrix: Matrix, place: int, made_of: Sequence[int], columns: Sequence[int]) -> Tie:
    block, kind = matrix.block, matrix.block.heads[columns[0]].kind
    stated = [(place, column) for column in columns]
    terms = [[(part, column) for column in columns] for part in made_of]
    rule = f"{label(block.rows[place].printed)} = {' + '.join(label(block.rows[part].printed) for part in made_of)}"
    heads = [block.heads[column].label for column in columns]
    return Tie(
        code=CODE,
        kind=kind,
        sign="=",
        sentence=[f"{rule}（{head}）" if head else rule for head in heads],
        stated=matrix.quantity(stated, kind),
        expected=q.add([matrix.quantity(places, kind) for places in terms]),
        cells=matrix.cells(stated),
        related=[matrix.cells([places[number] for places in terms]) for number in range(len(columns))],
        sure=_plain(block.rows[place], [block.rows[part] for part in made_of], block.rows),
    )


def _plain(row: BodyRow, made_of: Sequence[BodyRow], rows: Sequence[BodyRow]) -> bool:
    """Whether a total word stands over parts without any order among them: nothing else can be meant."""
    if not is_total(row.printed) or len(made_of) < 2:
        return False
    others = [other for other in rows if other is not row and not is_average(other.printed)]
    if len({bool(part.indent) for part in made_of}) > 1:
        return False
    return len(made_of) == len(others) and not any(
        is_of_which(other.printed) or step(other.printed) for other in others
    )


def column_sums(block: Block) -> Iterator[Tie]:
    """A column 合计 and the amounts behind it, in every row."""
    matrix = Matrix(block)
    for total in matrix.columns("amount"):
        if not is_total(block.heads[total].label):
            continue
        behind = list(_behind(block, total))
        rows = [row for row in range(len(block.rows)) if matrix.filled((row, total)) and _summable(block.rows[row])]
        if len(behind) < 2 or not rows:
            continue
        stated = [(row, total) for row in rows]
        terms = [[(row, column) for row in rows] for column in behind]
        rule = f"{block.heads[total].label} = {' + '.join(block.heads[column].label for column in behind)}"
        yield Tie(
            CODE, "amount", "=", [f"{rule}（{label(block.rows[row].printed)}）" for row in rows],
            matrix.quantity(stated, "amount"), q.add([matrix.quantity(places, "amount") for places in terms]),
            matrix.cells(stated), [matrix.cells([places[number] for places in terms]) for number in range(len(rows))],
        )  # fmt: skip


def _summable(row: BodyRow) -> bool:
    """Whether the parts of a row add up, by its label: those of 执行率 and 得分 do not."""
    return kind_of(row.printed) not in {"rate", "points"}


def _behind(block: Block, total: int) -> Iterator[int]:
    """The columns of amounts that follow, until something else or another total."""
    for column in range(total + 1, len(block.heads)):
        if block.heads[column].kind != "amount" or is_total(block.heads[column].label):
            return
        yield column


def beside_sums(blocks: Sequence[Block]) -> Iterator[Tie]:
    """Totals and parts in cells that hold label and figure: each of them tells that the others are meant so too."""
    sums = [tie for block in blocks for tie in row_sums(block)]
    if sums:
        yield Tie(
            CODE, "amount", "=", [text for tie in sums for text in tie.sentence],
            joined([tie.stated for tie in sums]), joined([tie.expected for tie in sums]),
            [cell for tie in sums for cell in tie.cells], [cells for tie in sums for cells in tie.related],
        )  # fmt: skip


def breakdowns(blocks: Sequence[Block]) -> Iterator[Tie]:
    """按支出性质分：… in cells of their own: each is one of the figures of the row of totals above."""
    beside = [block for block in blocks if block.beside]
    for grid in (block for block in blocks if not block.beside):
        rows = [
            (block, place)
            for block in beside
            for place, row in enumerate(block.rows)
            if _BREAKDOWN.match(squeezed(row.printed)) and Matrix(block).filled((place, 0))
        ]
        above = [place for place, row in enumerate(grid.rows) if rows and row.row < min(o.rows[p].row for o, p in rows)]
        if rows and above:
            yield from _breakdown(Matrix(grid), above[-1], rows)


def _breakdown(matrix: Matrix, total: int, rows: Sequence[tuple[Block, int]]) -> Iterator[Tie]:
    """Held against the figure of the total row that it equals, else against the one that it stands below."""
    grid = matrix.block
    columns = [column for column in matrix.columns("amount") if matrix.filled((total, column))]
    if not columns:
        return
    figures = [Matrix(block).by_place[place, 0] for block, place in rows]
    against = [
        next(
            (column for column in columns if matrix.by_place[total, column].value == figure.value),
            _below(grid, columns, block),
        )
        for (block, _), figure in zip(rows, figures, strict=True)
    ]
    stated = [Matrix(block).quantity([(place, 0)], "amount") for block, place in rows]
    yield Tie(
        CODE, "amount", "=",
        [
            f"{label(block.rows[place].printed)} = {label(grid.rows[total].printed)}（{grid.heads[column].label}）"
            for (block, place), column in zip(rows, against, strict=True)
        ],
        joined(stated), matrix.quantity([(total, column) for column in against], "amount"),
        [figure.cell for figure in figures], [matrix.cells([(total, column)]) for column in against],
    )  # fmt: skip


def _below(grid: Block, columns: Sequence[int], block: Block) -> int:
    """The last column of amounts that begins no further right."""
    first = block.heads[0].first
    return max((column for column in columns if grid.heads[column].first <= first), default=columns[-1])


def label(printed: str) -> str:
    """A label as a sentence has it: without numbering and 其中."""
    return unnumbered(squeezed(printed)) or "（未命名）"
