"""What acts in an .xlsb: its parts, the names and formulas in its records ([MS-XLSB])."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from enum import IntEnum

from gouji.ingest.acting.kinds import Act
from gouji.ingest.acting.package import acting_parts, outside_parts
from gouji.ingest.acting.tokens import called
from gouji.ingest.acting.xls import named
from gouji.ingest.files.archive import Archive
from gouji.ingest.files.formula_tokens import BIFF12
from gouji.ingest.files.package import all_relations, content_types, relations
from gouji.ingest.files.xlsb_sight import records, wide_text
from gouji.ingest.refusal import Refused
from gouji.templates.addresses import cell_name


class _Record(IntEnum):
    ROW = 0
    FORMULA_TEXT = 8
    FORMULA_NUMBER = 9
    FORMULA_TRUTH = 10
    FORMULA_ERROR = 11
    NAME = 39
    SHEET = 156


_RESULTS = {_Record.FORMULA_NUMBER: 8, _Record.FORMULA_TRUTH: 1, _Record.FORMULA_ERROR: 1}
"""Bytes of the result of a formula; a text says its own length."""
_FORMULAS = frozenset({*_RESULTS, _Record.FORMULA_TEXT})


def xlsb_acts(archive: Archive, workbook: str) -> Iterator[Act]:
    """All of it; never raises: of records that are cut short nothing is said."""
    part_relations = list(all_relations(archive))
    yield from acting_parts(archive, part_relations, content_types(archive))
    yield from outside_parts(part_relations)
    try:
        targets = relations(archive, workbook)
        for record, body in records(archive.read(workbook)):
            if record == _Record.NAME:
                yield from named(wide_text(body, 9)[0], struct.unpack_from("<I", body)[0])
            elif record == _Record.SHEET:
                relation, end = wide_text(body, 8)
                part = archive.find(targets.get(relation, ("", ""))[1])
                if part is not None:
                    yield from _in_sheet(archive.read(part), wide_text(body, end)[0])
    except (struct.error, IndexError, ValueError, Refused):
        return


def _in_sheet(part: bytes, name: str) -> Iterator[Act]:
    row = 0
    for record, body in records(part):
        if record == _Record.ROW:
            (row,) = struct.unpack_from("<I", body)
        elif record in _FORMULAS:
            (column,) = struct.unpack_from("<I", body)
            at = wide_text(body, 8)[1] if record == _Record.FORMULA_TEXT else 8 + _RESULTS[_Record(record)]
            (length,) = struct.unpack_from("<I", body, at + 2)
            kind = called(body[at + 6 : at + 6 + length], BIFF12)
            if kind is not None:
                yield Act(kind, f"{name}!{cell_name(row, column)}")
