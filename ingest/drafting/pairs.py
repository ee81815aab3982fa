"""Label and value side by side, several to a row, the same labels in every pair: funds by source."""

from __future__ import annotations

from collections import Counter

from gouji.ingest.drafting.desk import Desk, DraftedBlock
from gouji.ingest.drafting.entry import Entry, Value
from gouji.ingest.drafting.paper import Cell
from gouji.ingest.drafting.words import kind_of
from gouji.templates.labels import normalised

Pair = tuple[Cell, Cell]


def pairs(desk: Desk, row: int) -> DraftedBlock | None:
    """A block of pairs that begins in `row`: its first row has labels of its own, every further one a single label."""
    first = _pairs_in(desk, row)
    if len(first) < 2 or len({(label.columns, value.columns) for label, value in first}) != 1:
        return None
    rows: list[list[Pair]] = []
    end = row + 1
    while (row_pairs := _pairs_in(desk, end)) and _places(row_pairs) == _places(first) and _one_label(row_pairs):
        rows.append(row_pairs)
        end += 1
    if not rows:
        return None
    name = desk.names.take("资金", "资金")
    columns = [_column(desk, label.text) for label, _ in first]
    label, value = first[0]
    total = Entry({"id": desk.names.take("合计", "合计", name)})
    block: dict[str, Value] = {
        "pairs": name, "label_span": label.columns, "span": value.columns, "columns": columns,
        "rows": [total, *(Entry(desk.named(row_pairs[0][0].text, "行", name)) for row_pairs in rows)],
    }  # fmt: skip
    return DraftedBlock(Entry(block), end)


def _pairs_in(desk: Desk, row: int) -> list[Pair]:
    """The pairs of a row that holds nothing else."""
    line = desk.paper.line(row)
    if len(line) % 2 or any(cell.row != row for cell in line):
        return []
    row_pairs = list(zip(line[::2], line[1::2], strict=True))
    return row_pairs if all(label.is_words and value.is_open for label, value in row_pairs) else []


def _places(row_pairs: list[Pair]) -> list[int]:
    return [cell.column for pair in row_pairs for cell in pair]


def _one_label(row_pairs: list[Pair]) -> bool:
    """The same label in most pairs: one of them may be misprinted."""
    counted = Counter(normalised(label.text) for label, _ in row_pairs)
    return counted.most_common(1)[0][1] * 2 > len(row_pairs)


def _column(desk: Desk, text: str) -> Entry:
    kind = kind_of(text)
    entry = Entry(desk.named(text, "栏") | {"kind": kind or "amount"})
    if kind is None:
        entry.remarks.append("类型（这里先当作金额）")
    return entry
