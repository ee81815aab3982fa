"""What an .xls hides (BIFF8 records, [MS-XLS]): rows, columns, and cells by their format or colour."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from ingest.bounds import xls_records
from ingest.colours import BLACK, WHITE, Colour, palette
from ingest.sight import LEAST_HEIGHT, LEAST_WIDTH, Position, Sight
from ingest.styles import BUILT_IN, Look


class Record(IntEnum):
    """Kinds of records."""

    BEGIN = 0x0809
    END = 0x000A
    SHEET = 0x0085
    FONT = 0x0031
    FORMAT = 0x041E
    STYLE = 0x00E0
    PALETTE = 0x0092
    ROW = 0x0208
    COLUMNS = 0x007D
    DEFAULT_ROW = 0x0225
    WINDOW = 0x023E
    NUMBER = 0x0203
    RK = 0x027E
    MANY_RK = 0x00BD
    FORMULA = 0x0006
    TEXT = 0x00FD
    OWN_TEXT = 0x0204
    RICH_TEXT = 0x00D6


_TEXTS = {Record.TEXT, Record.OWN_TEXT, Record.RICH_TEXT}
_BIFF8 = 0x0600
_FIRST_OF_PALETTE = 8
_SYSTEM_INK, _SYSTEM_PAPER, _AUTOMATIC = 64, 65, 0x7FFF
_SOLID = 1
_WIDEST = 256


@dataclass(slots=True)
class _Book:
    """What the first stream of records says for all sheets."""

    fonts: list[int] = field(default_factory=list)
    codes: dict[int, str] = field(default_factory=dict)
    cells: list[bytes] = field(default_factory=list)
    colours: list[Colour | None] = field(default_factory=lambda: palette([]))
    sheets: list[int] = field(default_factory=list)

    def looks(self) -> list[Look]:
        """The look of each cell style."""
        numbered = tuple(self.colours)
        return [self._look(cell, numbered) for cell in self.cells]

    def _look(self, cell: bytes, numbered: tuple[Colour | None, ...]) -> Look:
        font, number = struct.unpack_from("<HH", cell)
        (borders,) = struct.unpack_from("<I", cell, 14)
        (fill,) = struct.unpack_from("<H", cell, 18)
        # There is no font 4.
        place = font - (font > 4)
        ink = self._colour(self.fonts[place], BLACK) if place < len(self.fonts) else BLACK
        pattern = borders >> 26
        paper = WHITE if pattern == 0 else self._colour(fill & 0x7F, BLACK) if pattern == _SOLID else None
        code = self.codes.get(number, BUILT_IN.get(number, ""))
        return Look("" if code.lower() == "general" else code, ink, paper, numbered)

    def _colour(self, number: int, automatic: Colour) -> Colour | None:
        if number in (_AUTOMATIC, _SYSTEM_INK):
            return automatic
        return WHITE if number == _SYSTEM_PAPER else self.colours[number] if number < len(self.colours) else None


def xls_sights(stream: bytes) -> list[Sight]:
    """One per sheet in the order of the workbook; none for files older than BIFF8, which say it otherwise.

    Never raises: what is cut short or strange says nothing.
    """
    try:
        return _sights(stream)
    except struct.error:
        return []


def _sights(stream: bytes) -> list[Sight]:
    book = _Book()
    for record, body in _substream(stream, 0):
        _take(book, record, body)
    doubtful = {style: look for style, look in enumerate(book.looks()) if not look.plain}
    return [_sight(stream, at, doubtful) for at in book.sheets]


def _substream(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The records between a BOF of BIFF8 and its end."""
    records = xls_records(stream, at)
    first, body = next(records, (0, b""))
    if first != Record.BEGIN or struct.unpack_from("<H", body)[0] != _BIFF8:
        return
    depth = 1
    for record, body in records:
        depth += (record == Record.BEGIN) - (record == Record.END)
        if depth == 0:
            return
        if depth == 1:
            yield record, body


def _take(book: _Book, record: int, body: bytes) -> None:
    match record:
        case Record.FONT:
            book.fonts.append(struct.unpack_from("<H", body, 4)[0])
        case Record.FORMAT:
            number, length, wide = struct.unpack_from("<HHB", body)
            text = body[5 : 5 + length * (1 + (wide & 1))]
            book.codes[number] = text.decode("utf-16-le" if wide & 1 else "latin-1", "replace")
        case Record.STYLE:
            book.cells.append(body.ljust(20, b"\0"))
        case Record.PALETTE:
            own = [(body[at], body[at + 1], body[at + 2]) for at in range(2, len(body) - 3, 4)]
            book.colours[_FIRST_OF_PALETTE : _FIRST_OF_PALETTE + len(own)] = own
        case Record.SHEET:
            book.sheets.append(struct.unpack_from("<I", body)[0])
        case _:
            return


def _sight(stream: bytes, at: int, doubtful: Mapping[int, Look]) -> Sight:
    sight = Sight()
    collapsed = False
    for record, body in _substream(stream, at):
        if record == Record.ROW:
            row, height, said = struct.unpack_from("<H4xH4xH", body)
            by_default = collapsed and bool(height & 0x8000)
            if by_default or said & 0x20 or (height & 0x7FFF) / 20 < LEAST_HEIGHT:
                sight.hidden_rows.add(row)
        elif record == Record.COLUMNS:
            first, last, width, _, said = struct.unpack_from("<HHHHH", body)
            if said & 1 or width / 256 < LEAST_WIDTH:
                sight.hidden_columns |= set(range(first, min(last + 1, _WIDEST)))
        elif record == Record.DEFAULT_ROW:
            collapsed = bool(struct.unpack_from("<H", body)[0] & 2)
        elif record == Record.WINDOW:
            sight.blank_zeros = not struct.unpack_from("<H", body)[0] & 0x10
        elif doubtful:
            for place, style, number in _cells(record, body):
                if style in doubtful:
                    sight.look(place, doubtful[style], number)
    return sight


def _cells(record: int, body: bytes) -> Iterator[tuple[Position, int, float | None]]:
    """Position, style and number (None: a text) of the filled cells of a record."""
    if record == Record.MANY_RK:
        row, column = struct.unpack_from("<HH", body)
        for place, at in enumerate(range(4, len(body) - 7, 6)):
            style, packed = struct.unpack_from("<HI", body, at)
            yield (row, column + place), style, _unpacked(packed)
    elif record in (Record.NUMBER, Record.RK, Record.FORMULA) or record in _TEXTS:
        row, column, style = struct.unpack_from("<HHH", body)
        number = None
        if record == Record.RK:
            number = _unpacked(struct.unpack_from("<I", body, 6)[0])
        elif record == Record.NUMBER or (record == Record.FORMULA and body[12:14] != b"\xff\xff"):
            (number,) = struct.unpack_from("<d", body, 6)
        yield (row, column), style, number


def _unpacked(packed: int) -> float:
    """An RK number: 30 bits of a whole number or of a double, perhaps in hundredths."""
    if packed & 2:
        whole = packed >> 2
        value = float(whole - (1 << 30) if whole & (1 << 29) else whole)
    else:
        (value,) = struct.unpack("<d", struct.pack("<Q", (packed & 0xFFFFFFFC) << 32))
    return value / 100 if packed & 1 else value
