"""Work done in copies of this process, one for each task, as well bounded as the processes of `local.py`.

For a command that has everything loaded, little to do and no threads of its own: a server to fork from would load it
all once more. Linux only; elsewhere a copy of a running process cannot be relied upon.
"""

from __future__ import annotations

import io
import os
import pickle
import select
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gouji.ingest.limits import Limits
from gouji.workers.bounded import NO_PROCESS, bound, done, ended_by, too_long
from gouji.workers.tasks import WorkersError

_PIECE = 1024 * 1024
"""Bytes that are taken at a time."""


def can_fork() -> bool:
    """Whether this system has such workers."""
    return sys.platform == "linux"


class ForkedWorkers:
    """One process at a time. A task that takes more time or memory than `limits` allow is lost, and nothing else."""

    size = 1

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()

    @property
    def near(self) -> ForkedWorkers:
        """Itself."""
        return self

    def submit(self, function: Callable[[Any], Any], task: Any) -> _Finished:
        """The task, done or lost. Raises WorkersError where the system allows no other process."""
        try:
            reading, writing = os.pipe()
            child = os.fork()
        except OSError as error:
            raise WorkersError(NO_PROCESS) from error
        if child == 0:
            os.close(reading)
            _work(function, task, writing, self._limits.memory)
        os.close(writing)
        data = None
        try:
            data = _received(reading, time.monotonic() + self._limits.deadline)
        finally:
            if data is None:  # it takes too long, or we are to stop
                os.kill(child, signal.SIGKILL)
            os.close(reading)
            status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if data is None:
            return _Finished(too_long(self._limits.deadline), failed=True)
        if status != 0 or not data:  # a task may end its process as if all were well
            return _Finished(ended_by(status), failed=True)
        failed, outcome = pickle.loads(data)
        return _Finished(outcome, failed)

    def close(self) -> None:
        """Nothing is under way."""


@dataclass(frozen=True)
class _Finished:
    outcome: Any
    failed: bool

    def result(self) -> Any:
        if self.failed:
            raise self.outcome
        return self.outcome


def _work(function: Callable[[Any], Any], task: Any, writing: int, memory: int) -> None:
    """In the copy: nothing of the process it was copied from is ended, written or closed by it."""
    status = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
        sys.stdout = sys.stderr = io.StringIO()
        bound(memory)
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(_packed(function, task))
        status = 0
    finally:
        os._exit(status)


def _packed(function: Callable[[Any], Any], task: Any) -> bytes:
    """Whether it failed, and what came of it."""
    try:
        return pickle.dumps((False, done(function, task)))
    except Exception as error:
        return pickle.dumps((True, error))


def _received(reading: int, until: float) -> bytes | None:
    """Everything that comes; None if that takes too long."""
    pieces: list[bytes] = []
    while select.select([reading], [], [], max(0.0, until - time.monotonic()))[0]:
        piece = os.read(reading, _PIECE)
        if not piece:
            return b"".join(pieces)
        pieces.append(piece)
    return None
