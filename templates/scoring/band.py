"""`band`: points by the band into which a rate falls. Printed bands may overlap, and leave stretches undefined."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, Self

from pydantic import Field, model_validator

from gouji.templates.exact import percent, plain
from gouji.templates.model import Figure, Model, Share, contradiction
from gouji.templates.scoring.ranges import Range
from gouji.templates.scoring.rated import Rated


@dataclass(frozen=True, slots=True)
class Span:
    """From `low` to `high`; None is without limit. `low_in` and `high_in`: whether the end itself belongs to it."""

    low: Decimal | None
    low_in: bool
    high: Decimal | None
    high_in: bool

    def apart_from(self, later: Span) -> bool:
        """Whether something lies between this stretch and one that begins later."""
        if self.high is None or later.low is None:
            return False
        return self.high < later.low or (self.high == later.low and not self.high_in and not later.low_in)

    def overlaps(self, other: Span) -> bool:
        """Whether a rate lies in both."""
        return _begins_within(self, other) and _begins_within(other, self)

    @property
    def words(self) -> str:
        """`80%（含）至90%`, `90%（含）以上`, `大于30%`, `0%`."""
        if self.low is not None and self.low == self.high:
            return percent(self.low)
        low = "" if self.low is None else percent(self.low) + ("（含）" if self.low_in else "")
        high = "" if self.high is None else percent(self.high) + ("（含）" if self.high_in else "")
        if low and high:
            return f"{low}至{high}"
        if low:
            return f"{low}以上" if self.low_in else f"大于{low}"
        return f"{high}以下" if self.high_in else f"低于{high}"

    def ends_before(self, other: Span) -> bool:
        """Whether `other` reaches further up."""
        if self.high is None or other.high is None:
            return self.high is not None
        return (self.high, self.high_in) < (other.high, other.high_in)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Rates that earn the same: one figure in a band, anything from `least` to `most` in a gap between bands."""

    span: Span
    least: Decimal
    most: Decimal

    @property
    def earned(self) -> str:
        """What a rate that lies in it may earn."""
        if self.least == self.most:
            return f"计{plain(self.most)}分"
        return f"在{plain(self.least)}至{plain(self.most)}分之间评定"


class Band(Model):
    """A stretch of rates and its points: `at` alone, or a lower end, an upper end, or both.

    `from` (含) or `over` (不含) below, `upto` (含) or `below` (不含) above.
    """

    at: Share | None = None
    from_: Share | None = Field(default=None, alias="from")
    over: Share | None = None
    upto: Share | None = None
    below: Share | None = None
    points: Figure

    @model_validator(mode="after")
    def _ends_fit(self) -> Self:
        lows = [end for end in (self.from_, self.over) if end is not None]
        highs = [end for end in (self.upto, self.below) if end is not None]
        if len(lows) > 1 or len(highs) > 1 or (self.at is None) == (not lows and not highs):
            raise contradiction("每档应写 at，或 from、over 之一和（或）upto、below 之一")
        is_open = self.over is not None or self.below is not None
        if lows and highs and (lows[0] > highs[0] or (lows[0] == highs[0] and is_open)):
            raise contradiction("这一档的下限应低于上限")
        return self

    @property
    def span(self) -> Span:
        """Its edges as printed."""
        if self.at is not None:
            return Span(self.at, True, self.at, True)
        low = self.over if self.from_ is None else self.from_
        high = self.below if self.upto is None else self.upto
        return Span(low, self.from_ is not None, high, self.upto is not None)


class BandRule(Rated):
    """Points by the band into which the rate falls; bands may leave gaps or overlap, as printed."""

    kind: Literal["band"]
    bands: list[Band]

    @model_validator(mode="after")
    def _full_marks_fit(self) -> Self:
        if not self.bands:
            raise contradiction("bands 至少要有一档")
        if self.printed_full is not None and self.printed_full != max(band.points for band in self.bands):
            raise contradiction("printed_full 应等于 bands 中最高的 points")
        return self

    def stretches(self, points: Decimal, full: Decimal) -> tuple[list[Stretch], list[Stretch]]:
        """The bands in print order, capped at `points`, and the gaps between them.

        Where the form prints other full marks than the 分值, the best band earns `full`.
        """
        bands = [self._stretch(band, points, full) for band in self.bands]
        return bands, gaps_between(bands)

    def criterion(self, points: Decimal) -> str:
        bands, gaps = self.stretches(points, points)
        texts = [f"{band.span.words}，计{plain(band.most)}分" for band in bands]
        texts += [f"{gap.span.words}，{gap.earned}" for gap in gaps]
        return "；".join(texts) + "。" + self._absent

    @property
    def printed_full_marks(self) -> Decimal | None:
        return max(band.points for band in self.bands)

    def _stretch(self, band: Band, points: Decimal, full: Decimal) -> Stretch:
        earned = min(full if band.points == self.printed_full else band.points, points)
        return Stretch(band.span, earned, earned)

    def _possible(self, points: Decimal) -> Iterable[Range]:
        """The bands' points, what lies open between them, and full marks where no rate is needed."""
        for start in self.starts(points):
            bands, gaps = self.stretches(points, start)
            yield from ((stretch.least, stretch.most) for stretch in (*bands, *gaps))
            if self.zero_over_zero or self.full_when_absent:
                yield start, start


def gaps_between(bands: Sequence[Stretch]) -> list[Stretch]:
    """What lies between bands and in none, from below, with the points of the neighbours as bounds.

    Nothing is a gap below the lowest or above the highest band: there is a neighbour on one side only.
    """
    found: list[Stretch] = []
    rising = sorted(bands, key=lambda one: _from_below(one.span))
    reached = rising[0]
    for later in rising[1:]:
        if reached.span.apart_from(later.span):
            span = Span(reached.span.high, not reached.span.high_in, later.span.low, not later.span.low_in)
            near = [one for one in bands if one.span in (reached.span, later.span)]
            found.append(Stretch(span, min(one.least for one in near), max(one.most for one in near)))
        if reached.span.ends_before(later.span):
            reached = later
    return found


def most_at_once(bands: Sequence[Stretch]) -> int:
    """In how many bands a rate can lie at most (an upper bound), whatever the rates at hand."""
    return 1 + max(sum(one.span.overlaps(other.span) for other in bands[:place]) for place, one in enumerate(bands))


def _begins_within(one: Span, other: Span) -> bool:
    """Whether `other` begins before `one` is at its end."""
    if one.high is None or other.low is None:
        return True
    return other.low < one.high or (other.low == one.high and one.high_in and other.low_in)


def _from_below(span: Span) -> tuple[bool, Decimal, bool]:
    return (span.low is not None, span.low or Decimal(0), not span.low_in)
