"""Cells of one column without a line between them, which people see as one: a label in the middle of its group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from gouji.ingest.files.docx_xml import attribute, tag
from gouji.ingest.files.xml import Element

_NONE = ("nil", "none")
_LONGEST = 30
"""Signs of a label."""


class Bordered(Protocol):
    """A cell: where it stands, whether it says that no line is above or below it, how it is merged."""

    row: int
    first: int
    last: int
    lines: tuple[bool, bool]
    continued: bool
    restarts: bool


def open_sides(about: Mapping[str, Element]) -> tuple[bool, bool]:
    """Whether a cell of these properties says that no line stands above and below it."""
    borders = about.get("tcBorders")
    if borders is None:
        return False, False
    said = {tag(one): attribute(one, "val") in _NONE for one in borders}
    return said.get("top", False), said.get("bottom", False)


def open_labels(rows: Sequence[Sequence[Bordered]], texts: Sequence[Sequence[str]]) -> Iterable[list[Bordered]]:
    """Cells one below the other that no line parts, with one label among them and no figure on their left."""
    chains: dict[tuple[int, int], list[Bordered]] = {}
    for row in rows:
        parted = any(not cell.lines[0] for cell in row)  # a line stands over some cell: the rows themselves are parted
        figure = False
        going: dict[tuple[int, int], list[Bordered]] = {}
        for cell in row:
            at = cell.first, cell.last
            text = texts[cell.row][cell.first].strip()
            figure |= bool(text) and not any(char.isalpha() for char in text)
            if cell.continued or cell.restarts or figure or len(text) > _LONGEST:
                continue
            above = chains.get(at)
            goes_on = above is not None and parted and cell.lines[0] and above[-1].lines[1]
            if goes_on and above is not None:
                above.append(cell)
                going[at] = above
            else:
                going[at] = [cell]
        for at, chain in chains.items():
            if len(chain) > 1 and going.get(at) is not chain:
                yield chain
        chains = going
    yield from (chain for chain in chains.values() if len(chain) > 1)
