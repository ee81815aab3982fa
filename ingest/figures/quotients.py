"""What a formula that divides says of the fraction it yields: whether in percent, and to how many places it rounds."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

# A quotient times 100 is meant in percent.
_HUNDREDFOLD = re.compile(r"\* ?100(?![0-9.])|(?<![0-9.A-Za-z$])100 ?\*")
_CALL = re.compile(r"\s*([A-Za-z]+)\(")
_PLACES = re.compile(r"\s*[0-9]{1,2}\s*")
_TOKEN = re.compile(r"\"[^\"]*\"|'[^']*'|[(),]")
_LONGEST = 8192
_DEEPEST = 4
"""Functions within functions that offices write around a quotient: IFERROR(IF(…,ROUND(…)))."""


class Quotient(NamedTuple):
    """`power`: of ten that makes a fraction of what it shows (−2 where it multiplies by 100); `places`: decimals to
    which its outermost function rounds what it shows, None where it does not say."""

    power: int
    places: int | None = None


@lru_cache(maxsize=4096)
def quotient(formula: str) -> Quotient | None:
    """What it says; None where it divides nothing."""
    if "/" not in formula:
        return None
    text = formula[:_LONGEST]
    return Quotient(-2 if _HUNDREDFOLD.search(text) else 0, _rounding(text) if len(text) == len(formula) else None)


def _rounding(text: str, depth: int = 0) -> int | None:
    """ROUND(F6/E6,2) → 2, also within IFERROR and in every branch of IF that divides."""
    name, parts = _call(text)
    if depth > _DEEPEST or not parts:
        return None
    match name, parts:
        case "ROUND", [_, places] if _PLACES.fullmatch(places):
            return int(places)
        case "IFERROR", [inner, _]:
            return _rounding(inner, depth + 1)
        case "IF", [_, *branches]:
            roundings = {_rounding(branch, depth + 1) for branch in branches if "/" in branch}
            return roundings.pop() if len(roundings) == 1 else None
    return None


def _call(text: str) -> tuple[str, list[str]]:
    """The function that makes all of a formula, and its arguments; none where something stands beside it."""
    match = _CALL.match(text)
    if match is None:
        return "", []
    depth, begins, parts = 1, match.end(), []
    for token in _TOKEN.finditer(text, match.end()):
        depth += {"(": 1, ")": -1}.get(token[0], 0)
        if depth == 0 or (depth == 1 and token[0] == ","):
            parts.append(text[begins : token.start()])
            begins = token.end()
        if depth == 0:
            return (match[1].upper(), parts) if not text[begins:].strip() else ("", [])
    return "", []
