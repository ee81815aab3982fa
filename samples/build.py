"""The published returns in the issued layout: our own workbook, filled with exactly what was published."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from gouji.ingest.roster import read_roster
from gouji.samples.figures import Key, Table, Unit, load_unit, unit_files
from gouji.samples.fill import Blank, Entry, Number, Text, fill_workbook
from gouji.samples.pasted import build_pasted
from gouji.samples.places import issued_places, slot_cells
from gouji.samples.report import build_report
from gouji.templates.addresses import cell_name
from gouji.templates.blocks import Caption, CaptionBlock
from gouji.templates.catalogue import built_in
from gouji.templates.form import Form
from gouji.templates.issued import issue_workbook, issued_sheets
from gouji.templates.issuing.heights import text_height
from gouji.templates.issuing.plan import IssuedSheet
from gouji.templates.issuing.styles import size_of
from gouji.templates.items import Item
from gouji.templates.layout import Position
from gouji.templates.recipient import Recipient
from gouji.templates.text import file_name

ROSTER = Path(__file__).parent / "roster.csv"
ISSUED, PASTED, REPORTED, ROSTER_NAME = "下发表样填报", "自行粘贴填报", "Word报告填报", "名册.csv"

_FIGURE = re.compile(r"(-?\d+(?:\.(\d+))?)(万元|%|分)?")
_NO_YEAR = "    "


def build_samples(out: Path) -> list[Path]:
    """Every published return in three layouts, in the folders ISSUED, PASTED and REPORTED of `out`, and the roster.

    The folders hold the same returns: run them one at a time, together they are 重复报送.
    """
    issued = [build_issued(unit_file, out / ISSUED) for unit_file in unit_files()]
    pasted = [build_pasted(unit_file, out / PASTED) for unit_file in unit_files()]
    reported = [build_report(unit_file, out / REPORTED) for unit_file in unit_files()]
    return [*issued, *pasted, *reported, Path(shutil.copyfile(ROSTER, out / ROSTER_NAME))]


def build_issued(unit_file: Path, out: Path) -> Path:
    """Write `<单位编码>_<单位名称>_<年度>.xlsx` into `out`: the issued workbook with the published figures typed in.

    What was published blank is blank here, formulas and prefilled heads included. Raises ValidationError or
    ValueError for a wrong data file, and for one with more lines than the issued sheet has.
    """
    unit = load_unit(unit_file)
    recipient = _recipient(unit)
    out.mkdir(parents=True, exist_ok=True)
    path = out / file_name(f"{recipient.unit_code}_{unit.unit}_{unit.year}.xlsx")
    issue_workbook(recipient, _forms(unit), unit.year, path)
    entries = {sheet.name: _entries(table, sheet) for _, table, sheet in _placed(unit)}
    heights = {sheet.name: _heights(sheet, entries[sheet.name]) for _, _, sheet in _placed(unit)}
    fill_workbook(path, entries, heights)
    return path


def issued_cells(unit_file: Path) -> dict[Key, str]:
    """(form, instance, item) → the cell (`D12`) on the table's own sheet, cells left blank included."""
    return {
        (table.form, instance, item): cell_name(*position)
        for instance, table, sheet in _placed(load_unit(unit_file))
        for item, position in _places(table, sheet).items()
    }


def issued_sheet_names(unit_file: Path) -> dict[tuple[str, str], str]:
    """(form, instance) → the sheet that the table stands on."""
    return {(table.form, instance): sheet.name for instance, table, sheet in _placed(load_unit(unit_file))}


def _recipient(unit: Unit) -> Recipient:
    recipient = next(
        (candidate for candidate in read_roster(ROSTER, built_in()).recipients() if candidate.unit == unit.unit), None
    )
    if recipient is None:
        raise ValueError(f"{unit.unit} is not in {ROSTER.name}")
    return recipient


def _forms(unit: Unit) -> list[Form]:
    return list({table.definition.key: table.definition for table in unit.tables}.values())


def _placed(unit: Unit) -> Iterator[tuple[str, Table, IssuedSheet]]:
    """Each table with its instance and its sheet: that of its project, else a spare one."""
    sheets = issued_sheets(_recipient(unit), _forms(unit), unit.year)
    for instance, table in unit.instances():
        fitting = [sheet for sheet in sheets if sheet.form is table.definition]
        of_project = [sheet for sheet in fitting if sheet.project is not None and sheet.project.name == instance]
        free = [sheet for sheet in fitting if sheet.project is None]
        if not of_project + free:
            raise ValueError(f"no sheet for {table.form} {instance}")
        sheet = (of_project + free)[0]
        sheets.remove(sheet)
        yield instance, table, sheet


def _places(table: Table, sheet: IssuedSheet) -> dict[str, Position]:
    lines = {
        name: list(zip(table.line_ids(name), [line.group for line in entries], strict=True))
        for name, entries in table.lines.items()
    }
    return issued_places(sheet, lines)


def _entries(table: Table, sheet: IssuedSheet) -> dict[Position, Entry]:
    """What stands in every cell that can hold a value."""
    printed, kinds = table.printed(), _items(table)
    entries: dict[Position, Entry] = {position: Blank() for position in slot_cells(sheet)}
    captions = {block.caption.id: block.caption for block in _captions(table.definition)}
    for item, position in _places(table, sheet).items():
        text = printed.get(item, "").strip()
        entries[position] = _caption(captions[item], text) if item in captions else _entry(kinds.get(item), text)
    return entries


def _heights(sheet: IssuedSheet, entries: dict[Position, Entry]) -> dict[int, float]:
    """Row → points that its texts need: a unit pulls a row down when it sees its text cut."""
    widths = sheet.form.definition.page.widths
    needed: dict[int, float] = {}
    for box in sheet.layout.boxes:
        entry = entries.get((box.row, box.column))
        if isinstance(entry, Text) and box.rows == 1:
            width = sum(widths[box.column : box.column + box.columns])
            height = text_height(entry.text, width, size_of(box.role))
            needed[box.row] = max(needed.get(box.row, 0), height)
    return needed


def _captions(form: Form) -> list[CaptionBlock]:
    return [block for block in form.definition.blocks if isinstance(block, CaptionBlock)]


def _caption(caption: Caption, year: str) -> Entry:
    return Text(caption.print.replace("{年}", year or _NO_YEAR))


def _items(table: Table) -> dict[str, Item]:
    """Item → what it is, lines included; the names of lines have no item."""
    items = dict(table.definition.items)
    for name in table.lines:
        columns = table.definition.lists[name].columns
        items |= {f"{line}.{column}": item for line in table.line_ids(name) for column, item in columns.items()}
    return items


def _entry(item: Item | None, text: str) -> Entry:
    """A printed value as it is typed: figures as numbers without their unit, everything else as text.

    A rate keeps the decimals that it was printed with, since these tell how far it was rounded.
    """
    if not text:
        return Blank()
    match = _FIGURE.fullmatch(text) if item is not None and item.is_figure else None
    if match is None:
        return Text(text)
    if match[3] != "%":
        return Number(Decimal(match[1]))
    return Number(Decimal(match[1]) / 100, f"0.{'0' * len(match[2])}%" if match[2] else "0%")
