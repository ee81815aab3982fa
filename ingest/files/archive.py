"""A zip archive from outside: every member really inflated within bounds before anyone parses it."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib

from gouji.ingest.files.cfb import MAGIC
from gouji.ingest.files.same_parts import once_per_part
from gouji.ingest.limits import Limits
from gouji.ingest.refusal import Refused, damaged, encrypted, too_large

_UNICODE_NAME = 0x7075
_ENTRY_MARK = b"PK\x01\x02"
_END, _END_MARK = struct.Struct("<4s4H2LH"), b"PK\x05\x06"
"""The record that ends an archive without a comment."""
_ENCODING = re.compile(rb"""^(?:\xef\xbb\xbf)?\s*<\?xml[^>]*\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_UTF16 = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")
# What a byte-wise search for < can be trusted in.
_PLAIN = frozenset({"utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "windows-1252"})
_DECLARED = (b"<?xml", b"\xef\xbb\xbf<?xml")
_DECLARATION = 400
"""Bytes within which an XML declaration ends, or it hides something."""
_XML = (".xml", ".rels", ".vml")
"""How members end that readers take for XML, by their names alone; any other, once something leads to it."""
_SMALL, _LARGE = 256 * 1024, 1024 * 1024
_ITEMS = re.compile(rb"<(?:\w+:)?sst\b[^>]*?\suniqueCount\s*=\s*[\"'](\d+)[\"']")
_SHORTEST_ITEM = len("<si/>")


def is_utf16(part: bytes) -> bool:
    """Whether XML stands in two-byte characters, which the reader takes for an empty sheet."""
    return part.startswith(_UTF16)


def _is_markup(part: bytes) -> bool:
    return part.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") or is_utf16(part)


def _other_name(info: zipfile.ZipInfo) -> bool:
    """Whether the extra field gives the member a name, which some readers take and others do not."""
    extra, at = info.extra, 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        name = extra[at + 9 : at + 4 + length]
        if kind == _UNICODE_NAME and name != info.orig_filename.encode():
            return True
        at += 4 + length
    return False


def _whole_part(packed: bytes, size: int) -> tuple[bytes | None, int]:
    """A member inflated, and its checksum; None where it is not exactly as large as it says, or more stands with it."""
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        part = inflater.decompress(packed, size + 1)
    except zlib.error:
        return None, 0
    exact = inflater.eof and len(part) == size and not inflater.unused_data
    return (part, zlib.crc32(part)) if exact else (None, 0)


_small_part, _large_part = once_per_part(128)(_whole_part), once_per_part(16)(_whole_part)
"""The calculation sheet of our own workbooks is large, and the same to the byte until a program calculates it."""


@once_per_part(128)
def _is_ordinary(part: bytes) -> bool:
    """Whether XML says at once that it stands in UTF-8, and nothing of it is to be looked at more closely."""
    declared = _ENCODING.match(part[:_DECLARATION])
    if declared is None or declared[1].lower() != b"utf-8" or b"?>" not in part[:_DECLARATION]:
        return False
    return b"<!DOCTYPE" not in part and b"uniqueCount" not in part


def _is_orderly(data: bytes, infos: list[zipfile.ZipInfo]) -> bool:
    """Whether an archive is laid out so that every program takes the same members by the same names: nothing before
    them, between them and their directory, or behind it; and no name that is not written as it is meant.
    """
    end = data[-_END.size :]
    if len(end) < _END.size:
        return False
    mark, *disks, here, count, size, start, comment = _END.unpack(end)
    whole = start + size + _END.size == len(data) and not any(disks) and here == count == len(infos)
    named = all(one.orig_filename.isascii() and _member_name(one) == one.orig_filename for one in infos)
    first = min((one.header_offset for one in infos), default=1)
    return mark == _END_MARK and whole and not comment and named and first == 0


def _member_name(info: zipfile.ZipInfo) -> str:
    return info.filename.replace("\\", "/").lstrip("/")


def member_called(name: str, members: tuple[str, ...]) -> str | None:
    """The one of some members that is called `name`, whatever its case; None if there is none."""
    if name in members:
        return name
    folded = name.casefold()
    return next((member for member in members if member.casefold() == folded), None)


class Archive:
    """The members of an admitted archive, `data`. `orderly`: whether no program can take others for them; `listed`:
    their names, in archive order and with forward slashes.

    Raises Refused: 文件损坏, 成员过多, 成员重名, 已加密, 展开过大, 含有DTD, 编码不明.
    """

    def __init__(self, data: bytes, limits: Limits) -> None:
        self.data, self._limits = data, limits
        # Counted before zipfile makes an object of each; nested archives may add a few.
        if data.count(_ENTRY_MARK) > 10 * limits.members:
            raise self._too_many()
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as opened:
                infos = opened.infolist()
        except (zipfile.BadZipFile, ValueError, OSError, struct.error, NotImplementedError) as error:
            raise damaged() from error
        if len(infos) > limits.members:
            raise self._too_many()
        self.orderly = _is_orderly(data, infos)
        self._members = self._index(infos)
        self.listed = tuple(self._members)
        self._kept: dict[str, bytes] = {}
        self._utf16: set[str] = set()
        self._compounds: set[str] = set()
        self._unchecked: set[str] = set()
        self._plainly_packed: set[str] = set()
        self._check_all()

    def _too_many(self) -> Refused:
        return Refused(
            "成员过多",
            f"文件里的部件超过 {self._limits.members} 个，不是正常的表格，请在下发的表样上重新填报。",
        )

    @staticmethod
    def _index(infos: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
        members: dict[str, zipfile.ZipInfo] = {}
        folded: set[str] = set()
        for info in infos:
            name = _member_name(info)
            if name.casefold() in folded:
                # Two readers would take different ones: what is checked would not be what is marked.
                raise Refused("成员重名", f"文件里有重名的部件“{name[:80]}”，请用 Excel 或 WPS 另存后再报送。")
            folded.add(name.casefold())
            if _other_name(info):
                raise damaged()
            if not name.endswith("/"):
                members[name] = info
        return members

    def _check_all(self) -> None:
        total = 0
        for name, info in self._members.items():
            part = self._inflate(info, self._limits.total_size - total)
            total += len(part)
            if total > max(self._limits.ratio_from, self._limits.ratio * len(self.data)):
                raise too_large()
            if _is_markup(part):
                if name.lower().endswith(_XML):
                    if not _is_ordinary(part):
                        self._check_xml(name, part)
                else:
                    self._unchecked.add(name)
            elif part.startswith(MAGIC[:4]):
                self._compounds.add(name)
            if len(part) <= self._limits.kept_part:
                self._kept[name] = part

    def _inflate(self, info: zipfile.ZipInfo, room: int) -> bytes:
        """The member's bytes, never more than its bounds allow, whatever sizes the archive declares."""
        if info.flag_bits & 1:
            raise encrypted()
        packed = self._packed(info)
        limits = self._limits
        bound = min(limits.part_size, room, max(limits.ratio_from, limits.ratio * len(packed)))
        if info.compress_type == zipfile.ZIP_DEFLATED and info.file_size <= min(bound, _LARGE):
            # Often another package has the very same member. One that is not as it says is looked at more closely.
            known = _small_part if info.file_size <= _SMALL else _large_part
            whole_part, checksum = known(packed, info.file_size)
            if whole_part is not None and checksum == info.CRC:
                self._plainly_packed.add(info.filename)
                return whole_part
        if info.compress_type == zipfile.ZIP_STORED:
            part, whole = packed[: bound + 1], True
        elif info.compress_type == zipfile.ZIP_DEFLATED:
            inflater = zlib.decompressobj(-zlib.MAX_WBITS)
            try:
                part = inflater.decompress(packed, bound + 1)
            except zlib.error as error:
                raise damaged() from error
            whole = inflater.eof
            if not inflater.unused_data:
                self._plainly_packed.add(info.filename)
        else:
            raise Refused("文件损坏", "文件的压缩方式不是表格软件所用的，请用 Excel 或 WPS 另存后再报送。")
        if len(part) > bound:
            raise too_large()
        if not whole or len(part) != info.file_size or zlib.crc32(part) != info.CRC:
            raise damaged()
        return part

    def _packed(self, info: zipfile.ZipInfo) -> bytes:
        start = info.header_offset
        head = self.data[start : start + 30]
        if len(head) < 30 or not head.startswith(b"PK\x03\x04"):
            raise damaged()
        name_length, extra_length = struct.unpack_from("<HH", head, 26)
        name = self.data[start + 30 : start + 30 + name_length]
        if name != info.orig_filename.encode("utf-8" if info.flag_bits & 0x800 else "cp437"):
            raise damaged()  # the two directories of the archive name different members
        body = start + 30 + name_length + extra_length
        packed = self.data[body : body + info.compress_size]
        if len(packed) != info.compress_size:
            raise damaged()
        return packed

    def _check_xml(self, name: str, part: bytes) -> None:
        if is_utf16(part):
            self._utf16.add(name)
            marks = ["<!DOCTYPE".encode(codec) for codec in ("utf-16-le", "utf-16-be")]
        else:
            declared = _ENCODING.match(part[:_DECLARATION])
            endless = part.startswith(_DECLARED) and b"?>" not in part[:_DECLARATION]
            if endless or (declared and declared[1].decode().lower() not in _PLAIN):
                raise Refused("编码不明", "文件内部的文字编码不是表格软件所用的，请用 Excel 或 WPS 另存后再报送。")
            marks = [b"<!DOCTYPE"]
        if any(mark in part for mark in marks):
            raise Refused("含有DTD", "文件内部含有不允许的声明（DTD），未予读取，请在下发的表样上重新填报。")
        items = _ITEMS.search(part) if b"uniqueCount" in part else None
        # calamine reserves as much as is promised here, and ends the process when it cannot.
        if items and int(items[1]) * _SHORTEST_ITEM > max(len(part), 4096):
            raise damaged()

    def check(self, name: str) -> None:
        """Check a member that is to be parsed, whatever it is called. Raises Refused."""
        if name in self._unchecked:
            self._unchecked.discard(name)
            self._check_xml(name, self.read(name))

    @property
    def names(self) -> list[str]:
        """Member names in archive order, with forward slashes."""
        return list(self._members)

    @property
    def utf16(self) -> frozenset[str]:
        """Members that are XML in two-byte characters."""
        return frozenset(self._utf16)

    @property
    def compounds(self) -> frozenset[str]:
        """Members that are compound files: macros, embedded objects."""
        return frozenset(self._compounds)

    def find(self, name: str) -> str | None:
        """The member called `name`, whatever its case; None if there is none."""
        return member_called(name, self.listed)

    def size(self, name: str) -> int:
        """Inflated size of a member in bytes (checked against its contents)."""
        return self._members[name].file_size

    def read(self, name: str) -> bytes:
        """The inflated bytes of a member. Raises KeyError for an unknown name."""
        kept = self._kept.get(name)
        return self._inflate(self._members[name], self._limits.total_size) if kept is None else kept

    def packed(self, name: str) -> bytes | None:
        """A member as it was deflated; None where it was not, or where more stands with it than is inflated."""
        info = self._members[name]
        return self._packed(info) if info.filename in self._plainly_packed else None
