"""The published returns as data: every figure exactly as printed, addressed by the item ids of its form."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator
from ruamel.yaml import YAML

from gouji.templates.catalogue import built_in
from gouji.templates.form import Form
from gouji.templates.labels import identifier, numbered

RETURNS = Path(__file__).parent / "returns"

Key = tuple[str, str, str]
"""(form, instance, item): what tells apart every value of one unit."""


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TablePaste(_Data):
    """How a table came out of Word: its first column, the empty rows above it, what was torn apart.

    `page_breaks` and `blank_before` name the rows, lines, indicators or groups in front of which the page
    ended or an empty row slipped in; `torn` the indicators in front of which the page ended without its heads being
    repeated, only the labels of the sections; `paragraphs` are fields printed as running text, label and value in one
    cell; `omit` leaves a line of fields out, as the published return does.
    """

    column: str
    gap: int
    page_breaks: list[str] = Field(default_factory=list)
    torn: list[str] = Field(default_factory=list)
    blank_before: list[str] = Field(default_factory=list)
    paragraphs: list[str] = Field(default_factory=list)
    omit: list[str] = Field(default_factory=list)


class Narrative(_Data):
    """A sheet of running text beside the forms."""

    sheet: str
    lines: list[str]


class UnitPaste(_Data):
    sheet: str
    narrative: Narrative


class Line(_Data):
    """One line of a list: its printed name, the group it stands under, and its printed values by column."""

    name: str = ""
    group: str | None = None
    values: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _columns(cls, raw: Any) -> Any:
        """The file writes a line flat; what is neither name nor group is a column."""
        if not isinstance(raw, dict) or "values" in raw:
            return raw
        named = {key: raw[key] for key in ("name", "group") if key in raw}
        return named | {"values": {key: value for key, value in raw.items() if key not in named}}


class Table(_Data):
    """One published table. `values`: item → printed text; `labels`: where its print is not the form's."""

    form: str
    edition: str
    source: str
    paste: TablePaste
    values: dict[str, str]
    lines: dict[str, list[Line]] = Field(default_factory=dict)
    labels: dict[str, str] = Field(default_factory=dict)

    @cached_property
    def definition(self) -> Form:
        """The form that the table is an instance of. Raises FormNotFoundError."""
        return built_in().form(self.form, self.edition)

    def line_ids(self, name: str) -> list[str]:
        """The ids of a list's lines, in print order."""
        lines = self.lines[name]
        return numbered([identifier(line.name) or _nameless(name, lines, line) for line in lines])

    def printed(self) -> dict[str, str]:
        """Item → printed text, lines (`line.column`) and their names included; a blank is absent or space."""
        texts = dict(self.values)
        for name, lines in self.lines.items():
            name_column = self.definition.lists[name].name_column
            for line_id, line in zip(self.line_ids(name), lines, strict=True):
                if line.name:
                    texts[f"{line_id}.{name_column}"] = line.name
                texts |= {f"{line_id}.{column}": text for column, text in line.values.items()}
        return texts


class Unit(_Data):
    """All tables that one unit published for one year. `seed` is the number of the published report."""

    unit: str
    year: int
    seed: str
    paste: UnitPaste
    labels: dict[str, dict[str, str]] = Field(default_factory=dict)
    tables: list[Table]

    def instances(self) -> Iterator[tuple[str, Table]]:
        """Each table with its instance: blank for one-per-unit forms, else the project's name, else 第n张."""
        seen: dict[str, int] = {}
        for table in self.tables:
            seen[table.form] = seen.get(table.form, 0) + 1
            yield _instance(table, seen[table.form]), table

    def label(self, table: Table, name: str, default: str) -> str:
        """A label as this table prints it, else as the unit prints it on this form, else the form's own."""
        return table.labels.get(name, self.labels.get(table.form, {}).get(name, default))


def unit_files() -> list[Path]:
    """The data files of the published returns, sorted."""
    return sorted(RETURNS.glob("*.yaml"))


@cache
def load_unit(path: Path) -> Unit:
    """One unit's tables, read once. Raises ValidationError, and ValueError for an item that its form does not have."""
    unit = Unit.model_validate(YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8")))
    for table in unit.tables:
        _known(table, path.name)
    return unit


def _instance(table: Table, number: int) -> str:
    role = table.definition.item_with_role("instance")
    if role is None:
        return "" if table.definition.definition.per == "unit" else f"第{number}张"
    return table.values.get(role.id, "").strip() or f"第{number}张"


def _nameless(list_name: str, lines: list[Line], line: Line) -> str:
    """A line without a name can only be told by its place under its group."""
    fellows = [other for other in lines if other.group == line.group]
    place = next(number for number, other in enumerate(fellows, 1) if other is line)
    return f"{line.group or list_name}第{place}行"


def _known(table: Table, file: str) -> None:
    form = table.definition
    for item in table.values:
        if item not in form.items:
            raise ValueError(f"{file}：{form.key} 没有项目“{item}”")
    for name, lines in table.lines.items():
        spec = form.lists.get(name)
        columns = set() if spec is None else set(spec.columns)
        for line in lines:
            unknown = set(line.values) - columns
            if spec is None or unknown or (spec.groups and line.group not in spec.groups):
                raise ValueError(f"{file}：{form.key} 的清单“{name}”没有 {sorted(unknown) or line.group}")
