"""A table whose further rows stand on the next sheet (续表), or in a document's next table, torn off by the end of a
page: both parts are read as one view that keeps its cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from gouji.ingest.grid import Further, Sheet
from gouji.ingest.locating.form_labels import label_words
from gouji.ingest.locating.located import Position
from gouji.ingest.locating.region import Region
from gouji.ingest.locating.which_form import RECOGNISED, kinship, titled
from gouji.templates.form import Form

Mark = TypeVar("Mark")

_HEADS = 0.5
"""Share of the labels of the first part up to which the second merely repeats its heads."""
_SHORT, _MOST_PIECES = 2, 64
"""Rows of a table that is but a piece of one, and how many pieces are put together."""
_PARTING = frozenset("!:：、,，;；'\n")
"""Signs that separate cells in a list: a sheet with such a sign in its name is reported, and never joined."""


def continues(form: Form, first: Region, second: Region) -> bool:
    """Whether the labels that a table lacks stand in a region on another sheet, without a title or with the same title.

    The second part of a cut table repeats heads at most: a region that repeats the rows of the first part is a separate
    table. Where nothing stands between the two, and they have the same columns, the second needs no label at all.
    Tables of a document with different columns are never parts of one table: figures would slip into a wrong column.
    """
    if first.sheet.name == second.sheet.name or (titled(second) and not kinship(second, [form])[0].titled):
        return False
    if second.sheet.naming is not None and second.sheet.width != first.sheet.width:
        return False
    words = label_words(form)
    lacking = [word for word in words if first.words.isdisjoint(word.keys | word.synonyms)]
    supplied = sum(not second.words.isdisjoint(word.keys | word.synonyms) for word in lacking)
    again = sum(not second.words.isdisjoint(word.keys) for word in words) - supplied
    if second.sheet.adjoins and second.sheet.width == first.sheet.width:
        return again < _HEADS * (len(words) - len(lacking))
    return bool(lacking) and supplied >= RECOGNISED * len(lacking) and supplied > again


def together(sheets: Sequence[Sheet]) -> Iterator[Sheet]:
    """The sheets, where tables of a document drawn row by row, one below the other, are joined to one table.

    No row of such a table could be recognised by its labels alone.
    """
    whole: Sheet | None = None
    pieces = short = 0
    for sheet in sheets:
        rows = sheet.naming.rows if sheet.naming is not None else 0
        if (
            whole is not None
            and sheet.adjoins
            and sheet.width == whole.width
            and min(rows, short) <= _SHORT
            and pieces < _MOST_PIECES
            and (region := joined(_all_of(whole), _all_of(sheet))) is not None
        ):
            whole, pieces = region.sheet, pieces + 1
        else:
            if whole is not None:
                yield whole
            whole, pieces = sheet, 1
        short = rows
    if whole is not None:
        yield whole


def _all_of(sheet: Sheet) -> Region:
    return Region(sheet, 0, sheet.height - 1)


def joined(first: Region, second: Region) -> Region | None:
    """The rows of both parts as one region under the first sheet's name; None where its cells could not be named."""
    if _PARTING & set(second.sheet.name):
        return None
    sheet, below = first.sheet, _Below(second, first.last + 1)
    width = max(sheet.width, second.sheet.width)
    rows = [*sheet.rows[: first.last + 1], *second.sheet.rows[second.first : second.last + 1]]
    view = replace(
        sheet,
        rows=[[*line, *[""] * (width - len(line))] for line in rows],
        special=sheet.special | below.marked(second.sheet.special),
        formats=sheet.formats | below.marked(second.sheet.formats),
        merges=[*sheet.merges, *below.merges()],
        told=sheet.told and second.sheet.told,
        formulas=sheet.formulas | below.places(second.sheet.formulas),
        quotients=sheet.quotients | below.marked(second.sheet.quotients),
        contradicted=sheet.contradicted | below.marked(second.sheet.contradicted),
        unseen=sheet.unseen | below.places(_unseen(second.sheet)),
        further=(*sheet.further, *below.further()),
    )
    return Region(view, first.first, len(view.rows) - 1)


class _Below:
    """The places of a region's sheet, as they are in a view in which the region begins at the row `top`."""

    def __init__(self, region: Region, top: int) -> None:
        self.region, self.top = region, top
        self._down = top - region.first

    def _holds(self, row: int) -> bool:
        return self.region.first <= row <= self.region.last

    def places(self, places: set[Position]) -> set[Position]:
        return {(row + self._down, column) for row, column in places if self._holds(row)}

    def marked(self, marks: Mapping[Position, Mark]) -> dict[Position, Mark]:
        return {(row + self._down, column): mark for (row, column), mark in marks.items() if self._holds(row)}

    def further(self) -> Iterator[Further]:
        """Where the region begins, and the parts of which it was put together itself."""
        sheet = self.region.sheet
        begins = next((part for part in reversed(sheet.further) if part.first <= self.region.first), None)
        if begins is None:
            yield Further(self.top, sheet.name, self.region.first, sheet.naming)
        else:
            origin = begins.origin + self.region.first - begins.first
            yield Further(self.top, begins.sheet, origin, begins.naming)
        for part in sheet.further:
            if self.region.first < part.first <= self.region.last:
                yield replace(part, first=part.first + self._down)

    def merges(self) -> Iterator[tuple[int, int, int, int]]:
        for top, left, bottom, right in self.region.sheet.merges:
            if self._holds(top) and self._holds(bottom):
                yield top + self._down, left, bottom + self._down, right


def _unseen(sheet: Sheet) -> set[Position]:
    """The cells of a sheet that are not shown, by whatever means."""
    if not sheet.hides_anything:
        return set()
    places = ((row, column) for row, line in enumerate(sheet.rows) for column in range(len(line)))
    return {at for at in places if sheet.hides(*at)}
