"""Which sheets a unit's workbook has: one per form, or one per project of the unit and two spare ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from gouji.templates.blocks import GridBlock, LeafGroup, ListBlock, ListRow
from gouji.templates.form import Form
from gouji.templates.layout import Layout, lay_out
from gouji.templates.recipient import Project, Recipient
from gouji.templates.text import sheet_name

SPARE_SHEETS = 2
PROJECT_NAMES, UNIT_NAMES, UNIT_CODES = "项目名称", "单位名称", "单位编码"
"""A list whose lines are named so gets the unit's projects, or the units of the roster and their codes."""


@dataclass(frozen=True)
class IssuedSheet:
    """One sheet to be written.

    `names`: list id → names that already stand in its first lines; `list.column` → texts that stand in a column.
    """

    name: str
    form: Form
    layout: Layout
    project: Project | None = None
    spare: bool = False
    names: dict[str, list[str]] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """What last year's figures are given under: see `instance_key`."""
        return instance_key(self.form, self.project)

    @property
    def slots(self) -> dict[str, int]:
        """Number of lines per list or second-level indicator; `lay_out` gives the same layout from it."""
        lines = ((list_id, slot.group) for list_id, slots in self.layout.slots.items() for slot in slots)
        return dict(Counter(group or list_id for list_id, group in lines))


def instance_key(form: Form, project: Project | None = None) -> str:
    """`form@edition`, with `/项目编码` (or, without a code, `/项目名称`) for a project's own sheet."""
    return form.key if project is None else f"{form.key}/{project.code or project.name}"


def planned_sheets(recipient: Recipient, forms: Sequence[Form], year: int, taken: Sequence[str]) -> list[IssuedSheet]:
    """The sheets in the order of the forms, their names differing from each other and from `taken`."""
    names = list(taken)
    sheets: list[IssuedSheet] = []
    for form in forms:
        given = _line_names(form, recipient)
        layout = lay_out(form, year, _room(form, recipient))
        for title, project, spare in _copies(form, recipient):
            name = sheet_name(title, names)
            names.append(name)
            sheets.append(IssuedSheet(name, form, layout, project, spare, given))
    return sheets


def _copies(form: Form, recipient: Recipient) -> list[tuple[str, Project | None, bool]]:
    """(sheet name wished for, project, whether spare)."""
    short = form.definition.short
    if form.definition.per != "project":
        return [(short, None, False)]
    copies: list[tuple[str, Project | None, bool]] = [
        (f"{short}{number}", project, False) for number, project in enumerate(recipient.projects, 1)
    ]
    return copies + [(f"{short}（备用{number}）", None, True) for number in range(1, SPARE_SHEETS + 1)]


def _lists(form: Form) -> list[ListRow]:
    grids = [block for block in form.definition.blocks if isinstance(block, GridBlock)]
    return [row for grid in grids for row in grid.rows if isinstance(row, ListRow)]


def _room(form: Form, recipient: Recipient) -> dict[str, int]:
    """Lines for every project of the unit and some to spare, never fewer than the form has."""
    return {
        row.list_id: max(row.slots, len(_names(row, recipient)) + row.spare)
        for row in _lists(form)
        if row.names in (PROJECT_NAMES, UNIT_NAMES)
    }


def _line_names(form: Form, recipient: Recipient) -> dict[str, list[str]]:
    """The names that already stand in the first lines: the unit's projects, or what the form prints."""
    names = {row.list_id: _names(row, recipient) for row in _lists(form)}
    names |= {
        block.list_id: [name for group in block.groups for leaf in group.groups for name in _printed(leaf)]
        for block in form.definition.blocks
        if isinstance(block, ListBlock) and any(leaf.printed for group in block.groups for leaf in group.groups)
    }
    for row in _lists(form):
        if row.names == UNIT_NAMES and UNIT_CODES in form.lists[row.list_id].columns:
            names[f"{row.list_id}.{UNIT_CODES}"] = [unit.code for unit in recipient.units]
    return names


def _printed(leaf: LeafGroup) -> list[str]:
    """One name for every line of a second-level indicator, empty where the unit writes it."""
    return [*leaf.printed, *[""] * (leaf.slots - len(leaf.printed))]


def _names(row: ListRow, recipient: Recipient) -> list[str]:
    if row.names == PROJECT_NAMES:
        return [*(project.name for project in recipient.projects), *recipient.past_projects]
    return [unit.name for unit in recipient.units] if row.names == UNIT_NAMES else row.printed
