"""Sums and weighted means in exact decimals: binary noise never reaches a consolidated figure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal, localcontext

import numpy as np
from numpy.typing import NDArray

from gouji.templates.exact import significant

_DIGITS = 60
_PLACES = 6
"""Decimals within which figures are added as whole numbers; the few that have more, or are very large, one by one."""
_MOST = 10.0**15
"""Below it every whole number of so many digits is exact, and so is the figure that it is the millionfold of."""
_MANY = 16
"""Figures from which on it pays to look at them together."""


def total(figures: Iterable[float | None]) -> Decimal | None:
    """The sum of the figures at 15 significant digits each; blanks are left out, all blank is None."""
    filled = [figure for figure in figures if figure is not None]
    with localcontext(prec=_DIGITS):
        return _added(filled) if filled else None


def share(pairs: Iterable[tuple[float | None, float | None]]) -> Decimal | None:
    """Σ part ÷ Σ whole over the pairs that have both; None where none has, or the whole is 0."""
    both = [(part, whole) for part, whole in pairs if part is not None and whole is not None]
    parts, wholes = total(part for part, _ in both), total(whole for _, whole in both)
    with localcontext(prec=_DIGITS):
        return None if parts is None or wholes is None or wholes == 0 else parts / wholes


def weighted_mean(pairs: Iterable[tuple[float | None, float | None]]) -> Decimal | None:
    """Σ value × weight ÷ Σ weight over the pairs that have both; None without any weight."""
    with localcontext(prec=_DIGITS):
        both = [(value, weight) for value, weight in pairs if value is not None and weight is not None]
        weights = _added([weight for _, weight in both])
        return None if weights == 0 else _products_added(both) / weights


def number(figure: Decimal | None) -> float | None:
    """For a cell: the binary number nearest to the exact one."""
    return None if figure is None else float(figure)


def _added(figures: Sequence[float]) -> Decimal:
    """The exact sum of the figures at 15 significant digits each."""
    if len(figures) < _MANY:
        return sum((significant(figure) for figure in figures), Decimal(0))
    values = np.asarray(figures, dtype=float)
    whole, exact = _whole(values)
    rest = (significant(figure) for figure in values[~exact])
    return Decimal(sum(whole[exact].astype(np.int64).tolist())).scaleb(-_PLACES) + sum(rest, Decimal(0))


def _products_added(pairs: Sequence[tuple[float, float]]) -> Decimal:
    """The exact sum of the products of both figures of every pair, at 15 significant digits each."""
    if len(pairs) < _MANY:
        return sum((significant(value) * significant(weight) for value, weight in pairs), Decimal(0))
    values = np.asarray(pairs, dtype=float)
    whole, exact = _whole(values)
    plain = exact.all(axis=1)
    products = sum(value * weight for value, weight in whole[plain].astype(np.int64).tolist())
    rest = (significant(value) * significant(weight) for value, weight in values[~plain])
    return Decimal(products).scaleb(-2 * _PLACES) + sum(rest, Decimal(0))


def _whole(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """The millionfold of every figure, and where that is the whole number that its 15 digits mean.

    A figure of at most 15 digits is the only one that its binary number shows at 15: what divides back to the same
    binary number is it.
    """
    whole = np.rint(values * 10.0**_PLACES)
    return whole, (np.abs(whole) < _MOST) & (whole / 10.0**_PLACES == values)
