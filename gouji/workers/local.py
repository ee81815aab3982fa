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
from pathlib import Path
from typing import Any

from pebble import ProcessFuture, ProcessPool
from pebble.common.types import ProcessExpired

from gouji.ingest.limits import Limits
from gouji.workers import main_module
from gouji.workers.import_path import leave_out_current_folder
from gouji.workers.tasks import Lost, WorkersError


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


def too_long(deadline: int) -> Lost:
    """What became of a worker that took more seconds."""
    return Lost(f"处理超过 {deadline} 秒仍没有结束，已中止")


def ended_by(status: int | None) -> Lost:
    """What became of a worker that ended with this exit status."""
    if status == _OUT_OF_MEMORY:
        return Lost("处理时占用的内存超过上限，已中止")
    return Lost("处理它的进程意外结束（可能是内容异常，或占用内存过多）")


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


NO_PROCESS = "本机无法启动工作进程，可能是内存或进程数受限，或 gouji 没有装完整，请排除后再运行一次。"
_OUT_OF_MEMORY = 77
"""The exit status of a worker that could get no more memory."""


def done(function: Callable[[Any], Any], task: Any) -> Any:
    """The task's result. A worker that ran out of memory ends: what it holds would be missing to the next task."""
    try:
        return function(task)
    except MemoryError:
        os._exit(_OUT_OF_MEMORY)


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


def bound(memory: int) -> None:
    """From now on this process gets so many bytes more, and none beyond them, where the system can see to it."""
    try:
        import resource
    except ImportError:  # Windows: the deadline still holds
        return
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = memory + _held()
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (most, hard))


def _held() -> int:
    """Bytes of data that this process has reserved before it begins (pyarrow alone: a gigabyte); 0 where not told."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmData:")), 0)
