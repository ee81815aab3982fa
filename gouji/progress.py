"""How far a run is: a line on a terminal, silence elsewhere."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeRemainingColumn
from rich.progress import Progress as RichProgress
from rich.progress import Task as RichTask
from rich.text import Text

if TYPE_CHECKING:
    from gouji.fates import Fate


class Progress(Protocol):
    """What a run tells while it is under way."""

    def begin(self, stage: str, total: int) -> None:
        """A stage of so many steps begins."""

    def advance(self, steps: int) -> None:
        """So many more steps of it are done."""

    def add_findings(self, findings: int) -> None:
        """So many more findings are known."""

    def add_files(self, fates: Callable[[], Iterable[Fate]]) -> None:
        """What became of more files; worked out only where it is told to somebody."""


class Silent:
    """Tells nobody."""

    def begin(self, stage: str, total: int) -> None:
        """Nothing."""

    def advance(self, steps: int) -> None:
        """Nothing."""

    def add_findings(self, findings: int) -> None:
        """Nothing."""

    def add_files(self, fates: Callable[[], Iterable[Fate]]) -> None:
        """Nothing."""


class _Rate(TextColumn):
    """Steps per second."""

    def __init__(self) -> None:
        super().__init__("")

    def render(self, task: RichTask) -> Text:
        """`35.2 个/秒`, blank before there is a rate."""
        return Text(f"{task.speed:.1f} 个/秒" if task.speed else "")


class Shown:
    """A bar: stage, steps done, rate, time left, findings so far."""

    def __init__(self, bar: RichProgress) -> None:
        self._bar = bar
        self._task: TaskID | None = None
        self._findings = 0

    def begin(self, stage: str, total: int) -> None:
        """The bar starts anew under the stage's name."""
        if self._task is not None:
            self._bar.remove_task(self._task)
        self._task = self._bar.add_task(stage, total=total, told="")
        self.add_findings(0)

    def advance(self, steps: int) -> None:
        """The bar moves."""
        if self._task is not None:
            self._bar.advance(self._task, steps)

    def add_findings(self, findings: int) -> None:
        """The count beside the bar grows."""
        self._findings += findings
        if self._task is not None and self._findings:
            self._bar.update(self._task, told=f"已发现问题 {self._findings} 条")

    def add_files(self, fates: Callable[[], Iterable[Fate]]) -> None:
        """Nothing: a bar has no room for them."""


STEP = "\x1e"
"""Begins a line that tells a step: stage, steps done, steps to be done, between tabs."""
FILE = "\x1f"
"""Begins a line that tells what became of a file: a `Fate` as JSON."""
TOLD = "GOUJI_STEPS"
"""Set by whoever reads such lines."""
_BETWEEN = 0.25
"""Seconds between two of them."""


class Told:
    """Lines for another program."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._stage, self._done, self._total, self._last = "", 0, 0, 0.0

    def begin(self, stage: str, total: int) -> None:
        """Told at once."""
        self._stage, self._done, self._total = stage, 0, total
        self._tell()

    def advance(self, steps: int) -> None:
        """Told now and then."""
        self._done += steps
        if time.monotonic() - self._last > _BETWEEN:
            self._tell()

    def add_findings(self, findings: int) -> None:
        """Nothing."""

    def add_files(self, fates: Callable[[], Iterable[Fate]]) -> None:
        """A line each."""
        for fate in fates():
            self._console.file.write(f"{FILE}{json.dumps(asdict(fate))}\n")
        self._console.file.flush()

    def _tell(self) -> None:
        self._last = time.monotonic()
        self._console.file.write(f"{STEP}{self._stage}\t{self._done}\t{self._total}\n")
        self._console.file.flush()


@contextmanager
def progress_bar(console: Console) -> Iterator[Progress]:
    """Shown on a terminal, told to a program that asks for it, otherwise silent."""
    if TOLD in os.environ:
        yield Told(console)
        return
    if not console.is_terminal:
        yield Silent()
        return
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), _Rate(), TextColumn("剩余"),
        TimeRemainingColumn(), TextColumn("{task.fields[told]}"),
    )  # fmt: skip
    with RichProgress(*columns, console=console, transient=True) as bar:
        yield Shown(bar)
