"""The labels of a form as they are looked for on a sheet."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from gouji.ingest.locating.heads import Heads
from gouji.ingest.locating.wording import FormLabel, form_label
from gouji.templates.blocks import FieldsBlock, GridBlock, HeaderField, HeadingBlock, ListBlock, PairsBlock, Row
from gouji.templates.form import Form
from gouji.templates.model import FIGURES
from gouji.templates.scores_block import ScoresBlock
from gouji.templates.taught import Taught


@lru_cache(maxsize=256)
def label_words(form: Form) -> frozenset[FormLabel]:
    """The labels by which a form is recognised; of fields outside tables those that must be filled or hold figures."""
    words: set[FormLabel] = set()
    for block in form.definition.blocks:
        if isinstance(block, FieldsBlock):
            fields = [header for header in block.fields if isinstance(header, HeaderField)]
            telling = {header.id for header in fields if header.required or header.kind in FIGURES}
            words |= {label for label in block_labels(block, form.taught) if label.name in telling}
        elif not isinstance(block, HeadingBlock):
            words |= set(block_labels(block, form.taught))
    return frozenset(words)


@lru_cache(maxsize=256)
def teachable_labels(form: Form) -> tuple[FormLabel, ...]:
    """Every label of a form that a label of the sheet can be read for, in their order."""
    blocks = (block for block in form.definition.blocks if not isinstance(block, HeadingBlock))
    return tuple(dict.fromkeys(label for block in blocks for label in block_labels(block)))


def block_labels(block: object, taught: tuple[Taught, ...] = ()) -> list[FormLabel]:
    """Every label that a block prints, heads first, with the wordings that people taught."""
    match block:
        case HeadingBlock(heading=heading):
            return [form_label(heading, heading)]
        case FieldsBlock(fields=fields):
            return [field_label(header, taught) for header in fields if isinstance(header, HeaderField)]
        case ListBlock(groups=groups):
            leaves = [
                form_label(leaf.id, leaf.label or leaf.id, tuple(leaf.also))
                for group in groups
                for leaf in group.groups
            ]
            return [*_heads(block, taught), *(leaf.knowing(taught) for leaf in leaves)]
        case _:
            return [*_heads(block, taught), *row_labels(block, taught)]


def row_labels(block: object, taught: tuple[Taught, ...] = ()) -> list[FormLabel]:
    """The labels of a block's fixed rows, in their order, named by the row's id."""
    return [label.knowing(taught) for label in _rows(block)]


def block_heads(block: object, taught: tuple[Taught, ...] = ()) -> Heads | None:
    """What stands over the columns of a block, named by the column's id; None where it has no heads."""
    labels = _heads(block, taught)
    if not labels:
        return None
    innermost = block.levels[-1] if isinstance(block, ListBlock) else ""
    return Heads(tuple(labels), block.head_rows if isinstance(block, GridBlock | ListBlock) else 1, innermost)


def field_label(header: HeaderField, taught: tuple[Taught, ...] = ()) -> FormLabel:
    """The label of a field of the head."""
    return form_label(header.id, header.label or header.id, tuple(header.also)).knowing(taught)


def _rows(block: object) -> list[FormLabel]:
    match block:
        case GridBlock(rows=rows):
            return [form_label(row.id, row.label or row.id, tuple(row.also)) for row in rows if isinstance(row, Row)]
        case PairsBlock(rows=rows):
            return [form_label(row.id, row.label or row.id, tuple(row.also)) for row in rows[1:]]
        case ScoresBlock(indicators=indicators):
            return [
                form_label(
                    f"{indicator.id}.{place}",
                    text,
                    (*(indicator.also if place == 0 else ()), *_in_one_row(indicator.printed_labels)),
                )
                for indicator in indicators
                for place, text in enumerate(indicator.printed_labels)
            ]
        case _:
            return []


def _in_one_row(labels: Sequence[str]) -> tuple[str, ...]:
    """Labels of one indicator that the form prints in rows of their own, as one: 经济效益、社会效益 in either order."""
    return ("、".join(labels), "、".join(reversed(labels))) if len(labels) > 1 else ()


def _heads(block: object, taught: tuple[Taught, ...]) -> list[FormLabel]:
    return [label.knowing(taught) for label in _own_heads(block)]


def _own_heads(block: object) -> list[FormLabel]:
    match block:
        case GridBlock(header=True, columns=columns) | PairsBlock(columns=columns):
            return [form_label(column.id, column.label or column.id, tuple(column.also)) for column in columns]
        case ListBlock():
            also = {column.id: tuple(column.also) for column in block.columns}
            return [form_label(name, label, also.get(name, ())) for name, label, _ in block.heads]
        case ScoresBlock(order=order, heads=heads):
            return [form_label(name, head) for name, head in zip(order, heads, strict=True)]
        case _:
            return []
