"""Binary workbooks (.xlsb) and sheets of .xls, written record by record from their specifications."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

from tests.hostile.base import zipped

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WHITE = bytes([0x05, 0, 0, 0, 255, 255, 255, 255])
_BLACK = bytes([0x03, 64, 0, 0, 0, 0, 0, 255])


def _varying(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def record(kind: int, body: bytes = b"") -> bytes:
    """One record ([MS-XLSB] 2.1.4)."""
    return _varying(kind) + _varying(len(body)) + body


def wide(text: str) -> bytes:
    """A text with its length in front."""
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def row(number: int, *cells: bytes, hidden: bool = False) -> bytes:
    """The head of a row (0-based) and its cells."""
    head = struct.pack("<IIHBBBI", number, 0, 300, 0, 0x10 if hidden else 0, 0, 0)
    return record(0, head) + b"".join(cells)


def real(column: int, value: float, style: int = 0) -> bytes:
    """A cell with a number."""
    return record(5, struct.pack("<IId", column, style, value))


def text(column: int, value: str, style: int = 0) -> bytes:
    """A cell with a text of its own."""
    return record(6, struct.pack("<II", column, style) + wide(value))


def error(column: int, code: int) -> bytes:
    """A cell with an error by its number."""
    return record(3, struct.pack("<IIB", column, 0, code))


_NO_FORMULA = struct.pack("<HII", 0, 0, 0)


def number_formula(column: int, value: float) -> bytes:
    """A formula that yielded a number."""
    return record(9, struct.pack("<IId", column, 0, value) + _NO_FORMULA)


def text_formula(column: int, value: str) -> bytes:
    """A formula that yielded a text."""
    return record(8, struct.pack("<II", column, 0) + wide(value) + _NO_FORMULA)


def error_formula(column: int, code: int) -> bytes:
    """A formula that yielded an error."""
    return record(11, struct.pack("<IIB", column, 0, code) + _NO_FORMULA)


def hidden_column(column: int) -> bytes:
    """A column that is not shown."""
    return record(390) + record(60, struct.pack("<IIIIH", column, column, 2304, 0, 1)) + record(391)


def sheet(*rows: bytes, before: bytes = b"") -> bytes:
    """The part of a sheet; `before`: records in front of its rows."""
    spans = record(148, struct.pack("<IIII", 0, 99, 0, 99))
    return record(129) + spans + before + record(145) + b"".join(rows) + record(146) + record(130)


def _styles(codes: Sequence[str]) -> bytes:
    """One cell style per number format code, and a last one in white ink."""
    font = struct.pack("<HHHHBBBB", 200, 0, 400, 0, 0, 0, 0, 0)
    fonts = [record(43, font + ink + b"\0" + wide("宋体")) for ink in (_BLACK, _WHITE)]
    formats = [record(44, struct.pack("<H", 164 + n) + wide(code)) for n, code in enumerate(codes)]
    looks = [(164 + n, 0) for n in range(len(codes))] + [(0, 1)]
    cells = [record(47, struct.pack("<HHHHHHHH", 0, code, ink, 0, 0, 0, 0, 0)) for code, ink in looks]
    fills = [record(45, struct.pack("<I", 0) + _BLACK + _BLACK + bytes(48))]
    parts = _listed(615, formats) + _listed(611, fonts) + _listed(603, fills) + _listed(617, cells)
    return record(278) + parts + record(279)


def _listed(begin: int, records: Sequence[bytes]) -> bytes:
    """Records between those of their beginning, which counts them, and of their end."""
    return record(begin, struct.pack("<I", len(records))) + b"".join(records) + record(begin + 1)


def workbook(
    sheets: Sequence[tuple[str, bool, bytes]],
    codes: Sequence[str] = ("General",),
    after: bytes = b"",
    parts: Mapping[str, bytes] | None = None,
) -> bytes:
    """An .xlsb of sheets (name, whether hidden, part).

    `after`: records behind the list of them; `parts`: more members.
    """

    def relations(targets: Sequence[tuple[str, str]]) -> bytes:
        each = (
            f'<Relationship Id="rId{n}" Type="{_OFFICE}/{kind}" Target="{to}"/>' for n, (kind, to) in enumerate(targets)
        )
        return f'<Relationships xmlns="{_PACKAGE}/relationships">{"".join(each)}</Relationships>'.encode()

    listed = b"".join(
        record(156, struct.pack("<II", hidden, n + 1) + wide(f"rId{n}") + wide(name))
        for n, (name, hidden, _) in enumerate(sheets)
    )
    places = [("worksheet", f"worksheets/sheet{n}.bin") for n in range(len(sheets))]
    return zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>'.encode(),
            "_rels/.rels": relations([("officeDocument", "xl/workbook.bin")]),
            "xl/workbook.bin": record(131) + record(143) + listed + record(144) + after + record(132),
            "xl/_rels/workbook.bin.rels": relations([*places, ("styles", "styles.bin")]),
            "xl/styles.bin": _styles(codes),
            **{f"xl/{place}": part for (_, place), (_, _, part) in zip(places, sheets, strict=True)},
            **(parts or {}),
        }
    )
