"""How wide text and figures are on a sheet, so that columns fit and no figure shows as ####."""

from __future__ import annotations

import math
import unicodedata

DECIMALS = {"amount": (2, 6), "quantity": (2, 4), "count": (0, 0), "rate": (2, 2), "points": (2, 2)}
"""Fewest and most decimals shown per kind (a rate's in percent)."""


class _Signs(dict[str, int]):
    """Sign → its width, each looked up once."""

    def __missing__(self, sign: str) -> int:
        self[sign] = width = 2 if unicodedata.east_asian_width(sign) in "WFA" else 1
        return width


_width_of = _Signs().__getitem__


def text_width(text: str) -> int:
    """Width of the longest line in half-width characters: 汉字 count as two."""
    return max(sum(map(_width_of, line)) for line in text.split("\n"))


def lines_needed(text: str, width: float) -> int:
    """Lines that the text takes when wrapped at `width` half-width characters."""
    if 2 * len(text) <= width and "\n" not in text:  # no sign is wider than two
        return 1
    return sum(max(1, math.ceil(sum(map(_width_of, line)) / max(width, 1))) for line in text.split("\n"))


def figure_width(value: float, kind: str) -> int:
    """Width of a figure as its number format shows it, thousands separators and sign included."""
    fewest, most = DECIMALS.get(kind, (0, 0))
    shown = f"{value * 100:,.{most}f}%" if kind == "rate" else f"{value:,.{most}f}"
    if most > fewest:
        whole, _, decimals = shown.partition(".")
        shown = f"{whole}.{decimals.rstrip('0').ljust(fewest, '0')}"
    return len(shown)
