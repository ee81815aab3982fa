"""What a command finds around it: terminals of any encoding, streams that close or fill up, signals, scarce memory."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import sys
from typing import Any, TextIO

_STOPPING = ("SIGTERM", "SIGHUP", "SIGBREAK")
_MEMORY = "内存不足，没有做完。请关闭其他程序，或用 --jobs 1 减少同时使用的进程，再运行一次。"
_PROCESSES = "系统不允许再开新的进程或线程，没有做完。请关闭其他程序，或用 --jobs 1，再运行一次。"
_FILES = "同时打开的文件太多，超出了系统的限制，没有做完。请关闭其他程序，或用 --jobs 1，再运行一次。"
_DISK = "磁盘已满，没有做完，原来的内容没有改动。请腾出空间，再做一次。"
_SCARCE = {
    errno.ENOMEM: _MEMORY, errno.EAGAIN: _PROCESSES, errno.EMFILE: _FILES, errno.ENFILE: _FILES, errno.ENOSPC: _DISK,
}  # fmt: skip


def settle() -> None:
    """From now on writing to the screen never fails, and whatever asks this process to stop does so as Ctrl-C does."""
    _speak_utf8()
    for name in ("stdout", "stderr"):
        setattr(sys, name, _lasting(getattr(sys, name)))
    for name in _STOPPING:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:  # nohup has SIGHUP ignored
            signal.signal(number, signal.default_int_handler)


def shortage(error: BaseException | None) -> str | None:
    """The sentence for what the machine had too little of, where that is why something failed; it leads to no fault."""
    while error is not None:
        match error:
            case MemoryError():
                return _MEMORY
            case OSError(errno=number) if number in _SCARCE:
                return _SCARCE[number]
            case ImportError() if "map segment" in str(error) or "allocate memory" in str(error):
                return _MEMORY
            case RuntimeError() if "start new thread" in str(error):
                return _PROCESSES
        error = error.__cause__ or error.__context__
    return None


def _speak_utf8() -> None:
    """Under a locale of ASCII, files of Chinese names could be neither opened nor made: begin again in UTF-8."""
    if os.name == "posix" and sys.getfilesystemencoding() != "utf-8" and "PYTHONUTF8" not in os.environ:
        os.environ["PYTHONUTF8"] = "1"
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])


def _lasting(stream: TextIO | None) -> TextIO:
    """The stream, with a replacement for signs that it cannot show; nothing where it was closed before we began."""
    if stream is None:
        return open(os.devnull, "w", encoding="utf-8")
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="replace")
    lasting: Any = _Lasting(stream)
    return lasting  # type: ignore[no-any-return]


class _Lasting:
    """A stream whose reader may go away (`| head`), or whose disk may be full: what follows goes nowhere.

    The exit status says how the work went, not who still listened.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """As of a text stream."""
        try:
            self._stream.write(text)
        except (OSError, ValueError):  # ValueError: closed
            self._give_up()
        return len(text)

    def flush(self) -> None:
        """As of a text stream."""
        try:
            self._stream.flush()
        except (OSError, ValueError):
            self._give_up()

    def _give_up(self) -> None:
        """What is still buffered must not fail once more when Python ends."""
        with contextlib.suppress(OSError, ValueError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._stream.fileno())
            os.close(nowhere)
