"""Rows of a grid, found by their labels: the form's own, lines of its lists, and rows that the form does not have."""

from __future__ import annotations

import re

from gouji.ingest.locating.heads import Head
from gouji.ingest.locating.located import ExtraRow, Line, Place
from gouji.ingest.locating.parts import is_of_which, is_total, step
from gouji.ingest.locating.walk import Walk, head_rows
from gouji.templates.blocks import (
    Column,
    GridBlock,
    ListRow,
    PairsBlock,
    Row,
)
from gouji.templates.labels import label_key, printed_years, squeezed
from gouji.templates.model import FIGURES
from gouji.templates.vocabulary import vocabulary


def note_year(walk: Walk, head: Head, columns: list[Column]) -> None:
    for column in columns:
        label = column.label or ""
        if column.id in head.matches and "{" in label:
            cells = (str(walk.region.sheet.raw(row, head.matches[column.id].place) or "") for row in head_rows(head))
            printed = [year for cell in cells for year in printed_years(cell)]
            if printed:
                at = (head.first, head.matches[column.id].place)
                walk.located.printed_years.append((printed[0] + ("{上年}" in label), at))


def find_pairs(walk: Walk, block: PairsBlock, head: Head, end: int) -> None:
    """Label and value side by side: the heads of the first row tell where every value stands."""
    starts = sorted(first for first, _ in head.columns.values())
    for name, (first, last) in head.columns.items():
        following = [start for start in starts if start > first]
        walk.columns[name] = last + 1, min(following, default=walk.region.sheet.width) - 1
    rows = {name: match.place for name, match in walk.rows_of(block, head.last + 1, end, _width(walk)).items()}
    rows[block.rows[0].id] = head.last
    for name, at in rows.items():
        for column in head.columns:
            walk.place(f"{name}.{column}", at, at, column)
    walk.row = max(rows.values()) + 1


def _width(walk: Walk) -> tuple[int, int]:
    return 0, walk.region.sheet.width


def find_unlabelled_row(walk: Walk, grid: GridBlock, start: int, end: int) -> None:
    """The first row under the heads that holds anything in their columns, else the very next one.

    A row with a label of its own in front of the values belongs to something else.
    """
    spans = list(walk.columns.values())
    at = start
    for row in range(start, end):
        if any(walk.stub[0] <= column < walk.stub[1] for column in walk.region.keys.get(row, {})):
            break
        if any(walk.region.anything(row, *span) for span in spans):
            at = row
            break
    if at >= end:
        return
    for column in grid.columns:
        if column.id in walk.columns:
            walk.place(column.id, at, at, column.id)
    walk.row = at + 1


def find_labelled_rows(walk: Walk, grid: GridBlock, start: int, end: int) -> None:
    rows = grid.rows
    matches = walk.rows_of(grid, start, end, walk.stub if grid.header else _before_figures(walk, grid))
    label_rows: dict[int, int] = {-1: start - 1}
    for place, row in enumerate(rows):
        if isinstance(row, Row) and row.id in matches:
            at = matches[row.id].place
            label_rows[place] = at
            _row_items(walk, grid, row, at)
        elif isinstance(row, Row) and not grid.header:
            _score_in_words(walk, grid, row, range(start, end))
    lines: set[int] = set()
    for place, row in enumerate(rows):
        if isinstance(row, ListRow) and place - 1 in label_rows:
            first = label_rows[place - 1] + 1
            last = min((at for at in label_rows.values() if at >= first), default=end)
            walk.listed[row.list_id] = set(walk.columns)
            if not _any_figures(walk, grid, first, last) and is_total(_label_of(walk, label_rows[place - 1])):
                # 项目支出合计 stands below its projects.
                last = first - 1
                first = max((at for at in label_rows.values() if at < last), default=start - 1) + 1
            lines |= _grid_lines(walk, grid, row, first, last)
    walk.row = max([walk.row, *(at + 1 for at in label_rows.values()), *(at + 1 for at in lines)])
    if grid.header:
        _extra_rows(walk, grid, range(start, end), lines | set(label_rows.values()))


def _score_in_words(walk: Walk, grid: GridBlock, row: Row, rows: range) -> None:
    """The score of a total that is said in one cell: 总分：98.5分，等级：优."""
    label = squeezed(row.label or row.id)
    scores = [score.id for score in grid.columns if label_key(score.label or score.id) in vocabulary().meaning("得分")]
    items = [item for name in scores if (item := f"{row.id}.{name}") in walk.form.items]
    for at in rows if len(items) == 1 else ():
        for column in walk.region.texts.get(at, {}):
            text = squeezed(str(walk.region.sheet.raw(at, column)))
            match = re.match(rf"{re.escape(label)}:\d+(?:\.\d+)?分?(?P<rest>.*)", text)
            if match is not None:
                behind = match["rest"].partition(":")[0]
                before = (behind,) if behind else ()
                walk.located.places[items[0]] = Place((at, column, at, column), after=label, before=before)
                return


def _before_figures(walk: Walk, grid: GridBlock) -> tuple[int, int]:
    """Where labels stand in a grid that has no heads: left of the first of its columns, known from above."""
    columns = [walk.columns[column.id][0] for column in grid.columns if column.id in walk.columns]
    return 0, min(columns, default=0)


def _row_items(walk: Walk, grid: GridBlock, row: Row, at: int) -> None:
    for column in grid.columns:
        item = f"{row.id}.{column.id}"
        if item in walk.form.items and column.id in walk.columns:
            walk.place(item, at, at, column.id)


def _grid_lines(walk: Walk, grid: GridBlock, row: ListRow, first: int, end: int) -> set[int]:
    spec = walk.form.lists[row.list_id]
    place = walk.form.definition.blocks.index(grid)
    head = walk.heads[place]
    used: set[int] = set()
    inside = False
    for at in range(first, end):
        if head is not None and walk.repeats(head, place, at):
            continue
        label = _label_of(walk, at)
        inside = is_of_which(label) or (inside and bool(used) and _goes_on(walk, at, max(used)))
        if not _is_line(walk, grid, at) or (inside and _any_figures(walk, grid, at, at + 1)):
            continue
        columns = {column.id: walk.span(at, at, column.id) for column in grid.columns if column.id in walk.columns}
        walk.located.lines.append(Line(spec.id, _name_place(walk, at), columns))
        used.add(at)
    return used


def _name_place(walk: Walk, row: int) -> Place:
    """Where the name of a line stands: left of the figures, behind a number of its own (序号, 编码) if words follow."""
    first, last = walk.stub[0], max(walk.stub[1] - 1, 0)
    texts = walk.region.texts.get(row, {}).items()
    worded = (column for column, text in texts if first <= column <= last and any(map(str.isalpha, text)))
    return Place((row, min(worded, default=first), row, last))


def _goes_on(walk: Walk, row: int, line: int) -> bool:
    """Whether a row behind 其中：… is one more part: unnumbered where the line above is numbered, or set in deeper."""
    if step(_label_of(walk, row)):
        return False
    return step(_label_of(walk, line)) > 0 or _indent(walk, row) > _indent(walk, line)


def _indent(walk: Walk, row: int) -> int:
    """How far the label of a row is set in, in spaces."""
    cells = (walk.region.sheet.raw(row, column) for column in range(*walk.stub))
    label = next((cell for cell in cells if isinstance(cell, str) and cell.strip()), "")
    return len(label) - len(label.lstrip())


def _any_figures(walk: Walk, grid: GridBlock, first: int, end: int) -> bool:
    """Whether figures stand in the block's columns in some rows."""
    spans = [walk.columns[column.id] for column in grid.columns if column.id in walk.columns]
    return any(walk.region.figures(row, *span) for row in range(first, end) for span in spans)


def _label_of(walk: Walk, row: int) -> str:
    """What stands in a row left of the block's figures."""
    cells = (walk.region.sheet.raw(row, column) for column in range(*walk.stub))
    return squeezed("".join(cell for cell in cells if isinstance(cell, str)))


def _is_line(walk: Walk, grid: GridBlock, row: int) -> bool:
    """Whether a row of a list can be one of its lines: no subtotal of them, no part of one, no whole kind of
    spending (人员经费), and not the lines that a page repeats above its heads (填报单位：…)."""
    label = _label_of(walk, row)
    if is_total(label) or is_of_which(label) or label_key(label) in vocabulary().wholes:
        return not _any_figures(walk, grid, row, row + 1)
    texts = walk.region.texts.get(row, {})
    return not any(":" in text for text in texts.values()) or _any_figures(walk, grid, row, row + 1)


def _extra_rows(walk: Walk, grid: GridBlock, rows: range, used: set[int]) -> None:
    """Rows with a label and figures that the definition does not have."""
    place = walk.form.definition.blocks.index(grid)
    head = walk.heads[place]
    amounts = [column for column in grid.columns if column.kind in FIGURES and column.id in walk.columns]
    for row in rows:
        cells = walk.region.keys.get(row, {})
        labels = [column for column in cells if walk.stub[0] <= column < walk.stub[1]]
        if row in used or not labels or (head is not None and walk.repeats(head, place, row)):
            continue
        if any(walk.region.figures(row, *walk.columns[column.id]) for column in amounts):
            label = squeezed(str(walk.region.sheet.raw(row, labels[-1])))
            places = {column.id: walk.span(row, row, column.id) for column in amounts}
            lesson = walk.taught.get(cells[labels[-1]])
            counted = None if lesson is None else lesson.counted
            walk.located.extra.append(ExtraRow(grid.grid, label, places, (row, labels[-1]), counted))
