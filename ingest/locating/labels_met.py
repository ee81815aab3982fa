"""Labels of a found table that people may say something of: read by likeness, beyond the definition, not recognised."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gouji.ingest.locating.accounting import Account
from gouji.ingest.locating.figure_cells import is_figure
from gouji.ingest.locating.form_labels import block_labels
from gouji.ingest.locating.located import Located, Position
from gouji.templates.blocks import FieldsBlock, HeaderField
from gouji.templates.form import Form
from gouji.templates.labels import label_key, squeezed

SIMILAR, TAUGHT, BEYOND, UNKNOWN = "相近", "对照", "表样没有的行", "未认出"
_LONGEST = 40
"""Characters from which a text is no label."""
_MOST = 40
"""Labels of one table that are listed: a sheet with more of them is another form."""


@dataclass(slots=True)
class LabelMet:
    """A label as it stands on the sheet, and where; what it was read as, `how` being one of the words above.

    `read_as`: a label of the definition, or the block in which a row beyond it stands; empty where it is not known.
    """

    label: str
    how: str
    read_as: str
    cell: str


def labels_met(located: Located, account: Account) -> list[LabelMet]:
    """What was not read by a label's own wording. What stands at issued addresses needs no label."""
    if located.issued is not None:
        return []
    met = [
        LabelMet(
            wording.text, TAUGHT if wording.taught else SIMILAR, wording.read_as, located.sheet.address(*wording.cell)
        )
        for wording in located.wordings
    ]
    met += [LabelMet(row.label, BEYOND, row.block, located.sheet.address(*row.cell)) for row in located.extra]
    unknown = list(_unknown(located, account))
    met_keys = {label_key(entry.label) for entry in met} | (_form_keys(located.form) if unknown else set())
    for at in unknown:
        text = squeezed(str(located.sheet.raw(*at))).rstrip(":")
        key = label_key(text)
        if key and key not in met_keys:
            met_keys.add(key)
            met.append(LabelMet(text, UNKNOWN, "", located.sheet.address(*at)))
    return [entry for entry in met if len(entry.label) <= _LONGEST][:_MOST]


def labels_lacking(located: Located) -> list[str]:
    """The labels of the definition that the table has in no wording, in their order."""
    read = {wording.read_as for wording in located.wordings}
    return [label for label in located.lacking if label not in read]


def _form_keys(form: Form) -> set[str]:
    labels = [label for block in form.definition.blocks for label in block_labels(block)]
    return {key for label in labels for key in (*label.keys, *label.synonyms)}


def _unknown(located: Located, account: Account) -> Iterator[Position]:
    """The labels beside and above figures that were not read, where the form has figures that were not found; and those
    that end with a colon, where a field was not found."""
    if account.absent:
        for cell in (*account.in_block, *account.beside):
            yield from _labels_of(located, located.sheet.position(cell))
    if _lacks_field(located):
        first = min((place.span[0] for item, place in located.places.items() if "." in item), default=located.rows[1])
        yield from (
            (row, column)
            for row in range(located.rows[0], first)
            for column, value in enumerate(located.sheet.rows[row])
            if isinstance(value, str) and squeezed(value).endswith(":")
        )


def _lacks_field(located: Located) -> bool:
    blocks = (block for block in located.form.definition.blocks if isinstance(block, FieldsBlock))
    fields = (header for block in blocks for header in block.fields if isinstance(header, HeaderField))
    return any(header.id not in located.places for header in fields)


def _labels_of(located: Located, at: Position) -> Iterator[Position]:
    """The nearest text left of a figure, and the nearest above it, within the table."""
    row, column = at
    before = ((row, index) for index in range(column - 1, -1, -1))
    above = ((index, column) for index in range(row - 1, located.rows[0] - 1, -1))
    for cells in (before, above):
        place = next((place for place in cells if _is_text(located.sheet.raw(*place))), None)
        if place is not None:
            yield place


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip()) and not is_figure(value)
