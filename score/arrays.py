"""numpy over columns of exact decimals: the steps that its own type hints do not cover."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gouji.templates.rules.quantity import Decimals

Flags = NDArray[np.bool_]


def either(where: Flags, yes: Any, no: Any) -> Decimals:
    """`yes` where the flag is set, else `no`; each a column or one value for all."""
    chosen: Decimals = np.where(where, yes, no).astype(object)
    return chosen


def least(left: Any, right: Any) -> Decimals:
    """The smaller of two columns (or a column and one value), element by element."""
    smaller: Decimals = np.minimum(left, right)
    return smaller


def greatest(left: Any, right: Any) -> Decimals:
    """The larger of two columns (or a column and one value), element by element."""
    larger: Decimals = np.maximum(left, right)
    return larger


def filled(size: int, value: Any) -> Decimals:
    """The same value everywhere."""
    return np.full(size, value, dtype=object)


def flags(comparison: Any) -> Flags:
    """A comparison of decimals as plain booleans."""
    return np.asarray(comparison, dtype=bool)
