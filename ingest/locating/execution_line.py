"""预算执行率 as a line among the indicators: its 分值 and 得分 are those of the money, whose grid has none."""

from __future__ import annotations

from collections.abc import Iterable

from gouji.ingest.locating.located import Place
from gouji.ingest.locating.walk import Walk
from gouji.templates.blocks import GridBlock, Row
from gouji.templates.labels import label_key
from gouji.templates.vocabulary import vocabulary


def take_execution_line(walk: Walk, labels: Iterable[object], columns: dict[str, Place]) -> bool:
    """Whether a line, by one of its labels, is that of the rate of a grid whose own points stand nowhere else.

    `columns`: those of the line; its points become the grid's.
    """
    keys = {label_key(label) for label in labels if isinstance(label, str)}
    for block in walk.form.definition.blocks:
        if not isinstance(block, GridBlock) or not _names_rate(block, keys):
            continue
        points = {
            f"{row.id}.{column.id}": columns[column.id]
            for row in block.rows
            if isinstance(row, Row)
            for column in block.columns
            if column.kind == "points" and column.id in columns and f"{row.id}.{column.id}" in walk.form.items
        }
        if points and not any(_stands(walk, item) for item in points):
            walk.located.places |= points
            return True
    return False


def _names_rate(block: GridBlock, keys: set[str]) -> bool:
    rates = (column for column in block.columns if column.kind == "rate")
    return any(not keys.isdisjoint(vocabulary().meaning(label_key(rate.label or rate.id))) for rate in rates)


def _stands(walk: Walk, item: str) -> bool:
    place = walk.located.places.get(item)
    return place is not None and walk.anything(place.span[0], place.span[1], place.span[3])
