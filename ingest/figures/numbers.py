"""A typed cell → an exact figure. What cannot be read for certain is unreadable; nothing is guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from math import copysign

from gouji.ingest.figures.cleaning import emptiness, normalise
from gouji.ingest.figures.quotients import Quotient
from gouji.ingest.figures.remarks import without_remark
from gouji.templates.blanks import NOT_ASKED, NOTHING_SPENT, ZERO
from gouji.templates.exact import FIGURE, figure, places, shift, significant
from gouji.templates.number_format import is_percentage, shows_date
from gouji.templates.precision import shown
from gouji.templates.units import MEASURED, MONEY, PEOPLE_AND_THINGS, SHARES, TIMES, raised, spelling

__all__ = ["KINDS", "LARGEST_FRACTION", "Parsed", "parse_number", "significant"]

KINDS = frozenset({"amount", "count", "rate", "points", "quantity"})

# Above this, a rate without % can only have been meant in percent: nobody is at 6100 %.
LARGEST_FRACTION = 3
GUESSED = "%?"
"""The unit of a bare figure that was read as percent."""
# From here on a figure is a barcode or damage, and a float column could not hold all of them.
_TOO_LARGE = Decimal(10) ** 20

_CELL = re.compile(
    rf"(?P<mark>(?:¥|人民币|RMB)?)(?P<open>\(?)(?P<figure>{FIGURE})(?P<inner>[^\d()]*)(?P<close>\)?)(?P<outer>.*)",
    re.ASCII,
)
_MINUS_IN_WORDS = re.compile(r"^负(?=\d)")
# What makes people see the characters in another order: 94.31 behind U+202E is shown as 13.49.
_TURNED = re.compile("[\u202a-\u202e\u2066-\u2069]")
# A blank or line feed between digits may part two figures: 5 6 is not 56.
_PARTED = re.compile(r"[\d.,] (?=[\d.,])")


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a figure cell says.

    value: amounts in 万元, rates as fractions (61 % = 0.61), counts and points as they are,
        quantities in the unit that stands in the cell or else in the item's; None unless filled.
    decimals: decimals of `value` that the cell shows, never below 0; None unless filled.
    state: filled, blank, not_applicable or unreadable.
    as_text: the figure stood as text in the cell.
    unit: the unit written inside the cell (one spelling per unit); `%?` where a bare figure was read
        as percent; else None.
    """

    value: Decimal | None
    decimals: int | None
    state: str
    as_text: bool = False
    unit: str | None = None


_BLANK = Parsed(None, None, "blank")
_UNREADABLE = Parsed(None, None, "unreadable")


def parse_number(
    raw: object,
    kind: str,
    number_format: str | None = None,
    *,
    computed: bool = False,
    quotient: Quotient | None = None,
) -> Parsed:
    """Read one figure cell.

    `raw` is the cell's value from the grid, `kind` the item's kind (one of KINDS), `number_format` the
    cell's format code where the file tells it, `computed` whether it holds a formula, `quotient` what that
    says of the fraction that it yields. Any other rate without % is a fraction up to ± 3 and percent beyond
    (unit `%?`), unless the cell has a percent format, where the stored value is the fraction.
    Booleans, dates, numbers of 10²⁰ and more, units that the kind cannot have, and text whose order on the screen is
    turned round are unreadable.
    Raises ValueError for an unknown kind, and for nothing else.
    """
    if kind not in KINDS:
        raise ValueError(f"not a kind of figure: {kind!r}")
    if raw is None:
        return _BLANK
    if isinstance(raw, str):
        return _from_text(raw, kind)
    if isinstance(raw, bool) or not isinstance(raw, (int, float, Decimal)):
        return _UNREADABLE
    try:
        number = float(raw)
    except (ValueError, OverflowError):
        return _UNREADABLE
    # Many cells hold the same points and shares, or 0. A zero with a sign is equal to one without, and another figure.
    work = _from_number if number or copysign(1, number) > 0 else _from_number.__wrapped__
    return work(number, kind, number_format, computed, quotient)


@lru_cache(maxsize=16384)
def _from_number(
    number: float, kind: str, number_format: str | None, computed: bool, quotient: Quotient | None
) -> Parsed:
    try:
        value = significant(number)
    except (ValueError, OverflowError):
        return _UNREADABLE
    if abs(value) >= _TOO_LARGE or shows_date(number_format):
        return _UNREADABLE
    unit, rounded = None, None if quotient is None else quotient.places
    if kind == "points" and is_percentage(number_format):
        # A weight of 10 % is 10 of 100 points.
        decimals = max(0, shown(kind, places(value), number_format) - 2)
        return Parsed(shift(value, 2), decimals, "filled", unit="%")
    if kind == "rate" and not is_percentage(number_format):
        if quotient is not None:
            value = shift(value, quotient.power)
            rounded = None if rounded is None else rounded - quotient.power
        elif abs(value) > LARGEST_FRACTION:
            value, unit = shift(value, -2), GUESSED
    decimals = shown(kind, places(value), number_format, computed=computed, rounded=rounded)
    return Parsed(value, decimals, "filled", unit=unit)


def _from_text(text: str, kind: str) -> Parsed:
    if _TURNED.search(text):
        return _UNREADABLE
    line = normalise(text)
    bare = line.replace(" ", "")
    empty = emptiness(bare)
    if empty is not None:
        return Parsed(None, None, empty)
    if _PARTED.search(line):
        return _UNREADABLE
    bare = bare.rstrip("。;；,、")
    word = bare.strip("()[]")
    if word in ZERO or (word in NOTHING_SPENT and kind in {"amount", "count", "quantity"}):
        return Parsed(Decimal(0), 0, "filled", as_text=True)
    if word in NOT_ASKED or (word in NOTHING_SPENT and kind == "rate"):
        return Parsed(None, None, "not_applicable")
    taken = _split(without_remark(bare) or bare, kind)
    return _UNREADABLE if taken is None else _in_kind(*taken, kind)


def _split(bare: str, kind: str) -> tuple[Decimal, str] | None:
    """The figure and the unit behind it; accountants' brackets make an amount negative."""
    match = _CELL.fullmatch(raised(_MINUS_IN_WORDS.sub("-", bare)))
    value = figure(match["figure"]) if match else None
    if match is None or value is None or abs(value) >= _TOO_LARGE or bool(match["open"]) != bool(match["close"]):
        return None
    if match["inner"] and match["outer"]:
        return None
    unit = match["inner"] or re.sub(r"^\((.*)\)$", r"\1", match["outer"])
    unit = unit.removesuffix("整") if unit.removesuffix("整") in MONEY else unit
    if match["mark"] and unit not in MONEY:
        return None  # ¥12 in a column of 万元: yuan, or ten thousands of them?
    if match["open"]:
        if kind not in {"amount", "quantity"} or match["figure"][0] in "+-":
            return None
        value = value.copy_negate()
    return value, unit


def _in_kind(value: Decimal, unit: str, kind: str) -> Parsed:
    """The figure in the measure of its kind, if its unit can belong there."""
    if kind == "rate" and not unit and abs(value) > LARGEST_FRACTION:
        return _filled(value, -2, GUESSED)
    power = _power(unit, kind)
    return _UNREADABLE if power is None else _filled(value, power, spelling(unit) or None)


def _filled(value: Decimal, power: int, unit: str | None) -> Parsed:
    # The decimals of what was written, carried over: 87.15% shows 4 decimals of the fraction.
    return Parsed(shift(value, power), max(0, places(value) - power), "filled", as_text=True, unit=unit)


def _power(unit: str, kind: str) -> int | None:
    """The power of ten by which a figure with this unit is taken, None if the kind cannot have it."""
    if not unit:
        return 0
    if kind == "amount":
        return MONEY.get(unit + "元" if unit in {"万", "亿"} else unit)
    if kind == "rate":
        return SHARES.get(unit)
    if kind == "points":
        return 0 if unit in {"分", "%"} else None
    # 1.2万人, 3万平方米: the ten thousands belong to the figure.
    power, word = (4, unit[1:]) if unit.startswith("万") else (0, unit)
    known_units = PEOPLE_AND_THINGS | TIMES | (MEASURED if kind == "quantity" else frozenset())
    return power if not word or spelling(word) in known_units else None
