"""Tables wider than their paper: a program prints the columns that are left over on further pages, row by row at the
same heights, and cuts through labels and figures as it goes. None of these pages can be read for itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from gouji.ingest.files.pdf_cells import PageContent, PageTable
from gouji.ingest.files.pdf_joined import is_figure

_SAME = 1.0
"""Points within which two borders stand at the same height."""
_FEWEST = 5
"""Borders that two parts must share."""
_SHARED = 0.8
"""Share of the borders of the smaller part."""
_AGAIN = 0.2
"""Share of labels up to which two parts may say the same; the next table of the same form says all of them again."""


def sideways(pages: Sequence[tuple[int, PageContent]]) -> set[int]:
    """The numbers of pages that hold the columns of one table next to each other, the first columns' page among them.

    Only tables with rows of different heights are told so: rows of one height stand alike on any two pages.
    """
    tables = [(number, table) for number, page in pages for table in _largest(page)]
    return {
        number
        for n, (first, table) in enumerate(tables)
        for second, other in tables[n + 1 :]
        if first != second and _beside(table, other)
        for number in (first, second)
    }


def _largest(page: PageContent) -> Iterator[PageTable]:
    tables = [item for item in page.content if isinstance(item, PageTable)]
    if tables:
        yield max(tables, key=lambda table: table.height)


def _beside(table: PageTable, other: PageTable) -> bool:
    smaller, larger = sorted((table.borders, other.borders), key=len)
    shared = [border for border in smaller if any(abs(border - edge) < _SAME for edge in larger)]
    if len(shared) < max(_FEWEST, _SHARED * len(smaller)):
        return False
    heights = {round(below - above) for above, below in pairwise(shared)}
    if max(heights) - min(heights) <= _SAME:
        return False
    labels, again = _labels(table), _labels(other)
    return bool(labels and again) and len(labels & again) <= _AGAIN * min(len(labels), len(again))


def _labels(table: PageTable) -> set[str]:
    """What it says beside its figures."""
    return {text for cell in table.cells if (text := "".join(cell.text.split())) and not is_figure(text)}
