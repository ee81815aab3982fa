"""How many decimals a number format shows."""

from __future__ import annotations

import re
from functools import lru_cache

# What is printed as it stands and so says nothing about the figure: "…", \x, _x (a gap), *x (fill), [color].
_LITERAL = re.compile(r'"[^"]*"?|\\.|_.|\*.|\[[^\[\]]*\]', re.DOTALL)
_DATE = re.compile(r"[ymdhsYMDHS]")


def _first_section(code: str) -> str:
    """The part for positive numbers, without literals."""
    return _LITERAL.sub("", code).split(";", 1)[0]


@lru_cache(maxsize=4096)
def shows_date(number_format: str | None) -> bool:
    """Whether people see a date or a time where a number of this format stands."""
    code = _first_section(number_format or "")
    return "general" not in code.lower() and _DATE.search(code) is not None


@lru_cache(maxsize=4096)
def is_percentage(number_format: str | None) -> bool:
    """Whether the format multiplies by 100: the stored value is the fraction. A printed "%" does not."""
    return "%" in _first_section(number_format or "")


@lru_cache(maxsize=4096)
def shown_decimals(number_format: str | None, own: int | None = None) -> int | None:
    """Decimals of the stored value that the format shows: 0.00 → 2, 0% → 2 (of the fraction), 0.00% → 4.

    Optional digits (0.00##) show as many as the value has of its `own`: 5 there is 5.00, 1.234567 is 1.2346.

    None where the format leaves it to the value (General, @, dates, fractions, scientific). Formats that
    divide by thousands show fewer; the result is never below 0.
    """
    if not number_format:
        return None
    code = _first_section(number_format)
    if "general" in code.lower() or "G/通用" in code or shows_date(number_format):
        return None
    if re.search(r"[eE][+-]|@|/", code) or not re.search(r"[0#?]", code):
        return None
    decimals = re.search(r"\.([0#? ]*)", code)
    digits = decimals[1].replace(" ", "") if decimals else ""
    most = len(digits)
    percents = code.count("%")
    count = most if own is None else max(most - digits.count("#"), min(own - 2 * percents, most))
    scaled = re.search(r"[0#?.](,+)[^0#?]*$", code)
    thousands = len(scaled[1]) if scaled else 0
    return max(0, count + 2 * percents - 3 * thousands)
