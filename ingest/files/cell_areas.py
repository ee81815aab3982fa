"""Where the cells of an untrusted sheet say that they stand: within the grid of Excel and its limits, or nowhere."""

from __future__ import annotations

import re
from functools import lru_cache

from gouji.ingest.limits import Limits
from gouji.ingest.refusal import Refused

Position = tuple[int, int]
Area = tuple[int, int, int, int]

_ADDRESS = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})", re.ASCII)
_LONGEST_ADDRESS = len("$XFD$1048576")


def outside(address: str) -> Refused:
    """The refusal of a cell that stands nowhere; an empty address: one that states none."""
    where = f"单元格地址“{address[:20]}”" if address else "有单元格"
    return Refused("地址越界", f"{where}超出表格范围，请在下发的表样上重新填报。")


def cell_position(address: str, limits: Limits) -> Position:
    """0-based (row, column) of `C4`. Raises Refused (地址越界) outside the Excel grid."""
    position = _parsed(address) if len(address) <= _LONGEST_ADDRESS else None
    if position is None or position[0] >= limits.grid_rows or position[1] >= limits.grid_columns:
        raise outside(address)
    return position


@lru_cache(maxsize=65536)
def _parsed(address: str) -> Position | None:
    """Row and column of an address; the same few thousand stand in every return."""
    found = _ADDRESS.fullmatch(address)
    if found is None:
        return None
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - 64
    return int(found[2]) - 1, column - 1


def cell_area(reference: str, limits: Limits) -> Area:
    """0-based first row, first column, last row, last column of `B2:C4`. Raises Refused (地址越界) likewise."""
    area = _parsed_area(reference) if len(reference) <= 2 * _LONGEST_ADDRESS + 1 else None
    if area is None or area[2] >= limits.grid_rows or area[3] >= limits.grid_columns:
        raise outside(reference)
    return area


@lru_cache(maxsize=65536)
def _parsed_area(reference: str) -> Area | None:
    first, _, last = reference.partition(":")
    one, other = _parsed(first), _parsed(last or first)
    if one is None or other is None:
        return None
    return min(one[0], other[0]), min(one[1], other[1]), max(one[0], other[0]), max(one[1], other[1])
