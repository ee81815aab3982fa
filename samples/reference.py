"""The bureau's 部门决算参照表, issued and filled with the published figures."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from pydantic import BaseModel, ConfigDict
from ruamel.yaml import YAML

from gouji.samples.fill import Entry, Number, Result, fill_workbook
from gouji.samples.places import issued_places
from gouji.templates.catalogue import built_in
from gouji.templates.issued import issue_workbook, issued_sheets
from gouji.templates.labels import identifier, numbered
from gouji.templates.layout import Position
from gouji.templates.recipient import Listed, Recipient
from gouji.templates.text import file_name

FIGURES = Path(__file__).parent / "reference.yaml"
FORM = ("部门决算参照表", "通用")
LIST, TOTAL = "单位", "全部单位"


class ReferenceUnit(BaseModel):
    """One row: the unit, and column → 万元 as printed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str = ""
    name: str
    figures: dict[str, Decimal]


class ReferenceFigures(BaseModel):
    """The whole table of one year."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    year: int
    units: list[ReferenceUnit]


def load_reference(path: Path = FIGURES) -> ReferenceFigures:
    """The figures of the file. Raises ValidationError."""
    return ReferenceFigures.model_validate(YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8")))


def build_reference(out: Path, figures: ReferenceFigures | None = None) -> Path:
    """Write `部门决算参照表_<年度>.xlsx` into `out`: the issued table with these figures typed in.

    Raises ValueError for a column that the table does not have.
    """
    table = figures or load_reference()
    form = built_in().form(*FORM)
    units = tuple(Listed(unit.code, unit.name) for unit in table.units)
    bureau = Recipient("", "财政局", "", units=units)
    out.mkdir(parents=True, exist_ok=True)
    path = out / file_name(f"{form.name}_{table.year}.xlsx")
    issue_workbook(bureau, [form], table.year, path)
    (sheet,) = issued_sheets(bureau, [form], table.year)
    lines = numbered([identifier(unit.name) for unit in table.units])
    places = issued_places(sheet, {LIST: [(line, None) for line in lines]})
    fill_workbook(path, {sheet.name: _entries(table, lines, places)})
    return path


def _entries(table: ReferenceFigures, lines: list[str], places: dict[str, Position]) -> dict[Position, Entry]:
    entries: dict[Position, Entry] = {}
    sums: dict[str, Decimal] = {}
    for line, unit in zip(lines, table.units, strict=True):
        for column, value in unit.figures.items():
            if f"{line}.{column}" not in places or f"{TOTAL}.{column}" not in places:
                raise ValueError(f"{FORM[0]} has no column {column}")
            entries[places[f"{line}.{column}"]] = Number(value)
            sums[column] = sums.get(column, Decimal(0)) + value
    return entries | {places[f"{TOTAL}.{column}"]: Result(value) for column, value in sums.items()}
