"""Filling an issued workbook the way Excel leaves it: typed cells, formulas with the results that they have then.

The sheets' XML is changed cell by cell. A program that loads and saves the workbook instead would drop every
formula's result, and take ten times as long.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from xml.sax.saxutils import escape

from lxml import etree

from gouji.templates.addresses import cell_name
from gouji.templates.layout import Position
from gouji.templates.replacing import replaced
from gouji.templates.text import sheet_text

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_WORKBOOK, _RELATIONS, _STYLES = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"
_CELL = re.compile(r'<c r="([A-Z]+[0-9]+)"(?: s="([0-9]+)")?[^>]*?(?:/>|>(.*?)</c>)', re.DOTALL)
_ROW = re.compile(r'(<row r="([0-9]+)"[^>]*?) ht="([0-9.]+)"')
_FORMULA = re.compile(r"<f>.*?</f>", re.DOTALL)
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the zip's own earliest date, so that equal contents are equal bytes


@dataclass(frozen=True, slots=True)
class Number:
    """A number typed into a cell, over a formula too. `number_format` replaces the cell's own."""

    value: Decimal
    number_format: str | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """Text typed into a cell."""

    text: str


@dataclass(frozen=True, slots=True)
class Result:
    """The cell's formula stays and has this result; None is the empty text."""

    value: Decimal | None


@dataclass(frozen=True, slots=True)
class ErrorValue:
    """An error such as `#REF!` in place of whatever stood there."""

    code: str


@dataclass(frozen=True, slots=True)
class Uncalculated:
    """The formula stays, without a result: what a program leaves that cannot calculate."""


@dataclass(frozen=True, slots=True)
class Blank:
    """Nothing in the cell."""


Parts = Mapping[str, bytes]
"""The files inside a workbook, by name."""
Entry = Number | Text | Result | ErrorValue | Uncalculated | Blank


def fill_workbook(
    path: Path,
    entries: Mapping[str, Mapping[Position, Entry]],
    heights: Mapping[str, Mapping[int, float]] | None = None,
) -> None:
    """Write `entries` (sheet name → cell → entry) into the workbook at `path`.

    `heights`: sheet name → row → points, which the row gets where it is lower. Raises ValueError for a sheet or
    cell that is not there and for a result without a formula.
    """
    pack(filled_parts(unpacked(path), entries, heights), path)


def unpacked(path: Path) -> Parts:
    """The parts of the workbook at `path`."""
    with zipfile.ZipFile(path) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def filled_parts(
    issued: Parts,
    entries: Mapping[str, Mapping[Position, Entry]],
    heights: Mapping[str, Mapping[int, float]] | None = None,
) -> Parts:
    """The parts of a workbook with `entries` in them, as `fill_workbook` writes them. Raises ValueError as it does."""
    parts = dict(issued)
    sheets = _sheet_parts(parts)
    unknown = sorted(entries.keys() - sheets.keys())
    if unknown:
        raise ValueError(f"the workbook has no sheet {unknown[0]}")
    styles = _Styles(parts[_STYLES].decode())
    for name, cells in entries.items():
        part = sheets[name]
        xml = _heightened(parts[part].decode(), (heights or {}).get(name, {}))
        parts[part] = _filled(xml, {cell_name(*position): entry for position, entry in cells.items()}, styles)
    parts[_STYLES] = styles.xml.encode()
    return parts


def _sheet_parts(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Sheet name → its part."""
    relations = etree.fromstring(parts[_RELATIONS])
    targets = {str(relation.get("Id")): str(relation.get("Target")) for relation in relations}
    sheets = etree.fromstring(parts[_WORKBOOK]).iter(f"{_MAIN}sheet")
    return {str(sheet.get("name")): f"xl/{targets[str(sheet.get(_RELATION))]}" for sheet in sheets}


def _heightened(xml: str, heights: Mapping[int, float]) -> str:
    def row(match: re.Match[str]) -> str:
        wanted = heights.get(int(match[2]) - 1, 0)
        return f'{match[1]} ht="{wanted:g}"' if wanted > float(match[3]) else match[0]

    return _ROW.sub(row, xml) if heights else xml


def _filled(xml: str, cells: Mapping[str, Entry], styles: _Styles) -> bytes:
    left = set(cells)

    def cell(match: re.Match[str]) -> str:
        entry = cells.get(match[1])
        if entry is None:
            return match[0]
        left.discard(match[1])
        return _cell(match[1], match[2], match[3] or "", entry, styles.reformatted)

    filled = _CELL.sub(cell, xml)
    if left:
        raise ValueError(f"no cell {min(left)} on the sheet")
    return filled.encode()


def _cell(name: str, style: str | None, content: str, entry: Entry, reformatted: Callable[[str, str], str]) -> str:
    formula = _FORMULA.search(content)
    if isinstance(entry, Result | Uncalculated) and formula is None:
        raise ValueError(f"no formula in {name}")
    kept = formula[0] if formula is not None else ""
    if isinstance(entry, Number) and entry.number_format is not None and style is not None:
        style = reformatted(style, entry.number_format)
    kind, inner = _content(entry, kept)
    head = f'<c r="{name}"' + (f' s="{style}"' if style is not None else "") + (f' t="{kind}"' if kind else "")
    return f"{head}>{inner}</c>" if inner else f"{head}/>"


def _content(entry: Entry, formula: str) -> tuple[str, str]:
    """The cell's type and what stands inside it."""
    match entry:
        case Number(value=value):
            return "", f"<v>{float(value)!r}</v>"
        case Text(text=text) if clean := sheet_text(text):
            return "inlineStr", f'<is><t xml:space="preserve">{escape(clean)}</t></is>'
        case Result(value=None):
            return "str", f"{formula}<v></v>"
        case Result(value=Decimal() as result):
            return "", f"{formula}<v>{float(result)!r}</v>"
        case ErrorValue(code=code):
            return "e", f"<v>{escape(code)}</v>"
        case Uncalculated():
            return "", formula
        case _:
            return "", ""


class _Styles:
    """The style sheet, to which formats are added that differ from one there by their number format."""

    def __init__(self, xml: str) -> None:
        self.xml = xml
        self._made: dict[tuple[str, str], str] = {}

    def reformatted(self, style: str, number_format: str) -> str:
        """The index of cell format `style` with another number format."""
        key = (style, number_format)
        if key not in self._made:
            self._made[key] = self._added(int(style), self._number_format(number_format))
        return self._made[key]

    def _added(self, style: int, format_id: int) -> str:
        match = re.search(r'<cellXfs count="(\d+)">(.*?)</cellXfs>', self.xml, re.DOTALL)
        if match is None:
            raise ValueError("the workbook has no cell formats")
        formats = re.findall(r"<xf [^>]*/>|<xf [^>]*>.*?</xf>", match[2], re.DOTALL)
        changed = re.sub(r'numFmtId="\d+"', f'numFmtId="{format_id}"', formats[style], count=1)
        count = len(formats) + 1
        self.xml = self.xml.replace(match[0], f'<cellXfs count="{count}">{match[2]}{changed}</cellXfs>')
        return str(count - 1)

    def _number_format(self, code: str) -> int:
        """The id of a number format, added where the workbook does not have it."""
        match = re.search(r'<numFmts count="(\d+)">(.*?)</numFmts>', self.xml, re.DOTALL)
        if match is None:
            raise ValueError("the workbook has no number formats of its own")
        known = {shown: int(number) for number, shown in re.findall(r'numFmtId="(\d+)" formatCode="([^"]*)"', match[2])}
        quoted = escape(code, {'"': "&quot;"})
        if quoted in known:
            return known[quoted]
        number = max(known.values()) + 1
        added = f'{match[2]}<numFmt numFmtId="{number}" formatCode="{quoted}"/>'
        self.xml = self.xml.replace(match[0], f'<numFmts count="{len(known) + 1}">{added}</numFmts>')
        return number


def pack(parts: Parts, path: Path) -> None:
    """The workbook of these parts, replaced whole."""
    with replaced(path) as draft, zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED, compresslevel=3)
