"""扣分项 and 加分项 among indicators: what is taken off the score or added to it, without points of its own."""

from __future__ import annotations

from collections.abc import Sequence

from gouji.ingest.locating.figure_cells import is_figure
from gouji.ingest.locating.located import ExtraRow, Place, Position
from gouji.ingest.locating.parts import adjusts
from gouji.ingest.locating.walk import Walk
from gouji.templates.blocks import ListBlock
from gouji.templates.labels import label_key, squeezed
from gouji.templates.vocabulary import vocabulary


def take_adjusting_line(
    walk: Walk, block: ListBlock, labels: Sequence[object], columns: dict[str, Place], cell: Position
) -> bool:
    """Whether one of the labels of a line (`cell`: where the last stands) says so and only its score is filled in.

    The score is kept as that of a row which the definition does not have.
    """
    names = list(dict.fromkeys(squeezed(label) for label in labels if isinstance(label, str) and label.strip()))
    if not any(map(adjusts, names)):
        return False
    points = [column for column in block.columns if column.kind == "points" and column.id in columns]
    filled = [column for column in points if _holds_figure(walk, columns[column.id])]
    scores = vocabulary().meaning("得分")
    if len(filled) != 1 or label_key(filled[0].label or filled[0].id) not in scores:
        return False
    score = filled[0].id
    walk.located.extra.append(ExtraRow(block.list_id, "：".join(names), {score: columns[score]}, cell))
    return True


def _holds_figure(walk: Walk, place: Place) -> bool:
    row, first, _, last = place.span
    return any(is_figure(walk.region.sheet.raw(row, column)) for column in range(first, last + 1))
