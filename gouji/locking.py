"""One command at a time per folder that is written into: of two at once, the later would lose what the other had done.

The system gives the lock back when its holder ends, however it ends: there are no stale ones.
"""

from __future__ import annotations

import datetime
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from gouji.export.output import beside


class BusyError(Exception):
    """Another command is at work on the same folder; the message is Chinese and names it."""


@contextmanager
def alone(out: Path) -> Iterator[None]:
    """Holds OUT for this process. Raises BusyError, OutputError where nothing can be put beside it."""
    lock, note = FileLock(beside(out, "lock")), beside(out, "holder.json")
    try:
        lock.acquire(blocking=False)
    except Timeout:
        raise BusyError(_busy(out, note)) from None
    try:
        note.write_text(json.dumps(_self(), ensure_ascii=False), encoding="utf-8")
        yield
    finally:
        note.unlink(missing_ok=True)
        lock.release()


def _self() -> dict[str, str | int]:
    now = datetime.datetime.now().astimezone().isoformat(sep=" ", timespec="seconds")
    return {"host": socket.gethostname(), "process": os.getpid(), "since": now}


def _busy(out: Path, note: Path) -> str:
    try:
        holder = json.loads(note.read_text(encoding="utf-8"))
        who = f"（{holder['host']} 上的进程 {holder['process']}，自 {holder['since']} 开始）"
    except (OSError, ValueError, KeyError, TypeError):
        who = ""
    why = "同时写会互相覆盖、丢失审核意见，没有开始"
    return f"另一个 gouji 正在写“{out}”{who}，{why}。请等它结束后再运行，或换一个 --out。"
