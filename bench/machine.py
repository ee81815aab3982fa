"""What a piece of work costs: seconds (wall, CPU) and memory, of this process and of those that work for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import psutil

_EVERY = 0.1
"""Seconds between two looks at the memory."""


@dataclass
class Cost:
    """`seconds`; `parent`: MiB of this process at its highest, `worker`: of the largest process below it."""

    seconds: float = 0.0
    parent: float = 0.0
    worker: float = 0.0


@contextmanager
def cost() -> Iterator[Cost]:
    """Measures what is done inside the block."""
    made, done = Cost(), threading.Event()
    looker = threading.Thread(target=_look, args=(made, done), daemon=True)
    looker.start()
    begun = time.perf_counter()
    try:
        yield made
    finally:
        made.seconds = time.perf_counter() - begun
        done.set()
        looker.join()


def used() -> tuple[float, float]:
    """CPU seconds so far: of this process, and of all that have worked for it."""
    process = psutil.Process()
    mine = process.cpu_times()
    others = mine.children_user + mine.children_system
    for child in process.children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            times = child.cpu_times()
            others += times.user + times.system + times.children_user + times.children_system
    return mine.user + mine.system, others


def _look(made: Cost, done: threading.Event) -> None:
    process = psutil.Process()
    while not done.wait(_EVERY):
        made.parent = max(made.parent, _resident(process))
        made.worker = max([made.worker, *(_resident(child) for child in process.children(recursive=True))])


def _resident(process: psutil.Process) -> float:
    """MiB that a process holds; none when it is gone."""
    try:
        return float(process.memory_info().rss) / 1024**2
    except psutil.NoSuchProcess:
        return 0.0
