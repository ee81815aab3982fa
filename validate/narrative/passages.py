"""The passages in which units report in sentences, each with whose it is and where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from gouji.templates.addresses import BODY
from gouji.validate.figures import Tables
from gouji.validate.wide import Wide

_LEAST, _MOST = 6, 40_000
"""Characters of a passage: a shorter one states nothing, of a longer one the rest is not looked at."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A text of the return in row `row` of `wide`. `item`: the item that holds it; `cell`: where it stands; `sheet`: on
    which sheet, where that is not the table's."""

    wide: Wide
    row: int
    item: str
    cell: str | None
    text: str
    sheet: str = ""

    @property
    def project(self) -> bool:
        """Whether it reports on one project."""
        return self.wide.form.definition.per == "project"

    @property
    def name(self) -> str:
        """The project that it reports on, blank where nobody names it."""
        name = self.wide.rows[self.row].instance if self.project else None
        return name.strip() if isinstance(name, str) else ""

    @property
    def year(self) -> int | None:
        year = self.wide.rows[self.row].year
        return None if pd.isna(year) else int(year)

    @property
    def key(self) -> str:
        """Whose report it is (`Wide.unit_key`)."""
        return str(self.wide.unit_key[self.row])

    @property
    def unit(self) -> str:
        """Its name, blank where nobody knows it."""
        name = self.wide.rows[self.row].unit
        return "" if pd.isna(name) else str(name)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A text beside the tables of a file: the return to which it belongs, and where it stands (第3段, 自评报告 A3)."""

    return_id: str
    place: str
    text: str
    sheet: str = BODY


def passages_of(tables: Tables, paragraphs: Sequence[Paragraph] = ()) -> Iterator[Passage]:
    """The paragraphs beside the tables, and the items of every table that hold sentences, as its definition says."""
    row_of = {
        str(return_id): (wide, row)
        for wide in tables.wides
        for row, return_id in enumerate(wide.returns["return_id"] if paragraphs else ())
    }
    for paragraph in paragraphs:
        if paragraph.return_id in row_of and len(paragraph.text) >= _LEAST:
            text = paragraph.text[:_MOST]
            yield Passage(*row_of[paragraph.return_id], BODY, paragraph.place, text, paragraph.sheet)
    for wide in tables.wides:
        narrative = wide.form.definition.narrative
        for item in () if narrative is None else narrative.texts:
            place = wide.fixed.place[item]
            for row, text in enumerate(wide.fixed.raw[:, place].tolist()):
                if text is not None and len(text) >= _LEAST:
                    yield Passage(wide, row, item, wide.fixed.cell[row, place], text[:_MOST])
