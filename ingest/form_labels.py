"""The labels of a form as they are looked for on a sheet."""

from __future__ import annotations

from functools import lru_cache

from ingest.heads import Heads
from ingest.wording import Wanted, wanted
from templates.definition import (
    FieldsBlock,
    GridBlock,
    HeaderField,
    HeadingBlock,
    ListBlock,
    PairsBlock,
    Row,
    ScoresBlock,
)
from templates.form import Form


@lru_cache(maxsize=256)
def label_words(form: Form) -> frozenset[Wanted]:
    """The labels by which a form is recognised."""
    found: set[Wanted] = set()
    for block in form.definition.blocks:
        if isinstance(block, FieldsBlock):
            found |= {_field(one) for one in block.fields if isinstance(one, HeaderField) and one.required}
        elif not isinstance(block, HeadingBlock):
            found |= set(block_labels(block))
    return frozenset(found)


def block_labels(block: object) -> list[Wanted]:
    """Every label that a block prints, heads first."""
    match block:
        case HeadingBlock(heading=heading):
            return [wanted(heading, heading)]
        case FieldsBlock(fields=fields):
            return [_field(one) for one in fields if isinstance(one, HeaderField)]
        case ListBlock(groups=groups):
            leaves = [wanted(leaf.id, leaf.label or leaf.id, tuple(leaf.also)) for one in groups for leaf in one.groups]
            return [*_heads(block), *leaves]
        case _:
            return [*_heads(block), *row_labels(block)]


def row_labels(block: object) -> list[Wanted]:
    """The labels of a block's fixed rows, in their order, named by the row's id."""
    match block:
        case GridBlock(rows=rows):
            return [wanted(row.id, row.label or row.id, tuple(row.also)) for row in rows if isinstance(row, Row)]
        case PairsBlock(rows=rows):
            return [wanted(row.id, row.label or row.id, tuple(row.also)) for row in rows[1:]]
        case ScoresBlock(indicators=indicators):
            return [
                wanted(f"{one.id}.{place}", text, tuple(one.also) if place == 0 else ())
                for one in indicators
                for place, text in enumerate(one.printed_labels)
            ]
        case _:
            return []


def block_heads(block: object) -> Heads | None:
    """What stands over the columns of a block, named by the column's id; None where it has no heads."""
    labels = _heads(block)
    if not labels:
        return None
    return Heads(tuple(labels), block.head_rows if isinstance(block, GridBlock) else 1)


def _heads(block: object) -> list[Wanted]:
    match block:
        case GridBlock(header=True, columns=columns) | PairsBlock(columns=columns):
            return [wanted(one.id, one.label or one.id, tuple(one.also)) for one in columns]
        case ListBlock():
            also = {one.id: tuple(one.also) for one in block.columns}
            return [wanted(name, label, also.get(name, ())) for name, label, _ in block.heads]
        case ScoresBlock(order=order, heads=heads):
            return [wanted(name, head) for name, head in zip(order, heads, strict=True)]
        case _:
            return []


def _field(given: HeaderField) -> Wanted:
    return wanted(given.id, given.label or given.id, tuple(given.also))
