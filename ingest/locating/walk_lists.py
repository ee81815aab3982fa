"""Lines of variable number under fixed indicators."""

from __future__ import annotations

from gouji.ingest.locating.adjusting_line import take_adjusting_line
from gouji.ingest.locating.execution_line import take_execution_line
from gouji.ingest.locating.heads import Head
from gouji.ingest.locating.indicator_levels import Levels
from gouji.ingest.locating.located import Line, Place
from gouji.ingest.locating.measure_columns import sign_and_unit_columns, with_sign_and_unit
from gouji.ingest.locating.parts import is_sum_row
from gouji.ingest.locating.walk import Walk, head_rows
from gouji.templates.blocks import (
    ListBlock,
)


def find_lines(walk: Walk, block: ListBlock, head: Head, end: int) -> None:
    name_column = walk.columns.get(block.levels[-1])
    if name_column is None:
        return
    spec = walk.form.lists[block.list_id]
    walk.listed[block.list_id] = set(walk.columns)
    place = walk.form.definition.blocks.index(block)
    levels = Levels(block, walk.columns, walk.form.taught)
    around = sign_and_unit_columns(walk.region, head_rows(head))
    measures = [column.id for column in block.columns if column.kind == "measure"]
    first = head.last + 1
    on_top = not walk.later[place].isdisjoint(walk.region.keys.get(first, {}).values())
    for row in range(first + on_top, end):
        if walk.repeats(head, place, row) or _is_subtotal(walk, row, name_column[1], measures):
            continue
        cells = {
            column: str(walk.region.sheet.raw(row, column))
            for column in walk.region.keys.get(row, {})
            if column < name_column[0]
        }
        group, leaf = levels.at(cells)
        columns = {column.id: walk.span(row, row, column.id) for column in block.columns if column.id in walk.columns}
        names = [*cells.values(), walk.region.sheet.raw(row, name_column[0])]
        if take_execution_line(walk, names, columns):
            continue
        if take_adjusting_line(walk, block, names, columns, (row, name_column[0])):
            continue
        with_sign_and_unit(columns, measures, row, *around)
        above = dict(zip(block.levels[:-1], (group, leaf), strict=True))
        walk.located.lines.append(Line(spec.id, Place((row, name_column[0], row, name_column[1])), columns, above))
    marks = {group.id: group.points for group in block.groups if group.points is not None}
    printed = {group: levels.points.get(group) for group in (*marks, *levels.points)}
    if printed != marks:
        walk.located.printed_points |= printed
    walk.row = first if on_top else end


def _is_subtotal(walk: Walk, row: int, last: int, measures: list[str]) -> bool:
    """Whether a row says, up to the column of names (`last`), that it sums up the lines above, and measures nothing."""
    labels = (walk.region.sheet.raw(row, column) for column in walk.region.keys.get(row, {}) if column <= last)
    if not any(is_sum_row(str(label)) for label in labels):
        return False
    return not any(walk.anything(row, *walk.columns[measure]) for measure in measures if measure in walk.columns)
