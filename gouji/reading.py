"""The files of a batch → their readings: what is kept from an earlier run is taken, the rest is read by the workers."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import lru_cache

from gouji.files import Source
from gouji.ingest.kept import Kept
from gouji.ingest.limits import Limits
from gouji.ingest.packed import Packed, pack, unpack_head
from gouji.ingest.place import contents
from gouji.ingest.read_return import FileReading, read_return, units_forms
from gouji.ingest.refusal import Refused
from gouji.progress import Progress
from gouji.templates.catalogue import Catalogue
from gouji.templates.form import Form
from gouji.templates.taught import Taught
from gouji.workers.tasks import Lost, Workers, in_order

CHUNK = 16
"""Files that a worker reads before it reports, at most."""
_BETWEEN = 0.5
"""Seconds after which what was read is told."""
_SHARES = 4
"""Reports that every worker makes at least, where there are files enough."""
_ADVICE = "请用 Excel 或 WPS 打开检查、另存为 .xlsx 后再报送。"


@dataclass(frozen=True, slots=True)
class Reading:
    """The readings of a batch. `kept`: how many came from an earlier run.

    They are on disk, but for those that are not kept there (`apart`): of a large batch they would fill the memory.
    """

    hashes: Mapping[str, str]
    apart: Mapping[str, FileReading]
    on_disk: Kept
    kept: int

    @property
    def files(self) -> Iterator[FileReading]:
        """In the order of the files, without values; each is there only while it is looked at. Raises KeptError."""
        for file, sha256 in self.hashes.items():
            yield self.apart.get(file) or self.on_disk.reading(sha256, file)


@dataclass(frozen=True, slots=True)
class Chunk:
    """Files that a worker reads together, by which forms and within which limits, and what people said of labels."""

    sources: Sequence[Source]
    catalogue: Catalogue
    limits: Limits
    taught: tuple[Taught, ...] = ()


def read_files(
    sources: Sequence[Source], catalogue: Catalogue, kept: Kept, workers: Workers, progress: Progress,
    limits: Limits | None = None, taught: tuple[Taught, ...] = (),
    report: Callable[[Sequence[FileReading]], None] = lambda _: None,
) -> Reading:  # fmt: skip
    """Read every file that is not kept, and keep it. A file that costs its worker is tried alone, then quarantined.

    `report`: is handed the readings of files that were not kept, now and then while they come.
    """
    hashes = dict.fromkeys((source.name for source in sources), "")
    apart: dict[str, FileReading] = {}
    progress.begin("读取", len(sources))
    unread = sources
    if len(kept):
        told = zip(sources, _hashes(sources), strict=True)
        known = {source.name: sha256 for source, sha256 in told if kept.holds(sha256, source.name)}
        hashes |= known
        unread = [source for source in sources if source.name not in known]
        progress.advance(len(known))
    # Small batches are cut finer, or one worker would read while the others wait.
    size = max(1, min(CHUNK, len(unread) // (_SHARES * workers.size)))
    chunks = (
        Chunk(unread[start : start + size], catalogue, limits or Limits(), taught)
        for start in range(0, len(unread), size)
    )
    unreported, last = list[FileReading](), time.monotonic()
    for reading in _read(chunks, kept, workers):
        hashes[reading.file] = reading.sha256
        if not is_kept(reading):
            apart[reading.file] = reading
        unreported.append(reading)
        progress.advance(1)
        if time.monotonic() - last > _BETWEEN:
            report(unreported)
            unreported, last = [], time.monotonic()
    report(unreported)
    return Reading(hashes, apart, kept, len(sources) - len(unread))


def is_kept(reading: FileReading) -> bool:
    """Whether a reading is found on disk: not one whose contents are unknown, or that ended its worker."""
    return bool(reading.sha256) and not reading.quarantined


def _read(chunks: Iterable[Chunk], kept: Kept, workers: Workers) -> Iterator[FileReading]:
    for chunk, outcome in in_order(workers, read_chunk, chunks):
        outcomes = (
            _one_by_one(chunk, workers) if isinstance(outcome, Lost) else zip(chunk.sources, outcome, strict=True)
        )
        for source, packed in outcomes:
            if isinstance(packed, Lost):
                yield _quarantined(source, packed)
                continue
            reading = unpack_head(packed.head, source.name)
            if is_kept(reading):
                kept.keep(packed, reading)
            yield reading
        kept.save()


def _one_by_one(chunk: Chunk, workers: Workers) -> Iterator[tuple[Source, Packed | Lost]]:
    """The files of a chunk whose worker was lost, each in a worker of its own."""
    alone = [replace(chunk, sources=[source]) for source in chunk.sources]
    for single, outcome in in_order(workers, read_chunk, alone):
        yield single.sources[0], outcome if isinstance(outcome, Lost) else outcome[0]


def read_chunk(chunk: Chunk) -> list[Packed]:
    """The readings of some files; runs in a worker."""
    forms = _forms(chunk.catalogue, chunk.taught)
    return [
        pack(read_return(source.path, source.name, chunk.catalogue, chunk.limits, forms=forms))
        for source in chunk.sources
    ]


@lru_cache(maxsize=1)
def _forms(catalogue: Catalogue, taught: tuple[Taught, ...]) -> list[Form]:
    """What a returned sheet may be, with what people said of its labels."""
    return [form.knowing(taught) for form in units_forms(catalogue)]


def _quarantined(source: Source, lost: Lost) -> FileReading:
    return FileReading(source.name, content_hash(source), refused=f"{lost}。{_ADVICE}", quarantined=True)


def _hashes(sources: Iterable[Source]) -> Iterator[str]:
    with ThreadPoolExecutor(_READERS) as pool:
        yield from pool.map(content_hash, sources)


_READERS = 4
"""Files that are hashed at the same time."""


def content_hash(source: Source) -> str:
    """The hash of the file's contents; empty for one that cannot be read."""
    try:
        return hashlib.sha256(contents(source.path)).hexdigest()
    except Refused:
        return ""
