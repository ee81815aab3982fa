"""Work done in other processes of this machine: a task that ends or hangs its process takes no other with it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from concurrent.futures import TimeoutError as TookTooLongError
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Any

from pebble import ProcessFuture, ProcessPool
from pebble.common.types import ProcessExpired

from gouji.ingest.limits import Limits
from gouji.workers import main_module
from gouji.workers.bounded import NO_PROCESS, bound, done, ended_by, too_long
from gouji.workers.import_path import leave_out_current_folder
from gouji.workers.tasks import WorkersError


class LocalWorkers:
    """`jobs` processes. A task that takes more time or memory (on Linux: `RLIMIT_DATA`) than `limits` allow is lost.

    `preloaded`: whether everything that reading and checking returns needs is loaded before the first process begins.
    Submitting a task or taking its result raises WorkersError where no process can be started at all.
    """

    def __init__(self, jobs: int, limits: Limits | None = None, *, preloaded: bool = True) -> None:
        bounds = limits or Limits()
        self.size = jobs
        self._deadline = bounds.deadline
        self._pool = ProcessPool(jobs, initializer=_prepare, initargs=(bounds.memory,), context=context(preloaded))

    @property
    def near(self) -> LocalWorkers:
        """All of them."""
        return self

    def submit(self, function: Callable[[Any], Any], task: Any) -> _Running:
        """Begin a task in one of the processes."""
        try:
            future = self._pool.schedule(done, (function, task), timeout=self._deadline)
        except RuntimeError as error:  # the pool broke while an earlier task waited for its process
            raise WorkersError(NO_PROCESS) from error
        return _Running(future, self._deadline)

    def close(self) -> None:
        """End the processes."""
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()


@dataclass(frozen=True)
class _Running:
    future: ProcessFuture[Any]
    deadline: int

    def result(self) -> Any:
        try:
            return self.future.result()
        except TookTooLongError as error:
            raise too_long(self.deadline) from error
        except ProcessExpired as error:
            raise ended_by(error.exitcode) from error
        except BrokenProcessPool as error:
            raise WorkersError(NO_PROCESS) from error


def processors() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def context(preloaded: bool = True) -> Any:
    """How processes are started: by a server that has everything loaded and forks; forking ourselves is not safe.

    Spawned where there is no such server. Python's own default differs between its versions and between systems.
    """
    leave_out_current_folder()
    if sys.platform == "win32" or "forkserver" not in multiprocessing.get_all_start_methods():
        return main_module.SpawnContext()
    server = main_module.ForkServerContext()
    server.set_forkserver_preload(["gouji.workers.preload"] if preloaded else [])
    return server


def _prepare(memory: int) -> None:
    """Ctrl-C is the parent's to handle; memory is bounded beyond what is held already.

    What a reader says when a file ends it is for nobody's screen: the parent tells what became of the file.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    # Before the bound: the libraries of a task reserve a gigabyte, which is none of the file's doing.
    from gouji.failures import foreseen_errors

    foreseen_errors()
    bound(memory)
