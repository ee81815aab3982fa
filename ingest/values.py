"""The values of a located table, parsed by the kind of their item, each with its cell."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from gouji.ingest.figures.measures import parse_measure
from gouji.ingest.figures.numbers import GUESSED, parse_number
from gouji.ingest.frames import ASIDE, COUNTED, EXTRA, LIKE, PRINTED
from gouji.ingest.grid import PICTURE, Kind, Sheet
from gouji.ingest.locating.input_cells import cell_of
from gouji.ingest.locating.located import Line, Located, Place
from gouji.ingest.locating.measure_columns import in_one
from gouji.templates.blanks import NO_NAME
from gouji.templates.exact import places
from gouji.templates.form import Form
from gouji.templates.items import Item
from gouji.templates.labels import identifier, numbered, squeezed
from gouji.templates.precision import EXACT, shown


@dataclass(slots=True)
class Values:
    """The value columns of one table, in the order of `ingest.frames.VALUE_COLUMNS` without return and sheet.

    `as_text`: cells in which a figure stood as text; `guessed_percent`: those that can only have been meant in
    percent, though no sign says so. `unnamed`: cells of lines with figures but no name.
    `anything`: whether the unit itself filled in any figure or line (what is printed or computed does not count).
    """

    list_id: list[str | None] = field(default_factory=list)
    line: list[str | None] = field(default_factory=list)
    item: list[str] = field(default_factory=list)
    value: list[float | None] = field(default_factory=list)
    raw: list[str | None] = field(default_factory=list)
    decimals: list[int | None] = field(default_factory=list)
    state: list[str] = field(default_factory=list)
    cell: list[str | None] = field(default_factory=list)
    as_text: list[str] = field(default_factory=list)
    guessed_percent: list[str] = field(default_factory=list)
    unnamed: list[str] = field(default_factory=list)
    anything: bool = False

    def text_of(self, item: str) -> str | None:
        """The text of an item as it stands, None when blank."""
        try:
            return self.raw[self.item.index(item)]
        except ValueError:
            return None

    def fill_in(self, item: str, text: str, cell: str) -> None:
        """A text that stands elsewhere than the form asks for it."""
        at = self.item.index(item)
        self.raw[at], self.state[at], self.cell[at] = text, "filled", cell


class _Read(NamedTuple):
    value: float | None
    raw: str | None
    decimals: int | None
    state: str
    cell: str | None
    as_text: bool = False
    guessed_percent: bool = False


_Entry = tuple[str | None, str | None, str, _Read]
"""List, line and item of a value, and what was read."""
_ABSENT = _Read(None, None, None, "absent", None)
_NOTHING = ("blank", "absent")
_SIGN = {None: EXTRA, True: COUNTED, False: ASIDE}


def untouched(located: Located) -> bool:
    """Whether nothing at all stands where the unit fills in its figures and lines."""
    if any(stands(located, item.id) for item in located.form.items.values() if _filled_in(located, item)):
        return False
    return not any(_holds(located, line) for line in located.lines)


def _filled_in(located: Located, item: Item) -> bool:
    """Whether what stands in an item's cell is the unit's own figure.

    A total is its own where it was typed into a table that is not ours; points may be printed even there.
    """
    if not item.is_figure or item.fixed is not None:
        return False
    if item.id not in located.form.computed:
        return True
    place = located.places.get(item.id)
    typed = place is not None and cell_of(located.sheet, place) not in located.sheet.formulas
    return located.issued is None and item.kind != "points" and typed


def stands(located: Located, item: str) -> bool:
    """Whether anything stands in an item's cell, be it an error or a formula without a value."""
    place = located.places.get(item)
    return place is not None and _cell_holds(located.sheet, place)


def _cell_holds(sheet: Sheet, place: Place) -> bool:
    at = cell_of(sheet, place)
    return sheet.raw(*at) is not None or at in sheet.special


def collect(located: Located) -> Values:
    """Every item of the form (absent where its label was not found) and every line that holds anything."""
    anything = False
    entries: list[_Entry] = []
    for item in located.form.items.values():
        place = located.places.get(item.id)
        read = _ABSENT if place is None else _read(located, place, item)
        entries.append((None, None, item.id, read))
        if not anything and read.state not in _NOTHING:
            anything = _filled_in(located, item)
    entries += [(None, None, column, _ABSENT) for column in located.absent]
    for name, points in located.printed_points.items():
        told = _ABSENT if points is None else _Read(float(points), None, None, "filled", None)
        entries.append((None, None, f"{name}{PRINTED}", told))
    for name, text in _read_by_likeness(located).items():
        entries.append((None, None, f"{LIKE}{name}", _Read(None, text, None, "filled", None)))
    entries += _extra(located)
    lines, unnamed = _lines(located)
    return _values([*entries, *lines], unnamed, anything=anything or bool(lines))


def _values(entries: list[_Entry], unnamed: list[str], *, anything: bool) -> Values:
    """The columns of some entries."""
    reads = [read for _, _, _, read in entries]
    as_text = [read for read in reads if read.as_text and read.cell is not None]
    return Values(
        list_id=[list_id for list_id, _, _, _ in entries],
        line=[line for _, line, _, _ in entries],
        item=[item for _, _, item, _ in entries],
        value=[read.value for read in reads],
        raw=[read.raw for read in reads],
        decimals=[None if read.decimals is None else min(read.decimals, EXACT) for read in reads],
        state=[read.state for read in reads],
        cell=[read.cell for read in reads],
        as_text=[read.cell for read in as_text if read.cell is not None and not read.guessed_percent],
        guessed_percent=[read.cell for read in as_text if read.cell is not None and read.guessed_percent],
        unnamed=unnamed,
        anything=anything,
    )


def _read_by_likeness(located: Located) -> dict[str, str]:
    """Row, column or field → the labels of the sheet that were read for it by their likeness, with their cells."""
    found: dict[str, list[str]] = {}
    for one in located.wordings:
        if not one.taught:
            found.setdefault(one.name, []).append(f"{one.text}（{located.sheet.address(*one.cell)}）")
    return {name: "、".join(texts) for name, texts in found.items()}


def _extra(located: Located) -> Iterator[_Entry]:
    """Rows that the definition does not have, each under its own label."""
    for label, extra in zip(numbered([one.label for one in located.extra]), located.extra, strict=True):
        for column, place in extra.columns.items():
            name = f"{extra.block}{_SIGN[extra.counted]}{label}.{column}"
            kind = extra_kind(located.form, name)
            item = Item(id=column, block=extra.block, kind=kind, label=extra.label)
            yield None, None, name, _read(located, place, item)


def extra_kind(form: Form, name: str) -> str:
    """The kind of a figure in a row that the definition does not have: that of its column."""
    block, column = re.split(f"[{EXTRA}{COUNTED}{ASIDE}]", name, maxsplit=1)[0], name.rpartition(".")[2]
    if block in form.lists:
        return form.lists[block].columns[column].kind
    return next(item.kind for item in form.items.values() if (item.block, item.column) == (block, column))


def _lines(located: Located) -> tuple[list[_Entry], list[str]]:
    """The lines that hold anything, and the cells of names that are lacking."""
    kept: list[tuple[Line, _Read, dict[str, _Read]]] = []
    for line in located.lines:
        if located.sheet.told and not _holds(located, line):
            continue
        items = located.form.lists[line.list_id].columns
        name = _read(located, line.name, None)
        columns = {column: _read(located, place, items[column]) for column, place in line.columns.items()}
        if _holds_anything(name, columns):
            kept.append((line, name, columns))
    entries: list[_Entry] = []
    unnamed: list[str] = []
    for list_id in dict.fromkeys(line.list_id for line, _, _ in kept):
        own = [one for one in kept if one[0].list_id == list_id]
        for unique, one in zip(numbered([_stem(line, name) for line, name, _ in own]), own, strict=True):
            entries += _of_line(located, unique, *one)
        unnamed += [name.cell for _, name, _ in own if name.raw is None and name.cell is not None]
    return entries, unnamed


def _holds(located: Located, line: Line) -> bool:
    """Whether anything stands in a line."""
    return any(_cell_holds(located.sheet, place) for place in (line.name, *line.columns.values()))


def _of_line(located: Located, unique: str, line: Line, name: _Read, columns: dict[str, _Read]) -> Iterator[_Entry]:
    spec = located.form.lists[line.list_id]
    for level, text in line.levels.items():
        yield line.list_id, unique, f"{unique}.{level}", _Read(None, text, None, "filled", None)
    yield line.list_id, unique, f"{unique}.{spec.name_column}", name
    for column in spec.columns:
        yield line.list_id, unique, f"{unique}.{column}", columns.get(column, _ABSENT)


def _stem(line: Line, name: _Read) -> str:
    """The line's identifier: its label, else that of the level above it."""
    above = list(line.levels.values())
    return identifier(name.raw or "") or identifier(above[-1] if above else "") or "未命名"


def _holds_anything(name: _Read, columns: dict[str, _Read]) -> bool:
    """Rows left blank, rows of …… and rows marked 不适用 throughout are no lines."""
    filled = any(read.state not in (*_NOTHING, "not_applicable") for read in columns.values())
    named = name.raw is not None and squeezed(name.raw) not in NO_NAME
    return filled or (named and any(read.state not in _NOTHING for read in columns.values()))


def _read(located: Located, place: Place, item: Item | None) -> _Read:
    sheet = located.sheet
    at = cell_of(sheet, place)
    cell = sheet.address(*at)
    special = sheet.special.get(at)
    if special is not None and (special[1] != PICTURE or _is_figure(item)):  # a signature may be a picture
        state = "unreadable" if special[0] is Kind.UNKNOWN else special[0].value
        return _Read(None, special[1], None, state, cell)
    raw = sheet.raw(*at)
    if raw is None:
        return _blank(cell) if sheet.told or not _is_figure(item) else _untold(cell)
    if item is not None and item.role == "year":
        return _year(raw, cell)
    if item is None or not _is_figure(item):
        return _text(_shown(_cut(raw, place)), cell)
    number_format, computed = sheet.number_format(*at), at in sheet.formulas
    if item.kind == "measure":
        joined = in_one(sheet, place, raw, number_format)
        return _measure(raw if joined is None else joined, number_format, cell, computed)
    raw = _cut(raw, place)
    quotient = sheet.quotients.get(at)
    parsed = parse_number(raw, item.kind, number_format, computed=computed, quotient=quotient)
    value = None if parsed.value is None else float(parsed.value)
    plain = isinstance(raw, int | float) and not isinstance(raw, bool)
    # Behind its label in one cell (总分：98) a figure cannot but be text.
    as_text = parsed.as_text and not place.after
    shown = None if plain or raw is None else str(raw)
    return _Read(value, shown, parsed.decimals, parsed.state, cell, as_text, as_text and parsed.unit == GUESSED)


def _is_figure(item: Item | None) -> bool:
    return item is not None and (item.is_figure or item.kind == "measure")


def _untold(cell: str) -> _Read:
    """What looks blank where an error or a formula without a value looks the same."""
    return _Read(None, "看不出是空白还是错误值", None, "unreadable", cell)


@lru_cache(maxsize=65536)
def _blank(cell: str) -> _Read:
    """What most cells of a return are, whatever is asked for in them."""
    return _Read(None, None, None, "blank", cell)


def _measure(raw: object, number_format: str | None, cell: str, computed: bool) -> _Read:
    """A computed measure is exact; a percentage shows the decimals of its format, everything else its own."""
    measure = parse_measure(raw, number_format)
    text = None if measure.state == "blank" else _shown(raw) if isinstance(raw, str) else measure.text
    if measure.number is None:
        return _Read(None, text, None, measure.state, cell)
    is_text = isinstance(raw, str)
    decimals = shown(
        "rate", places(measure.number), None if is_text else number_format, computed=computed and not is_text
    )
    return _Read(float(measure.number), text, decimals, measure.state, cell)


def _year(raw: object, cell: str) -> _Read:
    """（2020年度）; brackets without a year are blank."""
    found = re.search(r"(?:19|20)\d{2}", squeezed(str(raw or "")))
    return _text(None if found is None else found.group(), cell)


def _text(text: str | None, cell: str) -> _Read:
    return _Read(None, text, None, "blank" if text is None else "filled", cell)


def _cut(raw: object, place: Place) -> object:
    """The value out of a cell that also holds its label, and perhaps the next field's."""
    if not place.after or not isinstance(raw, str):
        return raw
    text = squeezed(raw)
    start = text.find(f"{place.after}:")
    if start < 0:
        return text[len(place.after) :] if text.startswith(place.after) else None
    text = text[start + len(place.after) + 1 :]
    ends = [at for label in place.before if (at := text.find(f"{label}:")) >= 0]
    return text[: min(ends)] if ends else text


def _shown(raw: object) -> str | None:
    """A text value as people see it, without the white space around it; None when nothing is left."""
    match raw:
        case None:
            return None
        case datetime.datetime() | datetime.date():
            return raw.isoformat()[:10]
        case float() if raw.is_integer():
            return str(int(raw))
        case _:
            text = str(raw).strip().strip("　\xa0\ufeff")
            return text if squeezed(text) else None
