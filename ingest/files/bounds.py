"""How far the sheets of .xls, .xlsb and .ods reach, before a dense reader is let at them."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from gouji.ingest.files.archive import Archive
from gouji.ingest.files.xml import Element, elements, local
from gouji.ingest.limits import Limits
from gouji.ingest.refusal import Refused, damaged, encrypted

_BOF = {0x0009, 0x0209, 0x0409, 0x0809}
_FILE_PASS = 0x002F
# Filled cells: row and column (u16 each) come first; a run of them ends with its last column.
_XLS_CELLS = {0x0002, 0x0003, 0x0004, 0x0005, 0x0006, 0x00D6, 0x00FD, 0x0203, 0x0204, 0x0205, 0x0206}
_XLS_CELLS |= {0x027E, 0x0406}
_XLS_RUNS = {0x00BD}
_XLS_DIMENSIONS = 0x0200
_XLS_ROWS, _XLS_COLUMNS = 65_536, 256
_XLSB_ROW, _XLSB_CELLS = 0, range(2, 12)


def check_extent(extents: list[tuple[int, int]], limits: Limits) -> None:
    """Raise Refused (范围过大) when the rectangles from A1, (rows, columns) each, hold too many cells."""
    if sum(rows * columns for rows, columns in extents) > limits.cells:
        raise Refused(
            "范围过大",
            "表格里很远的位置有内容，整个范围过大。请把表格以外的多余内容删去（选中多余的行、列后删除），保存后再报送。",
        )


def check_xls(stream: bytes, limits: Limits) -> None:
    """Check the cells of a BIFF workbook stream. Raises Refused: 已加密, 地址越界, 范围过大."""
    extents: list[tuple[int, int]] = []
    rows = columns = 0
    for record, body in xls_records(stream):
        if record in _BOF:
            extents.append((rows, columns))
            rows = columns = 0
        elif record == _FILE_PASS:
            raise encrypted()
        elif (record in _XLS_CELLS or record in _XLS_RUNS) and len(body) >= 6:
            row, column = struct.unpack_from("<HH", body)
            if record in _XLS_RUNS:
                (column,) = struct.unpack_from("<H", body, len(body) - 2)
            rows, columns = max(rows, row + 1), max(columns, column + 1)
            if columns > _XLS_COLUMNS:
                raise _outside()
        elif record == _XLS_DIMENSIONS:
            _check_stated(body, limits)
    check_extent([*extents, (rows, columns)], limits)


def _check_stated(body: bytes, limits: Limits) -> None:
    """calamine reserves as much as a sheet says that it spans, and ends the process when it cannot."""
    if len(body) not in (10, 14):
        return
    top, bottom, left, right = struct.unpack_from("<IIHH" if len(body) == 14 else "<HHHH", body)
    if not (top <= bottom <= _XLS_ROWS and left <= right <= _XLS_COLUMNS):
        raise _outside()
    check_extent([(bottom, right)], limits)


def _outside() -> Refused:
    return Refused("地址越界", "文件里有超出表格范围的单元格，请在下发的表样上重新填报。")


def xls_records(stream: bytes, at: int = 0) -> Iterator[tuple[int, bytes]]:
    """(type, body) of the records of a BIFF stream from a place on."""
    while at + 4 <= len(stream):
        record, length = struct.unpack_from("<HH", stream, at)
        yield record, stream[at + 4 : at + 4 + length]
        at += 4 + length


def check_xlsb(archive: Archive, limits: Limits) -> None:
    """Check the cells of a binary workbook's sheets. Raises Refused: 文件损坏, 地址越界, 范围过大."""
    parts = [(name, name.lower()) for name in archive.names]
    sheets = [name for name, low in parts if low.startswith("xl/worksheets/") and low.endswith(".bin")]
    check_extent([_xlsb_extent(archive.read(name), limits) for name in sheets], limits)


def _xlsb_extent(part: bytes, limits: Limits) -> tuple[int, int]:
    rows = columns = row = 0
    for record, at, length in xlsb_records(part):
        if record == _XLSB_ROW and length >= 4:
            (row,) = struct.unpack_from("<I", part, at)
        elif record in _XLSB_CELLS and length >= 4:
            (column,) = struct.unpack_from("<I", part, at)
            if row >= limits.grid_rows or column >= limits.grid_columns:
                raise _outside()
            rows, columns = max(rows, row + 1), max(columns, column + 1)
    return rows, columns


def xlsb_records(part: bytes) -> Iterator[tuple[int, int, int]]:
    """(type, where its body begins, length of its body) of each record."""
    at = 0
    while at < len(part):
        record, at = _varying(part, at, 2, 7)
        length, at = _varying(part, at, 4, 7)
        if at + length > len(part):
            raise damaged()
        yield record, at, length
        at += length


def _varying(part: bytes, at: int, most: int, bits: int) -> tuple[int, int]:
    value = 0
    for n in range(most):
        if at >= len(part):
            raise damaged()
        byte = part[at]
        at += 1
        value |= (byte & 0x7F) << (bits * n)
        if not byte & 0x80:
            break
    return value, at


def check_ods(content: bytes, limits: Limits) -> None:
    """Check the tables of an OpenDocument content.xml, repeats multiplied out. Raises Refused (范围过大)."""
    extents: list[tuple[int, int]] = []
    rows = bottom = right = 0
    for element in elements(content, "table", "table-row"):
        if local(element.tag) == "table":
            extents.append((bottom, right))
            rows = bottom = right = 0
            continue
        width = _filled_width(element)
        rows += _repeat(element, "number-rows-repeated")
        if width:
            bottom, right = rows, max(right, width)
    check_extent([*extents, (bottom, right)], limits)


def _filled_width(row: Element) -> int:
    """Columns up to the last cell that holds anything."""
    columns = width = 0
    for cell in row:
        columns += _repeat(cell, "number-columns-repeated")
        if len(cell) or any(local(name) in {"value-type", "formula"} for name in cell.attrib):
            width = columns
    return width


def _repeat(element: Element, name: str) -> int:
    attributes = element.attrib.items()
    said = next((str(v) for k, v in attributes if local(k) == name), "1")
    return int(said) if said.isdecimal() and len(said) < 10 else 1
