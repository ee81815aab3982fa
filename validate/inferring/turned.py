"""A block turned on its side: 预算数, 执行数 and 执行率 beneath each other, the sources of money side by side."""

from __future__ import annotations

from dataclasses import replace

from gouji.ingest.drafting.words import kind_of
from gouji.ingest.locating.undefined import Block, BodyRow, Head
from gouji.templates.labels import squeezed
from gouji.validate.inferring.columns import is_measured


def turned(block: Block) -> Block | None:
    """The block with its rows as columns; None where its heads, or none of its rows, are what columns usually are."""
    heads = [
        Head(row.printed, "", kind_of(row.printed) or "text", place, place) for place, row in enumerate(block.rows)
    ]
    if sum(is_measured(head.label) for head in heads) < 2 or any(is_measured(head.label) for head in block.heads):
        return None
    rows = [BodyRow(squeezed(head.label), 0, place) for place, head in enumerate(block.heads)]
    figures = [replace(figure, row=figure.column, column=figure.row) for figure in block.figures]
    return Block(heads, rows, figures)
