"""A sheet's XML changed at a few places: the style of some cells, cells that were not there, the link to comments.

The parser (expat) only says at which byte each element begins; every byte that is not told otherwise stays.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from gouji.export.returned.package import CannotMark
from gouji.ingest.files.cell_areas import Area, Position, cell_area, cell_position
from gouji.ingest.limits import Limits
from gouji.ingest.refusal import Refused
from gouji.templates.addresses import cell_name

Restyle = Callable[[Position, int], int]
"""Cell, its style → the style that it is to have."""

_TAG = re.compile(rb"""<(?:[^<>"']|"[^"]*"|'[^']*')*>""")
_STYLE = re.compile(rb"""(\ss\s*=\s*)(?:"[^"]*"|'[^']*')""")
_SPANS = re.compile(rb"""\sspans\s*=\s*(?:"[^"]*"|'[^']*')""")
_SELECTED = re.compile(rb"""(\stabSelected\s*=\s*)(?:"[^"]*"|'[^']*')""")
_MERGE = re.compile(rb"""<(?:\w+:)?mergeCell\b[^<>]*?\bref\s*=\s*["']([A-Za-z0-9:$]+)["']""")
_BEHIND_COMMENTS = {
    "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst",
    "AlternateContent",
}  # fmt: skip
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PIXELS_OF_DEFAULT_COLUMN, _PIXELS_OF_DEFAULT_ROW = 72, 20


@dataclass(slots=True)
class Measures:
    """Widths of columns and heights of rows in pixels, as far as they are stated."""

    widths: dict[int, int] = field(default_factory=dict)
    heights: dict[int, int] = field(default_factory=dict)
    width: int = _PIXELS_OF_DEFAULT_COLUMN
    height: int = _PIXELS_OF_DEFAULT_ROW


def anchors(xml: bytes, cells: Collection[Position], limits: Limits | None = None) -> dict[Position, Position]:
    """Each cell → the one that shows it: the first of the merged area that it is in, else itself."""
    areas = _merges(xml, limits or Limits())
    starts = sorted(areas)
    return {cell: _anchor(cell, starts) for cell in cells}


def _merges(xml: bytes, limits: Limits) -> list[Area]:
    try:
        return [cell_area(reference.decode(), limits) for reference in _MERGE.findall(xml)]
    except (Refused, ValueError) as error:
        raise CannotMark("文件里的合并单元格不合规范") from error


def _anchor(cell: Position, areas: list[Area]) -> Position:
    row, column = cell
    for top, left, bottom, right in areas[: bisect_right(areas, (row, column, 1 << 30, 0))]:
        if top <= row <= bottom and left <= column <= right:
            return top, left
    return cell


def deselected(xml: bytes) -> bytes:
    """The sheet not selected: entries go to every sheet that is, and only the first one shall be."""
    end = xml.find(b"sheetData")
    head = xml if end < 0 else xml[:end]
    if b"tabSelected" not in head:
        return xml
    return _SELECTED.sub(rb'\1"0"', head) + xml[len(head) :]


class Sheet:
    """A sheet with some cells restyled. Raises CannotMark where the XML is not what it is held for."""

    def __init__(self, xml: bytes, cells: Collection[Position], restyle: Restyle, limits: Limits | None = None) -> None:
        self._xml, self._restyle, self._limits = xml, restyle, limits or Limits()
        self._rows: dict[int, list[int]] = {}
        for row, column in sorted(cells):
            self._rows.setdefault(row, []).append(column)
        self._rows_to_come = sorted(self._rows)
        self._edits: list[tuple[int, int, bytes]] = []
        self._path: list[str] = []
        self._prefix = ""
        self._row, self._column = -1, -1
        self._columns: list[int] = []
        self._row_style = 0
        self._column_styles: list[tuple[int, int, int]] = []
        self._began = self._data_began = -1
        self._behind: int | None = None
        self.measures = Measures()
        self.comments_relation: str | None = None
        self._parse()

    def to_bytes(self, comments_relation: str | None = None) -> bytes:
        """The sheet as changed, with a link to the drawing of its comments where there was none."""
        edits = list(self._edits)
        if comments_relation is not None and self.comments_relation is None:
            if self._behind is None:
                raise CannotMark("文件里有工作表不完整")
            tag = f'<{self._prefix}legacyDrawing xmlns:r="{_RELATIONS}" r:id="{comments_relation}"/>'
            edits.append((self._behind, self._behind, tag.encode()))
        pieces, at = [], 0
        for start, end, text in sorted(edits, key=lambda edit: edit[0]):
            pieces += [self._xml[at:start], text]
            at = end
        return b"".join([*pieces, self._xml[at:]])

    # ---- walking ----

    def _parse(self) -> None:
        parser = expat.ParserCreate()
        parser.StartElementHandler = lambda name, attributes: self._start(name, attributes, parser.CurrentByteIndex)
        parser.EndElementHandler = lambda name: self._end(name, parser.CurrentByteIndex)
        parser.StartDoctypeDeclHandler = _refuse
        try:
            parser.Parse(self._xml, True)
        except (expat.ExpatError, ValueError) as error:
            raise CannotMark("文件里有工作表的内容不合规范") from error

    def _start(self, name: str, attributes: dict[str, str], at: int) -> None:
        prefix, _, word = name.rpartition(":")
        depth = len(self._path)
        self._path.append(word)
        if word == "c" and depth == 3 and self._path[1] == "sheetData":
            self._cell(attributes, at)
        elif word == "row" and depth == 2 and self._path[1] == "sheetData":
            self._begin_row(attributes, at)
        elif depth == 0:
            self._prefix = f"{prefix}:" if prefix else ""
        elif depth == 1:
            self._child(word, attributes, at)
        elif word == "col":
            self._widths(attributes)

    def _child(self, word: str, attributes: dict[str, str], at: int) -> None:
        if word == "sheetData":
            self._data_began = at
        elif word == "sheetFormatPr":
            self.measures.height = _pixels(attributes.get("defaultRowHeight"), 96 / 72, self.measures.height)
            self.measures.width = _pixels(attributes.get("defaultColWidth"), 7.5, self.measures.width)
        elif word == "legacyDrawing":
            self.comments_relation = next((value for key, value in attributes.items() if key.endswith(":id")), None)
        elif word in _BEHIND_COMMENTS and self._behind is None and self._data_began >= 0:
            self._behind = at

    def _end(self, name: str, at: int) -> None:
        word = self._path.pop()
        depth = len(self._path)
        if word == "row" and depth == 2 and self._path[1:] == ["sheetData"]:
            self._fill_row(at)
        elif word == "sheetData" and depth == 1:
            self._fill(at, self._data_began, self._missing_rows(1 << 30))
        elif depth == 0 and self._behind is None:
            self._behind = at

    def _widths(self, attributes: dict[str, str]) -> None:
        first, last = _number(attributes.get("min")) - 1, _number(attributes.get("max")) - 1
        self._column_styles.append((first, last, _number(attributes.get("style"))))
        if "width" in attributes or attributes.get("hidden") in {"1", "true"}:
            width = (
                0
                if attributes.get("hidden") in {"1", "true"}
                else _pixels(attributes.get("width"), 7.5, self.measures.width)
            )
            self.measures.widths.update(dict.fromkeys(range(max(first, 0), min(last, 255) + 1), width))

    def _begin_row(self, attributes: dict[str, str], at: int) -> None:
        self._row = _number(attributes["r"]) - 1 if "r" in attributes else self._row + 1
        self._column, self._began = -1, at
        self._edits += [(at, at, text) for text in self._missing_rows(self._row)]
        if "ht" in attributes:
            self.measures.heights[self._row] = _pixels(attributes["ht"], 96 / 72, self.measures.height)
        if attributes.get("hidden") in {"1", "true"}:
            self.measures.heights[self._row] = 0
        self._columns = self._rows.get(self._row, []) if self._row in self._rows_to_come else []
        if self._columns:
            self._rows_to_come.remove(self._row)
            self._columns = list(self._columns)
            self._row_style = _number(attributes.get("s")) if attributes.get("customFormat") in {"1", "true"} else 0
            tag = self._tag(at)
            if _SPANS.search(tag):
                self._edits.append((at, at + len(tag), _SPANS.sub(b"", tag)))

    def _cell(self, attributes: dict[str, str], at: int) -> None:
        if not self._columns:
            return
        try:
            place = cell_position(attributes["r"], self._limits) if "r" in attributes else (self._row, self._column + 1)
        except Refused as error:
            raise CannotMark("文件里有单元格的地址不合规范") from error
        if place[0] != self._row:
            raise CannotMark("文件里有单元格不在它自己的行里")
        self._column = place[1]
        while self._columns and self._columns[0] < self._column:
            self._edits.append((at, at, self._new_cell(self._columns.pop(0))))
        if self._columns and self._columns[0] == self._column:
            self._columns.pop(0)
            tag = self._tag(at)
            style = b'"%d"' % self._restyle((self._row, self._column), _number(attributes.get("s")))
            if _STYLE.search(tag):
                changed = _STYLE.sub(lambda match: match[1] + style, tag, count=1)
            else:
                end = -2 if tag.endswith(b"/>") else -1
                changed = tag[:end] + b" s=" + style + tag[end:]
            self._edits.append((at, at + len(tag), changed))

    def _fill_row(self, at: int) -> None:
        cells = [self._new_cell(column) for column in self._columns]
        self._columns = []
        self._fill(at, self._began, cells)

    def _fill(self, at: int, began: int, texts: list[bytes]) -> None:
        """Put something before the end of an element, which may have been written as empty (`<row/>`)."""
        if not texts:
            return
        tag = self._tag(began)
        if not tag.endswith(b"/>"):
            self._edits += [(at, at, text) for text in texts]
            return
        self._edits = [edit for edit in self._edits if edit[:2] != (began, began + len(tag))]
        opened = _SPANS.sub(b"", tag)[:-2].rstrip() + b">"
        name = re.match(rb"<([^\s/>]+)", tag)
        assert name is not None
        self._edits.append((began, began + len(tag), opened + b"".join(texts) + b"</" + name[1] + b">"))

    def _missing_rows(self, before: int) -> list[bytes]:
        """Rows that are to be marked and are not there, up to the row that comes next."""
        rows = []
        while self._rows_to_come and self._rows_to_come[0] < before:
            row = self._rows_to_come.pop(0)
            self._row_style, current, self._row = 0, self._row, row
            cells = b"".join(self._new_cell(column) for column in self._rows[row])
            self._row = current
            rows.append(f'<{self._prefix}row r="{row + 1}">'.encode() + cells + f"</{self._prefix}row>".encode())
        return rows

    def _new_cell(self, column: int) -> bytes:
        column_styles = [style for first, last, style in self._column_styles if first <= column <= last]
        style = self._row_style or (column_styles[-1] if column_styles else 0)
        new = self._restyle((self._row, column), style)
        return f'<{self._prefix}c r="{cell_name(self._row, column)}" s="{new}"/>'.encode()

    def _tag(self, at: int) -> bytes:
        match = _TAG.match(self._xml, at)
        if match is None:
            raise CannotMark("文件里有工作表的内容不合规范")
        return match[0]


def _refuse(*_: Any) -> None:
    raise ValueError("a document type")


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 8 else 0


def _pixels(text: str | None, unit: float, otherwise: int) -> int:
    """A stated width or height; what is unreadable or absurd is taken as usual, for only looks depend on it."""
    try:
        size = float(text or "")
    except ValueError:
        return otherwise
    return round(size * unit) if 0 <= size < 500 else otherwise
