"""Readings kept on disk under what they depend on: contents of the file, program, definitions.

A run that was killed finds here what it had read; a later run reads only what is new. Nothing kept is ever trusted to
be current: a reading is found again only under the same contents and the same versions.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from gouji.ingest.limits import Limits
from gouji.ingest.packed import Packed, unpack_head
from gouji.ingest.read_return import FileReading
from gouji.ingest.system_words import system_words
from gouji.ingest.versions import stamp
from gouji.templates.catalogue import Catalogue
from gouji.templates.taught import Taught

_TABLE = (
    "CREATE TABLE IF NOT EXISTS readings"
    " (key TEXT PRIMARY KEY, forms TEXT, stamp TEXT NOT NULL, head BLOB NOT NULL, figures BLOB NOT NULL)"
)


class KeptError(Exception):
    """The readings cannot be kept; the message is Chinese and says what to do."""


class Kept:
    """The readings in one file. Every method raises KeptError when the disk is full or the file cannot be used."""

    def __init__(
        self, path: Path, catalogue: Catalogue, limits: Limits | None = None, taught: tuple[Taught, ...] = (), *,
        fresh: bool = False,
    ) -> None:  # fmt: skip
        self._path = path
        self._catalogue = catalogue
        self._taught = taught
        self._limits = limits or Limits()
        with self._usable():
            if fresh:
                _remove(path)
            self._rows = _opened(path)

    def __len__(self) -> int:
        return int(self._first("SELECT count(*) FROM readings")[0])

    def holds(self, sha256: str, file: str) -> bool:
        """Whether the file of that name need not be read (again)."""
        stated = self._first("SELECT forms, stamp FROM readings WHERE key = ?", key(sha256, file))
        return stated is not None and stated[1] == self._stamp(json.loads(stated[0]))

    def reading(self, sha256: str, file: str) -> FileReading:
        """The reading of a file that was kept or is held, without values."""
        return unpack_head(self._kept("head", sha256, file), file)

    def keep(self, packed: Packed, reading: FileReading) -> None:
        """Keep what was read; `reading` is its unpacked head. What has no hash or was quarantined is not kept."""
        stated = json.dumps(reading.forms), self._stamp(reading.forms)
        held = key(packed.sha256, reading.file), *stated, packed.head, packed.figures
        with self._usable():
            self._rows.execute("INSERT OR REPLACE INTO readings VALUES (?, ?, ?, ?, ?)", held)

    def save(self) -> None:
        """What was kept so far outlasts the end of the process."""
        with self._usable():
            self._rows.commit()

    def figures(self, sha256: str, file: str) -> bytes:
        """The packed values of a file that was kept or is held."""
        return self._kept("figures", sha256, file)

    def forget_others(self, files: Iterable[tuple[str, str]]) -> None:
        """Drop the readings of all but these (sha256, name)."""
        with self._usable():
            self._rows.execute("CREATE TEMP TABLE current (key TEXT PRIMARY KEY)")
            self._rows.executemany("INSERT OR IGNORE INTO current VALUES (?)", ((key(*file),) for file in files))
            self._rows.execute("DELETE FROM readings WHERE key NOT IN (SELECT key FROM current)")
            self._rows.commit()

    def close(self) -> None:
        """Let go of the file; what was not saved is lost."""
        self._rows.close()

    def _kept(self, half: str, sha256: str, file: str) -> bytes:
        row = self._first(f"SELECT {half} FROM readings WHERE key = ?", key(sha256, file))
        if row is None:
            raise KeptError(f"“{file}”的读取结果不见了，可能有另一次运行正在写同一个结果文件夹，请等它结束后再运行")
        kept: bytes = row[0]
        return kept

    def _stamp(self, forms: list[str] | None) -> str | None:
        return stamp(forms, self._catalogue, self._limits, self._taught)

    def _first(self, query: str, *values: str) -> Any:
        with self._usable():
            return self._rows.execute(query, values).fetchone()

    @contextmanager
    def _usable(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            advice = "请检查磁盘空间和权限后再运行"
            raise KeptError(f"读取结果无法保存在“{self._path.parent}”（{system_words(error)}），{advice}") from error


def key(sha256: str, file: str) -> str:
    """What equal readings have in common: the contents, and the extension, which tells .et from .xls."""
    return sha256 + ascii(Path(file).suffix.lower())


def _opened(path: Path) -> sqlite3.Connection:
    """The database, begun anew where the file is none any more: it holds nothing that cannot be read again."""
    try:
        return _connected(path)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise
        _remove(path)
        return _connected(path)


def _connected(path: Path) -> sqlite3.Connection:
    rows = sqlite3.connect(path, timeout=60)
    # A killed process leaves the file whole; only a power cut may cost the last readings.
    rows.execute("PRAGMA journal_mode = WAL")
    rows.execute("PRAGMA synchronous = NORMAL")
    rows.execute(_TABLE)
    return rows


def _remove(path: Path) -> None:
    for one in (path, *(path.with_name(path.name + more) for more in ("-wal", "-shm"))):
        with suppress(FileNotFoundError):
            one.unlink()
