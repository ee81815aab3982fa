"""The container of .xls, .et and encrypted workbooks (compound file): its streams, and their bytes."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from gouji.ingest.refusal import damaged

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LAST = 0xFFFFFFFA  # this and above are marks, not sector numbers
_ENTRY = 128
_ROOT, _STREAM = 5, 2


@dataclass(frozen=True, slots=True)
class _Stream:
    place: int
    start: int
    size: int


def _siblings(links: list[tuple[int, ...]], first: int) -> set[int]:
    """The entries of a folder: a tree of (left, right, child), of which `first` is the root."""
    found: set[int] = set()
    waiting = [first]
    while waiting:
        place = waiting.pop()
        if place < len(links) and place not in found:
            found.add(place)
            waiting += links[place][:2]
    return found


class CompoundFile:
    """The streams of one compound file, by name; of several alike the first, as calamine takes it.

    Raises Refused (文件损坏) when the tables of the container are broken or run in circles.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        try:
            self._open()
        except (struct.error, IndexError, ValueError) as error:
            raise damaged() from error

    def _open(self) -> None:
        self._shift, self._mini_shift = struct.unpack_from("<HH", self._data, 30)
        if self._shift not in (9, 12) or self._mini_shift != 6:
            raise ValueError("sector size")
        (directory,) = struct.unpack_from("<I", self._data, 48)
        self._cutoff, mini_fat = struct.unpack_from("<II", self._data, 56)
        self._fat = self._numbers(self._fat_sectors())
        self._mini_fat = self._numbers(self._chain(self._fat, mini_fat))
        self._streams: dict[str, _Stream] = {}
        self._root = _Stream(0, _LAST, 0)
        entries = self._join(self._chain(self._fat, directory))
        places = range(len(entries) // _ENTRY)
        for place in places:
            self._enter(place, entries[place * _ENTRY : (place + 1) * _ENTRY])
        links = [struct.unpack_from("<III", entries, place * _ENTRY + 68) for place in places]
        self._top = _siblings(links, links[0][2]) if links else set()

    def _enter(self, place: int, entry: bytes) -> None:
        length, kind = struct.unpack_from("<HB", entry, 64)
        start, size = struct.unpack_from("<II", entry, 116)
        if kind == _ROOT:
            self._root = _Stream(place, start, size)
        elif kind == _STREAM:
            name = entry[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
            self._streams.setdefault(name, _Stream(place, start, size))

    def _sector(self, number: int) -> bytes:
        start = (number + 1) << self._shift
        return self._data[start : start + (1 << self._shift)]

    def _fat_sectors(self) -> list[int]:
        found = [n for n in struct.unpack_from("<109I", self._data, 76) if n < _LAST]
        more, _count = struct.unpack_from("<II", self._data, 68)
        seen: set[int] = set()
        while more < _LAST:
            block = self._sector(more)
            if more in seen or len(block) < 1 << self._shift:
                raise ValueError("sector table")
            seen.add(more)
            numbers = struct.unpack(f"<{len(block) // 4}I", block)
            found += [n for n in numbers[:-1] if n < _LAST]
            more = numbers[-1]
        if len(found) > len(self._data) >> self._shift:
            raise ValueError("sector table")
        return found

    def _numbers(self, sectors: list[int]) -> tuple[int, ...]:
        block = self._join(sectors)
        return struct.unpack(f"<{len(block) // 4}I", block[: len(block) // 4 * 4])

    def _join(self, sectors: list[int]) -> bytes:
        return b"".join(map(self._sector, sectors))

    @staticmethod
    def _chain(table: tuple[int, ...], start: int) -> list[int]:
        """The sector numbers from `start` on; ValueError for a circle or a number outside the table."""
        chain: list[int] = []
        while start < _LAST:
            if len(chain) > len(table):
                raise ValueError("circular chain")
            chain.append(start)
            start = table[start]
        return chain

    @property
    def names(self) -> frozenset[str]:
        """Names of all streams, those in folders too."""
        return frozenset(self._streams)

    @property
    def top_names(self) -> frozenset[str]:
        """Names of the streams that stand in no folder: of the document itself, not of what is embedded in it."""
        return frozenset(name for name, stream in self._streams.items() if stream.place in self._top)

    def patched(self, name: str, at: int, content: bytes) -> bytes:
        """The whole file with some bytes of a stream exchanged, from its byte `at` on. Raises as `read` does."""
        data = bytearray(self._data)
        try:
            for count, byte in enumerate(content):
                data[self._place(self._streams[name], at + count)] = byte
        except (IndexError, ValueError) as error:
            raise damaged() from error
        return bytes(data)

    def _place(self, stream: _Stream, at: int) -> int:
        """Where a byte of a stream stands in the file."""
        if stream.size < self._cutoff:
            small = self._chain(self._mini_fat, stream.start)[at >> self._mini_shift]
            at = (small << self._mini_shift) + (at & ((1 << self._mini_shift) - 1))
            stream = self._root
        sector = self._chain(self._fat, stream.start)[at >> self._shift]
        return int(((sector + 1) << self._shift) + (at & ((1 << self._shift) - 1)))

    def read(self, name: str) -> bytes:
        """The bytes of a stream. Raises KeyError for an unknown name, Refused for a broken chain."""
        stream = self._streams[name]
        try:
            if stream.size >= self._cutoff:
                return self._join(self._chain(self._fat, stream.start))[: stream.size]
            container = self._join(self._chain(self._fat, self._root.start))
            size = 1 << self._mini_shift
            chain = self._chain(self._mini_fat, stream.start)
            return b"".join(container[n * size : (n + 1) * size] for n in chain)[: stream.size]
        except (IndexError, ValueError) as error:
            raise damaged() from error
