"""A task within its bounds of time and memory, and what is said of one that went beyond them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gouji.workers.tasks import Lost

NO_PROCESS = "本机无法启动工作进程，可能是内存或进程数受限，或 gouji 没有装完整，请排除后再运行一次。"
_OUT_OF_MEMORY = 77
"""The exit status of a worker that could get no more memory."""


def done(function: Callable[[Any], Any], task: Any) -> Any:
    """The task's result. A worker that ran out of memory ends: what it holds would be missing to the next task."""
    try:
        return function(task)
    except MemoryError:
        os._exit(_OUT_OF_MEMORY)


def too_long(deadline: int) -> Lost:
    """What became of a worker that took more seconds."""
    return Lost(f"处理超过 {deadline} 秒仍没有结束，已中止")


def ended_by(status: int | None) -> Lost:
    """What became of a worker that ended with this exit status."""
    if status == _OUT_OF_MEMORY:
        return Lost("处理时占用的内存超过上限，已中止")
    return Lost("处理它的进程意外结束（可能是内容异常，或占用内存过多）")


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
