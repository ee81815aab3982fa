"""Which slips explain a difference, and whether that is worth saying (docs/causes.md has the order and the reasons)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from gouji.templates.rules.quantity import RESOLUTION
from gouji.validate.causes.digits import digit_slips
from gouji.validate.causes.figure import Difference, Slip
from gouji.validate.causes.parts import part_slips
from gouji.validate.causes.repeated import repeated_slips
from gouji.validate.causes.scale import scale_slips
from gouji.validate.causes.sign import sign_slips

_FAMILIES = (repeated_slips, scale_slips, sign_slips, part_slips, digit_slips)
_MOST_NAMED = 2
_MOST_FIGURES = 60
"""With more figures something always fits."""
_ABSURD = Decimal(10) ** 12
_CHANCE = Decimal("0.05")
"""No cause is named where a difference of that size would fit some slip by accident more often than this."""
_NEAR = 2
"""Slips whose difference is within this factor of the one at hand compete with it."""


def cause_of(difference: Difference) -> str | None:
    """`与“公务接待费按元填列，没有换算成万元”相符`; None where nothing fits, too much fits, or it may be accident."""
    if not difference.size or not _reasonable(difference):
        return None
    named = list(dict.fromkeys(slip.words for slip in likely_slips(difference)))
    return worded(named) if 0 < len(named) <= _MOST_NAMED else None


def _reasonable(difference: Difference) -> bool:
    """Few enough figures, of a size that occurs: with many something always fits, and absurd ones are no slip."""
    figures = [*difference.figures, *(difference.ratio or ())]
    return 0 < len(figures) <= _MOST_FIGURES and all(abs(figure.value) < _ABSURD for figure in figures)


def worded(causes: Sequence[str]) -> str:
    """`与“甲”或“乙”相符`."""
    shown = "或".join(f"“{words.replace('“', '').replace('”', '')}”" for words in causes)
    return f"与{shown}相符"


def likely_slips(difference: Difference) -> list[Slip]:
    """The slips of the most specific rank that explain the difference and hardly do so by accident."""
    slips = [slip for family in _FAMILIES for slip in family(difference)]
    finest = _resolution(difference)
    fitting = [slip for slip in slips if _gap(slip, difference) <= max(slip.window, finest)]
    if not fitting:
        return []
    best = min(slip.rank for slip in fitting)
    chosen = [slip for slip in fitting if slip.rank == best]
    exact = [slip for slip in chosen if _gap(slip, difference) <= finest]
    step = unit_of([difference.size, *(figure.value for figure in difference.figures)])
    rivals = _rivals(slips, difference.size)
    return [slip for slip in exact or chosen if _chance(slip, rivals, step, difference.size, bool(exact)) <= _CHANCE]


def _gap(slip: Slip, difference: Difference) -> Decimal:
    return abs(slip.difference - difference.size)


def _resolution(difference: Difference) -> Decimal:
    return Decimal(5).scaleb(-RESOLUTION.get(difference.kind, 6) - 1)


def _rivals(slips: Sequence[Slip], size: Decimal) -> int:
    """How many different differences of about this size the slips would make."""
    low, high = sorted((size / _NEAR, size * _NEAR))
    return len({slip.difference for slip in slips if low <= slip.difference <= high})


def _chance(slip: Slip, rivals: int, step: Decimal, size: Decimal, exact: bool) -> Decimal:
    """How often a difference of about this size, drawn from all that the figures' digits allow, fits some slip."""
    if slip.chance is not None:
        return slip.chance
    hit = step if exact else step + 2 * slip.window
    return rivals * hit / (abs(size) * (_NEAR - 1 / Decimal(_NEAR)))


def unit_of(values: Sequence[Decimal]) -> Decimal:
    """The coarsest step (1 or 5 times a power of ten) of which all the figures are multiples: 5 for 10, 25 and 40."""
    present = [value.normalize().as_tuple() for value in values if value]
    power = min((int(figure.exponent) for figure in present), default=0)
    fives = bool(present) and all(int(figure.exponent) > power or figure.digits[-1] == 5 for figure in present)
    return Decimal(5 if fives else 1).scaleb(power)
