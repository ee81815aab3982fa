"""Under which first- and second-level indicator a line of a 自评表 stands."""

from __future__ import annotations

import re
from decimal import Decimal

from gouji.ingest.locating.wording import FormLabel, form_label
from gouji.templates.blocks import ListBlock
from gouji.templates.labels import label_key, normalised, squeezed
from gouji.templates.taught import Taught

_POINTS = re.compile(r"(\d{1,6}(?:\.\d{1,6})?)分")


class Levels:
    """Walks down the lines of a list. `points`: first-level indicator → the points printed behind it."""

    def __init__(self, block: ListBlock, columns: dict[str, tuple[int, int]], taught: tuple[Taught, ...] = ()) -> None:
        self.points: dict[str, Decimal] = {}
        self._groups = [form_label(group.id, group.label or group.id) for group in block.groups]
        self._leaves = {
            group.id: [
                form_label(leaf.id, leaf.label or leaf.id, tuple(leaf.also)).knowing(taught) for leaf in group.groups
            ]
            for group in block.groups
        }
        self._all = [leaf for leaves in self._leaves.values() for leaf in leaves]
        self._parent = {leaf.name: group for group, leaves in self._leaves.items() for leaf in leaves}
        self._columns = columns
        self._first, self._second = block.levels[0], block.levels[-2]
        self._printed = self._group = self._leaf = ""

    def at(self, cells: dict[int, str]) -> tuple[str, str]:
        """(first, second level) of a row from the texts left of its name; what the row leaves blank goes on.

        An indicator that the form does not have comes back as it is printed: nothing slides into the group above.
        """
        for column, text in sorted(cells.items()):
            key = label_key(text)
            if self._stands_first(column, key):
                self._begin_group(text, key)
            elif self._stands_second(column, key):
                self._leaf = self._named(key, text)
                if self._printed == "":
                    self._group = self._parent.get(self._leaf, self._group)
        return self._group, self._leaf

    def _stands_first(self, column: int, key: str) -> bool:
        span = self._columns.get(self._first)
        if span is None or not span[0] <= column <= span[1]:
            return False
        if self._second in self._columns:
            return True
        # One head over both levels: the leftmost column is the first one.
        return column == span[0] and _named(self._groups, key) is not None

    def _stands_second(self, column: int, key: str) -> bool:
        span, first = self._columns.get(self._second), self._columns.get(self._first)
        if span is not None:
            return span[0] <= column <= span[1]
        return column > first[0] if first is not None else _named(self._all, key) is not None

    def _begin_group(self, text: str, key: str) -> None:
        group_id = _named(self._groups, key)
        group = group_id or normalised(text)
        if group != self._group:
            self._leaf = ""
        self._printed = self._group = group
        points = _POINTS.search(squeezed(text))
        if points is not None:
            self.points[group] = Decimal(points[1])

    def _named(self, key: str, text: str) -> str:
        """The id of a second-level indicator; its printed text where the group does not have it."""
        leaves = self._leaves.get(self._group) if self._printed else self._all
        leaf_id = _named(leaves, key) if leaves is not None else None
        exact = next((leaf.name for leaf in self._all if key in leaf.keys), None)
        return leaf_id or exact or normalised(text)


def _named(labels: list[FormLabel], key: str) -> str | None:
    exact = next((label.name for label in labels if key in label.keys), None)
    return exact or next((label.name for label in labels if key in label.synonyms), None)
