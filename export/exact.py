"""Sums and weighted means in exact decimals: binary noise never reaches a consolidated figure."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, localcontext

from gouji.templates.exact import significant

_DIGITS = 60


def total(figures: Iterable[float | None]) -> Decimal | None:
    """The sum of the figures at 15 significant digits each; blanks are left out, all blank is None."""
    filled = [significant(figure) for figure in figures if figure is not None]
    with localcontext(prec=_DIGITS):
        return sum(filled, Decimal(0)) if filled else None


def share(pairs: Iterable[tuple[float | None, float | None]]) -> Decimal | None:
    """Σ part ÷ Σ whole over the pairs that have both; None where none has, or the whole is 0."""
    both = [(part, whole) for part, whole in pairs if part is not None and whole is not None]
    parts, wholes = total(part for part, _ in both), total(whole for _, whole in both)
    with localcontext(prec=_DIGITS):
        return None if parts is None or wholes is None or wholes == 0 else parts / wholes


def weighted_mean(pairs: Iterable[tuple[float | None, float | None]]) -> Decimal | None:
    """Σ value × weight ÷ Σ weight over the pairs that have both; None without any weight."""
    with localcontext(prec=_DIGITS):
        both = [
            (significant(value), significant(weight))
            for value, weight in pairs
            if value is not None and weight is not None
        ]
        weights = sum((weight for _, weight in both), Decimal(0))
        return None if weights == 0 else sum((value * weight for value, weight in both), Decimal(0)) / weights


def number(figure: Decimal | None) -> float | None:
    """For a cell: the binary number nearest to the exact one."""
    return None if figure is None else float(figure)
