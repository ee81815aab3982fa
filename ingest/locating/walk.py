"""The walk down a region that finds the blocks of a form by their labels: where it has come to, where a block ends."""

from __future__ import annotations

from gouji.ingest.locating.form_labels import block_heads, block_labels, row_labels
from gouji.ingest.locating.heads import ENOUGH_HEADS, Head, has_years, head_at, placed
from gouji.ingest.locating.located import Located, Place, Wording
from gouji.ingest.locating.parts import is_sum_row
from gouji.ingest.locating.region import Region
from gouji.ingest.locating.wording import EXACT, SIMILAR, FormLabel, Match, aligned
from gouji.ingest.locating.year_heads import names_years
from gouji.templates.blocks import (
    ListBlock,
)
from gouji.templates.form import Form
from gouji.templates.labels import label_key, squeezed
from gouji.templates.taught import shown_label

Columns = dict[str, tuple[int, int]]
"""Column id → first and last sheet column of its head."""


class Walk:
    """Down one region, block by block of a form; `row` is the first row not yet used up.

    `columns`: of the block that is being found; `stub`: where labels of its rows stand; `listed`: columns of each list.
    """

    def __init__(self, form: Form, region: Region, located: Located) -> None:
        self.form = form
        self.region = region
        self.located = located
        self.row = region.first
        self.columns: Columns = {}
        self.stub = (0, 0)
        self.listed: dict[str, set[str]] = {}
        blocks = form.definition.blocks
        self.labels = [block_labels(block, form.taught) for block in blocks]
        self.taught = {lesson.key: lesson for lesson in form.taught}
        keys = [{key for label in labels for key in label.keys} for labels in self.labels]
        self.known = frozenset().union(*keys)
        self.later: list[frozenset[str]] = []
        for place, block_keys in enumerate(keys):
            behind = {key for labels in self.labels[place + 1 :] for label in labels for key in label.keys}
            if place + 1 < len(blocks) and block_heads(blocks[place + 1]) is None:
                behind |= {key for label in self.labels[place + 1] for key in label.synonyms}
            self.later.append(frozenset(behind - block_keys))
        self.looked_for = [block_heads(block, form.taught) for block in blocks]
        self.heads = placed(region, self.looked_for, self.known)

    def text_cells(self, first: int) -> list[tuple[int, int, str]]:
        rows = self.region.texts
        return [
            (row, column, str(self.region.sheet.rows[row][column]))
            for row in rows
            if row >= first
            for column in rows[row]
        ]

    def next_head(self, place: int, first: int) -> int:
        """The first row from `first` on that the heads of another block take."""
        heads = (head for number, head in enumerate(self.heads) if head is not None and number != place)
        return min((head.first for head in heads if head.first >= first), default=self.region.last + 1)

    def end(self, place: int, head: Head) -> int:
        """Where a block ends: at the next heads, or the first label of a later block, alone or with its value."""
        end = self.next_head(place, head.last + 1)
        later = self.later[place]
        for row in self.region.texts:
            if not head.last < row < end or later.isdisjoint(self._labels_in(row)) or self.repeats(head, place, row):
                continue
            if not self._total_among_lines(place, head, row, end):
                return row
        return end

    def _labels_in(self, row: int) -> set[str]:
        """The labels in a row, alone or with their value."""
        cells = self.region.texts.get(row, {})
        return {
            *self.region.keys.get(row, {}).values(),
            *(label_key(text.partition(":")[0]) for text in cells.values()),
        }

    def _total_among_lines(self, place: int, head: Head, row: int, end: int) -> bool:
        """Whether the label in a row of a list is that of its total right under the heads, or of a subtotal (合计 for
        小计): the lines follow it."""
        block = self.form.definition.blocks[place]
        if not isinstance(block, ListBlock):
            return False
        if row == head.last + 1:
            left = min(start for start, _ in head.columns.values())
            right = max(last for _, last in head.columns.values())
            return any(self.region.figures(below, left, right) for below in range(row + 1, end))
        if not any(is_sum_row(text) for text in self.region.texts[row].values()):
            return False
        names = head.columns.get(block.levels[-1])
        measures = [column.id for column in block.columns if column.kind == "measure"]
        spans = [head.columns[measure] for measure in measures if measure in head.columns]
        # 填表人 and its neighbours below the total stand in the columns of the lines, and are none.
        lines = (below for below in range(row + 1, end) if self.later[place].isdisjoint(self._labels_in(below)))
        return any(
            (names is None or self._is_named(below, names))
            and all(self.region.anything(below, *span) for span in spans)
            for below in lines
        )

    def _is_named(self, row: int, names: tuple[int, int]) -> bool:
        """Whether a row has a name in the column of names: figures are none, nor is the 年, 月 or 日 of a date."""
        keys = self.region.keys.get(row, {})
        return any(len(keys.get(column, "")) > 1 for column in range(names[0], names[1] + 1))

    def repeats(self, head: Head, place: int, row: int) -> bool:
        """Whether the block's own heads stand here once more, as at the top of a new page."""
        looked_for = self.looked_for[place]
        keys = self.region.keys.get(row)
        if looked_for is None or keys is None:
            return False
        if names_years(looked_for.labels):
            recognised = has_years(self.region, row)
        else:
            recognised = sum(match.text in keys.values() for match in head.matches.values()) > 1
        if not recognised:
            return False
        again = head_at(self.region, looked_for, row, self.known)
        return len(again.matches) >= ENOUGH_HEADS * len(looked_for.labels)

    def note_wordings(self, labels: list[FormLabel], matches: dict[str, Match], row: int | None = None) -> None:
        """Notes the labels of the sheet that were read for labels of the definition by likeness or as taught."""
        printed = {label.name: label.label for label in reversed(labels)}  # heads come first, and are the ones meant
        for name, match in matches.items():
            lesson = self.taught.get(match.text)
            taught = match.how == EXACT and lesson is not None and bool(lesson.read_as)
            if match.how == SIMILAR or taught:
                at = (row, match.place) if row is not None else self._cell_of(match)
                text = squeezed(str(self.region.sheet.raw(*at) or match.text))
                read_as = shown_label(printed[name])
                named = name.partition(".")[0]  # an indicator of a 评分表 may have several printed labels
                self.located.wordings.append(Wording(named, text, match.likeness, at, read_as, taught))

    def _cell_of(self, match: Match) -> tuple[int, int]:
        cells = self.region.keys[match.place]
        return match.place, next(column for column, key in cells.items() if key == match.text)

    def rows_of(self, block: object, start: int, end: int, stub: tuple[int, int]) -> dict[str, Match]:
        """Row id → where its label stands between two rows, left of the values."""
        places = [
            (row, [key for column, key in self.region.keys[row].items() if stub[0] <= column < stub[1]])
            for row in self.region.keys
            if start <= row < end
        ]
        labels = row_labels(block, self.form.taught)
        matches = aligned(labels, [(row, keys) for row, keys in places if keys], self.known)
        self.note_wordings(labels, matches)
        return matches

    def span(self, first: int, last: int, column: str) -> Place:
        left, right = self.columns[column]
        return Place((first, self._merged_from(first, left), last, right))

    def _merged_from(self, row: int, left: int) -> int:
        """Where the value under a head begins: further left, where cells are merged that stand under no other head."""
        start = self.region.start_of(row, left)
        under_another_head = any(first < left and last >= start for first, last in self.columns.values())
        return left if under_another_head or isinstance(self.region.sheet.raw(row, start), str) else start

    def place(self, item: str, first: int, last: int, column: str) -> None:
        self.located.places[item] = self.span(first, last, column)

    def anything(self, row: int, left: int, right: int) -> bool:
        return self.region.anything(row, left, right)


def head_rows(head: Head) -> range:
    """The rows that the heads of a block take."""
    return range(head.first, head.last + 1)
