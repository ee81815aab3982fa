"""A figure that its sentence says is made of others, and whether any of them make it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from gouji.ingest.narrative.written import Written
from gouji.validate.narrative.reckoning.span import Span, sum_of
from gouji.validate.narrative.reckoning.words import listed


@dataclass(frozen=True, slots=True)
class Way:
    """What a figure should be, and how a finding calls the one and the other from which that follows; `rest`: whether
    it is what the other parts leave of a sum."""

    due: Span
    one: str = ""
    other: str = ""
    rest: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """`ways`: what the figure should be by what the words say; `also`: what else around it would explain it. `parts`:
    where it is a sum, its parts in words; `table`: where it is to be that of a table, which."""

    figure: Written
    ways: Sequence[Way]
    also: Iterable[Span] = field(default=())
    parts: str = ""
    table: str = ""

    @classmethod
    def of_sum(cls, total: Written, parts: Sequence[Written], also: Iterable[Span] = ()) -> Claim:
        """That a figure is what its parts add up to."""
        return cls(total, [Way(sum_of(parts))], also, parts=listed(parts))

    def contradiction(self) -> Way | None:
        """The nearest of the ways where neither they nor anything else explains the figure."""
        figure = self.figure
        if not self.ways or not figure.exact or any(way.due.explains(figure) for way in self.ways):
            return None
        if any(due.explains(figure) for due in self.also):
            return None
        return min(self.ways, key=lambda way: abs(way.due.value - figure.value))
