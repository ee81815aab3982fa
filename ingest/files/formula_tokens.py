"""The tokens that a formula of an .xls or .xlsb is made of ([MS-XLS] 2.5.198, [MS-XLSB] 2.5.97)."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from gouji.templates.addresses import cell_name

TEXT, _ATTRIBUTE, _CHOICE = 0x17, 0x19, 0x04
FUNCTION, FUNCTION_OF_MANY = 0x21, 0x22
_OPERATORS = {**dict.fromkeys(range(0x03, 0x17), 0), 0x1C: 1, 0x1D: 1, 0x1E: 2, 0x1F: 8, FUNCTION: 2}
_OPERATORS |= {FUNCTION_OF_MANY: 3, 0x26: 6, 0x27: 6, 0x28: 6, 0x29: 2}
BIFF8: Mapping[int, int] = {
    **_OPERATORS, 0x01: 4, 0x02: 4, 0x20: 7, 0x23: 4, 0x24: 4, 0x25: 8, 0x2A: 4, 0x2B: 8, 0x2C: 4, 0x2D: 8,
    0x39: 6, 0x3A: 6, 0x3B: 10, 0x3C: 6, 0x3D: 10,
}  # fmt: skip
"""Bytes behind the code of each token, whose class is of no matter."""
BIFF12: Mapping[int, int] = {
    **_OPERATORS, 0x01: 4, 0x02: 4, 0x20: 14, 0x23: 4, 0x24: 6, 0x25: 12, 0x2A: 6, 0x2B: 12, 0x2C: 6, 0x2D: 12,
    0x39: 6, 0x3A: 8, 0x3B: 14, 0x3C: 8, 0x3D: 14,
}  # fmt: skip


class Token(NamedTuple):
    """One step of a formula: its code, what stands behind it, of a text what it says."""

    code: int
    body: bytes
    text: str


def tokens(formula: bytes, lengths: Mapping[int, int]) -> Iterator[Token]:
    """The tokens of a formula, up to one that is unknown."""
    at = 0
    while at < len(formula):
        code = formula[at]
        code = code if code < 0x20 else code & 0x1F | 0x20
        at += 1
        text = ""
        try:
            if code == TEXT:
                length, text = _text(formula, at, lengths is BIFF12)
            elif code == _ATTRIBUTE:
                kind, count = struct.unpack_from("<BH", formula, at)
                length = 3 + (2 * (count + 1) if kind & _CHOICE else 0)
            else:
                length = lengths[code]
        except (KeyError, IndexError, struct.error):
            return
        yield Token(code, formula[at : at + length], text)
        at += length


def _text(formula: bytes, at: int, long: bool) -> tuple[int, str]:
    """The bytes of a text, and what it says."""
    if long:
        (count,) = struct.unpack_from("<H", formula, at)
        return 2 + 2 * count, formula[at + 2 : at + 2 + 2 * count].decode("utf-16-le", "replace")
    count, wide = formula[at], formula[at + 1] & 1
    length = count * (1 + wide)
    return 2 + length, formula[at + 2 : at + 2 + length].decode("utf-16-le" if wide else "latin-1", "replace")


# ---- as it would be typed ---------------------------------------------------------------------------

_SIGNS = {0x03: "+", 0x04: "-", 0x05: "*", 0x06: "/"}
_SUM_ATTRIBUTE, _SUM = 0x10, 4
_MOST = 400
"""Tokens of a formula that is written out; a sum of a form's cells has fewer."""


def plainly(formula: bytes, lengths: Mapping[int, int]) -> str | None:
    """Arithmetic of constants and cells of the same sheet, and sums of ranges, as text; None for anything else."""
    stack: list[str] = []
    length = 0
    try:
        for count, token in enumerate(tokens(formula, lengths)):
            if count > _MOST:
                return None
            length += 1 + len(token.body)
            _put(stack, token, lengths)
    except (IndexError, KeyError, struct.error):
        return None
    return stack[0] if len(stack) == 1 and length == len(formula) else None


def _put(stack: list[str], token: Token, lengths: Mapping[int, int]) -> None:
    """Take in one token. Raises KeyError, IndexError, struct.error for what is not plain."""
    match token.code:
        case code if code in _SIGNS:
            right, left = stack.pop(), stack.pop()
            stack.append(f"({left}{_SIGNS[code]}{right})")
        case 0x13:
            stack[-1] = f"(-{stack[-1]})"
        case 0x14:
            stack[-1] = f"({stack[-1]}%)"
        case 0x12 | 0x15:
            stack[-1] = stack[-1]
        case 0x1E:
            stack.append(str(struct.unpack("<H", token.body)[0]))
        case 0x1F:
            stack.append(f"{Decimal(repr(struct.unpack('<d', token.body)[0])):f}")
        case 0x24 | 0x25:
            stack.append(_cells(token.body, lengths))
        case 0x19 if token.body[0] & _SUM_ATTRIBUTE:
            stack[-1] = f"SUM({stack[-1]})"
        case 0x19 if not token.body[0] & _CHOICE:
            pass  # blanks between the signs
        case 0x22:
            count, number = struct.unpack("<BH", token.body)
            if number != _SUM or not 0 < count <= len(stack):
                raise KeyError(number)
            stack[-count:] = [f"SUM({','.join(stack[-count:])})"]
        case code:
            raise KeyError(code)


def _cells(body: bytes, lengths: Mapping[int, int]) -> str:
    """The name of a cell or of an area."""
    layout = ("<IH", "<IIHH") if lengths is BIFF12 else ("<HH", "<HHHH")
    if len(body) == struct.calcsize(layout[0]):
        row, column = struct.unpack(layout[0], body)
        return cell_name(row, column & 0x3FFF)
    top, bottom, left, right = struct.unpack(layout[1], body)
    return f"{cell_name(top, left & 0x3FFF)}:{cell_name(bottom, right & 0x3FFF)}"
