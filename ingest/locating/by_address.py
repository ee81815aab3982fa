"""The fast path: a sheet of an issued workbook whose labels stand where they were issued."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from gouji.ingest.grid import Sheet
from gouji.ingest.locating.figure_cells import reads_as_figure
from gouji.ingest.locating.located import Addresses, Line, Located, Place, Position
from gouji.ingest.locating.measure_columns import with_sign_and_unit
from gouji.templates.blocks import ListBlock
from gouji.templates.form import Form
from gouji.templates.labels import normalised, one_line, printed_years, squeezed
from gouji.templates.layout import Layout, lay_out

# Lines up to which the addresses of a sheet are kept.
_ORDINARY = 500
_SIGNS = re.compile(r"\W+")


def addresses(form: Form, year: int, slots: Mapping[str, int]) -> Addresses:
    """The addresses of a form issued for a year, with so many lines in its lists."""
    counts = tuple(sorted(slots.items()))
    # How many lines there are is said by the file: what is kept must not grow with it.
    return (_kept if sum(slots.values()) <= _ORDINARY else _addresses)(form, year, counts)


@lru_cache(maxsize=512)
def _kept(form: Form, year: int, slots: tuple[tuple[str, int], ...]) -> Addresses:
    """Worked out once: a batch has thousands of sheets and few kinds of them."""
    return _addresses(form, year, slots)


def _addresses(form: Form, year: int, slots: tuple[tuple[str, int], ...]) -> Addresses:
    layout = lay_out(form, year, dict(slots))
    labels = layout.labels()
    boxes = {(box.row, box.column): box for box in layout.boxes}
    return Addresses(
        labels=labels,
        texts={place: one_line(boxes[place].text) for place in labels},
        titles=frozenset(place for place in labels if boxes[place].role in ("title", "side")),
        places={item: _at(place) for item, place in layout.positions.items()},
        lines=tuple(_lines(form, layout)),
        spans={
            place: (box.row, box.column, box.row + box.rows - 1, box.column + box.columns - 1)
            for place, box in boxes.items()
            if box.item is not None and (box.rows > 1 or box.columns > 1)
        },
        years={place: printed_years(boxes[place].text) for place, text in labels.items() if "#年" in text},
        figures={
            place: squeezed(box.text)
            for place, box in boxes.items()
            if box.item is None and box.text and reads_as_figure(box.text)
        },
        boxes=tuple(layout.boxes),
        height=layout.height,
        fingerprint=layout.fingerprint(),
    )


def _lines(form: Form, layout: Layout) -> Iterator[Line]:
    beside = {block.list_id: block for block in form.definition.blocks if isinstance(block, ListBlock)}
    for name, slots in layout.slots.items():
        spec = form.lists[name]
        measures = [column for column, item in spec.columns.items() if item.kind == "measure"]
        around = beside[name].beside_measures if name in beside else (None, None)
        for slot in slots:
            levels = {}
            if slot.group is not None:
                levels = dict(zip(spec.levels[:-1], (spec.groups[slot.group], slot.group), strict=True))
            columns = {column: _at(place) for column, place in slot.columns.items()}
            sign, unit = (None if column is None else slot.columns[column][1] for column in around)
            with_sign_and_unit(columns, measures, slot.name[0], sign, unit)
            yield Line(name, _at(slot.name), columns, levels)


def altered_labels(issued: Addresses, sheet: Sheet) -> list[Position]:
    """The places at which another text stands than the label that was issued there; signs are no difference."""
    differing = [(place, text) for place, text in issued.labels.items() if label_at(sheet, place) != text]
    reworded = [place for place, text in differing if _words(label_at(sheet, place)) != _words(text)]
    return reworded + [place for place in of_other_years(issued, sheet) if place not in reworded]


def of_other_years(issued: Addresses, sheet: Sheet) -> list[Position]:
    """The places of labels that name other years than the issued ones did: 2020年决算数 where 2021年决算数 stood."""
    return [place for place, years in issued.years.items() if printed_years(_text(sheet, place)) != years]


def by_address(form: Form, issued: Addresses, sheet: Sheet, last: int) -> Located:
    """The table at its issued addresses; `last`: the last row of the sheet that is its own."""
    return Located(form, sheet, 1, "issued", (0, last), issued, dict(issued.places), list(issued.lines))


def label_at(sheet: Sheet, place: Position) -> str:
    """The text in a cell as labels are compared; empty where no text stands."""
    return normalised(_text(sheet, place))


def _text(sheet: Sheet, place: Position) -> str:
    raw = sheet.raw(*place)
    return raw if isinstance(raw, str) else ""


def _words(label: str) -> str:
    return _SIGNS.sub("", label)


def _at(place: Position) -> Place:
    row, column = place
    return Place((row, column, row, column))
