"""What stands around the figures of a paragraph: its other figures, those before it in the report, its table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from gouji.ingest.narrative.written import MONEY, Paper, Written
from gouji.validate.narrative.reckoning.facts import Amount, Facts
from gouji.validate.narrative.reckoning.span import Span
from gouji.validate.narrative.reckoning.words import is_earlier

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)年")
_NEAR = 16
"""Figures around one that may explain it."""


@dataclass(frozen=True)
class Surroundings:
    """A paragraph, the figures `earlier` in its report, and what the table beside it has."""

    paper: Paper
    earlier: tuple[Written, ...] = ()
    facts: Facts | None = None

    @property
    def figures(self) -> tuple[Written, ...]:
        """The figures of the paragraph."""
        return self.paper.figures

    @property
    def amounts(self) -> Sequence[Amount]:
        """Those of the table."""
        return () if self.facts is None else self.facts.amounts

    def is_earlier(self, figure: Written) -> bool:
        """Whether a figure is of an earlier time than what the report is about."""
        year = None if self.facts is None else self.facts.passage.year
        years = [int(told) for told in _YEAR.findall(figure.clause)]
        return is_earlier(figure) or (year is not None and bool(years) and max(years) < year)

    def last(self, figure: Written) -> Written | None:
        """The figure right before one, in its sentence."""
        before = self.figures[figure.number - 1] if figure.number else None
        return before if before is not None and before.sentence == figure.sentence else None

    def before(self, figure: Written, unit: str = "", *, sentences: int = 0) -> list[Written]:
        """The exact figures of a unit (its own) before one, in its sentence and so many before, the nearest last."""
        unit, first = unit or figure.unit, figure.sentence - sentences
        near = self.figures[max(0, figure.number - _NEAR) : figure.number]
        return [other for other in near if other.unit == unit and other.exact and other.sentence >= first]

    def beside(self, figure: Written, unit: str = "", *, sentences: int = 0) -> list[Written]:
        """Those of them that do not stand in deeper brackets."""
        return [other for other in self.before(figure, unit, sentences=sentences) if other.depth <= figure.depth]

    def near(self, figure: Written, unit: str = "") -> list[Span]:
        """What has a unit (its own) around a figure: before and behind it, and in the tables."""
        amounts = [Span.exactly(amount.value) for amount in self.amounts if (unit or figure.unit) == MONEY]
        return [*map(Span.of, self.alike(figure, unit)), *amounts]

    def alike(self, figure: Written, unit: str = "") -> list[Written]:
        """The figures around one that have a unit (its own), before and behind it."""
        own = self.figures[max(0, figure.number - _NEAR) : figure.number + _NEAR + 1]
        around = (*own, *self.earlier[-_NEAR:])
        return [other for other in around if other is not figure and other.unit == (unit or figure.unit)]

    def behind(self, figure: Written, most: int = 24) -> str:
        """The words behind a figure, to the end of its sentence."""
        return self.paper.text[figure.end : min(figure.end + most, self.paper.spans[figure.sentence][1])]
