"""What acts in an .xls or .et: its streams, and the records of its workbook ([MS-XLS])."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from enum import IntEnum

from gouji.ingest.acting.kinds import Act, Acting
from gouji.ingest.acting.package import is_macro
from gouji.ingest.acting.tokens import called
from gouji.ingest.acting.workbook import AUTOMATIC
from gouji.ingest.files.cfb import CompoundFile
from gouji.ingest.files.formula_tokens import BIFF8
from gouji.ingest.files.xls_sight import substream
from gouji.templates.addresses import cell_name

_CONTROLS = "ctls"
_OBJECTS = frozenset({"\1ole", "\1ole10native", "\1compobj"})
"""Streams of an object that stands in a folder of its own; of the document itself they say nothing."""


class _Record(IntEnum):
    BEGIN = 0x0809
    SHEET = 0x0085
    EXTERNAL_SHEET = 0x0017
    OTHER_BOOK = 0x01AE
    NAME = 0x0018
    NAME_OUTSIDE = 0x0023
    QUERY = 0x00DC
    QUERY_TABLE = 0x01AD
    CONNECTION = 0x0876
    FORMULA = 0x0006
    SHARED_FORMULA = 0x04BC
    ARRAY_FORMULA = 0x0221


_BIFF8 = 0x0600
_CONNECTIONS = frozenset({_Record.QUERY, _Record.QUERY_TABLE, _Record.CONNECTION})
_MACRO_SHEET, _MODULE_SHEET = 1, 6
_OWN, _ADD_IN = 0x0401, 0x3A01
_OWN_SHEETS = ("", "\0", "\2", "\3", "\4", ":")
"""How names of sheets of the workbook itself begin in BIFF5."""
_PROGRAM, _BUILT_IN = 0x0E, 0x20
_AUTOMATIC = {1: "Auto_Open", 2: "Auto_Close", 10: "Auto_Activate", 11: "Auto_Deactivate"}
"""Among the names that are numbers."""
FUTURE = "_xlfn."
CALLED = ("_xlfn.webservice", "_xlfn.image")
"""Functions that are younger than the format stand among the names."""
_FORMULA_AT: dict[int, int] = {_Record.FORMULA: 20, _Record.SHARED_FORMULA: 8, _Record.ARRAY_FORMULA: 12}


def xls_acts(data: bytes, container: CompoundFile, stream: bytes) -> Iterator[Act]:
    """All of it; never raises: of records that are cut short nothing is said. `stream`: that of the workbook."""
    top_names = {name.casefold() for name in container.top_names}
    names = {name.casefold() for name in container.names}
    if is_macro(data):
        yield Act(Acting.MACRO, "")
    if _CONTROLS in top_names:
        yield Act(Acting.CONTROL, "")
    if (names - top_names) & _OBJECTS:
        yield Act(Acting.OBJECT, "")
    sheets: dict[int, str] = {}
    biff8 = stream[4:6] == struct.pack("<H", _BIFF8)
    for record, body in substream(stream, 0):
        try:
            yield from _in_globals(record, body, biff8, sheets)
        except (struct.error, IndexError):
            continue
    for at, name in sheets.items():
        yield from _in_sheet(stream, at, name, biff8)


def _in_globals(record: int, body: bytes, biff8: bool, sheets: dict[int, str]) -> Iterator[Act]:
    match record:
        case _Record.SHEET:
            (place,) = struct.unpack_from("<I", body)
            name = _text(body, 7, body[6], biff8)
            sheets[place] = name
            if body[5] in (_MACRO_SHEET, _MODULE_SHEET):
                yield Act(Acting.MACRO_SHEET if body[5] == _MACRO_SHEET else Acting.MACRO, f"工作表“{name}”")
        case _Record.OTHER_BOOK | _Record.EXTERNAL_SHEET:
            yield from _link(_path(record, body, biff8))
        case _Record.NAME:
            yield from named(_text(body, 14, body[3], biff8), struct.unpack_from("<H", body)[0])
        case _Record.NAME_OUTSIDE if biff8:
            yield from named(_text(body, 7, body[6], biff8), 0)
        case _ if record in _CONNECTIONS:
            yield Act(Acting.CONNECTION, "工作簿")
        case _:
            return


def _path(record: int, body: bytes, biff8: bool) -> str:
    """What a link leads to; empty for the workbook itself."""
    if biff8:
        (length,) = struct.unpack_from("<H", body, 2)
        outside = record == _Record.OTHER_BOOK and length not in (_OWN, _ADD_IN)
        return _text(body, 4, length, biff8) if outside else ""
    text = body[1 : 2 + body[0]].decode("gb18030", "replace") if record == _Record.EXTERNAL_SHEET else ""
    return "" if text[:1] in _OWN_SHEETS else text


def _link(path: str) -> Iterator[Act]:
    """Of a path the parts stand between control characters; of DDE these are service and topic."""
    shown = "".join("/" if character < " " else character for character in path).strip("/ ")
    if path[:1] != "\1" and "\3" in path:
        yield Act(Acting.DDE, shown)
    elif shown:
        yield Act(Acting.OTHER_BOOK, shown)


def named(name: str, flags: int) -> Iterator[Act]:
    """How a defined name acts, by the name and by its flags (Lbl, BrtName): macro, function, run at opening."""
    automatic = _AUTOMATIC.get(ord(name[0])) if flags & _BUILT_IN and name else None
    if automatic is not None or AUTOMATIC.match(name):
        yield Act(Acting.AUTOMATIC, f"名称“{automatic or name}”")
    elif name.lower().startswith(FUTURE):
        if name.lower().startswith(CALLED):
            yield Act(Acting.CALL, f"函数 {name.rpartition('.')[2]}")
    elif flags & _PROGRAM:
        yield Act(Acting.MACRO, f"名称“{name}”")


def _in_sheet(stream: bytes, at: int, name: str, biff8: bool) -> Iterator[Act]:
    for record, body in substream(stream, at):
        if record in _CONNECTIONS:
            yield Act(Acting.CONNECTION, f"工作表“{name}”")
        place = _FORMULA_AT.get(record) if biff8 else None
        if place is None or len(body) < place + 2:
            continue
        row, column = struct.unpack_from("<HH", body)
        (length,) = struct.unpack_from("<H", body, place)
        kind = called(body[place + 2 : place + 2 + length], BIFF8)
        if kind is not None:
            first = (row, column) if record == _Record.FORMULA else (row, body[4])
            yield Act(kind, f"{name}!{cell_name(*first)}")


def _text(body: bytes, at: int, length: int, biff8: bool) -> str:
    """Characters of a given number, of BIFF8 behind a byte that says how wide they are."""
    if not biff8:
        return body[at : at + length].decode("gb18030", "replace")
    wide = body[at] & 1
    return body[at + 1 : at + 1 + length * (1 + wide)].decode("utf-16-le" if wide else "latin-1", "replace")
