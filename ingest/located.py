"""A table found on a sheet: where each of its items stands. No values yet."""

from __future__ import annotations

from dataclasses import dataclass, field

from ingest.grid import Sheet
from templates.form import Form

Position = tuple[int, int]
Span = tuple[int, int, int, int]
"""First row, first column, last row, last column, inclusive: the cells in which one value may stand."""


@dataclass(slots=True)
class Place:
    """Where an item stands: the cells that may hold it and, when its label shares the cell, the words around it."""

    span: Span
    after: str = ""
    before: tuple[str, ...] = ()


@dataclass(slots=True)
class Line:
    """One line of a list: where its name and columns stand and the texts of the levels above it."""

    list_id: str
    name: Place
    columns: dict[str, Place]
    levels: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Located:
    """One table. `layout`: taken at the issued addresses, or found by its labels.

    `printed_year`: the year that its labels carry. `share`: how many of the form's labels were found. `absent`:
    columns of lists (`list.column`) that the sheet does not have. `rows`: first and last row of the part of the sheet
    that the table has to itself, None where that is the whole sheet.
    """

    form: Form
    sheet: Sheet
    number: int
    layout: str
    places: dict[str, Place] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    printed_year: int | None = None
    missing: list[str] = field(default_factory=list)
    altered: list[str] = field(default_factory=list)
    share: float = 1.0
    rows: tuple[int, int] | None = None
