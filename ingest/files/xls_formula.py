"""Which zeros of an .xls stand for a text: LibreOffice stores 0 for "" where the cell has a number format.

Of [MS-XLS] 2.5.198 only what conditions on blank cells are written with is worked out; what a formula with anything
else in it yields stays unknown.
"""

from __future__ import annotations

import operator
import struct
from collections.abc import Callable, Iterator
from enum import Enum
from typing import NamedTuple

from gouji.ingest.files.sight import Position, Sight
from gouji.ingest.grid import Kind, Sheet

UNTOLD = "看不出是空白还是0"
"""What is said to stand in a cell whose formula yields 0 or the empty text, nobody knows which."""

_EMPTY_TEXT = b"\x17\x00"
_MOST = 2_000
"""Cells that one formula may refer to; those of a form refer to far fewer."""
_DEEPEST = 50


class _Sign(Enum):
    """What stands for a part that is not worked out; it matters only where it is asked for."""

    UNTOLD = 0


Cell = float | str | bool | None
Operand = Cell | list[Cell] | _Sign


class _Unknown(Exception):
    """The formula has something in it that is not worked out here."""


class _Token(NamedTuple):
    """One step of a formula in reverse Polish notation; `body`: what stands behind its code."""

    code: int
    body: bytes


_ADD, _SUBTRACT, _MULTIPLY, _DIVIDE, _EQUAL, _UNEQUAL = 0x03, 0x04, 0x05, 0x06, 0x0B, 0x0E
_CALCULATED: dict[int, Callable[[float, float], float]] = {
    _ADD: operator.add, _SUBTRACT: operator.sub, _MULTIPLY: operator.mul, _DIVIDE: operator.truediv,
}  # fmt: skip
_COMPARED: dict[int, Callable[[float, float], bool]] = {
    0x09: operator.lt, 0x0A: operator.le, _EQUAL: operator.eq, 0x0C: operator.ge, 0x0D: operator.gt,
    _UNEQUAL: operator.ne,
}  # fmt: skip
_BRACKETS, _TEXT, _ATTRIBUTE, _TRUTH, _WHOLE, _NUMBER = 0x15, 0x17, 0x19, 0x1D, 0x1E, 0x1F
_FUNCTION, _FUNCTION_OF_MANY, _CELL, _AREA, _NEAR_CELL, _NEAR_AREA = 0x21, 0x22, 0x24, 0x25, 0x2C, 0x2D
_REFERENCES = {_CELL: 4, _AREA: 8, _NEAR_CELL: 4, _NEAR_AREA: 8}
_LENGTHS = {
    **dict.fromkeys([*_CALCULATED, *_COMPARED, _BRACKETS], 0), _TRUTH: 1, _WHOLE: 2, _NUMBER: 8, _FUNCTION: 2,
    _FUNCTION_OF_MANY: 3, **_REFERENCES,
}  # fmt: skip
_CHOICE, _SUM = 0x04, 0x10
_TAKEN_FROM_STACK = frozenset({_ATTRIBUTE, _FUNCTION, _FUNCTION_OF_MANY})
_OF_ONE = frozenset({32, 38, 128, 129, 347})
_SUM_OF, _NONE = 4, -1


def settle_zeros(sheet: Sheet, sight: Sight) -> None:
    """Make texts of the zeros of `sight` that stand for one, and UNKNOWN of those of which it cannot be told.

    What another program than one that writes `empty_as_zero` stored is 0, unless its formula can only yield "".
    """
    settled: set[Position] = set()
    for at in sight.zeros:
        _settle(at, sheet, sight, settled, 0)


def _settle(at: Position, sheet: Sheet, sight: Sight, settled: set[Position], depth: int) -> None:
    if at in settled or depth > _DEEPEST or at[0] >= sheet.height or at[1] >= sheet.width:
        return
    settled.add(at)
    tokens = sight.zeros[at]
    needed = _needed(tokens, at)
    for cell in needed:
        if cell in sight.zeros:
            _settle(cell, sheet, sight, settled, depth + 1)
    try:
        result = _result(tokens, at, sheet)
    except (_Unknown, struct.error, IndexError, TypeError, ArithmeticError):
        untold = any(sheet.kind(*cell) is Kind.UNKNOWN for cell in needed)
        if sight.empty_as_zero and (_EMPTY_TEXT in tokens or untold):
            sheet.rows[at[0]][at[1]] = ""
            sheet.special[at] = (Kind.UNKNOWN, UNTOLD)
        return
    if isinstance(result, str):
        sheet.rows[at[0]][at[1]] = result


def _tokens(formula: bytes) -> Iterator[_Token]:
    at = 0
    while at < len(formula):
        code = formula[at]
        code = code if code < 0x20 else code & 0x1F | 0x20  # the class of an operand is of no matter
        at += 1
        if code == _TEXT:
            length = 2 + formula[at] * (1 + (formula[at + 1] & 1))
        elif code == _ATTRIBUTE:
            kind, count = struct.unpack_from("<BH", formula, at)
            length = 3 + (2 * (count + 1) if kind & _CHOICE else 0)
        elif code in _LENGTHS:
            length = _LENGTHS[code]
        else:
            raise _Unknown
        yield _Token(code, formula[at : at + length])
        at += length


def _needed(formula: bytes, at: Position) -> list[Position]:
    """The cells that a formula refers to, as far as it is understood."""
    found: list[Position] = []
    try:
        for token in _tokens(formula):
            if token.code in _REFERENCES:
                found += _cells(token, at)
    except (_Unknown, struct.error, IndexError):
        pass
    return found


def _cells(token: _Token, at: Position) -> list[Position]:
    if token.code in (_CELL, _NEAR_CELL):
        top, left = struct.unpack("<HH", token.body)
        bottom, right = top, left
    else:
        top, bottom, left, right = struct.unpack("<HHHH", token.body)
    if token.code in (_NEAR_CELL, _NEAR_AREA):
        (top, left), (bottom, right) = _near(top, left, at), _near(bottom, right, at)
    left, right = left & 0xFF, right & 0xFF
    if (bottom - top + 1) * (right - left + 1) > _MOST:
        raise _Unknown
    return [(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)]


def _near(row: int, column: int, at: Position) -> Position:
    """A place of a shared formula, counted from the cell that shares it where it says so."""
    down, aside = column & 0x8000, column & 0x4000
    return (at[0] + row) & 0xFFFF if down else row, (at[1] + column) & 0xFF if aside else column & 0xFF


def _result(formula: bytes, at: Position, sheet: Sheet) -> Cell:
    """What a formula yields. Raises _Unknown, and what a broken one leads to."""
    stack: list[Operand] = []
    for token in _tokens(formula):
        if token.code in _CALCULATED or token.code in _COMPARED:
            right, left = stack.pop(), stack.pop()
            stack.append(_worked_out(_calculated, token.code, [left, right]))
        elif token.code in _TAKEN_FROM_STACK:
            count, number = _function(token)
            if count > len(stack):
                raise _Unknown
            if count:
                stack[-count:] = [_worked_out(_called, number, stack[-count:])]
        elif token.code != _BRACKETS:
            stack.append(_operand(token, at, sheet))
    if len(stack) != 1:
        raise _Unknown
    return _single(stack[0])


def _worked_out(work: Callable[[int, list[Operand]], Cell], number: int, operands: list[Operand]) -> Operand:
    """A part of a formula; one that fails may stand in the branch of a condition that is not taken."""
    try:
        return work(number, operands)
    except (_Unknown, ArithmeticError):
        return _Sign.UNTOLD


def _function(token: _Token) -> tuple[int, int]:
    """How many operands a function takes, and its number; marks of a formula that calculate nothing take none."""
    if token.code == _ATTRIBUTE:
        return int(bool(token.body[0] & _SUM)), _SUM_OF
    if token.code == _FUNCTION:
        (number,) = struct.unpack("<H", token.body)
        return 1, number if number in _OF_ONE else _NONE
    count, number = struct.unpack("<BH", token.body)
    return max(count, 1), number


def _operand(token: _Token, at: Position, sheet: Sheet) -> Operand:
    match token.code:
        case 0x17:
            return token.body[2:].decode("utf-16-le" if token.body[1] & 1 else "latin-1")
        case 0x1D:
            return bool(token.body[0])
        case 0x1E:
            return float(struct.unpack("<H", token.body)[0])
        case 0x1F:
            return float(struct.unpack("<d", token.body)[0])
        case _:
            values = [_value(sheet, cell) for cell in _cells(token, at)]
            return values if token.code in (_AREA, _NEAR_AREA) else values[0]


def _value(sheet: Sheet, cell: Position) -> Cell:
    kind, raw = sheet.kind(*cell), sheet.raw(*cell)
    if kind in (Kind.ERROR, Kind.UNCALCULATED, Kind.UNKNOWN):
        raise _Unknown
    if kind is Kind.DATE:
        return 1.0  # a number, and no 0
    if raw is None and cell in sheet.formulas:
        return ""
    return raw if raw is None or isinstance(raw, str | bool) else float(str(raw))


def _single(operand: Operand) -> Cell:
    if isinstance(operand, list | _Sign):
        raise _Unknown
    return operand


def _calculated(code: int, operands: list[Operand]) -> Cell:
    one, other = map(_single, operands)
    if code in _CALCULATED:
        return _CALCULATED[code](_figure(one), _figure(other))
    if isinstance(one, str) or isinstance(other, str):
        if code not in (_EQUAL, _UNEQUAL):
            raise _Unknown
        same = ("" if one is None else one) == ("" if other is None else other)
        return same == (code == _EQUAL)
    return _COMPARED[code](_figure(one), _figure(other))


def _figure(cell: Cell) -> float:
    if isinstance(cell, str):
        raise _Unknown
    return float(cell or 0)


def _called(number: int, operands: list[Operand]) -> Cell:
    """A function by its number ([MS-XLS] 2.5.198.17)."""
    if number == _IF and len(operands) == 3:
        return _single(operands[1] if _figure(_single(operands[0])) else operands[2])
    flat = [cell for one in operands for cell in (one if isinstance(one, list) else [_single(one)])]
    if number not in _CALLED:
        raise _Unknown
    return _CALLED[number](flat)


def _numbers(cells: list[Cell]) -> list[float]:
    return [cell for cell in cells if isinstance(cell, float)]


_IF = 1
_CALLED: dict[int, Callable[[list[Cell]], Cell]] = {
    0: lambda cells: float(len(_numbers(cells))),  # COUNT
    _SUM_OF: lambda cells: sum(_numbers(cells), 0.0),
    32: lambda cells: float(len(str(cells[0] or ""))),  # LEN
    36: lambda cells: all(_figure(cell) for cell in cells),  # AND
    37: lambda cells: any(_figure(cell) for cell in cells),  # OR
    38: lambda cells: not _figure(cells[0]),  # NOT
    128: lambda cells: isinstance(cells[0], float),  # ISNUMBER
    129: lambda cells: cells[0] is None,  # ISBLANK
    169: lambda cells: float(sum(cell is not None for cell in cells)),  # COUNTA
    347: lambda cells: float(sum(cell is None or cell == "" for cell in cells)),  # COUNTBLANK
}
