"""What a formula of an .xls or .xlsb calls, by its tokens ([MS-XLS] 2.5.198, [MS-XLSB] 2.5.97)."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ingest.acting.formulas import ADDRESS
from ingest.acting.kinds import Acting

_TEXT, _ATTRIBUTE, _CHOICE = 0x17, 0x19, 0x04
_FUNCTION, _FUNCTION_OF_MANY = 0x21, 0x22
_OPERATORS = {**dict.fromkeys(range(0x03, 0x17), 0), 0x1C: 1, 0x1D: 1, 0x1E: 2, 0x1F: 8, _FUNCTION: 2}
_OPERATORS |= {_FUNCTION_OF_MANY: 3, 0x26: 6, 0x27: 6, 0x28: 6, 0x29: 2}
BIFF8: Mapping[int, int] = {
    **_OPERATORS, 0x01: 4, 0x02: 4, 0x20: 7, 0x23: 4, 0x24: 4, 0x25: 8, 0x2A: 4, 0x2B: 8, 0x2C: 4, 0x2D: 8,
    0x39: 6, 0x3A: 6, 0x3B: 10, 0x3C: 6, 0x3D: 10,
}  # fmt: skip
"""Bytes behind the code of each token, whose class is of no matter."""
BIFF12: Mapping[int, int] = {
    **_OPERATORS, 0x01: 4, 0x02: 4, 0x20: 14, 0x23: 4, 0x24: 6, 0x25: 12, 0x2A: 6, 0x2B: 12, 0x2C: 6, 0x2D: 12,
    0x39: 6, 0x3A: 8, 0x3B: 14, 0x3C: 8, 0x3D: 14,
}  # fmt: skip
_CALLS = frozenset({95, 110, 149, 150, 178, 267, 379})
"""INITIATE, EXEC, REGISTER, CALL, EXECUTE, REGISTER.ID, RTD."""
_HYPERLINK = 359


class _Token(NamedTuple):
    code: int
    body: bytes
    text: str


def called(formula: bytes, lengths: Mapping[int, int]) -> Acting | None:
    """By what a formula reaches outside, up to a token that is unknown. Links to other workbooks stand elsewhere."""
    functions: set[int] = set()
    texts: list[str] = []
    for token in _tokens(formula, lengths):
        if token.code == _TEXT:
            texts.append(token.text)
        elif token.code in (_FUNCTION, _FUNCTION_OF_MANY) and len(token.body) >= 2:
            functions.add(struct.unpack_from("<H", token.body, token.code == _FUNCTION_OF_MANY)[0] & 0x7FFF)
    if functions & _CALLS:
        return Acting.CALL
    linked = _HYPERLINK in functions and not any(text.startswith("#") for text in texts)
    return Acting.ADDRESS if linked or any(map(ADDRESS.match, texts)) else None


def _tokens(formula: bytes, lengths: Mapping[int, int]) -> Iterator[_Token]:
    at = 0
    while at < len(formula):
        code = formula[at]
        code = code if code < 0x20 else code & 0x1F | 0x20
        at += 1
        text = ""
        try:
            if code == _TEXT:
                length, text = _text(formula, at, lengths is BIFF12)
            elif code == _ATTRIBUTE:
                kind, count = struct.unpack_from("<BH", formula, at)
                length = 3 + (2 * (count + 1) if kind & _CHOICE else 0)
            else:
                length = lengths[code]
        except (KeyError, IndexError, struct.error):
            return
        yield _Token(code, formula[at : at + length], text)
        at += length


def _text(formula: bytes, at: int, long: bool) -> tuple[int, str]:
    """The bytes of a text, and what it says."""
    if long:
        (count,) = struct.unpack_from("<H", formula, at)
        return 2 + 2 * count, formula[at + 2 : at + 2 + 2 * count].decode("utf-16-le", "replace")
    count, wide = formula[at], formula[at + 1] & 1
    length = count * (1 + wide)
    return 2 + length, formula[at + 2 : at + 2 + length].decode("utf-16-le" if wide else "latin-1", "replace")
