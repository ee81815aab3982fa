"""Indicators of a 评分表 with their scores, the points of its sections, and its total."""

from __future__ import annotations

from collections.abc import Mapping

from gouji.ingest.figures.numbers import parse_number
from gouji.ingest.locating.heads import Head
from gouji.ingest.locating.walk import Walk
from gouji.ingest.locating.walk_fields import within
from gouji.ingest.locating.wording import aligned, form_label
from gouji.templates.block_items import TOTAL
from gouji.templates.labels import squeezed
from gouji.templates.scores_block import SECTION_POINTS, ScoresBlock, TotalRow


def find_scores(walk: Walk, block: ScoresBlock, head: Head, end: int) -> None:
    walk.located.printed_columns += [walk.columns[name] for name in SECTION_POINTS if name in walk.columns]
    behind = block.order[block.order.index(block.levels[-1]) + 1 :]
    stub = (0, min((walk.columns[name][0] for name in behind if name in walk.columns), default=0))
    matches = walk.rows_of(block, head.last + 1, end, stub)
    walk.row = head.last + 1
    taken: dict[str, tuple[int, int]] = {}
    for indicator in block.indicators:
        names = (f"{indicator.id}.{place}" for place in range(len(indicator.printed_labels)))
        rows = [matches[name].place for name in names if name in matches]
        if rows:
            taken[indicator.id] = (min(rows), max(rows))
            _row_places(walk, indicator.id, *taken[indicator.id])
            walk.row = max(walk.row, max(rows) + 1)
    _section_points(walk, block, taken)
    if block.total is not None:
        _score_total(walk, block.total)


def _section_points(walk: Walk, block: ScoresBlock, taken: Mapping[str, tuple[int, int]]) -> None:
    """The points printed for a section, where they differ from the form; `taken`: rows of the indicators."""
    for name, level in SECTION_POINTS.items():
        if name not in walk.columns:
            continue
        column = walk.columns[name][0]
        rows: dict[str, list[int]] = {}
        for indicator in block.indicators:
            if indicator.id in taken and level < len(indicator.under):
                rows.setdefault(indicator.under[level], []).extend(taken[indicator.id])
        for section, inside in rows.items():
            read = [parse_number(walk.region.sheet.raw(row, column), "points") for row in sorted(set(inside))]
            deviating = [
                points.value for points in read if points.value is not None and points.value != block.sections[section]
            ]
            if deviating:
                walk.located.printed_points[section] = deviating[0]


def _score_total(walk: Walk, total: TotalRow) -> None:
    if total.inline:
        place = within(walk, squeezed(total.label).rstrip(":"), [])
        if place is None:
            return
        row, column = place.span[:2]
        alone = squeezed(str(walk.region.sheet.raw(row, column))).endswith(":")
        first, last = walk.columns.get("得分", (0, -1))
        if alone and column < first and walk.anything(row, first, last):
            _row_places(walk, TOTAL, row, row)  # the label stands alone, its figure in the column of scores
        else:
            walk.located.places[f"{TOTAL}.得分"] = place
        return
    at = _row_with(walk, total.label) if total.label else _first_filled(walk, "得分")
    if at is not None:
        _row_places(walk, TOTAL, at, at)
        walk.row = at + 1


def _row_with(walk: Walk, label: str) -> int | None:
    total = form_label(TOTAL, label)
    rows = [(row, cells.values()) for row, cells in walk.region.keys.items() if row >= walk.row]
    match = aligned([total], rows).get(TOTAL)
    return None if match is None else match.place


def _first_filled(walk: Walk, column: str) -> int | None:
    """The first row from here on that holds anything in a column."""
    if column not in walk.columns:
        return None
    rows = range(walk.row, walk.region.last + 1)
    return next((row for row in rows if walk.anything(row, *walk.columns[column])), None)


def _row_places(walk: Walk, name: str, first: int, last: int) -> None:
    """分值 and 得分 of an indicator or the total."""
    for column in ("分值", "得分"):
        if f"{name}.{column}" in walk.form.items and column in walk.columns:
            walk.place(f"{name}.{column}", first, last, column)
