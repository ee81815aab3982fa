"""An .xls as the reader can take it: with a code page that it knows, and that is true."""

from __future__ import annotations

import struct

from gouji.ingest.files.cfb import CompoundFile
from gouji.ingest.refusal import damaged

_STREAMS = ("Workbook", "WORKBOOK", "Book", "BOOK")
_CODE_PAGE, _END = 0x0042, 0x000A
_BIFF8 = 0x0600
_UNICODE, _CHINESE = 1200, 936
_KNOWN = frozenset(
    {866, 874, 932, 936, 949, 950, *range(1250, 1259), 10000, 10007, 10017, 20866, 20936, 21866, 51949, 54936, 65001}
)
"""Code pages of texts of one or two bytes that the reader knows."""


def workbook_stream(container: CompoundFile) -> str | None:
    """The name of the stream with the workbook, of those of the document itself."""
    return next((name for name in _STREAMS if name in container.top_names), None)


def with_known_code_page(data: bytes) -> bytes:
    """The file with a code page by which its texts are what they are.

    Texts of BIFF8 are Unicode, whatever the record says. Of older ones without a code page that is known, the
    Chinese one is taken, of which ASCII is a part. Raises Refused (文件损坏).
    """
    container = CompoundFile(data)
    name = workbook_stream(container)
    if name is None:
        raise damaged()
    stream = container.read(name)
    at = _code_page(stream)
    if at is None:
        return data
    (stated,) = struct.unpack_from("<H", stream, at)
    biff8 = stream[4:6] == struct.pack("<H", _BIFF8)
    right = _UNICODE if biff8 else stated if stated in _KNOWN else _CHINESE
    return data if right == stated else container.patched(name, at, struct.pack("<H", right))


def _code_page(stream: bytes) -> int | None:
    """Where the number of the code page stands among the first records."""
    at = 0
    while at + 6 <= len(stream):
        record, length = struct.unpack_from("<HH", stream, at)
        if record == _CODE_PAGE and length >= 2:
            return at + 4
        if record == _END:
            return None
        at += 4 + length
    return None
