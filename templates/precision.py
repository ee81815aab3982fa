"""How precise a figure is: at which decimal it counts as rounded. The one place; docs/semantics.md has the table.

Reading (`ingest/`), rules (`templates/rules/quantity.py`), scores and the formulas of the 自查 all ask here.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cache

from gouji.templates.number_format import is_percentage, shown_decimals

EXACT = 30
"""Decimals of a figure that is not rounded. Excel shows no more, whatever a format or a tiny figure says."""
LEAST = 2
"""Decimals of 万元, or of a fraction, that a figure has at least: a bare 5 is 5.00, a bare 1 is 100 % ± 0.5 points."""
POINTS_APART = Decimal("0.005")
"""Points are exact. Two that are no further apart than this are equal, for no form scores finer than 0.01."""
POINTS_UNIT = Decimal("0.01")
"""The last place at which a recomputed score may have been cut off instead of rounded."""
WHOLE_FROM = 10
"""万元 from which on a whole figure may stand for another table's exact one, where its table shows whole 万元 only."""
LESS_THAN_ONE = Decimal("0.999")
"""Of a unit of the last place: less than one of it, clear of what arithmetic in binary blurs."""

_ROUNDED = range(3, 7)
"""Decimals of a fraction to which formulas round; a quotient that was not rounded has more, or is exact at these."""
_DECLARED = frozenset({"amount", "quantity", "measure"})


def shown(
    kind: str, own: int, number_format: str | None = None, *, computed: bool = False, rounded: int | None = None
) -> int:
    """Decimals of a figure as the person saw it; a rate's are those of the fraction.

    `own`: decimals that the text, or the number itself, is written with. `number_format`: the code of a numeric cell,
    issued by us or not. `computed`: whether the cell holds a formula; its rate is exact, unless the
    formula itself says to how many decimals of the fraction it rounds (`rounded`): =ROUND(F6/E6,4), or it looks so.
    """
    if kind == "rate":
        if computed:
            if rounded is not None:
                return min(rounded, EXACT)
            return own if own in _ROUNDED else EXACT
        if not is_percentage(number_format):
            return min(own, EXACT)
    decimals = shown_decimals(number_format, own)
    return min(own if decimals is None else decimals, EXACT)


def least(kind: str, declared: int | None) -> int:
    """Decimals that a figure of a kind has at least, whatever it shows; `declared`: those of its form."""
    if kind == "rate":
        return LEAST
    return declared or LEAST if kind in _DECLARED else 0


@cache
def span(kind: str, declared: int | None, number_format: str) -> tuple[int, int]:
    """Fewest and most decimals at which a number typed into a cell of this format may count as rounded.

    Between them it counts at its own.
    """
    floor = least(kind, declared)
    fewest, most = (max(floor, shown(kind, own, number_format)) for own in (0, EXACT))
    return fewest, most


ABOUT = Decimal("0.05")
"""How far off a figure may be, as a share of it, that a text calls 约, 左右 or 近."""


def half_width(value: Decimal, decimals: int, *, about: bool = False) -> Decimal:
    """How far a figure in a text may be from what it stands for: half a unit of its last decimal, as it is written
    there (a bare 5万元 is anything from 4.5 to 5.5), and more where the text says 约. `decimals` may be below 0."""
    half = Decimal(1).scaleb(-decimals) / 2
    return max(half, abs(value) * ABOUT) if about else half
