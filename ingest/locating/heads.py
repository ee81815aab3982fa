"""Where the heads of a form's blocks stand on a sheet, found for all blocks together."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from gouji.ingest.locating.region import Region
from gouji.ingest.locating.wording import EXACT, FormLabel, Match, aligned
from gouji.ingest.locating.year_heads import names_years, with_years, year_head
from gouji.templates.labels import printed_years, squeezed

_DATE = re.compile(r"\d{4}年\d{1,2}月")
ENOUGH_HEADS = 0.6
"""Share of a block's heads that must stand in its head rows."""

Span = tuple[int, int]
Rows = list[tuple[int, dict[int, str]]]
"""Rows of heads, each with column → key or text."""
Places = list[tuple[int, list[str]]]
"""Columns, each with the keys of what is printed over it."""


@dataclass(frozen=True, slots=True)
class Head:
    """The rows that a block's heads take, and for every head found its match and the columns that it spans."""

    first: int
    last: int
    matches: dict[str, Match]
    columns: dict[str, Span]

    @property
    def weight(self) -> float:
        """How good a place it is: the number of its heads, those found exactly a little more."""
        return sum(1.0 if match.how == EXACT else 0.9 for match in self.matches.values())

    def beside(self, neighbour: Head) -> bool:
        """Whether the head stands in the same rows as its neighbour, left of it."""
        ours, theirs = list(self.columns.values()), list(neighbour.columns.values())
        apart = max(end for _, end in ours) < min(start for start, _ in theirs)
        return self.first <= neighbour.last and neighbour.first <= self.last and apart


@dataclass(frozen=True, slots=True)
class Heads:
    """What is looked for: a block's head labels in their order, over how many rows its form prints them.

    `innermost`: the name of the level whose lines are asked for, in a list.
    """

    labels: tuple[FormLabel, ...]
    depth: int = 1
    innermost: str = ""


def placed(region: Region, blocks: Sequence[Heads | None], foreign: frozenset[str]) -> list[Head | None]:
    """For every block the place of its heads, None where they are not there: in order, each row used once.

    A block that stands out of order is taken where its heads fit a place that no other block has.
    """
    places = [_candidates(region, block, foreign) if block is not None else [] for block in blocks]
    chosen = _chosen(places)
    used = [head for head in chosen if head is not None]
    for number, candidates in enumerate(places):
        if chosen[number] is None and candidates:
            free = [head for head in candidates if all(_clear(head, taken) for taken in used)]
            best = max(free, key=lambda head: (head.weight, -head.first), default=None)
            if best is not None:
                chosen[number] = best
                used.append(best)
    return chosen


def _clear(first: Head, second: Head) -> bool:
    return first.first > second.last or second.first > first.last or first.beside(second) or second.beside(first)


def _chosen(places: list[list[Head]]) -> list[Head | None]:
    """The heaviest choice of one place per block in which the blocks follow one another (or stand side by side)."""
    best: list[tuple[float, Head | None, tuple[Head | None, ...]]] = [(0.0, None, ())]
    for candidates in places:
        following = [(weight, last, (*chain, None)) for weight, last, chain in best]
        for head in candidates:
            fitting = [
                choice for choice in best if choice[1] is None or head.first > choice[1].last or choice[1].beside(head)
            ]
            if fitting:
                weight, _, chain = max(fitting, key=lambda choice: choice[0])
                following.append((weight + head.weight, head, (*chain, head)))
        best = _best_by_last(following)
    return list(max(best, key=lambda choice: choice[0])[2])


def _best_by_last(
    chains: list[tuple[float, Head | None, tuple[Head | None, ...]]],
) -> list[tuple[float, Head | None, tuple[Head | None, ...]]]:
    kept: dict[int, tuple[float, Head | None, tuple[Head | None, ...]]] = {}
    for chain in chains:
        key = id(chain[1])
        if key not in kept or chain[0] > kept[key][0]:
            kept[key] = chain
    return list(kept.values())


def _candidates(region: Region, block: Heads, foreign: frozenset[str]) -> list[Head]:
    """Every row at which enough of the heads stand."""
    label_keys = {key for label in block.labels for key in (*label.keys, *label.synonyms)}
    by_year = names_years(block.labels)
    least = max(1.0, ENOUGH_HEADS * len(block.labels))
    heads = []
    for row, cells in region.keys.items():
        if not label_keys.isdisjoint(cells.values()) or (by_year and has_years(region, row)):
            head = head_at(region, block, row, foreign)
            if len(head.matches) >= least:
                heads.append(head)
    return heads


def head_at(region: Region, block: Heads, row: int, foreign: frozenset[str]) -> Head:
    """The heads that stand from one row down, over as many rows as the form has, or one more where that finds more.

    A sheet may print them in fewer rows than the form: what follows then is a line with figures, and no head.
    """
    head = _over(region, block, row, block.depth, foreign)
    if block.depth > 1 and _below_holds_figures(region, head.last):
        upper = _over(region, block, row, block.depth - 1, foreign)
        if len(upper.matches) >= len(head.matches):
            return upper
    if len(head.matches) < len(block.labels) and not _below_holds_figures(region, row + block.depth):
        deeper = _over(region, block, row, block.depth + 1, foreign)
        if len(deeper.matches) >= len(head.matches) and deeper.weight > head.weight:
            return deeper
    return head


def _below_holds_figures(region: Region, row: int) -> bool:
    return row > region.last or region.figures(row, 0, region.sheet.width - 1)


def _over(region: Region, block: Heads, row: int, depth: int, foreign: frozenset[str]) -> Head:
    rows = [(at, region.keys.get(at, {})) for at in range(row, min(row + depth, region.last + 1))]
    rows = _without_covering(region, block.labels, rows)
    columns = sorted({column for _, cells in rows for column in cells})
    places = [(column, _texts(region, rows, column)) for column in columns]
    if names_years(block.labels):
        places = _by_years(region, rows, block.labels, places)
    else:
        places = _of_one_year(region, rows, block.labels, places)
    matches = aligned(block.labels, _as_adjusted(block.labels, _of_lines(block, places)), foreign)
    spans = {name: _span(region, rows, match) for name, match in matches.items()}
    return Head(row, row + depth - 1, matches, spans)


def _without_covering(region: Region, labels: Sequence[FormLabel], rows: Rows) -> Rows:
    """The rows without labels over several columns that mean a label below them: 年度指标值 over 指标性质 | 指标值."""
    kept: Rows = []
    for number, (at, cells) in enumerate(rows):
        below = [(column, key) for _, under in rows[number + 1 :] for column, key in under.items()]
        covering = set()
        for column, key in cells.items():
            beneath = [lower_key for place, lower_key in below if column <= place <= region.end_of(at, column)[1]]
            if len(beneath) > 1 and any(
                label.how(key) and label.how(lower_key) for label in labels for lower_key in beneath
            ):
                covering.add(column)
        kept.append((at, {column: key for column, key in cells.items() if column not in covering}))
    return kept


def has_years(region: Region, row: int) -> bool:
    """Whether several heads of a row name a year: in whatever words, they may be the heads that are looked for."""
    texts = (str(region.sheet.raw(row, column)) for column in region.keys[row])
    return sum(year_head(text) is not None for text in texts) > 1


def _by_years(region: Region, rows: Rows, labels: Sequence[FormLabel], places: Places) -> Places:
    """The places, heads of years under the keys of the definition; a head of a year not asked for has no key."""
    raw = [(at, {column: str(region.sheet.raw(at, column)) for column in cells}) for at, cells in rows]
    texts = {column: _texts(region, raw, column) for column, _ in places}
    keys_by_column = with_years(texts, labels, _year_above(region, rows[0][0]))
    return [
        (column, keys if (named := keys_by_column.get(column)) is None else _names(named, keys))
        for column, keys in places
    ]


def _names(named: str, keys: Sequence[str]) -> list[str]:
    """What a column with a year is looked for by: nothing where it is of a year that is not asked for."""
    return [named, *(key for key in keys if "#年" not in key)] if named else [named]


def _of_one_year(region: Region, rows: Rows, labels: Sequence[FormLabel], places: Places) -> Places:
    """The places of a block whose own heads name no year: 2023年目标值 is 目标值 in a table of 2023, else no head.

    The year is the one that a line above states, else the latest of these heads.
    """
    label_keys = {key for label in labels for key in (*label.keys, *label.synonyms)}
    texts = {
        column: [str(region.sheet.raw(at, column)) for at, cells in rows if column in cells] for column, _ in places
    }
    heads = {column: head for column, printed in texts.items() if (head := _dated(printed, label_keys)) is not None}
    if not heads:
        return places
    table_year = _year_above(region, rows[0][0]) or max(year for year, _ in heads.values())
    return [
        (column, keys if column not in heads else [heads[column][1] if heads[column][0] == table_year else ""])
        for column, keys in places
    ]


def _as_adjusted(labels: Sequence[FormLabel], places: Places) -> Places:
    """The places without 年初指标值 where 调整后指标值 stands as well: what was adjusted is the year's figure."""
    every = {key for _, keys in places for key in keys}
    adjusted = [label for label in labels if any(label.how(key) and key.startswith("调整后") for key in every)]
    if not adjusted:
        return places
    initial = {key for label in adjusted for key in every & label.synonyms if key.startswith("年初")}
    return [(column, [key for key in keys if key not in initial]) for column, keys in places]


def _of_lines(block: Heads, places: Places) -> Places:
    """The places without heads of whole groups where the lines have the same (一级指标, 分值, 三级指标, 分值)."""
    innermost = next((label for label in block.labels if label.name == block.innermost), None)
    levels = [column for column, keys in places if innermost is not None and any(map(innermost.how, keys))]
    if len(levels) != 1:
        return places
    behind = {key for column, keys in places if column > levels[0] for key in keys}
    return [
        (column, keys if column >= levels[0] else [key for key in keys if key not in behind]) for column, keys in places
    ]


def _dated(printed: Sequence[str], label_keys: Collection[str]) -> tuple[int, str] | None:
    """The year and the key of a head that is a known one but for its year."""
    read = (year_head(text) for text in printed)
    return next(((head.year, head.key) for head in read if head and head.year and head.key in label_keys), None)


def _year_above(region: Region, row: int) -> int | None:
    """The year that a line above the heads states; a date (2024年3月5日) is that of filling in."""
    texts = (str(region.sheet.raw(at, column)) for at in region.keys if at < row for column in region.keys[at])
    return next((year for text in texts for year in printed_years(_DATE.sub("", squeezed(text)))), None)


def _texts(region: Region, rows: Rows, column: int) -> list[str]:
    """What is printed over a column: the label of each row, and a label with the one above it, in either order
    (预算数 over 年初)."""
    single = [cells[column] for _, cells in rows if column in cells]
    joined = []
    for (upper, above), (_, below) in pairwise(rows):
        if column in below:
            over = [key for start, key in above.items() if start <= column <= region.end_of(upper, start)[1]]
            if not over:  # its merge is lost, or the format tells none
                over = [above[start] for start in [max((at for at in above if at < column), default=-1)] if start >= 0]
            joined += [word for key in over for word in (f"{key}{below[column]}", f"{below[column]}{key}")]
    return single + joined


def _span(region: Region, rows: Rows, match: Match) -> Span:
    column = match.place
    at = next((at for at, cells in rows if cells.get(column) == match.text), None)
    if at is None:
        at = max(at for at, cells in rows if column in cells)
    return column, region.end_of(at, column)[1]
