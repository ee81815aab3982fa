"""A command run by the desk: the same as on the command line, in a process of its own, its output kept."""

from __future__ import annotations

import contextlib
import json
import math
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gouji.fates import Fate
from gouji.locking import BusyError
from gouji.progress import FILE, STEP, TOLD

_MOST_LINES = 3000
_LONGEST = 2000
"""Signs of a line."""
_LOOKED_BACK = 15.0
"""Seconds over which the pace of a command is measured."""
_BY_A_SIGNAL = 128
"""Exit statuses above it name the signal."""
_PATIENCE = 30
"""Seconds for a command to end after it was asked to stop."""


READ_AHEAD = ("run", "--read-only")


@dataclass
class Work:
    """`command`: as people would type it; `lines`: its output so far; `step`: stage, steps done, steps in all;
    `status`: exit status, None while it runs; `ahead`: whether it only reads the files that a run would."""

    command: str
    ahead: bool = False
    lines: list[str] = field(default_factory=list)
    step: tuple[str, int, int] | None = None
    status: int | None = None
    passed: deque[tuple[float, int]] = field(default_factory=deque, repr=False)
    """(time, steps done) in this stage, of the last seconds."""

    @property
    def outcome(self) -> str:
        """How it ended, in a word; empty while it goes on."""
        words = {None: "", 0: "做完了", 1: "做完了，还有要处理的"}
        return words.get(self.status, "没有做完，中途被结束了" if self.ended else "没有做成")

    @property
    def ended(self) -> bool:
        """Whether it was ended from outside: by somebody, or by the system."""
        return self.status is not None and (self.status < 0 or self.status >= _BY_A_SIGNAL)

    @property
    def pace(self) -> str:
        """`读取 512 / 3000，每秒 35.2 个，约剩 1 分 11 秒`; without what cannot be told yet."""
        if self.step is None:
            return ""
        stage, done, total = self.step
        words = f"{stage} {done} / {total}" if total else stage
        (before, earlier_count), (after, later_count) = self.passed[0], self.passed[-1]
        if later_count <= earlier_count or after - before < 1 or not total:
            return words
        rate = (later_count - earlier_count) / (after - before)
        return f"{words}，每秒 {rate:.1f} 个" + (
            f"，约剩 {_time(math.ceil((total - done) / rate))}" if total > done else ""
        )

    def take(self, step: tuple[str, int, int]) -> None:
        """Records a reported step."""
        now = time.monotonic()
        if self.step is None or self.step[0] != step[0]:
            self.passed.clear()
        self.step = step
        self.passed.append((now, step[1]))
        while now - self.passed[0][0] > _LOOKED_BACK:
            self.passed.popleft()


class Workshop:
    """Runs one command at a time. If another program works on the round, the command itself reports that.

    `files`: the fates of the files that commands have read since the desk was opened, by their names.
    """

    def __init__(self, folder: Path) -> None:
        self._folder, self._lock = folder, threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._reading_asked = False
        self.work: Work | None = None
        self.files: dict[str, Fate] = {}

    @property
    def going(self) -> Work | None:
        """The running command."""
        return self.work if self.work is not None and self.work.status is None else None

    def begin(self, arguments: Sequence[str]) -> Work:
        """Starts `gouji` with these arguments on the round; reading ahead is stopped for it, and what was read is kept.
        Raises BusyError while another command runs, OSError."""
        if self.going is not None and self.going.ahead and self._process is not None:
            self.stop()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_PATIENCE)
        with self._lock:
            return self._begin(arguments)

    def read_ahead(self) -> None:
        """Reads the files that have come, at once or after the running command. Raises OSError."""
        with self._lock:
            if self.going is None:
                self._begin(READ_AHEAD)
            else:
                self._reading_asked = True

    def stop(self) -> None:
        """Asks the command to end, as Ctrl-C does: what it had begun is taken back."""
        process, self._reading_asked = self._process, False
        if process is not None and process.poll() is None:
            process.send_signal(signal.SIGINT if os.name == "posix" else signal.SIGTERM)

    def _begin(self, arguments: Sequence[str]) -> Work:
        if self.going is not None and (self._process is None or self._process.poll() is None):
            raise BusyError(f"“{self.going.command}”还没有做完，没有开始另一个。")
        call = [sys.executable, "-P", "-m", "gouji", *arguments, "--round", str(self._folder)]
        environment = os.environ | {"PYTHONUTF8": "1", TOLD: "1", "COLUMNS": "200"}
        self._process = subprocess.Popen(
            call, cwd=self._folder, env=environment, text=True, encoding="utf-8", errors="replace",
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        self.work = Work(f"gouji {' '.join(arguments)}", tuple(arguments) == READ_AHEAD)
        threading.Thread(target=self._listen, args=(self._process, self.work), daemon=True).start()
        return self.work

    def _listen(self, process: subprocess.Popen[str], work: Work) -> None:
        assert process.stdout is not None
        with process.stdout as output:
            for line in output:
                self._hear(work, line.rstrip("\n"))
        work.status = process.wait()
        with self._lock:
            if self._reading_asked and self.work is work:
                self._reading_asked = False
                self._begin(READ_AHEAD)

    def _hear(self, work: Work, line: str) -> None:
        if line.startswith(STEP):
            if (step := _step(line.removeprefix(STEP))) is not None:
                work.take(step)
        elif line.startswith(FILE):
            if (fate := _fate(line.removeprefix(FILE))) is not None:
                self.files[fate.name] = fate
        elif len(work.lines) < _MOST_LINES:
            work.lines.append(line[:_LONGEST])


def _fate(text: str) -> Fate | None:
    try:
        return Fate(**json.loads(text))
    except (ValueError, TypeError):
        return None


def _time(seconds: int) -> str:
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    parts = [(hours, "小时"), (minutes, "分"), (0 if hours else seconds, "秒")]
    return " ".join(f"{number} {word}" for number, word in parts if number) or "不到 1 秒"


def _step(text: str) -> tuple[str, int, int] | None:
    stage, done, total = [*text.split("\t"), "", ""][:3]
    return (stage, int(done), int(total)) if done.isdecimal() and total.isdecimal() else None
