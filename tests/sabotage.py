"""Tasks that misbehave in a worker as hostile files do, by the names of the files they are given."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gouji.ingest.packed import Packed
from gouji.reading import Chunk, read_chunk
from gouji.workers.tasks import Pending, Workers


def read_or_die(chunk: Chunk) -> list[Packed]:
    """`read_chunk`, but a file named 中断 ends its process, 挂起 hangs it, 内存 asks for more than there may be."""
    for source in chunk.sources:
        if "中断" in source.name:
            os.abort()
        if "挂起" in source.name:
            time.sleep(600)
        if "内存" in source.name:
            bytearray(64 * 1024**3)
    return read_chunk(chunk)


def read_or_die_once(chunk: Chunk) -> list[Packed]:
    """`read_chunk`, but the process that first comes upon the file 标记 dies: a machine that is lost on the way."""
    for source in chunk.sources:
        mark = Path(source.path).parent / "标记"
        if mark.exists():
            mark.unlink()
            os.abort()
    return read_chunk(chunk)


def burst(path: Path) -> None:
    """A reader that ends its process, hangs, or fails in a way that nobody foresaw."""
    if "中断" in path.name:
        os.abort()
    if "挂起" in path.name:
        while True:
            pass
    raise ZeroDivisionError


class Sabotaged:
    """Workers that do `instead` where they are asked to read; what else there is goes to `patient` ones, if given."""

    def __init__(self, workers: Workers, instead: Callable[[Any], Any], patient: Workers | None = None) -> None:
        self._workers, self._instead, self._patient = workers, instead, patient or workers
        self.size = workers.size

    @property
    def near(self) -> Workers:
        return self._workers.near

    def submit(self, function: Callable[[Any], Any], task: Any) -> Pending:
        if function is read_chunk:
            return self._workers.submit(self._instead, task)
        return self._patient.submit(function, task)

    def close(self) -> None:
        self._workers.close()
