"""The good workbook that most hostile files are made from: ours, issued for 基础数据表, filled, every sum right."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from gouji.samples.fill import unpacked
from gouji.samples.generating.delivering import deliver
from gouji.samples.generating.names import recipient
from gouji.samples.generating.units import PROJECT, SHEET, honest_unit

YEAR = 2021
FORM = "xl/worksheets/sheet2.xml"
"""The member with 基础数据表. D8 there is a figure that the unit types: 公车购置.本年预算数, 13.49."""
SELF_CHECK, LEDGER, IDENTITY = (f"xl/worksheets/sheet{n}.xml" for n in (3, 4, 5))
TEXTS, STYLES, BOOK = "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"

Parts = dict[str, bytes]
"""The members of a workbook, by name."""
Case = Callable[[Parts], bytes]
"""A hostile file, made from the members of a good one."""


@lru_cache(maxsize=1)
def _issued() -> Mapping[str, bytes]:
    random = Random(0)
    unit = honest_unit(recipient(0, random), YEAR, random)
    unit.delivery.left_out = frozenset({SHEET[0], PROJECT[0]})
    with TemporaryDirectory() as folder:
        return unpacked(Path(folder) / deliver(unit, Path(folder)))


def good(number: int) -> Parts:
    """The members of the good workbook, under the n-th unit's own name and code so that no two are 重复报送."""
    parts = dict(_issued())
    texts = parts[TEXTS].replace(b"439900001", f"4399{number:05}".encode())
    parts[TEXTS] = texts.replace("青禾县发展和改革局".encode(), f"青禾县第{number}所".encode())
    return parts


def zipped(members: Mapping[str, bytes] | list[tuple[str, bytes]], level: int = 1) -> bytes:
    """The members as an archive; a list may name one twice. Equal members are equal bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, content in members.items() if isinstance(members, Mapping) else members:
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED, compresslevel=level)
    return target.getvalue()


def with_part(name: str, content: bytes | Callable[[bytes], bytes]) -> Case:
    """A member put in place of what there was, or made from it."""

    def made(parts: Parts) -> bytes:
        parts[name] = content if isinstance(content, bytes) else content(parts.get(name, b""))
        return zipped(parts)

    return made


def swapped(name: str, old: str, new: str) -> Case:
    """A member in which one text is exchanged; ValueError when it is not there, lest a case mean nothing."""

    def change(part: bytes) -> bytes:
        if old.encode() not in part:
            raise ValueError(f"{old!r} does not stand in {name}")
        return part.replace(old.encode(), new.encode(), 1)

    return with_part(name, change)


def cell(address: str, xml: str, name: str = FORM) -> Case:
    """One cell of a sheet replaced by XML of its own; ValueError when there is no such cell."""
    pattern = re.compile(rf'<c r="{address}"(?:[^>]*/>|.*?</c>)'.encode(), re.DOTALL)

    def change(part: bytes) -> bytes:
        changed, count = pattern.subn(lambda _: xml.encode(), part, count=1)
        if not count:
            raise ValueError(f"no cell {address} in {name}")
        return changed

    return with_part(name, change)


def rows_added(xml: str | bytes, name: str = FORM) -> Case:
    """Rows put behind those of a sheet."""
    added = xml if isinstance(xml, bytes) else xml.encode()
    return with_part(name, lambda part: part.replace(b"</sheetData>", added + b"</sheetData>", 1))


def behind_rows(xml: str, name: str = FORM) -> Case:
    """Elements put behind the rows of a sheet."""
    return with_part(name, lambda part: part.replace(b"</sheetData>", b"</sheetData>" + xml.encode(), 1))
