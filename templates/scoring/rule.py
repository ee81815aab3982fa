"""What every scoring rule says of itself: its criterion in words, and every score that it can yield."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from gouji.templates.model import Model
from gouji.templates.scoring.ranges import NOTHING, Range, joined, within

_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


class Rule(Model):
    """A rule by which an indicator earns its points (分值). Each kind is a subclass in a file of its own.

    Where a published form contradicts itself, what it evidently means is put in words; what it printed stays in the
    definition.
    """

    def criterion(self, points: Decimal) -> str:
        """评价标准 as printed on an issued form: thresholds, steps, bands and points as the rule has them."""
        raise NotImplementedError

    @property
    def printed_full_marks(self) -> Decimal | None:
        """The highest score that the printed criterion names; None where it names none but the 分值."""
        return None

    def possible_scores(self, points: Decimal) -> list[Range]:
        """Every score that the rule can yield, whatever the reading: from below, within [0, points], without overlaps.

        All of [0, points] for `step` (按比例 is in use) and `ratio`, and for `judge` without step or ranges.
        """
        return joined((within(low, points), within(high, points)) for low, high in self._possible(points))

    def _possible(self, points: Decimal) -> Iterable[Range]:
        return [(NOTHING, points)]


def numbered(texts: Iterable[str]) -> Iterator[str]:
    """①…；②…: as many as there are circled figures, then （21）."""
    for place, text in enumerate(texts):
        yield (_CIRCLED[place] if place < len(_CIRCLED) else f"（{place + 1}）") + text
