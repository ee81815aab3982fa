"""A command at work for the desk: the same as on the command line, in a process of its own, its words kept."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gouji.locking import BusyError
from gouji.progress import STEP, TOLD

_MOST_LINES = 3000
_LONGEST = 2000
"""Signs of a line."""


@dataclass
class Work:
    """`command`: as people would type it; `lines`: what it has said so far; `step`: stage, steps done and to be done;
    `status`: how it ended, None while it goes on."""

    command: str
    lines: list[str] = field(default_factory=list)
    step: tuple[str, int, int] | None = None
    status: int | None = None

    @property
    def outcome(self) -> str:
        """How it ended, in a word; empty while it goes on."""
        words = {None: "", 0: "做完了", 1: "做完了，还有要处理的"}
        return words.get(self.status, "没有做成")


class Workshop:
    """One command at a time. Whoever else is at work on the round is told of by the command itself."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._lock = folder, threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self.work: Work | None = None

    def begin(self, arguments: Sequence[str]) -> Work:
        """Starts `gouji` with these arguments on the round. Raises BusyError while another is going on, OSError."""
        with self._lock:
            if self.work is not None and self.work.status is None:
                raise BusyError(f"“{self.work.command}”还没有做完，没有开始另一个。")
            call = [sys.executable, "-P", "-m", "gouji", *arguments, "--round", str(self._folder)]
            environment = os.environ | {"PYTHONUTF8": "1", TOLD: "1", "COLUMNS": "200"}
            self._process = subprocess.Popen(
                call, cwd=self._folder, env=environment, text=True, encoding="utf-8", errors="replace",
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            )  # fmt: skip
            self.work = Work(f"gouji {' '.join(arguments)}")
            threading.Thread(target=self._listen, args=(self._process, self.work), daemon=True).start()
            return self.work

    def stop(self) -> None:
        """Asks the command to end, as Ctrl-C does: what it had begun is taken back."""
        process = self._process
        if process is not None and process.poll() is None:
            process.send_signal(signal.SIGINT if os.name == "posix" else signal.SIGTERM)

    def _listen(self, process: subprocess.Popen[str], work: Work) -> None:
        assert process.stdout is not None
        with process.stdout as said:
            for line in said:
                text = line.rstrip("\n")[:_LONGEST]
                if text.startswith(STEP):
                    work.step = _step(text.removeprefix(STEP)) or work.step
                elif len(work.lines) < _MOST_LINES:
                    work.lines.append(text)
        work.status = process.wait()


def _step(text: str) -> tuple[str, int, int] | None:
    stage, done, total = [*text.split("\t"), "", ""][:3]
    return (stage, int(done), int(total)) if done.isdecimal() and total.isdecimal() else None
