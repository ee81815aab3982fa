"""One part of a sum left out of the total, or counted twice."""

from __future__ import annotations

from collections.abc import Iterator

from gouji.validate.causes.figure import ORDINARY, Difference, Figure, Slip


def part_slips(difference: Difference) -> Iterator[Slip]:
    """Every part left out, every part counted once more; a single part is not left out, its total is another figure."""
    wholes = [figure for figure in difference.figures if figure.whole]
    parts = [figure for figure in difference.figures if not figure.whole]
    if len(wholes) != 1 or len(parts) < 2:
        return
    whole = wholes[0]
    for part in parts:
        if abs(part.value) > difference.tolerance:
            added = part.weight == -whole.weight
            left_out, twice = ("漏加了", "重复加了") if added else ("漏减了", "重复减了")
            yield _slip(difference, part, f"{whole.name}{left_out}{part.name}", 1)
            yield _slip(difference, part, f"{whole.name}{twice}{part.name}", -1)


def _slip(difference: Difference, part: Figure, words: str, times: int) -> Slip:
    return Slip(words, ORDINARY, times * part.weight * part.value, difference.tolerance)
