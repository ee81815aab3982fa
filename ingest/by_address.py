"""The fast path: a sheet of an issued workbook whose labels stand where they were issued."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from ingest.grid import Sheet
from ingest.located import Line, Located, Place, Position
from templates.form import Form
from templates.labels import normalised
from templates.layout import Layout, lay_out

# Lines up to which the addresses of a sheet are kept.
_ORDINARY = 500


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where everything of an issued sheet stands. `labels`: place → the label that is to stand there."""

    labels: Mapping[Position, str]
    places: Mapping[str, Place]
    lines: tuple[Line, ...]
    fingerprint: str


def addresses(form: Form, year: int, slots: Mapping[str, int]) -> Addresses:
    """The addresses of a form issued for a year, with so many lines in its lists."""
    given = tuple(sorted(slots.items()))
    # How many lines there are is said by the file: what is kept must not grow with it.
    return (_kept if sum(slots.values()) <= _ORDINARY else _addresses)(form, year, given)


@lru_cache(maxsize=512)
def _kept(form: Form, year: int, slots: tuple[tuple[str, int], ...]) -> Addresses:
    """Worked out once: a batch has thousands of sheets and few kinds of them."""
    return _addresses(form, year, slots)


def _addresses(form: Form, year: int, slots: tuple[tuple[str, int], ...]) -> Addresses:
    layout = lay_out(form, year, dict(slots))
    places = {item: _at(place) for item, place in layout.positions.items()}
    return Addresses(layout.labels(), places, tuple(_lines(form, layout)), layout.fingerprint())


def _lines(form: Form, layout: Layout) -> Iterator[Line]:
    for name, slots in layout.slots.items():
        spec = form.lists[name]
        for slot in slots:
            levels = {}
            if slot.group is not None:
                levels = dict(zip(spec.levels[:-1], (spec.groups[slot.group], slot.group), strict=True))
            columns = {column: _at(place) for column, place in slot.columns.items()}
            yield Line(name, _at(slot.name), columns, levels)


def by_address(form: Form, issued: Addresses, sheet: Sheet) -> Located:
    """The table at its issued addresses; `altered` lists the labels that no longer stand there."""
    altered = [text for place, text in issued.labels.items() if _label(sheet, place) != text]
    return Located(form, sheet, 1, "issued", dict(issued.places), list(issued.lines), altered=altered)


def _at(place: Position) -> Place:
    row, column = place
    return Place((row, column, row, column))


def _label(sheet: Sheet, place: Position) -> str:
    raw = sheet.raw(*place)
    return normalised(raw) if isinstance(raw, str) else ""
