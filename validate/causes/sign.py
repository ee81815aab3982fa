"""A figure with the wrong sign, or one that was added instead of subtracted."""

from __future__ import annotations

from collections.abc import Iterator

from gouji.validate.causes.figure import ORDINARY, Difference, Slip

_SIGNED = {"amount", "rate", "quantity"}
"""Nobody writes a negative head count or points."""


def sign_slips(difference: Difference) -> Iterator[Slip]:
    """Every figure with the other sign."""
    for figure in difference.figures:
        if figure.value and figure.kind in _SIGNED:
            words = f"{figure.name}的正负号写反"
            yield Slip(words, ORDINARY, 2 * figure.weight * figure.value, difference.tolerance)
