"""What an .xls says beside its values (records of BIFF5 and BIFF8, [MS-XLS]).

Errors, formulas and whether they have a value; number formats; rows, columns and cells that are hidden.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

from gouji.ingest.figures.recomputed import Expression
from gouji.ingest.files.bounds import xls_records
from gouji.ingest.files.colours import BLACK, WHITE, Colour, palette
from gouji.ingest.files.formula_tokens import BIFF8, plainly
from gouji.ingest.files.sight import LEAST_HEIGHT, LEAST_WIDTH, Position, Sight
from gouji.ingest.files.styles import BUILT_IN, GENERAL, Look
from gouji.ingest.grid import Kind


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
    SHARED_FORMULA = 0x04BC
    TRUTH_OR_ERROR = 0x0205
    TEXT = 0x00FD
    OWN_TEXT = 0x0204
    RICH_TEXT = 0x00D6


_TEXTS = {Record.TEXT, Record.OWN_TEXT, Record.RICH_TEXT}
_BIFF5, _BIFF8 = 0x0500, 0x0600
_WRITES_EMPTY_AS_ZERO = 0x0DBB
"""The build of Excel that LibreOffice says it is, as some libraries do; it is that of 1996."""
ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip
_NO_NUMBER, _YIELDS_ERROR = b"\xff\xff", 2
_CALCULATE_ON_LOAD = 2
_SHARES = 0x01
"""The only token of a formula that stands with another cell, of which row and column follow."""
_FIRST_OF_PALETTE = 8
_SYSTEM_INK, _SYSTEM_PAPER, _AUTOMATIC = 64, 65, 0x7FFF
_SOLID = 1
_WIDEST = 256
_BIFF8_STYLE = 20


@dataclass(slots=True)
class _Book:
    """What the first stream of records says for all sheets."""

    fonts: list[int] = field(default_factory=list)
    codes: dict[int, str] = field(default_factory=dict)
    cells: list[bytes] = field(default_factory=list)
    colours: list[Colour | None] = field(default_factory=lambda: palette([]))
    sheets: list[int] = field(default_factory=list)
    biff8: bool = True
    empty_as_zero: bool = False

    def looks(self) -> list[Look]:
        """The look of each cell style."""
        numbered = tuple(self.colours)
        return [self._look(cell, numbered) for cell in self.cells]

    def _look(self, cell: bytes, numbered: tuple[Colour | None, ...]) -> Look:
        font, number = struct.unpack_from("<HH", cell)
        code = self.codes.get(number, BUILT_IN.get(number, ""))
        code = "" if code.lower() in GENERAL else code
        if not self.biff8:
            return Look(code)  # its colours stand elsewhere
        (borders,) = struct.unpack_from("<I", cell, 14)
        (fill,) = struct.unpack_from("<H", cell, 18)
        # There is no font 4.
        place = font - (font > 4)
        ink = self._colour(self.fonts[place], BLACK) if place < len(self.fonts) else BLACK
        pattern = borders >> 26
        paper = WHITE if pattern == 0 else self._colour(fill & 0x7F, BLACK) if pattern == _SOLID else None
        return Look(code, ink, paper, numbered)

    def _colour(self, number: int, automatic: Colour) -> Colour | None:
        if number in (_AUTOMATIC, _SYSTEM_INK):
            return automatic
        return WHITE if number == _SYSTEM_PAPER else self.colours[number] if number < len(self.colours) else None


def xls_sights(stream: bytes) -> list[Sight]:
    """One per sheet in the order of the workbook.

    Never raises: where records are cut short or strange, nothing is said of any sheet.
    """
    try:
        return _sights(stream)
    except struct.error:
        return []


def _sights(stream: bytes) -> list[Sight]:
    book = _Book()
    _, begin = next(xls_records(stream), (0, b""))
    if len(begin) >= 6:
        version, _, build = struct.unpack_from("<HHH", begin)
        book.biff8 = version == _BIFF8
        book.empty_as_zero = book.biff8 and build == _WRITES_EMPTY_AS_ZERO
    for record, body in substream(stream, 0):
        _take(book, record, body)
    looks = book.looks()
    return [_Sheet(looks, book).seen(substream(stream, at)) for at in book.sheets]


def substream(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The records between a BOF of BIFF5 or BIFF8 and its end."""
    records = xls_records(stream, at)
    first, body = next(records, (0, b""))
    if first != Record.BEGIN or struct.unpack_from("<H", body)[0] not in (_BIFF5, _BIFF8):
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
            number, code = _format(body, book.biff8)
            book.codes[number] = code
        case Record.STYLE:
            book.cells.append(body.ljust(_BIFF8_STYLE, b"\0"))
        case Record.PALETTE:
            own = [(body[at], body[at + 1], body[at + 2]) for at in range(2, len(body) - 3, 4)]
            book.colours[_FIRST_OF_PALETTE : _FIRST_OF_PALETTE + len(own)] = own
        case Record.SHEET:
            book.sheets.append(struct.unpack_from("<I", body)[0])
        case _:
            return


def _format(body: bytes, biff8: bool) -> tuple[int, str]:
    """The number of a number format, and its code."""
    if not biff8:
        number, length = struct.unpack_from("<HB", body)
        return number, body[3 : 3 + length].decode("gb18030", "replace")
    number, length, wide = struct.unpack_from("<HHB", body)
    text = body[5 : 5 + length * (1 + (wide & 1))]
    return number, text.decode("utf-16-le" if wide & 1 else "latin-1", "replace")


class _Sheet:
    """The records of one sheet, taken in one after the other."""

    def __init__(self, looks: Sequence[Look], book: _Book) -> None:
        self._sight = Sight(empty_as_zero=book.empty_as_zero)
        self._biff8 = book.biff8
        self._codes = {style: look.code for style, look in enumerate(looks) if look.code}
        self._doubtful: Mapping[int, Look] = {style: look for style, look in enumerate(looks) if not look.plain}
        self._collapsed = False
        self._shared: dict[Position, bytes] = {}
        self._last = (0, 0)

    def seen(self, records: Iterator[tuple[int, bytes]]) -> Sight:
        for record, body in records:
            self._take(record, body)
        self._spread_shared()
        return self._sight

    def _take(self, record: int, body: bytes) -> None:
        sight = self._sight
        match record:
            case Record.ROW:
                row, height, said = struct.unpack_from("<H4xH4xH", body)
                by_default = self._collapsed and bool(height & 0x8000)
                if by_default or said & 0x20 or (height & 0x7FFF) / 20 < LEAST_HEIGHT:
                    sight.hidden_rows.add(row)
            case Record.COLUMNS:
                first, last, width, _, said = struct.unpack_from("<HHHHH", body)
                if said & 1 or width / 256 < LEAST_WIDTH:
                    sight.hidden_columns |= set(range(first, min(last + 1, _WIDEST)))
            case Record.DEFAULT_ROW:
                self._collapsed = bool(struct.unpack_from("<H", body)[0] & 2)
            case Record.WINDOW:
                sight.blank_zeros = not struct.unpack_from("<H", body)[0] & 0x10
            case Record.TRUTH_OR_ERROR:
                row, column, _, value, is_error = struct.unpack_from("<HHHBB", body)
                if is_error:
                    sight.special[row, column] = (Kind.ERROR, ERRORS.get(value, "#N/A"))
            case Record.SHARED_FORMULA:
                # Behind the formula of the first cell that shares it.
                (length,) = struct.unpack_from("<H", body, 8)
                self._shared[self._last] = body[10 : 10 + length]
            case _:
                self._filled(record, body)

    def _filled(self, record: int, body: bytes) -> None:
        for cell in _cells(record, body):
            if record == Record.FORMULA and not self._formula(cell, body):
                continue
            if cell.number is not None and cell.style in self._codes:
                self._sight.formats[cell.at] = self._codes[cell.style]
            if cell.style in self._doubtful:
                self._sight.look(cell.at, self._doubtful[cell.style], cell.number)

    def _formula(self, cell: _Cell, body: bytes) -> bool:
        """Whether a formula has a value."""
        sight = self._sight
        self._last = cell.at
        sight.formulas.add(cell.at)
        kind, value, no_number, said = struct.unpack_from("<BxBx2x2sH", body, 6)
        if self._biff8:
            (length,) = struct.unpack_from("<H", body, 20)
            text = plainly(body[22 : 22 + length], BIFF8)
            if text is not None:
                sight.expressions[cell.at] = Expression(text)
        if no_number == _NO_NUMBER:
            if kind == _YIELDS_ERROR:
                sight.special[cell.at] = (Kind.ERROR, ERRORS.get(value, "#N/A"))
            return bool(kind != _YIELDS_ERROR)
        if cell.number != 0:
            return True
        if said & _CALCULATE_ON_LOAD:
            # As libraries write it that calculate nothing; Excel stores what it calculated.
            sight.special[cell.at] = (Kind.UNCALCULATED, "=")
            return False
        if self._biff8:
            (length,) = struct.unpack_from("<H", body, 20)
            sight.zeros[cell.at] = body[22 : 22 + length]
        return True

    def _spread_shared(self) -> None:
        zeros = self._sight.zeros
        for at, formula in zeros.items():
            if len(formula) == 5 and formula[0] == _SHARES:
                zeros[at] = self._shared.get(struct.unpack_from("<HH", formula, 1), formula)


class _Cell(NamedTuple):
    """Position, style and number (None: no number) of a filled cell."""

    at: Position
    style: int
    number: float | None


def _cells(record: int, body: bytes) -> Iterator[_Cell]:
    """The filled cells of a record."""
    if record == Record.MANY_RK:
        row, column = struct.unpack_from("<HH", body)
        for place, at in enumerate(range(4, len(body) - 7, 6)):
            style, packed = struct.unpack_from("<HI", body, at)
            yield _Cell((row, column + place), style, unpacked(packed))
    elif record in (Record.NUMBER, Record.RK, Record.FORMULA) or record in _TEXTS:
        row, column, style = struct.unpack_from("<HHH", body)
        number = None
        if record == Record.RK:
            number = unpacked(struct.unpack_from("<I", body, 6)[0])
        elif record == Record.NUMBER or (record == Record.FORMULA and body[12:14] != _NO_NUMBER):
            (number,) = struct.unpack_from("<d", body, 6)
        yield _Cell((row, column), style, number)


def unpacked(packed: int) -> float:
    """An RK number: 30 bits of a whole number or of a double, perhaps in hundredths."""
    if packed & 2:
        whole = packed >> 2
        value = float(whole - (1 << 30) if whole & (1 << 29) else whole)
    else:
        (value,) = struct.unpack("<d", struct.pack("<Q", (packed & 0xFFFFFFFC) << 32))
    return value / 100 if packed & 1 else value
