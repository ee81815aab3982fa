"""Typed text made comparable: widths, white space, invisible characters, and the signs for "nothing here"."""

from __future__ import annotations

import re
import unicodedata

from gouji.templates.blanks import NOT_APPLICABLE, SIGNS

# Minus signs that NFKC leaves alone. The en dash is what Word makes of a hyphen.
_MINUS = frozenset("\u2010\u2011\u2012\u2013\u2212")
# Padding in these forms wherever it stands: NBSP, U+3000 and the typographer's blanks.
_PADDING = frozenset("\u00a0\u3000\u202f\u205f" + "".join(map(chr, range(0x2000, 0x200B))))
# Unit signs whose NFKC form ends in a digit that would be read as part of a figure.
_SPELT = {"㎡": "m²", "㎥": "m³"}
_INVISIBLE = frozenset({"Cc", "Cf", "Co", "Cn", "Cs"})
_PLACEHOLDER = re.compile(rf"(?!\.\Z)[{re.escape(SIGNS)}]+")


def _fold(char: str) -> str:
    """What one character becomes."""
    if char in "\t\n\r ":
        return " "
    category = unicodedata.category(char)
    if char in _PADDING or category in _INVISIBLE:
        return ""
    if char in _MINUS:
        return "-"
    folded = _SPELT.get(char) or unicodedata.normalize("NFKC", char)
    # ①, ½ and the like stay as they are: 5① is not 51. Digits of other widths (Nd) do fold.
    if category != "Nd" and any(c.isdecimal() for c in folded):
        return char
    return folded


class _Folds(dict[int, str]):
    """A table for str.translate that works each character out once."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold(chr(code))
        return folded


_FOLDS = _Folds()


def normalise(text: str) -> str:
    """NFKC, one kind of minus, no invisible or private-use characters, no padding.

    A blank or line feed typed between two figures may part them, so runs of these stay as one space
    for the caller to judge; NBSP and U+3000 go wherever they stand.
    """
    return " ".join(text.translate(_FOLDS).split())


def squeeze(text: str) -> str:
    """`normalise` without any white space at all."""
    return "".join(text.translate(_FOLDS).split())


def emptiness(squeezed: str) -> str | None:
    """`blank` for nothing or a placeholder (——, ……, /), `not_applicable` for 不适用 or 无, else None."""
    if not squeezed or _PLACEHOLDER.fullmatch(squeezed):
        return "blank"
    return "not_applicable" if squeezed.strip("。;；,()[]") in NOT_APPLICABLE else None
