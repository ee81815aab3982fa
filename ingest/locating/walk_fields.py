"""Fields outside every grid, found by their labels: the value beside the label, or in the same cell."""

from __future__ import annotations

import re

from gouji.ingest.locating.form_labels import field_label
from gouji.ingest.locating.located import Place
from gouji.ingest.locating.parts import without_of_which
from gouji.ingest.locating.walk import Walk
from gouji.ingest.register.unit_names import unstamped
from gouji.templates.blocks import (
    FieldsBlock,
    HeaderField,
)
from gouji.templates.labels import label_key, printed_years, squeezed


def find_caption(walk: Walk, item: str) -> None:
    for row, column, value in walk.text_cells(walk.region.first):
        if re.fullmatch(r"[(\[]?(?:\d{4})?年度?[)\]]?", squeezed(value)):
            walk.located.places[item] = Place((row, column, row, column))
            return


def find_title_year(walk: Walk) -> None:
    """The year in the title, with which the region begins."""
    years = [printed_years(value) for _, _, value in walk.text_cells(walk.region.first)][:1]
    if years and years[0]:
        walk.located.printed_years.append((years[0][0], (walk.region.first, 0)))


def find_fields(walk: Walk, block: FieldsBlock) -> None:
    headers = [header for header in block.fields if isinstance(header, HeaderField)]
    labels = {header.id: squeezed(header.label or header.id).rstrip(":") for header in headers}
    printed = [squeezed(line.print).partition(":")[0] for line in block.fields if not isinstance(line, HeaderField)]
    for item, label in labels.items():
        next_labels = [text for text in (*labels.values(), *filter(None, printed)) if text != label]
        place = _beside(walk, label) or within(walk, label, next_labels) or _led(walk, label)
        if place is None and walk.form.items[item].is_figure:
            place = _led_figure(walk, label)
        if place is not None:
            walk.located.places[item] = place
    for header in headers:
        if header.id not in walk.located.places:
            _field_by_synonym(walk, header)


def _field_by_synonym(walk: Walk, header: HeaderField) -> None:
    """A field under another name of the same thing: 项目名称 for 项目支出名称."""
    label = field_label(header, walk.form.taught)
    names = (label.synonyms - walk.known) | (label.keys & walk.taught.keys())
    ordered = sorted(names, key=len, reverse=True)
    places = (place for name in ordered if (place := _beside(walk, name)) and not _is_label(walk, place))
    place = next(places, None)
    if place is None and header.role is None:
        # In one cell with others, a field of a role is left to `ingest.head`, which knows where its value ends.
        place = next((place for name in ordered if (place := within(walk, name, []))), None)
    if place is not None:
        walk.located.places[header.id] = place


def _is_label(walk: Walk, place: Place) -> bool:
    """Whether another label stands where a value should: 预算单位： | 填报日期：; 单位名称 | 编制数."""
    row, first, _, last = place.span
    values = (walk.region.sheet.raw(row, column) for column in range(first, last + 1))
    texts = [value for value in values if isinstance(value, str)]
    return any(squeezed(text).endswith(":") or label_key(text) in walk.known for text in texts)


def _beside(walk: Walk, label: str) -> Place | None:
    """A label in a cell of its own: the value stands in the next cell to its right."""
    for row, column, value in walk.text_cells(walk.row):
        plain = unstamped(value)
        if squeezed(plain).rstrip(":") == label or label_key(plain) == label_key(label):
            bottom, right = walk.region.end_of(row, column)
            end = _end_of_value(walk, row, right + 1)
            follows = right + 1 < walk.region.sheet.width
            if follows and (walk.anything(row, right + 1, end) or not _leaves_room(value, column, right)):
                return Place((row, right + 1, bottom, end))
            return Place((row, column, row, column), after=label)
    return None


def _end_of_value(walk: Walk, row: int, column: int) -> int:
    """The last cell in which the value of a field may stand: merged, or behind cells left empty."""
    filled = (at for at in range(column, walk.region.sheet.width) if walk.anything(row, at, at))
    first = next(filled, column)
    label = walk.region.keys.get(row, {}).get(first) in walk.known or ":" in walk.region.texts.get(row, {}).get(
        first, ""
    )
    if first == column or label:
        return walk.region.end_of(row, column)[1]
    return first


def within(walk: Walk, label: str, next_labels: list[str]) -> Place | None:
    """A label and its value in one cell: 填报单位：某某局."""
    for row, column, value in walk.text_cells(walk.row):
        if f"{label}:" in squeezed(value):
            return Place((row, column, row, column), after=label, before=tuple(next_labels))
    return None


def _led(walk: Walk, label: str) -> Place | None:
    """A label that leads its value in one cell with only a gap between them: 项目名称  某某项目."""
    led = re.compile(r"\s*".join(map(re.escape, label)) + r"\s+\S")
    for row, column, value in walk.text_cells(walk.row):
        if led.match(unstamped(value)):
            return Place((row, column, row, column), after=label)
    return None


def _led_figure(walk: Walk, label: str) -> Place | None:
    """A label that leads its figure in one cell with nothing between them: 其中：基本支出900.47."""
    names = (label, without_of_which(label))
    for row, column, value in walk.text_cells(walk.row):
        text = squeezed(value)
        for name in names:
            if re.match(r"[-¥]?\d", text.removeprefix(name)) and text.startswith(name):
                return Place((row, column, row, column), after=name)
    return None


def _leaves_room(label: str, column: int, right: int) -> bool:
    """A label over several columns that ends with a colon (`填报单位：`): its value was to stand behind it."""
    return right > column and squeezed(label).endswith(":")
