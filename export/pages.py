"""Where a wide table is cut when it is printed: the key columns stand on every page."""

from __future__ import annotations

from collections.abc import Sequence

PAGE_WIDTH = 155.0
"""Characters across an A4 landscape page at SCALE."""
SCALE = 65


def column_breaks(widths: Sequence[float], repeated: int, groups: Sequence[tuple[int, int]]) -> list[int]:
    """The columns before which a page ends, the first `repeated` columns counted on every page.

    `groups`: first and last column of what belongs together; a group is only cut when no page holds it.
    """
    keys = sum(widths[:repeated])
    breaks, used = [], keys
    for first, last in groups:
        whole = sum(widths[first : last + 1])
        if used + whole > PAGE_WIDTH and used > keys and keys + whole <= PAGE_WIDTH:
            breaks.append(first)
            used = keys
        for place in range(first, last + 1):
            if used + widths[place] > PAGE_WIDTH and used > keys:
                breaks.append(place)
                used = keys
            used += widths[place]
    return breaks


def first_page(widths: Sequence[float], breaks: Sequence[int]) -> list[float]:
    """The columns of the first page: a remark that runs further would be cut at the break."""
    return list(widths[: breaks[0]] if breaks else widths)
