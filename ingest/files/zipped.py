"""A .zip among the returned files, opened as a folder: one level, within bounds, its members never written anywhere."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gouji.ingest.admit import read_bytes
from gouji.ingest.limits import Limits
from gouji.ingest.refusal import Refused, damaged, encrypted, too_large
from gouji.templates.text import file_name

_ENTRY_MARK = b"PK\x01\x02"
_PACKAGES = frozenset(("[content_types].xml", "mimetype"))
"""Members by which a zip is a file of its own: a workbook, a document."""
_UTF8, _LOCKED = 0x800, 0x1
_BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError, OSError)


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive: its name there as people see it, with its folders, and the archive's own spelling."""

    name: str
    stored: str


def members(archive: Path, limits: Limits) -> list[Member]:
    """The files of an archive; none where it is no folder of files, but a workbook or document itself.

    Raises Refused: whatever `read_bytes` does, 文件损坏, 成员过多, 成员重名, 展开过大.
    """
    with _opened(archive, limits) as opened:
        infos = [info for info in opened.infolist() if not info.is_dir()]
    if any(info.filename.lower() in _PACKAGES for info in infos):
        return []
    if sum(info.file_size for info in infos) > limits.total_size:
        raise too_large()
    if len({info.filename for info in infos}) < len(infos):
        raise Refused("成员重名", "压缩包里有重名的文件，不知道哪一个算。")
    return list(_named(infos))


def member_bytes(archive: Path, stored: str, limits: Limits) -> bytes:
    """A member of an archive, at most one byte more than a file may have.

    Raises Refused: 文件损坏, 已加密, 无法打开.
    """
    with _opened(archive, limits) as opened:
        try:
            info = opened.getinfo(stored)
            if info.flag_bits & _LOCKED:
                raise encrypted()
            with opened.open(info) as member:
                return member.read(limits.file_size + 1)
        except KeyError as error:
            raise Refused("无法打开", "压缩包里已经没有这个文件。") from error
        except _BROKEN as error:
            raise damaged() from error


def _opened(archive: Path, limits: Limits) -> zipfile.ZipFile:
    data = read_bytes(archive, limits)
    # Counted before zipfile makes an object of each; workbooks in it may add their own.
    if data.count(_ENTRY_MARK) > 10 * limits.members:
        raise _too_many(limits)
    try:
        opened = zipfile.ZipFile(io.BytesIO(data))
    except _BROKEN as error:
        raise damaged() from error
    if len(opened.infolist()) > limits.members:
        raise _too_many(limits)
    return opened


def _too_many(limits: Limits) -> Refused:
    return Refused("成员过多", f"压缩包里的文件超过 {limits.members} 个。")


def _named(infos: list[zipfile.ZipInfo]) -> Iterator[Member]:
    taken: set[str] = set()
    for info in infos:
        parts = [part for part in _spelt(info).replace("\\", "/").split("/") if part.strip(". ")]
        # The dot of a hidden file stays, so that it is known as one.
        name = "/".join("." * part.startswith(".") + file_name(part) for part in parts) or "无名"
        wanted, number = name, 1
        while name.casefold() in taken:
            number += 1
            stem, dot, extension = wanted.rpartition(".")
            name = f"{stem or extension}（{number}）{dot}{extension if stem else ''}"
        taken.add(name.casefold())
        yield Member(name, info.filename)


def _spelt(info: zipfile.ZipInfo) -> str:
    """A member's name; one that does not say how it is written is UTF-8 (macOS) or GBK (Windows in China)."""
    if info.flag_bits & _UTF8:
        return info.filename
    try:
        written = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for codec in ("utf-8", "gb18030"):
        try:
            return written.decode(codec)
        except UnicodeDecodeError:
            continue
    return info.filename
