"""What an .xlsb says beside its values ([MS-XLSB]).

Errors, formulas, number formats; rows, columns and cells that are hidden.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from enum import IntEnum

from gouji.ingest.figures.recomputed import Expression
from gouji.ingest.files.archive import Archive
from gouji.ingest.files.bounds import xlsb_records
from gouji.ingest.files.colours import BLACK, WHITE, Colour, numbered_as, palette, resolved, theme
from gouji.ingest.files.formula_tokens import BIFF12, plainly
from gouji.ingest.files.package import relations
from gouji.ingest.files.sight import LEAST_HEIGHT, LEAST_WIDTH, Sight
from gouji.ingest.files.styles import BUILT_IN, GENERAL, Look
from gouji.ingest.files.xls_sight import ERRORS, unpacked
from gouji.ingest.grid import Kind
from gouji.ingest.refusal import Refused


class Record(IntEnum):
    """Kinds of records."""

    ROW = 0
    RK = 2
    ERROR = 3
    TRUTH = 4
    REAL = 5
    TEXT = 6
    SHARED_TEXT = 7
    FORMULA_TEXT = 8
    FORMULA_NUMBER = 9
    FORMULA_TRUTH = 10
    FORMULA_ERROR = 11
    FONT = 43
    NUMBER_FORMAT = 44
    FILL = 45
    STYLE = 47
    COLUMN = 60
    VIEW = 137
    SHEET = 156
    DEFAULTS = 485
    CELL_STYLES = 617
    CELL_STYLES_END = 618


_CELLS = range(Record.RK, Record.FORMULA_ERROR + 1)
_FORMULAS = range(Record.FORMULA_TEXT, Record.FORMULA_ERROR + 1)
_COLOUR_KINDS = {1: "indexed", 2: "rgb", 3: "theme"}
_NO_FILL, _SOLID = 0, 1
_WIDEST = 256


def xlsb_sights(archive: Archive) -> list[Sight]:
    """One per sheet in the order of the workbook; none where the records are not as they should be."""
    workbook = archive.find("xl/workbook.bin")
    try:
        return [] if workbook is None else _sights(archive, workbook)
    except (struct.error, IndexError, ValueError, KeyError, Refused):
        return []


def _sights(archive: Archive, workbook: str) -> list[Sight]:
    targets = relations(archive, workbook)
    parts = {kind: archive.find(part) for kind, part in targets.values()}
    looks = _looks(*(archive.read(part) if part else None for part in (parts.get("styles"), parts.get("theme"))))
    sights = []
    for record, body in records(archive.read(workbook)):
        if record == Record.SHEET:
            part = archive.find(targets[wide_text(body, 8)[0]][1])
            sights.append(Sight(told=False) if part is None else _Sheet(looks).seen(records(archive.read(part))))
    return sights


def records(part: bytes) -> Iterator[tuple[int, bytes]]:
    return ((record, part[at : at + length]) for record, at, length in xlsb_records(part))


def wide_text(body: bytes, at: int) -> tuple[str, int]:
    """A text with its length in front, and where it ends."""
    (length,) = struct.unpack_from("<I", body, at)
    end = at + 4 + 2 * length
    return body[at + 4 : end].decode("utf-16-le"), end


def _looks(styles: bytes | None, themed: bytes | None) -> list[Look]:
    """The look of each cell style."""
    codes = dict(BUILT_IN)
    inks: list[Mapping[str, str]] = []
    papers: list[Mapping[str, str] | None] = []
    cells: list[tuple[int, int, int]] = []
    of_cells = False
    for record, body in records(styles or b""):
        match record:
            case Record.NUMBER_FORMAT:
                codes[struct.unpack_from("<H", body)[0]] = wide_text(body, 2)[0]
            case Record.FONT:
                inks.append(_colour(body, 12))
            case Record.FILL:
                (pattern,) = struct.unpack_from("<I", body)
                papers.append({} if pattern == _NO_FILL else _colour(body, 4) if pattern == _SOLID else None)
            case Record.CELL_STYLES | Record.CELL_STYLES_END:
                of_cells = record == Record.CELL_STYLES
            case Record.STYLE if of_cells:
                cells.append(struct.unpack_from("<2xHHH", body))
            case _:
                continue
    numbered, colours = tuple(palette([])), theme(themed)
    ink = [resolved(said, numbered, colours, BLACK) for said in inks]
    paper = [None if said is None else resolved(said, numbered, colours, WHITE) for said in papers]
    return [_look(codes.get(code, ""), str(font), str(fill), ink, paper, numbered) for code, font, fill in cells]


def _look(
    code: str, font: str, fill: str, ink: Sequence[Colour | None], paper: Sequence[Colour | None],
    numbered: tuple[Colour | None, ...],
) -> Look:  # fmt: skip
    code = "" if code.lower() in GENERAL else code
    return Look(code, numbered_as(font, ink, BLACK), numbered_as(fill, paper, WHITE), numbered)


def _colour(body: bytes, at: int) -> dict[str, str]:
    """A colour (2.5.14) as the attributes that an .xlsx would say it with."""
    kind, number, tint, red, green, blue = struct.unpack_from("<BBhBBB", body, at)
    name = _COLOUR_KINDS.get(kind >> 1)
    if name is None:
        return {}
    said = f"{red:02X}{green:02X}{blue:02X}" if name == "rgb" else str(number)
    return {name: said} | ({"tint": str(tint / 32767)} if tint else {})


class _Sheet:
    """The records of one sheet, taken in one after the other."""

    def __init__(self, looks: Sequence[Look]) -> None:
        self._sight = Sight()
        self._codes = {style: look.code for style, look in enumerate(looks) if look.code}
        self._doubtful = {style: look for style, look in enumerate(looks) if not look.plain}
        self._collapsed = False
        self._row = 0

    def seen(self, records: Iterator[tuple[int, bytes]]) -> Sight:
        for record, body in records:
            if record in _CELLS:
                self._cell(record, body)
            else:
                self._other(record, body)
        return self._sight

    def _other(self, record: int, body: bytes) -> None:
        sight = self._sight
        match record:
            case Record.ROW:
                self._row, height, said = struct.unpack_from("<I4xHxB", body)
                unmeasured = self._collapsed and not said & 0x20
                if unmeasured or said & 0x10 or (height > 0 and height / 20 < LEAST_HEIGHT):
                    sight.hidden_rows.add(self._row)
            case Record.COLUMN:
                first, last, width, said = struct.unpack_from("<III4xH", body)
                if said & 1 or width / 256 < LEAST_WIDTH:
                    sight.hidden_columns |= set(range(first, min(last + 1, _WIDEST)))
            case Record.DEFAULTS:
                self._collapsed = bool(struct.unpack_from("<8xH", body)[0] & 2)
            case Record.VIEW:
                sight.blank_zeros |= not struct.unpack_from("<H", body)[0] & 0x10
            case _:
                return

    def _cell(self, record: int, body: bytes) -> None:
        column, style = struct.unpack_from("<II", body)
        at, style, sight = (self._row, column), style & 0xFFFFFF, self._sight
        if record in _FORMULAS:
            sight.formulas.add(at)
        if record in (Record.ERROR, Record.FORMULA_ERROR):
            sight.special[at] = (Kind.ERROR, ERRORS.get(body[8], "#N/A"))
            return
        number = None
        if record == Record.RK:
            number = unpacked(struct.unpack_from("<I", body, 8)[0])
        elif record in (Record.REAL, Record.FORMULA_NUMBER):
            (number,) = struct.unpack_from("<d", body, 8)
        if record == Record.FORMULA_NUMBER:
            (length,) = struct.unpack_from("<I", body, 18)
            text = plainly(body[22 : 22 + length], BIFF12)
            if text is not None:
                sight.expressions[at] = Expression(text)
        if number is not None and style in self._codes:
            sight.formats[at] = self._codes[style]
        if style in self._doubtful:
            sight.look(at, self._doubtful[style], number)
