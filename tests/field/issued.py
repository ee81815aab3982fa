"""Issued workbooks, filled so that all ties hold, and one thing done to each that figures can get lost or wrong by."""

from __future__ import annotations

import copy
import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from random import Random

from lxml import etree

from gouji.samples.fill import Entry, Number, Text, filled_parts, pack, unpacked
from gouji.samples.generating.arithmetic import AMOUNTS, YEARS, base_results
from gouji.samples.generating.delivering import deliver
from gouji.samples.generating.names import DEPARTMENT, recipient
from gouji.samples.generating.tables import Table, UnitReturn
from gouji.samples.generating.units import honest_unit
from gouji.samples.places import issued_places
from gouji.templates.addresses import cell_name, cell_position
from gouji.templates.issued import issued_sheets
from gouji.templates.layout import Position

YEAR = 2021
BASE_SHEET, PROJECT_SHEET = "基础数据表", "自评表1"
_PART = {BASE_SHEET: "xl/worksheets/sheet2.xml", PROJECT_SHEET: "xl/worksheets/sheet4.xml"}
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"

Change = Callable[["Returned"], None]


@dataclass
class Returned:
    """A unit's return, first its figures, then (`entries`, `sheet`) the workbook that holds them."""

    unit: UnitReturn
    parts: dict[str, bytes]

    def type(self, sheet: str, entries: Mapping[str, Entry]) -> None:
        """Type into cells of the sheet."""
        placed: dict[Position, Entry] = {cell_position(cell): entry for cell, entry in entries.items()}
        self.parts = dict(filled_parts(self.parts, {sheet: placed}))

    def edit(self, sheet: str, change: Callable[[etree._Element], None]) -> None:
        """Change the sheet's XML."""
        root = etree.fromstring(self.parts[_PART[sheet]])
        change(root)
        self.parts[_PART[sheet]] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def issued_unit(number: int) -> UnitReturn:
    """The honest return of the n-th unit; 公务接待 is above 0 in all years, 出国经费 is 0."""
    random = Random(f"field/{number}")
    return honest_unit(recipient(number, random), YEAR, random)


def build_returned(folder: Path, number: int, before: Change | None, after: Change | None) -> Path:
    """The unit's file: `before` changes the figures (all totals follow), `after` the workbook."""
    returned = Returned(issued_unit(number), {})
    if before is not None:
        before(returned)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / deliver(returned.unit, folder)
    if after is not None:
        returned.parts = dict(unpacked(path))
        after(returned)
        pack(returned.parts, path)
    return path


def write_roster(path: Path, count: int) -> None:
    """The first units of the county."""
    rows = []
    for number in range(count):
        whose = issued_unit(number).recipient
        rows += [[whose.unit_code, whose.unit, DEPARTMENT, project.code, project.name] for project in whose.projects]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([["单位编码", "单位名称", "主管部门", "项目编码", "项目名称"], *rows])


# ---- what is done to the figures ---------------------------------------------------------------------


def all_in_yuan(returned: Returned) -> None:
    """Every amount of the return 10,000 times as large."""
    _in_yuan(returned.unit.base, *returned.unit.projects)


def base_in_yuan(returned: Returned) -> None:
    """Every amount of 基础数据表 10,000 times as large."""
    _in_yuan(returned.unit.base)


def _in_yuan(*tables: Table) -> None:
    for table in tables:
        for item, entry in list(table.cells.items()):
            if isinstance(entry, Number) and item.rpartition(".")[2] in (*YEARS, *AMOUNTS, "预算投资", "实际投资"):
                table.put(item, entry.value * 10000)


def negative(returned: Returned) -> None:
    returned.unit.base.put("公车运行维护.本年决算数", Decimal("-0.5"))


def red_negative(returned: Returned) -> None:
    returned.unit.base.put("公务接待.本年决算数", Decimal("-1.25"))


def nothing_in_time(returned: Returned) -> None:
    """公务接待 is left blank and all totals are without it."""
    returned.unit.base.put("公务接待.本年决算数", None)


# ---- what is done to the workbook --------------------------------------------------------------------


def shown_red(returned: Returned) -> None:
    returned.type(BASE_SHEET, {"F11": Number(Decimal("-1.25"), "0.00;[Red]0.00")})


def second_unit_below(other: UnitReturn) -> Change:
    """The whole table once more below itself, for another unit."""

    def change(root: etree._Element) -> None:
        data = root.find(f"{_MAIN}sheetData")
        assert data is not None
        rows = list(data)
        down = len(rows) + 3
        figures = base_results(other.base) | {item: other.base.typed(item) for item in other.base.cells}
        items = {cell: item for item, cell in _base_cells(other).items()}
        for row in rows:
            again = copy.deepcopy(row)
            data.append(again)
            for cell in again:
                _retyped(cell, figures.get(items.get(cell.get("r", ""), "")))
                if cell.get("r") == "B2":
                    _text(cell, other.recipient.unit)
            _move(again, down)
        _merge_again(root, down)

    return lambda returned: returned.edit(BASE_SHEET, change)


def project_below(returned: Returned) -> None:
    """A project below the note of the sheet."""

    def change(root: etree._Element) -> None:
        data = root.find(f"{_MAIN}sheetData")
        assert data is not None
        row = etree.SubElement(data, f"{_MAIN}row", r="31")
        _text(etree.SubElement(row, f"{_MAIN}c", r="A31"), "农村道路维修经费")
        for column, value in zip("BDF", ("12.5", "30", "28.6"), strict=True):
            _number(etree.SubElement(row, f"{_MAIN}c", r=f"{column}31"), Decimal(value))

    returned.edit(BASE_SHEET, change)


def beside(returned: Returned) -> None:
    """Figures to the right of the table, beyond the columns of the sheet's own marks."""

    def change(root: etree._Element) -> None:
        row = _row(root, 12)
        _number(etree.SubElement(row, f"{_MAIN}c", r="AC12"), Decimal("77.7"))

    returned.edit(BASE_SHEET, change)


def unmerged_right(returned: Returned) -> None:
    """F11:G11 taken apart, the figure in the right one."""

    def change(root: etree._Element) -> None:
        for merge in root.iter(f"{_MAIN}mergeCell"):
            if merge.get("ref") == "F11:G11":
                merge.getparent().remove(merge)  # type: ignore[union-attr]
                break
        _number(_cell(root, "G11"), Decimal("3.9"))

    returned.edit(BASE_SHEET, change)


def head_says_yuan(returned: Returned) -> None:
    """单位：元 in the head of 基础数据表, whose figures are in 元."""
    returned.type(BASE_SHEET, {"F2": Text("单位：元")})


def rows_exchanged(returned: Returned) -> None:
    """Row 出国经费 and row 公务接待 change their places, labels and figures."""
    base = returned.unit.base
    for cells, row in (("10", "公务接待"), ("11", "出国经费")):
        figures = {f"{c}{cells}": Number(base.figure(f"{row}.{y}")) for c, y in zip("BDF", YEARS, strict=True)}
        label = {"公务接待": "3、公务接待", "出国经费": "2、出国经费"}[row]
        returned.type(BASE_SHEET, {f"A{cells}": Text(label), **figures})


def heads_exchanged(returned: Returned) -> None:
    """预算数 and 决算数 change their columns, heads and figures; formulas stay, their results follow."""
    _exchange(returned, {"D": "2021年预算数", "F": "2021年决算数"})


def years_exchanged(returned: Returned) -> None:
    """Last year's and this year's 决算数 change their columns, heads and figures."""
    _exchange(returned, {"B": "2020年决算数", "F": "2021年决算数"})


def _exchange(returned: Returned, heads: dict[str, str]) -> None:
    typed = _base_cells(returned.unit)
    base, results = returned.unit.base, base_results(returned.unit.base)
    swap = dict(zip(heads, reversed(heads), strict=True))
    entries: dict[str, Entry] = {f"{swap[column]}5": Text(head) for column, head in heads.items()}
    for item, cell in typed.items():
        column = cell[0]
        if column in swap and item.rpartition(".")[2] in YEARS:
            value = base.typed(item) if item in base.cells else results.get(item)
            if value is not None:
                entries[f"{swap[column]}{cell[1:]}"] = Number(value)
    returned.type(BASE_SHEET, entries)


def three_semicolons(returned: Returned) -> None:
    returned.type(BASE_SHEET, {"F11": Number(returned.unit.base.figure("公务接待.本年决算数"), ";;;")})


def row_height_zero(returned: Returned) -> None:
    def change(root: etree._Element) -> None:
        _row(root, 11).set("ht", "0")
        _row(root, 11).set("customHeight", "1")

    returned.edit(BASE_SHEET, change)


def zero_height_default(returned: Returned) -> None:
    def change(root: etree._Element) -> None:
        default = root.find(f"{_MAIN}sheetFormatPr")
        assert default is not None
        default.set("zeroHeight", "1")
        for name in ("ht", "customHeight"):
            _row(root, 11).attrib.pop(name, None)

    returned.edit(BASE_SHEET, change)


def column_width_zero(returned: Returned) -> None:
    def change(root: etree._Element) -> None:
        columns = root.find(f"{_MAIN}cols")
        assert columns is not None
        for column in list(columns):
            if column.get("min") == "2":
                for number, width in ((2, "9.6"), (4, "0"), (6, "9.6")):
                    part = copy.deepcopy(column)
                    part.set("min", str(number))
                    part.set("max", str(number + 1))
                    part.set("width", width)
                    column.addprevious(part)
                columns.remove(column)

    returned.edit(BASE_SHEET, change)


def white_on_white(returned: Returned) -> None:
    """F11 gets a style of its own whose letters are white on white."""
    root = etree.fromstring(returned.parts["xl/styles.xml"])
    fonts, formats = root.find(f"{_MAIN}fonts"), root.find(f"{_MAIN}cellXfs")
    fills = root.find(f"{_MAIN}fills")
    assert fonts is not None
    assert formats is not None
    assert fills is not None
    font = etree.SubElement(fonts, f"{_MAIN}font")
    etree.SubElement(font, f"{_MAIN}sz", val="11")
    etree.SubElement(font, f"{_MAIN}color", rgb="FFFFFFFF")
    etree.SubElement(font, f"{_MAIN}name", val="宋体")
    fill = etree.SubElement(etree.SubElement(fills, f"{_MAIN}fill"), f"{_MAIN}patternFill", patternType="solid")
    etree.SubElement(fill, f"{_MAIN}fgColor", rgb="FFFFFFFF")

    def change(sheet: etree._Element) -> None:
        cell = _cell(sheet, "F11")
        style = copy.deepcopy(formats[int(cell.get("s", "0"))])
        style.set("fontId", str(len(fonts) - 1))
        style.set("fillId", str(len(fills) - 1))
        style.set("applyFont", "1")
        style.set("applyFill", "1")
        formats.append(style)
        cell.set("s", str(len(formats) - 1))

    returned.edit(BASE_SHEET, change)
    for holder in (fonts, formats, fills):
        holder.set("count", str(len(holder)))
    returned.parts["xl/styles.xml"] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def measure_date(returned: Returned) -> None:
    """Target and actual of the first indicator hold the fifth of March."""
    day = Number(Decimal(44625), 'm"月"d"日"')
    returned.type(PROJECT_SHEET, {"E13": day, "F13": day})


# ---- XML ---------------------------------------------------------------------------------------------


def _base_cells(unit: UnitReturn) -> dict[str, str]:
    """Item → cell of 基础数据表."""
    forms = list({table.form.key: table.form for table in unit.tables}.values())
    sheet = next(issued for issued in issued_sheets(unit.recipient, forms, YEAR) if issued.name == BASE_SHEET)
    return {item: cell_name(*position) for item, position in issued_places(sheet, unit.base.lines).items()}


def _row(root: etree._Element, number: int) -> etree._Element:
    return next(row for row in root.iter(f"{_MAIN}row") if row.get("r") == str(number))


def _cell(root: etree._Element, name: str) -> etree._Element:
    return next(cell for cell in root.iter(f"{_MAIN}c") if cell.get("r") == name)


def _number(cell: etree._Element, value: Decimal) -> None:
    _emptied(cell)
    etree.SubElement(cell, f"{_MAIN}v").text = repr(float(value))


def _text(cell: etree._Element, text: str) -> None:
    _emptied(cell)
    cell.set("t", "inlineStr")
    etree.SubElement(etree.SubElement(cell, f"{_MAIN}is"), f"{_MAIN}t").text = text


def _retyped(cell: etree._Element, value: Decimal | None) -> None:
    """The figure in place of what stood there; formulas and other figures go, labels stay."""
    if value is not None:
        _number(cell, value)
    elif cell.get("t") != "s":
        _emptied(cell)


def _emptied(cell: etree._Element) -> None:
    for child in list(cell):
        cell.remove(child)
    cell.attrib.pop("t", None)


def _up(name: str, down: int) -> str:
    row, column = cell_position(name)
    return cell_name(row - down, column)


def _move(row: etree._Element, down: int) -> None:
    row.set("r", str(int(row.get("r", "0")) + down))
    for cell in row:
        position = cell_position(cell.get("r", ""))
        cell.set("r", cell_name(position[0] + down, position[1]))


def _merge_again(root: etree._Element, down: int) -> None:
    merges = root.find(f"{_MAIN}mergeCells")
    assert merges is not None
    for merge in list(merges):
        first, _, last = merge.get("ref", "").partition(":")
        etree.SubElement(merges, f"{_MAIN}mergeCell", ref=f"{_up(first, -down)}:{_up(last, -down)}")
    merges.set("count", str(len(merges)))
