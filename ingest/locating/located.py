"""A table found on a sheet: where each of its items stands. No values yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from gouji.ingest.grid import Sheet
from gouji.templates.form import Form
from gouji.templates.layout import Box

Position = tuple[int, int]
Span = tuple[int, int, int, int]
"""First row, first column, last row, last column, inclusive: the cells in which one value may stand."""


@dataclass(slots=True)
class Place:
    """Where an item stands: the cells that may hold it and, when its label shares the cell, the words around it.

    `sign`, `unit`: the cells of their own in which the sign and the unit of a measure stand, where there are such.
    """

    span: Span
    after: str = ""
    before: tuple[str, ...] = ()
    sign: Position | None = None
    unit: Position | None = None


@dataclass(slots=True)
class Line:
    """One line of a list: where its name and columns stand and the texts of the levels above it."""

    list_id: str
    name: Place
    columns: dict[str, Place]
    levels: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where everything of an issued sheet stands.

    `labels`: place → the label that is to stand there, normalised; `texts`: the same labels as they were printed;
    `titles`: those of them by which no figure is found. `spans`: first cell of a merged field → its cells.
    `years`: place of a label that prints years → these.
    `figures`: place → a printed text that reads as a figure. `boxes`: the whole layout; `height`: its rows.
    """

    labels: Mapping[Position, str]
    texts: Mapping[Position, str]
    titles: frozenset[Position]
    places: Mapping[str, Place]
    lines: tuple[Line, ...]
    spans: Mapping[Position, Span]
    years: Mapping[Position, list[int]]
    figures: Mapping[Position, str]
    boxes: tuple[Box, ...]
    height: int
    fingerprint: str


@dataclass(slots=True)
class Wording:
    """A label of the sheet that was read for one of the definition by its likeness (0 to 100), or as people taught it.

    `name`: what the definition's label names; `read_as`: that label.
    """

    name: str
    text: str
    likeness: float
    cell: Position
    read_as: str
    taught: bool = False


@dataclass(slots=True)
class ExtraRow:
    """A row with figures that the definition does not have: its block, its label, its amounts.

    `counted`: whether people taught that the row is a part of the sums of its block; None: not taught.
    """

    block: str
    label: str
    columns: dict[str, Place]
    cell: Position
    counted: bool | None = None


@dataclass(slots=True)
class Located:
    """One table. `layout`: located at the issued addresses, or by its labels.

    `rows`: the first and the last row of the table on the sheet. `issued`: its addresses, where it stands at them.
    `absent`: columns of lists (`list.column`) that the sheet does not have. `printed_years`: the years that its labels
    carry as this year, each with a cell. `printed_columns`: first and last column under heads of printed figures.
    `share`: how many of the form's labels were found. `altered`: how the labels of an issued sheet differ from those
    that were issued, each a clause of a sentence. `printed_points`: group of indicators → the points that the sheet
    prints behind it, None where it prints none; empty where all are those of the form. `alike`: further editions that
    no label of the sheet distinguishes from this edition.
    `missing`: names of the labels that the sheet does not have word for word; `lacking`: the labels that it has in no
    synonym either.
    """

    form: Form
    sheet: Sheet
    number: int
    layout: str
    rows: tuple[int, int]
    issued: Addresses | None = None
    places: dict[str, Place] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    alike: list[str] = field(default_factory=list)
    wordings: list[Wording] = field(default_factory=list)
    extra: list[ExtraRow] = field(default_factory=list)
    printed_points: dict[str, Decimal | None] = field(default_factory=dict)
    printed_years: list[tuple[int, Position]] = field(default_factory=list)
    printed_columns: list[tuple[int, int]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    lacking: list[str] = field(default_factory=list)
    altered: list[str] = field(default_factory=list)
    share: float = 1.0

    @property
    def printed_year(self) -> int | None:
        """This year, as most of the labels have it."""
        years = Counter(year for year, _ in self.printed_years)
        return max(years, key=lambda year: years[year], default=None)

    @property
    def last_figure_row(self) -> int:
        """The last row in which a figure of it has its place, be it blank; the first of its rows where none has."""
        places = [place for item, place in self.places.items() if self.form.items[item].is_figure]
        places += [place for line in self.lines for place in line.columns.values()]
        places += [place for row in self.extra for place in row.columns.values()]
        return max((place.span[2] for place in places), default=self.rows[0])
