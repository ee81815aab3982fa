"""What stands in an issued sheet before anyone fills it: roster data, last year's figures, what they make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from gouji.templates.form import Form
from gouji.templates.issuing.plan import IssuedSheet
from gouji.templates.items import Item
from gouji.templates.labels import identifier, numbered
from gouji.templates.layout import Box
from gouji.templates.recipient import Recipient
from gouji.templates.rules.single import Lines, computed_values

SlotItem = tuple[str, int]
"""(item of a list's column, number of the line)."""


@dataclass(frozen=True)
class Contents:
    """`texts` and `figures` by item, `line_figures` and `names` by line, `computed` by item (None: blank)."""

    texts: dict[str, str]
    figures: dict[str, Decimal]
    line_figures: dict[SlotItem, Decimal]
    names: dict[SlotItem, str]
    computed: dict[str, Decimal | None]

    def text(self, box: Box) -> str:
        """What an input box shows as text."""
        if box.item is None:
            return ""
        return self.texts.get(box.item, "") if box.slot is None else self.names.get((box.item, box.slot), "")

    def figure(self, box: Box) -> Decimal | None:
        """The figure that stands in an input, fixed or computed box; None is blank."""
        if box.item is None:
            return None
        if box.slot is not None:
            return self.line_figures.get((box.item, box.slot))
        return self.computed.get(box.item) if box.role == "computed" else self.figures.get(box.item)


def contents(sheet: IssuedSheet, recipient: Recipient, prefill: Mapping[str, Decimal]) -> Contents:
    """What the sheet holds when it is issued.

    `prefill`: item → figure; a list's line is named as everywhere, by its normalised name
    (`政务公开审批专项资金.上年决算数`). Raises ValueError for an item that the sheet has no input cell for.
    """
    items = sheet.form.items
    figures = {item.id: item.fixed for item in items.values() if item.fixed is not None}
    line_figures: dict[SlotItem, Decimal] = {}
    lines = _line_places(sheet)
    for name, value in prefill.items():
        if name in lines:
            line_figures[lines[name]] = value
        elif name in items and _takes_figure(sheet.form, items[name]):
            figures[name] = value
        else:
            raise ValueError(f"no input cell on {sheet.name} for {name}")
    return Contents(
        texts=_header(sheet, recipient),
        figures=figures,
        line_figures=line_figures,
        names={(owner, slot): name for owner, names in sheet.names.items() for slot, name in enumerate(names)},
        computed=computed_values(sheet.form, figures, _lines(sheet, line_figures)),
    )


def takes(sheet: IssuedSheet) -> set[str]:
    """The items for which the sheet has an input cell for a figure, those of its named lines included."""
    fixed = {item.id for item in sheet.form.items.values() if _takes_figure(sheet.form, item)}
    return fixed | _line_places(sheet).keys()


def _header(sheet: IssuedSheet, recipient: Recipient) -> dict[str, str]:
    project = sheet.project.name if sheet.project is not None else ""
    known = {"unit": recipient.unit, "department": recipient.department, "instance": project}
    return {item.id: known[item.role] for item in sheet.form.items.values() if item.role in known}


def _takes_figure(form: Form, item: Item) -> bool:
    return item.is_figure and item.fixed is None and item.id not in form.computed


def _line_places(sheet: IssuedSheet) -> dict[str, SlotItem]:
    """`line.column` → where it stands, for the lines whose names are known."""
    places: dict[str, SlotItem] = {}
    for owner, names in sheet.names.items():
        if owner not in sheet.form.lists:
            continue
        columns = [item for item in sheet.form.lists[owner].columns.values() if item.is_figure]
        for slot, line in enumerate(numbered([identifier(name) for name in names])):
            places |= {f"{line}.{item.column}": (item.id, slot) for item in columns}
    return places


def _lines(sheet: IssuedSheet, figures: Mapping[SlotItem, Decimal]) -> Lines:
    lines: dict[str, list[dict[str, Decimal | str | None]]] = {}
    for owner, slots in sheet.layout.slots.items():
        spec = sheet.form.lists[owner]
        for number, slot in enumerate(slots):
            line: dict[str, Decimal | str | None] = {
                column: figures.get((item.id, number)) for column, item in spec.columns.items()
            }
            if slot.group is not None:
                line[spec.levels[-2]] = slot.group
            lines.setdefault(owner, []).append(line)
    return lines
