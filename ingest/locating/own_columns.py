"""Columns that a unit or its bureau set up for itself, and say so: scores of a review, differences of two columns."""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property

from gouji.ingest.figures.cleaning import emptiness
from gouji.ingest.locating.figure_cells import is_figure
from gouji.ingest.locating.form_labels import teachable_labels
from gouji.ingest.locating.located import Located, Position
from gouji.templates.labels import squeezed
from gouji.templates.vocabulary import vocabulary

_LONGEST = 40
"""Signs from which a text is no head."""
_LONGEST_OVER = 12
"""The same of what stands over the heads of several columns: what is longer is an entry of the block above."""


class OwnColumns:
    """The columns of a found table whose head tells, in a word that no label of the form has, that they are no part
    of it."""

    def __init__(self, located: Located) -> None:
        self._located = located
        self._heads: dict[int, tuple[dict[int, str], list[int]]] = {}

    def head(self, at: Position) -> str:
        """The head of the column of its own in which a figure stands; empty where it stands in no such column."""
        row, column = at
        texts, rows = self._texts(column)
        above = bisect_left(rows, row)
        if not above:
            return ""
        lowest = rows[above - 1]
        label, over = texts[lowest], texts.get(lowest - 1, "")
        if self._tells(label):
            return label
        return f"{over}{label}" if len(over) <= _LONGEST_OVER and self._tells(over) else ""

    def _tells(self, text: str) -> bool:
        """What a column is after something (调整后, 变动后) may be the form's own column under another name."""
        return "后" not in text and any(word in text for word in self._words)

    @cached_property
    def _words(self) -> list[str]:
        labels = [squeezed(teachable.label) for teachable in teachable_labels(self._located.form)]
        return [word for word in vocabulary().own_columns if not any(word in label for label in labels)]

    def _texts(self, column: int) -> tuple[dict[int, str], list[int]]:
        """Row → the label that stands there in a column, be it over several; and these rows, in their order."""
        if column not in self._heads:
            sheet, (first, last) = self._located.sheet, self._located.rows
            labels = {row: self._label((row, column)) for row in range(first, min(last + 1, sheet.height))}
            for top, left, _, right in sheet.merges:
                if left < column <= right and first <= top <= last:
                    labels[top] = self._label((top, left))
            texts = {row: text for row, text in labels.items() if text}
            self._heads[column] = texts, sorted(texts)
        return self._heads[column]

    def _label(self, at: Position) -> str:
        value = self._located.sheet.raw(*at)
        text = squeezed(value) if isinstance(value, str) and not is_figure(value) else ""
        return text if len(text) <= _LONGEST and emptiness(text) is None else ""
