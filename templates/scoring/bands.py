"""The bands of a `band` rule as stretches of rates: where they overlap, and what they leave undefined between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from gouji.templates.definition import Band, BandRule


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


def bands_of(rule: BandRule, points: Decimal, full: Decimal) -> list[Stretch]:
    """The bands in print order, capped at `points`; where the form prints other full marks, the best earns `full`."""
    given = [full if band.points == rule.printed_full else band.points for band in rule.bands]
    return [
        Stretch(span_of(band), min(one, points), min(one, points)) for band, one in zip(rule.bands, given, strict=True)
    ]


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


def span_of(band: Band) -> Span:
    """A band's edges as printed."""
    if band.at is not None:
        return Span(band.at, True, band.at, True)
    low = band.over if band.from_ is None else band.from_
    high = band.below if band.upto is None else band.upto
    return Span(low, band.from_ is not None, high, band.upto is not None)


def _begins_within(one: Span, other: Span) -> bool:
    """Whether `other` begins before `one` is at its end."""
    if one.high is None or other.low is None:
        return True
    return other.low < one.high or (other.low == one.high and one.high_in and other.low_in)


def _from_below(span: Span) -> tuple[bool, Decimal, bool]:
    return (span.low is not None, span.low or Decimal(0), not span.low_in)
