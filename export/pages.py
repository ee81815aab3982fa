"""Where a wide table is cut when it is printed: the key columns stand on every page."""

from __future__ import annotations

from collections.abc import Sequence

PAGE_WIDTH = 150.0
"""Characters across an A4 landscape page at SCALE."""
SCALE = 75


def column_breaks(widths: Sequence[float], repeated: int) -> list[int]:
    """The columns before which a page ends, the first `repeated` columns counted on every page."""
    keys = sum(widths[:repeated])
    breaks, used = [], keys
    for place, width in enumerate(widths[repeated:], repeated):
        if used + width > PAGE_WIDTH:
            breaks.append(place)
            used = keys
        used += width
    return breaks


def first_page(widths: Sequence[float], repeated: int) -> list[float]:
    """The columns of the first page: a remark that runs further would be cut at the break."""
    return list(widths[: (column_breaks(widths, repeated) or [len(widths)])[0]])
